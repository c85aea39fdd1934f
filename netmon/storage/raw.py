"""Raw points of one UTC day: written in blocks, each point once."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import apsw

from netmon.domain.series import Point, Series
from netmon.domain.summaries import Summary, summarised
from netmon.domain.week import HOUR_S
from netmon.storage.connection import transaction
from netmon.storage.points import BLOCK_S, Points, packed, unpacked
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


def points_of(
    db: apsw.Connection, device_id: str, start_s: int, end_s: int, measurement: str | None = None
) -> dict[Series, list[Point]]:
    """Return a device's points in `[start_s, end_s)`, ascending; of all measurements, or of one."""
    found: dict[Series, list[Point]] = {}
    sql = (
        "SELECT s.measurement, s.label, b.start_s, b.points FROM series AS s CROSS JOIN"
        " (WITH RECURSIVE part(s) AS (SELECT ?2 UNION ALL SELECT s + ?4 FROM part WHERE"
        " s + ?4 < ?3) SELECT s FROM part) AS p CROSS JOIN block AS b"
        " ON b.start_s = p.s AND b.series_id = s.id"
        " WHERE s.device_id = ?1 AND ?5 IN (s.measurement, '') ORDER BY s.id, b.start_s"
    )
    asked = (device_id, start_s - start_s % BLOCK_S, end_s, BLOCK_S, measurement or "")
    for name, label, from_s, block in db.execute(sql, asked):
        points = found.setdefault(Series(device_id, name, label), [])
        points += [Point(from_s + at_s, value) for at_s, value in unpacked(block).items()]
    for points in found.values():
        # Only the first and the last block can reach outside.
        points[:] = points[_first(points, start_s) : _first(points, end_s)]
    return {series: points for series, points in found.items() if points}


def _first(points: list[Point], at_s: int) -> int:
    return bisect_left(points, at_s, key=lambda point: point.at_s)


def _blocks(db: apsw.Connection, start_s: int, end_s: int) -> Iterator[tuple[Series, Points]]:
    sql = (
        "SELECT s.device_id, s.measurement, s.label, b.points FROM block AS b JOIN series AS s"
        " ON s.id = b.series_id WHERE b.start_s >= ? AND b.start_s < ? ORDER BY b.start_s"
    )
    for *which, block in db.execute(sql, (start_s, end_s)):
        yield Series(*which), unpacked(block)
