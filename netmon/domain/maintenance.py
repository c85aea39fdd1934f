"""
What people announce: work on a device or a place, and times at which a site keeps other hours.

It is kept as it was said, by the clock on the wall; its windows in UTC are worked out beside
the opening hours, and laid over the record when that is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from netmon.domain.intervals import Interval, Windows, union


class Effect(StrEnum):
    """
    What an announcement does: mutes what is worked on, or changes the hours of a site.

    `HOST` changes nothing: it says that somebody was there to help.
    """

    MAINTENANCE = "maintenance"
    CLOSED = "closed"
    OPEN = "open"
    HOST = "host"


OF_HOURS = frozenset({Effect.CLOSED, Effect.OPEN})
"""The effects that change the hours of a site."""


@dataclass(frozen=True, slots=True)
class Timing:
    """
    When something holds, once or again and again.

    `start` is naive, by the clock of `zone` (an IANA name). Each time ends when that clock
    shows `wall_s` more, and `exact_s` elapsed seconds after that: a day is a day, but on two
    days of the year it is not 24 hours, and RFC 5545 knows both. `rule` is an RRULE value,
    empty for once; `also` are further starts (RDATE) and `but` starts left out (EXDATE).
    """

    start: datetime
    zone: str
    wall_s: int = 0
    exact_s: int = 0
    rule: str = ""
    also: tuple[datetime, ...] = ()
    but: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """
    What somebody announced for some subjects: devices, sites or streets, by id.

    `uid` is its permanent name; an imported one keeps that of its calendar. `announced_s` is
    since when people could know of it as it stands. `note` is for the desk and never public.
    `sequence` counts the changes of an imported one. From `cut_s` on it holds no more, None
    where it was not cancelled: what it muted before stays muted.
    """

    uid: str
    effect: Effect
    subjects: tuple[str, ...]
    timing: Timing
    announced_s: int
    note: str = ""
    sequence: int = 0
    cut_s: int | None = None


class Change(NamedTuple):
    """Times (sorted, disjoint) at which a site is open, or closed, whatever its hours say."""

    is_open: bool
    times: tuple[Interval, ...]


def to_keep(said: Announcement, before: Announcement | None) -> Announcement | None:
    """
    Return what is to be kept of an announcement, None where it brings nothing new.

    Who repeats what was announced before changes nothing, and does not announce it later than
    it was; who brings an older version of it than is kept is not heard, and what was cancelled
    before anybody heard of it never was.
    """
    if before is None:
        return said if said.cut_s is None else None
    if said.sequence < before.sequence:
        return None
    if said.cut_s is not None and before.cut_s is not None:
        said = replace(said, cut_s=min(said.cut_s, before.cut_s))
    if _promise(said) == _promise(before) and before.cut_s is None:
        said = replace(said, announced_s=before.announced_s)
    is_same = replace(said, announced_s=before.announced_s) == before
    return None if is_same else said


def until_cut(times: Sequence[Interval], cut_s: int | None) -> list[Interval]:
    """Return the times of an announcement that was cancelled at `cut_s`, None for never."""
    if cut_s is None:
        return list(times)
    return [(start_s, min(end_s, cut_s)) for start_s, end_s in times if start_s < cut_s]


def changed(opened: Sequence[Interval], changes: Sequence[Change]) -> list[Interval]:
    """
    Return when a site is open, with what was announced beside its hours.

    Parameters
    ----------
    opened
        Its hours, sorted and disjoint.
    changes
        In the order in which they were announced: of two that overlap the later one holds.
    """
    for change in changes:
        opened = (
            union([*opened, *change.times])
            if change.is_open
            else without(opened, Windows(change.times))
        )
    return list(opened)


def without(opened: Sequence[Interval], closed: Windows) -> list[Interval]:
    """Return the parts of sorted, disjoint intervals that lie in none of the windows."""
    return [part for start_s, end_s in opened for part in closed.outside(start_s, end_s)]


def _promise(announcement: Announcement) -> tuple[object, ...]:
    """Return what people were told: a note or a version number is none of it."""
    return announcement.effect, announcement.subjects, announcement.timing
