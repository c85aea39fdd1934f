"""Active hours are those of the clock on the wall, on days of 23 and 25 hours too."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.analysis.stages import stage_of
from netmon.domain.groups import Group
from netmon.domain.intervals import epoch_s, instant

ZONE = ZoneInfo("Europe/Brussels")
USUAL = Group("all", "Everybody")


def _day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(text)
    starts = (day, day + timedelta(days=1))
    first, last = (epoch_s(datetime(*d.timetuple()[:3], tzinfo=ZONE)) for d in starts)
    return first, last


@pytest.mark.parametrize(
    ("day", "minutes", "hours"),
    [
        ("2026-11-25", (480, 1320), 14),
        ("2026-10-25", (480, 1320), 14),
        ("2026-10-25", (0, 1440), 25),
        ("2026-03-29", (0, 1440), 23),
        ("2026-03-29", (0, 180), 2),
        ("2026-10-25", (120, 180), 2),
    ],
)
def test_a_day_has_as_many_active_hours_as_the_clock_shows(
    day: str, minutes: tuple[int, int], hours: int
) -> None:
    group = Group("x", "X", active_from_min=minutes[0], active_to_min=minutes[1])
    stage = stage_of(group, _day(day), ZONE)
    assert sum(end - start for start, end in stage.active) == hours * 3600


@given(start_s=st.integers(1_790_000_000, 1_793_500_000), length_s=st.integers(1, 900_000))
def test_hours_of_the_week_cover_any_window_once_and_are_right(start_s: int, length_s: int) -> None:
    bounds = (start_s, start_s + length_s)
    stage = stage_of(USUAL, bounds, ZONE)
    assert stage.hours[0][0] == bounds[0] and stage.hours[-1][1] == bounds[1]
    for (_, end, _), (begin, _, _) in zip(stage.hours, stage.hours[1:], strict=False):
        assert end == begin
    for begin, _, hour in stage.hours:
        local = instant(begin).astimezone(ZONE)
        assert hour == local.weekday() * 24 + local.hour
    for begin, end in stage.active:
        assert bounds[0] <= begin < end <= bounds[1]
        assert 8 <= instant(begin).astimezone(ZONE).hour < 22
