"""Many points in few numbers: the least, the greatest, the mean and how many there were."""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable
from operator import sub
from typing import NamedTuple

from netmon.domain.series import Trace

MISSED = 2.5
"""A gap is longer than so many usual distances between points, as for looks that lapse."""


class Summary(NamedTuple):
    """What some points have in common; `size`, how many there are, is at least 1."""

    size: int
    low: float
    high: float
    mean: float


class Stretch(NamedTuple):
    """The points of one part of a chart; `start_s` and `end_s` are the first and the last."""

    start_s: int
    end_s: int
    summary: Summary


def summarised(values: Collection[float]) -> Summary:
    """Return the summary of at least one number; their order does not matter."""
    return Summary(len(values), min(values), max(values), math.fsum(values) / len(values))


def together(parts: Collection[Summary]) -> Summary:
    """Return the summary of all that at least one summary speaks of."""
    size = sum(part.size for part in parts)
    total = math.fsum(part.mean * part.size for part in parts)
    low, high = min(part.low for part in parts), max(part.high for part in parts)
    # Rounding must not put the mean outside of what was met.
    return Summary(size, low, high, min(max(total / size, low), high))


def stretches(trace: Trace, start_s: int, step_s: int) -> list[Stretch]:
    """
    Divide points into steps of `step_s` from `start_s`; empty steps give nothing.

    Every point is between the `low` and `high` of its stretch: no spike is lost.
    """
    at_s, values = trace
    found: list[Stretch] = []
    first = 0
    while first < len(at_s):
        edge_s = start_s + ((at_s[first] - start_s) // step_s + 1) * step_s
        end = bisect_left(at_s, edge_s, first)
        found.append(Stretch(at_s[first], at_s[end - 1], summarised(values[first:end])))
        first = end
    return found


def usual_distance_s(trace: Trace) -> int:
    """Return the median of the seconds between points, 0 where there are under two."""
    apart_s = sorted(map(sub, trace.at_s[1:], trace.at_s))
    return apart_s[len(apart_s) // 2] if apart_s else 0


def unbroken(found: Iterable[Stretch], gap_s: float) -> list[list[Stretch]]:
    """Return stretches in runs: where the next one begins more than `gap_s` later, a new run."""
    runs: list[list[Stretch]] = []
    for each in found:
        if runs and each.start_s - runs[-1][-1].end_s <= gap_s:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs
