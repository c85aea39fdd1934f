"""
Availability in opening hours from runs, beside the same from one row per minute.

`python -m bench.availability` writes a year of 200 devices, reads it month by month
through the same views as pages and reports do, and does it again from samples.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.samples import SampleStore
from bench.table import Figure, are_met, tell
from bench.year import City, build, months
from netmon.analysis.availability import AvailabilityRow
from netmon.analysis.views import RecordViews
from netmon.domain.intervals import instant
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader

SAMPLED_DEVICES = 10
YEAR_AIM_S = 0.2
MONTH = 9  # October: 745 hours, because summer time ends in it

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ByRuns:
    """The rows of `MONTH`, and how long the whole year and each of its months took (s)."""

    rows: list[AvailabilityRow]
    first_s: float
    year_s: float
    month_s: list[float]


@dataclass(frozen=True, slots=True)
class BySamples:
    """How long both ways took (s), over how many samples and bytes, and whether they agree."""

    sql_s: float
    row_s: float
    samples: int
    size_bytes: int
    agrees: bool


def main() -> int:
    """Measure, tell, and return 1 where an aim is missed or runs and samples do not agree."""
    parser = argparse.ArgumentParser(prog="bench.availability", description=__doc__)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="netmon-bench-") as folder:
        city = build(Path(folder), given.devices)
        runs = by_runs(city)
        chosen = runs.rows[:: max(1, given.devices // SAMPLED_DEVICES)][:SAMPLED_DEVICES]
        samples = by_samples(city, chosen)
        figures = _figures(city, runs, samples, len(chosen))
    scaled = f"seconds are multiplied by {given.devices / len(chosen):g}, bytes by 12."
    notes = [
        f"Samples: {samples.samples:,} rows, one month of {len(chosen)} devices; {scaled}",
        "They hold a status alone, lie in the cache on a clustered key, and know neither parents",
        "nor maintenance: as good as samples get. Runs go through the whole of the product.",
    ]
    tell("Availability in opening hours", figures, notes, as_json=given.as_json)
    if not samples.agrees:
        sys.stderr.write("bench.availability: runs and samples do not give the same seconds\n")
    return 0 if samples.agrees and are_met(figures) else 1


def by_runs(city: City) -> ByRuns:
    """Ask for the year at once, first with nothing worked out, and then for each month."""
    record, desk = RecordReader(city.folder), DeskReader(city.folder)
    try:
        views = RecordViews(city.settings, city.calendar, record, desk)
        year = (months()[0][0], months()[-1][1])
        now = instant(year[1])
        (_, first_s), *again = [_timed(lambda: views.availability(year, now)) for _ in range(6)]
        timed = [_timed(lambda: views.availability(each, now)) for each in months()]  # noqa: B023 - called at once
    finally:
        record.close()
        desk.close()
    year_s = statistics.median(seconds for _, seconds in again)
    return ByRuns(timed[MONTH][0], first_s, year_s, [seconds for _, seconds in timed])


def by_samples(city: City, rows: list[AvailabilityRow]) -> BySamples:
    """Ask `MONTH` of the samples of the devices of `rows`, in both ways."""
    store = SampleStore(city, months()[MONTH], [row.id for row in rows])
    try:
        (joined, sql_s), (looked_at, row_s) = _timed(store.by_sql), _timed(store.row_by_row)
        agrees = joined == looked_at == {row.id: row.shares.usable_s for row in rows}
        return BySamples(sql_s, row_s, store.rows, store.size_bytes(), agrees)
    finally:
        store.close()


def _timed(ask: Callable[[], Result]) -> tuple[Result, float]:
    began = time.perf_counter()
    result = ask()
    return result, time.perf_counter() - began


def _figures(city: City, runs: ByRuns, samples: BySamples, sampled: int) -> list[Figure]:
    devices = len(city.inventory.devices)
    scale = devices / sampled
    sql_s, row_s = scale * samples.sql_s, scale * samples.row_s
    return [
        Figure("runs in the year", city.runs, ""),
        Figure(f"a year of {devices} devices from runs", runs.year_s, "s", YEAR_AIM_S),
        Figure("the first time, opening hours worked out on the way", runs.first_s, "s"),
        Figure(f"a month of {devices} devices from runs", statistics.median(runs.month_s), "s"),
        Figure("a month from samples, joined in SQL", sql_s, "s"),
        Figure("a month from samples, row by row", row_s, "s"),
        Figure("samples in SQL take longer by", sql_s / runs.month_s[MONTH], "times"),
        Figure("samples row by row take longer by", row_s / runs.month_s[MONTH], "times"),
        Figure("a device-year of runs", city.size_bytes / devices / 1e6, "MB"),
        Figure("a device-year of samples", 12 * samples.size_bytes / sampled / 1e6, "MB"),
    ]


if __name__ == "__main__":
    sys.exit(main())
