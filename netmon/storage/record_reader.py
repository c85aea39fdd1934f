"""Reading the record: from any thread, beside the process that writes it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import apsw

from netmon.domain.intervals import Span, instant
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

NO_OTHERS: Mapping[str, int] = {}

_Question = tuple[str, tuple[str | int, ...]]
"""SQL for the runs of one check, and its parameters."""

_SINCE = f"{SPANS_OF_CHECK} AND (end_s > ? OR end_s IS NULL) ORDER BY start_s"
_BETWEEN = f"{SPANS_OF_CHECK} AND start_s < ? AND (end_s > ? OR end_s IS NULL) ORDER BY start_s"
_IN_TAIL = (
    "device_id = ?1 AND check_kind = ?2 AND start_s >= ifnull(("
    "SELECT start_s FROM run WHERE device_id = ?1 AND check_kind = ?2"
    " AND status = 'up' AND start_s <= ?3 ORDER BY start_s DESC LIMIT 1), 0)"
)
_SINCE_LAST_UP = f"{SPANS} WHERE {_IN_TAIL} ORDER BY start_s"
_FIRST_BROKEN = (
    f"SELECT start_s FROM run WHERE {_IN_TAIL} AND status <> 'up' ORDER BY start_s LIMIT 1"  # noqa: S608 - our own words
)

_CHANGES = "SELECT ifnull(sum(times), 0) FROM changed WHERE day <= ? / 86400"
_UNSETTLED = (
    "SELECT device_id, check_kind, at_s, recent FROM latest"
    " WHERE at_s < ?1 OR recent ->> '$[0][0]' < ?1 ORDER BY 1, 2"
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
        return self._gathered(lambda key: (_BETWEEN, (*key, end_s, start_s)))

    def runs_since_last_up(self, since_s: int, begins: Mapping[str, int] = NO_OTHERS) -> Runs:
        """
        Return all runs from the last `up` at or before an instant, for each check.

        What was broken at that instant comes with its whole story, so an incident keeps
        its beginning however old it is; only tails are read. Devices in `begins` come with
        all runs that touch or follow the instant (s) given there instead.
        """
        return self._gathered(
            lambda key: (
                (_SINCE, (*key, begins[key[0]]))
                if key[0] in begins
                else (_SINCE_LAST_UP, (*key, since_s))
            )
        )

    def broken_since(self, since_s: int) -> dict[str, int]:
        """Return when each device began its first run that is not `up`, of those tails."""
        found: dict[str, int] = {}
        with self._db as db:
            for key in list(_keys(db)):
                broken_s = db.execute(_FIRST_BROKEN, (*key, since_s)).get
                if broken_s is not None:
                    found[key[0]] = min(broken_s, found.get(key[0], broken_s))
        return found

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Let this thread read the record as of one moment, whatever is written meanwhile."""
        with self._db:
            yield

    def began_s(self) -> int | None:
        """Return the first instant of which anything is recorded, None for an empty record."""
        first = self._db.execute("SELECT min(start_s) FROM run").get
        return None if first is None else int(first)

    def standing(self, key: Key) -> tuple[Span, int] | None:
        """Return the open run of one check and the second of its newest look, None for none."""
        seen = "SELECT at_s FROM latest WHERE device_id = ? AND check_kind = ?"
        with self._db as db:
            found = spans(db, f"{SPANS_OF_CHECK} AND end_s IS NULL", key)
            seen_s = db.execute(seen, key).get
        return (found[0], int(seen_s)) if found else None

    def runs_of_check(self, key: Key, since_s: int) -> list[Span]:
        """Return the runs of one check that touch or follow an instant."""
        return spans(self._db, _SINCE, (*key, since_s))

    def past(self, until_s: int) -> object:
        """
        Return what differs once anything differs that was recorded of the time before an instant.

        That are runs, how far the newest looks prove those that are open, and the looks that
        speak against them. Costs a fraction of a millisecond.
        """
        with self.at_one_moment():
            changes = self._db.execute(_CHANGES, (until_s - 1,)).get
            return changes, tuple(self._db.execute(_UNSETTLED, (until_s,)))

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

    def _gathered(self, asked: Callable[[Key], _Question]) -> Runs:
        """Ask for the runs of each check, all of them as of one moment."""
        with self._db as db:
            found = {key: spans(db, *asked(key)) for key in list(_keys(db))}
        return {key: runs for key, runs in found.items() if runs}

    def _connect(self) -> apsw.Connection:
        connection = open_reader(self._path)
        self._opened.append(connection)
        return connection


def _keys(db: apsw.Connection) -> Iterator[Key]:
    # Whatever has a run has a latest look: both are written in one transaction.
    yield from db.execute("SELECT device_id, check_kind FROM latest ORDER BY 1, 2")
