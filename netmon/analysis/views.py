"""The record as pages and the command line read it, over both stores."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from netmon.analysis.announced import Agenda
from netmon.analysis.availability import AvailabilityRow, added, availability
from netmon.analysis.calendar_months import Month
from netmon.analysis.coming import announced_rows
from netmon.analysis.hours import OpeningHours
from netmon.analysis.incident_pieces import IncidentPieces
from netmon.analysis.incident_views import IncidentViews
from netmon.analysis.incidents import all_settled_s
from netmon.analysis.live import Surroundings, device_rows, last_seen, spot_rows
from netmon.analysis.month_reading import READS_BACK_S, SETTLES_S, Stores
from netmon.analysis.month_report import MonthReport
from netmon.analysis.months import Months
from netmon.analysis.pieces import parted, pieces_since
from netmon.analysis.presence import with_sites
from netmon.analysis.rows import (
    AnnouncedRow,
    DeviceRow,
    HealthRow,
    IncidentDetail,
    IncidentRow,
    SpotRow,
)
from netmon.analysis.settled import Settled
from netmon.analysis.tails import Tails, tails
from netmon.analysis.timelines import DeviceTimeline, Material, Timelines
from netmon.analysis.worked import WorkedHours, worked_hours
from netmon.config.calendar import Calendar
from netmon.config.settings import Settings
from netmon.domain.intervals import Interval, epoch_s, instant
from netmon.domain.model import Revision
from netmon.domain.sight import OWN_SIGHT, SIGHT, SIGHT_POLICY
from netmon.domain.sightings import Stranger
from netmon.domain.state import LAPSE_INTERVALS
from netmon.storage.desk import DeskReader
from netmon.storage.record import OPEN_S, LatestLook, RecordReader, Runs

YEAR_S = 366 * 86_400
"""How far back answers are worked out before anybody asks."""

RECENT_S = 86_400
"""How far the live pages look back for incidents that have ended."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """Everything read at one instant; pages of the same instant share it."""

    key: tuple[object, int]
    timelines: dict[str, DeviceTimeline]
    latest: Sequence[LatestLook]
    bounds: Interval


class RecordViews:
    """
    Answers what the web and the command line ask; safe to call from any thread.

    Places and devices that are synthetic show only where the store's origin is `demo`. Where
    it `follows_record`, live answers are of the newest look where that is later than `now`:
    somebody set the clock back, and what broke since would else show when that time has passed.
    """

    def __init__(
        self,
        settings: Settings,
        calendar: Calendar,
        record: RecordReader,
        desk: DeskReader,
        *,
        follows_record: bool = False,
    ) -> None:
        self._settings, self._record, self._desk = settings, record, desk
        self._hours = OpeningHours(calendar, desk.opening_years())
        self._agenda = Agenda(desk)
        self._follows_record = follows_record
        self._settled = Settled(record, desk, self._agenda)
        self._pieces = IncidentPieces(
            self._settled,
            record,
            ZoneInfo(settings.city.timezone),
            settings.dependency_slack_s(),
            read=self._told_since,
            read_past=lambda since_s, until_s: self._told_since(since_s, until_s, until_s),
        )
        self.incident_views = IncidentViews(desk, self._agenda, self._told_since, self._pieces)
        self.stores = Stores(settings, self._hours, record, desk, self._agenda)
        self._months = Months(self.stores)
        self._is_demo = settings.store.origin == "demo"
        self._lock = threading.Lock()
        self._last: _Reading | None = None

    def version(self) -> object:
        """Return what differs whenever either store was written."""
        return self._record.version(), self._desk.version()

    def spots(self, now: datetime) -> tuple[SpotRow, ...]:
        """Return every place that residents may know of."""
        reading = self._read(now)
        places = [
            place
            for revision in self._desk.revisions()[-1:]
            for place in revision.inventory.places
            if self._is_demo or not place.synthetic
        ]
        public = [
            each
            for each in reading.timelines.values()
            if self._is_demo or not each.device.synthetic
        ]
        surroundings = Surroundings(self._hours, self._agenda.announced(epoch_s(now)))
        return spot_rows(places, public, last_seen(reading.latest), surroundings, now)

    def devices(self, now: datetime) -> tuple[DeviceRow, ...]:
        """Return every device with its status, reason and last values."""
        reading = self._read(now)
        return device_rows(reading.timelines, reading.latest)

    def incidents(self, now: datetime) -> tuple[IncidentRow, ...]:
        """Return open incidents and those of the last day."""
        reading = self._read(now)
        return tuple(self.incident_views.rows(reading.timelines, reading.bounds))

    def incident(self, key: str, now: datetime) -> IncidentDetail | None:
        """Return one incident by its id with everything around it, None where there is none."""
        now_s = self._live_s(epoch_s(now), self._record.latest())
        return self.incident_views.find(key, now_s)

    def health(self, now: datetime) -> HealthRow:
        """Return whether observations still come in."""
        latest = self._record.latest()
        newest = max(last_seen(latest, besides=SIGHT[0]).values(), default=None)
        revisions = self._desk.revisions()
        lag_s = None if newest is None else max(0.0, (now - newest).total_seconds())
        vitals = self._record.vitals()
        # Beats that come in prove nothing of looks that hang.
        worst_s = max(lag_s or 0.0, vitals.get("poll_lag_s", 0.0))
        return HealthRow(
            is_ok=lag_s is not None and worst_s <= self._patience_s(),
            origin=self._settings.store.origin,
            revision=revisions[-1].number if revisions else 0,
            devices=len(revisions[-1].inventory.devices) if revisions else 0,
            lag_s=lag_s,
            store_bytes=self._record.size_bytes(),
            vitals=vitals,
            blind_since=self.blind_since(now),
        )

    def blind_since(self, now: datetime) -> datetime | None:
        """
        Return since when netmon sees nothing itself, None where it sees, or does not run.

        Meanwhile nothing new is known to be down, and what had been is unknown.
        """
        standing = self._record.standing(SIGHT)
        if standing is None or standing[0].reason != OWN_SIGHT:
            return None
        patience_s = SIGHT_POLICY.lapse_intervals * SIGHT_POLICY.interval_s
        is_kept = epoch_s(now) - standing[1] <= patience_s
        return instant(standing[0].start_s) if is_kept else None

    def announced(self, now: datetime) -> tuple[AnnouncedRow, ...]:
        """Return the work and the other hours of now and the next seven days, soonest first."""
        revisions = self._desk.revisions()
        if not revisions:
            return ()
        said, inventory = self._desk.announcements(), revisions[-1].inventory
        return announced_rows(said, self._agenda, inventory, epoch_s(now))

    def strangers(self) -> tuple[Stranger, ...]:
        """Return what controllers and other monitors see and the inventory lacks."""
        return tuple(self._record.strangers())

    def incidents_between(self, bounds: Interval, now: datetime) -> list[IncidentRow]:
        """Return the incidents that touch an interval."""
        return self._settled.answer(
            ("incidents", bounds),
            epoch_s(now),
            lambda: self.incident_views.between(bounds, epoch_s(now)),
            lambda rows: all_settled_s(rows, bounds, self._settings.dependency_slack_s()),
            is_annotated=True,
        )

    def availability(
        self, bounds: Interval, now: datetime, smoothing_s: int = 0
    ) -> list[AvailabilityRow]:
        """
        Return how every device spent an interval; what lies after `now` is unknown.

        States shorter than `smoothing_s` between two equal ones count as these.
        """
        # What is short is judged by what surrounds it, so only plain seconds can be added up.
        edges = [] if smoothing_s else self._pieces.cuts(epoch_s(now))
        while True:
            known = len(self._desk.revisions())
            with self._record.at_one_moment():
                pieces = parted(bounds, edges)
                found = [self._availability_of(each, now, smoothing_s) for each in pieces]
            if known == len(self._desk.revisions()):
                return added(found)

    def prepare(self, now: datetime) -> Iterator[None]:
        """Work out what is kept of the last year, newest first; yields after each piece."""
        now_s = epoch_s(now)
        for piece in reversed(pieces_since(now_s - YEAR_S, self._pieces.cuts(now_s))):
            self._pieces.piece(piece, now_s)
            self._availability_of(piece, now, 0)
            yield

    def _availability_of(
        self, bounds: Interval, now: datetime, smoothing_s: int
    ) -> list[AvailabilityRow]:
        # A parent's failure just outside still explains what its children did inside, and what
        # is short is judged by what surrounds it.
        slack_s = self._settings.dependency_slack_s()
        around = (READS_BACK_S + slack_s, SETTLES_S + slack_s) if smoothing_s else (slack_s,) * 2
        wide = (bounds[0] - around[0], bounds[1] + around[1])
        return self._settled.answer(
            ("availability", bounds, smoothing_s),
            epoch_s(now),
            lambda: self._availability(bounds, (wide[0], min(wide[1], epoch_s(now))), smoothing_s),
            lambda _: wide[1],
        )

    def _availability(
        self, bounds: Interval, known: Interval, smoothing_s: int
    ) -> list[AvailabilityRow]:
        runs = self._record.runs_between(*known)
        timelines = self._timelines(runs, known).values()
        return availability((each.smoothed(smoothing_s) for each in timelines), bounds)

    def month_report(self, month: Month, now: datetime, smoothing_s: int = 0) -> MonthReport:
        """Return what a month's report says; see `netmon.analysis.months`."""
        return self._months.report(month, now, smoothing_s)

    def worked(self, bounds: Interval, now: datetime) -> WorkedHours:
        """Return how much of each hour of whole UTC days every device worked, by (day, device)."""
        return worked_hours(self.timelines(bounds, now).values(), bounds)

    def timelines(self, bounds: Interval, now: datetime) -> dict[str, DeviceTimeline]:
        """Return what every device did in an interval; what lies after `now` is unknown."""
        slack_s = self._settings.dependency_slack_s()
        known = (bounds[0] - slack_s, min(bounds[1] + slack_s, epoch_s(now)))
        return self._timelines(self._record.runs_between(*known), known)

    def timelines_now(self, now: datetime) -> Mapping[str, DeviceTimeline]:
        """Return what every device did of late, up to now."""
        return self._read(now).timelines

    def basis(self) -> object:
        """Return what differs when the past reads differently: inventory, hours, announcements."""
        said = self._desk.announcements()
        return len(self._desk.revisions()), len(said), hash(tuple(said))

    def revision(self) -> Revision:
        """Return the newest inventory; there is one."""
        return self._desk.revisions()[-1]

    def began_s(self) -> int | None:
        """Return when the record begins, None where it is empty."""
        return self._record.began_s()

    def _read(self, now: datetime) -> _Reading:
        key = (self.version(), epoch_s(now))
        with self._lock:
            if self._last is None or self._last.key != key:
                latest = self._record.latest()
                until_s = self._live_s(key[1], latest)
                bounds = (until_s - RECENT_S, until_s + 1)
                tail = self._tails(bounds[0])
                wide = (tail.from_s, bounds[1])
                timelines = self._with_sites(self._timelines(tail.runs, wide, latest))
                self._last = _Reading(key, timelines, latest, bounds)
            return self._last

    def _live_s(self, now_s: int, latest: Sequence[LatestLook]) -> int:
        newest_s = (epoch_s(look.observation.at) for look in latest if self._follows_record)
        return max([now_s, *newest_s])

    def _tails(self, since_s: int, until_s: int = OPEN_S) -> Tails:
        slack_s = self._settings.dependency_slack_s()
        return tails(self._record, self._desk.revisions(), since_s, slack_s, until_s=until_s)

    def _told_since(
        self, since_s: int, now_s: int, until_s: int = OPEN_S
    ) -> dict[str, DeviceTimeline]:
        tail = self._tails(since_s, until_s)
        return self._with_sites(self._timelines(tail.runs, (tail.from_s, now_s)))

    def _timelines(
        self,
        runs: Runs,
        bounds: Interval,
        latest: Sequence[LatestLook] | None = None,
    ) -> dict[str, DeviceTimeline]:
        looks = self._record.latest() if latest is None else latest
        announced = self._agenda.announced(bounds[1])
        material = Material(self._desk.revisions(), runs, looks, announced)
        if not material.revisions:
            return {}
        return Timelines(material, self._settings, self._hours, bounds).all()

    def _with_sites(self, timelines: dict[str, DeviceTimeline]) -> dict[str, DeviceTimeline]:
        return with_sites(timelines, self._settings.dependency_slack_s())

    def _patience_s(self) -> float:
        devices = self._desk.revisions()[-1].inventory.devices if self._desk.revisions() else ()
        asked = {check for each in devices for check in self._settings.checks_of(each)}
        slowest = max((self._settings.check(name).interval_s for name in asked), default=60.0)
        return LAPSE_INTERVALS * slowest
