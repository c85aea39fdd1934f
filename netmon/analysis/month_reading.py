"""One month read from both stores: its devices over time, and what of it counts."""

from collections.abc import Collection, Mapping, Sequence
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
from netmon.analysis.timelines import FOREVER_S, DeviceTimeline, Material, Timelines
from netmon.config.settings import Settings
from netmon.domain.incidents import BROKEN
from netmon.domain.intervals import Interval, Span, clipped, epoch_s, instant, intersection
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

FURTHER_S = (8 * 86_400, 64 * 86_400, FOREVER_S)
"""How far back is looked, time after time, for when what was broken before the month broke."""


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
    return read_between(stores, month.bounds(stores.zone), now, smoothing_s, known_before_s)


def read_between(
    stores: Stores,
    bounds: Interval,
    now: datetime,
    smoothing_s: int = 0,
    known_before_s: int | None = None,
) -> MonthReading:
    """Read any interval as `read_month` reads a month; its `month` is that in which it begins."""
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
    runs, timelines = _Telling(stores, city, announced, read, smoothing_s).told(began_s)
    return MonthReading(
        Month.at(instant(bounds[0]), stores.zone),
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


@dataclass(frozen=True, slots=True)
class _Telling:
    """Reads the timelines of a month."""

    stores: Stores
    city: MonthCity
    announced: Announced
    read: Interval
    smoothing_s: int

    def told(self, began_s: int) -> tuple[Runs, dict[str, DeviceTimeline]]:
        """Return what is read; what was broken already, from when it was last seen to work."""
        further: dict[str, int] = {}
        for back_s in FURTHER_S:
            runs, told = self._once(further)
            since_s = max(self.read[0] - back_s, began_s)
            doubtful = [name for name, each in told.items() if not self._begins_well(each)]
            if not doubtful or min(further.values(), default=since_s + 1) <= began_s:
                break
            names = (each for name in doubtful for each in self.city.ids(name))
            further |= dict.fromkeys(names, since_s)
        else:
            runs, told = self._once(further)
        return runs, told

    def _once(self, further: Mapping[str, int]) -> tuple[Runs, dict[str, DeviceTimeline]]:
        stores, known = self.stores, self.city.known
        slack_s = stores.settings.dependency_slack_s()
        since_s = self.read[0] - READS_BACK_S
        until_s = self.read[1]
        tail = tails(stores.record, known, since_s, slack_s, further=further, until_s=until_s)
        revisions = self.city.revisions(self.read[1])
        material = Material(revisions, tail.runs, stores.record.latest(), self.announced)
        told = Timelines(material, stores.settings, stores.hours, (tail.from_s, self.read[1])).all()
        return tail.runs, {name: each.smoothed(self.smoothing_s) for name, each in told.items()}

    def _begins_well(self, timeline: DeviceTimeline) -> bool:
        """
        Tell whether it is known when the first thing that broke did.

        A device is read from the last time that it answered. That proves nothing of what broke
        before where it was a blink and blinks are left out, nor at night of a computer
        that should work by day.
        """
        broken = _first(timeline.judged, BROKEN, 0)
        works = _first(timeline.judged, {Status.UP}, self.smoothing_s)
        return works <= broken or works < self.read[0]


def _first(spans: Sequence[Span], statuses: Collection[Status], least_s: int) -> int:
    """Return when a status first held for long enough, `FOREVER_S` where it never did."""
    starts = (
        span.start_s
        for span in spans
        if span.status in statuses and span.end_s - span.start_s >= least_s
    )
    return next(starts, FOREVER_S)


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
