"""
Half-open intervals of whole seconds since the epoch (UTC), and what is done with them.

Whole seconds make every sum exact, on the two days of the year that have 23 or 25 hours
too, because the epoch knows no summer time.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from typing import NamedTuple

from netmon.domain.model import Status

Interval = tuple[int, int]
"""`(start_s, end_s)`: the start belongs to it, the end does not."""

_FOREVER_S = 2**40  # beyond what a `datetime` can say


class Span(NamedTuple):
    """A status over an interval, with its reason and whether the service stays usable."""

    start_s: int
    end_s: int
    status: Status
    is_usable: bool
    reason: str


def epoch_s(at: datetime) -> int:
    """Return whole seconds since the epoch; raises `ValueError` for a naive instant."""
    if at.tzinfo is None:
        raise ValueError(f"instant: expected an aware datetime, found {at.isoformat()}")
    return int(at.timestamp() // 1)


def instant(at_s: int) -> datetime:
    """Return the aware UTC instant of whole epoch seconds."""
    return datetime.fromtimestamp(at_s, UTC)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same set of seconds as sorted intervals that neither touch nor overlap."""
    merged: list[Interval] = []
    reached = None
    for start, end in sorted([pair for pair in intervals if pair[0] < pair[1]]):
        if reached is None or start > reached:
            merged.append((start, end))
            reached = end
        elif end > reached:
            merged[-1] = (merged[-1][0], end)
            reached = end
    return merged


def intersection(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    """Return the seconds that two sorted, disjoint lists share."""
    shared: list[Interval] = []
    i = j = 0
    while i < len(first) and j < len(second):
        start = max(first[i][0], second[j][0])
        end = min(first[i][1], second[j][1])
        if start < end:
            shared.append((start, end))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return shared


def widened(intervals: Iterable[Interval], slack_s: int) -> list[Interval]:
    """Return the intervals made longer by `slack_s` on both sides."""
    return union((start - slack_s, end + slack_s) for start, end in intervals)


def clipped(spans: Iterable[Span], start_s: int, end_s: int) -> list[Span]:
    """Return the parts of the spans within `[start_s, end_s)`."""
    return [
        span
        if start_s <= span[0] and span[1] <= end_s
        else span._replace(start_s=max(span[0], start_s), end_s=min(span[1], end_s))
        for span in spans
        if start_s < end_s and span[0] < end_s and span[1] > start_s
    ]


def overlaid(
    spans: Sequence[Span], mask: Sequence[Interval], change: Callable[[Span], Span]
) -> list[Span]:
    """
    Cut the spans at the edges of a mask and change what lies under it.

    Parameters
    ----------
    spans
        Sorted and disjoint.
    mask
        Sorted and disjoint.
    change
        Gives the span as it reads under the mask; what it gives must not depend on its ends.
    """
    if not mask:
        return list(spans)
    ends = [end for _, end in mask]
    result: list[Span] = []
    for span in spans:
        at = bisect_right(ends, span[0])
        if at == len(mask) or mask[at][0] >= span[1]:
            result.append(span)
        else:
            result += _cut(span, mask, at, change(span))
    return result


def _cut(span: Span, mask: Sequence[Interval], at: int, under: Span) -> list[Span]:
    """Return a span that reads `under` where it is masked; the mask from `at` on touches it."""
    pieces: list[Span] = []
    cursor, until_s, status, is_usable, reason = span
    _, _, under_status, under_usable, under_reason = under
    while cursor < until_s and at < len(mask) and mask[at][0] < until_s:
        start, end = max(mask[at][0], cursor), min(mask[at][1], until_s)
        if cursor < start:
            pieces.append(Span(cursor, start, status, is_usable, reason))
        pieces.append(Span(start, end, under_status, under_usable, under_reason))
        cursor = end
        at += 1
    if cursor < until_s:
        pieces.append(Span(cursor, until_s, status, is_usable, reason))
    return pieces


class Windows:
    """
    The hours in which something should be on: sorted, disjoint intervals.

    Asking how many seconds of an interval are inside costs two binary searches, however
    many windows there are.
    """

    __slots__ = ("_before", "_starts", "intervals")

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self.intervals: Sequence[Interval] = tuple(union(intervals))
        self._starts = [start for start, _ in self.intervals]
        lengths = (end - start for start, end in self.intervals)
        self._before = [0, *accumulate(lengths)]

    def seconds_before(self, at_s: int) -> int:
        """Return how many seconds of all windows lie before an instant."""
        index = bisect_right(self._starts, at_s)
        if index == 0:
            return 0
        start, end = self.intervals[index - 1]
        return self._before[index - 1] + min(at_s, end) - start

    def seconds_in(self, start_s: int, end_s: int) -> int:
        """Return how many seconds of an interval are inside a window."""
        return self.seconds_before(end_s) - self.seconds_before(start_s)

    def contain(self, at_s: int) -> bool:
        """Return whether an instant is inside a window."""
        index = bisect_right(self._starts, at_s)
        return index > 0 and at_s < self.intervals[index - 1][1]

    def next_edge(self, at_s: int) -> int | None:
        """Return when the answer of `contain` next changes, None where it never does."""
        index = bisect_right(self._starts, at_s)
        if index > 0 and at_s < (end := self.intervals[index - 1][1]):
            return end if end < _FOREVER_S else None
        return self._starts[index] if index < len(self._starts) else None

    def outside(self, start_s: int, end_s: int) -> list[Interval]:
        """Return the parts of an interval that are in no window."""
        gaps: list[Interval] = []
        cursor = start_s
        for start, end in self.intervals[max(bisect_right(self._starts, start_s) - 1, 0) :]:
            if start >= end_s:
                break
            if cursor < start:
                gaps.append((cursor, start))
            cursor = max(cursor, end)
        if cursor < end_s:
            gaps.append((cursor, end_s))
        return gaps


ALWAYS = Windows([(0, _FOREVER_S)])
"""A window that never closes."""
