"""One month read from both stores: its devices over time, and what of it counts."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from netmon.analysis.announced import Agenda, Announced
from netmon.analysis.calendar_months import Month
from netmon.analysis.hours import OpeningHours
from netmon.analysis.month_city import MonthCity, city_of
from netmon.analysis.presence import with_sites
from netmon.analysis.tails import tails
from netmon.analysis.timelines import DeviceTimeline, Material, Timelines
from netmon.config.settings import Settings
from netmon.domain.availability import shares
from netmon.domain.figures import NO_FIGURES, Figures, figures_of, total
from netmon.domain.intervals import Interval, clipped, epoch_s, intersection
from netmon.domain.model import Device, Place, Service
from netmon.domain.reasons import OWN_SERVICE
from netmon.domain.smoothing import MOST_S
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader, Runs

SETTLES_S = MOST_S
"""
How long after its end a month is settled.

What is confirmed after midnight may have begun before it, and what is short is judged by what
follows it; both take less than this hour.
"""

READS_BACK_S = 86_400
"""How far before a month is read for what is short and lies at its beginning."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a month is read from, and how."""

    settings: Settings
    hours: OpeningHours
    record: RecordReader
    desk: DeskReader
    agenda: Agenda

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of people and reports."""
        return ZoneInfo(self.settings.city.timezone)


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


@dataclass(frozen=True, slots=True)
class MonthReading:
    """
    What there is to say of a month.

    `bounds` are the whole month, `counted` the part of it that counts (empty, where both ends
    are equal): from where the record begins, until now. `read` reaches further, for what explains
    what lies at its edges. `ended` are the timelines as they were
    known when the month ended, or the device went; incidents are read from these.
    """

    month: Month
    bounds: Interval
    counted: Interval
    read: Interval
    is_over: bool
    began_s: int
    city: MonthCity
    members: Sequence[Member]
    ended: Mapping[str, DeviceTimeline]
    runs: Runs
    announced: Announced

    @property
    def is_whole(self) -> bool:
        """Return whether the month is over and the record holds it from its first day."""
        return self.is_over and self.began_s <= self.bounds[0]


def read_month(
    stores: Stores,
    month: Month,
    now: datetime,
    smoothing_s: int,
    known_before_s: int | None = None,
) -> MonthReading:
    """
    Read a month, in which nothing depends on what came after it was settled.

    Opening hours and announcements aside: who corrects these corrects what was promised.
    `known_before_s` is the end of another month with whose inventory this one is compared;
    None is its own. The desk must hold an inventory.
    """
    bounds = month.bounds(stores.zone)
    now_s, slack_s = epoch_s(now), stores.settings.dependency_slack_s()
    revisions = stores.desk.revisions()
    began_s = _began_s(stores)
    city = city_of(
        revisions,
        bounds,
        known_before_s or bounds[1],
        with_synthetic=stores.settings.store.origin == "demo",
    )
    read = (bounds[0] - READS_BACK_S, min(bounds[1] + SETTLES_S + slack_s, now_s))
    counted = _counted(bounds, began_s, now_s)
    runs = _until(tails(stores.record, city.known, read[0], slack_s), read[1])
    announced = city.announced(stores.agenda.announced(bounds[1]))
    material = Material(city.revisions(read[1]), runs, stores.record.latest(), announced)
    timelines = {
        name: each.smoothed(smoothing_s)
        for name, each in Timelines(material, stores.settings, stores.hours, read).all().items()
    }
    return MonthReading(
        month,
        bounds,
        counted,
        read,
        now_s >= bounds[1] + SETTLES_S + slack_s,
        began_s,
        city,
        _members(timelines, city, bounds, counted),
        with_sites(_ended(timelines, city, counted[1]), slack_s),
        runs,
        announced,
    )


def _began_s(stores: Stores) -> int:
    """Return since when there is a record."""
    first_s = epoch_s(stores.desk.revisions()[0].since)
    recorded_s = stores.record.began_s()
    return first_s if recorded_s is None else min(first_s, recorded_s)


def _counted(bounds: Interval, began_s: int, now_s: int) -> Interval:
    start_s = min(max(bounds[0], began_s), bounds[1])
    return start_s, max(start_s, min(bounds[1], now_s))


def _until(runs: Runs, end_s: int) -> Runs:
    """Return the runs that had begun by then."""
    begun = {key: [span for span in spans if span.start_s < end_s] for key, spans in runs.items()}
    return {key: spans for key, spans in begun.items() if spans}


def _members(
    timelines: Mapping[str, DeviceTimeline], city: MonthCity, bounds: Interval, counted: Interval
) -> list[Member]:
    found = []
    for name, timeline in timelines.items():
        present = city.present[name]
        ahead = intersection(present, [(counted[1], bounds[1])])
        here = intersection(present, [counted])
        if here or ahead:
            found.append(Member(timeline, here, sum(_promised_s(timeline, each) for each in ahead)))
    return found


def _promised_s(timeline: DeviceTimeline, bounds: Interval) -> int:
    """Return what is promised of a device in an interval, without announced work."""
    windows = timeline.windows
    if windows is None:
        return 0
    work = intersection(timeline.maintenance, [bounds])
    return windows.seconds_in(*bounds) - sum(windows.seconds_in(*each) for each in work)


def _ended(
    timelines: Mapping[str, DeviceTimeline], city: MonthCity, end_s: int
) -> dict[str, DeviceTimeline]:
    """Return the timelines until the month ended, or the device went."""
    return {
        name: replace(each, recorded=clipped(each.recorded, 0, last_s), until_s=last_s)
        for name, each in timelines.items()
        for last_s in [min(city.present[name][-1][1], end_s)]
    }
