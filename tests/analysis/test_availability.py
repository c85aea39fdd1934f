"""How devices spent an interval: exact on days of 23 and 25 hours, equal to a slow count."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.observation import Outcome
from netmon.analysis.availability import AvailabilityRow
from netmon.domain.intervals import Interval, epoch_s
from netmon.domain.model import Power, Status
from tests.analysis.town import BRUUL, LOCAL, START, Town, access_point, at, only_icmp

LIBRARY = replace(
    BRUUL, id="library", is_street=False, opening_hours="Mo-Su 01:00-05:00,09:00-12:00"
)
SWITCH = access_point("sw", place="library")
COMPUTER = access_point("pc", "sw", place="library", power=Power.WITH_SITE)
ON_DEMAND = access_point("spare", place="library", power=Power.ON_DEMAND)
# Each edge then falls on half a minute, 2.5 of these intervals included.
TIMING = only_icmp(checks={"icmp": {"interval_s": 120, "retry_interval_s": 60}})
CELL_S = 30
SLACK_CELLS = 2 * 120 // CELL_S

DAYS = {
    "the day of 25 hours": datetime(2026, 10, 25, tzinfo=LOCAL),
    "the day of 23 hours": datetime(2027, 3, 28, tzinfo=LOCAL),
    "a day of 24 hours": datetime(2026, 11, 25, tzinfo=LOCAL),
}
LENGTH_H = {"the day of 25 hours": 25, "the day of 23 hours": 23, "a day of 24 hours": 24}


def day_bounds(day: datetime) -> Interval:
    return epoch_s(day), epoch_s(day.replace(day=day.day + 1))


def by_id(town: Town, bounds: Interval, now_s: int) -> dict[str, AvailabilityRow]:
    now = datetime.fromtimestamp(now_s, UTC)
    return {row.id: row for row in town.views.availability(bounds, now)}


def story(of: str) -> st.SearchStrategy[list[tuple[str, int, Outcome]]]:
    """Return looks at a device: minutes since the one before, and how each ended."""
    outcomes = st.sampled_from(
        [Outcome.OK, Outcome.OK, Outcome.TIMEOUT, Outcome.TIMEOUT, Outcome.TLS]
    )
    one = st.tuples(st.just(of), st.sampled_from([1, 1, 2, 4, 10, 90]), outcomes)
    return st.lists(one, max_size=60)


def play(town: Town, begin_s: int, looks: list[tuple[str, int, Outcome]]) -> int:
    """Look as the story says and return the last instant."""
    at_s = begin_s
    for device, minutes, outcome in looks:
        at_s += 60 * minutes
        town.hear(device, at_s - epoch_s(START), outcome)
    town.judge.keep()
    return at_s


class SlowCount:
    """Every half minute for itself: no interval arithmetic, no library for opening hours."""

    def __init__(self, town: Town, now_s: int, works: list[Interval]) -> None:
        self._rows, self._now_s, self._works = town.rows(), now_s, works
        self._looks = {look.observation.target: look for look in town.views._record.latest()}

    def status(self, device: str, at_s: int) -> Status:
        first_s = min((run.start_s for run in self._rows if run.device_id == device), default=None)
        if first_s is None or not first_s <= at_s < self._now_s:
            return Status.UNKNOWN
        own = self._own(device, at_s)
        if any(start <= at_s < end for start, end in self._works):
            return Status.MAINTENANCE
        if own is Status.DOWN and device == "pc" and self._is_switch_failing_about(at_s):
            return Status.UNREACHABLE
        return own

    def _own(self, device: str, at_s: int) -> Status:
        for run in self._rows:
            if run.device_id == device and run.start_s <= at_s:
                if run.end_s is None and at_s >= self._known_until_s(
                    device, run.start_s, run.status
                ):
                    return Status.UNKNOWN
                if run.end_s is None or at_s < run.end_s:
                    return run.status
        return Status.UNKNOWN

    def _known_until_s(self, device: str, start_s: int, status: Status) -> int:
        look = self._looks[device]
        last_s = epoch_s(look.observation.at)
        is_dead = status is Status.DOWN and not look.recent and last_s - start_s > 300
        return last_s + (750 if is_dead else 300)

    def _is_switch_failing_about(self, at_s: int) -> bool:
        cells = range(-SLACK_CELLS, SLACK_CELLS + 1)
        return any(self._is_switch_failing(at_s + cell * CELL_S) for cell in cells)

    def _is_switch_failing(self, at_s: int) -> bool:
        recent = self._looks["sw"].recent if "sw" in self._looks else ()
        downs = [epoch_s(each.at) for each in recent if each.verdict.status is Status.DOWN]
        seems_to_fail = bool(recent) and recent[-1].verdict.status is Status.DOWN
        if seems_to_fail and downs[0] <= at_s < self._now_s:
            return True
        return at_s < self._now_s and self._own("sw", at_s) is Status.DOWN


def cells(bounds: Interval) -> Iterator[tuple[int, int]]:
    """Yield each half minute with its local hour."""
    for at_s in range(*bounds, CELL_S):
        yield at_s, datetime.fromtimestamp(at_s, UTC).astimezone(LOCAL).hour


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_shares_equal_a_count_of_every_half_minute(
    tmp_path_factory: pytest.TempPathFactory, day: datetime, data: st.DataObject
) -> None:
    begin_s, end_s = bounds = day_bounds(day)
    works = data.draw(st.sampled_from([[], [(begin_s + 9 * 3600, begin_s + 11 * 3600)]]))
    with Town(tmp_path_factory.mktemp("town"), TIMING) as town:
        town.inhabit([SWITCH, COMPUTER], [LIBRARY])
        ends_s = [play(town, begin_s, data.draw(story(each))) for each in ("sw", "pc")]
        for start, end in works:
            town.announce("library", start - epoch_s(START), end - epoch_s(START))
        now_s = max(ends_s) + 60 * data.draw(st.sampled_from([0, 3, 20, 2000]))
        found = by_id(town, bounds, now_s)
        slow = SlowCount(town, now_s, works)
        counts = {"sw": Counter[Status](), "pc": Counter[Status]()}
        for at_s, hour in cells(bounds):
            counts["sw"][slow.status("sw", at_s)] += CELL_S
            is_open = hour in {1, 2, 3, 4, 9, 10, 11}
            counts["pc"][slow.status("pc", at_s) if is_open else Status.EXPECTED_OFF] += CELL_S
    for device, expected in counts.items():
        shares = found[device].shares
        assert {each: getattr(shares, f"{each.value}_s") for each in Status} == {
            each: expected[each] for each in Status
        }
        assert sum(astuple(shares)[1:8]) == shares.window_s == end_s - begin_s


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(looks=st.tuples(story("sw"), story("pc")), data=st.data())
def test_splitting_an_interval_anywhere_changes_no_total(
    tmp_path_factory: pytest.TempPathFactory,
    looks: tuple[list[tuple[str, int, Outcome]], ...],
    data: st.DataObject,
) -> None:
    """Where a parent failed just outside a part, its child is excused inside all the same."""
    begin_s, end_s = day_bounds(DAYS["the day of 25 hours"])
    with Town(tmp_path_factory.mktemp("town"), TIMING) as town:
        town.inhabit([SWITCH, replace(COMPUTER, power=Power.ALWAYS_ON)], [LIBRARY])
        for each in looks:
            play(town, begin_s, each)
        now_s = end_s + data.draw(st.integers(-80_000, 80_000))
        edges = [run.start_s for run in town.rows()]
        near = st.sampled_from(edges or [begin_s]).flatmap(
            lambda edge: st.integers(edge - 200, edge + 200)
        )
        cut_s = min(max(data.draw(near), begin_s), end_s)
        whole = by_id(town, (begin_s, end_s), now_s)
        parts = [by_id(town, each, now_s) for each in ((begin_s, cut_s), (cut_s, end_s))]
    for device, row in whole.items():
        summed = [
            sum(pair)
            for pair in zip(*(astuple(part[device].shares) for part in parts), strict=True)
        ]
        assert summed == list(astuple(row.shares))


@pytest.mark.parametrize("cut", [630, 1290], ids=["as it fails", "as it recovers"])
def test_a_child_is_excused_by_a_parent_that_fails_just_outside(tmp_path: Path, cut: int) -> None:
    """The access point fails a minute before its switch is looked at, and recovers after it."""
    start_s = epoch_s(START)
    with Town(tmp_path, TIMING) as town:
        town.inhabit([SWITCH, access_point("ap", "sw", place="library")], [LIBRARY])
        for device, (failed, back) in {"sw": (660, 1200), "ap": (600, 1320)}.items():
            town.see(device, range(0, failed, 120))
            town.see(device, range(failed, back, 60), Outcome.TIMEOUT)
            town.see(device, range(back, 2400, 60))
        parts = [(start_s, start_s + cut), (start_s + cut, start_s + 2400)]
        shares = [by_id(town, part, start_s + 2400)["ap"].shares for part in parts]
    assert [part.down_s for part in shares] == [0, 0]
    assert [part.unreachable_s for part in shares] == [cut - 600, 1320 - cut]


@pytest.mark.parametrize("name", DAYS)
def test_a_day_is_as_long_as_it_is(tmp_path: Path, name: str) -> None:
    """All the hours of the day are accounted for, and closing time is what is left of it."""
    bounds = day_bounds(DAYS[name])
    with Town(tmp_path, TIMING) as town:
        town.inhabit([SWITCH, COMPUTER], [LIBRARY])
        rows = by_id(town, bounds, bounds[1])
    assert rows["sw"].shares.window_s == LENGTH_H[name] * 3600
    # The hour after 02.00 comes twice in October and not at all in March.
    open_h = 7 + LENGTH_H[name] - 24
    assert rows["pc"].shares.expected_off_s == (LENGTH_H[name] - open_h) * 3600


def test_what_lies_ahead_is_unknown(tmp_path: Path) -> None:
    with Town(tmp_path, TIMING) as town:
        town.inhabit([SWITCH], [LIBRARY])
        town.see("sw", range(0, 3601, 120))
        start_s = epoch_s(START)
        shares = by_id(town, (start_s, start_s + 7200), start_s + 3600)["sw"].shares
    assert (shares.up_s, shares.unknown_s, shares.window_s) == (3600, 3600, 7200)
    assert shares.availability == 1


def test_an_interval_that_lies_ahead_as_a_whole_is_unknown(tmp_path: Path) -> None:
    with Town(tmp_path, TIMING) as town:
        town.inhabit([SWITCH, COMPUTER], [LIBRARY])
        town.see("sw", (0, 120))
        town.see("pc", (0, 120))
        start_s = epoch_s(START + timedelta(days=90))
        rows = by_id(town, (start_s, start_s + 86_400), epoch_s(at(120)))
    assert rows["sw"].shares.unknown_s == 86_400
    assert rows["pc"].shares.unknown_s == 7 * 3600
    assert rows["pc"].shares.expected_off_s == 17 * 3600
    assert rows["pc"].shares.availability is None


def test_nothing_observed_is_no_availability(tmp_path: Path) -> None:
    with Town(tmp_path, TIMING) as town:
        town.inhabit([SWITCH], [LIBRARY])
        (row,) = by_id(town, (0, 3600), epoch_s(START)).values()
    assert (row.shares.unknown_s, row.shares.availability) == (3600, None)


def test_where_no_hours_are_known_nothing_was_promised(tmp_path: Path) -> None:
    with Town(tmp_path, TIMING) as town:
        town.inhabit([ON_DEMAND], [LIBRARY])
        town.see("spare", range(0, 3600, 120))
        start_s = epoch_s(START)
        (row,) = by_id(town, (start_s, start_s + 3600), start_s + 3600).values()
    assert (row.shares.unknown_s, row.shares.availability) == (3600, None)


def test_an_empty_store_has_no_rows(tmp_path: Path) -> None:
    with Town(tmp_path, TIMING) as town:
        assert by_id(town, (0, 3600), 3600) == {}
