"""A running netmon: inventory, collecting side and web side, started and stopped in order."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from collectors.checks.heartbeat import INBOX
from collectors.checks.snmp import SESSIONS
from netmon.alerts.service import TURN_S as ALERT_S
from netmon.alerts.service import AlertService
from netmon.analysis.announced import Agenda
from netmon.analysis.hours import OpeningHours, expected_off
from netmon.analysis.views import RecordViews
from netmon.cli.alerting import alerting
from netmon.cli.announcing import Requests
from netmon.cli.impacting import impacts_in_time
from netmon.cli.keeping import (
    ROLL_S,
    TURN_S,
    RecordWithSeries,
    SeriesKeeping,
    open_series,
    series_views,
)
from netmon.cli.receiving import Receiving
from netmon.cli.reporting import Reporting
from netmon.cli.revision import import_into, open_desk
from netmon.cli.well import dead_man_of
from netmon.cli.wiring import Loaded, load, now
from netmon.config.settings import Settings
from netmon.domain.errors import ConfigError
from netmon.domain.intervals import epoch_s
from netmon.domain.model import REPORTED
from netmon.scheduler.dating import read_clocks
from netmon.scheduler.duties import duties
from netmon.scheduler.garbage import collect_seldom, give_back
from netmon.scheduler.housekeeping import Housekeeping
from netmon.scheduler.judge import Judge
from netmon.scheduler.service import CollectingService
from netmon.scheduler.sight import OwnSight
from netmon.scheduler.witnesses import Witnesses
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.inbox import InboxReader
from netmon.storage.record import RecordReader, RecordWriter
from netmon.storage.series import SeriesWriter

if TYPE_CHECKING:  # a process that only collects must not import what only the map needs
    from netmon.analysis.impact import Impact
    from netmon.analysis.in_time import InTime
    from netmon.cli.noticing import Noticing
    from netmon.cli.server import WebServer

logger = logging.getLogger(__name__)

LOOK_S = 0.5
"""How often a running netmon looks whether it should stop, reload or serve a new revision."""

TIDY_S = 600.0
"""How often the stores forget what is over."""

REPORT_S = 300.0
"""How often it is looked whether a report is due or not yet sent: what was missed is caught up."""

PREPARE_S = 60.0
"""How often what is over is worked out for pages, where that is not kept yet."""

REST_S = 0.05
"""How long preparing rests between two pieces, each of which takes about as long."""

HOUSEKEEPING_S = 10.0
"""How often it notes how it does, and that it listens."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Which sides run in this process, and where the web side listens if not as configured."""

    collect: bool = True
    web: bool = True
    host: str | None = None
    port: int | None = None

    def applied_to(self, settings: Settings) -> Settings:
        """Return the settings with what the command line changed."""
        asked = {"host": self.host, "port": self.port}
        changed = {key: value for key, value in asked.items() if value is not None}
        return settings.model_copy(update={"web": settings.web.model_copy(update=changed)})


class Instance:
    """
    One netmon process.

    Parameters
    ----------
    path
        Its `netmon.toml`; raises `ConfigError` where that or the inventory is wrong.
    parts
        Which sides run here.
    tell
        Takes one line for the person who started it.
    """

    def __init__(self, path: Path, parts: Parts, tell: Callable[[str], None]) -> None:
        self._path, self._parts, self._tell = path, parts, tell
        self._loaded = self._load()
        self._settings = parts.applied_to(self._loaded.settings)
        self._stop, self._reload = threading.Event(), threading.Event()
        self._served = 0
        self._expected_off: Callable[[str, datetime], bool] = lambda *_: False
        self._receiving: Receiving | None = None
        self._noticing: Noticing | None = None
        self._impacts: InTime[Impact] | None = None
        self._views: RecordViews | None = None

    @property
    def settings(self) -> Settings:
        """Return the settings that it runs with."""
        return self._settings

    def _load(self) -> Loaded:
        asks, serves = self._parts.collect, self._parts.web
        return load(self._path, with_secrets=asks, receives=serves, tells=asks)

    def request_stop(self) -> None:
        """Ask it to end; safe from a signal handler."""
        self._stop.set()

    def request_reload(self) -> None:
        """Ask it to read its files again; safe from a signal handler."""
        self._reload.set()

    def run(self) -> None:
        """Run until asked to stop; what was started is stopped in reverse order."""
        collect_seldom()
        with ExitStack() as stack:
            record = self._open_record(stack)
            desk = open_desk(self._loaded, is_owner=self._parts.web)
            if desk is not None:
                stack.callback(desk.close)
                self._receiving = self._open_ear(desk)
            reader = stack.enter_context(closing(DeskReader(self._settings.store.folder)))
            self._impacts = self._open_impacts(stack, reader)
            series = self._open_series(stack, record)
            web = self._open_web(stack, reader, desk)
            service = self._start_collecting(stack, record, series)
            self._serve(service, reader)
            if web is not None:
                web.start()
                self._tell(f"netmon: {web.address}")
            keeping = self._series_keeping(stack, series, reader)
            self._keep_house(stack, service, record, desk, keeping)
            while not self._stop.wait(LOOK_S):
                if self._reload.is_set():
                    self._reload.clear()
                    self._read_again(desk)
                self._serve(service, reader)
            self._tell("stopping")

    def _keep_house(
        self,
        stack: ExitStack,
        service: CollectingService | None,
        record: RecordWriter | None,
        desk: DeskWriter | None,
        keeping: SeriesKeeping | None,
    ) -> None:
        house = Housekeeping()
        for name, store in (("record", record), ("desk", desk)):
            if store is not None:
                house.every(TIDY_S, f"tidy {name}", partial(_tidy, store))
        house.every(TIDY_S, "memory", give_back)
        if self._views is not None:
            house.every(PREPARE_S, "prepare", partial(self._prepare, self._views))
        if desk is not None:
            house.every(LOOK_S, "requests", Requests(desk, self._settings.store.folder).take)
        if self._receiving is not None:
            self._receiving.begin()
            house.every(HOUSEKEEPING_S, "listening", self._receiving.go_on)
        if service is not None and record is not None:
            self._keep_collecting(stack, house, service, record)
        if keeping is not None:
            house.every(TURN_S, "series", keeping.turn)
            house.every(ROLL_S, "roll series", keeping.roll)
        house.start()
        stack.callback(house.stop)

    def _prepare(self, views: RecordViews) -> None:
        """Work the last year out piece by piece, so that pages find it; ends soon when told to."""
        for _ in views.prepare(now()):
            if self._stop.wait(REST_S):
                return

    def _keep_collecting(
        self,
        stack: ExitStack,
        house: Housekeeping,
        service: CollectingService,
        record: RecordWriter,
    ) -> None:
        assert self._impacts is not None  # noqa: S101 - `run` opened it
        alerts = alerting(stack, self._loaded, record, self._impacts.within)
        if alerts is not None:
            house.every(ALERT_S, "alerts", alerts.turn)
        house.every(HOUSEKEEPING_S, "vitals", lambda: service.note(self._counts(alerts)))
        if self._settings.reports.enabled:
            house.every(REPORT_S, "reports", Reporting(self._loaded, now).turn)
        others = () if alerts is None else (alerts.complaint,)
        if (switch := dead_man_of(stack, self._loaded, others)) is not None:
            house.every(self._settings.dead_man.interval_s, "dead man", switch.ping)

    def _counts(self, alerts: AlertService | None) -> Mapping[str, float]:
        heard = self._noticing.counts() if self._noticing is not None else {}
        return {**heard, **(alerts.counts() if alerts is not None else {})}

    def _open_record(self, stack: ExitStack) -> RecordWriter | None:
        if not self._parts.collect:
            return None
        store = self._settings.store
        return stack.enter_context(closing(RecordWriter(store.folder, origin=store.origin)))

    def _open_series(self, stack: ExitStack, record: RecordWriter | None) -> SeriesWriter | None:
        series = None if record is None else open_series(self._settings)
        return None if series is None else stack.enter_context(closing(series))

    def _series_keeping(
        self, stack: ExitStack, series: SeriesWriter | None, desk: DeskReader
    ) -> SeriesKeeping | None:
        if series is None:
            return None
        record = stack.enter_context(closing(RecordReader(self._settings.store.folder)))
        views = RecordViews(self._settings, self._loaded.calendar, record, desk)
        return SeriesKeeping(series, views, now)

    def _open_ear(self, desk: DeskWriter) -> Receiving | None:
        secret = self._loaded.heartbeat_secret
        return None if secret is None else Receiving(desk, secret)

    def _open_impacts(self, stack: ExitStack, desk: DeskReader) -> "InTime[Impact]":
        record = stack.enter_context(closing(RecordReader(self._settings.store.folder)))
        calendar = self._loaded.calendar
        views = RecordViews(self._settings, calendar, record, desk, follows_record=True)
        return stack.enter_context(closing(impacts_in_time(views)))

    def _open_web(
        self, stack: ExitStack, desk: DeskReader, writer: DeskWriter | None
    ) -> "WebServer | None":
        if not self._parts.web:
            return None
        self._tell("preparing the map")
        from netmon.cli.planning import Planning  # noqa: PLC0415 - likewise
        from netmon.cli.server import WebServer, receiver  # noqa: PLC0415 - only the web side pays for it

        record = stack.enter_context(closing(RecordReader(self._settings.store.folder)))
        calendar = self._loaded.calendar
        views = RecordViews(self._settings, calendar, record, desk, follows_record=True)
        self._views = views
        series = series_views(self._settings, views)
        heard, impacts = receiver(self._receiving), self._impacts
        planning = Planning(self._settings, calendar, views, desk, writer)
        stack.callback(planning.stop)
        web = WebServer(
            self._settings, views, now, heard, series, impacts=impacts, planning=planning.views
        )
        stack.callback(web.stop)
        planning.start()
        return web

    def _start_collecting(
        self, stack: ExitStack, record: RecordWriter | None, series: SeriesWriter | None
    ) -> CollectingService | None:
        if record is None:
            return None
        policy = partial(self._settings.policy, check=REPORTED)
        memory = record if series is None else RecordWithSeries(record, series)
        told = self._settings.sight
        sight = OwnSight(told.rule(), self._settings.deciding)
        judge = Judge(memory, policy, self._may_be_silent, clocks=read_clocks, sight=sight)
        witnesses = Witnesses(told.witnesses, self._loaded.checks["icmp"])
        concurrency = self._settings.concurrency
        service = CollectingService(judge, concurrency=concurrency, witnesses=witnesses)
        stack.callback(SESSIONS.close)
        self._open_inbox(stack)
        if self._settings.notifications.port:
            self._noticing = self._open_noticing(stack, service)
        service.start()
        stack.callback(service.stop)
        return service

    def _may_be_silent(self, device_id: str, at: datetime) -> bool:
        return self._expected_off(device_id, at)

    def _open_inbox(self, stack: ExitStack) -> None:
        """Let the check find heartbeats, which the web side of this process or another keeps."""
        beats = self._settings.heartbeats
        if beats.secret_env is not None or beats.secret_file is not None:
            INBOX.connect(stack.enter_context(closing(InboxReader(self._settings.store.folder))))
            stack.callback(INBOX.connect, None)

    def _open_noticing(self, stack: ExitStack, service: CollectingService) -> "Noticing":
        from netmon.cli.noticing import Noticing  # noqa: PLC0415 - pysnmp takes 0.2 s and 17 MB

        told, credentials = self._settings.notifications, self._loaded.credentials
        noticing = stack.enter_context(closing(Noticing(told, credentials, service.hurry)))
        self._tell(f"notifications: {told.host}:{told.port}")
        return noticing

    def _serve(self, service: CollectingService | None, desk: DeskReader) -> None:
        """Serve the newest revision of the store, whoever imported it."""
        newest = desk.revisions()[-1]
        if newest.number == self._served:
            return
        self._served = newest.number
        self._tell(f"inventory: revision {newest.number}")
        devices = newest.inventory.devices
        if self._receiving is not None:
            self._receiving.know(frozenset(device.id for device in devices))
        if self._noticing is not None:
            self._noticing.know(devices)
        if service is not None:
            # Hours of their own: the pages ask theirs in other threads.
            hours = OpeningHours(self._loaded.calendar, desk.opening_years())
            agenda = Agenda(desk)
            self._expected_off = expected_off(newest.inventory, hours, agenda.changes_of)
            settings, loaded = self._settings, self._loaded
            todo = duties(newest.inventory, settings, loaded.credentials, loaded.checks)
            service.serve(todo, devices)
            self._tell(f"collecting: {len(devices)} devices, {len(todo)} checks")

    def _read_again(self, desk: DeskWriter | None) -> None:
        """Import changed files; a bad file changes nothing and is told."""
        try:
            fresh = self._load()
        except ConfigError as error:
            for problem in error.problems:
                logger.error("reload: %s", problem)  # noqa: TRY400 - the file is wrong, not the code
            self._tell(f"reload refused: revision {self._served} stays")
            return
        # A reload takes inventory, calendar and credentials; other settings hold from start.
        self._loaded = replace(fresh, settings=self._settings)
        try:
            if desk is not None:
                import_into(desk, self._loaded)
            else:
                open_desk(self._loaded, is_owner=False)
        except (apsw.FullError, apsw.IOError, apsw.BusyError) as error:
            logger.error("reload: the store cannot be written: %s", error)  # noqa: TRY400 - the disk is full, not the code wrong
            self._tell(f"reload refused: revision {self._served} stays")


def _tidy(store: RecordWriter | DeskWriter) -> None:
    store.tidy(epoch_s(now()))
