"""What is told in advance: the work and the other hours of the next seven days."""

from collections.abc import Iterable, Mapping, Sequence

from netmon.analysis.announced import Agenda, Announced
from netmon.analysis.hours import Changes
from netmon.analysis.rows import AnnouncedRow, Notice
from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.intervals import Interval, Windows, instant, intersection, union
from netmon.domain.maintenance import Announcement, Effect, without
from netmon.domain.model import Inventory, Place

AHEAD_S = 7 * 86_400
MOST_NOTICES = 10
"""Of one place, and times of one announcement: who works every hour is told often enough."""


def place_notices(
    place: Place, there: Sequence[DeviceTimeline], announced: Announced, now_s: int
) -> tuple[Notice, ...]:
    """
    Return what is announced for a place, now and in the next seven days, soonest first.

    Parameters
    ----------
    place
        A site or a street.
    there
        Its devices that serve residents; work on what carries them counts as theirs.
    announced
        By subject.
    now_s
        Whole epoch seconds.
    """
    closed, opened = net_changes(announced.changes.get(place.id, ()))
    found = [
        *_works(place, there, announced, now_s),
        *(_notice(Effect.CLOSED, each) for each in _soon(closed, now_s)),
        *(_notice(Effect.OPEN, each) for each in _soon(opened, now_s)),
    ]
    return tuple(sorted(found, key=lambda each: each.starts_at)[:MOST_NOTICES])


def net_changes(changes: Changes) -> tuple[list[Interval], list[Interval]]:
    """Return when a site is closed, and when open, whatever its hours say; the later holds."""
    closed: list[Interval] = []
    opened: list[Interval] = []
    for change in changes:
        times = Windows(change.times)
        gains, loses = (opened, closed) if change.is_open else (closed, opened)
        gains[:], loses[:] = union([*gains, *change.times]), without(loses, times)
    return closed, opened


def announced_rows(
    said: Iterable[Announcement], agenda: Agenda, inventory: Inventory, now_s: int
) -> tuple[AnnouncedRow, ...]:
    """Return each time of an announcement that holds now or in the next seven days."""
    return announced_within(said, agenda, inventory, (now_s, now_s + AHEAD_S))


def announced_within(
    said: Iterable[Announcement], agenda: Agenda, inventory: Inventory, bounds: Interval
) -> tuple[AnnouncedRow, ...]:
    """Return each time of an announcement that touches an interval, soonest first."""
    names = {each.id: each.name for each in inventory.devices}
    names |= {each.id: each.name for each in inventory.places}
    rows = [
        _row(each, time, names)
        for each in said
        if each.effect is not Effect.HOST  # nobody else's business
        for time in _touching(agenda.times(each, bounds[1]), bounds)[:MOST_NOTICES]
    ]
    return tuple(sorted(rows, key=lambda row: (row.starts_at, row.uid)))


def _row(said: Announcement, time: Interval, names: Mapping[str, str]) -> AnnouncedRow:
    return AnnouncedRow(
        uid=said.uid,
        effect=said.effect,
        subjects=tuple(names.get(each, each) for each in said.subjects),
        starts_at=instant(time[0]),
        ends_at=instant(time[1]),
        note=said.note,
        announced_at=instant(said.announced_s),
        is_repeated=bool(said.timing.rule or said.timing.also),
    )


def _works(
    place: Place, there: Sequence[DeviceTimeline], announced: Announced, now_s: int
) -> list[Notice]:
    own = announced.maintenance.get(place.id, ())
    each_of = [_soon(each.maintenance, now_s) for each in there] or [_soon(own, now_s)]
    whole = Windows(_shared(each_of))
    return [
        _notice(Effect.MAINTENANCE, (start_s, end_s), is_partial=not_all)
        for start_s, end_s in union(pair for times in each_of for pair in times)
        for not_all in [whole.seconds_in(start_s, end_s) < end_s - start_s]
    ]


def _shared(each_of: Sequence[Sequence[Interval]]) -> Sequence[Interval]:
    shared = each_of[0]
    for times in each_of[1:]:
        shared = intersection(shared, times)
    return shared


def _soon(times: Iterable[Interval], now_s: int) -> list[Interval]:
    return _touching(times, (now_s, now_s + AHEAD_S))


def _touching(times: Iterable[Interval], bounds: Interval) -> list[Interval]:
    return [each for each in times if each[0] < bounds[1] and each[1] > bounds[0]]


def _notice(effect: Effect, time: Interval, *, is_partial: bool = False) -> Notice:
    return Notice(effect, instant(time[0]), instant(time[1]), is_partial)
