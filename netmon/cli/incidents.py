"""`netmon incidents`: what was broken, since when, and what it took along."""

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from netmon.analysis.rows import Acknowledged, IncidentRow
from netmon.cli.impacting import impacts_known
from netmon.cli.output import (
    LocalInstant,
    bounds,
    duration_text,
    local_text,
    print_json,
    print_table,
    status_cell,
)
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.domain.incidents import Audience
from netmon.domain.intervals import instant

if TYPE_CHECKING:  # it knows shapes, which few commands need
    from netmon.analysis.impact import Impact

DEFAULT_DAYS = 7

WHOSE = {Audience.IT: "IT", Audience.OWNER: "place's owner"}
"""Who can mend it."""


@click.command()
@config_option
@json_option
@click.option("--from", "start", type=LocalInstant(), help="Local start, included. [7 days ago]")
@click.option("--to", "end", type=LocalInstant(), help="Local end, excluded. [now]")
def incidents(config: Path, start: datetime | None, end: datetime | None, *, as_json: bool) -> None:
    """List incidents that touch an interval, open ones first."""
    at = now()
    with reading(config) as (settings, views):
        zone = ZoneInfo(settings.city.timezone)
        interval = bounds(start, end, zone, at, DEFAULT_DAYS)
        rows = views.incidents_between(interval, at)
        if as_json:
            first, last = map(instant, interval)
            impacts = impacts_known(views, at)
            told = [_with_impact(row, impacts.get(row.id)) for row in rows]
            print_json({"from": first, "to": last, "rows": told})
            return
    print_table(
        (
            "incident",
            "place",
            "whose",
            "status",
            "reason",
            "began",
            "ended",
            "broken for",
            "also hit",
            "acknowledged",
            "notes",
        ),
        (
            (
                row.id,
                row.place_name,
                WHOSE[row.audience],
                status_cell(row.status),
                row.reason,
                local_text(row.began_at, zone),
                local_text(row.ended_at, zone),
                duration_text(row.promised_s),
                _also_hit(len(row.affected), len(row.places)),
                acknowledged_text(row.acknowledged, zone),
                row.notes or "–",
            )
            for row in rows
        ),
    )


def _with_impact(row: IncidentRow, impact: "Impact | None") -> dict[str, Any]:
    """Return an incident with what it means for residents; null where it ended or nobody knows."""
    told = None if impact is None else dataclasses.asdict(impact)
    return {**dataclasses.asdict(row), "impact": told}


def acknowledged_text(found: Acknowledged | None, zone: ZoneInfo) -> str:
    """Return who is at it and until when, a dash where nobody is."""
    if found is None:
        return "–"
    who = found.author or "somebody"
    return who if found.until is None else f"{who} until {local_text(found.until, zone)}"


def _also_hit(devices: int, places: int) -> str:
    if not devices:
        return "–"
    told = f"{devices} device{'s' * (devices != 1)}"
    return f"{told} at {places} places" if places > 1 else told
