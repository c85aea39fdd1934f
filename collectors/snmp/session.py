"""Devices that are asked again and again: a session each, kept while there is room."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from collectors.observation import Outcome
from collectors.snmp.assemble import assemble
from collectors.snmp.client import Client
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.library import Library
from collectors.snmp.reading import Reading
from collectors.snmp.resolve import resolve
from collectors.snmp.survey import Known, poll, survey
from collectors.target import Community, Credentials, Target, UsmUser

MAX_SESSIONS = 1024
"""Each holds two file descriptors and what a survey found, some 40 kB."""

Key = tuple[str, int, Credentials]


@dataclass(slots=True)
class Session:
    """What is kept of one device between two polls."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    client: Client | None = None
    known: Known | None = None

    def read(self, target: Target, library: Library, patience: Patience) -> Reading:
        """Poll the device, with a survey where none holds; raises `SnmpFailure`."""
        try:
            return self._read(self._open(target, patience), library, patience)
        except SnmpFailure as failure:
            self.close()
            if failure.outcome is not Outcome.AUTH or not isinstance(target.credentials, UsmUser):
                raise
        # A restarted agent refuses the old engine time once (RFC 3414 §3.2): learn it anew.
        try:
            return self._read(self._open(target, patience), library, patience)
        except SnmpFailure:
            self.close()
            raise

    def close(self) -> None:
        """Forget the device and give its sockets back."""
        if self.client is not None:
            self.client.close()
        self.client = self.known = None

    def _open(self, target: Target, patience: Patience) -> Client:
        if not isinstance(target.credentials, Community | UsmUser):
            raise SnmpFailure(Outcome.AUTH, "no SNMP credential is configured")
        if self.client is None:
            address = resolve(target.host, target.port, patience)
            self.client = Client(address, target.port, target.credentials)
        return self.client

    def _read(self, client: Client, library: Library, patience: Patience) -> Reading:
        if self.known is not None and self.known.still_holds(time.monotonic()):
            snapshot = poll(client, self.known, patience)
            if snapshot is not None:
                return assemble(self.known.choice, snapshot)
        self.known = None
        self.known = survey(client, library, patience)
        return assemble(self.known.choice, self.known.snapshot)


class Sessions:
    """
    The sessions of all devices, the least recently used ones given up first.

    Safe for many threads; two that ask one device wait for each other.
    """

    def __init__(self, room: int = MAX_SESSIONS) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._sessions: OrderedDict[Key, Session] = OrderedDict()

    @contextmanager
    def of(self, target: Target, until: float) -> Iterator[Session]:
        """Hand out a device's session; raises `SnmpFailure` if it is busy beyond `until`."""
        session = self._find(target)
        if not session.lock.acquire(timeout=max(until - time.monotonic(), 0)):
            raise SnmpFailure(Outcome.TIMEOUT, "the device is still being asked")
        try:
            yield session
        finally:
            session.lock.release()

    def close(self) -> None:
        """Forget every device that nobody is asking now."""
        with self._lock:
            for key, session in list(self._sessions.items()):
                if session.lock.acquire(blocking=False):
                    self._sessions.pop(key).close()
                    session.lock.release()

    def __len__(self) -> int:
        return len(self._sessions)

    def _find(self, target: Target) -> Session:
        key = (target.host, target.port, target.credentials or UsmUser(""))
        with self._lock:
            session = self._sessions.setdefault(key, Session())
            self._sessions.move_to_end(key)
            self._make_room(key)
            return session

    def _make_room(self, newest: Key) -> None:
        for key in list(self._sessions)[: max(len(self._sessions) - self._room, 0)]:
            old = self._sessions[key]
            if key != newest and old.lock.acquire(blocking=False):
                self._sessions.pop(key).close()
                old.lock.release()
