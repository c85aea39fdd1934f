"""
What a month's ledger costs in a large city.

`python -m bench.ledger`: 40,000 places where people live, 25 sites, a walking network of 25,000
corners and a month of failures, all invented. First the arithmetic alone, then the whole way from
a written record to the report.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from bench.ledger_city import CALENDAR, people_of, recorded
from bench.table import Figure, are_met, tell
from bench.year import months
from geodata.walking import WalkingNetwork
from netmon.analysis.accounts import LedgerViews
from netmon.analysis.announced import Agenda
from netmon.analysis.hours import OpeningHours
from netmon.analysis.ledger import Demand, Stage, ledger
from netmon.analysis.month_reading import Stores
from netmon.domain.intervals import Interval, instant
from netmon.domain.offers import OfferSpan, OfferState
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader

PEOPLE, SITES, CORNERS, STEP_M = 40_000, 25, 158, 40.0
DAYS, DAY_S, HOUR_S = 31, 86_400, 3600
REACH_M = 800.0
GROUPS = ("all", "older", "newcomers", "young")


def main() -> int:
    """Measure, tell, and return 1 where an aim was missed."""
    parser = argparse.ArgumentParser(prog="bench.ledger", description=__doc__)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    draw = np.random.default_rng(20261123)
    side_m = (CORNERS - 1) * STEP_M
    network = WalkingNetwork(_streets())
    homes, sites = draw.uniform(0, side_m, (PEOPLE, 2)), draw.uniform(0, side_m, (SITES, 2))
    began_s = time.perf_counter()
    walked = network.distances_m(network.place(sites), network.place(homes), REACH_M)
    reached_s = time.perf_counter()
    demands = _demands(np.isfinite(walked), draw)
    offers = {f"site-{each}": _month(draw) for each in range(SITES)}
    accounts = ledger(offers, demands, _stage())
    ended_s = time.perf_counter()
    total_h = sum(each.parts.total_h for each in accounts)
    first_s, again_s, rows = _over_the_record(homes, sites, draw)
    figures = [
        Figure("corners of the network", float(len(network.nodes)), ""),
        Figure(f"reach of {PEOPLE:,} homes and {SITES} sites", reached_s - began_s, "s", 1.0),
        Figure(f"ledger of a month, {len(demands):,} demands", ended_s - reached_s, "s", 5.0),
        Figure("person-hours in it", total_h, "h"),
        Figure("a month over the record, the first time", first_s, "s", 5.0),
        Figure("the same again, walks known", again_s, "s", 5.0),
        Figure("rows of its report", float(rows), ""),
    ]
    tell("The ledger", figures, ["City, people and failures are synthetic."], as_json=given.as_json)
    return int(not are_met(figures))


def _over_the_record(
    homes: NDArray[np.float64], sites: NDArray[np.float64], draw: np.random.Generator
) -> tuple[float, float, int]:
    """Return how long a month's ledger takes from both stores, twice, and how many rows it has."""
    people, bounds = people_of(homes, _streets(), draw), months()[9]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = recorded(folder, sites)
        record = stack.enter_context(closing(RecordReader(folder)))
        desk = stack.enter_context(closing(DeskReader(folder)))
        stores = Stores(settings, OpeningHours(CALENDAR), record, desk, Agenda(desk))
        views, now = LedgerViews(stores, people), instant(bounds[1] + DAY_S)
        began_s = time.perf_counter()
        report = views.between(bounds, now)
        first_s = time.perf_counter()
        views.between(bounds, now)
        return first_s - began_s, time.perf_counter() - first_s, len(report.rows)


def _streets() -> list[shapely.LineString]:
    along = np.arange(CORNERS) * STEP_M
    rows = [np.column_stack([along, np.full(CORNERS, at)]) for at in along]
    return [shapely.LineString(each) for row in rows for each in (row, row[:, ::-1])]


def _demands(reached: NDArray[np.bool_], draw: np.random.Generator) -> list[Demand]:
    names = np.array([f"site-{each}" for each in range(SITES)])
    reaches = [frozenset(names[column].tolist()) for column in reached.T]
    people = draw.uniform(0, 3, (len(GROUPS), PEOPLE))
    return [
        Demand(group, f"area-{home % 12}", float(people[number, home]), reach)
        for number, group in enumerate(GROUPS)
        for home, reach in enumerate(reaches)
    ]


def _month(draw: np.random.Generator) -> list[OfferSpan]:
    """Return open days of nine hours, with a failure on every third."""
    spans: list[OfferSpan] = []
    for day in range(DAYS):
        opens_s, closes_s = day * DAY_S + 9 * HOUR_S, day * DAY_S + 18 * HOUR_S
        broken_s, mended_s = sorted(draw.integers(opens_s + 1, closes_s, 2).tolist())
        if day % 3 or broken_s == mended_s:
            spans.append(OfferSpan(opens_s, closes_s, OfferState.WORKS))
            continue
        name = f"incident-{draw.integers(1_000_000)}"
        spans += [
            OfferSpan(opens_s, broken_s, OfferState.WORKS),
            OfferSpan(broken_s, mended_s, OfferState.FAILED, (name,)),
            OfferSpan(mended_s, closes_s, OfferState.WORKS),
        ]
    return spans


def _stage() -> Stage:
    active: Sequence[Interval] = [
        (day * DAY_S + 8 * HOUR_S, day * DAY_S + 22 * HOUR_S) for day in range(DAYS)
    ]
    hours = [(hour * HOUR_S, (hour + 1) * HOUR_S, hour % 168) for hour in range(DAYS * 24)]
    return Stage(active, hours)


if __name__ == "__main__":
    sys.exit(main())
