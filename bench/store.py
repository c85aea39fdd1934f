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
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bench.table import Figure, tell
from bench.year import DOWN, City, build, months
from collectors.observation import Observation, Outcome
from netmon.analysis.views import RecordViews
from netmon.domain.intervals import instant
from netmon.domain.model import Status
from netmon.domain.state import Run, Transition
from netmon.scheduler.garbage import collect_seldom
from netmon.storage.backup import back_up
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader, RecordWriter, Step
from netmon.storage.restore import restore

LATEST_AIM_S, INCIDENTS_AIM_S, AVAILABILITY_AIM_S = 0.002, 0.08, 0.06
TURNS = 9
TICK_S = 0.02
"""How often the writer beside a backup commits: fifty times as often as netmon does."""

CALM_S = 1.0
DAY_S = 86_400
YEAR = (months()[0][0], months()[-1][1])


def main() -> int:
    """Measure, tell, and return 1 where an aim was missed."""
    parser = argparse.ArgumentParser(prog="bench.store", description=__doc__)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    collect_seldom()  # as a running netmon does
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
            "The first time nothing is kept yet, opening hours included.",
            "Until now: an incident is open, and another look is committed before each question.",
        ],
        as_json=given.as_json,
    )
    return int(any(each.aim is not None and each.value > each.aim for each in figures))


def _answers(city: City, devices: int) -> Iterator[Figure]:
    with closing(RecordReader(city.folder)) as record, closing(DeskReader(city.folder)) as desk:
        latest_s = _median_s(record.latest)
        yield Figure(f"latest look of {devices} devices", latest_s, "s", LATEST_AIM_S)
        # A day later: what may still explain the last hours of the year is known by then.
        over = Asked(city, record, desk, instant(YEAR[1] + DAY_S))
        yield from over.figures("a year that is over", _nothing)
        with _broken(city) as tick:
            going_on = Asked(city, record, desk, instant(YEAR[1]))
            yield from going_on.figures("a year until now", tick)
        runs_s = _median_s(lambda: record.runs_between(*YEAR))
        yield Figure("runs of the year, read from the store", runs_s, "s")


class Asked:
    """A process that is asked for a year; it knows nothing yet."""

    def __init__(self, city: City, record: RecordReader, desk: DeskReader, now: datetime) -> None:
        self._views = RecordViews(city.settings, city.calendar, record, desk)
        self._now = now

    def figures(self, year: str, between: Callable[[], None]) -> Iterator[Figure]:
        """Yield how long answers take; something happens `between` any two questions."""
        for what, aim_s, ask in (
            ("incidents", INCIDENTS_AIM_S, self._incidents),
            ("availability by device and month", AVAILABILITY_AIM_S, self._availability),
        ):
            yield Figure(f"{what}, {year}, the first time", _timed(ask), "s")
            yield Figure(f"{what}, {year}, again", _median_s(ask, between), "s", aim_s)

    def _incidents(self) -> None:
        self._views.incidents_between(YEAR, self._now)

    def _availability(self) -> None:
        for each in months():
            self._views.availability(each, self._now)


def _nothing() -> None:
    """Let nothing happen between two questions."""


@contextmanager
def _broken(city: City) -> Iterator[Callable[[], None]]:
    """
    Break for good the device that had worked for longest; yields what commits a look at it.

    Each look is a second later, as where somebody asks for the year again and again.
    """
    with closing(RecordWriter(city.folder, origin="demo")) as record:
        device_id, check = key = min(record.open_runs().items(), key=lambda each: each[1].since)[0]
        broke = record.open_runs()[key].since + timedelta(minutes=1)
        edges = [Transition(device_id, check, broke, Status.UP, DOWN)]
        seconds = count(YEAR[1] - DAY_S)

        def look() -> None:
            seen = Observation(device_id, check, instant(next(seconds)), Outcome.TIMEOUT)
            record.write([Step(seen, Run(*key, DOWN, broke, seen.at), tuple(edges))])
            edges.clear()

        look()
        yield look


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


def _median_s(ask: Callable[[], object], between: Callable[[], None] = _nothing) -> float:
    times = []
    for _ in range(TURNS):
        between()
        times.append(_timed(ask))
    return statistics.median(times)


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
