"""
Incidents: intervals in which a promise was broken, derived from what is read.

An incident opens with the first failing span that no parent explains and ends with the
first span that proves recovery. Silence, maintenance and closing time in between never
close it: what was seen broken is broken until it was seen to work, be that in closing time.
So nothing from before a device was last seen to work by all its checks bears on it later.

A second of failure belongs to one incident only: what a computer fails because its place was
not opened is told of the place, to whoever opens it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, takewhile
from operator import attrgetter
from typing import NamedTuple

from netmon.domain.intervals import Interval, Span, instant
from netmon.domain.model import Status
from netmon.domain.presence import SITE_NOT_OPENED, site_spans

BROKEN = frozenset({Status.DOWN, Status.DEGRADED})
_WORKS = frozenset({Status.UP})


class Audience(StrEnum):
    """Who can mend it: the people of the network, or those of the place."""

    IT = "it"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Incident:
    """
    One broken promise, with its cause.

    `subject` is the device at fault, or the place where its owner is the audience. `ended_s`
    is None while it is open. `status` is the worst it came to and `reason` the newest of
    that, `promised_s` the seconds of it in which the subject should have worked and was seen
    not to. `affected` are the devices that were lost because of it.
    """

    id: str
    subject: str
    status: Status
    reason: str
    began_s: int
    ended_s: int | None
    promised_s: int
    affected: tuple[str, ...] = ()
    audience: Audience = Audience.IT


def incidents_of(device_id: str, spans: Sequence[Span]) -> list[Incident]:
    """Return a device's incidents, oldest first; they never overlap, at most one is open."""
    own = [span for span in spans if span.reason != SITE_NOT_OPENED]
    return _incidents(device_id, own)


def hidden_recoveries(spans: Sequence[Span], recorded: Sequence[Span]) -> list[Interval]:
    """
    Return when a device that was broken first worked again while it might have been off.

    Parameters
    ----------
    spans
        What is read of it, sorted and disjoint.
    recorded
        The same without closing time laid over it.
    """
    found: list[Interval] = []
    is_broken = False
    for span in spans:
        if span.status in BROKEN:
            is_broken = True
        elif span.status in _WORKS:
            is_broken = False
        elif is_broken and span.status is Status.EXPECTED_OFF:
            worked = _first_worked(recorded, span.start_s, span.end_s)
            found += worked
            is_broken = not worked
    return found


def _first_worked(recorded: Sequence[Span], start_s: int, end_s: int) -> list[Interval]:
    at = max(0, bisect_right(recorded, start_s, key=attrgetter("start_s")) - 1)
    for span in takewhile(lambda each: each.start_s < end_s, islice(recorded, at, None)):
        if span.status in _WORKS and span.end_s > start_s:
            return [(max(span.start_s, start_s), min(span.end_s, end_s))]
    return []


def incidents_of_site(
    place_id: str, computers: Mapping[str, Sequence[Span]], dark: Sequence[Interval]
) -> list[Incident]:
    """
    Return when a place was not opened, oldest first; its first computer that answers ends it.

    Parameters
    ----------
    place_id
        The subject.
    computers
        What is read of each computer that goes on with the place, by id.
    dark
        When they all were silent, see `netmon.domain.presence.not_opened`.
    """
    spans = site_spans(list(computers.values()), dark)
    return [
        replace(each, affected=tuple(computers), audience=Audience.OWNER)
        for each in _incidents(place_id, spans)
    ]


def _incidents(subject: str, spans: Sequence[Span]) -> list[Incident]:
    found: list[Incident] = []
    broken: list[Span] = []
    for span in spans:
        if span.status in BROKEN:
            broken.append(span)
        elif broken and span.status in _WORKS:
            found.append(_incident(subject, broken, span.start_s))
            broken = []
    if broken:
        found.append(_incident(subject, broken, None))
    return found


class Lost(NamedTuple):
    """A time in which a device was out of reach, and all that it depended on then."""

    start_s: int
    end_s: int
    carriers: frozenset[str]


def with_affected(
    incidents: Iterable[Incident], lost: Mapping[str, Sequence[Lost]]
) -> list[Incident]:
    """
    Name the devices that an incident took along.

    A device is out of reach because of what failed by itself on the way to it, so of several
    failed parents in a row the highest is the cause: those below it are themselves lost.

    Parameters
    ----------
    incidents
        Of any devices.
    lost
        When each device was out of reach.
    """
    # By what carries them: a year has many incidents, and few devices are ever behind one.
    behind: dict[str, dict[str, list[Lost]]] = {}
    for device_id, times in lost.items():
        for each in times:
            for above in each.carriers:
                behind.setdefault(above, {}).setdefault(device_id, []).append(each)
    return [_with_affected(each, behind.get(each.subject, {})) for each in incidents]


def _with_affected(incident: Incident, behind: Mapping[str, Sequence[Lost]]) -> Incident:
    if incident.status is not Status.DOWN or incident.audience is Audience.OWNER:
        return incident  # what is only degraded still carries those behind it
    affected = tuple(
        device_id
        for device_id, times in behind.items()
        if any(_overlap(each, incident) for each in times)
    )
    return replace(incident, affected=affected) if affected else incident


def _overlap(lost: Lost, incident: Incident) -> bool:
    is_before_end = incident.ended_s is None or lost.start_s < incident.ended_s
    return is_before_end and incident.began_s < lost.end_s


def _incident(subject: str, broken: Sequence[Span], ended_s: int | None) -> Incident:
    # What was wrong may change while it lasts: the newest reason of the worst is told.
    worst = max(reversed(broken), key=_gravity)
    began_s = broken[0].start_s
    return Incident(
        id=f"{subject}@{instant(began_s):%Y%m%dT%H%M%SZ}",
        subject=subject,
        status=worst.status,
        reason=worst.reason,
        began_s=began_s,
        ended_s=ended_s,
        promised_s=sum(span.end_s - span.start_s for span in broken),
    )


def _gravity(span: Span) -> tuple[bool, bool]:
    return span.status is Status.DOWN, not span.is_usable
