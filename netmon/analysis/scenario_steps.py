"""
What a scenario makes of a city: which access points and sites there would be, and their hours.

Pure. A step that cannot be is left out and told as a Dutch sentence; the others are done all the
same, in their order, so that a later step may change what an earlier one added.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from geodata.boundary import Boundary
from netmon.analysis.plan_rows import Action, Step
from netmon.analysis.scenarios import size_fault
from netmon.config.calendar import hours_fault
from netmon.domain.model import Device, DeviceKind, Inventory, Offer, Place, Service
from netmon.words import scenario as words
from netmon.words.clean import clean

AT_SITES = (Service.COMPUTER, Service.GUIDED)
"""The services that a site may be given; Wi-Fi comes from access points."""

MOST_SEATS = 1000

INVENTED = "scenario"
"""The source of what is only thought of."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

Position = tuple[float, float]


@dataclass(slots=True)
class Changed:
    """
    A city as a scenario would have it.

    Parameters
    ----------
    places
        The sites and streets that there would be, by id.
    access_points
        Where the access points would hang (lon, lat), None where nobody knows, by id.
    placed
        Where they hang as it is.
    problems
        The steps that cannot be, as Dutch sentences.
    """

    places: dict[str, Place]
    access_points: dict[str, Position | None]
    placed: Mapping[str, Position | None]
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, inventory: Inventory) -> Self:
        """Return a city as it is."""
        placed = {each.id: _where(each) for each in inventory.devices if is_access_point(each)}
        return cls({each.id: each for each in inventory.places}, dict(placed), placed)


def is_access_point(device: Device) -> bool:
    """Tell whether a device is an access point."""
    return device.kind is DeviceKind.ACCESS_POINT


class Ground:
    """
    Where something may be put.

    Parameters
    ----------
    boundary
        Of the city.
    is_built
        Whether a point (lon, lat) lies in a house; where houses are not known, never.
    """

    def __init__(self, boundary: Boundary, is_built: Callable[[float, float], bool]) -> None:
        self._boundary, self._is_built = boundary, is_built

    def fault(self, step: Step) -> str | None:
        """Return why nothing can be where a step says, as a Dutch sentence."""
        if step.lon is None or step.lat is None:
            return words.NO_PLACE
        if not (math.isfinite(step.lon) and math.isfinite(step.lat)):
            return words.NO_NUMBERS
        if abs(step.lon) > 180 or abs(step.lat) > 90:  # noqa: PLR2004 - degrees
            return words.NO_DEGREES
        if self._boundary.looks_swapped(step.lon, step.lat):
            return words.SWAPPED
        if not self._boundary.contains(step.lon, step.lat):
            return words.OUT_OF_TOWN
        return None

    def wall_fault(self, step: Step) -> str | None:
        """Return why no access point can hang there: `fault`, or inside a house."""
        found = self.fault(step)
        if found is None and self._is_built(step.lon or 0.0, step.lat or 0.0):
            return words.IN_A_HOUSE
        return found


def applied(steps: Sequence[Step], inventory: Inventory, ground: Ground, on: date) -> Changed:
    """
    Return a city as steps would have it, and what is wrong with them.

    Parameters
    ----------
    steps
        In their order.
    inventory
        The city as it is.
    ground
        Where something may be put.
    on
        The day on which hours that a scenario sets count as confirmed.
    """
    city = Changed.of(inventory)
    if fault := size_fault(steps):
        city.problems.append(fault)
        return city
    taken = {each.id for each in inventory.devices}
    for number, step in enumerate(steps, 1):
        fault = _DOES[step.action](city, step, ground, _Day(on, taken))
        if fault is not None:
            city.problems.append(words.at_step(number, clean(step.id, 40), fault))
    return city


@dataclass(frozen=True, slots=True)
class _Day:
    """The day of the scenario, and ids of devices that no new thing may have."""

    on: date
    taken: set[str]


def _add_access_point(city: Changed, step: Step, ground: Ground, day: _Day) -> str | None:
    fault = _name_fault(city, step, day) or ground.wall_fault(step)
    if fault is None:
        city.access_points[step.id] = _position(step)
    return fault


def _move_access_point(city: Changed, step: Step, ground: Ground, _day: _Day) -> str | None:
    fault = _missing(step, city.access_points, words.NO_ACCESS_POINT) or ground.wall_fault(step)
    if fault is None:
        city.access_points[step.id] = _position(step)
    return fault


def _remove_access_point(city: Changed, step: Step, _ground: Ground, _day: _Day) -> str | None:
    fault = _missing(step, city.access_points, words.NO_ACCESS_POINT)
    if fault is None:
        del city.access_points[step.id]
    return fault


def _add_site(city: Changed, step: Step, ground: Ground, day: _Day) -> str | None:
    fault = _service_fault(step) or _hours_fault(step) or _seats_fault(step)
    known = city.places.get(step.id)
    if fault is None and known is not None and known.source == INVENTED:
        # A second service of a site that this scenario has added.
        if any(each.service is step.service for each in known.offers):
            return words.SERVICE_TWICE
        city.places[step.id] = replace(known, offers=(*known.offers, _offer(step, day)))
        return None
    fault = fault or _name_fault(city, step, day) or ground.fault(step)
    if fault is None:
        city.places[step.id] = Place(
            step.id,
            step.id,
            is_street=False,
            lon=step.lon,
            lat=step.lat,
            offers=(_offer(step, day),),
            source=INVENTED,
            precision_m=0.0,
            synthetic=True,
        )
    return fault


def _remove_site(city: Changed, step: Step, _ground: Ground, _day: _Day) -> str | None:
    fault = _missing(step, _sites(city), words.NO_SITE)
    if fault is None:
        del city.places[step.id]
    return fault


def _set_hours(city: Changed, step: Step, _ground: Ground, day: _Day) -> str | None:
    fault = _missing(step, _sites(city), words.NO_SITE) or _hours_fault(step)
    if fault is not None:
        return fault
    place = city.places[step.id]
    offers = [each for each in place.offers if step.service in (None, each.service)]
    if not offers:
        return words.SERVICE_MISSING
    city.places[step.id] = replace(
        place,
        offers=tuple(
            _reopened(each, step, day) if each in offers else each for each in place.offers
        ),
    )
    return None


_DOES: dict[Action, Callable[[Changed, Step, Ground, _Day], str | None]] = {
    Action.ADD_ACCESS_POINT: _add_access_point,
    Action.MOVE_ACCESS_POINT: _move_access_point,
    Action.REMOVE_ACCESS_POINT: _remove_access_point,
    Action.ADD_SITE: _add_site,
    Action.REMOVE_SITE: _remove_site,
    Action.SET_HOURS: _set_hours,
}


def _reopened(offer: Offer, step: Step, day: _Day) -> Offer:
    seats = offer.seats if step.seats is None else step.seats
    return replace(
        offer, opening_hours=step.hours, seats=seats, confirmed_on=day.on, synthetic=True
    )


def _offer(step: Step, day: _Day) -> Offer:
    service = step.service or Service.COMPUTER
    return Offer(service, step.hours, step.seats, confirmed_on=day.on, synthetic=True)


def _name_fault(city: Changed, step: Step, day: _Day) -> str | None:
    if _ID.fullmatch(step.id) is None:
        return words.NO_NAME
    if step.id in city.places or step.id in city.access_points or step.id in day.taken:
        return words.NAME_TAKEN
    return None


def _missing(
    step: Step, known: Sequence[str] | dict[str, Position | None], fault: str
) -> str | None:
    return None if step.id in known else fault


def _sites(city: Changed) -> list[str]:
    return [each.id for each in city.places.values() if not each.is_street]


def _service_fault(step: Step) -> str | None:
    if step.service in AT_SITES:
        return None
    return words.NO_SERVICE


def _hours_fault(step: Step) -> str | None:
    if step.hours is None or not step.hours.strip():
        return words.NO_HOURS
    if hours_fault(step.hours) is not None:
        return words.WRONG_HOURS
    return None


def _seats_fault(step: Step) -> str | None:
    if step.seats is None or 1 <= step.seats <= MOST_SEATS:
        return None
    return words.wrong_seats(MOST_SEATS)


def _position(step: Step) -> Position | None:
    return None if step.lon is None or step.lat is None else (step.lon, step.lat)


def _where(device: Device) -> Position | None:
    return None if device.lon is None or device.lat is None else (device.lon, device.lat)
