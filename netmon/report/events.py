"""What went wrong: the worst devices, the incidents, and what nobody knows."""

from zoneinfo import ZoneInfo

from netmon.analysis.month_report import Line, MonthIncident, MonthReport
from netmon.report.charts import Bar, bar_chart
from netmon.report.drawing import FAILED, UNKNOWN, Part
from netmon.report.dutch import count, duration, moment, percent
from netmon.report.glyphs import drawable
from netmon.report.line_tables import figure_column, objective_text
from netmon.report.paper import Cell, Chart, Row, Section, Table, columns
from netmon.report.wording import PARTS, WHOSE, cause, marked, name_of, say

MOST_INCIDENTS = 200
"""How many are set on paper; the CSV has them all."""


def worst_section(report: MonthReport) -> Section:
    """Return the devices that failed longest themselves, and those that changed all the time."""
    if not report.worst:
        return Section("worst", say("worst"), (say("worst_none"),), tables=_flapping(report))
    first = report.worst[0]
    alt = say("worst_alt", name=name_of(first), lost=duration(first.figures.failed_s))
    drawn = bar_chart("worst", [_failed(line) for line in report.worst], _words(FAILED))
    chart = Chart(say("worst_caption"), alt, drawn)
    tables = (_worst_table(report), *_flapping(report))
    return Section("worst", say("worst"), charts=(chart,), tables=tables)


def _failed(line: Line) -> Bar:
    failed_s = line.figures.failed_s
    return Bar(name_of(line), {FAILED: float(failed_s)}, duration(failed_s))


def _worst_table(report: MonthReport) -> Table:
    figures = (
        "availability",
        "target",
        "failed",
        "unreachable",
        "unknown_ratio",
        "incidents_count",
    )
    rows = (
        Row.of(
            line.id,
            name_of(line),
            drawable(line.place_name or ""),
            percent(line.figures.availability),
            objective_text(line.objective),
            duration(line.figures.failed_s),
            duration(line.figures.unreachable_s),
            percent(line.figures.unknown_ratio),
            count(line.incidents),
        )
        for line in report.worst
    )
    heads = (*columns(say, "device", "place", numbers=()), *map(figure_column, figures))
    return Table(say("worst_table"), heads, tuple(rows))


def _flapping(report: MonthReport) -> tuple[Table, ...]:
    rows = tuple(
        Row.of(
            each.id,
            marked(each.name, is_synthetic=each.synthetic),
            drawable(each.place_name),
            duration(each.flapping_s),
        )
        for each in report.flapping
    )
    heads = columns(say, "device", "place", numbers=("flapping_for",))
    return (Table(say("flapping_caption"), heads, rows),) if rows else ()


def incident_section(report: MonthReport) -> Section:
    """Return the incidents, the costliest first."""
    if not report.incidents:
        return Section("incidents", say("incidents"), (say("incidents_none"),))
    zone = ZoneInfo(report.zone)
    ranked = sorted(report.incidents, key=lambda each: (-each.in_month_s, each.began_at, each.id))
    year = report.starts_at.astimezone(zone).year
    rows = tuple(_incident(each, zone, year) for each in ranked[:MOST_INCIDENTS])
    left = len(ranked) - len(rows)
    more = (say("incidents_more", shown=count(len(rows)), number=count(left)),) if left else ()
    words, numbers = ("what", "place", "cause", "whose", "began", "ended"), ("lasted", "also_hit")
    heads = columns(say, *words, numbers=(*numbers, "notes"))
    table = Table(say("incidents_caption"), heads, rows)
    return Section("incidents", say("incidents"), more, tables=(table,))


def _incident(each: MonthIncident, zone: ZoneInfo, year: int) -> Row:
    ended = moment(each.ended_at, zone, year) if each.ended_at else say("still_open")
    places = [each.place_name, *(name for name in each.places if name != each.place_name)]
    words = (
        drawable(", ".join(places)),
        cause(each.reason),
        WHOSE[each.audience],
        moment(each.began_at, zone, year),
        ended,
        duration(each.in_month_s),
        count(len(each.affected)),
        count(each.notes),
    )
    subject = Cell(marked(each.subject_name, is_synthetic=each.synthetic), each.status)
    return Row(each.id, (subject, *map(Cell, words)))


def unknown_section(report: MonthReport) -> Section:
    """Return how much nobody knows: by kind, and the longest spells."""
    ranked = sorted(report.kinds, key=lambda line: -(line.figures.unknown_ratio or 0))
    known = [line for line in ranked if line.figures.unknown_ratio is not None]
    charts = (_unknown_chart(known),) if known else ()
    tables = (_unknown_table(known), *_spells(report)) if known else ()
    return Section("unknown", say("unknown"), (say("unknown_note"),), (), charts, tables)


def _unknown_chart(lines: list[Line]) -> Chart:
    bars = [
        Bar(name_of(line), {UNKNOWN: line.figures.unknown_ratio or 0.0}, _unknown(line))
        for line in lines
    ]
    alt = say("unknown_alt", name=name_of(lines[0]), ratio=_unknown(lines[0]))
    return Chart(say("unknown_caption"), alt, bar_chart("unknown", bars, _words(UNKNOWN)))


def _unknown_table(lines: list[Line]) -> Table:
    rows = (
        Row.of(
            line.id,
            name_of(line),
            count(line.devices),
            duration(line.figures.unknown_s),
            _unknown(line),
        )
        for line in lines
    )
    heads = columns(say, "name", numbers=("devices", "unknown_time", "unknown_ratio"))
    return Table(say("unknown_table"), heads, tuple(rows))


def _unknown(line: Line) -> str:
    return percent(line.figures.unknown_ratio)


def _spells(report: MonthReport) -> tuple[Table, ...]:
    zone = ZoneInfo(report.zone)
    rows = tuple(
        Row.of(
            f"{each.device_id}@{each.began_at:%Y%m%dT%H%M%SZ}",
            marked(each.device_name, is_synthetic=each.synthetic),
            drawable(each.place_name),
            moment(each.began_at, zone),
            moment(each.ended_at, zone),
            cause(each.reason),
            duration(each.promised_s),
        )
        for each in report.unknown.longest
    )
    words = ("device", "place", "began", "until", "cause")
    heads = columns(say, *words, numbers=("unknown_time",))
    return (Table(say("spells_caption"), heads, rows),) if rows else ()


def _words(*parts: Part) -> dict[Part, str]:
    return {part: PARTS[part] for part in parts}
