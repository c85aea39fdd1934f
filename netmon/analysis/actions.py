"""What a city might do: a new access point, a new site, or more hours at one that is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geodata.candidates import Candidate
from netmon.analysis.half_days import HalfDay, texts_together
from netmon.analysis.hours import OpeningHours
from netmon.analysis.opened import published
from netmon.analysis.ordinary_week import wifi_points
from netmon.analysis.people import OfferPoint, site_points
from netmon.analysis.radio import RadioMap
from netmon.config.calendar import ALWAYS_OPEN, HoursRule
from netmon.domain.intervals import Interval, intersection
from netmon.domain.model import Inventory, Place, Service


class Kind(StrEnum):
    """What is done."""

    ACCESS_POINT = "new_access_point"
    SITE = "new_site"
    HOURS = "more_hours"


@dataclass(frozen=True, slots=True)
class Standing:
    """An offer that there is, and when it is open in the week."""

    point: OfferPoint
    opened: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class Action:
    """
    One thing to do: an offer at a point, open at some times more than now.

    `hours` is what to add to its opening hours. `site_id` is None where no site is yet.
    """

    kind: Kind
    point: OfferPoint
    site_id: str | None
    where: str
    hours: str
    opened: Sequence[Interval]
    is_synthetic: bool = False


def standing_sites(
    inventory: Inventory, service: Service, hours: OpeningHours, week: Interval
) -> list[Standing]:
    """Return the offers of sites whose hours somebody published and confirmed."""
    places = {each.id: each for each in inventory.places if not each.is_street}
    return [
        Standing(point, opened)
        for point in site_points(tuple(places.values()))
        if point.service is service
        and (opened := _opened(places[point.place_id], service, hours, week)) is not None
    ]


def standing_streets(
    inventory: Inventory, radio: RadioMap, hours: OpeningHours, week: Interval
) -> list[Standing]:
    """Return the stretches that access points serve as planned, once all of them live."""
    streets = {each.id: each for each in inventory.places if each.is_street}
    return [
        Standing(point, opened)
        for point in wifi_points(radio, streets, is_optimistic=False)
        if (opened := _opened(streets[point.place_id], Service.WIFI, hours, week)) is not None
    ]


def more_hours(
    standing: Sequence[Standing], names: Mapping[str, str], halves: Sequence[HalfDay]
) -> list[Action]:
    """Return each two half-days on which a site is closed, as an action of its own."""
    return [
        Action(
            Kind.HOURS,
            each.point,
            each.point.place_id,
            names.get(each.point.place_id, each.point.place_id),
            *_together(pair),
        )
        for each in standing
        if each.point.is_located
        for pair in in_pairs([h for h in halves if not intersection(each.opened, [h.interval])])
    ]


def new_access_points(
    candidates: Sequence[Candidate], names: Mapping[str, str], week: Interval
) -> list[Action]:
    """Return an access point at each candidate; it is heard in the street around it at least."""
    return [
        _new(Kind.ACCESS_POINT, Service.WIFI, each, names, ALWAYS_OPEN, [week])
        for each in candidates
    ]


def new_sites(
    candidates: Sequence[Candidate],
    service: Service,
    names: Mapping[str, str],
    halves: Sequence[HalfDay],
) -> list[Action]:
    """
    Return a service at each candidate, open on two half-days a week as guided help is now.

    That is as much as an action of more hours gives: the two compete on equal terms.
    """
    return [
        _new(Kind.SITE, service, each, names, *_together(pair))
        for each in candidates
        for pair in in_pairs(halves)
    ]


def in_pairs(halves: Sequence[HalfDay]) -> list[tuple[HalfDay, HalfDay]]:
    """Return half-days two by two, far apart in the week; of an odd number one is left out."""
    step = len(halves) // 2
    return [(halves[nth], halves[nth + step]) for nth in range(step)]


def _together(pair: Sequence[HalfDay]) -> tuple[str, list[Interval]]:
    return texts_together([each.hours for each in pair]), [each.interval for each in pair]


def _new(  # noqa: PLR0913, PLR0917 - an action has as many facts
    kind: Kind,
    service: Service,
    candidate: Candidate,
    names: Mapping[str, str],
    hours: str,
    opened: Sequence[Interval],
) -> Action:
    area = names.get(candidate.area, candidate.area)
    where = f"{candidate.name} ({area})" if candidate.name else area
    point = OfferPoint(
        f"{candidate.id}/{service}",
        service,
        candidate.id,
        candidate.x_m,
        candidate.y_m,
        candidate.precision_m,
    )
    # A site that is there already keeps its id: only the service is new.
    site_id = candidate.id if candidate.id in names else None
    return Action(kind, point, site_id, where, hours, opened, candidate.is_synthetic)


def _opened(
    place: Place, service: Service, hours: OpeningHours, week: Interval
) -> Sequence[Interval] | None:
    text, is_sure = published(place, service)
    windows = hours.windows(HoursRule(text), *week) if text and is_sure else None
    return None if windows is None else intersection(windows.intervals, [week])
