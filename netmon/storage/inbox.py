"""The inbox of heartbeats in `desk.db`: written by the web side, read by the collecting one."""

import json
import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import apsw
from pydantic import TypeAdapter

from collectors.inbox import Beat, Listening
from netmon.domain.heartbeat import KEPT_S, NONCE_KEPT_S, Heartbeat, meaning, measurements
from netmon.domain.intervals import instant
from netmon.storage.connection import UNWRITABLE, open_reader, transaction

logger = logging.getLogger(__name__)

FILE = "desk.db"

HEARTBEAT = TypeAdapter(Heartbeat)
"""Reads a body from JSON, strictly, and writes it."""

BREAK_S = 60
"""Who left no mark for so long did not listen all the while, whatever the reason."""

SET_BACK_S = 60
"""A newest beat so far in the future is of a clock that was set back since."""

_SWEEP_S = 3600

_WAIT_S = 2.0
"""For another beat that is being written: whoever waits holds a thread of the public pages."""


class NotKeptError(Exception):
    """The store cannot be written now: the disk is full, or somebody holds the file."""


class Receipt(StrEnum):
    """What became of a genuine heartbeat."""

    NEW = "new"
    AGAIN = "again"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A genuine heartbeat of a device, the nonce that it used, and when it came."""

    device_id: str
    nonce: str
    received_s: int
    beat: Heartbeat


class InboxWriter:
    """
    Keeps heartbeats, from any thread.

    Parameters
    ----------
    db
        The desk, as its one writer opened it.
    lock
        Held during each transaction; shared with all else that writes by this connection.
    """

    def __init__(self, db: apsw.Connection, lock: threading.Lock) -> None:
        self._db, self._lock = db, lock
        self._is_failing, self._swept = False, 0

    def keep(self, arrival: Arrival) -> Receipt:
        """
        Keep a heartbeat, safely when this returns; once only, however often it is sent.

        Raises `NotKeptError` where it could not be kept: its sender has to send it again.
        """
        with self._written():
            self._forget(arrival.device_id, arrival.received_s)
            if not self._use_nonce(arrival):
                return Receipt.REPLAYED
            is_new = self._note_instant(arrival)
            self._replace_newest(arrival)
        return Receipt.NEW if is_new else Receipt.AGAIN

    def forget_others(self, device_ids: Iterable[str]) -> None:
        """Forget the last beats of devices that are no more; another time, if not now."""
        known = json.dumps(sorted(device_ids))
        sql = "DELETE FROM heartbeat WHERE device_id NOT IN (SELECT value FROM json_each(?))"
        with suppress(NotKeptError), self._written():
            self._db.execute(sql, (known,))

    def begin_listening(self, now_s: int) -> None:
        """Note that the receiver begins: what was silent before is no one's fault."""
        self._mark(now_s, is_new=True)

    def still_listening(self, now_s: int) -> None:
        """
        Note that the receiver listens without a break; to be called every few seconds.

        Where it could not write, or left no mark for `BREAK_S` (a machine that was put to
        sleep, a clock that was set), it listens since now: beats were lost meanwhile.
        """
        self._mark(now_s, is_new=self._is_failing)

    def _mark(self, now_s: int, *, is_new: bool) -> None:
        try:
            with self._written():
                self._forget_all(now_s)
                self._db.execute(
                    "INSERT INTO heartbeat_receiver VALUES (1, ?1, ?1) ON CONFLICT DO UPDATE SET"
                    " since_s = iif(?2 OR abs(?1 - until_s) > ?3, ?1, since_s),"
                    " until_s = ?1",
                    (now_s, is_new, BREAK_S),
                )
        except NotKeptError:
            return  # told already; who reads finds no fresh mark, and blames nobody
        self._is_failing = False

    def _forget_all(self, now_s: int) -> None:
        """Forget once an hour what is over, also of devices from which nothing comes any more."""
        if now_s // _SWEEP_S != self._swept:
            self._db.execute("DELETE FROM heartbeat_nonce WHERE until_s < ?", (now_s,))
            over_s = now_s - KEPT_S - NONCE_KEPT_S
            self._db.execute("DELETE FROM heartbeat_instant WHERE at_s < ?", (over_s,))
            self._swept = now_s // _SWEEP_S

    @contextmanager
    def _written(self) -> Iterator[None]:
        """Run a block in one transaction; raises `NotKeptError`, and tells the first time."""
        try:
            with self._turn(), transaction(self._db):
                yield
        except UNWRITABLE as error:
            if not self._is_failing:
                logger.error("inbox: cannot write, heartbeats are sent again: %s", error)  # noqa: TRY400 - no trace: the disk is full, not the code wrong
            self._is_failing = True
            raise NotKeptError(str(error)) from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=_WAIT_S):
            raise apsw.BusyError("another write takes too long")
        try:
            yield
        finally:
            self._lock.release()

    def _forget(self, device_id: str, now_s: int) -> None:
        self._db.execute("DELETE FROM heartbeat_nonce WHERE until_s < ?", (now_s,))
        self._db.execute(
            "DELETE FROM heartbeat_instant WHERE device_id = ? AND at_s < ?",
            (device_id, now_s - KEPT_S - NONCE_KEPT_S),
        )

    def _use_nonce(self, arrival: Arrival) -> bool:
        row = (arrival.device_id, arrival.nonce, arrival.received_s + NONCE_KEPT_S)
        self._db.execute("INSERT OR IGNORE INTO heartbeat_nonce VALUES (?, ?, ?)", row)
        return self._db.changes() == 1

    def _note_instant(self, arrival: Arrival) -> bool:
        row = (arrival.device_id, arrival.beat.at_s)
        self._db.execute("INSERT OR IGNORE INTO heartbeat_instant VALUES (?, ?)", row)
        return self._db.changes() == 1

    def _replace_newest(self, arrival: Arrival) -> None:
        # A clock that runs ahead must neither date an observation in the future nor hide the
        # beats that come once it is put right.
        at_s = min(arrival.beat.at_s, arrival.received_s)
        document = HEARTBEAT.dump_json(arrival.beat).decode()
        self._db.execute(
            "INSERT INTO heartbeat VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " at_s = excluded.at_s, received_s = excluded.received_s, document = excluded.document"
            # What waited in an agent's buffer may come after what did not; but what our own clock
            # dated in the future, before it was set back, would hide all that comes until then.
            " WHERE excluded.at_s > heartbeat.at_s OR heartbeat.at_s > excluded.received_s + ?",
            (arrival.device_id, at_s, arrival.received_s, document, SET_BACK_S),
        )


class InboxReader:
    """Reads the inbox from any thread, one question at a time; a `collectors.inbox.Source`."""

    def __init__(self, folder: Path) -> None:
        self._db = open_reader(folder / FILE)
        self._lock = threading.Lock()

    def newest(self, device_id: str) -> Beat | None:
        """Return the newest heartbeat of a device, None where none ever came."""
        sql = "SELECT at_s, document FROM heartbeat WHERE device_id = ?"
        with self._lock:
            row = self._db.execute(sql, (device_id,)).fetchone()
        if row is None:
            return None
        beat = HEARTBEAT.validate_json(row[1])
        outcome, detail = meaning(beat)
        return Beat(instant(row[0]), beat.interval_s, outcome, measurements(beat), detail)

    def instants(self, device_id: str) -> list[int]:
        """Return when the beats of the last day were taken, in epoch seconds, oldest first."""
        sql = "SELECT at_s FROM heartbeat_instant WHERE device_id = ? ORDER BY at_s"
        with self._lock:
            return [at_s for (at_s,) in self._db.execute(sql, (device_id,))]

    def listening(self) -> Listening | None:
        """Return when the receiver last listened, None where it never did."""
        with self._lock:
            row = self._db.execute("SELECT since_s, until_s FROM heartbeat_receiver").fetchone()
        return row and Listening(instant(row[0]), instant(row[1]))

    def close(self) -> None:
        """Close the file."""
        self._db.close()
