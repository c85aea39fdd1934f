"""The record: runs, and the newest look of each check. One process writes it."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.intervals import Span, epoch_s, instant
from netmon.domain.model import Status
from netmon.domain.sightings import Stranger
from netmon.domain.state import Look, Run, Transition
from netmon.domain.verdict import Verdict
from netmon.storage.connection import (
    claim,
    log_of,
    open_reader,
    origin_of,
    transaction,
)
from netmon.storage.retention import RECORD_FORGETS, Retention

FILE = "record.db"
_STATUS = {status.value: status for status in Status}

OPEN_S = 2**40
"""Where the span of an open run ends: nowhere yet."""

Key = tuple[str, str]
"""A device and the kind of one of its checks."""

Strangers = Mapping[str, Sequence[Stranger]]
"""By source."""

NONE_STRANGE: Strangers = {}

Runs = dict[Key, list[Span]]
"""Runs by (device, check), sorted and disjoint; only the last of a list can be open."""

_SPANS = f"SELECT start_s, ifnull(end_s, {OPEN_S}), status, is_usable, reason FROM run"  # noqa: S608 - our own number
_OF_CHECK = f"{_SPANS} WHERE device_id = ? AND check_kind = ?"
_LAST_UP = (
    "SELECT start_s FROM run WHERE device_id = ?1 AND check_kind = ?2"
    " AND status = 'up' AND start_s <= ?3 ORDER BY start_s DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One observation, the run as it stands after it, and the edges it confirmed."""

    observation: Observation
    run: Run
    transitions: tuple[Transition, ...] = ()


@dataclass(frozen=True, slots=True)
class LatestLook:
    """The newest observation of a check, with the looks that speak against its run."""

    observation: Observation
    recent: tuple[Look, ...]


class RecordWriter:
    """Writes the record; raises `StoreError` where another process does, or made it."""

    def __init__(self, folder: Path, *, origin: str) -> None:
        self._lock, self._db = claim(folder / FILE, origin=origin)
        # Housekeeping tidies from a thread of its own.
        self._writing = threading.Lock()
        self._retention = Retention(self._db, folder / FILE, RECORD_FORGETS)

    def write(self, steps: Sequence[Step], strangers: Strangers = NONE_STRANGE) -> None:
        """
        Keep a batch in one transaction; when this returns it survives a power cut.

        `strangers` replaces what each of its sources sees and the inventory lacks.
        """
        with self._writing, transaction(self._db):
            for step in steps:
                for edge in step.transitions:
                    self._turn(edge)
                self._remember(step)
            for source, seen in strangers.items():
                self._keep_strangers(source, seen)

    def open_runs(self) -> dict[tuple[str, str], Run]:
        """Return the open run of each (device, check), as the next observation needs it."""
        looks = {
            (look.observation.target, look.observation.check): look for look in _latest(self._db)
        }
        return {
            key: _reopened(key, _spans(self._db, f"{_OF_CHECK} AND end_s IS NULL", key)[0], look)
            for key, look in looks.items()
        }

    def keep_vitals(self, vitals: Mapping[str, float]) -> None:
        """Replace what is known of the collecting side itself."""
        with self._writing, transaction(self._db):
            self._db.execute("DELETE FROM vital")
            rows = [(name, float(value)) for name, value in vitals.items()]
            self._db.executemany("INSERT INTO vital VALUES (?, ?)", rows)

    def sources(self) -> dict[str, str]:
        """Return who last told of each device that others see."""
        sql = "SELECT device_id, source FROM latest WHERE source <> ''"
        return {str(device_id): str(source) for device_id, source in self._db.execute(sql)}

    def tidy(self, now_s: int) -> int:
        """Forget what may be forgotten; return how many rows. From any thread, at any time."""
        with self._writing:
            return self._retention.tidy(now_s)

    def close(self) -> None:
        """Checkpoint, close the file and let another process write."""
        with self._writing:
            self._db.close()
        self._lock.release()

    def _turn(self, edge: Transition) -> None:
        at_s = epoch_s(edge.at)
        key = (edge.device_id, edge.check)
        verdict = (edge.after.status.value, int(edge.after.is_usable), edge.after.reason)
        # A run that would be empty never was: it is replaced, not closed.
        self._db.execute(
            "DELETE FROM run WHERE device_id = ? AND check_kind = ? AND end_s IS NULL"
            " AND start_s >= ?",
            (*key, at_s),
        )
        self._db.execute(
            "UPDATE run SET end_s = ? WHERE device_id = ? AND check_kind = ? AND end_s IS NULL",
            (at_s, *key),
        )
        self._db.execute("INSERT INTO run VALUES (?, ?, ?, NULL, ?, ?, ?)", (*key, at_s, *verdict))

    def _keep_strangers(self, source: str, seen: Sequence[Stranger]) -> None:
        rows = self._db.execute(
            "SELECT name, mac, since_s FROM stranger WHERE source = ?", (source,)
        )
        since = {(name, mac): since_s for name, mac, since_s in rows}
        self._db.execute("DELETE FROM stranger WHERE source = ?", (source,))
        self._db.executemany(
            "INSERT OR IGNORE INTO stranger VALUES (?, ?, ?, ?, ?)",
            [
                (
                    source,
                    each.name,
                    mac := each.mac or "",
                    each.address or "",
                    since.get((each.name, mac), epoch_s(each.since)),
                )
                for each in seen
            ],
        )

    def _remember(self, step: Step) -> None:
        seen = step.observation
        self._db.execute(
            "INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " at_s = excluded.at_s, outcome = excluded.outcome, detail = excluded.detail,"
            " measurements = excluded.measurements, recent = excluded.recent,"
            " source = excluded.source"
            # The judge ignores what a clock that was set back makes older; so does this.
            " WHERE excluded.at_s >= latest.at_s",
            (
                seen.target,
                seen.check,
                epoch_s(seen.at),
                seen.outcome.value,
                seen.detail,
                _measurements_json(seen.measurements),
                _recent_json(step.run.recent),
                seen.source,
            ),
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
        sql = f"{_OF_CHECK} AND start_s < ? AND (end_s > ? OR end_s IS NULL) ORDER BY start_s"
        return self._runs(sql, end_s, start_s)

    def runs_since_last_up(self, since_s: int) -> Runs:
        """
        Return all runs from the last `up` at or before an instant, for each check.

        What was broken at that instant comes with its whole story, so an incident keeps
        its beginning however old it is; only tails are read.
        """
        sql = (
            f"{_SPANS} WHERE device_id = ?1 AND check_kind = ?2"
            f" AND start_s >= ifnull(({_LAST_UP}), 0) ORDER BY start_s"
        )
        return self._runs(sql, since_s)

    def runs_of(self, device_id: str, since_s: int) -> Runs:
        """Return one device's runs that touch or follow an instant."""
        sql = f"{_OF_CHECK} AND (end_s > ? OR end_s IS NULL) ORDER BY start_s"
        return self._runs(sql, since_s, of=device_id)

    def latest(self) -> list[LatestLook]:
        """Return the newest look of each (device, check)."""
        return list(_latest(self._db))

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
            found = {key: _spans(db, sql, (*key, *bounds)) for key in keys}
        return {key: spans for key, spans in found.items() if spans}

    def _connect(self) -> apsw.Connection:
        connection = open_reader(self._path)
        self._opened.append(connection)
        return connection


def _keys(db: apsw.Connection, device_id: str | None) -> Iterator[Key]:
    # Whatever has a run has a latest look: both are written in one transaction.
    sql = "SELECT device_id, check_kind FROM latest WHERE ?1 IN (device_id, '*') ORDER BY 1, 2"
    yield from db.execute(sql, (device_id or "*",))


def _spans(db: apsw.Connection, sql: str, bound: tuple[str | int, ...]) -> list[Span]:
    return [
        Span(start_s, end_s, _STATUS[status], is_usable == 1, reason)
        for start_s, end_s, status, is_usable, reason in db.execute(sql, bound)
    ]


def _latest(db: apsw.Connection) -> Iterator[LatestLook]:
    sql = (
        "SELECT device_id, check_kind, at_s, outcome, detail, measurements, recent, source"
        " FROM latest"
    )
    for device_id, check, at_s, outcome, detail, measurements, recent, source in db.execute(sql):
        yield LatestLook(
            Observation(
                device_id,
                check,
                instant(at_s),
                Outcome(outcome),
                tuple(Measurement(*row) for row in json.loads(measurements)),
                detail,
                source=source,
            ),
            tuple(
                Look(instant(look_s), Verdict(Status(status), reason, is_usable))
                for look_s, status, is_usable, reason in json.loads(recent)
            ),
        )


def _reopened(key: Key, span: Span, look: LatestLook) -> Run:
    verdict = Verdict(span.status, span.reason, span.is_usable)
    return Run(*key, verdict, instant(span.start_s), look.observation.at, look.recent)


_JSON = json.JSONEncoder(check_circular=False, separators=(",", ":"))
"""Measurements are plain: looking for circles in them took a third of the writing."""


def _measurements_json(measurements: Sequence[Measurement]) -> str:
    return _JSON.encode([(each.name, each.value, each.label) for each in measurements])


def _recent_json(recent: Sequence[Look]) -> str:
    if not recent:
        return "[]"
    return _JSON.encode(
        [
            [epoch_s(look.at), look.verdict.status, look.verdict.is_usable, look.verdict.reason]
            for look in recent
        ]
    )
