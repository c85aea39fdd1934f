"""Issuing a month's report: the same figures are the same edition, others are a new one."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from netmon.analysis.month_report import MonthReport
from netmon.domain.errors import StoreError
from netmon.report.changes import changes_between
from netmon.report.compose import compose, figure_sections
from netmon.report.edition import Edition, from_json, is_same, to_json, why_different
from netmon.report.pdf import as_pdf
from netmon.report.sheet import written
from netmon.report.sheet_rows import COLUMNS, rows_of
from netmon.storage.issued import DOCUMENT, IssuedReports

FORMATS = (DOCUMENT, "pdf", "csv")


@dataclass(frozen=True, slots=True)
class Issued:
    """An edition that is kept; `is_new` where it was not there before."""

    edition: Edition
    is_new: bool


def issue(reports: IssuedReports, report: MonthReport, version: str, at: datetime) -> Issued:
    """
    Return the edition that says what a report says; make and keep it where there is none yet.

    Parameters
    ----------
    reports
        What was issued so far.
    report
        Of a month that is over.
    version
        Of this netmon.
    at
        Now; it is noted beside the edition and in none of its files.

    Raises
    ------
    ValueError
        If the month is not over.
    StoreError
        If another process issues reports now, or what was issued cannot be read.
    """
    if not report.is_complete:
        raise ValueError(f"report: expected a month that is over, found {report.month}")
    with reports.writing() as issuing:
        before = newest(reports, report.month)
        if before is not None and is_same(before.report, report):
            return Issued(before, is_new=False)
        edition = _next(before, report, version)
        issuing.keep(report.month, edition.revision or 1, files_of(edition), at)
    return Issued(edition, is_new=True)


def newest(reports: IssuedReports, month: str) -> Edition | None:
    """Return the newest edition of a month, None before the first."""
    revisions = reports.revisions(month)
    return edition_of(reports, month, revisions[-1]) if revisions else None


def edition_of(reports: IssuedReports, month: str, revision: int) -> Edition:
    """Return an edition that was issued; raises `StoreError` where its file holds none."""
    try:
        return from_json(reports.read(month, revision))
    except ValueError as error:
        raise StoreError(f"{reports.path(month, revision, DOCUMENT)}: {error}") from None


def files_of(edition: Edition) -> dict[str, bytes]:
    """Return an edition in each of `FORMATS`; the same edition gives the same bytes."""
    report = edition.report
    rows = rows_of(report, edition.revision)
    return {
        DOCUMENT: to_json(edition),
        "pdf": as_pdf(compose(edition)),
        "csv": written(COLUMNS, rows, ZoneInfo(report.zone)),
    }


def _next(before: Edition | None, report: MonthReport, version: str) -> Edition:
    if before is None or before.revision is None:
        return Edition(1, version, report)
    fresh = Edition(before.revision + 1, version, report)
    old, new = figure_sections(before.report), figure_sections(report)
    return replace(fresh, changes=changes_between(old, new), why=why_different(before, fresh))
