"""`netmon availability`: how much of what was promised was delivered."""

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from netmon.analysis.availability import AvailabilityRow
from netmon.cli.output import LocalInstant, bounds, duration_text, print_json, print_table
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.domain.intervals import instant

DEFAULT_DAYS = 30


@click.command()
@config_option
@json_option
@click.option("--from", "start", type=LocalInstant(), help="Local start, included. [30 days ago]")
@click.option("--to", "end", type=LocalInstant(), help="Local end, excluded. [now]")
def availability(
    config: Path, start: datetime | None, end: datetime | None, *, as_json: bool
) -> None:
    """Show each device's availability over opening hours.

    availability = usable / (usable + failed + unreachable). Unknown time and maintenance
    are shown beside it and count for nothing; a dash means that nothing was observed.
    """
    at = now()
    with reading(config) as (settings, views):
        interval = bounds(start, end, ZoneInfo(settings.city.timezone), at, DEFAULT_DAYS)
        rows = views.availability(interval, at)
    if as_json:
        first, last = map(instant, interval)
        print_json({"from": first, "to": last, "rows": [as_document(row) for row in rows]})
        return
    print_table(
        ("device", "kind", "availability", "failed", "unreachable", "unknown", "maintenance"),
        (
            (
                row.id,
                row.kind,
                "–" if row.shares.availability is None else f"{row.shares.availability:.3%}",
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
