"""
What the store answers, how fast, and what a backup costs who writes.

`python -m bench.store` writes a year of 200 devices and asks it through the same readers and views
as pages and commands use.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.table import Figure, tell
from bench.year import City, build, months
from netmon.analysis.views import RecordViews
from netmon.domain.intervals import instant
from netmon.storage.backup import back_up
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader, RecordWriter
from netmon.storage.restore import restore

LATEST_AIM_S, INCIDENTS_AIM_S, AVAILABILITY_AIM_S = 0.002, 0.08, 0.06
TURNS = 9
TICK_S = 0.02
"""How often the writer beside a backup commits: fifty times as often as netmon does."""

CALM_S = 1.0
DAY_S = 86_400


def main() -> int:
    """Measure, tell, and return 1 where an aim was missed."""
    parser = argparse.ArgumentParser(prog="bench.store", description=__doc__)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="netmon-bench-") as folder:
        city = build(Path(folder), given.devices)
        figures = [
            Figure("runs in the year", city.runs, ""),
            *_answers(city, given.devices),
            *_backup(city),
        ]
    tell(
        "The store",
        figures,
        [
            "Again: medians of nine. Slowest of all commits. Writer and reader share a process.",
            "The first time nothing is kept yet, opening hours and what was read before included.",
        ],
        as_json=given.as_json,
    )
    return int(any(each.aim is not None and each.value > each.aim for each in figures))


def _answers(city: City, devices: int) -> Iterator[Figure]:
    year = (months()[0][0], months()[-1][1])
    # A day later: what may still explain the last hours of the year is known by then.
    now = instant(year[1] + DAY_S)
    with closing(RecordReader(city.folder)) as record, closing(DeskReader(city.folder)) as desk:
        views = RecordViews(city.settings, city.calendar, record, desk)
        latest_s = _median_s(record.latest)
        yield Figure(f"latest look of {devices} devices", latest_s, "s", LATEST_AIM_S)
        for name, aim_s, ask in (
            ("incidents of the year", INCIDENTS_AIM_S, lambda: views.incidents_between(year, now)),
            (
                "availability by device and month",
                AVAILABILITY_AIM_S,
                lambda: [views.availability(each, now) for each in months()],
            ),
        ):
            yield Figure(f"{name}, the first time", _timed(ask), "s")
            yield Figure(f"{name}, again", _median_s(ask), "s", aim_s)
        runs_s = _median_s(lambda: record.runs_between(*year))
        yield Figure("runs of the year, read from the store", runs_s, "s")


def _backup(city: City) -> Iterator[Figure]:
    saved, other = city.folder / "saved.zip", city.folder / "other"
    at = datetime.now(UTC)  # noqa: TID251 - a measurement is made now
    with _written(city) as waits:
        threading.Event().wait(CALM_S)
        calm_s = max(waits)
        waits.clear()
        took_s = _median_s(lambda: back_up(city.folder, saved, version="0", at=at, force=True))
        slowest_s = max(waits)
    yield Figure("a backup under writes", took_s, "s")
    yield Figure("its size", saved.stat().st_size / 1e6, "MB")
    yield Figure("slowest commit without one", calm_s, "s")
    yield Figure("slowest commit beside one", slowest_s, "s")
    restored_s = _timed(lambda: restore(saved, other, origin="demo", at=at))
    yield Figure("a restore", restored_s, "s")


@contextmanager
def _written(city: City) -> Iterator[list[float]]:
    """Write to the record all the while; yields how long each commit took (s)."""
    waits: list[float] = []
    stopping = threading.Event()

    def write() -> None:
        with closing(RecordWriter(city.folder, origin="demo")) as record:
            while not stopping.wait(TICK_S):
                began = time.perf_counter()
                record.keep_vitals({f"value_{n}": began for n in range(50)})
                waits.append(time.perf_counter() - began)

    writing = threading.Thread(target=write)
    writing.start()
    yield waits
    stopping.set()
    writing.join()


def _median_s(ask: Callable[[], object]) -> float:
    return statistics.median(_timed(ask) for _ in range(TURNS))


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
