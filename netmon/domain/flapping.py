"""Whether a device changes so often that each single change is no news."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from netmon.domain.intervals import Span
from netmon.domain.model import Status

SLOT_S = 300
SLOTS = 20
"""What counts are the last 20 slots of five minutes: those in which anything changed."""

STARTS_AT = 0.30
STOPS_BELOW = 0.20
"""Weighted shares of changed slots; between the two a device stays what it was."""

NEWEST_WEIGHT, OLDEST_WEIGHT = 1.25, 0.75
"""On a straight line between: lately counts more, and the weights have a mean of 1."""

_WEIGHTS = [
    NEWEST_WEIGHT - (NEWEST_WEIGHT - OLDEST_WEIGHT) * age / (SLOTS - 1) for age in range(SLOTS)
]

LOOKS_BACK_S = 86_400

_SEEN = {Status.UP, Status.DEGRADED, Status.DOWN}


def is_flapping(spans: Sequence[Span], now_s: int) -> bool:
    """
    Tell whether a device flaps at `now_s`, by its spans of the day before.

    Parameters
    ----------
    spans
        Sorted and disjoint. What says nothing of the device itself (unknown, unreachable,
        maintenance, expected off) is neither a change nor ends the state before it.
    now_s
        Epoch seconds; what changes later does not count.
    """
    last = now_s // SLOT_S
    changed = sorted({at_s // SLOT_S for at_s in _changes(spans, now_s)})
    flaps = False
    for slot in range(changed[0], last + 1) if changed else ():
        share = changed_share(changed, slot)
        flaps = share >= STARTS_AT or (flaps and share >= STOPS_BELOW)
    return flaps


def changed_share(changed: Sequence[int], slot: int) -> float:
    """
    Return the weighted share, 0 to 1, of changed slots among the 20 that end with `slot`.

    `changed` is sorted, each slot once.
    """
    counted = changed[bisect_right(changed, slot - SLOTS) : bisect_right(changed, slot)]
    return sum(_WEIGHTS[slot - each] for each in counted) / SLOTS


def _changes(spans: Sequence[Span], now_s: int) -> list[int]:
    """Return when a device was seen to go from one status, or one usability, to another."""
    seen = [span for span in spans if span.status in _SEEN]
    return [
        after.start_s
        for before, after in pairwise(seen)
        if (before.status, before.is_usable) != (after.status, after.is_usable)
        and now_s - LOOKS_BACK_S <= after.start_s <= now_s
    ]
