"""`netmon status`: how every place and device stands now."""

import dataclasses
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from netmon.analysis.rows import DeviceRow
from netmon.cli.output import local_text, print_json, print_table, status_cell
from netmon.cli.wiring import config_option, json_option, now, reading


@click.command()
@config_option
@json_option
@click.option("--devices", is_flag=True, help="List devices, not places.")
def status(config: Path, *, as_json: bool, devices: bool) -> None:
    """Show how every place stands now, or every device, from the store."""
    at = now()
    with reading(config) as (settings, views):
        zone = ZoneInfo(settings.city.timezone)
        spots, rows, strangers = views.spots(at), views.devices(at), views.strangers()
    if as_json:
        places = [dataclasses.asdict(row) for row in spots]
        found = [dataclasses.asdict(row) for row in rows]
        others = [dataclasses.asdict(each) for each in strangers]
        print_json({"at": at, "places": places, "devices": found, "not_in_inventory": others})
    elif devices:
        print_table(
            ("device", "place", "status", "since", "last ok", "reason", "found", "note"),
            (
                (
                    row.id,
                    row.place_name,
                    status_cell(row.status),
                    local_text(row.since, zone),
                    local_text(row.last_ok_at, zone),
                    row.reason,
                    row.detail,
                    _noted(row, zone),
                )
                for row in rows
            ),
        )
    else:
        print_table(
            ("place", "status", "work", "since", "open"),
            (
                (
                    row.name,
                    status_cell(row.status),
                    f"{row.working} of {row.total}" if row.total else "–",
                    local_text(row.since, zone),
                    {True: "yes", False: "no", None: "unknown"}[row.open_now],
                )
                for row in spots
            ),
        )
    if devices and strangers and not as_json:
        click.echo("\nnot in the inventory")
        print_table(
            ("name", "mac", "address", "seen by", "since"),
            (
                (
                    each.name,
                    each.mac or "–",
                    each.address or "–",
                    each.source,
                    local_text(each.since, zone),
                )
                for each in strangers
            ),
        )


def _noted(row: DeviceRow, zone: ZoneInfo) -> str:
    return f"{row.note.code} since {local_text(row.note.since, zone)}" if row.note else ""
