"""
Where something new might stand: along the fronts of streets, and in houses that are there.

A front is the edge of a street's corridor: its middle line with half its width on both sides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.crs import METRIC
from geodata.layers import require_crs
from geodata.placing import area_of

STEP_M = 25.0
"""Along a street: about as long as a stretch of the ledger."""

APART_M = 15.0
"""Candidates nearer to each other than this are one: where streets meet."""

WIDTH_M = 8.0
"""Of a street whose width nobody says: a guess for old towns."""

LEAST_PRECISE_M = 100.0
"""A place that is known less precisely is no candidate: walks are a few hundred metres."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    A point where something new might stand, EPSG:3812, in metres.

    `id` is that of the house, or a number of its own; `name` is that of its street or house, empty
    where it has none; `area` the id of the area it lies in.
    """

    id: str
    name: str
    area: str
    x_m: float
    y_m: float
    precision_m: float
    is_synthetic: bool


def front_candidates(
    streets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, step_m: float = STEP_M
) -> tuple[Candidate, ...]:
    """
    Return points along the fronts of streets, a step apart, alternately on both sides.

    Parameters
    ----------
    streets
        Lines in EPSG:3812, others are left out; `name` and `width_m` where they are known, and
        the columns of the honesty contract.
    areas
        The city's, in EPSG:3812: `id`. What lies outside of them all is no candidate.
    step_m
        In metres, over 0.

    Raises
    ------
    DataError
        In another CRS.
    """
    require_crs(streets, METRIC, "streets")
    fronts = (
        (str(name), point, float(precision_m), bool(is_synthetic))
        for name, shape, width_m, precision_m, is_synthetic in _rows(streets)
        if precision_m <= LEAST_PRECISE_M
        for point in _fronts(shape, width_m, step_m)
    )
    found = [(f"front-{nth:05}", *front) for nth, front in enumerate(fronts, 1)]
    return _inside(found, areas)


def place_candidates(places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> tuple[Candidate, ...]:
    """
    Return houses where something might be offered, such as those where target groups meet.

    Those without a place, those known to more than `LEAST_PRECISE_M` and those with `public`
    false are none; of those at one door the first counts. `places` has `id` and `name`; the rest
    is as for `front_candidates`.
    """
    require_crs(places, METRIC, "places")
    found = [
        (
            str(row["id"]),
            str(row["name"]),
            row["geometry"],
            float(row["precision_m"]),
            bool(row["synthetic"]),
        )
        for row in places.to_dict("records")
        if _is_usable(row)
    ]
    return _inside(found, areas)


_Found = tuple[str, str, shapely.Point, float, bool]


def _is_usable(row: dict[str, object]) -> bool:
    shape, precision_m = row["geometry"], row["precision_m"]
    is_placed = isinstance(shape, BaseGeometry) and not shape.is_empty
    is_precise = isinstance(precision_m, (int, float)) and precision_m <= LEAST_PRECISE_M
    return is_placed and is_precise and row.get("public", True) is not False


def _rows(
    streets: gpd.GeoDataFrame,
) -> Iterable[tuple[str, BaseGeometry, float, float, bool]]:
    count = len(streets)
    names = streets["name"].fillna("") if "name" in streets else [""] * count
    widths = streets["width_m"].fillna(WIDTH_M) if "width_m" in streets else [WIDTH_M] * count
    told = (streets["precision_m"].fillna(np.inf), streets["synthetic"])
    return zip(names, streets.geometry, widths, *told, strict=True)


def _fronts(shape: BaseGeometry | None, width_m: float, step_m: float) -> list[shapely.Point]:
    if shape is None or shape.geom_type not in {"LineString", "MultiLineString"}:
        return []
    joined = shapely.line_merge(shape) if shape.geom_type == "MultiLineString" else shape
    return [
        point
        for line in shapely.get_parts(joined)
        if line.length > 0
        for point in _along(line, width_m / 2, step_m)
    ]


def _along(line: BaseGeometry, off_m: float, step_m: float) -> list[shapely.Point]:
    count = max(1, round(line.length / step_m))
    at_m = (np.arange(count) + 0.5) * (line.length / count)
    ahead, behind = (
        shapely.get_coordinates(
            shapely.line_interpolate_point(line, np.clip(at_m + by_m, 0, line.length))
        )
        for by_m in (0.5, -0.5)
    )
    along = ahead - behind
    length = np.maximum(np.hypot(*along.T), 1e-9)
    left = np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
    side = np.where(np.arange(count) % 2, -off_m, off_m)[:, None]
    middle = shapely.get_coordinates(shapely.line_interpolate_point(line, at_m))
    return list(shapely.points(middle + side * left))


def _inside(found: Sequence[_Found], areas: gpd.GeoDataFrame) -> tuple[Candidate, ...]:
    kept = [found[nth] for nth in _apart([each[2] for each in found])]
    points = gpd.GeoDataFrame(geometry=[each[2] for each in kept], crs=METRIC)
    return tuple(
        Candidate(key, name, area, point.x, point.y, precision_m, is_synthetic)
        for (key, name, point, precision_m, is_synthetic), area in zip(
            kept, area_of(points, areas), strict=True
        )
        if area is not None
    )


def _apart(points: Sequence[shapely.Point]) -> list[int]:
    """Return which points to keep, in order: none within `APART_M` of one before it."""
    if not points:
        return []
    tree = shapely.STRtree(points)
    pairs = tree.query(np.asarray(points), predicate="dwithin", distance=APART_M).T
    near: dict[int, list[int]] = {}
    for one, other in pairs.tolist():
        near.setdefault(one, []).append(other)
    kept: set[int] = set()
    for nth in range(len(points)):
        if kept.isdisjoint(near.get(nth, ())):
            kept.add(nth)
    return sorted(kept)
