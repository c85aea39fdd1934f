"""
What a planner waits for: the start, a page, and a scenario in the demo's city.

`python -m bench.plan` opens the demo's inventory with an empty record. Each scenario is one that
nobody asked before; the aim for it is that of the page, a second, on this machine.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from bench.table import Figure, are_met, tell
from geodata.city import City
from netmon.analysis.plan_rows import Action, Scenario, Step
from netmon.analysis.plan_views import PlanViews
from netmon.analysis.scenarios import Scenarios
from netmon.analysis.views import RecordViews
from netmon.config.calendar import load_calendar
from netmon.config.inventory import load_inventory
from netmon.config.settings import Settings
from netmon.domain.intervals import Interval, epoch_s
from netmon.domain.model import Service
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.record import RecordReader, RecordWriter

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
MONTH: Interval = (epoch_s(NOW - timedelta(days=30)), epoch_s(NOW))
TRIED = 10
AIM_S = 1.0

T = TypeVar("T")


def main() -> int:
    """Measure, tell, and return 1 where an aim was missed."""
    parser = argparse.ArgumentParser(prog="bench.plan", description=__doc__)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        plan = _opened(stack, Path(folder))
        _, start_s = _timed(lambda: plan.prepare(NOW))
        _, page_s = _timed(lambda: plan.rows(MONTH, NOW))
        moves_s, hours_s = (
            [_timed(partial(plan.what_if, made(number), NOW))[1] for number in range(TRIED)]
            for made in (_move, _hours)
        )
    figures = [
        Figure("at start: layers, the first map, the first week", start_s, "s"),
        Figure("all figures of a month, nothing recorded", page_s, "s"),
        Figure(f"an access point moved, median of {TRIED}", statistics.median(moves_s), "s", AIM_S),
        Figure(f"an access point moved, worst of {TRIED}", max(moves_s), "s", AIM_S),
        Figure(f"hours of a site changed, worst of {TRIED}", max(hours_s), "s", AIM_S),
    ]
    tell("The planner's page", figures, ["People are synthetic."], as_json=given.as_json)
    return int(not are_met(figures))


def _opened(stack: ExitStack, folder: Path) -> PlanViews:
    city = City.bundled()
    settings = Settings.model_validate(
        {
            "city": {"folder": str(city.folder)},
            "store": {"folder": str(folder), "origin": "demo"},
            "inventory": {"sites": str(city.demo_sites), "devices": str(city.demo_devices)},
            "credentials": {"demo": {"community_env": "NETMON_COMMUNITY"}},
        }
    )
    named = settings.city
    calendar = load_calendar(city.holidays, timezone=named.timezone, country=named.country)
    desk = stack.enter_context(closing(DeskWriter(folder, origin="demo")))
    desk.import_inventory(load_inventory(settings, calendar), MONTH[0])
    stack.enter_context(closing(RecordWriter(folder, origin="demo")))
    reader = stack.enter_context(closing(DeskReader(folder)))
    record = stack.enter_context(closing(RecordReader(folder)))
    views = RecordViews(settings, calendar, record, reader)
    return PlanViews(settings, calendar, views, Scenarios(reader, desk.keep_scenario))


def _move(number: int) -> Scenario:
    lat = 51.0234 + number * 0.0003
    return Scenario("", "", (Step(Action.MOVE_ACCESS_POINT, "ap-bruul-01", 4.4821, lat),))


def _hours(number: int) -> Scenario:
    hours = f"Mo-Fr 08:00-{12 + number}:00"
    step = Step(Action.SET_HOURS, "bib-predikheren", service=Service.COMPUTER, hours=hours)
    return Scenario("", "", (step,))


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began_s = time.perf_counter()
    return work(), time.perf_counter() - began_s


if __name__ == "__main__":
    sys.exit(main())
