"""`netmon status`: how every place and device stands now."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from netmon.analysis.rows import DeviceRow, SpotRow
from netmon.cli.output import brief_text, print_json, print_table, status_cell
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.domain.sightings import Stranger

IS_OPEN = {True: "yes", False: "no", None: "unknown"}


@click.command()
@config_option
@json_option
@click.option("--devices", is_flag=True, help="List devices, not places.")
def status(config: Path, *, as_json: bool, devices: bool) -> None:
    """
    Show how every place stands now, or every device, from the store.

    Times without a date are today's, in the city's time zone. Exit code 2 where there is no
    store yet.
    """
    at = now()
    with reading(config) as (settings, views):
        zone = ZoneInfo(settings.city.timezone)
        spots, rows, strangers = views.spots(at), views.devices(at), views.strangers()
        blind = views.blind_since(at)
    if blind is not None and not as_json:
        click.echo(f"netmon itself sees nothing since {brief_text(blind, zone, at)}\n")
    if as_json:
        places = [dataclasses.asdict(row) for row in spots]
        found = [dataclasses.asdict(row) for row in rows]
        others = [dataclasses.asdict(each) for each in strangers]
        told = {"places": places, "devices": found, "not_in_inventory": others}
        print_json({"at": at, "blind_since": blind, **told})
    elif devices:
        _print_devices(rows, zone, at)
        _print_strangers(strangers, zone, at)
    else:
        _print_places(spots, zone, at)


def _print_places(spots: Iterable[SpotRow], zone: ZoneInfo, at: datetime) -> None:
    print_table(
        ("place", "status", "work", "since", "open"),
        (
            (
                row.name,
                status_cell(row.status),
                f"{row.working} of {row.total}" if row.total else "–",
                brief_text(row.since, zone, at),
                IS_OPEN[row.open_now],
            )
            for row in spots
        ),
    )


def _print_devices(rows: Iterable[DeviceRow], zone: ZoneInfo, at: datetime) -> None:
    print_table(
        ("device", "place", "status", "since", "last ok", "why"),
        (
            (
                row.id,
                row.place_name,
                status_cell(row.status),
                brief_text(row.since, zone, at),
                brief_text(row.last_ok_at, zone, at),
                _why(row, zone, at),
            )
            for row in rows
        ),
    )


def _why(row: DeviceRow, zone: ZoneInfo, at: datetime) -> str:
    """Return the reason, what the last looks found, what is worth knowing, whether it flaps."""
    noted = f"{row.note.code} since {brief_text(row.note.since, zone, at)}" if row.note else ""
    found = f"({row.detail})" if row.detail else ""
    flaps = "flapping" if row.is_flapping else ""
    return " ".join(filter(None, (row.reason, found, noted, flaps)))


def _print_strangers(strangers: Iterable[Stranger], zone: ZoneInfo, at: datetime) -> None:
    rows = [
        (
            each.name,
            each.mac or "–",
            each.address or "–",
            each.source,
            brief_text(each.since, zone, at),
        )
        for each in strangers
    ]
    if rows:
        click.echo("\nnot in the inventory")
        print_table(("name", "mac", "address", "seen by", "since"), rows)
