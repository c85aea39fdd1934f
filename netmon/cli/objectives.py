"""The objectives of a month and what may still be lost, for people and for machines."""

from collections.abc import Sequence
from typing import Any

from netmon.analysis.month_report import Line, MonthReport
from netmon.cli.output import duration_text, print_table, ratio_text
from netmon.domain.objectives import Objective

COLUMNS = ("for", "service", "target", "availability", "budget", "left", "met")
_MET = {True: "● yes", False: "✕ no", None: "? open"}


Aimed = Sequence[tuple[Line, Objective]]
"""Lines that have an objective, with it."""


def aimed(report: MonthReport) -> Aimed:
    """Return the lines of a report that have an objective, with it."""
    told = (report.total, *report.kinds, *report.streets, *report.sites)
    return [(line, line.objective) for line in told if line.objective is not None]


def is_any_missed(lines: Aimed) -> bool:
    """Tell whether an objective can no longer be met."""
    return any(objective.is_met is False for _, objective in lines)


def print_objectives(lines: Aimed) -> None:
    """Print a table of them."""
    print_table(COLUMNS, (_cells(*each) for each in lines))


def objectives_document(report: MonthReport) -> dict[str, Any]:
    """Return the objectives of a month as JSON tells them."""
    return {
        "month": report.month,
        "is_complete": report.is_complete,
        "smoothing_s": report.made_from.smoothing_s,
        "rows": [_document(*each) for each in aimed(report)],
    }


def _cells(line: Line, objective: Objective) -> tuple[str, ...]:
    left_s = objective.budget_left_s
    return (
        line.name,
        line.service or "–",
        ratio_text(objective.target),
        ratio_text(line.figures.availability),
        duration_text(objective.budget_s),
        f"−{duration_text(-left_s)}" if left_s < 0 else duration_text(left_s),
        _MET[objective.is_met],
    )


def _document(line: Line, objective: Objective) -> dict[str, Any]:
    return {
        "grouping": line.grouping,
        "id": line.id,
        "service": line.service,
        "devices": line.devices,
        "availability": line.figures.availability,
        "target": objective.target,
        "budget_s": objective.budget_s,
        "budget_left_s": objective.budget_left_s,
        "is_met": objective.is_met,
    }
