"""
Summaries of points by the hour and the day, and how much of each hour was worked.

A cache: whatever is in it was worked out of raw points (while there are any) and of runs, and gives
equal bytes when it is worked out again.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import apsw

from netmon.domain.intervals import Interval, epoch_s, instant
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


@dataclass(frozen=True, slots=True)
class Redone:
    """How much of what was worked out again had been right, wrong or missing."""

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
            fresh = {ids[series]: slots for series, slots in of_day.items()}
            done += _merge(db, HOUR_S, day_s, fresh)
            labelled = {ids[series] for series in of_day if series.label}
            done += _merge(db, DAY_S, *_day(db, day_s, labelled))
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


def write_worked(
    db: apsw.Connection, bounds: Interval, rows: Mapping[tuple[int, str], Worked]
) -> Redone:
    """Keep, by (day, device), how much of each hour of whole UTC days was worked, and no more."""
    with transaction(db):
        sql = "SELECT day_s, device_id, hours FROM worked WHERE day_s >= ? AND day_s < ?"
        held = {(day_s, device): hours for day_s, device, hours in db.execute(sql, bounds)}
        fresh = {key: packed_worked(worked) for key, worked in rows.items()}
        gone = held.keys() - fresh.keys()
        db.executemany("DELETE FROM worked WHERE day_s = ? AND device_id = ?", gone)
        changed = [(*key, hours) for key, hours in fresh.items() if held.get(key) != hours]
        db.executemany("INSERT OR REPLACE INTO worked VALUES (?, ?, ?)", changed)
        db.execute("DELETE FROM fleet_hour WHERE hour_s >= ? AND hour_s < ?", bounds)
        db.executemany("INSERT INTO fleet_hour VALUES (?, ?, ?)", _fleet(rows))
    same = sum(held.get(key) == hours for key, hours in fresh.items())
    return Redone(same, len(changed) - len(fresh.keys() - held), len(fresh.keys() - held))


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


def _day(
    db: apsw.Connection, day_s: int, wanted: AbstractSet[int]
) -> tuple[int, Mapping[int, Slots]]:
    """Return the month that a day is in, and the day worked out of its hours in the file."""
    day = instant(day_s)
    month_s = epoch_s(datetime(day.year, day.month, 1, tzinfo=UTC))
    hours = {n: block for n, block in _held(db, HOUR_S, day_s).items() if n in wanted}
    found = {n: together([*unpacked_slots(block).values()]) for n, block in hours.items()}
    return month_s, {number: {day.day - 1: summary} for number, summary in found.items()}


def _held(db: apsw.Connection, step_s: int, start_s: int) -> dict[int, bytes]:
    sql = "SELECT series_id, summaries FROM summary WHERE step_s = ? AND start_s = ?"
    rows: Iterable[tuple[int, bytes]] = db.execute(sql, (step_s, start_s))
    return dict(rows)


def _merge(db: apsw.Connection, step_s: int, start_s: int, fresh: Mapping[int, Slots]) -> Redone:
    """Put summaries, by the number of their series, into the blocks that begin at `start_s`."""
    held, done, rows = _held(db, step_s, start_s), Redone(), []
    for number, slots in fresh.items():
        old = held.get(number, b"")
        block = packed_slots(unpacked_slots(old) | slots)
        if block == old:
            done += Redone(same=len(slots))
        else:
            rows.append((step_s, start_s, number, block))
            done += _compared(unpacked_slots(old), unpacked_slots(block), slots)
    db.executemany("INSERT OR REPLACE INTO summary VALUES (?, ?, ?, ?)", rows)
    return done


def _compared(old: Slots, new: Slots, written: Iterable[int]) -> Redone:
    known = [slot for slot in written if slot in old]
    same = sum(old[slot] == new[slot] for slot in known)
    return Redone(same, len(known) - same, len([*written]) - len(known))


def _fleet(rows: Mapping[tuple[int, str], Worked]) -> Iterable[HourShare]:
    sums: dict[int, tuple[list[int], list[int]]] = {}
    for (day_s, _), worked in rows.items():
        day = sums.setdefault(day_s, ([0] * 24, [0] * 24))
        for into, seconds in zip(day, worked, strict=True):
            into[:] = map(sum, zip(into, seconds, strict=True))
    for day_s, (usable, judged) in sums.items():
        for hour, each in enumerate(zip(usable, judged, strict=True)):
            if each[1]:
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
