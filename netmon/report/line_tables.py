"""Tables of lines: how much worked, against the target, beside what is not known."""

from collections.abc import Callable, Sequence

from netmon.analysis.month_report import Line, MonthReport
from netmon.domain.objectives import Objective
from netmon.report.dutch import NOTHING, aim, count, duration, percent, points
from netmon.report.paper import Column, Row, Section, Table, columns
from netmon.report.wording import name_of, say


def line_sections(report: MonthReport) -> list[Section]:
    """Return the figures by kind, by street, and by site and service."""
    groups = (
        ("kinds", (report.total, *report.kinds)),
        ("streets", report.streets),
        ("sites", report.sites),
    )
    return [_section(key, lines) for key, lines in groups]


def _section(key: str, lines: Sequence[Line]) -> Section:
    if not lines:
        return Section(key, say(key), (say("none_of_these"),))
    return Section(key, say(key), tables=(line_table(say(f"{key}_caption"), lines),))


def line_table(caption: str, lines: Sequence[Line]) -> Table:
    """Return a table of lines in the order given."""
    heads = (Column(say("name")), *(figure_column(key) for key, _ in _FIGURES))
    rows = (
        Row.of(key_of(line), name_of(line), *(write(line) for _, write in _FIGURES))
        for line in lines
    )
    return Table(caption, heads, tuple(rows))


def key_of(line: Line) -> str:
    """Return what tells a line from all others of its report."""
    return "/".join(filter(None, (line.grouping, line.id, line.service)))


def figure_column(key: str) -> Column:
    """Return the head of a figure; a target is words that may take two lines."""
    return Column(say(key), is_number=key != "target")


def objective_text(objective: Objective | None) -> str:
    """Say whether a target is met and how much may still be lost; empty where there is none."""
    if objective is None:
        return ""
    left_s, is_met = objective.budget_left_s, objective.is_met
    key = {True: "target_met", False: "target_missed", None: "target_open"}[is_met]
    if is_met is None and left_s < 0:
        key = "target_spent"
    lost = {"left": duration(left_s), "over": duration(abs(left_s))}
    return say(key, target=aim(objective.target), **lost)


_FIGURES: tuple[tuple[str, Callable[[Line], str]], ...] = (
    ("devices", lambda line: count(line.devices)),
    ("availability", lambda line: percent(line.figures.availability)),
    ("target", lambda line: objective_text(line.objective)),
    ("lost", lambda line: duration(line.figures.lost_s if line.figures.counted_s else None)),
    ("unknown_ratio", lambda line: percent(line.figures.unknown_ratio)),
    ("incidents_count", lambda line: count(line.incidents) if line.devices else NOTHING),
    ("mttr", lambda line: duration(line.mttr_s)),
    ("mtbf", lambda line: duration(line.mtbf_s)),
)
"""Head of a column → how its figure is written."""


def compared(report: MonthReport) -> Section:
    """Return this month beside the one before and the same one a year before."""
    heads = ("this_month", "last_month", "difference_month", "last_year", "difference_year")
    lines = (report.total, *report.kinds, *report.streets, *report.sites)
    rows = tuple(Row.of(key_of(line), name_of(line), *_beside_others(line)) for line in lines)
    table = Table(say("compared_caption"), columns(say, "name", numbers=heads), rows)
    return Section("compared", say("compared"), (say("compared_note"),), tables=(table,))


def _beside_others(line: Line) -> tuple[str, ...]:
    now = line.figures.availability
    before = tuple(
        text for past in (line.last_month, line.last_year) for text in _beside(now, past)
    )
    return (percent(now), *before)


def _beside(now: float | None, past: float | None) -> tuple[str, str]:
    return percent(past), points(now, past)
