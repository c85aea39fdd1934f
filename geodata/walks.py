"""
How far it is on foot between people and offers, and how that was measured.

Along the network where both ends lie near a street and streets join them. Elsewhere the straight
line, made longer by what streets usually add; a network with known gaps never makes a way longer
than that. Which of the two it was is kept for each way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from shapely.geometry.base import BaseGeometry

from geodata.walking import Method, Metres, Places, WalkingNetwork, straight_m

DETOUR = 1.3
"""
How much longer a walk is than the straight line, where no street says it: an estimate.

For a grid of streets it lies between 1 and 1.41, 1.27 (4/π) on average over all directions.
"""

NEAR_M = 100.0
"""Who lives farther than this from every street of a network with gaps lives at another one."""

_ROWS = 64
"""Offers at a time: ways to all nodes are held for so many."""

_LEAST_M = 0.01
"""A centimetre: in a sparse table, no distance at all would mean that there is no way."""


@dataclass(frozen=True, slots=True)
class Ways:
    """
    Ways between offers and points that are no longer than a limit.

    `metres` is (offers, points), sparse: what is not in it is farther. A way of no length is a
    centimetre. `by_network` has the same shape and entries: 1 where streets were followed.
    """

    metres: csr_array
    by_network: csr_array

    @property
    def method(self) -> Method:
        """Return how they were measured: as a walk only if every one of them was."""
        if self.by_network.data.size and not self.by_network.data.all():
            return Method.STRAIGHT
        return Method.NETWORK

    @property
    def network_share(self) -> float | None:
        """Return the share of the ways for which streets were followed; None without any."""
        return float(self.by_network.data.mean()) if self.by_network.data.size else None


class Walks:
    """
    Measures walks to the points of a city.

    Parameters
    ----------
    lines
        Streets and paths, metric.
    points
        (n, 2) metres: where the people are.
    is_whole
        Whether the lines are all of the city's streets. Where they are not, whoever is near
        none of them lives at one that is missing.
    """

    def __init__(self, lines: Iterable[BaseGeometry], points: Metres, *, is_whole: bool) -> None:
        self._network = WalkingNetwork(lines)
        self._points = np.asarray(points, float).reshape(-1, 2)
        self.is_whole = is_whole

    @property
    def method(self) -> Method:
        """Return how walks in this city are measured; a network with gaps is no network."""
        return Method.NETWORK if self.is_whole and len(self._network.edges) else Method.STRAIGHT

    def ways(self, origins: Metres, limit_m: float) -> Ways:
        """Return the ways from offers (m, 2) to the points that are no longer than a limit."""
        return self._ways(origins, self._places, limit_m)

    def between(self, origins: Metres, targets: Metres, limit_m: float) -> Ways:
        """Return the ways from offers (m, 2) to other points (n, 2), measured alike."""
        return self._ways(origins, self._on_streets(np.asarray(targets, float)), limit_m)

    def _ways(self, origins: Metres, targets: Places, limit_m: float) -> Ways:
        at = np.asarray(origins, float).reshape(-1, 2)
        chunks = [*self._chunks(at, targets, limit_m)]
        if not chunks:
            nothing = csr_array((0, len(targets.at)))
            return Ways(nothing, nothing.copy())
        metres, by_network = zip(*chunks, strict=True)
        return Ways(csr_array(vstack(metres)), csr_array(vstack(by_network)))

    def _chunks(
        self, at: Metres, targets: Places, limit_m: float
    ) -> Iterator[tuple[csr_array, csr_array]]:
        for start in range(0, len(at), _ROWS):
            metres, is_walked = self._dense(at[start : start + _ROWS], targets, limit_m)
            row, column = np.nonzero(np.isfinite(metres))
            shape = metres.shape
            yield (
                csr_array((np.maximum(metres[row, column], _LEAST_M), (row, column)), shape=shape),
                csr_array((is_walked[row, column].astype(float), (row, column)), shape=shape),
            )

    def _dense(
        self, at: Metres, targets: Places, limit_m: float
    ) -> tuple[Metres, NDArray[np.bool_]]:
        """Return the shortest way of each pair, and whether it goes along streets."""
        origins = self._on_streets(at)
        walked = self._network.distances_m(origins, targets, limit_m)
        guessed = straight_m(at, targets.at, limit_m / DETOUR) * DETOUR
        if self.is_whole:
            is_placed = np.outer(origins.edge >= 0, targets.edge >= 0)
            guessed = np.where(is_placed, np.inf, guessed)
        return np.minimum(walked, guessed), walked <= guessed

    @cached_property
    def _places(self) -> Places:
        return self._on_streets(self._points)

    def _on_streets(self, at: Metres) -> Places:
        found = self._network.place(at)
        if self.is_whole:
            return found
        edge = np.where(found.off_m <= NEAR_M, found.edge, -1)
        return Places(found.at, edge, found.along_m, found.off_m)


def lines_of(shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """Return lines as they are and the edges of areas: one walks around a square too."""
    return [
        shapely.boundary(each) if each.geom_type.endswith("Polygon") else each
        for each in shapes
        if each is not None
    ]
