"""`netmon availability`: how much of what was promised was delivered."""

import dataclasses
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from netmon.analysis.availability import AvailabilityRow
from netmon.analysis.calendar_months import Month
from netmon.analysis.month_report import MonthReport
from netmon.cli.objectives import aimed, is_any_missed, objectives_document, print_objectives
from netmon.cli.output import (
    LocalInstant,
    bounds,
    duration_text,
    print_json,
    print_table,
    ratio_text,
)
from netmon.cli.smoothing import smooth_option, smoothing_text
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.domain.intervals import Interval, instant

DEFAULT_DAYS = 30


@click.command()
@config_option
@json_option
@click.option("--from", "start", type=LocalInstant(), help="Local start, included. [30 days ago]")
@click.option("--to", "end", type=LocalInstant(), help="Local end, excluded. [now]")
@smooth_option
@click.option(
    "--objectives",
    "with_objectives",
    is_flag=True,
    help="Show the objectives of the month in which it ends, and what may still be lost.",
)
def availability(  # noqa: PLR0913 - one argument for each option
    config: Path,
    start: datetime | None,
    end: datetime | None,
    smoothing_s: int,
    *,
    as_json: bool,
    with_objectives: bool,
) -> None:
    """Show each device's availability over opening hours.

    availability = usable / (usable + failed + unreachable). Unknown time and maintenance
    are shown beside it and count for nothing; a dash means that nothing was observed.
    With --objectives exit code 1 where a target of the month is missed.
    """
    at = now()
    with reading(config) as (settings, views):
        zone = ZoneInfo(settings.city.timezone)
        interval = bounds(start, end, zone, at, DEFAULT_DAYS)
        rows = views.availability(interval, at, smoothing_s)
        month = Month.at(instant(interval[1] - 1), zone)
        report = views.month_report(month, at, smoothing_s) if with_objectives else None
    if as_json:
        _print_documents(interval, rows, report, smoothing_s)
    elif report is not None:
        print_objectives(aimed(report))
        click.echo(f"{report.month}, {smoothing_text(smoothing_s)}")
    else:
        _print_rows(rows)
        if smoothing_s:
            click.echo(smoothing_text(smoothing_s))
    if report is not None and is_any_missed(aimed(report)):
        sys.exit(1)


def _print_documents(
    interval: Interval, rows: list[AvailabilityRow], report: MonthReport | None, smoothing_s: int
) -> None:
    first, last = map(instant, interval)
    document = {"from": first, "to": last, "rows": [as_document(row) for row in rows]}
    if smoothing_s:
        document["smoothing_s"] = smoothing_s
    if report is not None:
        document["objectives"] = objectives_document(report)
    print_json(document)


def _print_rows(rows: list[AvailabilityRow]) -> None:
    print_table(
        ("device", "kind", "availability", "failed", "unreachable", "unknown", "maintenance"),
        (
            (
                row.id,
                row.kind,
                ratio_text(row.shares.availability),
                duration_text(row.shares.failed_s),
                duration_text(row.shares.unreachable_s),
                duration_text(row.shares.unknown_s),
                duration_text(row.shares.maintenance_s),
            )
            for row in rows
        ),
    )


def as_document(row: AvailabilityRow) -> dict[str, Any]:
    """Return one row of the JSON interface: the seven shares add up to `window_s`."""
    parts = dataclasses.asdict(row.shares)
    del parts["usable_s"]
    return {"id": row.id, "kind": row.kind, **parts, "availability": row.shares.availability}
