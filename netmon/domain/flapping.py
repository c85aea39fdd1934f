"""Whether a device changes so often that each single change is no news."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from netmon.domain.intervals import Interval, Span
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
    changed = _changed_slots(spans, now_s - LOOKS_BACK_S, now_s)
    return last in _flapping_slots(changed, last)


def flapping_s(spans: Sequence[Span], bounds: Interval) -> int:
    """
    Return for how many seconds of an interval a device flapped, in whole slots.

    `spans` are as for `is_flapping`, from a day before the interval.
    """
    first, last = bounds[0] // SLOT_S, (bounds[1] - 1) // SLOT_S
    changed = _changed_slots(spans, bounds[0] - LOOKS_BACK_S, bounds[1] - 1)
    return SLOT_S * sum(1 for slot in _flapping_slots(changed, last) if slot >= first)


def _changed_slots(spans: Sequence[Span], since_s: int, until_s: int) -> list[int]:
    return sorted({at_s // SLOT_S for at_s in _changes(spans, since_s, until_s)})


def _flapping_slots(changed: Sequence[int], last: int) -> list[int]:
    """Return the slots, up to the last, in which a device flapped."""
    # Where nothing changed for 20 slots there is nothing to weigh: it does not flap.
    near = sorted({slot for each in changed for slot in range(each, each + SLOTS) if slot <= last})
    found: list[int] = []
    for slot in near:
        share = changed_share(changed, slot)
        flapped_before = bool(found) and found[-1] == slot - 1
        if share >= STARTS_AT or (flapped_before and share >= STOPS_BELOW):
            found.append(slot)
    return found


def changed_share(changed: Sequence[int], slot: int) -> float:
    """
    Return the weighted share, 0 to 1, of changed slots among the 20 that end with `slot`.

    `changed` is sorted, each slot once.
    """
    counted = changed[bisect_right(changed, slot - SLOTS) : bisect_right(changed, slot)]
    return sum(_WEIGHTS[slot - each] for each in counted) / SLOTS


def _changes(spans: Sequence[Span], since_s: int, until_s: int) -> list[int]:
    """Return when a device was seen to go from one status, or one usability, to another."""
    seen = [span for span in spans if span.status in _SEEN]
    return [
        after.start_s
        for before, after in pairwise(seen)
        if (before.status, before.is_usable) != (after.status, after.is_usable)
        and since_s <= after.start_s <= until_s
    ]
