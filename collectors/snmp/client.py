"""One device as it is talked to: the fast engine first, the other for what that cannot read."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from collectors.observation import Outcome
from collectors.snmp.engine import Engine, Patience, Rows, SnmpFailure, TooBig
from collectors.snmp.failures import check_route
from collectors.snmp.gufo_engine import GufoEngine
from collectors.snmp.values import Value
from collectors.target import SnmpCredentials

T = TypeVar("T")

MAX_REPETITIONS = 20
MAX_OBJECTS = 40
"""Objects in one GET: with its names and values it stays within one Ethernet frame."""

CANARY = "1.3.6.1.2.1.1.2.0"
"""
SNMPv2-MIB::sysObjectID, which every agent has. gufo-snmp gives the same nothing for "these
objects do not exist" and for the errors tooBig and genErr; with this among them it can be told.
"""


class Client:
    """
    An agent with its credentials; it learns how much that agent can be asked at once.

    Not safe for two threads at the same time.
    """

    def __init__(self, address: str, port: int, credentials: SnmpCredentials) -> None:
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
            batch, left = left[: self.max_objects], left[self.max_objects :]
            found |= self._get(batch, patience)
        return found

    def _get(self, oids: list[str], patience: Patience) -> dict[str, Value]:
        """Ask for a batch, in halves where it was too much, and remember what was not."""
        found = self._get_once(oids, patience)
        if found or len(oids) == 1:
            return {oid: value for oid, value in found.items() if oid in oids}
        middle = (len(oids) + 1) // 2
        parts = [self._get(half, patience) for half in (oids[:middle], oids[middle:])]
        if all(parts):
            self.max_objects = min(self.max_objects, middle)
        return parts[0] | parts[1]

    def _get_once(self, oids: list[str], patience: Patience) -> dict[str, Value]:
        """Return what was answered; nothing at all where the agent or the engine refused."""
        try:
            return self._fast.get([*oids, CANARY], patience)
        except TooBig as error:
            return {} if len(oids) > 1 else self._get_otherwise(oids, patience, error)

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
            # Imported here: it takes 0.2 s and 17 MB, and few devices ever need it.
            from collectors.snmp.pysnmp_engine import PysnmpEngine  # noqa: PLC0415 - see above

            self._thorough = PysnmpEngine(*self._where)
        return self._thorough
