"""Availability of every device over an interval."""

from collections.abc import Iterable
from dataclasses import dataclass

from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.availability import Shares, shares
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
