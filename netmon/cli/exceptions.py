"""`netmon exception`: times at which a site is closed or open, whatever its hours say."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from netmon.cli.announcements import (
    all_option,
    cancelled,
    days_option,
    end_argument,
    keep_and_tell,
    known_subjects,
    new_announcement,
    note_option,
    print_announced,
    repeat_option,
    start_argument,
    timing_of,
    wholly_option,
)
from netmon.cli.announcing import reading_desk, subjects_by_word
from netmon.cli.wiring import config_option, json_option
from netmon.domain.maintenance import Effect
from netmon.domain.model import Inventory

EFFECTS = (Effect.CLOSED, Effect.OPEN)


@click.group()
def exception() -> None:
    """Close or open a site for a time: a strike, an evening of exams, a host who is ill.

    It changes every answer from then on, percentages of the past too, and rewrites nothing
    that was recorded. Pages tell of it seven days ahead.
    """


@exception.command("add")
@click.argument("sites", metavar="SITE...", nargs=-1, required=True)
@start_argument
@end_argument
@click.option("--closed", "effect", flag_value=Effect.CLOSED, help="The site is closed then.")
@click.option("--open", "effect", flag_value=Effect.OPEN, help="The site is open then.")
@repeat_option
@note_option
@config_option
@json_option
def add(  # noqa: PLR0913 - one argument for each option
    config: Path,
    *,
    sites: Sequence[str],
    start: datetime,
    end: datetime,
    effect: Effect | None,
    repeat: str | None,
    note: str,
    as_json: bool,
) -> None:
    """Close or open SITE from FROM to TO: ids or names, local times, TO excluded.

    Of two exceptions that overlap the one announced later holds. Where nobody published the
    hours of a site its computers stay unknown.
    """
    if effect is None:
        raise click.UsageError("expected --closed or --open, found neither")
    with reading_desk(config) as (settings, desk):
        found = known_subjects(sites, _sites(desk.revisions()[-1].inventory), "a site")
        timing = timing_of(start, end, repeat, ZoneInfo(settings.city.timezone))
        said = new_announcement(Effect(effect), found, timing, note)
        keep_and_tell(settings, desk, [said], as_json=as_json)


@exception.command("list")
@days_option
@all_option
@config_option
@json_option
def listed(config: Path, days: int, *, is_all: bool, as_json: bool) -> None:
    """List exceptions that hold or are coming, soonest first."""
    with reading_desk(config) as (settings, desk):
        print_announced(settings, desk, EFFECTS, None if is_all else days, as_json=as_json)


@exception.command("cancel")
@click.argument("uid", metavar="UID")
@wholly_option
@config_option
@json_option
def cancel(config: Path, uid: str, *, wholly: bool, as_json: bool) -> None:
    """Cancel an exception from now on; what it changed before stays so."""
    with reading_desk(config) as (settings, desk):
        said = cancelled(desk, uid, EFFECTS, wholly=wholly)
        keep_and_tell(settings, desk, [said], as_json=as_json)


def _sites(inventory: Inventory) -> dict[str, str]:
    sites = {place.id for place in inventory.places if not place.is_street}
    return {word: key for word, key in subjects_by_word(inventory).items() if key in sites}
