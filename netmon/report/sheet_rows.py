"""The one long table of a report: lines, days and incidents, told apart by their first columns."""

from collections.abc import Iterator
from datetime import date

from netmon.analysis.month_report import Day, Grouping, Line, MonthIncident, MonthReport
from netmon.domain.figures import Figures
from netmon.report.sheet import Value
from netmon.report.wording import KINDS, LANGUAGE, SERVICES, WHOSE, say
from netmon.words.reasons import said_reason

Row = dict[str, Value]

PART = {
    Grouping.TOTAL: "alles",
    Grouping.KIND: "soort",
    Grouping.STREET: "straat",
    Grouping.SITE: "plek",
    Grouping.DEVICE: "toestel (slechtste)",
}

COLUMNS = (
    "onderdeel", "maand", "herziening", "id", "naam", "soort", "dienst", "plek", "datum",
    "toestellen", "werkte (%)", "doel (%)", "doel gehaald", "mag nog falen (uur)",
    "vorige maand (%)", "vorig jaar (%)", "bruikbaar (uur)", "werkte niet (uur)",
    "geen verbinding (uur)", "onbekend (uur)", "onderhoud (uur)", "hoefde niet (uur)",
    "zonder belofte (uur)", "onbekend (%)", "incidenten", "nog open", "herstel na (uur)",
    "werkt tussendoor (uur)", "begin", "einde", "verloren deze maand (uur)", "oorzaak",
    "code van de oorzaak", "voor wie", "treft ook (toestellen)", "nota's", "voorbeeld",
    "voorlopig", "afgevlakt (seconden)",
)  # fmt: skip
"""Heads of the columns; their units stand in them."""

_SECONDS_PER_HOUR = 3600


def rows_of(report: MonthReport, revision: int | None) -> Iterator[Row]:
    """Yield the rows: all together, kinds, streets, sites, worst devices, days, incidents."""
    common: Row = {
        "maand": date.fromisoformat(f"{report.month}-01"),
        "herziening": revision,
        "voorbeeld": report.is_synthetic,
        "voorlopig": not report.is_complete,
        "afgevlakt (seconden)": report.made_from.smoothing_s,
    }
    lines = (
        report.total,
        *report.kinds,
        *report.streets,
        *report.sites,
        *report.worst,
    )
    for line in lines:
        yield {**common, **_line(line)}
    for day in report.days:
        yield from ({**common, **row} for row in _day(day))
    for incident in report.incidents:
        yield {**common, **_incident(incident)}


def _line(line: Line) -> Row:
    objective = line.objective
    aim: Row = (
        {}
        if objective is None
        else {
            "doel (%)": objective.target * 100,
            "doel gehaald": objective.is_met,
            "mag nog falen (uur)": _hours(objective.budget_left_s),
        }
    )
    return {
        "onderdeel": PART[line.grouping],
        "id": line.id,
        "naam": _name(line),
        "soort": None if line.kind is None else KINDS[line.kind],
        "dienst": None if line.service is None else SERVICES[line.service],
        "plek": line.place_name,
        "toestellen": line.devices,
        **aim,
        "vorige maand (%)": _percent(line.last_month),
        "vorig jaar (%)": _percent(line.last_year),
        **_figures(line.figures),
        "incidenten": line.incidents,
        "nog open": line.open,
        "herstel na (uur)": _hours(line.mttr_s),
        "werkt tussendoor (uur)": _hours(line.mtbf_s),
        **_made_up(line.synthetic),
    }


def _name(line: Line) -> str:
    if line.grouping is Grouping.TOTAL:
        return say("all")
    return KINDS[line.kind] if line.grouping is Grouping.KIND and line.kind else line.name


def _day(day: Day) -> Iterator[Row]:
    common: Row = {"onderdeel": "dag", "datum": date.fromisoformat(day.date)}
    yield {**common, "naam": say("all"), **_figures(day.total)}
    for each in day.kinds:
        name = KINDS[each.kind]
        yield {**common, "naam": name, "soort": name, **_figures(each.figures)}


def _figures(figures: Figures) -> Row:
    return {
        "werkte (%)": _percent(figures.availability),
        "bruikbaar (uur)": _hours(figures.usable_s),
        "werkte niet (uur)": _hours(figures.failed_s),
        "geen verbinding (uur)": _hours(figures.unreachable_s),
        "onbekend (uur)": _hours(figures.unknown_s),
        "onderhoud (uur)": _hours(figures.maintenance_s),
        "hoefde niet (uur)": _hours(figures.expected_off_s),
        "zonder belofte (uur)": _hours(figures.unpromised_s),
        "onbekend (%)": _percent(figures.unknown_ratio),
    }


def _incident(incident: MonthIncident) -> Row:
    return {
        "onderdeel": "incident",
        "id": incident.id,
        "naam": incident.subject_name,
        "soort": None if incident.kind is None else KINDS[incident.kind],
        "plek": ", ".join(dict.fromkeys((incident.place_name, *incident.places))),
        "begin": incident.began_at,
        "einde": incident.ended_at,
        "verloren deze maand (uur)": _hours(incident.in_month_s),
        "oorzaak": said_reason(incident.reason, LANGUAGE),
        "code van de oorzaak": incident.reason,
        "voor wie": WHOSE[incident.audience],
        "treft ook (toestellen)": len(incident.affected),
        "nota's": incident.notes,
        **_made_up(incident.synthetic),
    }


def _made_up(is_so: bool) -> Row:  # noqa: FBT001 - the one fact that it is about
    """Mark a row; of a simulated network every row is marked already."""
    return {"voorbeeld": True} if is_so else {}


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / _SECONDS_PER_HOUR


def _percent(ratio: float | None) -> float | None:
    return None if ratio is None else ratio * 100
