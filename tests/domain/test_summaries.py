"""Many points in few numbers lose no spike and fill no gap."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.series import Trace
from netmon.domain.summaries import (
    stretches,
    summarised,
    together,
    unbroken,
    usual_distance_s,
)

NUMBERS = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50)
INSTANTS = st.lists(st.integers(0, 86_399), min_size=1, max_size=200, unique=True).map(sorted)


def points(instants):
    return Trace(instants, [float((at_s * 7919) % 1009) for at_s in instants])


@given(INSTANTS, st.integers(1, 4000))
def test_every_point_is_in_one_stretch_and_no_spike_is_lost(instants, step_s):
    told = points(instants)
    found = stretches(told, 0, step_s)
    assert sum(each.summary.size for each in found) == len(instants)
    assert len(found) <= -(-86_400 // step_s)
    assert max(each.summary.high for each in found) == max(told.values)
    assert min(each.summary.low for each in found) == min(told.values)
    for at_s, value in zip(*told, strict=True):
        (within,) = [each for each in found if each.start_s <= at_s <= each.end_s]
        assert within.summary.low <= value <= within.summary.high


@given(INSTANTS, st.integers(1, 4000), st.integers(0, 9000))
def test_gaps_stay_gaps_and_nothing_else_is_one(instants, step_s, gap_s):
    found = stretches(points(instants), 0, step_s)
    runs = unbroken(found, gap_s)
    assert [each for run in runs for each in run] == found
    for run in runs:
        apart = [b.start_s - a.end_s for a, b in itertools.pairwise(run)]
        assert all(each <= gap_s for each in apart)
    for earlier, later in itertools.pairwise(runs):
        assert later[0].start_s - earlier[-1].end_s > gap_s


@given(NUMBERS, st.randoms())
def test_the_order_of_points_changes_no_bit_of_their_summary(values, chance):
    shuffled = list(values)
    chance.shuffle(shuffled)
    assert summarised(values) == summarised(shuffled)


@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_summaries_together_say_what_all_points_say(parts):
    whole = summarised([value for part in parts for value in part])
    found = together([summarised(part) for part in parts])
    assert (found.size, found.low, found.high) == (whole.size, whole.low, whole.high)
    assert found.mean == pytest.approx(whole.mean, abs=1e-5, rel=1e-9)
    assert found.low <= found.mean <= found.high


@pytest.mark.parametrize(
    ("instants", "expected"), [([], 0), ([5], 0), ([0, 60, 120, 3600], 60), ([0, 10], 10)]
)
def test_the_usual_distance_is_the_median(instants, expected):
    assert usual_distance_s(points(instants)) == expected


@given(INSTANTS, st.integers(-10, 90_000), st.integers(-10, 90_000))
def test_what_is_within_is_in_the_half_open_interval(instants, start_s, end_s):
    found = points(instants).within(start_s, end_s)
    assert found == points([each for each in instants if start_s <= each < end_s])
