"""One month read from both stores: its devices over time, and what of it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from netmon.analysis.announced import Agenda, Announced
from netmon.analysis.calendar_months import Month
from netmon.analysis.hours import OpeningHours
from netmon.analysis.month_city import MonthCity, city_of
from netmon.analysis.month_member import Member, promised_s
from netmon.analysis.presence import with_sites
from netmon.analysis.tails import tails
from netmon.analysis.timelines import DeviceTimeline, Material, Timelines
from netmon.config.settings import Settings
from netmon.domain.intervals import Interval, clipped, epoch_s, intersection
from netmon.domain.model import Status
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
    read = (bounds[0], min(bounds[1] + SETTLES_S + slack_s, now_s))
    counted = _counted(bounds, began_s, now_s)
    announced = city.announced(stores.agenda.announced(bounds[1]))
    runs, told = _told(stores, city, announced, read, smoothing_s)
    timelines = {name: each.smoothed(smoothing_s) for name, each in told.items()}
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


def _told(
    stores: Stores,
    city: MonthCity,
    announced: Announced,
    read: Interval,
    smoothing_s: int,
) -> tuple[Runs, dict[str, DeviceTimeline]]:
    """Read from so far back that each device is first seen to work, or to the very beginning."""
    (start_s, end_s), began_s = read, _began_s(stores)
    looks, slack_s = stores.record.latest(), stores.settings.dependency_slack_s()
    back_s = READS_BACK_S
    while True:
        since_s = start_s - back_s
        runs = _until(tails(stores.record, city.known, since_s, slack_s), end_s)
        material = Material(city.revisions(end_s), runs, looks, announced)
        told = Timelines(material, stores.settings, stores.hours, (since_s, end_s)).all()
        if since_s <= began_s or all(_begins_well(each, smoothing_s) for each in told.values()):
            return runs, told
        back_s *= 2


def _begins_well(timeline: DeviceTimeline, smoothing_s: int) -> bool:
    """
    Tell whether what is read of a device begins with a proof that it worked.

    It is read from the last time before the month that it answered. A blink proves nothing where
    blinks are left out, nor does an answer at night from what should work by day.
    """
    if not timeline.recorded or timeline.recorded[0].status is not Status.UP:
        return True  # it never answered before
    start_s, end_s, *_ = timeline.recorded[0]
    windows = timeline.windows
    is_promised = windows is None or windows.seconds_in(start_s, end_s) > 0
    return is_promised and end_s - start_s >= smoothing_s


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
            found.append(Member(timeline, here, sum(promised_s(timeline, each) for each in ahead)))
    return found


def _ended(
    timelines: Mapping[str, DeviceTimeline], city: MonthCity, end_s: int
) -> dict[str, DeviceTimeline]:
    """Return the timelines until the month ended, or the device went."""
    return {
        name: replace(each, recorded=clipped(each.recorded, 0, last_s), until_s=last_s)
        for name, each in timelines.items()
        for last_s in [min(city.present[name][-1][1], end_s)]
    }
