"""`netmon alerts`: what is told, who would be told what, and whether a channel works."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from netmon.alerts.channels.sending import send
from netmon.alerts.message import Happening, Message, Undelivered
from netmon.alerts.text import compose
from netmon.cli.alerts_told import print_told, told_now
from netmon.cli.alerts_who import explained, print_explained, print_routes, route_rows
from netmon.cli.output import LocalInstant, print_json
from netmon.cli.wiring import Loaded, config_option, json_option, load, now
from netmon.config.channels import Channel
from netmon.config.complaints import brief, printable
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Status

STATUSES = (Status.DOWN.value, Status.DEGRADED.value)


@click.group()
def alerts() -> None:
    """Show what is told and what waits, try a channel, or ask who would be told what.

    Routes and channels stand in the configuration; docs/alerts.md explains them.
    """


@alerts.command("list")
@config_option
@json_option
def listed(config: Path, *, as_json: bool) -> None:
    """List what people were told and is not over, what waits and why, and what was not delivered.

    Exit code 1 where a message waits for a channel or was given up within a day.
    """
    loaded, at = load(config, with_secrets=False), now()
    told = told_now(loaded, at)
    if as_json:
        print_json({"at": at, **told})
    else:
        print_told(told, ZoneInfo(loaded.settings.city.timezone), at)
    sys.exit(1 if told["undelivered"] else 0)


@alerts.command("test")
@click.argument("name", metavar="ROUTE|CHANNEL")
@config_option
def tested(config: Path, name: str) -> None:
    """Send a message that is marked as a test through a channel, or all channels of a route.

    It goes out at once and is not repeated. Exit code 1 where a channel does not take it.
    """
    loaded = load(config, with_secrets=False, tells=True)
    refused = [channel for channel in _meant(loaded, name) if not _is_taken(loaded, channel, name)]
    sys.exit(1 if refused else 0)


@alerts.command("routes")
@click.option("--for", "subject", metavar="ID", help="A device or place: who is told if it breaks?")
@click.option("--status", type=click.Choice(STATUSES), default="down", help="How it breaks.")
@click.option("--at", "at", type=LocalInstant(), help="When, local time. [now]")
@config_option
@json_option
def routes(
    config: Path, subject: str | None, status: str, at: datetime | None, *, as_json: bool
) -> None:
    """List the routes; with --for, say of each whether it tells of a device or place, and why not.

    Exit code 1 where nobody is told.
    """
    loaded = load(config, with_secrets=False)
    zone = ZoneInfo(loaded.settings.city.timezone)
    if subject is None:
        rows = route_rows(loaded)
        print_json({"routes": rows}) if as_json else print_routes(rows)
        sys.exit(0 if rows else 1)
    instant = now() if at is None else at if at.tzinfo else at.replace(tzinfo=zone)
    found = explained(loaded, subject, Status(status), instant)
    if found is None:
        expected = "expected the id of a device or place"
        raise click.BadParameter(f"--for: {expected}, found {brief(repr(subject))}")
    if as_json:
        print_json({"subject": subject, "at": instant, "routes": found})
    else:
        print_explained(found)
    sys.exit(0 if any(each["tells"] for each in found) else 1)


def _meant(loaded: Loaded, name: str) -> Sequence[Channel]:
    """Return the channels of a route, or the one of that name."""
    for route in loaded.settings.alerts.routes:
        if route.name == name:
            names = dict.fromkeys((*route.channels, *route.escalate_to))
            return [loaded.channels[each] for each in names]
    if name in loaded.channels:
        return [loaded.channels[name]]
    known = [*(route.name for route in loaded.settings.alerts.routes), *loaded.channels]
    expected = f"expected one of: {brief(', '.join(known)) or 'none is configured'}"
    raise click.BadParameter(f"ROUTE|CHANNEL: {expected}; found {brief(repr(name))}")


def _is_taken(loaded: Loaded, channel: Channel, name: str) -> bool:
    at = now()
    key = f"test/{name}/{channel.name}/{epoch_s(at)}"
    message = Message(key, 1, Happening.PROBLEM, name, (channel.name,), at, ())
    zone = ZoneInfo(loaded.settings.city.timezone)
    try:
        text = compose(message, lambda _key: None, zone, channel.language)
        send(channel, message, text, at)
    except Undelivered as error:
        click.echo(printable(f"{channel.name}: not delivered: {error.reason}"), err=True)
        return False
    click.echo(f"{channel.name}: delivered")
    return True
