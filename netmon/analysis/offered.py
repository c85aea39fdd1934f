"""
The offers of a city over an interval: where each is, how it stood, and what became of its seats.

Here hours, announcements, incidents and devices meet; people are not known here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from netmon.analysis.blamed import Blamed, Cause, Origin, origin_apart, told_apart
from netmon.analysis.month_city import places_present
from netmon.analysis.month_reading import MonthReading, Stores
from netmon.analysis.opened import OtherHours, exceptions_of, hosts_of, opening_of
from netmon.analysis.people import OfferPoint, site_points
from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.intervals import Interval, Span, intersection
from netmon.domain.model import SERVICE_OF_KIND, Offer, Place, Power, Service, Status
from netmon.domain.offers import OfferSpan, Opening, Seat, SeatSeconds, offer_spans

NO_SEATS = SeatSeconds()


@dataclass(frozen=True, slots=True)
class PresentSeat:
    """A seat, and when the inventory had it: sorted and disjoint."""

    seat: Seat
    present: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class Offering:
    """
    A service of the city over an interval.

    Parameters
    ----------
    spans
        How each offer stood, by the id of its point; between them it was closed.
    seats
        What became of the seats that each place promised, by its id.
    unpublished
        Places that offer it, of which nobody published when, or nobody confirmed it.
    is_synthetic
        Whether a place or a device of it is invented.
    """

    service: Service
    points: Sequence[OfferPoint]
    spans: Mapping[str, Sequence[OfferSpan]]
    seats: Mapping[str, SeatSeconds]
    unpublished: Sequence[str] = ()
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """An interval read for a ledger: what was read, with what was announced and who is to blame."""

    month: MonthReading
    stores: Stores
    bounds: Interval
    blamed: Blamed
    exceptions: Mapping[str, Sequence[OtherHours]]
    hosts: Mapping[str, Sequence[Interval]]
    present: Mapping[str, Sequence[Interval]]
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def origin(self, blamed: str) -> Origin:
        """Return what something that broke a promise comes from, and who is charged with it."""
        return self.origins.get(blamed) or origin_apart(blamed) or Origin(Cause.UNEXPLAINED, "")

    def opening(self, place: Place, service: Service) -> tuple[Opening, bool]:
        """Return when a service of a place is open while it is there; whether that is published."""
        told = self.exceptions.get(place.id, ())
        opening, is_known = opening_of(place, service, self.stores.hours, told, self.bounds)
        return within(opening, self.present.get(place.id, ())), is_known

    def seat(self, timeline: DeviceTimeline) -> PresentSeat:
        """Return a device as a seat: what is read of it, and its incidents."""
        is_on_demand = timeline.device.power is Power.ON_DEMAND
        # When a place is open its hours say; the device's own windows are wider.
        spans = timeline.read if is_on_demand else timeline.recorded
        device_id = timeline.device.id
        seat = Seat(tuple(spans), tuple(self.blamed.of_device(device_id)))
        return PresentSeat(seat, self.month.city.present[device_id])


def reading_of(month: MonthReading, stores: Stores, bounds: Interval) -> Reading:
    """Return what a ledger needs of an interval that was read."""
    said = stores.desk.announcements()
    blamed = Blamed(month.ended)
    exceptions = exceptions_of(said, stores.agenda, month.city, bounds)
    late = {
        each.uid: Origin(Cause.SITE, place_id)
        for place_id, told in exceptions.items()
        for each in told
    }
    return Reading(
        month,
        stores,
        bounds,
        blamed,
        exceptions,
        hosts_of(said, stores.agenda, month.city, bounds),
        places_present(month.city),
        {**late, **blamed.origins},
    )


def within(opening: Opening, times: Sequence[Interval]) -> Opening:
    """Return an opening as far as it lies in some times, sorted and disjoint."""
    return replace(
        opening,
        promised=intersection(opening.promised, times),
        withdrawn=intersection(opening.withdrawn, times),
    )


def at_sites(reading: Reading, service: Service) -> Offering:
    """Return a service that sites give: computers, or help by a host."""
    places = _offering(reading, service)
    points = [each for each in site_points(places) if each.service is service]
    spans: dict[str, list[OfferSpan]] = {}
    seats: dict[str, SeatSeconds] = {}
    unpublished = []
    there = {place.id: place for place in places}
    for point in points:
        place = there[point.place_id]
        opening, is_published = reading.opening(place, service)
        found = _seats(reading, place, service) if is_published else []
        spans[point.id], seats[place.id] = stood(opening, found, reading.bounds, place.id)
        if not (opening.is_sure and is_published):
            unpublished.append(place.id)
    return Offering(
        service, points, spans, seats, unpublished, _is_synthetic(reading, there, service)
    )


def stood(
    opening: Opening, seats: Sequence[PresentSeat], bounds: Interval, place_id: str
) -> tuple[list[OfferSpan], SeatSeconds]:
    """Return how an offer stood, and its seats, while devices come and go; see `offer_spans`."""
    edges = {edge for each in seats for pair in each.present for edge in pair}
    inside = {edge for edge in edges if bounds[0] < edge < bounds[1]}
    spans: list[OfferSpan] = []
    seconds = NO_SEATS
    for piece in pairwise(sorted({*inside, *bounds})):
        here = [each.seat for each in seats if intersection(each.present, [piece])]
        found, counted = offer_spans(opening, here, piece)
        spans += [replace(each, incidents=told_apart(each.incidents, place_id)) for each in found]
        seconds = added(seconds, counted)
    return spans, seconds


def added(one: SeatSeconds, other: SeatSeconds) -> SeatSeconds:
    """Return the seats of two offers, or of two times, together."""
    return SeatSeconds(
        one.working_s + other.working_s,
        one.failed_s + other.failed_s,
        one.unknown_s + other.unknown_s,
    )


def _offering(reading: Reading, service: Service) -> list[Place]:
    """Return the sites that give a service, as they say or as their devices show."""
    shown = {
        each.place.id
        for each in reading.month.ended.values()
        if SERVICE_OF_KIND.get(each.device.kind) is service
    }
    found = []
    for place in (each for each in reading.month.city.inventory.places if not each.is_street):
        offers = tuple(each for each in place.offers if each.service is service)[:1]
        if not offers and place.id in shown:
            offers = (Offer(service),)
        if offers:
            found.append(replace(place, offers=_with_own_hours(place, offers[0])))
    return found


def _with_own_hours(place: Place, offer: Offer) -> tuple[Offer, ...]:
    """Return the offer first; the others stay, for whoever confirmed them confirmed the place."""
    return (offer, *(each for each in place.offers if each.service is not offer.service))


def _seats(reading: Reading, place: Place, service: Service) -> list[PresentSeat]:
    if service is Service.GUIDED:
        return [_host(reading, place)]
    found = [
        reading.seat(each)
        for each in reading.month.ended.values()
        if each.place.id == place.id and SERVICE_OF_KIND.get(each.device.kind) is service
    ]
    if found:
        return found
    # Seats that nobody watches are promised all the same, and nothing is known of them.
    return [PresentSeat(Seat(()), [reading.bounds])] * (place.offers[0].seats or 0)


def _host(reading: Reading, place: Place) -> PresentSeat:
    times = reading.hosts.get(place.id, ())
    spans = [Span(*each, Status.UP, is_usable=True, reason="") for each in times]
    return PresentSeat(Seat(tuple(spans)), [reading.bounds])


def _is_synthetic(reading: Reading, there: Mapping[str, Place], service: Service) -> bool:
    devices: Iterable[DeviceTimeline] = reading.month.ended.values()
    return any(each.synthetic for each in there.values()) or any(
        each.device.synthetic
        for each in devices
        if each.place.id in there and SERVICE_OF_KIND.get(each.device.kind) is service
    )
