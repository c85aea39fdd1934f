"""Who is told what, explained route by route."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from netmon.alerts.message import Problem
from netmon.alerts.policy import Misfit, Route, held, misfit, taken_by
from netmon.alerts.routes import RouteBook
from netmon.cli.output import duration_text, print_table
from netmon.cli.problems import imagined
from netmon.cli.wiring import Loaded
from netmon.domain.model import Status

Rows = Sequence[dict[str, Any]]

BEFORE = "an earlier route tells of it"

_WHY = {
    Misfit.KIND: "for other kinds",
    Misfit.PLACE: "for other places",
    Misfit.OWNER: "for places of others",
    Misfit.SEVERITY: "for another severity",
    Misfit.AUDIENCE: "for who cannot mend it",
    Misfit.HOURS: "at other hours",
}


def route_rows(loaded: Loaded) -> Rows:
    """Return the configured routes in their order."""
    return [route.model_dump(mode="json") for route in loaded.settings.alerts.routes]


def explained(loaded: Loaded, subject: str, status: Status, at: datetime) -> Rows | None:
    """
    Return for each route whether it tells of a device or place that breaks at an instant.

    None where there is no such device or place. `why` is empty where it tells at once.
    """
    problem = imagined(loaded, subject, status, at)
    if problem is None:
        return None
    routes = RouteBook(loaded.settings.alerts.routes, loaded.calendar).at(at)
    taken = taken_by(routes, problem, at)
    return [_explained(route, problem, at, is_taken=route in taken) for route in routes]


def print_routes(rows: Rows) -> None:
    """Print the routes, each with what it is for."""
    print_table(
        ("route", "for", "channels", "told after", "again after", "escalates to"),
        (
            (
                row["name"],
                _for(row),
                ", ".join(row["channels"]),
                duration_text(row["group_wait_s"]),
                duration_text(row["repeat_s"]),
                _escalation(row),
            )
            for row in rows
        ),
    )


def print_explained(rows: Rows) -> None:
    """Print of each route whether it tells, and why not or why later."""
    print_table(
        ("route", "tells", "channels", "why"),
        (
            (
                row["route"],
                "yes" if row["tells"] else "no",
                ", ".join(row["channels"]) if row["tells"] else "–",
                row["why"] or "–",
            )
            for row in rows
        ),
    )


def _explained(route: Route, problem: Problem, at: datetime, *, is_taken: bool) -> dict[str, Any]:
    return {
        "route": route.name,
        "tells": is_taken,
        "channels": route.channels,
        "why": _waits(route, problem, at) if is_taken else _why_not(route, problem, at),
    }


def _waits(route: Route, problem: Problem, at: datetime) -> str:
    hold = held(route, problem, at, is_blind=False)
    return f"waits: {hold.value}" if hold else ""


def _why_not(route: Route, problem: Problem, at: datetime) -> str:
    reason = misfit(route, problem, at)
    return BEFORE if reason is None else _WHY.get(reason, reason.value)


def _for(row: dict[str, Any]) -> str:
    keys = ("kinds", "places", "owners", "severities", "audiences")
    parts = [" or ".join(row[key]) for key in keys if row[key]]
    return "; ".join([*parts, *filter(None, [row["hours"]])]) or "everything"


def _escalation(row: dict[str, Any]) -> str:
    if row["escalate_after_s"] is None:
        return "–"
    return f"{', '.join(row['escalate_to'])} after {duration_text(row['escalate_after_s'])}"
