"""
What hides access points from people: houses, or where those are not known the edges of streets.

Access points hang on walls. No map is exact to a hand's breadth, so one that seems to hang inside
of a house is taken to hang before the nearest of its outer walls.
"""

from dataclasses import dataclass
from enum import StrEnum

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from geodata.crs import METRIC
from geodata.layers import require_crs
from geodata.sight import Walls, index_walls, millimetres

OFF_WALL_M = 0.3
"""How far before its wall an access point hangs."""

FARTHEST_MOVE_M = 25.0
"""Without houses, one this near to a street hangs in it; one farther off stands behind."""

Bounds = tuple[float, float, float, float]


class WallsOf(StrEnum):
    """What walls were made from."""

    BUILDINGS = "buildings"
    CORRIDORS = "corridors"


@dataclass(frozen=True, slots=True)
class Obstacles:
    """
    Walls ready to be asked, in metres, EPSG:3812.

    `closed` is where nobody walks and nothing is heard: the houses; empty where they are not
    known. Access points stand in `free` or, moved, on its edge `facades`; None where anything
    outside of `closed` is right.
    """

    made_from: WallsOf
    walls: Walls
    closed: BaseGeometry
    facades: BaseGeometry
    free: BaseGeometry | None = None

    def hung(self, x_m: float, y_m: float) -> tuple[float, float, bool]:
        """
        Return where an access point hangs, and whether it had to be moved there.

        Out of a house it is moved to the nearest outer wall and `OFF_WALL_M` before it. Where
        only streets are known, one near a street is moved as far into it.
        """
        here = Point(x_m, y_m)
        is_wrong = not self.free.contains(here) if self.free else self.closed.intersects(here)
        if not is_wrong or self.facades.is_empty:
            return x_m, y_m, False
        if self.free is not None and self.free.distance(here) > FARTHEST_MOVE_M:
            return x_m, y_m, False
        wall = nearest_points(self.facades, here)[0]
        return wall.x, wall.y, True


def from_buildings(footprints: gpd.GeoDataFrame, within: Bounds) -> Obstacles:
    """
    Return the walls of houses.

    Parameters
    ----------
    footprints
        Polygons in EPSG:3812; those outside of the bounds are left out.
    within
        West, south, east, north in metres: all that will be asked lies within.

    Raises
    ------
    DataError
        If the frame is in another CRS.
    """
    require_crs(footprints, METRIC, "buildings")
    near = footprints.geometry[footprints.intersects(shapely.box(*within))]
    built = shapely.union_all(near.to_numpy())
    shapely.prepare(built)
    outer = [each.exterior for each in _polygons(built.buffer(OFF_WALL_M, join_style="mitre"))]
    return Obstacles(
        WallsOf.BUILDINGS, index_walls(wall_ends(built)), built, shapely.MultiLineString(outer)
    )


def from_corridors(surfaces: list[BaseGeometry]) -> Obstacles:
    """
    Return the edges of the streets, where houses are not known.

    `surfaces` are those of all streets, which are open to each other where they meet; what
    lies beside them is behind a wall, the side streets too.
    """
    streets = shapely.union_all(surfaces)
    free = streets.buffer(-OFF_WALL_M)
    nowhere = shapely.Polygon()
    walls = index_walls(wall_ends(streets))
    return Obstacles(WallsOf.CORRIDORS, walls, nowhere, free.boundary, free)


def wall_ends(built: BaseGeometry) -> NDArray[np.int64]:
    """Return both ends of every edge of polygons: x, y, x, y in whole millimetres."""
    rings = [ring for each in _polygons(built) for ring in (each.exterior, *each.interiors)]
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    whole = millimetres(corners)
    is_wall = ring_of[1:] == ring_of[:-1]
    ends: NDArray[np.int64] = np.hstack([whole[:-1], whole[1:]])[is_wall]
    return ends


def _polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    return [each for each in shapely.get_parts(shape) if each.geom_type == "Polygon"]
