"""How something that is said of an incident is read, put to it and kept."""

import getpass
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import click

from netmon.analysis.rows import IncidentDetail, IncidentRow
from netmon.analysis.views import RecordViews
from netmon.cli.announcing import announce
from netmon.cli.output import local_text, print_json
from netmon.cli.wiring import now, reading
from netmon.config.annotation_text import MOST_AUTHOR, MOST_TEXT, annotation_fault, one_line
from netmon.config.complaints import brief, printable
from netmon.config.settings import Settings
from netmon.domain.annotations import Annotation, AnnotationKind, instant_inside
from netmon.domain.intervals import epoch_s, instant

MOST_SHOWN = 5
UNIT_S = {"m": 60, "h": 3600, "d": 86_400}
LONGEST = timedelta(days=366)


class Duration(click.ParamType[timedelta]):
    """A length of time: `90m`, `2h`, `3d`."""

    name = "90m|2h|3d"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return it; anything else is refused."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([0-9]{1,6})([mhd])", str(value))
        length = timedelta(seconds=int(found[1]) * UNIT_S[found[2]]) if found else timedelta()
        if not timedelta() < length <= LONGEST:
            self.fail(f"expected {self.name}, at most a year, found {str(value)!r}", param, ctx)
        return length


@dataclass(frozen=True, slots=True)
class Draft:
    """
    What somebody wants to say; `author` None is whoever is logged in.

    An acknowledgement expires at `until` (naive: local) or `length` from now, or not by itself.
    """

    kind: AnnotationKind
    text: str
    author: str | None
    url: str = ""
    until: datetime | None = None
    length: timedelta | None = None


def say(config: Path, word: str, draft: Draft, *, as_json: bool) -> None:
    """Have a draft kept with the incident that a word means, and tell it."""
    at = now()
    with reading(config) as (settings, views):
        zone = ZoneInfo(settings.city.timezone)
        row = the_incident(views, word, at).row
        _refuse_late(draft, row)
        said = _annotation(draft, row, zone, epoch_s(at))
        keep(settings, said)
    if as_json:
        print_json({"incident": row.id, "kept": _document(said)})
        return
    until = "" if said.until_s is None else f" until {local_text(instant(said.until_s), zone)}"
    click.echo(printable(f"kept: {said.uid} {said.kind} of {row.id} by {said.author}{until}"))


def keep(settings: Settings, said: Annotation) -> None:
    """Have something kept; raises `click.BadParameter` for what may not be said."""
    fault = annotation_fault(said)
    if fault is not None:
        raise click.BadParameter(fault)
    announce(settings, [said])


def the_incident(views: RecordViews, word: str, at: datetime) -> IncidentDetail:
    """Return the one incident that a word means; raises `click.BadParameter` for none or many."""
    ids = views.incident_views.matching(word, epoch_s(at))
    found = views.incident(ids[0], at) if len(ids) == 1 else None
    if found is not None:
        return found
    shown = ", ".join(ids[:MOST_SHOWN]) + (" …" if len(ids) > MOST_SHOWN else "")
    told = f"{brief(word)!r}" + (f", which may be {shown}" if ids else "")
    expected = "expected an id of `netmon incidents`, its beginning, or a device that is broken"
    raise click.BadParameter(f"ID: {expected}, found {told}")


def _annotation(draft: Draft, row: IncidentRow, zone: ZoneInfo, now_s: int) -> Annotation:
    ended_s = None if row.ended_at is None else epoch_s(row.ended_at)
    author = _login_name() if draft.author is None else draft.author
    return Annotation(
        uid=uuid4().hex[:12],
        subject=row.subject_id,
        at_s=instant_inside(epoch_s(row.began_at), ended_s, now_s),
        kind=draft.kind,
        author=one_line(author, MOST_AUTHOR),
        entered_s=now_s,
        text=one_line(draft.text, MOST_TEXT),
        url=draft.url,
        until_s=_until_s(draft, zone, now_s),
    )


def _refuse_late(draft: Draft, row: IncidentRow) -> None:
    if draft.kind is AnnotationKind.ACKNOWLEDGEMENT and row.ended_at is not None:
        expected = "expected an incident that is open"
        raise click.BadParameter(f"ID: {expected}, found {row.id}, which has ended: write a note")


def _until_s(draft: Draft, zone: ZoneInfo, now_s: int) -> int | None:
    if draft.length is not None:
        return now_s + int(draft.length.total_seconds())
    until = draft.until
    if until is None:
        return None
    return epoch_s(until if until.tzinfo else until.replace(tzinfo=zone))


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container whose user has no name; KeyError before Python 3.13
        raise click.UsageError("--author: expected a name, found none of a log-in") from None


def _document(said: Annotation) -> dict[str, Any]:
    return {
        "uid": said.uid,
        "subject": said.subject,
        "kind": said.kind,
        "author": said.author,
        "at": instant(said.at_s),
        "entered_at": instant(said.entered_s),
        "text": said.text,
        "url": said.url,
        "until": None if said.until_s is None else instant(said.until_s),
    }
