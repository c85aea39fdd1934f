"""A whole report from its figures."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from netmon.analysis.month_report import MonthReport
from netmon.report.brief import brief_section, summary
from netmon.report.changes import change_sections
from netmon.report.day_section import day_section
from netmon.report.dutch import moment, month_name
from netmon.report.edition import Edition
from netmon.report.events import incident_section, unknown_section, worst_section
from netmon.report.glyphs import drawable
from netmon.report.line_tables import compared, line_sections
from netmon.report.method_sections import method_section, origin_section
from netmon.report.paper import Paper, Section
from netmon.report.wording import LANGUAGE, say


def compose(edition: Edition) -> Paper:
    """Return an edition as it is set on paper and shown on the page; the same for the same."""
    report = edition.report
    zone = ZoneInfo(report.zone)
    last_day = (report.ends_at - timedelta(seconds=1)).astimezone(zone).date()
    return Paper(
        title=say("title", city=drawable(report.city), month=month_name(report.month)),
        subtitle=say("subtitle", edition=edition_words(edition)),
        language=LANGUAGE,
        dated=last_day.isoformat(),
        summary=summary(report),
        marks=_marks(edition),
        sections=(*change_sections(edition), *figure_sections(report), *_end(edition)),
    )


def figure_sections(report: MonthReport) -> tuple[Section, ...]:
    """Return everything that speaks of figures: what a later revision may change."""
    return (
        brief_section(report),
        day_section(report),
        *line_sections(report),
        compared(report),
        worst_section(report),
        incident_section(report),
        unknown_section(report),
    )


def edition_words(edition: Edition) -> str:
    """Return which edition it is: `herziening 2`, or that it is a draft."""
    number = edition.revision
    return say("edition_draft") if number is None else say("edition", number=number)


def _end(edition: Edition) -> tuple[Section, Section]:
    return method_section(edition.report), origin_section(edition.report, edition.netmon)


def _marks(edition: Edition) -> tuple[str, ...]:
    report = edition.report
    until = moment(report.counted_until, ZoneInfo(report.zone))
    lines = (*report.kinds, *report.streets, *report.sites, *report.worst)
    found = (
        (not report.is_complete, say("mark_provisional", until=until)),
        (edition.revision is None, say("mark_draft")),
        (report.is_synthetic, say("mark_demo")),
        (
            not report.is_synthetic and any(line.synthetic for line in lines),
            say("mark_synthetic"),
        ),
        (True, say("mark_internal")),
    )
    return tuple(words for holds, words in found if holds)
