"""Reading the record: from any thread, beside the process that writes it."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from netmon.domain.intervals import Span, instant
from netmon.domain.sightings import Stranger
from netmon.storage.connection import log_of, open_reader, origin_of
from netmon.storage.record_rows import (
    FILE,
    OPEN_S,
    SPANS,
    SPANS_OF_CHECK,
    Key,
    LatestLook,
    Runs,
    latest_looks,
    spans,
)

NO_OTHERS: Mapping[str, int] = {}
NO_NAMES: Mapping[str, str] = {}

_Question = tuple[str, tuple[str | int, ...]]
"""SQL for the runs of one check, and its parameters."""

_SINCE = f"{SPANS_OF_CHECK} AND (end_s > ? OR end_s IS NULL) ORDER BY start_s"
_BETWEEN = f"{SPANS_OF_CHECK} AND start_s < ? AND (end_s > ? OR end_s IS NULL) ORDER BY start_s"
_SINCE_LAST_UP = (
    f"{SPANS} WHERE device_id = ?1 AND check_kind = ?2 AND start_s < ?4 AND start_s >= ifnull(("  # noqa: S608 - our own words
    "SELECT start_s FROM run WHERE device_id = ?1 AND check_kind = ?2"
    " AND status = 'up' AND start_s <= ?3 ORDER BY start_s DESC LIMIT 1), 0) ORDER BY start_s"
)
_FIRST_END = (
    "SELECT min(at_s) FROM"
    " (SELECT min(end_s) AS at_s FROM run UNION ALL SELECT min(at_s) FROM latest)"
)
# An open run is proven as far as the newest look, or the first that speaks against it.
_PROVEN = (
    "SELECT min(at_s, ifnull(recent ->> '$[0][0]', at_s)) FROM latest"
    " WHERE device_id = ?1 AND check_kind = ?2"
)
_LAST_UP = (
    f"SELECT min(ifnull(end_s, ({_PROVEN})), ?3) FROM run WHERE device_id = ?1"  # noqa: S608 - our own words
    " AND check_kind = ?2 AND status = 'up' AND start_s < ?3 ORDER BY start_s DESC LIMIT 1"
)
_FIRST = "SELECT min(start_s) FROM run WHERE device_id = ?1 AND check_kind = ?2 AND start_s < ?3"

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

    def runs_since_last_up(
        self, since_s: int, begins: Mapping[str, int] = NO_OTHERS, until_s: int = OPEN_S
    ) -> Runs:
        """
        Return all runs from the last `up` at or before an instant, for each check.

        What was broken at that instant comes with its whole story, so an incident keeps
        its beginning however old it is; only tails are read. Devices in `begins` come with
        all runs that touch or follow the instant (s) given there instead. What began at
        `until_s` or later is left out.
        """
        return self._gathered(
            lambda key: (
                (_BETWEEN, (*key, until_s, begins[key[0]]))
                if key[0] in begins
                else (_SINCE_LAST_UP, (*key, since_s, until_s))
            )
        )

    def broken_since(self, since_s: int, names: Mapping[str, str] = NO_NAMES) -> dict[str, int]:
        """
        Return since when each device that was not wholly well at an instant has not been.

        Just before the second given, all of its checks were `up` at once, or nothing was known
        of it. `names` gives the newest id of devices that had another one; theirs are the keys.
        """
        checks: defaultdict[str, list[Key]] = defaultdict(list)
        with self._db as db:
            for key in list(_keys(db)):
                checks[names.get(key[0], key[0])].append(key)
            found = {name: _well_until(db, keys, since_s) for name, keys in checks.items()}
        return {name: at_s for name, at_s in found.items() if at_s < since_s}

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Let this thread read the record as of one moment, whatever is written meanwhile."""
        with self._db:
            yield

    def began_s(self) -> int | None:
        """Return the first instant of which anything is recorded, None for an empty record."""
        first = self._db.execute("SELECT min(start_s) FROM run").get
        return None if first is None else int(first)

    def nothing_ended_before(self) -> int | None:
        """Return an instant before which no run ended and no newest look was; None for neither."""
        found = self._db.execute(_FIRST_END).get
        return None if found is None else int(found)

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


def _well_until(db: apsw.Connection, keys: Sequence[Key], at_s: int) -> int:
    """Return the last second, `at_s` at most, just before which no check was other than `up`."""
    while (earlier_s := min(_up_until(db, key, at_s) for key in keys)) < at_s:
        at_s = earlier_s
    return at_s


def _up_until(db: apsw.Connection, key: Key, at_s: int) -> int:
    up_s = db.execute(_LAST_UP, (*key, at_s)).get
    first_s = db.execute(_FIRST, (*key, at_s)).get if up_s is None else up_s
    return at_s if first_s is None else int(first_s)


def _keys(db: apsw.Connection) -> Iterator[Key]:
    # Whatever has a run has a latest look: both are written in one transaction.
    yield from db.execute("SELECT device_id, check_kind FROM latest ORDER BY 1, 2")
