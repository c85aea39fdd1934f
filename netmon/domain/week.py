"""How much of each hour something was so, and how the hours of the week compare."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import accumulate
from typing import NamedTuple

from netmon.domain.intervals import Interval, instant

HOUR_S = 3600
DAY_S = 86_400
HOURS_OF_WEEK = 168


class HourShare(NamedTuple):
    """Seconds of one UTC hour in which service was usable, out of those that were judged."""

    hour_s: int
    usable_s: int
    judged_s: int


class Cell(NamedTuple):
    """One hour of the week over many weeks; nothing was judged where `judged_s` is 0."""

    usable_s: int
    judged_s: int

    @property
    def availability(self) -> float | None:
        """Return the usable ratio, None where nothing was judged."""
        return self.usable_s / self.judged_s if self.judged_s else None


def seconds_by_hour(intervals: Iterable[Interval], start_s: int, hours: int) -> list[int]:
    """
    Return how many seconds of each of `hours` UTC hours from `start_s` the intervals take.

    They are disjoint; what lies outside is left out. Costs two entries an interval, however long
    it is.
    """
    # Entry n of `turns` says by how many whole hours more (or fewer) hour n is covered.
    turns, parts = [0] * (hours + 1), [0] * (hours + 1)
    end_s = start_s + hours * HOUR_S
    for from_s, to_s in intervals:
        begin, finish = max(from_s, start_s) - start_s, min(to_s, end_s) - start_s
        if begin < finish:
            first, into_first = divmod(begin, HOUR_S)
            last, into_last = divmod(finish, HOUR_S)
            turns[first] += 1
            turns[last] -= 1
            parts[first] -= into_first
            parts[last] += into_last
    whole = accumulate(turns)
    return [HOUR_S * n + part for n, part in zip(whole, parts, strict=True)][:hours]


def by_hour_of_week(hours: Iterable[HourShare], zone: tzinfo) -> Sequence[Cell]:
    """
    Return 168 cells, Monday 00:00 local time first.

    An hour counts where it begins by the clock on the wall. So on the day with 25 hours one cell
    gets two of them, and on the day with 23 one gets none; seconds are divided by seconds.
    """
    usable_s, judged_s = [0] * HOURS_OF_WEEK, [0] * HOURS_OF_WEEK
    offset = _Offsets(zone)
    for hour_s, usable, judged in hours:
        cell = _hour_of_week(hour_s + offset.at(hour_s))
        usable_s[cell] += usable
        judged_s[cell] += judged
    return [Cell(*each) for each in zip(usable_s, judged_s, strict=True)]


def days_of(start_s: int, end_s: int) -> Iterator[int]:
    """Yield where each UTC day begins that `[start_s, end_s)` touches."""
    yield from range(start_s - start_s % DAY_S, end_s, DAY_S)


def _hour_of_week(local_s: int) -> int:
    # The epoch began on a Thursday, three days after a Monday.
    return (local_s // HOUR_S + 3 * 24) % HOURS_OF_WEEK


class _Offsets:
    """
    Seconds by which a zone is ahead of UTC.

    Asked twice a UTC day; only on days on which the clock is put, every hour.
    """

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._day_s = -1
        self._of_day: int | None = None

    def at(self, at_s: int) -> int:
        day_s = at_s - at_s % DAY_S
        if day_s != self._day_s:
            begin, end = self._asked(day_s), self._asked(day_s + DAY_S)
            self._day_s, self._of_day = day_s, begin if begin == end else None
        return self._asked(at_s) if self._of_day is None else self._of_day

    def _asked(self, at_s: int) -> int:
        ahead = datetime.utcoffset(instant(at_s).astimezone(self._zone))
        return 0 if ahead is None else round(ahead.total_seconds())
