"""Availability of every device over an interval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.availability import Shares, shares, total
from netmon.domain.intervals import Interval


@dataclass(frozen=True, slots=True)
class AvailabilityRow:
    """How one device spent an interval."""

    id: str
    kind: str
    place_id: str
    shares: Shares
    synthetic: bool


def availability(timelines: Iterable[DeviceTimeline], bounds: Interval) -> list[AvailabilityRow]:
    """Divide an interval among the states, for each device."""
    return [
        AvailabilityRow(
            each.device.id,
            each.device.kind.value,
            each.place.id,
            shares(each.recorded, each.windows, *bounds),
            each.device.synthetic,
        )
        for each in timelines
    ]


def added(pieces: Sequence[Sequence[AvailabilityRow]]) -> list[AvailabilityRow]:
    """Return how every device spent several intervals, which were read of the same devices."""
    first, *others = pieces
    if not others:
        return list(first)
    return [
        replace(each[0], shares=total(row.shares for row in each))
        for each in zip(first, *others, strict=True)
    ]
