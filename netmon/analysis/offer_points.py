"""Offers as points that somebody walks to, and what about them is not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import shapely

from geodata.layers import EXCHANGE, to_metric
from netmon.domain.conditions import conditions_of
from netmon.domain.model import Place, Service


@dataclass(frozen=True, slots=True)
class OfferPoint:
    """
    A service at a point: what somebody walks to.

    Parameters
    ----------
    id
        Unique among the offers that are counted together, such as `leest/computer`.
    place_id
        The site or street.
    x_m, y_m
        EPSG:3812; None where no source says where it is: then nobody reaches it, and it is
        to be located.
    precision_m
        Radius that holds the true position; None where that is not known.
    conditions
        What its owner wrote of who may use it.
    """

    id: str
    service: Service
    place_id: str
    x_m: float | None
    y_m: float | None
    precision_m: float | None = None
    conditions: str | None = None

    @property
    def is_located(self) -> bool:
        """Return whether it is known where it is."""
        return self.at is not None

    @property
    def at(self) -> tuple[float, float] | None:
        """Return the point, None where nobody knows it."""
        return None if self.x_m is None or self.y_m is None else (self.x_m, self.y_m)


def site_points(places: Sequence[Place]) -> tuple[OfferPoint, ...]:
    """Return the offers of sites, `SITE/SERVICE`; those of streets are cut into stretches."""
    sites = [each for each in places if not each.is_street]
    at = to_metric(gpd.GeoDataFrame(geometry=[_point(each) for each in sites], crs=EXCHANGE))
    found = []
    for site, point in zip(sites, at.geometry, strict=True):
        x_m, y_m = (None, None) if point is None or point.is_empty else (point.x, point.y)
        found += [
            OfferPoint(
                f"{site.id}/{offer.service}",
                *(offer.service, site.id, x_m, y_m, site.precision_m, offer.conditions),
            )
            for offer in site.offers
        ]
    return tuple(found)


def to_be_located(offers: Sequence[OfferPoint]) -> tuple[str, ...]:
    """Return the places of which an offer has no position, sorted: nobody can be told to go."""
    return tuple(sorted({each.place_id for each in offers if not each.is_located}))


def unread_conditions(offers: Sequence[OfferPoint]) -> Mapping[str, str]:
    """Return what is not understood of the conditions of offers, by id; it keeps nobody out."""
    rest = {each.id: conditions_of(each.conditions).rest for each in offers}
    return {offer: text for offer, text in rest.items() if text}


def _point(place: Place) -> shapely.Point | None:
    return None if place.lon is None or place.lat is None else shapely.Point(place.lon, place.lat)
