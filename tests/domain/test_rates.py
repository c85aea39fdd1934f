"""Counters become rates: through wraps, never across restarts, never below zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.rates import LONGEST_GAP_S, Reading, rate_per_s

COUNTS = st.floats(0, 2**64, allow_nan=False)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param((0, 1000, 50), (60, 7000, 110), 100, id="it grew"),
        pytest.param((0, 1000, None), (60, 7000, None), 100, id="no uptime is needed to grow"),
        pytest.param((0, 1000, 50), (60, 1000, 110), 0, id="it stood still"),
        pytest.param((0, 2**32 - 500, 50), (10, 500, 60), 100, id="32 bits wrapped"),
        pytest.param((0, 2**64 - 4096, 50), (8, 4096, 58), 1024, id="64 bits wrapped"),
        pytest.param((0, 2**32 - 500, 50), (10, 500, 3), None, id="the agent restarted"),
        pytest.param((0, 500, 50), (10, 9000, 3), None, id="it restarted and has counted more"),
        pytest.param((0, 2**32 - 500, None), (10, 500, None), None, id="wrap or restart?"),
        pytest.param((0, 1_000_000, 50), (10, 0, 60), None, id="somebody cleared it"),
        pytest.param((0, 2**40, 50), (10, 0, 60), None, id="somebody cleared 64 bits"),
        pytest.param((60, 0, 50), (60, 10, 50), None, id="the same second"),
        pytest.param((61, 0, 50), (60, 10, 50), None, id="a late reading"),
        pytest.param((0, 0, 1), (LONGEST_GAP_S + 1, 9, 902), None, id="too far apart"),
        pytest.param((0, -5, 1), (10, 5, 11), None, id="no counter is negative"),
    ],
)
def test_a_rate_is_known_or_it_is_not(before, after, expected):
    rate = rate_per_s(Reading(*before), Reading(*after))
    assert rate == (None if expected is None else pytest.approx(expected))


@given(COUNTS, COUNTS, st.integers(-10, 2000), *[st.none() | st.floats(0, 1e9)] * 2)
def test_no_rate_is_negative(first, second, apart_s, up_before, up_after):
    rate = rate_per_s(Reading(0, first, up_before), Reading(apart_s, second, up_after))
    assert rate is None or rate >= 0


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**31 - 1), st.integers(1, LONGEST_GAP_S))
def test_32_bits_that_wrap_give_the_rate_of_those_that_do_not(start, grown, apart_s):
    wrapped = rate_per_s(
        Reading(0, start, 1.0), Reading(apart_s, (start + grown) % 2**32, 1.0 + apart_s)
    )
    assert wrapped == pytest.approx(grown / apart_s)
