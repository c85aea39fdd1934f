"""Putting points into streets, and points into neighbourhoods. All lengths are metres."""

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.crs import METRIC
from geodata.layers import require_crs

TOLERANCE_M = 0.01
"""A centimetre: more than rounding a coordinate's sum moves it, less than any gap on a map."""


def points_in(shape: BaseGeometry, spacing_m: float) -> list[Point]:
    """
    Return points `spacing_m` apart along a line or over an area, as if mounted there.

    A line of length L gets round(L / spacing_m) points, at least one, at the centres of
    equal stretches; parts that touch are joined first. An area gets the cells of a square
    grid whose centres it holds, row by row from the south-west; a smaller area gets one
    point inside it.

    Parameters
    ----------
    shape
        LineString, MultiLineString, Polygon or MultiPolygon in a metric CRS.
    spacing_m
        More than zero.

    Raises
    ------
    ValueError
        If the spacing is not positive, or the shape is neither line nor area.
    """
    if not spacing_m > 0:
        raise ValueError(f"spacing_m must be more than 0, is {spacing_m}")
    match shape.geom_type:
        case "LineString":
            return _along(shape, spacing_m)
        case "MultiLineString":
            joined = shapely.line_merge(shape)
            return [
                point for part in shapely.get_parts(joined) for point in _along(part, spacing_m)
            ]
        case "Polygon" | "MultiPolygon":
            return _over(shape, spacing_m)
    raise ValueError(f"expected lines or areas, found {shape.geom_type}")


def _along(line: LineString, spacing_m: float) -> list[Point]:
    count = max(1, round(line.length / spacing_m))
    at = (np.arange(count) + 0.5) * (line.length / count)
    return list(shapely.line_interpolate_point(line, at))


def _over(area: Polygon, spacing_m: float) -> list[Point]:
    west, south, east, north = area.bounds
    columns, rows = (_centres(low, high, spacing_m) for low, high in ((west, east), (south, north)))
    x, y = (grid.ravel() for grid in np.meshgrid(columns, rows))
    inside = shapely.contains_xy(area, x, y)
    points = list(shapely.points(x[inside], y[inside]))
    return points or [area.representative_point()]


def _centres(low: float, high: float, spacing_m: float) -> np.ndarray:
    """Return the centres of the whole cells that fit, the remainder shared by both ends."""
    count = max(1, int((high - low) // spacing_m))
    return (low + high) / 2 + (np.arange(count) - (count - 1) / 2) * spacing_m


def area_of(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, key: str = "id") -> list[str | None]:
    """
    Return which area holds each point: every point of the city once, no other at all.

    Parameters
    ----------
    points
        Points in METRIC; a geometry may be None.
    areas
        Polygons in METRIC that tile the city, named by column `key`.

    Returns
    -------
    One name per point, in order. A point on a shared edge goes to the area that comes
    first; one between two areas by rounding only (`TOLERANCE_M`) to the nearest; None is a
    point outside them all, or one that has no place.

    Raises
    ------
    DataError
        If either frame is not in METRIC.
    """
    require_crs(points, METRIC, "points")
    require_crs(areas, METRIC, "areas")
    names = list(areas[key])
    first = _first_area(points.geometry.to_numpy(), areas.geometry.to_numpy())
    return [None if index < 0 else str(names[index]) for index in first]


def _first_area(points: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Return the smallest index of an area within the tolerance of each point; -1 is none."""
    tree = shapely.STRtree(areas)
    nobody = len(areas)
    first = np.full(len(points), nobody)
    held = tree.query(points, predicate="intersects")
    np.minimum.at(first, held[0], held[1])
    near = tree.query_nearest(points, max_distance=TOLERANCE_M)
    lost = first[near[0]] == nobody
    np.minimum.at(first, near[0][lost], near[1][lost])
    return np.where(first == nobody, -1, first)
