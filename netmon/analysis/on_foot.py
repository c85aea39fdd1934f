"""How far it is from one place to others: on foot where streets are known, else straight."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
from pyproj import Transformer

from geodata.city import City
from geodata.crs import EXCHANGE, METRIC
from geodata.imported import load_street_network
from geodata.layers import load_layer
from geodata.walking import Method, WalkingNetwork, straight_m
from geodata.walks import DETOUR, lines_of

FARTHEST_M = 5000.0
"""Nobody is sent farther than an hour on foot."""

Point = tuple[float, float]
"""Longitude and latitude, EPSG:4326."""

_TO_METRIC = Transformer.from_crs(EXCHANGE, METRIC, always_xy=True)


@dataclass(frozen=True, slots=True)
class Way:
    """
    From one place to another, in metres; `method` says whether along streets or straight.

    A straight line is shorter than any walk, so ways are compared by `effort_m`.
    """

    distance_m: float
    method: Method

    @property
    def effort_m(self) -> float:
        """Return how long a walk it is likely to be."""
        return self.distance_m * (DETOUR if self.method is Method.STRAIGHT else 1.0)


class OnFoot:
    """
    Measures ways in a city.

    Parameters
    ----------
    streets
        Lines that may be walked, any CRS; None where none are known.
    is_whole
        Whether no street is missing. Where some are, a way that is much longer than the straight
        line only shows the gap.
    """

    def __init__(self, streets: gpd.GeoDataFrame | None, *, is_whole: bool) -> None:
        lines = [] if streets is None else lines_of(streets.to_crs(METRIC).geometry)
        self._network, self._is_whole = WalkingNetwork(lines), is_whole

    @classmethod
    def in_city(cls, folder: Path) -> "OnFoot":
        """
        Return the ways of a city: along the imported network, else along the streets of its map.

        Raises
        ------
        DataError
            If a layer cannot be read.
        """
        imported = load_street_network(folder)
        if imported is not None:
            return cls(imported, is_whole=True)
        return cls(load_layer(City.open(folder).basemap_streets, key=None), is_whole=False)

    def ways(self, origin: Point, targets: Sequence[Point]) -> tuple[Way | None, ...]:
        """Return the way to each target, None where it is farther than `FARTHEST_M`."""
        at = np.column_stack(_TO_METRIC.transform(*np.array([origin, *targets], float).T))
        direct_m = straight_m(at[:1], at[1:], FARTHEST_M)[0]
        here, there = self._network.place(at[:1]), self._network.place(at[1:])
        walked_m = self._network.distances_m(here, there, FARTHEST_M)[0]
        return tuple(map(self._way, walked_m, direct_m))

    def _way(self, walked_m: float, direct_m: float) -> Way | None:
        # Past what streets usually add, a way round only shows that some are missing.
        limit_m = np.inf if self._is_whole else direct_m * DETOUR
        if np.isfinite(walked_m) and walked_m <= max(limit_m, 1.0):
            return Way(float(walked_m), Method.NETWORK)
        return Way(float(direct_m), Method.STRAIGHT) if np.isfinite(direct_m) else None
