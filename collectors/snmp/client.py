"""One device as it is talked to: the fast engine first, the other for what that cannot read."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from collectors.observation import Outcome
from collectors.snmp.engine import Engine, Patience, Rows, SnmpFailure, TooBig
from collectors.snmp.failures import check_route
from collectors.snmp.gufo_engine import GufoEngine
from collectors.snmp.values import Value
from collectors.target import Credentials

T = TypeVar("T")

MAX_REPETITIONS = 20
MAX_OBJECTS = 40
"""Objects in one GET: with its names and values it stays within one Ethernet frame."""


class Client:
    """
    An agent with its credentials; it learns how much that agent can be asked at once.

    Not safe for two threads at the same time.
    """

    def __init__(self, address: str, port: int, credentials: Credentials) -> None:
        check_route(address, port)
        self._where = (address, port, credentials)
        self._fast = GufoEngine(address, port, credentials)
        self._thorough: Engine | None = None
        self.max_repetitions = MAX_REPETITIONS
        self.max_objects = MAX_OBJECTS

    def get(self, oids: Sequence[str], patience: Patience) -> dict[str, Value]:
        """Return the value of each instance; those that do not exist are absent."""
        found: dict[str, Value] = {}
        left = list(dict.fromkeys(oids))
        while left:
            batch = left[: self.max_objects]
            try:
                found |= self._fast.get(batch, patience)
            except TooBig as error:
                if self.max_objects > 1 and len(batch) > 1:
                    self.max_objects = max(len(batch) // 2, 1)
                    continue
                found |= self._get_otherwise(batch, patience, error)
            left = left[len(batch) :]
        return found

    def walk(self, root: str, patience: Patience, at_most: int | None = None) -> Rows:
        """Return the instances below `root` in ascending order, the first `at_most` if given."""
        while True:
            repetitions = min(self.max_repetitions, at_most or self.max_repetitions)
            try:
                return self._fast.walk(root, repetitions, patience, at_most)
            except TooBig as error:
                if repetitions == 1:
                    return self._walk_otherwise(root, patience, at_most, error)
                self.max_repetitions = repetitions // 2

    def close(self) -> None:
        """Give the sockets back."""
        self._fast.close()
        if self._thorough is not None:
            self._thorough.close()

    def _get_otherwise(
        self, oids: Sequence[str], patience: Patience, why: TooBig
    ) -> dict[str, Value]:
        return self._ask_other(lambda other: other.get(oids, patience), why)

    def _walk_otherwise(
        self, root: str, patience: Patience, at_most: int | None, why: TooBig
    ) -> Rows:
        return self._ask_other(lambda other: other.walk(root, 1, patience, at_most), why)

    def _ask_other(self, ask: Callable[[Engine], T], why: TooBig) -> T:
        """Let pysnmp try; what it cannot read either is malformed."""
        try:
            return ask(self._other())
        except TooBig as error:
            raise SnmpFailure(Outcome.MALFORMED, f"unreadable reply: {error}") from why
        except SnmpFailure as error:
            if error.outcome is Outcome.TIMEOUT:
                raise SnmpFailure(Outcome.MALFORMED, f"unreadable reply: {why}") from why
            raise

    def _other(self) -> Engine:
        if self._thorough is None:
            # Imported here: it takes 0.3 s and 30 MB, and few devices ever need it.
            from collectors.snmp.pysnmp_engine import PysnmpEngine  # noqa: PLC0415 - see above

            self._thorough = PysnmpEngine(*self._where)
        return self._thorough
