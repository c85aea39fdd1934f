"""`netmon incident`: one incident with all around it, and what people say of it."""

import dataclasses
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from netmon.cli.annotating import Draft, Duration, keep, say, the_incident
from netmon.cli.impacting import impacts_known
from netmon.cli.incident_output import print_detail, print_said
from netmon.cli.output import LocalInstant, print_json
from netmon.cli.wiring import config_option, json_option, now, reading
from netmon.config.annotation_text import url_fault
from netmon.config.complaints import brief, printable
from netmon.domain.annotations import AnnotationKind
from netmon.domain.intervals import epoch_s

id_argument = click.argument("word", metavar="ID")
author_option = click.option(
    "--author", metavar="NAME", help="Who says it: a name or a role. [your log-in name]"
)


@click.group()
def incident() -> None:
    """Show one incident with all around it, and say that you are at it, a note or a link.

    ID is what `netmon incidents` shows, its beginning where that is enough, or a device that is
    broken now. What is said stays with the incident although it is worked out anew.
    """


@incident.command("show")
@id_argument
@config_option
@json_option
def show(config: Path, word: str, *, as_json: bool) -> None:
    """Show an incident: cause, whom it hits, what happened when, what is said of it."""
    at = now()
    with reading(config) as (settings, views):
        found = the_incident(views, word, at)
        is_open = found.row.ended_at is None
        impact = impacts_known(views, at).get(found.row.id) if is_open else None
    if as_json:
        told = None if impact is None else dataclasses.asdict(impact)
        print_json({**dataclasses.asdict(found), "impact": told})
        return
    print_detail(found, ZoneInfo(settings.city.timezone), at, impact)


@incident.command("ack")
@id_argument
@click.argument("text", metavar="[NOTE]", default="")
@click.option("--until", type=LocalInstant(), help="When it expires, local time.")
@click.option("--for", "length", type=Duration(), help="When it expires, from now.")
@author_option
@config_option
@json_option
def ack(  # noqa: PLR0913 - one argument for each option
    config: Path,
    *,
    word: str,
    text: str,
    until: datetime | None,
    length: timedelta | None,
    author: str | None,
    as_json: bool,
) -> None:
    """Say that you are at it: colleagues see who is, and until when.

    It ends when it expires, when the incident does, and when you withdraw it.
    """
    if until is not None and length is not None:
        raise click.UsageError("expected --until or --for, found both")

    kind = AnnotationKind.ACKNOWLEDGEMENT
    say(config, word, Draft(kind, text, author, until=until, length=length), as_json=as_json)


@incident.command("note")
@id_argument
@click.argument("text", metavar="TEXT")
@author_option
@config_option
@json_option
def note(config: Path, *, word: str, text: str, author: str | None, as_json: bool) -> None:
    """Write a note to an incident: what it was, what helped."""
    say(config, word, Draft(AnnotationKind.NOTE, text, author), as_json=as_json)


@incident.command("link")
@id_argument
@click.argument("url", metavar="URL")
@click.option("--title", default="", help="What is to be found there.")
@author_option
@config_option
@json_option
def link(  # noqa: PLR0913 - one argument for each option
    config: Path, *, word: str, url: str, title: str, author: str | None, as_json: bool
) -> None:
    """Link an incident to a page: a ticket, the notice of a provider."""
    fault = url_fault(url)
    if fault is not None:
        raise click.BadParameter(f"URL: {fault}")
    say(config, word, Draft(AnnotationKind.LINK, title, author, url=url), as_json=as_json)


@incident.command("withdraw")
@click.argument("uid", metavar="UID")
@config_option
@json_option
def withdraw(config: Path, uid: str, *, as_json: bool) -> None:
    """Withdraw what was said, by the name that `show` gives it; it is shown no more."""
    with reading(config) as (settings, views):
        found = views.incident_views.annotation(uid)
        if found is None:
            expected = "expected one that `show` or `orphans` gives"
            raise click.BadParameter(f"UID: {expected}, found {brief(uid)!r}")
        keep(settings, dataclasses.replace(found, withdrawn_s=epoch_s(now())))
    if as_json:
        print_json({"withdrawn": found.uid})
        return
    click.echo(printable(f"withdrawn: {found.uid} {found.kind} of {found.subject}"))


@incident.command("orphans")
@config_option
@json_option
def orphans(config: Path, *, as_json: bool) -> None:
    """List what was said of incidents that are no more, as work entered later explains them."""
    with reading(config) as (settings, views):
        rows = views.incident_views.orphans(epoch_s(now()))
    if as_json:
        print_json({"rows": [dataclasses.asdict(row) for row in rows]})
        return
    print_said(rows, ZoneInfo(settings.city.timezone))
