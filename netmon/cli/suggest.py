"""`netmon suggest`: what would help most, and how sure that is."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
from pyproj import Transformer

from geodata.crs import EXCHANGE, METRIC
from netmon.analysis.actions import Action, Kind
from netmon.analysis.ordinary_week import SERVICES
from netmon.analysis.people import People
from netmon.analysis.proposals import Suggestion
from netmon.analysis.radio_maps import RadioMaps
from netmon.analysis.suggesting import Suggesting
from netmon.cli.output import number_text, print_json, print_table
from netmon.cli.wiring import city_calendar, config_option, json_option, now, reading
from netmon.domain.groups import EVERYBODY
from netmon.domain.model import Service

MOST_SPOTS = 100
LIMIT_S = 60.0
SAID = {
    Kind.ACCESS_POINT: "new access point",
    Kind.SITE: "new site",
    Kind.HOURS: "more hours",
}

_TO_DEGREES = Transformer.from_crs(METRIC, EXCHANGE, always_xy=True)


@click.command()
@config_option
@json_option
@click.option(
    "--spots",
    type=click.IntRange(1, MOST_SPOTS),
    required=True,
    metavar="K",
    help="How many actions at most: places, access points, half-days more.",
)
@click.option(
    "--service", type=click.Choice([str(each) for each in SERVICES]), help="One service only."
)
@click.option(
    "--for", "group", metavar="GROUP", default=EVERYBODY, show_default=True, help="Whose time."
)
@click.option(
    "--time-limit",
    "time_limit_s",
    type=click.FloatRange(0.1, 86_400),
    default=LIMIT_S,
    show_default=True,
    metavar="S",
    help="Seconds after which the best so far is shown.",
)
def suggest(  # noqa: PLR0913 - one argument for each option
    config: Path,
    spots: int,
    service: str | None,
    group: str,
    time_limit_s: float,
    *,
    as_json: bool,
) -> None:
    """Show which few actions would serve the most people for the most time.

    A new access point, a new site and half a day more at a site that there is compete; what there
    is stays. Person-hours are of an ordinary week in which all works. Ctrl-C shows the best so far.
    """
    with reading(config) as (settings, views):
        inventory = views.revision().inventory
        asked = Suggesting(
            settings.city.folder,
            city_calendar(settings),
            views.stores.hours,
            inventory,
            People.load(settings),
            RadioMaps.of_settings(settings).of(inventory.devices),
        )
        if group not in asked.groups:
            known = ", ".join(asked.groups)
            raise click.BadParameter(f"--for: expected one of {known}, found {group[:80]!r}")
        with cancelling() as cancelled:
            found = asked.best(
                spots,
                now(),
                services=SERVICES if service is None else (Service(service),),
                group=group,
                time_limit_s=time_limit_s,
                progress=_told,
                is_cancelled=cancelled.is_set,
            )
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
    if as_json:
        print_json(document(found))
        return
    _print(found)
    for line in remarks(found, asked.walks, asked.step_m):
        click.echo(line)


@contextmanager
def cancelling() -> Iterator[threading.Event]:
    """Let Ctrl-C ask for the best so far; a second one ends the command."""
    asked = threading.Event()

    def ask(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        asked.set()
        signal.signal(signal.SIGINT, before)

    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _told(found_h: float, bound_h: float, seconds: float) -> None:
    if sys.stderr.isatty():
        line = f"{found_h:.0f} h more a week found, {bound_h:.0f} h at most, {seconds:.0f} s"
        click.echo(f"\r\x1b[K{line}", err=True, nl=False)


def document(found: Suggestion) -> dict[str, Any]:
    """Return the JSON of a suggestion; hours are person-hours of an ordinary week."""
    return {
        "actions": [_action(each.action, each.gain_h) for each in found.proposals],
        "covered": found.covered_h,
        "demand": found.demand_h,
        "bound": found.bound_h,
        "optimal": found.cover.is_optimal,
        "seconds": found.cover.seconds,
        "cancelled": found.cover.was_cancelled,
        "precision_m": found.precision_m,
        "synthetic": found.is_synthetic,
    }


def _action(action: Action, gain_h: float) -> dict[str, Any]:
    lon, lat = _TO_DEGREES.transform(action.point.x_m, action.point.y_m)
    return {
        "action": action.kind.value,
        "service": action.point.service.value,
        "site_id": action.site_id,
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "hours": action.hours,
        "gain_h": gain_h,
        "where": action.where,
    }


def _print(found: Suggestion) -> None:
    print_table(
        ("", "action", "service", "where", "hours", "person-hours a week"),
        (
            (
                nth,
                SAID[each.action.kind],
                each.action.point.service.value,
                each.action.where,
                each.action.hours,
                f"+{number_text(each.gain_h)}",
            )
            for nth, each in enumerate(found.proposals, 1)
        ),
    )


def remarks(found: Suggestion, walks: str, step_m: float) -> list[str]:
    """Return how good the choice is, and what whoever reads it must know, a line each."""
    said = [
        (
            f"{found.covered_h:.0f} of {found.demand_h:.0f} person-hours a week served, "
            f"{found.before_h:.0f} before"
        ),
        _sureness(found),
        "walks along streets" if walks == "network" else "walks as straight lines, lengthened",
        "positions: not known how precise"
        if found.precision_m is None
        else f"positions to ±{found.precision_m:.0f} m",
    ]
    if any(each.action.kind is Kind.ACCESS_POINT for each in found.proposals):
        said.append(f"access points were tried every {step_m:.0f} m along the streets")
        said.append("the ledger and /plan count one once its street is a Wi-Fi street of the city")
    if len({each.action.point.service for each in found.proposals}) > 1:
        said.append("hours of different services are only added up to compare actions")
    if found.is_synthetic:
        said.append("synthetic: made with invented people, places or access points")
    return said


def _sureness(found: Suggestion) -> str:
    cover = found.cover
    if cover.is_optimal:
        return f"optimal: no other choice serves more ({cover.seconds:.1f} s)"
    why = "cancelled" if cover.was_cancelled else "time is up"
    at_most = f"another choice might serve up to {found.bound_h - found.covered_h:.0f} h more"
    return f"best so far, {why} after {cover.seconds:.1f} s: {at_most} ({cover.gap:.1%})"
