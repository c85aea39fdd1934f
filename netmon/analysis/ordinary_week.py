"""
What a city promises in an ordinary week: its ledger, were all devices to work and all hosts there.

It is a promise and no record: nothing fails in it, so what is left are hours in which something
is delivered, hours that nobody confirmed, and what timetables and distances leave out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from netmon.analysis.hours import OpeningHours
from netmon.analysis.ledger import Account, Stage, ledger
from netmon.analysis.opened import opening_of
from netmon.analysis.people import OfferPoint, People, site_points
from netmon.analysis.radio import RadioMap
from netmon.analysis.stages import stage_of
from netmon.config.calendar import Calendar
from netmon.domain.intervals import Interval, Span, epoch_s
from netmon.domain.model import SERVICE_OF_KIND, Inventory, Offer, Place, Service, Status
from netmon.domain.offers import OfferSpan, Seat, offer_spans

SERVICES = (Service.WIFI, Service.COMPUTER, Service.GUIDED)
"""What is accounted for, each by itself."""

_WEEKS_AHEAD = 60
_WEEK = timedelta(days=7)


def ordinary_week(now: datetime, calendar: Calendar) -> Interval:
    """
    Return the next local week, Monday to Monday, in which nothing is special, in epoch seconds.

    No public holiday, no school holiday, and no clock is changed. Where the calendar leaves no
    such week in more than a year, the next one.
    """
    today = now.astimezone(calendar.timezone).date()
    monday = today + timedelta(days=7 - today.weekday())
    weeks = [monday + number * _WEEK for number in range(_WEEKS_AHEAD)]
    first = next((each for each in weeks if _is_ordinary(each, calendar)), monday)
    return _midnight_s(first, calendar), _midnight_s(first + _WEEK, calendar)


@dataclass(frozen=True, slots=True)
class Promised:
    """
    The accounts of one service in that week, by group and area.

    `at_best` are those of Wi-Fi where it reaches as far as it may, None for other services.
    `seat_h` is what each offer has, seat-hours by id; Wi-Fi has none.
    """

    service: Service
    points: Sequence[OfferPoint]
    accounts: Sequence[Account]
    at_best: Sequence[Account] | None
    seat_h: Mapping[str, float]


class OrdinaryWeek:
    """
    Works out what a city would promise in one week.

    Parameters
    ----------
    people
        Who is where, and what they can walk to.
    hours
        When rules are open; used by one thread at a time.
    bounds
        The week, epoch seconds.
    calendar
        Of the city.
    """

    def __init__(
        self, people: People, hours: OpeningHours, bounds: Interval, calendar: Calendar
    ) -> None:
        self.bounds = bounds
        self._people, self._hours = people, hours
        stages = {
            name: stage_of(group, bounds, calendar.timezone)
            for name, group in people.groups.items()
        }
        self._stages = _by_stage(stages)

    def at_sites(self, places: Iterable[Place], service: Service) -> Promised:
        """Return a service that sites give; `places` as `with_seats` returns them."""
        offering = {each.id: each for each in places if not each.is_street and _has(each, service)}
        points = [each for each in site_points(list(offering.values())) if each.service is service]
        spans: dict[str, Sequence[OfferSpan]] = {}
        seat_h: dict[str, float] = {}
        for point in points:
            place = offering[point.place_id]
            spans[point.id], seat_h[point.id] = self._stood(place, service)
        return Promised(service, points, self._accounts(points, spans), None, seat_h)

    def in_streets(
        self,
        points: Sequence[OfferPoint],
        best: Sequence[OfferPoint] | None,
        places: Iterable[Place],
    ) -> Promised:
        """Return the Wi-Fi of stretches: of `points` as planned, and of `best` at best."""
        streets = {each.id: each for each in places if each.is_street}
        accounts = self._wifi(points, streets)
        at_best = accounts if best == points else None
        if best is not None and at_best is None:
            at_best = self._wifi(best, streets)
        return Promised(Service.WIFI, points, accounts, at_best, {})

    def _wifi(
        self, points: Sequence[OfferPoint], streets: Mapping[str, Place]
    ) -> Sequence[Account]:
        stood = {name: self._stood(each, Service.WIFI)[0] for name, each in streets.items()}
        return self._accounts(points, {each.id: stood[each.place_id] for each in points})

    def _stood(self, place: Place, service: Service) -> tuple[Sequence[OfferSpan], float]:
        opening, is_published = opening_of(place, service, self._hours, (), self.bounds)
        seats = next((each.seats for each in place.offers if each.service is service), None) or 1
        working = [_working(self.bounds)] * seats if is_published else []
        spans, counted = offer_spans(opening, working, self.bounds)
        return spans, counted.promised_s / 3600

    def _accounts(
        self, points: Sequence[OfferPoint], spans: Mapping[str, Sequence[OfferSpan]]
    ) -> Sequence[Account]:
        found: list[Account] = []
        for stage, names in self._stages:
            demands = [each for name in names for each in self._people.demands(points, name)]
            found += ledger(spans, demands, stage)
        return found


def wifi_points(
    radio: RadioMap, streets: Mapping[str, Place], *, is_optimistic: bool
) -> list[OfferPoint]:
    """Return the stretches of streets that any access point serves."""
    serving = radio.serving(is_optimistic=is_optimistic)
    return [
        OfferPoint(
            *(f"{each.id}/{Service.WIFI}", Service.WIFI, each.street_id),
            *each.at,
            streets[each.street_id].precision_m,
        )
        for each in radio.stretches
        if serving[each.id] and each.street_id in streets
    ]


def with_seats(places: Iterable[Place], inventory: Inventory) -> list[Place]:
    """
    Return places whose offers say how many seats they have, as far as devices show it.

    A site that has computers and says nothing of them offers them all the same.
    """
    counts: dict[tuple[str, Service], int] = {}
    for device in inventory.devices:
        service = SERVICE_OF_KIND.get(device.kind)
        if service is Service.COMPUTER:
            key = (device.place_id, service)
            counts[key] = counts.get(key, 0) + 1
    return [_with_seats(each, counts.get((each.id, Service.COMPUTER), 0)) for each in places]


def _with_seats(place: Place, computers: int) -> Place:
    if not computers or place.is_street:
        return place
    offers = place.offers
    if not _has(place, Service.COMPUTER):
        offers = (*offers, Offer(Service.COMPUTER))
    counted = [
        replace(each, seats=computers)
        if each.service is Service.COMPUTER and each.seats is None
        else each
        for each in offers
    ]
    return replace(place, offers=tuple(counted))


def _has(place: Place, service: Service) -> bool:
    return any(each.service is service for each in place.offers)


def _working(bounds: Interval) -> Seat:
    return Seat((Span(*bounds, Status.UP, is_usable=True, reason=""),))


def _by_stage(stages: Mapping[str, Stage]) -> list[tuple[Stage, list[str]]]:
    """Return the groups that are active at the same times together."""
    found: list[tuple[Stage, list[str]]] = []
    for name, stage in stages.items():
        same = next((names for other, names in found if other == stage), None)
        if same is None:
            found.append((stage, [name]))
        else:
            same.append(name)
    return found


def _is_ordinary(monday: date, calendar: Calendar) -> bool:
    days = [monday + timedelta(days=number) for number in range(7)]
    is_holiday = any(
        day in calendar.public or any(first <= day <= last for first, last in calendar.school)
        for day in days
    )
    seconds = _midnight_s(monday + _WEEK, calendar) - _midnight_s(monday, calendar)
    return not is_holiday and seconds == _WEEK.total_seconds()


def _midnight_s(day: date, calendar: Calendar) -> int:
    return epoch_s(datetime(day.year, day.month, day.day, tzinfo=calendar.timezone))
