"""One device as it is talked to: the fast engine first, the other for what that cannot read."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from collectors.observation import Outcome
from collectors.snmp.engine import Engine, Patience, Rows, SnmpFailure, TooBig
from collectors.snmp.failures import check_route
from collectors.snmp.gufo_engine import GufoEngine
from collectors.snmp.limits import Limits
from collectors.snmp.values import Value
from collectors.target import SnmpCredentials

T = TypeVar("T")

CANARY = "1.3.6.1.2.1.1.2.0"
"""
SNMPv2-MIB::sysObjectID, which every agent has. gufo-snmp gives the same nothing for "these
objects do not exist" and for the errors tooBig and genErr; with this among them it can be told.
"""


class Client:
    """
    An agent with its credentials; it learns how much that agent can be asked at once.

    Asked by one coroutine at a time.
    """

    __slots__ = ("_fast", "_is_heard", "_thorough", "_where", "limits")

    def __init__(self, address: str, port: int, credentials: SnmpCredentials) -> None:
        check_route(address, port)
        self._where = (address, port, credentials)
        self._fast = GufoEngine(address, port, credentials)
        self._thorough: Engine | None = None
        self._is_heard = False
        self.limits = Limits()

    def begin(self) -> None:
        """Forget that the agent was heard: what follows belongs to another look."""
        self._is_heard = False

    async def get(self, oids: Sequence[str], patience: Patience) -> dict[str, Value]:
        """Return the value of each instance; those that do not exist are absent."""
        found: dict[str, Value] = {}
        left = list(dict.fromkeys(oids))
        while left:
            batch, left = left[: self.limits.objects], left[self.limits.objects :]
            found |= await self._get(batch, patience)
        return found

    async def walk(
        self,
        root: str,
        patience: Patience,
        at_most: int | None = None,
        expected: Sequence[str] = (),
    ) -> Rows:
        """See `Engine.walk`."""
        while True:
            repetitions = min(self.limits.repetitions, at_most or self.limits.repetitions)
            try:
                return await self._fast.walk(root, repetitions, patience, at_most, expected)
            except TooBig as error:
                if repetitions == 1:
                    return await self._walk_otherwise(root, patience, at_most, error)
                self.limits.fewer_repetitions(repetitions // 2)
            except SnmpFailure as failure:
                if not (self._is_heard and repetitions > 1 and failure.outcome is Outcome.TIMEOUT):
                    raise
                # It was heard in this look: perhaps it drops what is too big. Time is short.
                patience = replace(patience, retries=0)
                self.limits.fewer_repetitions(repetitions // 4)

    def close(self) -> None:
        """Give the sockets back."""
        self._fast.close()
        if self._thorough is not None:
            self._thorough.close()

    async def _get(self, oids: list[str], patience: Patience) -> dict[str, Value]:
        """Ask for a batch, in halves where it was too much, and remember what was not."""
        found = await self._get_once(oids, patience)
        if found or len(oids) == 1:
            if CANARY not in oids:
                found.pop(CANARY, None)
            return found
        middle = (len(oids) + 1) // 2
        parts = [await self._get(half, patience) for half in (oids[:middle], oids[middle:])]
        if all(parts):
            self.limits.fewer_objects(middle)
        return parts[0] | parts[1]

    async def _get_once(self, oids: list[str], patience: Patience) -> dict[str, Value]:
        """Return what was answered; nothing at all where the agent or the engine refused."""
        asked = oids if CANARY in oids else [*oids, CANARY]
        try:
            found = await self._get_heard(asked, patience)
        except TooBig as error:
            return {} if len(oids) > 1 else await self._get_otherwise(oids, patience, error)
        self._is_heard = True
        return found

    async def _get_heard(self, oids: list[str], patience: Patience) -> dict[str, Value]:
        """
        Ask, and after silence ask for one object: some agents drop what is too big for them.

        That takes the place of the last repetition, so that a dead device costs no more time.
        """
        if len(oids) == 1 or not patience.retries:
            return await self._fast.get(oids, patience)
        once = replace(patience, retries=0)
        try:
            return await self._fast.get(oids, replace(patience, retries=patience.retries - 1))
        except SnmpFailure as failure:
            if failure.outcome is not Outcome.TIMEOUT:
                raise
        await self._fast.get([CANARY], once)
        try:
            return await self._fast.get(oids, once)  # a datagram may just have been lost
        except SnmpFailure as failure:
            if failure.outcome is Outcome.TIMEOUT:
                raise TooBig("silence") from failure
            raise

    async def _get_otherwise(
        self, oids: Sequence[str], patience: Patience, why: TooBig
    ) -> dict[str, Value]:
        return await self._ask_other(lambda other: other.get(oids, patience), why)

    async def _walk_otherwise(
        self, root: str, patience: Patience, at_most: int | None, why: TooBig
    ) -> Rows:
        return await self._ask_other(lambda other: other.walk(root, 1, patience, at_most), why)

    async def _ask_other(self, ask: Callable[[Engine], Coroutine[Any, Any, T]], why: TooBig) -> T:
        """Let pysnmp try; what it cannot read either is malformed."""
        try:
            return await ask(self._other())
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
