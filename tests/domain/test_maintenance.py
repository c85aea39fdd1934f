"""What is announced: versions of it, what cancelling leaves, and how it changes a site's hours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.intervals import Interval, Windows, union
from netmon.domain.maintenance import (
    Announcement,
    Change,
    Effect,
    Timing,
    changed,
    to_keep,
    until_cut,
    without,
)

LAST_S = 60
pairs = st.lists(st.tuples(st.integers(0, LAST_S), st.integers(0, LAST_S)), max_size=6)
disjoint = pairs.map(union)
changes = st.lists(st.builds(Change, st.booleans(), disjoint.map(tuple)), max_size=4)

TIMING = Timing(datetime(2026, 11, 26, 8), "Europe/Brussels", wall_s=7200)  # noqa: DTZ001 - by the clock on the wall
SAID = Announcement("uid", Effect.MAINTENANCE, ("sw-1",), TIMING, announced_s=1000)


def seconds(intervals: Sequence[Interval]) -> set[int]:
    return {second for start, end in intervals for second in range(start, end)}


def is_sorted_and_disjoint(intervals: Sequence[Interval]) -> bool:
    return list(intervals) == union(intervals)


@given(disjoint, disjoint)
def test_without_leaves_exactly_what_lies_in_no_window(
    opened: list[Interval], closed: list[Interval]
) -> None:
    left = without(opened, Windows(closed))
    assert seconds(left) == seconds(opened) - seconds(closed)
    assert is_sorted_and_disjoint(left)


@given(disjoint, changes)
def test_each_second_is_as_the_last_that_speaks_of_it_says(
    opened: list[Interval], said: list[Change]
) -> None:
    found = changed(opened, said)
    assert is_sorted_and_disjoint(found)
    for second in range(LAST_S):
        heard = [each.is_open for each in said if second in seconds(each.times)]
        expected = heard[-1] if heard else second in seconds(opened)
        assert (second in seconds(found)) is expected


@given(disjoint)
def test_without_exceptions_the_hours_are_what_they_were(opened: list[Interval]) -> None:
    assert changed(opened, []) == opened
    assert changed(opened, [Change(is_open=True, times=())]) == opened


@given(disjoint, st.integers(0, LAST_S))
def test_cancelling_takes_the_rest_and_leaves_the_past(times: list[Interval], cut_s: int) -> None:
    left = seconds(until_cut(times, cut_s))
    assert left == {second for second in seconds(times) if second < cut_s}
    assert until_cut(times, None) == times
    assert until_cut(times, 0) == []


@pytest.mark.parametrize(
    ("change", "announced_s"),
    [
        pytest.param({"note": "longer"}, 1000, id="a note is nothing that anyone planned by"),
        pytest.param({"sequence": 3}, 1000, id="nor is a number"),
        pytest.param({"cut_s": 5000}, 1000, id="cancelling takes back what was known"),
        pytest.param({"subjects": ("sw-2",)}, 2000, id="another subject is news"),
        pytest.param({"timing": replace(TIMING, wall_s=3600)}, 2000, id="so is another end"),
        pytest.param({"effect": Effect.CLOSED}, 2000, id="and another effect"),
    ],
)
def test_what_people_could_know_decides_since_when_it_is_announced(
    change: dict[str, object], announced_s: int
) -> None:
    found = to_keep(replace(SAID, announced_s=2000, **change), SAID)  # type: ignore[arg-type]  # names of fields
    assert found is not None and found.announced_s == announced_s


def test_said_again_it_is_nothing_new() -> None:
    assert to_keep(SAID, None) is SAID
    assert to_keep(replace(SAID, announced_s=2000), SAID) is None


def test_an_older_version_is_not_heard() -> None:
    kept = replace(SAID, sequence=2)
    assert to_keep(replace(SAID, sequence=1, note="stale"), kept) is None


def test_cancelled_twice_it_ends_at_the_first() -> None:
    kept = replace(SAID, cut_s=5000)
    assert to_keep(replace(SAID, cut_s=9000), kept) is None
    wholly = to_keep(replace(SAID, cut_s=0), kept)
    assert wholly is not None and wholly.cut_s == 0


def test_announced_anew_after_it_was_cancelled_it_is_news() -> None:
    found = to_keep(replace(SAID, announced_s=9000), replace(SAID, cut_s=5000))
    assert found == replace(SAID, announced_s=9000)


def test_what_was_cancelled_before_it_was_heard_never_was() -> None:
    assert to_keep(replace(SAID, cut_s=5000), None) is None
