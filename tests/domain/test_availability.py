"""Shares that add up to the second, and the ratio that is read from them."""

from dataclasses import astuple
from datetime import UTC, date, datetime, time, timedelta
from operator import add
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.availability import Shares, shares
from netmon.domain.intervals import ALWAYS, Interval, Span, Windows, epoch_s, overlaid, union
from netmon.domain.model import Status

BRUSSELS = ZoneInfo("Europe/Brussels")
END_S = 60
STATES = [
    (Status.UP, True),
    (Status.DEGRADED, True),
    (Status.DEGRADED, False),
    (Status.DOWN, False),
    (Status.UNREACHABLE, False),
    (Status.UNKNOWN, False),
    (Status.MAINTENANCE, False),
]

masks = st.lists(st.tuples(st.integers(0, END_S), st.integers(0, END_S)), max_size=4).map(union)
hours = st.none() | masks.map(Windows)


@st.composite
def timelines(draw: st.DrawFn) -> list[Span]:
    """Draw what `read_spans` may give before the windows: sorted, disjoint, with gaps."""
    edges = sorted(draw(st.sets(st.integers(0, END_S), max_size=8)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [Span(*pair, *draw(st.sampled_from(STATES)), reason="") for pair in pairs]


@st.composite
def cuts(draw: st.DrawFn, count: int) -> list[int]:
    """Draw ascending instants in and around the range."""
    return sorted(draw(st.integers(-5, END_S + 5)) for _ in range(count))


def parts(found: Shares) -> list[int]:
    """Return the seven shares, in the order of the command line's JSON."""
    return list(astuple(found))[1:8]


def working_in(span: Span) -> Span:
    return span._replace(status=Status.MAINTENANCE, is_usable=False)


@given(timelines(), hours, cuts(2))
def test_the_seven_shares_add_up_to_the_whole_interval(
    spans: list[Span], windows: Windows | None, ends: list[int]
) -> None:
    found = shares(spans, windows, *ends)
    assert sum(parts(found)) == found.window_s == ends[1] - ends[0]
    assert min(parts(found)) >= 0
    assert found.usable_s <= found.up_s + found.degraded_s


@given(timelines(), hours, cuts(2))
def test_usable_failed_and_unreachable_are_all_the_time_that_counts(
    spans: list[Span], windows: Windows | None, ends: list[int]
) -> None:
    found = shares(spans, windows, *ends)
    counted = found.usable_s + found.failed_s + found.unreachable_s
    assert found.failed_s >= found.down_s
    assert found.availability == (found.usable_s / counted if counted else None)


@given(timelines(), masks, cuts(2))
def test_each_second_falls_in_the_share_that_its_status_names(
    spans: list[Span], opened: list[Interval], ends: list[int]
) -> None:
    counted = dict.fromkeys(Status, 0)
    for second in range(*ends):
        told = [span.status for span in spans if span.start_s <= second < span.end_s]
        is_open = any(start <= second < end for start, end in opened)
        counted[(told or [Status.UNKNOWN])[0] if is_open else Status.EXPECTED_OFF] += 1
    order = ("up", "degraded", "down", "unreachable", "unknown", "maintenance", "expected_off")
    found = shares(spans, Windows(opened), *ends)
    assert parts(found) == [counted[Status(name)] for name in order]


@given(timelines(), hours, cuts(3))
def test_splitting_the_interval_anywhere_changes_no_total(
    spans: list[Span], windows: Windows | None, ends: list[int]
) -> None:
    start, middle, end = ends
    halves = shares(spans, windows, start, middle), shares(spans, windows, middle, end)
    assert astuple(shares(spans, windows, start, end)) == tuple(map(add, *map(astuple, halves)))


@given(timelines(), hours, masks)
def test_maintenance_only_takes_time_away_from_the_others(
    spans: list[Span], windows: Windows | None, works: list[Interval]
) -> None:
    before = shares(spans, windows, 0, END_S)
    after = shares(overlaid(spans, works, working_in), windows, 0, END_S)
    assert after.maintenance_s >= before.maintenance_s
    assert after.expected_off_s == before.expected_off_s
    assert after.usable_s <= before.usable_s
    for had, has in zip(parts(before)[:5], parts(after)[:5], strict=True):
        assert has <= had


@given(timelines(), hours, cuts(2))
def test_availability_is_a_ratio_or_not_known(
    spans: list[Span], windows: Windows | None, ends: list[int]
) -> None:
    found = shares(spans, windows, *ends)
    counted = found.up_s + found.degraded_s + found.down_s + found.unreachable_s
    assert (found.availability is None) == (counted == 0)
    assert found.availability is None or 0 <= found.availability <= 1


@pytest.mark.parametrize(
    ("spans", "windows", "expected"),
    [
        pytest.param([], ALWAYS, None, id="nothing observed is no availability"),
        pytest.param([(0, 60, 5)], ALWAYS, None, id="unknown throughout is none either"),
        pytest.param([(0, 60, 6)], ALWAYS, None, id="nor is maintenance throughout"),
        pytest.param([(0, 60, 0)], None, None, id="nor up while nobody knows the hours"),
        pytest.param([(0, 60, 0)], Windows([]), None, id="nor up where nothing was promised"),
        pytest.param([(0, 60, 0)], ALWAYS, 1.0, id="up throughout is 1"),
        pytest.param([(0, 60, 3)], ALWAYS, 0.0, id="down throughout is 0"),
        pytest.param([(0, 45, 0), (45, 60, 3)], ALWAYS, 0.75, id="a quarter down"),
        pytest.param([(0, 45, 0), (45, 60, 4)], ALWAYS, 0.75, id="unreachable counts as failed"),
        pytest.param([(0, 45, 0), (45, 60, 5)], ALWAYS, 1.0, id="unknown stands beside it"),
        pytest.param([(0, 45, 0), (45, 60, 6)], ALWAYS, 1.0, id="so does maintenance"),
        pytest.param([(0, 45, 0), (45, 60, 1)], ALWAYS, 1.0, id="degraded but usable is usable"),
        pytest.param([(0, 45, 0), (45, 60, 2)], ALWAYS, 0.75, id="degraded and unusable is not"),
        pytest.param(
            [(0, 45, 0), (45, 60, 3)], Windows([(30, 50)]), 0.75, id="outside the hours is nothing"
        ),
    ],
)
def test_availability_is_usable_of_all_that_counts(
    spans: list[tuple[int, int, int]], windows: Windows | None, expected: float | None
) -> None:
    told = [Span(start, end, *STATES[state], reason="") for start, end, state in spans]
    found = shares(told, windows, 0, END_S).availability
    assert found == (None if expected is None else pytest.approx(expected))


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an end after 9, found 3"):
        shares([], ALWAYS, 9, 3)


def local(day: date, hour: float, fold: int = 0) -> int:
    """Return the epoch second of a wall-clock time in Brussels."""
    wall = (datetime.combine(day, time()) + timedelta(hours=hour)).replace(fold=fold)
    return epoch_s(wall.replace(tzinfo=BRUSSELS))


SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "hours_long"),
    [
        pytest.param(SPRING, 23, id="the day on which summer time begins has 23 hours"),
        pytest.param(AUTUMN, 25, id="the day on which it ends has 25"),
        pytest.param(date(2026, 3, 30), 24, id="every other day has 24"),
    ],
)
def test_a_local_day_is_as_long_as_it_is(day: date, hours_long: int) -> None:
    midnight, next_midnight = local(day, 0), local(day + timedelta(days=1), 0)
    open_all_day = Windows([(midnight, next_midnight)])
    up = [Span(midnight - 90_000, next_midnight + 90_000, Status.UP, is_usable=True, reason="")]
    found = shares(up, open_all_day, midnight, next_midnight)
    assert (found.window_s, found.up_s) == (hours_long * 3600, hours_long * 3600)
    opened = Windows([(local(day, 1), local(day, 9))])
    assert shares(up, opened, midnight, next_midnight).up_s == (hours_long - 16) * 3600


def test_the_half_hour_that_comes_twice_is_counted_twice() -> None:
    twice = [(local(AUTUMN, 2.5, fold), local(AUTUMN, 2.75, fold)) for fold in (0, 1)]
    assert twice[1][0] - twice[0][0] == 3600
    down = [Span(*twice[1], Status.DOWN, is_usable=False, reason="timeout")]
    found = shares(down, Windows(twice), local(AUTUMN, 0), local(AUTUMN, 24))
    assert (found.down_s, found.unknown_s, found.expected_off_s) == (900, 900, 25 * 3600 - 1800)


def test_an_outage_across_the_lost_hour_lasts_what_the_clock_on_the_wall_hides() -> None:
    lost = [Span(local(SPRING, 1.5), local(SPRING, 3.5), Status.DOWN, is_usable=False, reason="")]
    found = shares(lost, ALWAYS, local(SPRING, 0), local(SPRING, 24))
    assert found.down_s == 3600
    assert datetime.fromtimestamp(local(SPRING, 1.5), UTC).hour == 0
