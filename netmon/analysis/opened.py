"""When an offer is open, as people were promised, and when that promise was broken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from netmon.analysis.announced import Agenda
from netmon.analysis.hours import OpeningHours
from netmon.analysis.month_city import MonthCity
from netmon.config.calendar import HoursRule
from netmon.domain.intervals import Interval, Windows, intersection, union
from netmon.domain.maintenance import Announcement, Change, Effect, changed, without
from netmon.domain.model import Offer, Place, Service
from netmon.domain.offers import Opening

AHEAD_S = 86_400
"""A closure that is announced so long before it begins is no broken promise."""

_AROUND_S = int(timedelta(days=2).total_seconds())


@dataclass(frozen=True, slots=True)
class OtherHours:
    """Other hours of a place that were announced, with the times that touch an interval."""

    uid: str
    is_open: bool
    announced_s: int
    times: Sequence[Interval]

    @property
    def early(self) -> list[Interval]:
        """Return the times that were announced a day before they began."""
        return union(each for each in self.times if each[0] - self.announced_s >= AHEAD_S)

    @property
    def late(self) -> list[Interval]:
        """Return the other times."""
        return union(each for each in self.times if each[0] - self.announced_s < AHEAD_S)


def exceptions_of(
    said: Iterable[Announcement], agenda: Agenda, city: MonthCity, bounds: Interval
) -> dict[str, list[OtherHours]]:
    """Return what was announced around an interval by place, in the order it was announced."""
    found: dict[str, list[OtherHours]] = {}
    for place_id, each, times in _announced(
        said, agenda, city, bounds, (Effect.OPEN, Effect.CLOSED)
    ):
        told = OtherHours(each.uid, each.effect is Effect.OPEN, each.announced_s, times)
        found.setdefault(place_id, []).append(told)
    return found


def hosts_of(
    said: Iterable[Announcement], agenda: Agenda, city: MonthCity, bounds: Interval
) -> dict[str, list[Interval]]:
    """Return when a host was checked in around an interval, by place; nobody says who."""
    found: dict[str, list[Interval]] = {}
    for place_id, _, times in _announced(said, agenda, city, bounds, (Effect.HOST,)):
        found[place_id] = union([*found.get(place_id, ()), *times])
    return found


def _announced(
    said: Iterable[Announcement],
    agenda: Agenda,
    city: MonthCity,
    bounds: Interval,
    effects: Sequence[Effect],
) -> Iterable[tuple[str, Announcement, list[Interval]]]:
    """Yield (place, announcement, times); places by the ids that they had in the interval."""
    then: dict[str, list[str]] = {}
    for place in city.inventory.places:
        then.setdefault(city.names.get(place.id, place.id), []).append(place.id)
    first_s, last_s = bounds[0] - _AROUND_S, bounds[1] + _AROUND_S
    for each in sorted(said, key=lambda each: each.announced_s):
        if each.effect not in effects:
            continue
        times = [(a, b) for a, b in agenda.times(each, bounds[1]) if a < last_s and b > first_s]
        newest = {city.names.get(subject, subject) for subject in each.subjects}
        for place_id in (name for key in sorted(newest) for name in then.get(key, ())):
            if times:
                yield place_id, each, times


def opening_of(
    place: Place,
    service: Service,
    hours: OpeningHours,
    exceptions: Sequence[OtherHours],
    bounds: Interval,
) -> tuple[Opening, bool]:
    """
    Return when a service at a place is open within an interval, and whether its hours are known.

    Where nobody published hours nothing is known: it may be open at any time, and is never
    counted as open; only a closure that was announced is known.
    """
    text, is_sure = published(place, service)
    windows = hours.windows(HoursRule(text), *bounds) if text else None
    regular = [bounds] if windows is None else intersection(windows.intervals, [bounds])
    return _opening(regular, exceptions, bounds, is_sure=is_sure and windows is not None), bool(
        text
    )


def published(place: Place, service: Service) -> tuple[str | None, bool]:
    """Return the hours of a service, else of its place, and whether somebody confirmed them."""
    own = next((each for each in place.offers if each.service is service), None)
    if own is not None and own.opening_hours:
        return own.opening_hours, place.is_street or _is_confirmed(own)
    return place.opening_hours, place.is_street or any(map(_is_confirmed, place.offers))


def _is_confirmed(offer: Offer) -> bool:
    return offer.confirmed_on is not None


def _opening(
    regular: Sequence[Interval],
    exceptions: Sequence[OtherHours],
    bounds: Interval,
    *,
    is_sure: bool,
) -> Opening:
    known = [Change(e.is_open, tuple(union(e.times) if e.is_open else e.early)) for e in exceptions]
    held = [Change(each.is_open, tuple(union(each.times))) for each in exceptions]
    promised = intersection(changed(regular, known), [bounds])
    lost = without(promised, Windows(changed(regular, held)))
    late = [each for each in exceptions if not each.is_open]
    return Opening(
        promised,
        without(regular, Windows(promised)),
        [(part, each.uid) for each in late for part in intersection(each.late, lost)],
        is_sure,
    )
