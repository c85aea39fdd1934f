"""
Wi-Fi streets cut into stretches, squares into fields: what coverage and access are told of.

A stretch is about as long as access points stand apart, so one that fails is seen, and short
beside what people walk.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geodata.crs import METRIC
from geodata.errors import DataError, Finding, shown
from geodata.layers import require_crs

LENGTH_M = 25.0

LEAST_PART = 0.2
"""A field smaller than this part of a whole one is joined to its neighbour."""

_ROUND = 16
_WIDER = 1.01
"""Circles are drawn with corners: a little more holds every corner of another drawing."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    Part of a Wi-Fi street or square; all in metres, EPSG:3812.

    `id` is `street:number`, numbered from the beginning of the line, or row by row from the
    south-west. `at` lies within `area`; the areas of a street share no surface. `length_m` is
    that of the middle line `line`; 0 and None for the field of a square.
    """

    id: str
    street_id: str
    at: tuple[float, float]
    area: BaseGeometry
    length_m: float
    line: BaseGeometry | None = None


def cut(streets: gpd.GeoDataFrame, length_m: float = LENGTH_M) -> tuple[Stretch, ...]:
    """
    Return the stretches of all streets, in their order.

    Lines are cut into equal parts as near to `length_m` as they go, areas into the squares of a
    grid from their south-west corner. Nothing is lost: lengths and areas add up to the whole.

    Parameters
    ----------
    streets
        The layer of Wi-Fi streets in EPSG:3812: `id` and, for lines, `width_m`.
    length_m
        Metres, over 0.

    Raises
    ------
    DataError
        In another CRS, or where a line has no width or a shape is neither line nor area.
    """
    require_crs(streets, METRIC, "streets")
    return tuple(
        stretch
        for row in streets.itertuples()
        for stretch in _cut(str(row.id), row.geometry, getattr(row, "width_m", None), length_m)
    )


def corridor(street_id: str, shape: BaseGeometry, width_m: object) -> BaseGeometry:
    """
    Return the surface of a street: a line with half its width on both sides, flat at its ends.

    Raises
    ------
    DataError
        As `cut`.
    """
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    return _widened(shape, _width_m(street_id, shape, width_m), cap_style="flat")


def _cut(
    street_id: str, shape: BaseGeometry, width_m: object, length_m: float
) -> Iterator[Stretch]:
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        for number, field in enumerate(_fields(shape, length_m), 1):
            yield Stretch(_id(street_id, number), street_id, _inside(field), field, 0.0)
        return
    wide_m = _width_m(street_id, shape, width_m)
    lines = list(_lines(shape, length_m))
    areas = _along(shape, lines, wide_m)
    for number, (line, area) in enumerate(zip(lines, areas, strict=True), 1):
        at = line.interpolate(0.5, normalized=True)
        here = (at.x, at.y) if area.covers(at) else _inside(area)
        yield Stretch(_id(street_id, number), street_id, here, area, line.length, line)


def _id(street_id: str, number: int) -> str:
    return f"{street_id}:{number:02}"


def _width_m(street_id: str, shape: BaseGeometry, width_m: object) -> float:
    if shape.geom_type not in {"LineString", "MultiLineString"}:
        found = shape.geom_type
        raise DataError([Finding("streets", street_id, "geometry", "lines or areas", found)])
    if not isinstance(width_m, (int, float)) or not 0 < width_m < math.inf:
        expected = "metres over 0 for a line"
        raise DataError([Finding("streets", street_id, "width_m", expected, shown(width_m))])
    return float(width_m)


def _inside(area: BaseGeometry) -> tuple[float, float]:
    middle = area.centroid if area.covers(area.centroid) else area.representative_point()
    return (middle.x, middle.y)


def _lines(shape: BaseGeometry, length_m: float) -> Iterator[BaseGeometry]:
    """Yield equal parts of each line, those that touch joined first."""
    joined = shapely.line_merge(shape) if shape.geom_type == "MultiLineString" else shape
    for part in shapely.get_parts(joined):
        count = max(1, round(part.length / length_m))
        for number in range(count):
            yield substring(part, number / count, (number + 1) / count, normalized=True)


def _along(shape: BaseGeometry, lines: Sequence[BaseGeometry], wide_m: float) -> list[BaseGeometry]:
    """
    Return the part of the corridor that belongs to each line; together they are all of it.

    What two could have, as where a street bends, belongs to the first; the outside of a bend
    is beside neither, and falls to the nearest.
    """
    left = _widened(shape, wide_m, cap_style="flat")
    areas = []
    for line in lines:
        beside = _widened(line, wide_m, cap_style="flat")
        areas.append(_surface(left & beside))
        left = _surface(left - beside)
    for number, line in enumerate(lines):
        around = _widened(line, wide_m * _WIDER, cap_style="round")
        areas[number] = _surface(areas[number] | (left & around))
        left = _surface(left - around)
    return areas


def _fields(area: BaseGeometry, side_m: float) -> list[BaseGeometry]:
    """Return an area cut along a grid, row by row; slivers are joined to a neighbour."""
    west, south, east, north = area.bounds
    rows, columns = math.ceil((north - south) / side_m), math.ceil((east - west) / side_m)
    squares = (
        shapely.box(west + column * side_m, south + row * side_m, *corner)
        for row in range(rows)
        for column in range(columns)
        for corner in [(west + (column + 1) * side_m, south + (row + 1) * side_m)]
    )
    cut_out = (_surface(area & square) for square in squares)
    return _joined([each for each in cut_out if each.area > 0], LEAST_PART * side_m**2)


def _joined(fields: list[BaseGeometry], least_m2: float) -> list[BaseGeometry]:
    """Join what is too small to the field with which it has the longest border."""
    while len(fields) > 1 and min(each.area for each in fields) < least_m2:
        small = min(range(len(fields)), key=lambda nth: fields[nth].area)
        sliver = fields.pop(small)
        borders = [each.boundary.intersection(sliver.boundary).length for each in fields]
        # Parts of a square that do not touch: the nearest then.
        near = [-each.distance(sliver) for each in fields]
        best = max(range(len(fields)), key=lambda nth: (borders[nth], near[nth]))
        fields[best] = _surface(fields[best] | sliver)
    return fields


def _widened(shape: BaseGeometry, wide_m: float, *, cap_style: str) -> BaseGeometry:
    return shapely.buffer(shape, wide_m / 2, quad_segs=_ROUND, cap_style=cap_style)


def _surface(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of what an overlay gave: borders have no surface."""
    parts = [each for each in shapely.get_parts(shape) if each.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
