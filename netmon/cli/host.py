"""`netmon host`: somebody is there to help, or has gone. Who it is nobody needs to know."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from netmon.analysis.announced import Agenda
from netmon.analysis.hours import OpeningHours
from netmon.analysis.opened import published
from netmon.cli.announcements import keep_and_tell, known_subjects, new_announcement
from netmon.cli.announcing import reading_desk, subjects_by_word
from netmon.cli.output import LocalInstant
from netmon.cli.wiring import city_calendar, config_option, json_option, now
from netmon.config.calendar import HoursRule
from netmon.config.settings import Settings
from netmon.domain.intervals import epoch_s, instant
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.model import Place, Service
from netmon.storage.desk import DeskReader

LONGEST_S = 12 * 3600
"""Who forgets to check out is not there for ever."""

at_option = click.option(
    "--at", type=LocalInstant(), help="Local time, when that is not now; never ahead. [now]"
)


@click.group()
def host() -> None:
    """Say that a host who helps people is at a site, or has left.

    Guided help counts as delivered only while a host is checked in; without a word it is
    unverified. Nobody's name is asked.
    """


@host.command("in")
@click.argument("site")
@at_option
@config_option
@json_option
def checked_in(config: Path, site: str, at: datetime | None, *, as_json: bool) -> None:
    """Check a host in at SITE, until it closes or until checked out."""
    with reading_desk(config) as (settings, desk):
        place, at_s = _place(desk, site), _instant_s(settings, at)
        until_s = _closes_s(settings, place, at_s)
        timing = Timing(instant(at_s).replace(tzinfo=None), "UTC", exact_s=until_s - at_s)
        said = new_announcement(Effect.HOST, [place.id], timing, "")
        keep_and_tell(settings, desk, [said], as_json=as_json)


@host.command("out")
@click.argument("site")
@at_option
@config_option
@json_option
def checked_out(config: Path, site: str, at: datetime | None, *, as_json: bool) -> None:
    """Check the host of SITE out."""
    with reading_desk(config) as (settings, desk):
        place, at_s = _place(desk, site), _instant_s(settings, at)
        said = [replace(each, cut_s=at_s) for each in _present(desk, place, at_s)]
        if not said:
            raise click.BadParameter(f"SITE: expected a host checked in at {place.id}, found none")
        keep_and_tell(settings, desk, said, as_json=as_json)


def _place(desk: DeskReader, word: str) -> Place:
    inventory = desk.revisions()[-1].inventory
    (found,) = known_subjects([word], subjects_by_word(inventory), "SITE: a site with guided help")
    for place in inventory.places:
        if place.id == found and any(each.service is Service.GUIDED for each in place.offers):
            return place
    raise click.BadParameter(f"SITE: expected a site with guided help, found {word!r}")


def _instant_s(settings: Settings, at: datetime | None) -> int:
    if at is None:
        return epoch_s(now())
    at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(settings.city.timezone))
    if at > now():
        raise click.BadParameter(f"--at: expected a time that is past, found {at.astimezone(UTC)}")
    return epoch_s(at)


def _closes_s(settings: Settings, place: Place, at_s: int) -> int:
    """Return when the opening ends that goes on or is next, at most `LONGEST_S` later."""
    text, _ = published(place, Service.GUIDED)
    windows = text and OpeningHours(city_calendar(settings)).windows(HoursRule(text), at_s, at_s)
    edge_s = windows.next_edge(at_s) if windows else None
    if windows and edge_s is not None and not windows.contain(at_s):
        edge_s = windows.next_edge(edge_s)
    return min(edge_s or at_s + LONGEST_S, at_s + LONGEST_S)


def _present(desk: DeskReader, place: Place, at_s: int) -> list[Announcement]:
    agenda = Agenda(desk)
    return [
        each
        for each in desk.announcements()
        if each.effect is Effect.HOST
        and place.id in each.subjects
        and any(start_s <= at_s < end_s for start_s, end_s in agenda.times(each, at_s))
    ]
