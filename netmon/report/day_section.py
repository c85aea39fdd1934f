"""Day by day: a chart for all, one for each kind, and the table that says the same."""

from collections.abc import Sequence
from datetime import date

from netmon.analysis.month_report import Day, Line, MonthReport
from netmon.domain.figures import Figures
from netmon.report.charts import day_chart, scale
from netmon.report.dutch import day, percent
from netmon.report.paper import Chart, Column, Row, Section, Table
from netmon.report.wording import KINDS, PARTS, name_of, say


def day_section(report: MonthReport) -> Section:
    """Return what became of each day of the month."""
    shown = [(report.total, [each.total for each in report.days])]
    # Of one kind alone, its days would be those of all once more.
    if len(report.kinds) > 1:
        shown += [(line, _of_kind(report.days, line)) for line in report.kinds]
    top = scale((figures for _, figures in shown), PARTS)
    charts = tuple(_chart(line, report.days, figures, top) for line, figures in shown)
    has_target = any(line.objective for line, _ in shown)
    paragraphs = (say("days_note"), *([say("days_target")] if has_target else []))
    return Section("days", say("days"), paragraphs, (), charts, (_table(report),))


def _of_kind(days: Sequence[Day], line: Line) -> list[Figures]:
    return [each.figures for one in days for each in one.kinds if each.kind is line.kind]


def _chart(line: Line, days: Sequence[Day], figures: Sequence[Figures], top: float) -> Chart:
    what = name_of(line)
    allowed = 1 - line.objective.target if line.objective else None
    drawn = day_chart(f"days-{line.id}", figures, PARTS, top, allowed=allowed)
    alt = say("days_alt", what=what.lower(), worst=_worst(days, figures))
    return Chart(say("days_caption", what=what), alt, drawn)


def _worst(days: Sequence[Day], figures: Sequence[Figures]) -> str:
    known = [
        (each.availability, one.date)
        for one, each in zip(days, figures, strict=True)
        if each.availability is not None
    ]
    if not known:
        return say("days_nothing")
    worst, on = min(known)
    return say("days_worst", day=day(date.fromisoformat(on)), availability=percent(worst))


def _table(report: MonthReport) -> Table:
    kinds = [each.kind for each in report.days[0].kinds]
    heads = (say("all"), *(KINDS[kind] for kind in kinds))
    columns = (Column(say("day")), *(Column(head, is_number=True) for head in heads))
    rows = tuple(
        Row.of(one.date, day(date.fromisoformat(one.date)), *_figures(one)) for one in report.days
    )
    return Table(say("days_table"), columns, rows)


def _figures(one: Day) -> list[str]:
    return [percent(each.availability) for each in (one.total, *(k.figures for k in one.kinds))]
