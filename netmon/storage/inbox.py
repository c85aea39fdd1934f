"""The inbox of heartbeats in `desk.db`: written by the web side, read by the collecting one."""

import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import apsw
from pydantic import TypeAdapter

from collectors.inbox import Beat, Listening
from netmon.domain.heartbeat import KEPT_S, NONCE_KEPT_S, Heartbeat, meaning, measurements
from netmon.domain.intervals import instant
from netmon.storage.connection import open_reader, transaction

FILE = "desk.db"

HEARTBEAT = TypeAdapter(Heartbeat)
"""Reads a body from JSON, strictly, and writes it."""


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

    def keep(self, arrival: Arrival) -> Receipt:
        """Keep a heartbeat, safely when this returns; once only, however often it is sent."""
        with self._lock, transaction(self._db):
            self._forget(arrival.device_id, arrival.received_s)
            if not self._use_nonce(arrival):
                return Receipt.REPLAYED
            is_new = self._note_instant(arrival)
            self._replace_newest(arrival)
        return Receipt.NEW if is_new else Receipt.AGAIN

    def begin_listening(self, now_s: int) -> None:
        """Note that the receiver begins: what was silent before is no one's fault."""
        with self._lock, transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO heartbeat_receiver VALUES (1, ?, ?)", (now_s, now_s)
            )

    def still_listening(self, now_s: int) -> None:
        """Note that the receiver listens without a break; to be called every few seconds."""
        with self._lock, transaction(self._db):
            self._db.execute("UPDATE heartbeat_receiver SET until_s = ?", (now_s,))

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
            # What waited in an agent's buffer may come after what did not.
            " WHERE excluded.at_s > heartbeat.at_s",
            (arrival.device_id, at_s, arrival.received_s, document),
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
