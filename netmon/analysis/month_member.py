"""One device of a month: how it spent what counts of it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.availability import shares
from netmon.domain.figures import NO_FIGURES, Figures, figures_of, total
from netmon.domain.intervals import Interval, intersection
from netmon.domain.model import Device, Place, Service
from netmon.domain.reasons import OWN_SERVICE


@dataclass(frozen=True)
class Member:
    """
    A device of a month: what is read of it, and when it was among the devices.

    `present` is sorted and disjoint, within what of the month counts; `ahead_s` is what is
    promised of it until the month ends.
    """

    timeline: DeviceTimeline
    present: Sequence[Interval]
    ahead_s: int = 0

    @property
    def device(self) -> Device:
        """Return the device as it last was before the month ended."""
        return self.timeline.device

    @property
    def place(self) -> Place:
        """Return where it stood."""
        return self.timeline.place

    @property
    def service(self) -> Service | None:
        """Return what residents get from it, None for what only carries other devices."""
        return OWN_SERVICE.get(self.device.kind)

    @property
    def is_synthetic(self) -> bool:
        """Return whether it, or where it stands, is invented."""
        return self.device.synthetic or self.place.synthetic

    @cached_property
    def figures(self) -> Figures:
        """Return how it spent what counts of the month."""
        return total(self._between(*each) for each in self.present)

    def between(self, bounds: Interval) -> Figures:
        """Return how it spent a part of what counts."""
        parts = intersection(self.present, [bounds])
        return total(self._between(*each) for each in parts) if parts else NO_FIGURES

    def _between(self, start_s: int, end_s: int) -> Figures:
        spans, windows = self.timeline.recorded, self.timeline.windows
        first = max(bisect_right(self._starts, start_s) - 1, 0)
        near = spans[first : bisect_right(self._starts, end_s)]
        return figures_of(shares(near, windows, start_s, end_s), is_promised=windows is not None)

    @cached_property
    def _starts(self) -> list[int]:
        return [span.start_s for span in self.timeline.recorded]


def promised_s(timeline: DeviceTimeline, bounds: Interval) -> int:
    """Return what is promised of a device in an interval, without announced work."""
    windows = timeline.windows
    if windows is None:
        return 0
    work = intersection(timeline.maintenance, [bounds])
    return windows.seconds_in(*bounds) - sum(windows.seconds_in(*each) for each in work)
