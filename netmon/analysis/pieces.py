"""Into which pieces the past is cut, so that answers of each can be kept."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from netmon.analysis.calendar_months import Month
from netmon.domain.intervals import Interval, epoch_s, instant

_DAYS = (7, 14, 21)
"""After so many days of it, a month that is not settled yet is cut."""


def cuts(first_s: int, settled_s: int, zone: ZoneInfo) -> list[int]:
    """
    Return where the time from one instant until another is cut, oldest first.

    That is where each local month begins; and in the last of them, which is not over, three
    times more: what follows the last cut never takes longer than ten days or so. The first cut
    is at the first instant or before it. There is none where the first instant is not settled.
    """
    if first_s > settled_s:
        return []
    months = [Month.at(instant(first_s), zone)]
    last = Month.at(instant(settled_s), zone)
    while months[-1] < last:
        months.append(months[-1].plus(1))
    starts = [each.bounds(zone)[0] for each in months]
    begin = instant(starts[-1]).astimezone(zone)
    # On the wall: a week with a change of the clock has an hour more or less.
    inner = [epoch_s(begin + timedelta(days=days)) for days in _DAYS]
    found = [at_s for at_s in [*starts, *inner] if at_s <= settled_s]
    return found[bisect_right(found, first_s) - 1 :]


def parted(bounds: Interval, cuts_s: Sequence[int]) -> list[Interval]:
    """Return an interval in pieces, which are all of it."""
    inner = [at_s for at_s in cuts_s if bounds[0] < at_s < bounds[1]]
    return list(pairwise([bounds[0], *inner, bounds[1]]))


def pieces_since(since_s: int, cuts_s: Sequence[int]) -> list[Interval]:
    """Return the pieces between two cuts that hold an instant or come after it."""
    return list(pairwise(cuts_s[max(0, bisect_right(cuts_s, since_s) - 1) :]))
