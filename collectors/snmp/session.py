"""Devices that are asked again and again: a session each, kept while there is room."""

import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from collectors.loop import Signal, shared
from collectors.observation import Outcome, Sighting
from collectors.snmp.assemble import assemble
from collectors.snmp.client import Client
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.library import Choice, Library
from collectors.snmp.measurements import measurements
from collectors.snmp.reading import Reading
from collectors.snmp.resolve import is_address, resolve_in_loop
from collectors.snmp.shortcut import Numbers, Shortcut, learn
from collectors.snmp.sightings import sightings
from collectors.snmp.snapshot import Snapshot
from collectors.snmp.survey import Known, poll, survey
from collectors.target import Community, Credentials, Target, UsmUser

MAX_SESSIONS = 16_384
"""Each holds a file descriptor and what a survey found, some 20 kB."""

_CLOSE_WITHIN_S = 5.0

Key = tuple[str, int, Credentials]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found: of the device itself, and what it says of others, and if of all."""

    measurements: Numbers
    sightings: tuple[Sighting, ...] = ()
    lists_all: bool = False


@dataclass(slots=True)
class Session:
    """What is kept of one device between two polls."""

    is_busy: bool = False
    is_retired: bool = False
    waiting: deque[Signal] = field(default_factory=deque)
    client: Client | None = None
    known: Known | None = None
    shortcut: Shortcut | None = None
    in_full: int = 0

    async def read(self, target: Target, library: Library, patience: Patience) -> Reading:
        """Poll the device, with a survey where none holds; raises `SnmpFailure`."""
        return assemble(*await self._raw(target, library, patience))

    async def look(self, target: Target, library: Library, patience: Patience) -> Seen:
        """Do the same for what is measured, in short where that is known to be enough."""
        choice, snapshot = await self._raw(target, library, patience)
        short = self.shortcut and self.shortcut.take(snapshot)
        if short:
            return Seen(short)
        reading = assemble(choice, snapshot)
        found = measurements(reading)
        self.shortcut = self._learnt(choice, snapshot, reading, found)
        return Seen(found, sightings(reading), reading.lists_access_points)

    def _learnt(
        self, choice: Choice, snapshot: Snapshot, reading: Reading, found: Numbers
    ) -> Shortcut | None:
        """Learn a shortcut, unless one just failed: then what moves will move again."""
        self.in_full += 1
        if self.in_full & (self.in_full - 1):
            return None
        return learn(choice, snapshot, reading, found)

    async def _raw(
        self, target: Target, library: Library, patience: Patience
    ) -> tuple[Choice, Snapshot]:
        try:
            return await self._read(await self._open(target, patience), library, patience)
        except SnmpFailure as failure:
            if failure.outcome is Outcome.TIMEOUT and is_address(target.host):
                raise  # what is known of it, and how it likes to be asked, may hold when it is back
            self.close()
            if failure.outcome is not Outcome.AUTH or not isinstance(target.credentials, UsmUser):
                raise
        # A restarted agent refuses the old engine time once (RFC 3414 §3.2): learn it anew.
        try:
            return await self._read(await self._open(target, patience), library, patience)
        except SnmpFailure:
            self.close()
            raise

    def close(self) -> None:
        """Forget the device and give its sockets back."""
        if self.client is not None:
            self.client.close()
        self.client = self.known = self.shortcut = None

    async def _open(self, target: Target, patience: Patience) -> Client:
        if not isinstance(target.credentials, Community | UsmUser):
            raise SnmpFailure(Outcome.AUTH, "no SNMP credential is configured")
        if self.client is None:
            address = await resolve_in_loop(target.host, target.port, patience)
            self.client = Client(address, target.port, target.credentials)
        self.client.begin()
        return self.client

    async def _read(
        self, client: Client, library: Library, patience: Patience
    ) -> tuple[Choice, Snapshot]:
        if self.known is not None and self.known.still_holds(time.monotonic()):
            snapshot = await poll(client, self.known, patience)
            if snapshot is not None:
                client.limits.went_well()
                return self.known.choice, snapshot
        self.known = self.shortcut = None
        self.in_full = 0
        found = await survey(client, library, patience)
        self.known = found.without_numbers()
        return found.choice, found.snapshot


class Sessions:
    """
    The sessions of all devices, the least recently used ones given up first.

    Used in the loop's thread; two coroutines that ask one device wait for each other.
    """

    def __init__(self, room: int = MAX_SESSIONS) -> None:
        self._room = room
        self._sessions: OrderedDict[Key, Session] = OrderedDict()

    @asynccontextmanager
    async def of(self, target: Target, until: float) -> AsyncIterator[Session]:
        """Hand out a device's session; raises `SnmpFailure` if it is busy beyond `until`."""
        key = _key(target)
        session = self._find(key)
        if session.is_busy:
            await _wait(session, until)
        session.is_busy = True
        try:
            yield session
        finally:
            _release(session)
            # Who waited had its turn at once, and may be through with it.
            if session.is_retired and not session.is_busy and key in self._sessions:
                self._forget(key)

    def retain(self, targets: Iterable[Target]) -> None:
        """Forget all others, those that are asked now as soon as they are not; from any thread."""
        wanted = {_key(target) for target in targets}
        shared().call(lambda: self._retain(wanted))

    def close(self) -> None:
        """
        Forget every device that nobody is asking now; from any thread but the loop's.

        Where the loop is stuck, their sockets are left to the end of the process.
        """
        with suppress(TimeoutError):
            shared().ask(self._close(), _CLOSE_WITHIN_S)

    async def _close(self) -> None:
        self._make_room(0)

    def _retain(self, wanted: set[Key]) -> None:
        for key, session in list(self._sessions.items()):
            session.is_retired = key not in wanted
            if session.is_retired and not session.is_busy:
                self._forget(key)

    def _forget(self, key: Key) -> None:
        self._sessions.pop(key).close()

    def __len__(self) -> int:
        return len(self._sessions)

    def _find(self, key: Key) -> Session:
        session = self._sessions.get(key)
        if session is None:
            self._make_room(self._room - 1)
            session = self._sessions[key] = Session()
        self._sessions.move_to_end(key)
        return session

    def _make_room(self, at_most: int) -> None:
        if len(self._sessions) <= at_most:
            return
        idle = [key for key, session in self._sessions.items() if not session.is_busy]
        for key in idle[: len(self._sessions) - at_most]:
            self._forget(key)


def _key(target: Target) -> Key:
    return target.host, target.port, target.credentials or UsmUser("")


async def _wait(session: Session, until: float) -> None:
    """Wait for a turn; whoever has it hands it on, so that nobody can step in between."""
    turn = Signal(shared())
    session.waiting.append(turn)
    if not await turn.wait(until):
        session.waiting.remove(turn)
        raise SnmpFailure(Outcome.TIMEOUT, "the device is still being asked")


def _release(session: Session) -> None:
    session.is_busy = False
    if session.waiting:
        session.waiting.popleft().happen()  # it goes on at once, before anybody else can ask
