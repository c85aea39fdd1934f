"""The beginning of a report: one sentence, and what to remember of the month."""

from zoneinfo import ZoneInfo

from netmon.analysis.month_report import MonthReport
from netmon.domain.objectives import Objective
from netmon.report.dutch import aim, count, duration, moment, month_name, percent, points
from netmon.report.glyphs import drawable
from netmon.report.paper import Section
from netmon.report.wording import say


def summary(report: MonthReport) -> str:
    """Return the month in one sentence."""
    facts = {"month": month_name(report.month), "city": drawable(report.city)}
    availability = report.total.figures.availability
    if availability is None:
        return say("summary_nothing", **facts)
    compared = _compared(availability, report.total.last_month)
    return say("summary", **facts, availability=percent(availability), compared=compared)


def _compared(now: float, before: float | None) -> str:
    if before is None:
        return ""
    text = points(now, before)
    if text == points(now, now):
        return say("summary_same")
    return say("summary_more" if now > before else "summary_less", points=text[1:])


def brief_section(report: MonthReport) -> Section:
    """Return what to remember: target, incidents, repairs, and how much is not known."""
    found = [_unknown(report), _target(report.total.objective), _incidents(report), _mttr(report)]
    if report.counted_from > report.starts_at:
        start = moment(report.counted_from, ZoneInfo(report.zone))
        found.insert(0, say("brief_partial", start=start))
    return Section("brief", say("brief"), points=tuple(filter(None, found)))


def _unknown(report: MonthReport) -> str:
    ratio = report.unknown.ratio
    return say("brief_unknown", ratio=percent(ratio)) if ratio is not None else ""


def _target(objective: Objective | None) -> str:
    if objective is None:
        return ""
    words = {True: "brief_target_met", False: "brief_target_missed", None: "brief_target_open"}
    return say(words[objective.is_met], target=aim(objective.target))


def _incidents(report: MonthReport) -> str:
    number = len(report.incidents)
    if not number:
        return say("brief_no_incidents")
    still_open = sum(each.ended_at is None for each in report.incidents)
    began = say("brief_one_incident" if number == 1 else "brief_incidents", number=count(number))
    ended = say("brief_one_open" if still_open == 1 else "brief_open", number=count(still_open))
    return f"{began} {ended}"


def _mttr(report: MonthReport) -> str:
    mttr_s = report.total.mttr_s
    return say("brief_mttr", mttr=duration(mttr_s)) if mttr_s is not None else ""
