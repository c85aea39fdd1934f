"""How asking over TCP, TLS or HTTP fails: an outcome, and one clean line for people."""

import os

from collectors.observation import Outcome
from collectors.snmp.failures import from_errno
from collectors.snmp.values import text

_WORDS = {
    Outcome.REFUSED: "nothing listens on that port",
    Outcome.NO_ROUTE: "no route to the address",
}


class WebFailure(Exception):  # noqa: N818 - an expected outcome, not an error of ours
    """Nothing was learnt: `outcome` is for the judge, `detail` one clean line for people."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = text(detail) or ""


def out_of_time() -> WebFailure:
    """Return the failure of whatever does not end by its deadline."""
    return WebFailure(Outcome.TIMEOUT, "no whole answer in time")


def from_os(error: OSError) -> WebFailure:
    """Return the failure that an error of a TCP socket stands for."""
    if isinstance(error, ConnectionError) and not isinstance(error, ConnectionRefusedError):
        return WebFailure(Outcome.MALFORMED, "the connection was closed in the middle")
    outcome = from_errno(error.errno).outcome
    if outcome is Outcome.TIMEOUT:
        return out_of_time()
    return WebFailure(outcome, _WORDS.get(outcome) or os.strerror(error.errno or 0))
