"""Where the people of the target groups can be met, and where each of them could be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.city import City
from geodata.layers import load_layer, to_metric
from geodata.walks import Ways
from netmon.analysis.inhabitants import neighbourhood_of
from netmon.analysis.people import OfferPoint, People
from netmon.analysis.plan_rows import OutreachRow
from netmon.domain.model import Service

FARTHEST_M = 5000.0
"""Nobody is sent farther than an hour on foot."""

_NO_PLACE = "to_be_sourced"
"""The kind of an entry that stands for a place which nobody has named yet."""


@dataclass(frozen=True, slots=True)
class Outreach:
    """
    The places of target groups by neighbourhood.

    `to_locate` are the names of places of which no source says where they are.
    """

    rows: tuple[OutreachRow, ...]
    to_locate: tuple[str, ...]


def outreach(
    city: City,
    people: People,
    offers: Sequence[OfferPoint],
    names: Mapping[str, str],
    *,
    is_public: bool,
) -> Outreach:
    """
    Return the places of target groups, each with its nearest offer of each service.

    Parameters
    ----------
    offers
        Of all services; those that are not located are nobody's nearest.
    names
        What the places of the offers are called, by id.
    is_public
        Whether anybody may read it: then places that are kept from the public (refuges,
        asylum and care) are left out, among those to be located too.

    Returns
    -------
    Sorted by neighbourhood, group and name. A service of which nothing is within an hour's walk is
    None.
    """
    frame = load_layer(city.target_groups)
    frame = frame[frame["kind"] != _NO_PLACE]
    if is_public:
        frame = frame[_may_be_told(frame)]
    placed = frame[frame.geometry.notna()]
    lost = frame[frame.geometry.isna()]
    located = [each for each in offers if each.is_located]
    rows = _Rows(people, located, names).of(placed)
    ordered = sorted(rows, key=lambda each: (each.area_name, each.group, each.place))
    return Outreach(tuple(ordered), tuple(sorted({str(each) for each in lost["name"]})))


class _Rows:
    """Makes the rows of places from the ways to all offers."""

    def __init__(
        self, people: People, offers: Sequence[OfferPoint], names: Mapping[str, str]
    ) -> None:
        self._people, self._offers, self._names = people, offers, names
        self._services = list(dict.fromkeys(each.service for each in offers))

    def of(self, placed: gpd.GeoDataFrame) -> list[OutreachRow]:
        metric = to_metric(placed)
        at = shapely.get_coordinates(metric.geometry.to_numpy())
        origins = np.array([(each.x_m, each.y_m) for each in self._offers], float).reshape(-1, 2)
        ways = self._people.walks.between(origins, at, FARTHEST_M)
        areas = self._people.areas
        called = dict(zip(areas["id"], areas["name"], strict=True))
        where = neighbourhood_of(metric.geometry, areas) if len(placed) else []
        nearest = self._nearest(ways)
        return [
            self._row(row, called[area], {each: nearest[each][at] for each in self._services})
            for at, (row, area) in enumerate(zip(placed.itertuples(), where, strict=True))
        ]

    def _nearest(self, ways: Ways) -> "dict[Service, list[_Way | None]]":
        metres, by_network = ways.metres.toarray(), ways.by_network.toarray()
        metres = np.where(metres > 0, metres, np.inf)
        found = {}
        for service in self._services:
            own = [at for at, each in enumerate(self._offers) if each.service is service]
            least = [own[at] for at in metres[own].argmin(axis=0).tolist()]
            found[service] = [
                self._way(offer, metres[offer, place], by_network[offer, place])
                for place, offer in enumerate(least)
            ]
        return found

    def _way(self, offer: int, metres: float, by_network: float) -> "_Way | None":
        if not np.isfinite(metres):
            return None
        # Whole metres: no place is known better than that.
        return _Way(self._offers[offer], float(round(metres)), is_straight=not by_network)

    def _row(
        self, row: object, area_name: str, nearest: "Mapping[Service, _Way | None]"
    ) -> OutreachRow:
        told = {
            service: (self._names.get(way.offer.place_id, way.offer.place_id), way.metres)
            if way
            else None
            for service, way in nearest.items()
        }
        ways = [way for way in nearest.values() if way]
        point = row.geometry  # type: ignore[attr-defined]  # a row of the frame
        return OutreachRow(
            str(row.name),  # type: ignore[attr-defined]  # likewise
            str(row.group),  # type: ignore[attr-defined]  # likewise
            *(area_name, told, float(point.x), float(point.y)),
            frozenset(way.offer.service for way in ways if way.is_straight),
            _worst([float(row.precision_m), *(way.offer.precision_m for way in ways)]),  # type: ignore[attr-defined]  # likewise
        )


@dataclass(frozen=True, slots=True)
class _Way:
    offer: OfferPoint
    metres: float
    is_straight: bool


def _worst(precisions: Sequence[float | None]) -> float | None:
    known = [each for each in precisions if each is not None]
    return max(known) if known and len(known) == len(precisions) else None


def _may_be_told(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which places are public: all of a layer that says nothing, else only a clear yes."""
    if "public" not in frame:
        return np.ones(len(frame), bool)
    return np.array([each is True for each in frame["public"]], bool)
