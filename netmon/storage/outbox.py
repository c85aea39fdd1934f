"""
The outbox in `record.db`: what is to be told, and what became of it on each channel.

What planning remembers and what it wants told are kept in one transaction: after a crash
at any point both are there, or neither. What was delivered just before a crash is delivered
again; nothing is lost.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import apsw

from netmon.storage.connection import open_reader, transaction
from netmon.storage.record_rows import FILE

LONGEST_WAIT_S = 86_400
"""How long a channel may ask to be left alone."""

FAILED_LATELY_S = 86_400
"""How long a failure is counted as one of now."""


class Fate(StrEnum):
    """What became of a message on one channel; `moot`: the end of what never got through."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be kept: `key` is the same from a problem to its end (`is_end`)."""

    key: str
    is_end: bool
    at_s: int
    channels: tuple[str, ...]
    document: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One message on one channel.

    `at_s` is when the message was planned, `tried_s` when it was last tried or settled, and
    `reason` what kept it from being delivered, empty where nothing did.
    """

    number: int
    channel: str
    key: str
    is_end: bool
    at_s: int
    document: str
    fate: Fate
    attempts: int
    next_s: int
    tried_s: int
    reason: str


Bounds = dict[str, str | int]

_DELIVERIES = (
    "SELECT number, channel, key, is_end, alert_message.at_s, document, state, attempts, next_s,"
    " alert_delivery.at_s, reason FROM alert_delivery JOIN alert_message ON message = number"
)
# One that waits for its next try holds back what comes after it, of the same key only.
_DUE = (
    f"{_DELIVERIES} WHERE channel = :channel AND state = 'waiting'"  # noqa: S608 - our own text
    # Tried in the future: the clock was set back since, and nobody knows how long to wait.
    " AND (next_s <= :now_s OR alert_delivery.at_s > :now_s)"
    " AND NOT EXISTS (SELECT 1 FROM alert_message AS earlier"
    "  JOIN alert_delivery AS before ON before.message = earlier.number"
    "  WHERE earlier.key = alert_message.key AND earlier.number < alert_message.number"
    "  AND before.channel = :channel AND before.state = 'waiting')"
    " ORDER BY number LIMIT 1"
)
_GOT_THROUGH = (
    "SELECT 1 FROM alert_delivery JOIN alert_message ON message = number"
    " WHERE key = ? AND channel = ? AND state = 'delivered' LIMIT 1"
)


class OutboxWriter:
    """
    Keeps what is to be told, from any thread.

    Parameters
    ----------
    db
        The record, as its one writer opened it.
    lock
        Held during each use; shared with all else that uses this connection.
    """

    def __init__(self, db: apsw.Connection, lock: threading.Lock) -> None:
        self._db, self._lock = db, lock

    def state(self) -> str | None:
        """Return what planning remembers, None before the first time."""
        with self._lock:
            return self._db.execute("SELECT document FROM alert_state").get  # type: ignore[no-any-return]

    def keep(self, state: str, messages: Sequence[Outgoing]) -> None:
        """Keep what planning remembers and what it wants told; when this returns it is safe."""
        with self._lock, transaction(self._db):
            self._db.execute("INSERT OR REPLACE INTO alert_state VALUES (1, ?)", (state,))
            for each in messages:
                self._add(each)

    def channels(self) -> list[str]:
        """Return the channels for which something waits."""
        sql = "SELECT DISTINCT channel FROM alert_delivery WHERE state = 'waiting' ORDER BY 1"
        with self._lock:
            return [str(channel) for (channel,) in self._db.execute(sql)]

    def due(self, channel: str, now_s: int) -> Delivery | None:
        """
        Return what a channel is to be given next, None where nothing is due.

        What belongs to one key comes in the order in which it was planned; the end of what never
        got through is settled here and not given.
        """
        bounds: Bounds = {"channel": channel, "now_s": now_s}
        with self._lock:
            while (found := next(_rows(self._db, _DUE, bounds), None)) is not None:
                if not found.is_end or self._got_through(found):
                    return found
                with transaction(self._db):
                    self._settle(found, Fate.MOOT, now_s, "")
        return None

    def delivered(self, each: Delivery, now_s: int) -> None:
        """Note that a channel took a message."""
        with self._lock, transaction(self._db):
            self._settle(each, Fate.DELIVERED, now_s, "")

    def failed(self, each: Delivery, now_s: int, reason: str) -> None:
        """Note that a channel will never take a message."""
        with self._lock, transaction(self._db):
            self._settle(each, Fate.FAILED, now_s, reason)

    def postponed(self, each: Delivery, now_s: int, wait_s: float, reason: str) -> None:
        """Note that a channel did not take a message, and leave it alone for a while."""
        next_s = now_s + round(min(wait_s, LONGEST_WAIT_S))
        with self._lock, transaction(self._db):
            self._db.execute(
                "UPDATE alert_delivery SET attempts = attempts + 1, next_s = ?, at_s = ?,"
                " reason = ? WHERE message = ? AND channel = ?",
                (next_s, now_s, reason, each.number, each.channel),
            )

    def counts(self, now_s: int) -> tuple[int, int]:
        """Return how many deliveries wait, and how many failed within a day."""
        with self._lock:
            return _counts(self._db, now_s)

    def oldest_waiting_s(self) -> int | None:
        """Return since when the oldest message waits for a channel, None where none does."""
        sql = (
            "SELECT min(alert_message.at_s) FROM alert_delivery JOIN alert_message"
            " ON message = number WHERE state = 'waiting'"
        )
        with self._lock:
            return self._db.execute(sql).get  # type: ignore[no-any-return]

    def _add(self, message: Outgoing) -> None:
        self._db.execute(
            "INSERT INTO alert_message (key, is_end, at_s, document) VALUES (?, ?, ?, ?)",
            (message.key, int(message.is_end), message.at_s, message.document),
        )
        number = self._db.last_insert_rowid()
        self._db.executemany(
            "INSERT INTO alert_delivery VALUES (?, ?, 'waiting', 0, 0, ?, '')",
            [(number, each, message.at_s) for each in message.channels],
        )

    def _got_through(self, each: Delivery) -> bool:
        return self._db.execute(_GOT_THROUGH, (each.key, each.channel)).get is not None

    def _settle(self, each: Delivery, fate: Fate, now_s: int, reason: str) -> None:
        self._db.execute(
            "UPDATE alert_delivery SET state = ?, attempts = attempts + ?, at_s = ?, reason = ?"
            " WHERE message = ? AND channel = ?",
            (fate.value, int(fate is not Fate.MOOT), now_s, reason, each.number, each.channel),
        )


class OutboxReader:
    """Reads the outbox beside its writer; one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._db = open_reader(folder / FILE)

    def state(self) -> str | None:
        """Return what planning remembers, None before the first time."""
        return self._db.execute("SELECT document FROM alert_state").get  # type: ignore[no-any-return]

    def deliveries(self, since_s: int) -> list[Delivery]:
        """Return what waits, and what was settled since an instant, oldest first."""
        sql = (
            f"{_DELIVERIES} WHERE state = 'waiting' OR alert_delivery.at_s >= :since_s"
            " ORDER BY number, channel"
        )
        return list(_rows(self._db, sql, {"since_s": since_s}))

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _rows(db: apsw.Connection, sql: str, bounds: Bounds) -> Iterator[Delivery]:
    for number, channel, key, is_end, at_s, document, state, *tried in db.execute(sql, bounds):
        fate = Fate(state)
        yield Delivery(number, channel, key, is_end == 1, at_s, document, fate, *tried)


def _counts(db: apsw.Connection, now_s: int) -> tuple[int, int]:
    sql = (
        "SELECT count(*) FILTER (WHERE state = 'waiting'),"
        " count(*) FILTER (WHERE state = 'failed' AND at_s >= ?) FROM alert_delivery"
    )
    waiting, failed = next(iter(db.execute(sql, (now_s - FAILED_LATELY_S,))))
    return waiting, failed
