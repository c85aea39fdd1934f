"""Months and days by the clock on the wall: some have an hour more or less."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from netmon.domain.intervals import Interval, epoch_s

FIRST_YEAR, LAST_YEAR = 2000, 2100
MONTHS_A_YEAR = 12


class Month(NamedTuple):
    """A calendar month; written `2026-10`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the month that is written; raises `ValueError` that says what was expected."""
        year, _, number = text.partition("-")
        is_written = len(text) == len("2026-10") and text.isascii()
        if is_written and year.isdigit() and number.isdigit():
            found = cls(int(year), int(number))
            if FIRST_YEAR <= found.year <= LAST_YEAR and 1 <= found.number <= MONTHS_A_YEAR:
                return found
        raise ValueError(f"month: expected one like 2026-10, found {text[:20]!r}")

    @classmethod
    def at(cls, instant: datetime, zone: ZoneInfo) -> Self:
        """Return the month that it is somewhere at an instant."""
        local = instant.astimezone(zone)
        return cls(local.year, local.month)

    def plus(self, months: int) -> "Month":
        """Return the month that comes so many later, or earlier where negative."""
        year, number = divmod(self.year * MONTHS_A_YEAR + self.number - 1 + months, MONTHS_A_YEAR)
        return Month(year, number + 1)

    def bounds(self, zone: ZoneInfo) -> Interval:
        """Return its first second and the first after it, since the epoch."""
        following = self.plus(1)
        return _midnight_s(date(*self, 1), zone), _midnight_s(date(*following, 1), zone)

    def days(self, zone: ZoneInfo) -> Iterator[tuple[date, Interval]]:
        """Yield each day with its bounds, of 23 or 25 hours too."""
        day, end = date(*self, 1), date(*self.plus(1), 1)
        while day < end:
            tomorrow = day + timedelta(days=1)
            yield day, (_midnight_s(day, zone), _midnight_s(tomorrow, zone))
            day = tomorrow

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


def _midnight_s(day: date, zone: ZoneInfo) -> int:
    return epoch_s(datetime(day.year, day.month, day.day, tzinfo=zone))
