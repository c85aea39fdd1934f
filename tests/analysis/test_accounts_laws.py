"""Laws of the ledger over the real record, and a slow one in plain dictionaries that agrees."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmon.analysis.ledger import Parts
from netmon.analysis.ledger_report import CITY, LedgerReport
from netmon.domain.intervals import instant
from netmon.domain.model import DeviceKind, Service
from netmon.domain.verdict import SILENT, UP
from tests.analysis.ledger_town import (
    COMPUTERS,
    HOMES_M,
    PEOPLE,
    SINCE_S,
    WHOLE_DAY,
    LedgerTown,
    device,
    site,
)
from tests.analysis.month_town import DOWN

AFTER = instant(WHOLE_DAY[1] + 86_400)
SLOT_S = 900
ACTIVE = range(8 * 4, 20 * 4)
VERDICTS = {"works": UP, "failed": DOWN, "unknown": SILENT}
REACH_M, DETOUR = 400.0, 1.3


@dataclass(frozen=True)
class _Site:
    """A site in quarters of an hour of the worked day: computers are what they do in each."""

    east_m: float
    opens: int
    closes: int
    computers: tuple[tuple[str, ...], ...]
    closed: tuple[int, int] | None
    is_told_early: bool

    def state(self, slot: int) -> str:
        if not self.opens <= slot < self.closes:
            return "timetable"
        if self.closed and self.closed[0] <= slot < self.closed[1]:
            return "announced" if self.is_told_early else "failed"
        found = {each[slot] for each in self.computers} or {"unknown"}
        return next(each for each in ("works", "unknown", "failed") if each in found)


def _times(spans: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    return tuple(state for state, length in spans for _ in range(length))[:96]


COMPUTER = st.lists(
    st.tuples(st.sampled_from(sorted(VERDICTS)), st.integers(4, 48)), min_size=24, max_size=24
).map(_times)
SLOTS = st.tuples(st.integers(20, 84), st.integers(20, 84)).filter(lambda pair: pair[0] < pair[1])
SITES = st.lists(
    st.builds(
        lambda east_m, hours, computers, closed, is_early: _Site(
            east_m, *hours, tuple(computers), closed, is_early
        ),
        st.sampled_from([-300.0, 0.0, 150.0, 600.0, 900.0, 5000.0]),
        SLOTS,
        st.lists(COMPUTER, max_size=2),
        st.none() | SLOTS,
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
)


def _clock(slot: int) -> str:
    return f"{slot // 4:02}:{slot % 4 * 15:02}"


def _play(town: LedgerTown, sites: Sequence[_Site]) -> None:
    places, devices = [], []
    for number, each in enumerate(sites):
        hours = f"Mo-Su {_clock(each.opens)}-{_clock(each.closes)}"
        places.append(site(f"s{number}", each.east_m, hours, COMPUTERS))
        devices += [
            device(f"s{number}-{nth}", f"s{number}", DeviceKind.PUBLIC_PC)
            for nth in range(len(each.computers))
        ]
    town.hold(devices, SINCE_S, places)
    for number, each in enumerate(sites):
        for nth, states in enumerate(each.computers):
            _record(town, f"s{number}-{nth}", states)
        if each.closed is not None:
            start, end = map(_clock, each.closed)
            ahead_s = 2 * 86_400 if each.is_told_early else 3600
            start_s = WHOLE_DAY[0] + each.closed[0] * SLOT_S
            town.closed(f"s{number}", start, end, start_s - ahead_s)


def _record(town: LedgerTown, name: str, states: Sequence[str]) -> None:
    edges, slot = [(SINCE_S, UP)], 0
    for state, group in groupby(states):
        if edges[-1][1] is not VERDICTS[state]:
            edges.append((WHOLE_DAY[0] + slot * SLOT_S, VERDICTS[state]))
        slot += len(list(group))
    town.recorded(name, *edges, seen_s=WHOLE_DAY[1] + 7200)


def _slowly(sites: Sequence[_Site]) -> dict[str, Counter[str]]:
    """Return the hours of each home by part: slot by slot, person by person."""
    ranks = ("works", "unknown", "failed", "announced", "timetable")
    found: dict[str, Counter[str]] = {}
    for home, at_m in HOMES_M.items():
        found[home] = Counter()
        near = [each for each in sites if abs(each.east_m - at_m) * DETOUR <= REACH_M]
        for slot in ACTIVE:
            states = {each.state(slot) for each in near}
            part = next((each for each in ranks if each in states), "distance")
            found[home][part] += PEOPLE[home] / 4
    return found


def _told(parts: Parts) -> dict[str, float]:
    return {
        "works": parts.delivered_h,
        "unknown": parts.unverified_h,
        "failed": parts.outage_h,
        "announced": parts.announced_h,
        "timetable": parts.timetable_h,
        "distance": parts.distance_h,
    }


def _day(town: LedgerTown, start_s: int, end_s: int) -> LedgerReport:
    return town.ledgers().between((start_s, end_s), AFTER, [Service.COMPUTER])


@given(sites=SITES)
@settings(deadline=None, max_examples=30)
def test_a_slow_ledger_in_plain_dictionaries_agrees_on_random_small_cities(
    sites: list[_Site],
) -> None:
    with tempfile.TemporaryDirectory() as folder, LedgerTown(Path(folder)) as town:
        _play(town, sites)
        report = _day(town, *WHOLE_DAY)
    slow = _slowly(sites)
    assert {row.area for row in report.rows} == {CITY, *HOMES_M}
    for row in report.rows:
        if row.area != CITY:
            expected = {part: slow[row.area][part] for part in _told(row.parts)}
            assert _told(row.parts) == pytest.approx(expected)
        assert sum(row.cost_h.values()) == pytest.approx(row.parts.outage_h)
        assert sum(row.outage_by_cause_h.values()) == pytest.approx(row.parts.outage_h)
        assert "unexplained" not in "".join(row.cost_h)


@given(sites=SITES, cut=st.integers(1, 95))
@settings(deadline=None, max_examples=20)
def test_splitting_a_window_changes_no_total_and_no_cost(sites: list[_Site], cut: int) -> None:
    cut_s = WHOLE_DAY[0] + cut * SLOT_S + 7
    with tempfile.TemporaryDirectory() as folder, LedgerTown(Path(folder)) as town:
        _play(town, sites)
        whole = _day(town, *WHOLE_DAY)
        halves = [_day(town, WHOLE_DAY[0], cut_s), _day(town, cut_s, WHOLE_DAY[1])]
    for number, row in enumerate(whole.rows):
        parts = [each.rows[number] for each in halves]
        for each in fields(Parts):
            together = sum(getattr(half.parts, each.name) for half in parts)
            assert together == pytest.approx(getattr(row.parts, each.name), abs=1e-9)
        costs: Counter[str] = Counter()
        for half in parts:
            costs.update(half.cost_h)
        assert dict(costs) == pytest.approx(dict(row.cost_h))
    seats = [each.seats[Service.COMPUTER] for each in halves]
    counted = whole.seats[Service.COMPUTER]
    assert sum(each.working_s for each in seats) == counted.working_s
    assert sum(each.promised_s for each in seats) == counted.promised_s


@given(sites=SITES, more=SITES)
@settings(deadline=None, max_examples=15)
def test_one_more_site_never_raises_planning_and_never_lowers_delivered(
    sites: list[_Site], more: list[_Site]
) -> None:
    found = []
    for each in (sites, [*sites, *more]):
        with tempfile.TemporaryDirectory() as folder, LedgerTown(Path(folder)) as town:
            _play(town, each)
            found.append(_day(town, *WHOLE_DAY).rows)
    for before, after in zip(*found, strict=True):
        assert after.parts.planning_h <= before.parts.planning_h + 1e-9
        assert after.parts.delivered_h >= before.parts.delivered_h - 1e-9
        assert after.parts.total_h == pytest.approx(before.parts.total_h)
