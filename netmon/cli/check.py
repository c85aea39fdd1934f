"""`netmon check`: whether configuration and inventory are right."""

import dataclasses
import sys
from collections import Counter
from pathlib import Path

import click

from netmon.cli.checking_people import people_lines
from netmon.cli.main import BAD_INPUT
from netmon.cli.output import print_json
from netmon.cli.wiring import config_option, json_option, load
from netmon.domain.errors import ConfigError, Problem


@click.command()
@config_option
@json_option
def check(config: Path, *, as_json: bool) -> None:
    """Validate configuration and inventory and print every problem at once.

    Each line names the file, the line or feature, the key, what was expected and what was
    found. Nothing is started and nothing is written. Exit code 2 where something is wrong.
    """
    try:
        loaded = load(config, receives=True, tells=True)
        people = people_lines(loaded)
    except ConfigError as error:
        _tell(error.problems, as_json=as_json)
        sys.exit(BAD_INPUT)
    if as_json:
        print_json({"problems": []})
        return
    kinds = Counter(device.kind.value for device in loaded.inventory.devices)
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    places = loaded.inventory.places
    streets = sum(place.is_street for place in places)
    unlocated = sum(not place.is_street and place.lon is None for place in places)
    click.echo(f"{config}: fine")
    click.echo(f"{streets} streets, {len(places) - streets} sites ({unlocated} to be located)")
    click.echo(f"{len(loaded.inventory.devices)} devices: {counted or 'none'}")
    routes = ", ".join(route.name for route in loaded.settings.alerts.routes)
    click.echo(f"alerts by route: {routes or 'none, so nobody is told'}")
    for line in people:
        click.echo(line)


def _tell(problems: list[Problem], *, as_json: bool) -> None:
    if as_json:
        print_json({"problems": [dataclasses.asdict(problem) for problem in problems]})
        return
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{len(problems)} problem{'s' * (len(problems) != 1)}", err=True)
