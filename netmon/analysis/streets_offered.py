"""Wi-Fi as an offer: 25 m stretches of the streets, each with the access points that serve it."""

from collections.abc import Mapping

from netmon.analysis.offered import (
    NO_SEATS,
    Offering,
    PresentSeat,
    Reading,
    stood,
    within,
)
from netmon.analysis.people import OfferPoint
from netmon.analysis.radio import RadioMap
from netmon.domain.intervals import union
from netmon.domain.model import Place, Service
from netmon.domain.offers import OfferSpan, SeatSeconds

Stood = tuple[list[OfferSpan], SeatSeconds]


def in_streets(reading: Reading, radio: RadioMap, *, is_optimistic: bool) -> Offering:
    """
    Return the Wi-Fi of all streets at one edge of what is known of its reach.

    A stretch is promised where access points reach it once all of them live; it works where one
    of those works. Seats are access points, each counted once, with its own street.
    """
    streets = {each.id: each for each in reading.month.city.inventory.places if each.is_street}
    serving = radio.serving(is_optimistic=is_optimistic)
    seats = {
        name: reading.seat(each)
        for name, each in reading.month.ended.items()
        if any(name in told for told in serving.values())
    }
    known: dict[tuple[str, frozenset[str]], Stood] = {}
    points, spans = [], {}
    for stretch in radio.stretches:
        place = streets.get(stretch.street_id)
        over = frozenset(serving.get(stretch.id, frozenset()) & seats.keys())
        if place is None or not over:
            continue
        key = (place.id, over)
        if key not in known:
            known[key] = _stood(reading, place, {name: seats[name] for name in over})
        x_m, y_m = stretch.at
        points.append(
            OfferPoint(
                f"{stretch.id}/{Service.WIFI}", Service.WIFI, place.id, x_m, y_m, place.precision_m
            )
        )
        spans[points[-1].id] = known[key][0]
    return Offering(
        Service.WIFI,
        points,
        spans,
        _seats(reading, seats, streets),
        is_synthetic=radio.is_synthetic,
    )


def _stood(reading: Reading, place: Place, seats: Mapping[str, PresentSeat]) -> Stood:
    """Return how what these access points serve stood, while any of them was there."""
    opening, _ = reading.opening(place, Service.WIFI)
    there = union(pair for each in seats.values() for pair in each.present)
    found = [seats[name] for name in sorted(seats)]
    return stood(within(opening, there), found, reading.bounds, place.id)


def _seats(
    reading: Reading, seats: Mapping[str, PresentSeat], streets: Mapping[str, Place]
) -> dict[str, SeatSeconds]:
    found: dict[str, dict[str, PresentSeat]] = {}
    for name, each in seats.items():
        place_id = reading.month.ended[name].place.id
        found.setdefault(place_id, {})[name] = each
    return {
        place_id: _stood(reading, streets[place_id], each)[1] if place_id in streets else NO_SEATS
        for place_id, each in found.items()
    }
