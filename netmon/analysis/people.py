"""
Who reaches which offers on foot, and may use them.

Rows of people meet rows of offers here: the walks are `geodata.walks`, the people
`netmon.analysis.inhabitants`; what becomes of it over time is `netmon.analysis.ledger`.
"""

import hashlib
from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.city import City
from geodata.demand import DemandPoints
from geodata.imported import load_street_network
from geodata.layers import load_layer, to_metric
from geodata.residents import Source
from geodata.walking import Method
from geodata.walks import Walks, Ways, lines_of
from netmon.analysis.eligibility import Band, bands
from netmon.analysis.inhabitants import Inhabitants, load_inhabitants
from netmon.analysis.kept_ways import KeptWays
from netmon.analysis.ledger import Demand
from netmon.analysis.offer_points import OfferPoint, site_points, to_be_located, unread_conditions
from netmon.config.groups_file import load_groups
from netmon.config.settings import Settings
from netmon.domain.conditions import conditions_of
from netmon.domain.groups import Group

__all__ = ["OfferPoint", "People", "site_points", "to_be_located", "unread_conditions"]


class People:
    """
    The people of a city, and the walks from their doors; safe from any thread.

    Parameters
    ----------
    inhabitants
        Who is where.
    walks
        Measures ways to the points of the inhabitants.
    areas
        The neighbourhoods by which results are told: `id`, `name`, EPSG:3812.
    groups
        By id.
    streets
        What the walks follow.
    """

    def __init__(
        self,
        inhabitants: Inhabitants,
        walks: Walks,
        areas: gpd.GeoDataFrame,
        groups: Mapping[str, Group],
        streets: Source,
    ) -> None:
        self.inhabitants, self.areas = inhabitants, areas
        self.groups = {name: groups[name] for name in groups if name in self.points.groups}
        self.walks, self.streets = walks, streets
        self._ways = KeptWays(walks, len(self.points.at))

    @classmethod
    def load(cls, settings: Settings) -> "People":
        """
        Return the people of the city that settings name.

        Raises
        ------
        DataError
            Where a layer is missing or not as it should be.
        ConfigError
            Where the city's groups are not.
        """
        city, groups = City.open(settings.city.folder), load_groups(settings)
        sites = settings.inventory.sites
        inhabitants = load_inhabitants(city, groups, sites if sites.is_file() else None)
        walks, streets = _walks(city, inhabitants.points.at)
        areas = to_metric(load_layer(city.neighbourhoods))[["id", "name", "geometry"]]
        return cls(inhabitants, walks, areas, groups, streets)

    @property
    def points(self) -> DemandPoints:
        """Return where the people of each group are."""
        return self.inhabitants.points

    @property
    def method(self) -> Method:
        """Return how walks are measured; a straight line is never told as a walk."""
        return self.walks.method

    @property
    def provenance(self) -> tuple[Source, ...]:
        """Return what it was made from."""
        return (*self.inhabitants.sources, self.streets)

    @property
    def digest(self) -> str:
        """Return a fingerprint of people, groups and streets: equal ones give equal results."""
        told = repr((sorted(self.groups.items()), self.provenance, self.method))
        points = self.points
        parts = (points.at.tobytes(), points.people.tobytes(), "".join(points.area).encode())
        return hashlib.sha256(b"".join((*parts, told.encode()))).hexdigest()[:16]

    def is_synthetic(self, group: str) -> bool:
        """Return whether something about a group is invented."""
        return group in self.inhabitants.synthetic

    def precision_m(self, offers: Sequence[OfferPoint]) -> float | None:
        """Return the worst precision of people, streets and offers; None where one is not known."""
        told = [each.precision_m for each in offers if each.is_located]
        known = [each for each in told if each is not None]
        if len(known) < len(told):
            return None
        return max([self.inhabitants.precision_m, self.streets.precision_m or 0.0, *known])

    def ways(self, offers: Sequence[OfferPoint], limit_m: float) -> Ways:
        """Return the ways (offers, points) that are no longer than a limit, and how measured."""
        return self._ways.of([each.at for each in offers], limit_m)

    def distances(self, offers: Sequence[OfferPoint], limit_m: float) -> csr_array:
        """Return the ways (points, offers) in metres; what is not in it is farther."""
        return csr_array(self.ways(offers, limit_m).metres.T)

    def reach(self, offers: Sequence[OfferPoint], group: str) -> csr_array:
        """
        Return which offers are in reach (points, offers), true or not in it.

        Offers that nobody of the group may use are in nobody's reach; where some may, by their
        age, it is in reach of all here. `demands` divides them.
        """
        told = self.groups[group]
        near = self.distances(offers, told.reach_m).astype(bool)
        allowed = np.any([each.allowed for each in self._bands(offers, told)], axis=0)
        return csr_array(near @ _diagonal(allowed))

    def reach_by_age(
        self, offers: Sequence[OfferPoint], group: str
    ) -> list[tuple[float, csr_array]]:
        """
        Return the shares (0-1) of a group that may use the same offers, with what those reach.

        They are the people of `demands`, not yet counted together: each point has them alike.
        """
        told = self.groups[group]
        near = self.distances(offers, told.reach_m).astype(bool)
        return [
            (each.share, csr_array(near @ _diagonal(each.allowed)))
            for each in self._bands(offers, told)
        ]

    def demands(self, offers: Sequence[OfferPoint], group: str) -> list[Demand]:
        """
        Return the people of a group, together where they reach the same offers in one area.

        Together they are as many as the group has, whatever the offers are. `reach` holds ids of
        offers; `is_refused` is set where some are in reach, none of which they may use.
        """
        told, points = self.groups[group], self.points
        people = points.people[:, points.groups.index(group)]
        near = self.distances(offers, told.reach_m).astype(bool)
        names, area = np.unique(points.area, return_inverse=True)
        ids = np.array([each.id for each in offers], dtype=object)
        found: list[Demand] = []
        for band in self._bands(offers, told):
            signatures, number = _signatures(near, band.allowed)
            bundle = area * len(signatures) + number
            sums = np.bincount(bundle, people * band.share, len(names) * len(signatures))
            for at in np.flatnonzero(sums).tolist():
                allowed, is_refused = signatures[at % len(signatures)]
                reach = frozenset(ids[list(allowed)].tolist())
                name = str(names[at // len(signatures)])
                found.append(Demand(group, name, float(sums[at]), reach, is_refused))
        return found

    def _bands(self, offers: Sequence[OfferPoint], group: Group) -> list[Band]:
        told = [conditions_of(each.conditions) for each in offers]
        return bands(told, group, self.inhabitants.ages)


Signature = tuple[tuple[int, ...], bool]
"""The offers that are in reach and may be used, and whether there are only others."""


def _signatures(
    near: csr_array, allowed: NDArray[np.bool_]
) -> tuple[list[Signature], NDArray[np.int64]]:
    """Return the different signatures of the points, and the number of each point's."""
    usable = csr_array(near @ _diagonal(allowed))
    usable.sort_indices()
    is_near = np.diff(near.indptr) > 0
    numbers: dict[tuple[bytes, bool], int] = {}
    signatures: list[Signature] = []
    found = np.zeros(near.shape[0], np.int64)
    for point in range(near.shape[0]):
        reached = usable.indices[usable.indptr[point] : usable.indptr[point + 1]]
        is_refused = bool(is_near[point]) and not len(reached)
        key = (reached.tobytes(), is_refused)
        if key not in numbers:
            numbers[key] = len(signatures)
            signatures.append((tuple(reached.tolist()), is_refused))
        found[point] = numbers[key]
    return signatures, found


def _diagonal(is_kept: NDArray[np.bool_]) -> csr_array:
    """Return the matrix that keeps some columns and empties the others."""
    kept = np.flatnonzero(is_kept)
    size = len(is_kept)
    return csr_array((np.ones(len(kept), bool), (kept, kept)), shape=(size, size))


def _walks(city: City, points: NDArray[np.float64]) -> tuple[Walks, Source]:
    """Return walks along the imported streets, else the bundled ones, and who drew them."""
    imported = load_street_network(city.folder)
    if imported is not None and len(imported):
        lines = lines_of(to_metric(imported).geometry)
        return Walks(lines, points, is_whole=True), _source("walking network", imported)
    base = load_layer(city.basemap_streets, None)
    frames = [base, load_layer(city.streets)]
    lines = [line for frame in frames for line in lines_of(to_metric(frame).geometry)]
    return Walks(lines, points, is_whole=False), _source("streets with gaps", base)


def _source(name: str, frame: gpd.GeoDataFrame) -> Source:
    if not len(frame):
        return Source(name, "none", "", "", None, is_synthetic=False)
    row = frame.iloc[0]
    told = (str(row["source"]), str(row["licence"]), str(row["vintage"]))
    return Source(name, *told, float(frame["precision_m"].max()), bool(frame["synthetic"].any()))
