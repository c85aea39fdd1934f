"""Intervals against brute force: every law is counted second by second over a small range."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.intervals import (
    ALWAYS,
    Interval,
    Span,
    Windows,
    clipped,
    epoch_s,
    instant,
    intersection,
    overlaid,
    union,
    widened,
)
from netmon.domain.model import Status

RANGE = range(-5, 45)

pairs = st.tuples(st.integers(0, 40), st.integers(0, 40))
anything = st.lists(pairs, max_size=6)
disjoint = anything.map(union)
seconds = st.integers(RANGE.start, RANGE.stop - 1)
ordered = st.tuples(seconds, seconds).map(lambda ends: (min(ends), max(ends)))


@st.composite
def span_rows(draw: st.DrawFn) -> list[Span]:
    """Draw sorted, disjoint spans with gaps; each second of one can be told from the others."""
    edges = sorted(draw(st.sets(st.integers(0, 40), max_size=8)))
    halves = zip(edges[::2], edges[1::2], strict=False)
    statuses = st.sampled_from((Status.UP, Status.DOWN))
    return [Span(*ends, draw(statuses), is_usable=True, reason=str(ends)) for ends in halves]


def members(intervals: list[Interval]) -> set[int]:
    """Return every second of some intervals, one by one."""
    return {second for start, end in intervals for second in range(start, end)}


def by_second(spans: list[Span]) -> dict[int, tuple[Status, str]]:
    """Return what each second says; a second that is told twice is a failure."""
    told = [
        (second, (span.status, span.reason))
        for span in spans
        for second in range(span.start_s, span.end_s)
    ]
    assert len(dict(told)) == len(told)
    return dict(told)


def marked(span: Span) -> Span:
    return span._replace(status=Status.MAINTENANCE)


def is_canonical(intervals: list[Interval]) -> bool:
    """Say whether intervals are sorted, not empty, and neither touch nor overlap."""
    edges = [edge for interval in intervals for edge in interval]
    return all(edge < following for edge, following in pairwise(edges))


@given(anything)
def test_a_union_holds_the_same_seconds_in_the_fewest_intervals(intervals: list[Interval]) -> None:
    merged = union(intervals)
    assert members(merged) == members(intervals)
    assert is_canonical(merged)
    assert union(reversed(intervals)) == merged


@given(disjoint, disjoint)
def test_an_intersection_holds_what_both_hold(
    first: list[Interval], second: list[Interval]
) -> None:
    shared = intersection(first, second)
    assert members(shared) == members(first) & members(second)
    assert is_canonical(shared)
    assert intersection(second, first) == shared


@given(disjoint, st.integers(0, 5))
def test_widening_adds_the_seconds_within_the_slack(
    intervals: list[Interval], slack_s: int
) -> None:
    near = {
        second + shift for second in members(intervals) for shift in range(-slack_s, slack_s + 1)
    }
    assert members(widened(intervals, slack_s)) == near
    assert is_canonical(widened(intervals, slack_s))


@given(span_rows(), ordered)
def test_clipping_keeps_what_is_inside_and_leaves_no_empty_span(
    spans: list[Span], ends: Interval
) -> None:
    inside = clipped(spans, *ends)
    expected = {at: told for at, told in by_second(spans).items() if ends[0] <= at < ends[1]}
    assert by_second(inside) == expected
    assert all(span.start_s < span.end_s for span in inside)


@given(span_rows(), disjoint)
def test_a_mask_changes_the_seconds_under_it_and_no_others(
    spans: list[Span], mask: list[Interval]
) -> None:
    laid = overlaid(spans, mask, marked)
    under = members(mask)
    assert by_second(laid) == {
        at: (Status.MAINTENANCE if at in under else status, reason)
        for at, (status, reason) in by_second(spans).items()
    }
    assert all(span.start_s < span.end_s for span in laid)
    assert laid == sorted(laid, key=lambda span: span.start_s)


@given(anything, ordered)
def test_windows_count_the_seconds_inside_them(intervals: list[Interval], ends: Interval) -> None:
    windows, held = Windows(intervals), members(intervals)
    assert windows.seconds_in(*ends) == len(held & set(range(*ends)))
    assert windows.seconds_before(ends[0]) == len([second for second in held if second < ends[0]])


@given(anything, ordered)
def test_the_outside_of_windows_is_the_rest_of_an_interval(
    intervals: list[Interval], ends: Interval
) -> None:
    gaps = Windows(intervals).outside(*ends)
    assert members(gaps) == set(range(*ends)) - members(intervals)
    assert is_canonical(gaps)


@given(anything, seconds)
def test_windows_know_whether_they_hold_an_instant_and_when_that_changes(
    intervals: list[Interval], second: int
) -> None:
    windows, held = Windows(intervals), members(intervals)
    assert windows.contain(second) == (second in held)
    later = range(second + 1, 50)
    changes = (at for at in later if (at in held) != (second in held))
    assert windows.next_edge(second) == next(changes, None)


def test_no_windows_hold_nothing_and_never_change() -> None:
    never = Windows([])
    assert (never.contain(0), never.next_edge(0), never.seconds_in(0, 9)) == (False, None, 0)
    assert never.outside(3, 9) == [(3, 9)]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_instants_become_whole_seconds_and_come_back(at: datetime) -> None:
    assert instant(epoch_s(at)) == at.replace(microsecond=0)


def test_the_zone_of_an_instant_does_not_matter_but_it_must_have_one() -> None:
    brussels_winter = datetime(2026, 1, 5, 10, tzinfo=timezone(timedelta(hours=1)))
    assert epoch_s(brussels_winter) == epoch_s(datetime(2026, 1, 5, 9, tzinfo=UTC))
    with pytest.raises(ValueError, match="expected an aware datetime, found 2026-01-05T10:00:00"):
        epoch_s(brussels_winter.replace(tzinfo=None))


def test_the_window_that_never_closes_holds_every_instant_of_our_time() -> None:
    assert ALWAYS.contain(epoch_s(datetime(2100, 1, 1, tzinfo=UTC)))
    assert ALWAYS.outside(0, 10**10) == []
    assert ALWAYS.next_edge(epoch_s(datetime(2026, 1, 5, tzinfo=UTC))) is None
