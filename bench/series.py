"""
What series cost: processor, bytes, and how fast a chart and a week are read.

`python -m bench.series` writes an hour of 200 access points (six pings and a poll a minute) as a
running netmon does, ten days of ten of them for the sizes, and works out the hours of a year of
runs.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import apsw

from bench.points import START, minute
from bench.samples import SampleStore
from bench.table import Figure, are_met, tell
from bench.year import City, build, months
from netmon.analysis.series_views import SeriesViews
from netmon.analysis.views import RecordViews
from netmon.cli.keeping import work_out
from netmon.domain.intervals import epoch_s, instant
from netmon.domain.series import Series
from netmon.domain.week import DAY_S, HOUR_S
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader
from netmon.storage.rollups import rollup_path
from netmon.storage.series import Keeping, SeriesWriter
from netmon.storage.series_files import folder_of
from netmon.storage.series_reader import SeriesReader
from web.charts import drawn

CPU_AIM_PERCENT, AIM_MB = 1.0, 150.0
CHART_AIM_S, WEEK_AIM_S = 0.005, 0.03
SIZED_DEVICES, SIZED_DAYS = 10, 10
SAMPLED_DEVICES, MONTH = 10, 9
TURNS = 9
START_S = epoch_s(START)
DEVICE_YEARS = "step_s = 3600 AND series_id IN (SELECT id FROM series WHERE label = '')"
LABEL_HOURS = "step_s = 3600 AND series_id IN (SELECT id FROM series WHERE label <> '')"
LABEL_DAYS = "step_s = 86400"
ROW_BYTES = 14
"""Of a row beside its blob, about."""

SUMS, HOURS, RUNS = "hourly sums of devices, a year", "hours worked, a year", "runs, a year"
GROWS = frozenset({SUMS, HOURS, RUNS})


def main() -> int:
    """Measure, tell, and return 1 where an aim was missed."""
    parser = argparse.ArgumentParser(prog="bench.series", description=__doc__)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="netmon-bench-") as name:
        folder = Path(name)
        figures = [
            *_cost(folder / "cost", given.devices),
            *_sizes(folder / "sizes", given.devices),
            *_week(folder / "year", given.devices),
        ]
        grown_mb = sum(each.value for each in figures if each.name in GROWS)
        figures.append(Figure("growth a year, without points and labels", grown_mb, "MB", AIM_MB))
    notes = [
        f"Sizes: {SIZED_DAYS} days of {SIZED_DEVICES} access points, multiplied; each has 8 ports,",
        "2 radios and 3 networks. Chart: 8,640 points, from the file to the paths; median of nine.",
        f"The peer of the week: a month of {SAMPLED_DEVICES} devices, a row a minute, multiplied.",
    ]
    tell("Series", figures, notes, as_json=given.as_json)
    return 0 if are_met(figures) else 1


def _cost(folder: Path, devices: int) -> Iterator[Figure]:
    """Write an hour as a running netmon does, and sum it up."""
    chance = random.Random(1)  # noqa: S311 - the same looks each time, no secret
    spent_s = 0.0
    with closing(SeriesWriter(folder, origin="demo", keeping=Keeping())) as series:
        for number in range(60):
            steps = list(minute(range(devices), number, chance))
            began_s = time.process_time()
            for turn in range(6):
                series.take(steps[turn::6])
                series.turn(START_S + number * 60 + turn * 10)
            spent_s += time.process_time() - began_s
        began_s = time.process_time()
        series.roll(START_S + 2 * HOUR_S)
        rolled_s = time.process_time() - began_s
    yield Figure("share of one core", 100 * (spent_s + rolled_s) / HOUR_S, "%", CPU_AIM_PERCENT)
    yield Figure("of it for sums, once an hour", rolled_s, "s")


def _sizes(folder: Path, devices: int) -> Iterator[Figure]:
    """Write some days of some devices, and multiply."""
    chance = random.Random(2)  # noqa: S311 - as above
    with closing(SeriesWriter(folder, origin="demo", keeping=Keeping())) as series:
        for number in range(SIZED_DAYS * 24 * 60):
            series.take(minute(range(SIZED_DEVICES), number, chance))
            if not (number + 1) % 60:
                series.turn(START_S + number * 60)
        series.turn(START_S + SIZED_DAYS * DAY_S)
        series.roll(START_S + (SIZED_DAYS + 1) * DAY_S)
    day_mb = devices / SIZED_DEVICES / SIZED_DAYS / 1e6
    raw = [path.stat().st_size for path in folder_of(folder).glob("raw-*.db")]
    shares = _shares(rollup_path(folder_of(folder)))
    yield Figure(SUMS, 365 * day_mb * shares[DEVICE_YEARS], "MB")
    yield Figure("hourly sums by label, 90 days", 90 * day_mb * shares[LABEL_HOURS], "MB")
    yield Figure("daily sums by label, a year", 365 * day_mb * shares[LABEL_DAYS], "MB")
    yield Figure("points, a day", day_mb * sum(raw), "MB")
    yield Figure("points, 15 days", 15 * day_mb * sum(raw), "MB")
    yield from _chart(folder)


def _shares(path: Path) -> dict[str, float]:
    """Divide the bytes of a file among kinds of rows, by what these hold."""
    with closing(apsw.Connection(str(path))) as db:
        sql = "SELECT ifnull(sum(length(summaries) + ?), 0) FROM summary WHERE "
        held = {
            kind: float(db.execute(sql + kind, (ROW_BYTES,)).get)
            for kind in (DEVICE_YEARS, LABEL_HOURS, LABEL_DAYS)
        }
    return {kind: path.stat().st_size * size / sum(held.values()) for kind, size in held.items()}


def _chart(folder: Path) -> Iterator[Figure]:
    views = _views(folder, None)
    now = START + timedelta(days=3, hours=5, minutes=59)
    wanted = [Series("ap-0003", "rtt_s")]

    def ask() -> None:
        (row,) = views.charts(wanted, now)
        drawn(row, now)

    yield Figure("a chart of 24 hours of one device", _median_s(ask), "s", CHART_AIM_S)


def _week(folder: Path, devices: int) -> Iterator[Figure]:
    folder.mkdir()
    city = build(folder, devices)
    year = (months()[0][0], months()[-1][1])
    now = instant(year[1])
    with closing(RecordReader(folder)) as record, closing(DeskReader(folder)) as desk:
        views = RecordViews(city.settings, city.calendar, record, desk)
        with closing(SeriesWriter(folder, origin="demo", keeping=Keeping())) as series:
            worked_s = _timed(lambda: work_out(series, views, now))
            lately_s = _median_s(lambda: work_out(series, views, now, year[1] - 2 * DAY_S))
        shown = _views(folder, views)
        week_s = _median_s(lambda: shown.week(now))
        _check(shown, views, year)
    size_mb = rollup_path(folder_of(folder)).stat().st_size / 1e6
    in_all_mb = city.size_bytes / 1e6
    naive_s = _naive_s(city, devices)
    yield Figure("hours worked of a year, all devices, worked out", worked_s, "s")
    yield Figure("the same of two days, every five minutes", lately_s, "s")
    yield Figure(HOURS, size_mb, "MB")
    yield Figure(RUNS, in_all_mb, "MB")
    yield Figure("the week of all devices over a year", week_s, "s", WEEK_AIM_S)
    yield Figure("from one row a minute it takes longer by", naive_s / week_s, "times")


def _check(shown: SeriesViews, views: RecordViews, year: tuple[int, int]) -> None:
    """Stop where the week and availability do not tell the same of the same year."""
    cells = shown.week(instant(year[1])).cells
    rows = [row.shares for row in views.availability(year, instant(year[1]))]
    judged_s = sum(row.usable_s + row.failed_s + row.unreachable_s for row in rows)
    told = (sum(cell.usable_s for cell in cells), sum(cell.judged_s for cell in cells))
    if told != (expected := (sum(row.usable_s for row in rows), judged_s)):
        raise SystemExit(f"bench.series: week: expected {expected}, found {told}")


def _naive_s(city: City, devices: int) -> float:
    chosen = [device.id for device in city.inventory.devices][:SAMPLED_DEVICES]
    with closing(SampleStore(city, months()[MONTH], chosen)):
        path = city.folder / "samples.db"
        sql = (
            "SELECT strftime('%w %H', at_s, 'unixepoch'), avg(status = 'up') FROM sample GROUP BY 1"
        )
        with closing(apsw.Connection(str(path))) as db:
            took_s = _timed(lambda: db.execute(sql).fetchall())
    return took_s * 12 * devices / len(chosen)


def _views(folder: Path, views: RecordViews | None) -> SeriesViews:
    zone = ZoneInfo("Europe/Brussels")
    return SeriesViews(SeriesReader(folder), views, zone, is_kept=True)  # type: ignore[arg-type]  # a chart needs none


def _median_s(ask: Callable[[], object]) -> float:
    return statistics.median(_timed(ask) for _ in range(TURNS))


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
