"""Hours of UTC become hours of a local week, on the days of 23 and 25 hours too."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.intervals import Windows, epoch_s, instant, union
from netmon.domain.week import HOUR_S, HourShare, by_hour_of_week, days_of, seconds_by_hour

BRUSSELS = ZoneInfo("Europe/Brussels")
SUNDAY, MONDAY = 6 * 24, 0


def hours(first: datetime, count: int) -> list[HourShare]:
    """Return hours that were all judged, and usable for 100 s each."""
    return [HourShare(epoch_s(first) + n * HOUR_S, 100, HOUR_S) for n in range(count)]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def test_a_winter_week_fills_each_cell_once():
    cells = by_hour_of_week(hours(local("2026-11-23T00:00"), 168), BRUSSELS)
    assert [(each.usable_s, each.judged_s) for each in cells] == [(100, HOUR_S)] * 168
    assert cells[0].availability == pytest.approx(100 / HOUR_S)


def test_monday_begins_at_midnight_in_the_city_and_not_in_utc():
    (hour,) = hours(local("2026-07-06T00:00"), 1)
    assert instant(hour.hour_s).hour == 22
    cells = by_hour_of_week([hour], BRUSSELS)
    assert [n for n, each in enumerate(cells) if each.judged_s] == [MONDAY]
    assert cells[1].availability is None


@pytest.mark.parametrize(
    ("day", "count", "at_two"),
    [
        pytest.param("2026-10-25", 25, 2, id="two o'clock comes twice in October"),
        pytest.param("2026-03-29", 23, 0, id="and never in March"),
        pytest.param("2026-11-22", 24, 1, id="and else once"),
    ],
)
def test_days_on_which_the_clock_is_put(day, count, at_two):
    cells = by_hour_of_week(hours(local(f"{day}T00:00").astimezone(UTC), count), BRUSSELS)
    sunday = [each.judged_s // HOUR_S for each in cells[SUNDAY:]]
    assert sunday == [1, 1, at_two, *[1] * 21]
    assert sum(each.judged_s for each in cells) == count * HOUR_S


@given(
    st.sampled_from(["Europe/Brussels", "Asia/Kolkata", "America/St_Johns", "UTC", "Pacific/Apia"]),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - made aware below
    st.integers(0, 400),
)
def test_every_hour_falls_where_the_clock_on_the_wall_says(name, first, count):
    zone = ZoneInfo(name)
    begin = first.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
    told = hours(begin, count)
    expected = [0] * 168
    for each in told:
        at = instant(each.hour_s).astimezone(zone)
        expected[at.weekday() * 24 + at.hour] += HOUR_S
    assert [each.judged_s for each in by_hour_of_week(told, zone)] == expected


@given(
    st.lists(st.tuples(st.integers(-9000, 400_000), st.integers(0, 90_000)), max_size=20),
    st.integers(0, 80),
)
def test_seconds_by_hour_are_those_of_the_intervals(pairs, count):
    intervals = union((start, start + length) for start, length in pairs)
    windows = Windows(intervals)
    found = seconds_by_hour(intervals, 7200, count)
    edges = [7200 + n * HOUR_S for n in range(count + 1)]
    assert found == [windows.seconds_in(a, b) for a, b in itertools.pairwise(edges)]


def test_the_days_of_an_interval_are_whole():
    start = epoch_s(datetime(2026, 11, 23, 23, 59, tzinfo=UTC))
    assert [instant(each).day for each in days_of(start, start + 62)] == [23, 24]
    assert [*days_of(start, start)] == [start - start % 86_400]
    midnight = epoch_s(datetime(2026, 11, 24, tzinfo=UTC))
    assert [*days_of(midnight - int(timedelta(days=1).total_seconds()), midnight)] == [
        midnight - 86_400
    ]
