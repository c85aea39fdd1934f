"""
Who has no free internet within reach because of an incident, at this moment.

An offer counts as there where it works, and where nobody knows whether it does: of people who
might have another one it is not said that they have none. So these are at least so many.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse import csr_array

from geodata.crs import EXCHANGE, METRIC
from geodata.stretches import Stretch
from netmon.analysis.impact import Standing
from netmon.analysis.people import OfferPoint
from netmon.analysis.rows import DeviceRow, SpotRow
from netmon.domain.groups import EVERYBODY
from netmon.domain.model import SERVICE_OF_KIND, Service

ONLINE = (Service.WIFI, Service.COMPUTER, Service.GUIDED)
"""What brings residents to the internet; whether a helper is there, devices do not tell."""

_TO_METRIC = Transformer.from_crs(EXCHANGE, METRIC, always_xy=True)


class Walkers(Protocol):
    """Who lives where, see `netmon.analysis.people.People`."""

    def reach(self, offers: Sequence[OfferPoint], group: str) -> csr_array:
        """Return which offers are in reach (points, offers)."""


@dataclass(frozen=True, slots=True)
class OfferNow:
    """
    An offer at this moment.

    `is_there` where it works, or might. `failed` are the devices by whose failure it does not:
    each of them alone would bring it back. None of both: it is closed, or set aside.
    """

    point: OfferPoint
    is_there: bool
    failed: frozenset[str]


def offers_of_sites(
    spots: Iterable[SpotRow], devices: Iterable[DeviceRow], now: Standing
) -> list[OfferNow]:
    """Return what sites with a known position offer now."""
    seats: dict[tuple[str, Service], set[str]] = {}
    for row in devices:
        if row.kind in SERVICE_OF_KIND:
            seats.setdefault((row.place_id, SERVICE_OF_KIND[row.kind]), set()).add(row.id)
    return [
        _at_site(spot, service, seats.get((spot.id, service), set()), now)
        for spot in spots
        if not spot.is_street and spot.lon is not None
        for service in spot.services
        if service in ONLINE and spot.open_now is not False
    ]


def _at_site(spot: SpotRow, service: Service, seats: set[str], now: Standing) -> OfferNow:
    x_m, y_m = _TO_METRIC.transform(spot.lon, spot.lat)
    point = OfferPoint(f"{spot.id}/{service}", service, spot.id, x_m, y_m, spot.precision_m)
    # Nobody watches it: it might be there.
    is_there = not seats or bool(seats & now.usable_or_unknown)
    return OfferNow(point, is_there, frozenset() if is_there else frozenset(seats & now.failed))


def offers_of_streets(
    stretches: Iterable[Stretch], serving: Mapping[str, frozenset[str]], now: Standing
) -> list[OfferNow]:
    """Return the Wi-Fi of stretches of street now; `serving` is who reaches each of them."""
    return [
        OfferNow(
            OfferPoint(each.id, Service.WIFI, each.street_id, *each.at),
            bool(serving[each.id] & now.usable_or_unknown),
            serving[each.id] & now.failed,
        )
        for each in stretches
        if serving.get(each.id)
    ]


@dataclass(frozen=True, slots=True)
class Without:
    """
    People without any offer in reach that is there, by what failed around them.

    `people` are those at each point who have none, `reach` is (points, offers).
    """

    offers: Sequence[OfferNow]
    reach: csr_array
    people: NDArray[np.float64]

    @classmethod
    def among(
        cls, walkers: Walkers, people: NDArray[np.float64], offers: Sequence[OfferNow]
    ) -> "Without":
        """Return it of everybody; `people` are the residents at each point."""
        reach = walkers.reach([each.point for each in offers], EVERYBODY)
        has_one = reach @ np.array([each.is_there for each in offers], float) > 0
        return cls(offers, reach, np.where(has_one, 0.0, people))

    def because_of(self, out: frozenset[str]) -> float:
        """Return how many would have an offer again if these devices worked."""
        comes_back = np.array([bool(each.failed & out) for each in self.offers], float)
        return float(self.people[self.reach @ comes_back > 0].sum())
