"""Reading the record: from any thread, beside the process that writes it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import apsw

from netmon.domain.intervals import instant
from netmon.domain.sightings import Stranger
from netmon.storage.connection import log_of, open_reader, origin_of
from netmon.storage.record_rows import (
    FILE,
    SPANS,
    SPANS_OF_CHECK,
    Key,
    LatestLook,
    Runs,
    latest_looks,
    spans,
)

_LAST_UP = (
    "SELECT start_s FROM run WHERE device_id = ?1 AND check_kind = ?2"
    " AND status = 'up' AND start_s <= ?3 ORDER BY start_s DESC LIMIT 1"
)


class RecordReader:
    """Reads the record from any thread; never writes, never checkpoints."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._local = threading.local()
        self._lock = threading.Lock()
        self._opened: list[apsw.Connection] = []
        self._watching = self._connect()

    def version(self) -> int:
        """Return a number that changes whenever the writer committed."""
        with self._lock:
            return int(self._watching.pragma("data_version"))

    def runs_between(self, start_s: int, end_s: int) -> Runs:
        """Return the runs that touch `[start_s, end_s)`."""
        sql = f"{SPANS_OF_CHECK} AND start_s < ? AND (end_s > ? OR end_s IS NULL) ORDER BY start_s"
        return self._runs(sql, end_s, start_s)

    def runs_since_last_up(self, since_s: int) -> Runs:
        """
        Return all runs from the last `up` at or before an instant, for each check.

        What was broken at that instant comes with its whole story, so an incident keeps
        its beginning however old it is; only tails are read.
        """
        sql = (
            f"{SPANS} WHERE device_id = ?1 AND check_kind = ?2"
            f" AND start_s >= ifnull(({_LAST_UP}), 0) ORDER BY start_s"
        )
        return self._runs(sql, since_s)

    def runs_of(self, device_id: str, since_s: int) -> Runs:
        """Return one device's runs that touch or follow an instant."""
        sql = f"{SPANS_OF_CHECK} AND (end_s > ? OR end_s IS NULL) ORDER BY start_s"
        return self._runs(sql, since_s, of=device_id)

    def latest(self) -> list[LatestLook]:
        """Return the newest look of each (device, check)."""
        return list(latest_looks(self._db))

    def strangers(self) -> list[Stranger]:
        """Return what sources see and the inventory lacks, by source and name."""
        sql = "SELECT source, name, mac, address, since_s FROM stranger ORDER BY source, name, mac"
        return [
            Stranger(source, name, mac or None, address or None, instant(since_s))
            for source, name, mac, address, since_s in self._db.execute(sql)
        ]

    def vitals(self) -> dict[str, float]:
        """Return how the collecting side does, by name; empty where it never said."""
        rows = self._db.execute("SELECT name, value FROM vital ORDER BY name")
        return {str(name): float(value or 0) for name, value in rows}

    def origin(self) -> str | None:
        """Return `real` or `demo`."""
        return origin_of(self._db)

    def size_bytes(self) -> int:
        """Return what the record takes on disk, its log included."""
        log = log_of(self._path)
        return self._path.stat().st_size + (log.stat().st_size if log.exists() else 0)

    def close(self) -> None:
        """Close every thread's connection; the reader must not be used afterwards."""
        for connection in self._opened:
            connection.close()

    @property
    def _db(self) -> apsw.Connection:
        if not hasattr(self._local, "db"):
            self._local.db = self._connect()
        connection: apsw.Connection = self._local.db
        return connection

    def _runs(self, sql: str, *bounds: int, of: str | None = None) -> Runs:
        """Ask for the runs of each check, all of them as of one moment."""
        with self._db as db:
            keys = list(_keys(db, of))
            found = {key: spans(db, sql, (*key, *bounds)) for key in keys}
        return {key: runs for key, runs in found.items() if runs}

    def _connect(self) -> apsw.Connection:
        connection = open_reader(self._path)
        self._opened.append(connection)
        return connection


def _keys(db: apsw.Connection, device_id: str | None) -> Iterator[Key]:
    # Whatever has a run has a latest look: both are written in one transaction.
    sql = "SELECT device_id, check_kind FROM latest WHERE ?1 IN (device_id, '*') ORDER BY 1, 2"
    yield from db.execute(sql, (device_id or "*",))
