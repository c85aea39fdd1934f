"""The report of last month, issued when it is due and sent once through each channel."""

import logging
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from netmon.alerts.channels.apprise_channel import deliver
from netmon.alerts.channels.apprise_request import AppriseRequest
from netmon.alerts.message import Undelivered
from netmon.analysis.calendar_months import Month
from netmon.analysis.month_report import MonthReport
from netmon.analysis.views import RecordViews
from netmon.cli.report import is_anything_known
from netmon.cli.wiring import Loaded
from netmon.config.channels import Channel
from netmon.report.due import due_month
from netmon.report.edition import Edition
from netmon.report.issue import edition_of, issue
from netmon.report.letter import ATTACHED, body, put, subject
from netmon.storage.desk import DeskReader
from netmon.storage.issued import IssuedReports
from netmon.storage.record import RecordReader

logger = logging.getLogger(__name__)


class Reporting:
    """
    Issues and sends; what was done is read from the files, so a new start does nothing twice.

    A report is sent at least once: where netmon is killed between the answer of the mail server
    and the note that it was sent, it is sent again.
    """

    def __init__(self, loaded: Loaded, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._loaded, self._told = loaded, loaded.settings.reports
        self._reports = IssuedReports(loaded.settings.store.folder)
        self._unknown: Month | None = None
        self._gone: set[tuple[str, int, str]] = set()

    def turn(self) -> None:
        """Do what is due; what fails is logged and tried again in the next turn."""
        at = self._clock()
        month = due_month(self._told, ZoneInfo(self._loaded.settings.city.timezone), at)
        if month == self._unknown:
            return
        if not self._reports.revisions(str(month)) and not self._issued(month, at):
            return
        self._send(str(month))

    def _issued(self, month: Month, at: datetime) -> bool:
        made = self._worked_out(month, at)
        if not made.is_complete:
            return False  # due before the month is settled: the next turn looks again
        if not is_anything_known(made):
            self._unknown = month
            logger.info("report: month=%s nothing is known", month)
            return False
        done = issue(self._reports, made, version("netmon"), at)
        logger.info("report: month=%s revision=%s issued", month, done.edition.revision)
        return True

    def _worked_out(self, month: Month, at: datetime) -> MonthReport:
        settings = self._loaded.settings
        with ExitStack() as stack:
            record = stack.enter_context(closing(RecordReader(settings.store.folder)))
            desk = stack.enter_context(closing(DeskReader(settings.store.folder)))
            views = RecordViews(settings, self._loaded.calendar, record, desk)
            return views.month_report(month, at, self._told.smooth_s)

    def _send(self, month: str) -> None:
        revision = self._reports.revisions(month)[-1]
        fate = self._reports.fate(month, revision)
        sent = fate.sent if fate is not None else {}
        waiting = [name for name in self._told.channels if name not in sent]
        if not waiting:
            return
        edition = edition_of(self._reports, month, revision)
        for name in waiting:
            self._send_by(self._loaded.channels[name], edition, revision)

    def _send_by(self, channel: Channel, edition: Edition, revision: int) -> None:
        month = edition.report.month
        files = {ending: self._reports.read(month, revision, ending) for ending in ATTACHED}
        key = (month, revision, channel.name)
        # Locked before it goes: what could not be noted as sent would be sent again.
        with self._reports.writing() as issuing:
            if key not in self._gone and not _is_delivered(channel, edition, files):
                return
            # On a full disk the note fails, and is all that is tried again.
            self._gone.add(key)
            issuing.sent(*key, self._clock())
        logger.info("report: month=%s revision=%s channel=%s sent", *key)


def _is_delivered(channel: Channel, edition: Edition, files: Mapping[str, bytes]) -> bool:
    """Send; what was refused is logged."""
    try:
        with tempfile.TemporaryDirectory(prefix="netmon-report-") as folder:
            deliver(_request(channel, edition, put(Path(folder), edition, files)))
    except Undelivered as error:
        told = (edition.report.month, edition.revision, channel.name, error.reason)
        logger.warning("report: month=%s revision=%s channel=%s not sent: %s", *told)
        return False
    return True


def _request(channel: Channel, edition: Edition, paths: tuple[Path, ...]) -> AppriseRequest:
    month = edition.report.month
    return AppriseRequest(
        channel.url,
        subject(edition),
        body(edition),
        delivery_id=f"report-{month}-r{edition.revision}",
        thread=f"report-{month}",
        attachments=tuple(map(str, paths)),
        timeout_s=channel.timeout_s,
    )
