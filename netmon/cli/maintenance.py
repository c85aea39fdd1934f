"""`netmon maintenance`: work that is announced, so that nobody is told that it broke something."""

from collections.abc import Sequence
from dataclasses import replace
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
from netmon.cli.wiring import config_option, json_option, now
from netmon.config.ical import AMENDED, Imported, Reading, read_ical
from netmon.domain.errors import ConfigError
from netmon.domain.intervals import epoch_s
from netmon.domain.maintenance import Announcement, Effect
from netmon.storage.desk import DeskReader

EFFECTS = (Effect.MAINTENANCE,)
SUBJECT = "a device, site or street"


@click.group()
def maintenance() -> None:
    """Announce work on devices, sites or streets; what stops meanwhile is no incident.

    A running netmon knows it at once, and pages tell of it seven days ahead. Work never
    hides that something works again. Times are those of the city.
    """


@maintenance.command("add")
@click.argument("subjects", metavar="SUBJECT...", nargs=-1, required=True)
@start_argument
@end_argument
@repeat_option
@note_option
@config_option
@json_option
def add(  # noqa: PLR0913 - one argument for each option
    config: Path,
    *,
    subjects: Sequence[str],
    start: datetime,
    end: datetime,
    repeat: str | None,
    note: str,
    as_json: bool,
) -> None:
    """Announce work on SUBJECT from FROM to TO: ids or names, local times, TO excluded."""
    with reading_desk(config) as (settings, desk):
        known = subjects_by_word(desk.revisions()[-1].inventory)
        found = known_subjects(subjects, known, SUBJECT)
        timing = timing_of(start, end, repeat, ZoneInfo(settings.city.timezone))
        said = new_announcement(Effect.MAINTENANCE, found, timing, note)
        keep_and_tell(settings, desk, [said], as_json=as_json)


@maintenance.command("list")
@days_option
@all_option
@config_option
@json_option
def listed(config: Path, days: int, *, is_all: bool, as_json: bool) -> None:
    """List work that goes on or is coming, soonest first."""
    with reading_desk(config) as (settings, desk):
        print_announced(settings, desk, EFFECTS, None if is_all else days, as_json=as_json)


@maintenance.command("cancel")
@click.argument("uid", metavar="UID")
@wholly_option
@config_option
@json_option
def cancel(config: Path, uid: str, *, wholly: bool, as_json: bool) -> None:
    """Cancel announced work from now on; what was muted before stays so."""
    with reading_desk(config) as (settings, desk):
        said = cancelled(desk, uid, EFFECTS, wholly=wholly)
        keep_and_tell(settings, desk, [said], as_json=as_json)


@maintenance.command("import")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--subject", "subjects", multiple=True, help="What all events concern, may be repeated."
)
@click.option("--skip-unknown", is_flag=True, help="Leave out events of unknown subjects.")
@config_option
@json_option
def imported(
    config: Path, file: Path, subjects: Sequence[str], *, skip_unknown: bool, as_json: bool
) -> None:
    """Announce the events of a calendar FILE (iCalendar).

    LOCATION or CATEGORIES name the subject of each, by id or name. An event imported again
    changes what it announced before, and one with STATUS:CANCELLED cancels it.
    """
    with reading_desk(config) as (settings, desk):
        known = subjects_by_word(desk.revisions()[-1].inventory)
        fixed = tuple(known_subjects(subjects, known, SUBJECT))
        reading = Reading(known, fixed, settings.city.timezone, epoch_s(now()))
        found = read_ical(file, reading)
        _tell_strange(found, skip_unknown=skip_unknown)
        said = [*found.announcements, *_dropped(found, desk, reading.now_s)]
        keep_and_tell(settings, desk, said, as_json=as_json)


def _tell_strange(found: Imported, *, skip_unknown: bool) -> None:
    if found.strange and not skip_unknown:
        raise ConfigError(list(found.strange))
    for each in found.strange:
        click.echo(f"left out: {each}", err=True)


def _dropped(found: Imported, desk: DeskReader, now_s: int) -> list[Announcement]:
    """Return, cancelled, what once amended a series of this calendar and does no more."""
    said = {each.uid for each in found.announcements}
    return [
        replace(each, cut_s=now_s)
        for each in desk.announcements()
        if each.uid not in said
        and AMENDED in each.uid
        and each.uid.rpartition(AMENDED)[0] in said
        and each.cut_s is None
    ]
