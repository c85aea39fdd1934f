"""
How far it is on foot: along streets and paths, from the places to the people.

Lines meet where they share a vertex, as OpenStreetMap draws them: one that crosses another
without one goes over or under it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

DECIMALS = 1
"""Vertices closer than a decimetre are one: sources write as many digits as that."""

FARTHEST_OFF_M = 250.0
"""Who lives farther than this from every known street is reached by none of them."""

Metres = NDArray[np.float64]


class Method(StrEnum):
    """How a distance was measured; a straight line is never told as a walk."""

    NETWORK = "network"
    STRAIGHT = "straight"


@dataclass(frozen=True, slots=True)
class Places:
    """
    Points on the network: each on an edge, `along_m` from its first node, `off_m` beside it.

    `edge` is -1 where no street is near enough. `at` is (n, 2), the points themselves.
    """

    at: Metres
    edge: NDArray[np.int64]
    along_m: Metres
    off_m: Metres


class WalkingNetwork:
    """
    Streets and paths as a graph; every vertex is a node.

    `nodes` is (n, 2) in metres, `edges` (m, 2) the nodes at both ends of each straight piece.

    Parameters
    ----------
    lines
        LineStrings and MultiLineStrings in a metric CRS; others are left out, empty ones too.
    """

    def __init__(self, lines: Iterable[BaseGeometry]) -> None:
        ends, self._lengths_m = _segments(lines)
        vertices = ends.reshape(-1, 2)
        self.nodes, index = np.unique(vertices, axis=0, return_inverse=True)
        self.edges = index.reshape(-1, 2)
        self._tree = shapely.STRtree(shapely.linestrings(ends))

    @property
    def length_m(self) -> float:
        """Return the length of all streets together."""
        return float(self._lengths_m.sum())

    def place(self, points: Metres) -> Places:
        """Return where points (n, 2) lie on the network."""
        points = np.asarray(points, float).reshape(-1, 2)
        if not len(self.edges) or not len(points):
            nowhere = np.full(len(points), np.inf)
            return Places(points, np.full(len(points), -1), np.zeros(len(points)), nowhere)
        shapes = shapely.points(points)
        edge = self._tree.nearest(shapes)
        streets = self._tree.geometries.take(edge)
        off_m = shapely.distance(streets, shapes)
        along_m = shapely.line_locate_point(streets, shapes)
        return Places(points, np.where(off_m <= FARTHEST_OFF_M, edge, -1), along_m, off_m)

    def distances_m(self, origins: Places, targets: Places, limit_m: float) -> Metres:
        """
        Return how far each target is from each origin on foot.

        Parameters
        ----------
        origins, targets
            What `place` returned; the way from the door to the street is walked too.
        limit_m
            What is farther is not looked for.

        Returns
        -------
        (origins, targets) in metres; infinite where it is farther than the limit, or where no
        street leads.
        """
        to_nodes = self._to_nodes(origins, limit_m)
        known = targets.edge >= 0
        found = np.full((len(origins.edge), len(targets.edge)), np.inf)
        edge, along_m = targets.edge[known], targets.along_m[known]
        first, second = self.edges[edge].T
        by_first = to_nodes[:, first] + along_m
        by_second = to_nodes[:, second] + self._lengths_m[edge] - along_m
        walked = np.minimum(by_first, by_second)
        self._shorten_on_one_edge(walked, origins, edge, along_m)
        found[:, known] = walked + targets.off_m[known]
        return np.where(found <= limit_m, found, np.inf)

    def _to_nodes(self, origins: Places, limit_m: float) -> Metres:
        """Return (origins, nodes): from each origin to each node, way to the street included."""
        count, known = len(self.nodes), np.flatnonzero(origins.edge >= 0)
        found = np.full((len(origins.edge), count), np.inf)
        if not known.size:
            return found
        edge, along_m = origins.edge[known], origins.along_m[known]
        starts = count + np.arange(known.size)
        one, other = self.edges.T
        first, second = self.edges[edge].T
        lengths_m = self._lengths_m
        rows = np.concatenate([one, other, starts, starts])
        columns = np.concatenate([other, one, first, second])
        ways_m = np.concatenate([lengths_m, lengths_m, along_m, lengths_m[edge] - along_m])
        size = count + known.size
        # Who starts leaves by one-way edges: nobody walks through somebody's door.
        graph = _shortest(rows, columns, ways_m, size)
        on_street = dijkstra(graph, indices=starts, limit=limit_m)[:, :count]
        found[known] = on_street + origins.off_m[known, None]
        return found

    def _shorten_on_one_edge(
        self, walked: Metres, origins: Places, edge: NDArray[np.int64], along_m: Metres
    ) -> None:
        for row in np.flatnonzero(origins.edge >= 0):
            same = np.flatnonzero(edge == origins.edge[row])
            direct = np.abs(along_m[same] - origins.along_m[row]) + origins.off_m[row]
            walked[row, same] = np.minimum(walked[row, same], direct)


def straight_m(origins: Metres, targets: Metres, limit_m: float) -> Metres:
    """Return straight distances (origins, targets) in metres, infinite beyond the limit."""
    apart = np.asarray(origins, float)[:, None, :] - np.asarray(targets, float)[None, :, :]
    found = np.hypot(apart[..., 0], apart[..., 1])
    return np.where(found <= limit_m, found, np.inf)


def _segments(lines: Iterable[BaseGeometry]) -> tuple[Metres, Metres]:
    """Return the ends (n, 2, 2) of all straight pieces, and their lengths."""
    parts = shapely.get_parts(np.asarray(list(lines), dtype=object))
    streets = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    vertices, line = shapely.get_coordinates(streets, return_index=True)
    vertices = np.round(vertices, DECIMALS)
    is_joined = line[1:] == line[:-1]
    ends = np.stack([vertices[:-1], vertices[1:]], 1)[is_joined]
    lengths_m = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    return ends[lengths_m > 0], lengths_m[lengths_m > 0]


def _shortest(
    rows: NDArray[np.int64], columns: NDArray[np.int64], ways_m: Metres, size: int
) -> csr_array:
    """Return the graph with the shortest of parallel ways; a way of no length still is one."""
    order = np.lexsort((ways_m, columns, rows))
    rows, columns, ways_m = rows[order], columns[order], ways_m[order]
    is_first = np.ones(len(rows), bool)
    is_first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    least = np.maximum(ways_m[is_first], np.finfo(float).tiny)
    return csr_array((least, (rows[is_first], columns[is_first])), shape=(size, size))
