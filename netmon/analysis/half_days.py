"""The mornings and afternoons of a week, as opening hours name them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from netmon.config.calendar import Calendar
from netmon.domain.intervals import Interval, epoch_s

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HALVES = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))
"""Morning and afternoon, in minutes of the day."""

WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A morning or an afternoon of the week: as opening hours are written, and when it is."""

    hours: str
    interval: Interval


def half_days(week: Interval, calendar: Calendar) -> tuple[HalfDay, ...]:
    """Return the mornings and afternoons from Monday to Friday of a week."""
    monday = datetime.fromtimestamp(week[0], calendar.timezone).date()
    return tuple(_half_days(monday, calendar))


def texts_together(hours: Sequence[str]) -> str:
    """
    Return opening hours of several half-days as one text, in the order of the week.

    With commas it may be put behind other hours with one more: after a semicolon a day's hours
    would replace those that it has.
    """
    return ", ".join(sorted(hours, key=lambda text: (DAYS.index(text[:2]), text)))


def _half_days(monday: date, calendar: Calendar) -> Iterator[HalfDay]:
    for nth in range(WORKING_DAYS):
        for start_min, end_min in HALVES:
            start_s, end_s = (
                _at_s(monday + timedelta(days=nth), each, calendar) for each in (start_min, end_min)
            )
            yield HalfDay(f"{DAYS[nth]} {_clock(start_min)}-{_clock(end_min)}", (start_s, end_s))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _at_s(day: date, minute: int, calendar: Calendar) -> int:
    hour, left = divmod(minute, 60)
    return epoch_s(datetime(day.year, day.month, day.day, hour, left, tzinfo=calendar.timezone))
