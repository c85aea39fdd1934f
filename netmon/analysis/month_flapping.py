"""Devices that changed all the time in a month."""

from collections.abc import Mapping

from netmon.analysis.month_report import FlappingDevice
from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.flapping import flapping_s
from netmon.domain.intervals import Interval


def flapping_devices(
    ended: Mapping[str, DeviceTimeline], counted: Interval
) -> tuple[FlappingDevice, ...]:
    """Return those that flapped, the longest first."""
    found = (_flapping(each, counted) for each in ended.values())
    return tuple(
        sorted(
            (each for each in found if each.flapping_s),
            key=lambda each: (-each.flapping_s, each.id),
        )
    )


def _flapping(timeline: DeviceTimeline, counted: Interval) -> FlappingDevice:
    device, place = timeline.device, timeline.place
    return FlappingDevice(
        device.id,
        device.name or device.id,
        place.id,
        place.name,
        flapping_s(timeline.read, counted) if counted[0] < counted[1] else 0,
        device.synthetic or place.synthetic,
    )
