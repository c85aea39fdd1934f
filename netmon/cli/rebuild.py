"""`netmon rebuild`: what is kept although it could be worked out, worked out anew."""

import dataclasses
from contextlib import closing
from pathlib import Path

import click

from netmon.analysis.hours import OpeningHours
from netmon.cli.output import print_json
from netmon.cli.revision import missing_years
from netmon.cli.wiring import city_calendar, config_option, json_option, now, reading
from netmon.storage.desk import DeskReader, DeskWriter

DERIVED = ("status", "incidents", "availability")
"""Worked out from runs whenever they are asked for: nothing of them is kept."""


@click.command()
@config_option
@json_option
def rebuild(config: Path, *, as_json: bool) -> None:
    """Work out anew all that is kept although it could be worked out; netmon must not run.

    That is opening hours as windows. Status, incidents and availability are worked out from
    runs whenever they are asked for, so there is nothing of them to rebuild.
    """
    with reading(config) as (settings, _), closing(DeskReader(settings.store.folder)) as reader:
        newest = reader.revisions()[-1].inventory
    years = missing_years(newest, OpeningHours(city_calendar(settings)), now())
    with closing(DeskWriter(settings.store.folder, origin=settings.store.origin)) as desk:
        done = desk.replace_opening_years(years)
    if as_json:
        print_json({"opening_years": dataclasses.asdict(done), "derived_when_read": DERIVED})
        return
    found = (
        f"{done.same} right, {done.changed} wrong, {done.added} missing, {done.removed} too many"
    )
    click.echo(f"opening hours, by rule and year: {found}")
    click.echo(f"{', '.join(DERIVED)}: worked out whenever they are asked for")
