"""Raw points of one UTC day: written in blocks, each point once."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import apsw

from netmon.domain.series import Series, Trace
from netmon.domain.summaries import Summary, summarised
from netmon.domain.week import HOUR_S
from netmon.storage.connection import transaction
from netmon.storage.points import BLOCK_S, Points, columns, packed, unpacked
from netmon.storage.series_files import opened, second_try, series_ids

Blocks = Mapping[int, Mapping[Series, Points]]
"""Start of a block (epoch seconds) → series → points."""

Hours = dict[int, dict[Series, Summary]]
"""Start of an hour (epoch seconds) → series → summary."""


def write_points(path: Path, origin: str, blocks: Blocks) -> None:
    """Keep points of one day, all or nothing; one that is there already is replaced."""

    def work() -> None:
        with opened(path, origin) as db, transaction(db):
            _write(db, blocks)

    second_try(work)


def _write(db: apsw.Connection, blocks: Blocks) -> None:
    ids = series_ids(db, {series for block in blocks.values() for series in block})
    for start_s, fresh in blocks.items():
        held = dict(db.execute("SELECT series_id, points FROM block WHERE start_s = ?", (start_s,)))
        rows = [
            (start_s, ids[series], _merged(held.get(ids[series]), points))
            for series, points in fresh.items()
        ]
        db.executemany("INSERT OR REPLACE INTO block VALUES (?, ?, ?)", rows)
    hours = {(start_s - start_s % HOUR_S,) for start_s in blocks}
    db.executemany("INSERT OR IGNORE INTO stale VALUES (?)", hours)


def _merged(held: bytes | None, points: Points) -> bytes:
    return packed(points if held is None else unpacked(held) | points)


def stale_hours(db: apsw.Connection, before_s: int) -> list[int]:
    """Return the hours that ended by an instant and are not worked out, or not any more."""
    rows = db.execute("SELECT hour_s FROM stale WHERE hour_s + 3600 <= ? ORDER BY 1", (before_s,))
    return [hour_s for (hour_s,) in rows]


def settle(db: apsw.Connection, hours: Iterable[int]) -> None:
    """Note that hours are worked out."""
    with transaction(db):
        db.executemany("DELETE FROM stale WHERE hour_s = ?", [(each,) for each in hours])


def unsettle(db: apsw.Connection) -> None:
    """Note that no hour is worked out: whatever was is gone."""
    with transaction(db):
        db.execute(
            "INSERT OR IGNORE INTO stale SELECT DISTINCT start_s - start_s % 3600 FROM block"
        )


def all_hours(db: apsw.Connection) -> list[int]:
    """Return every hour of which there are points."""
    rows = db.execute("SELECT DISTINCT start_s - start_s % 3600 FROM block ORDER BY 1")
    return [hour_s for (hour_s,) in rows]


def summaries(db: apsw.Connection, hour_s: int) -> dict[Series, Summary]:
    """Work out the summary of each series in one hour."""
    values: dict[Series, list[float]] = {}
    for series, points in _blocks(db, hour_s, hour_s + HOUR_S):
        values.setdefault(series, []).extend(points.values())
    return {series: summarised(each) for series, each in values.items() if each}


def series_of(db: apsw.Connection, device_id: str) -> dict[Series, int]:
    """Return the series of one device, with their numbers in this file."""
    sql = "SELECT measurement, label, id FROM series WHERE device_id = ? ORDER BY 1, 2"
    rows = db.execute(sql, (device_id,))
    return {Series(device_id, name, label): number for name, label, number in rows}


def traces(
    db: apsw.Connection, wanted: Collection[Series], start_s: int, end_s: int
) -> dict[Series, Trace]:
    """Return the points of series of one device in `[start_s, end_s)`."""
    known = series_of(db, next(iter(wanted)).device_id) if wanted else {}
    found = {}
    for series in sorted(known.keys() & set(wanted)):
        # Only the first and the last block can reach outside.
        within = _trace(db, known[series], start_s, end_s).within(start_s, end_s)
        if within.at_s:
            found[series] = within
    return found


def _trace(db: apsw.Connection, number: int, start_s: int, end_s: int) -> Trace:
    at_s: list[int] = []
    values: list[float] = []
    # Point look-ups: the key is by time first, and a range would read every series.
    sql = (
        "SELECT b.start_s, b.points FROM json_each(?) AS part CROSS JOIN block AS b"
        " ON b.start_s = part.value AND b.series_id = ?"
    )
    starts = json.dumps([*range(start_s - start_s % BLOCK_S, end_s, BLOCK_S)])
    for from_s, block in db.execute(sql, (starts, number)):
        after_s, numbers = columns(block)
        at_s += map(from_s.__add__, after_s)
        values += numbers
    return Trace(at_s, values)


def _blocks(db: apsw.Connection, start_s: int, end_s: int) -> Iterator[tuple[Series, Points]]:
    sql = (
        "SELECT s.device_id, s.measurement, s.label, b.points FROM block AS b JOIN series AS s"
        " ON s.id = b.series_id WHERE b.start_s >= ? AND b.start_s < ? ORDER BY b.start_s"
    )
    for *which, block in db.execute(sql, (start_s, end_s)):
        yield Series(*which), unpacked(block)
