"""What the commands `maintenance` and `exception` share: what is said, and how it is shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import click

from netmon.analysis.announced import Agenda
from netmon.cli.announcing import announce
from netmon.cli.output import LocalInstant, local_text, print_json, print_table
from netmon.cli.wiring import now
from netmon.config.complaints import printable
from netmon.config.recurrence import MOST_TEXT, announcement_fault, is_skipped, timing_fault
from netmon.config.settings import Settings
from netmon.domain.intervals import Interval, epoch_s, instant
from netmon.domain.maintenance import Announcement, Effect, Timing, to_keep
from netmon.storage.desk import DeskReader

start_argument = click.argument("start", metavar="FROM", type=LocalInstant())
end_argument = click.argument("end", metavar="TO", type=LocalInstant())
repeat_option = click.option(
    "--repeat", metavar="RRULE", help="Again and again, as RFC 5545 writes it: FREQ=WEEKLY."
)
note_option = click.option("--note", default="", help="Words for the desk, never public.")
wholly_option = click.option("--wholly", is_flag=True, help="As if it was never said.")
days_option = click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=31,
    show_default=True,
    help="How far ahead to look.",
)
all_option = click.option("--all", "is_all", is_flag=True, help="What is past or cancelled, too.")


@dataclass(frozen=True, slots=True)
class Shown:
    """An announcement with the time that matters now: that which holds, is next or was last."""

    said: Announcement
    time: Interval | None


def new_announcement(
    effect: Effect, subjects: Iterable[str], timing: Timing, note: str
) -> Announcement:
    """Return what a command announces now."""
    return Announcement(
        uid=uuid4().hex[:12],
        effect=effect,
        subjects=tuple(dict.fromkeys(subjects)),
        timing=timing,
        announced_s=epoch_s(now()),
        note=printable(" ".join(note.split()))[:MOST_TEXT],
    )


def timing_of(start: datetime, end: datetime, repeat: str | None, zone: ZoneInfo) -> Timing:
    """Return the times that a command names; raises `click.BadParameter` for what cannot be."""
    rule = (repeat or "").strip().upper().removeprefix("RRULE:")
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    timing = _local(start, end, rule, zone) if start.tzinfo is end.tzinfo is None else None
    if timing is None and rule:
        raise click.BadParameter("--repeat: expected local times, found a UTC offset")
    if timing is None:
        first, last = (at if at.tzinfo else at.replace(tzinfo=zone) for at in (start, end))
        length_s = epoch_s(last) - epoch_s(first)
        timing = Timing(first.astimezone(UTC).replace(tzinfo=None), "UTC", exact_s=length_s)
    fault = timing_fault(timing)
    if fault:
        raise click.BadParameter(fault)
    return timing


def known_subjects(words: Iterable[str], known: Mapping[str, str], expected: str) -> list[str]:
    """Return the ids that words stand for; raises `click.BadParameter` for one that has none."""
    found = []
    for word in words:
        subject = known.get(word, known.get(word.casefold()))
        if subject is None:
            raise click.BadParameter(f"expected {expected} of the inventory, found {word!r}")
        found.append(subject)
    return found


def cancelled(
    desk: DeskReader, uid: str, effects: Collection[Effect], *, wholly: bool
) -> Announcement:
    """Return an announcement as it is once cancelled: from now on, or as if never said."""
    for each in desk.announcements():
        if each.uid == uid and each.effect in effects:
            return replace(each, cut_s=0 if wholly else epoch_s(now()))
    raise click.BadParameter(f"UID: expected one that `list --all` shows, found {uid!r}")


def keep_and_tell(
    settings: Settings, desk: DeskReader, said: Sequence[Announcement], *, as_json: bool
) -> None:
    """Have announcements kept, and tell which of them brought something new."""
    before = {each.uid: each for each in desk.announcements()}
    fresh = [found for each in said if (found := to_keep(each, before.get(each.uid)))]
    for fault in filter(None, map(announcement_fault, fresh)):
        raise click.BadParameter(fault)
    if fresh:
        announce(settings, fresh)
    shown = _shown(fresh, Agenda(desk))
    if as_json:
        rows = [_document(each) for each in shown]
        print_json({"kept": rows, "unchanged": len(said) - len(fresh)})
        return
    zone = ZoneInfo(settings.city.timezone)
    for each in shown:
        what = "changed" if each.said.uid in before else "new"
        what = what if each.said.cut_s is None else "cancelled"
        subjects, when = ", ".join(each.said.subjects), _when(each, zone)
        click.echo(printable(f"{what}: {each.said.uid} {each.said.effect} {subjects} {when}"))
    if not fresh:
        click.echo("nothing new: all of it is known")


def print_announced(
    settings: Settings,
    desk: DeskReader,
    effects: Collection[Effect],
    days: int | None,
    *,
    as_json: bool,
) -> None:
    """Print what holds now or begins within so many days, soonest first; all of it for None."""
    said = [each for each in desk.announcements() if each.effect in effects]
    shown = [each for each in _shown(said, Agenda(desk)) if days is None or _is_near(each, days)]
    shown.sort(key=lambda each: (each.time or (0, 0), each.said.uid))
    if as_json:
        print_json({"rows": [_document(each) for each in shown]})
        return
    zone = ZoneInfo(settings.city.timezone)
    print_table(
        ("uid", "what", "subjects", "from – to", "repeats", "announced", "cancelled", "note"),
        (
            (
                each.said.uid,
                each.said.effect,
                ", ".join(each.said.subjects),
                _when(each, zone),
                each.said.timing.rule or "–",
                local_text(instant(each.said.announced_s), zone),
                _cut_text(each.said.cut_s, zone),
                each.said.note,
            )
            for each in shown
        ),
    )


def _local(start: datetime, end: datetime, rule: str, zone: ZoneInfo) -> Timing:
    for at in (start, end):
        if is_skipped(at, zone):
            raise click.BadParameter(f"expected a time that the clock does not skip, found {at}")
    return Timing(start, zone.key, wall_s=int((end - start).total_seconds()), rule=rule)


def _shown(said: Iterable[Announcement], agenda: Agenda) -> list[Shown]:
    now_s = epoch_s(now())
    return [Shown(each, _time_now(agenda.times(each, now_s), now_s)) for each in said]


def _time_now(times: Sequence[Interval], now_s: int) -> Interval | None:
    coming = (time for time in times if time[1] > now_s)
    return next(coming, times[-1] if times else None)


def _is_near(each: Shown, days: int) -> bool:
    at = now()
    limit_s = epoch_s(at + timedelta(days=days))
    return each.time is not None and each.time[1] > epoch_s(at) and each.time[0] < limit_s


def _when(each: Shown, zone: ZoneInfo) -> str:
    if each.time is None:
        return "–"
    return " – ".join(local_text(instant(at_s), zone) for at_s in each.time)


def _cut_text(cut_s: int | None, zone: ZoneInfo) -> str:
    if cut_s == 0:
        return "wholly"
    return local_text(None if cut_s is None else instant(cut_s), zone)


def _document(each: Shown) -> dict[str, Any]:
    """Return one row of the JSON interface; `ahead_s` is how long before `from` it was told."""
    said, time = each.said, each.time
    return {
        "uid": said.uid,
        "effect": said.effect,
        "subjects": said.subjects,
        "from": None if time is None else instant(time[0]),
        "to": None if time is None else instant(time[1]),
        "repeat": said.timing.rule or None,
        "timezone": said.timing.zone,
        "note": said.note,
        "announced_at": instant(said.announced_s),
        "ahead_s": None if time is None else time[0] - said.announced_s,
        "cancelled_at": None if said.cut_s is None else instant(said.cut_s),
    }
