"""Ask one device once, for everything."""

import time

from collectors.loop import shared
from collectors.observation import Outcome
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.library import bundled
from collectors.snmp.reading import Reading
from collectors.snmp.session import Session
from collectors.target import Target


class ProbeError(Exception):
    """The device gave no reading: `outcome` for programs, `detail` one line for people."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def probe(
    target: Target, deadline_s: float = 10.0, timeout_s: float = 2.0, retries: int = 1
) -> Reading:
    """
    Return everything that the device says of itself.

    Parameters
    ----------
    target
        The device; its credentials must not be None.
    deadline_s
        Seconds within which the whole ends, answered or not.
    timeout_s
        Seconds to wait for one reply.
    retries
        How often a request without reply is sent again.

    Raises
    ------
    ProbeError
        If the device gave no reading.
    """
    patience = Patience(timeout_s, retries, time.monotonic() + deadline_s)
    try:
        return shared().ask(_read_once(target, patience))
    except SnmpFailure as failure:
        where = f"{target.host}:{target.port}"
        raise ProbeError(failure.outcome, f"{where}: {failure.detail}") from failure


async def _read_once(target: Target, patience: Patience) -> Reading:
    session = Session()
    try:
        return await session.read(target, bundled(), patience)
    finally:
        session.close()
