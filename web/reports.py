"""Issued month reports for the desk: a list, each edition as a page, and its files."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, render_template

from netmon.domain.errors import StoreError
from netmon.report.compose import compose, edition_words
from netmon.report.dutch import month_name, percent
from netmon.report.edition import Edition
from netmon.report.issue import FORMATS, edition_of
from netmon.report.letter import file_name
from netmon.report.line_tables import objective_text
from netmon.report.paper import Paper
from netmon.storage.issued import IssuedReports
from web.operations import Guard
from web.prepared import Prepared

HTML = "text/html; charset=utf-8"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
FILE_WORDS = {"pdf": "PDF", "csv": "CSV voor Excel", "json": "JSON"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One edition in the list of a month; `issued_at` None where nobody noted it."""

    month: str
    revision: int
    issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month in the list of all: its newest edition, and the figures that are asked for first."""

    month: str
    name: str
    revision: int
    edition: str
    availability: str
    target: str
    unknown: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One edition as its page shows it, beside the other editions of that month."""

    month: str
    revision: int
    paper: Paper
    editions: tuple[Listed, ...]

    @property
    def is_newest(self) -> bool:
        """Tell whether no later edition replaces it."""
        return self.revision == self.editions[-1].revision


def blueprint(reports: IssuedReports, guard: Guard | None) -> Blueprint:
    """Return the pages of issued reports; they work nothing out. `guard` None: open to all."""
    room = Blueprint("reports", __name__)

    @room.before_request
    def admit() -> None:
        if guard is not None and not guard.admits():
            abort(404)

    @room.get("/ops/reports")
    def every() -> Response:
        rows = [_row(reports, month) for month in reports.months()]
        return _page("reports.html", rows=rows)

    @room.get("/ops/reports/<month>")
    def newest(month: str) -> Response:
        revisions = reports.revisions(month)
        return one(month, revisions[-1]) if revisions else abort(404)

    @room.get("/ops/reports/<month>/r<int:revision>")
    def one(month: str, revision: int) -> Response:
        paper = compose(_edition(reports, month, revision))
        editions = tuple(_listed(reports, month, each) for each in reports.revisions(month))
        page = ReportPage(month, revision, paper, editions)
        return _page("report.html", page=page, file_words=FILE_WORDS)

    @room.get("/ops/reports/<month>/r<int:revision>.<ending>")
    def file(month: str, revision: int, ending: str) -> Response:
        edition = _edition(reports, month, revision)
        if ending not in FORMATS:
            abort(404)
        content = Prepared.of(reports.read(month, revision, ending), MEDIA_TYPES[ending])
        answer = content.answer()
        answer.headers.set("Content-Disposition", "attachment", filename=file_name(edition, ending))
        return answer

    return room


def _page(template: str, **facts: object) -> Response:
    return Prepared.of(render_template(template, **facts).encode(), HTML).answer()


def _edition(reports: IssuedReports, month: str, revision: int) -> Edition:
    """Return an edition; 404 where it was not issued."""
    if revision not in reports.revisions(month):
        abort(404)
    return edition_of(reports, month, revision)


def _listed(reports: IssuedReports, month: str, revision: int) -> Listed:
    fate = reports.fate(month, revision)
    return Listed(month, revision, None if fate is None else fate.issued_at)


def _row(reports: IssuedReports, month: str) -> MonthRow:
    revision = reports.revisions(month)[-1]
    try:
        edition = edition_of(reports, month, revision)
    except StoreError:
        # One spoilt file does not hide the others; its own page says what is wrong.
        return MonthRow(month, month_name(month), revision, "onleesbaar", "–", "", "–")
    total = edition.report.total
    return MonthRow(
        month,
        month_name(month),
        revision,
        edition_words(edition),
        percent(total.figures.availability),
        objective_text(total.objective),
        percent(total.figures.unknown_ratio),
    )
