"""
Summaries of points by the hour and the day, and how much of each hour was worked.

A cache: whatever is in it was worked out of raw points (while there are any) and of runs, and gives
equal bytes when it is worked out again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import apsw

from netmon.domain.intervals import epoch_s, instant
from netmon.domain.series import Series
from netmon.domain.summaries import Summary, together
from netmon.domain.week import DAY_S, HOUR_S, HourShare, days_of
from netmon.storage.connection import transaction
from netmon.storage.points import (
    Slots,
    Worked,
    packed_slots,
    packed_worked,
    unpacked_slots,
    unpacked_worked,
)
from netmon.storage.raw import Hours
from netmon.storage.series_files import series_ids

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Redone:
    """What working out blocks again changed: those that were right, wrong or missing."""

    same: int = 0
    changed: int = 0
    added: int = 0

    def __add__(self, other: "Redone") -> "Redone":
        """Return both together."""
        return Redone(
            self.same + other.same, self.changed + other.changed, self.added + other.added
        )


def write_hours(db: apsw.Connection, hours: Hours) -> Redone:
    """Keep the summaries of whole hours; hours of the same days that are not given stay."""
    with transaction(db):
        ids = series_ids(db, {series for hour in hours.values() for series in hour})
        done = Redone()
        for day_s, of_day in _by_day(hours).items():
            held = _held(db, HOUR_S, day_s)
            blocks = {
                series: unpacked_slots(held.get(ids[series], b"")) | slots
                for series, slots in of_day.items()
            }
            rows = {ids[series]: packed_slots(slots) for series, slots in blocks.items()}
            done += _replace(db, HOUR_S, day_s, held, rows)
            done += _write_day(db, day_s, {s: b for s, b in blocks.items() if s.label}, ids)
    return done


def forget_hours(db: apsw.Connection, before_s: int) -> int:
    """Forget the hourly summaries of radios, networks and interfaces; their daily ones stay."""
    with transaction(db):
        db.execute(
            "DELETE FROM summary WHERE step_s = 3600 AND start_s < ?"
            " AND series_id IN (SELECT id FROM series WHERE label <> '')",
            (before_s - DAY_S + 1,),
        )
        return db.changes()


def write_worked(db: apsw.Connection, rows: Mapping[tuple[int, str], Worked]) -> Redone:
    """Keep, by (day, device), how much of each hour was worked, in place of what is there."""
    days = {day_s for day_s, _ in rows}
    with transaction(db):
        sql = "SELECT day_s, device_id, hours FROM worked WHERE day_s BETWEEN ? AND ?"
        span = (min(days, default=0), max(days, default=-1))
        held = {(day_s, device): hours for day_s, device, hours in db.execute(sql, span)}
        fresh = {key: packed_worked(worked) for key, worked in rows.items()}
        gone = [key for key in held if key[0] in days and key not in fresh]
        db.executemany("DELETE FROM worked WHERE day_s = ? AND device_id = ?", gone)
        changed = [(*key, hours) for key, hours in fresh.items() if held.get(key) != hours]
        db.executemany("INSERT OR REPLACE INTO worked VALUES (?, ?, ?)", changed)
        db.executemany("INSERT OR REPLACE INTO fleet_hour VALUES (?, ?, ?)", _fleet(rows))
    return _counted(held, fresh)


def hours_of(
    db: apsw.Connection, device_id: str, step_s: int, start_s: int, end_s: int
) -> dict[Series, list[tuple[int, Summary]]]:
    """Return a device's summaries of steps that begin in `[start_s, end_s)`, ascending."""
    sql = (
        "SELECT s.measurement, s.label, u.start_s, u.summaries FROM summary AS u JOIN series AS s"
        " ON s.id = u.series_id WHERE s.device_id = ? AND u.step_s = ?"
        " AND u.start_s > ? AND u.start_s < ? ORDER BY s.id, u.start_s"
    )
    longest_s = DAY_S if step_s == HOUR_S else 31 * DAY_S
    found: dict[Series, list[tuple[int, Summary]]] = {}
    asked = (device_id, step_s, start_s - longest_s, end_s)
    for name, label, from_s, block in db.execute(sql, asked):
        steps = found.setdefault(Series(device_id, name, label), [])
        at = ((from_s + n * step_s, each) for n, each in unpacked_slots(block).items())
        steps += [each for each in at if start_s <= each[0] < end_s]
    return {series: steps for series, steps in found.items() if steps}


def fleet_hours(db: apsw.Connection, start_s: int, end_s: int) -> Sequence[HourShare]:
    """Return how much of each hour in `[start_s, end_s)` all devices together worked."""
    sql = "SELECT hour_s, usable_s, judged_s FROM fleet_hour WHERE hour_s >= ? AND hour_s < ?"
    return [HourShare(*row) for row in db.execute(sql, (start_s, end_s))]


def _by_day(hours: Hours) -> dict[int, dict[Series, Slots]]:
    days: dict[int, dict[Series, Slots]] = {}
    for hour_s, found in sorted(hours.items()):
        day = days.setdefault(hour_s - hour_s % DAY_S, {})
        for series, summary in found.items():
            day.setdefault(series, {})[hour_s % DAY_S // HOUR_S] = summary
    return days


def _write_day(
    db: apsw.Connection, day_s: int, blocks: Mapping[Series, Slots], ids: Mapping[Series, int]
) -> Redone:
    """Work the day out of its hours, as they are in the file."""
    day = instant(day_s)
    month_s = epoch_s(datetime(day.year, day.month, 1, tzinfo=UTC))
    held, rows = _held(db, DAY_S, month_s), {}
    for series, slots in blocks.items():
        # As they are read back: rounded, or the same hours would give another mean later.
        exact = unpacked_slots(packed_slots(slots))
        month = unpacked_slots(held.get(ids[series], b""))
        rows[ids[series]] = packed_slots(month | {day.day - 1: together([*exact.values()])})
    return _replace(db, DAY_S, month_s, held, rows)


def _held(db: apsw.Connection, step_s: int, start_s: int) -> dict[int, bytes]:
    sql = "SELECT series_id, summaries FROM summary WHERE step_s = ? AND start_s = ?"
    rows: Iterable[tuple[int, bytes]] = db.execute(sql, (step_s, start_s))
    return dict(rows)


def _replace(
    db: apsw.Connection,
    step_s: int,
    start_s: int,
    held: Mapping[int, bytes],
    rows: Mapping[int, bytes],
) -> Redone:
    changed = [(step_s, start_s, *row) for row in rows.items() if held.get(row[0]) != row[1]]
    db.executemany("INSERT OR REPLACE INTO summary VALUES (?, ?, ?, ?)", changed)
    return _counted(held, rows)


def _counted(held: Mapping[Key, bytes], rows: Mapping[Key, bytes]) -> Redone:
    same = sum(held.get(key) == row for key, row in rows.items())
    added = sum(key not in held for key in rows)
    return Redone(same, len(rows) - same - added, added)


def _fleet(rows: Mapping[tuple[int, str], Worked]) -> Iterable[HourShare]:
    sums: dict[int, tuple[list[int], list[int]]] = {}
    for (day_s, _), worked in rows.items():
        day = sums.setdefault(day_s, ([0] * 24, [0] * 24))
        for into, seconds in zip(day, worked, strict=True):
            into[:] = map(sum, zip(into, seconds, strict=True))
    for day_s, (usable, judged) in sums.items():
        for hour, each in enumerate(zip(usable, judged, strict=True)):
            yield HourShare(day_s + hour * HOUR_S, *each)


def rollup_path(folder: Path) -> Path:
    """Return the file of summaries in a folder of series."""
    return folder / "rollup.db"


def device_hours(
    db: apsw.Connection, device_id: str, start_s: int, end_s: int
) -> Sequence[HourShare]:
    """Return how much of each hour in `[start_s, end_s)` one device worked."""
    days = days_of(start_s, end_s)
    sql = "SELECT hours FROM worked WHERE day_s = ? AND device_id = ?"
    found = []
    for day_s in days:
        for (block,) in db.execute(sql, (day_s, device_id)):
            hours = enumerate(zip(*unpacked_worked(block), strict=True))
            found += [HourShare(day_s + n * HOUR_S, *each) for n, each in hours]
    return [each for each in found if start_s <= each.hour_s < end_s]
