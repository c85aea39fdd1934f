"""
Where the people are whom the offers should reach: points with a number of people of each group.

Counts are known for areas, people live at points. Without addresses an area is filled with a
regular grid: the result keeps the counts of every area, and knows nothing within it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.crs import METRIC
from geodata.errors import DataError, Finding, shown
from geodata.layers import require_crs

SMALLEST_SHOWN = 10
"""Fewer people than this are never told, nor is what would give them away."""


@dataclass(frozen=True, slots=True)
class DemandPoints:
    """
    Points in metres and the people there.

    `at` is (n, 2); `area` names the area of each; `people` is (n, groups), a column per name
    in `groups`. `is_synthetic` where they were placed by a grid and not by addresses.
    """

    at: NDArray[np.float64]
    area: NDArray[np.str_]
    groups: tuple[str, ...]
    people: NDArray[np.float64]
    is_synthetic: bool


def grid_points(areas: gpd.GeoDataFrame, step_m: float) -> gpd.GeoDataFrame:
    """
    Return points on a regular grid within areas, at least one in each.

    Parameters
    ----------
    areas
        Polygons with a column `id`, in EPSG:3812; where they overlap, the first one counts.
    step_m
        Between two points; over 0.

    Returns
    -------
    One row a point, in the order of the areas: `area` and the geometry.

    Raises
    ------
    DataError
        For another CRS.
    ValueError
        For a step that is not over 0.
    """
    require_crs(areas, METRIC, "areas")
    if not step_m > 0:
        raise ValueError(f"step_m: expected more than 0, found {step_m}")
    placed = areas[areas.geometry.notna() & ~areas.geometry.is_empty]
    taken: set[tuple[float, float]] = set()
    rows: list[tuple[str, shapely.Point]] = []
    for name, area in zip(placed["id"], placed.geometry, strict=True):
        inside = [each for each in _on_grid(area, step_m) if each not in taken]
        taken.update(inside)
        points = shapely.points(inside) if inside else [area.representative_point()]
        rows += [(str(name), point) for point in points]
    names, points = zip(*rows, strict=True) if rows else ((), ())
    return gpd.GeoDataFrame({"area": list(names)}, geometry=list(points), crs=METRIC)


def spread(
    points: gpd.GeoDataFrame,
    counts: Mapping[str, Mapping[str, float]],
    *,
    homes: NDArray[np.float64] | None = None,
) -> DemandPoints:
    """
    Divide the people of each area among its points; every area keeps its count.

    Parameters
    ----------
    points
        With a column `area`, in EPSG:3812.
    counts
        People by group and area; an area that is not named has none.
    homes
        (n,) how much of its area lives at each point, such as dwellings; without it all are
        alike and the result is synthetic. An area without homes is divided evenly.

    Raises
    ------
    DataError
        For another CRS, people in an area without points, and counts below 0: all at once.
    """
    require_crs(points, METRIC, "points")
    area = points["area"].to_numpy(str)
    if problems := [*_problems(counts, set(area))]:
        raise DataError(problems)
    share = _shares(area, homes)
    groups = tuple(counts)
    people = np.array(
        [[counts[group].get(name, 0.0) for group in groups] for name in area.tolist()]
    ).reshape(len(area), len(groups))
    at = shapely.get_coordinates(points.geometry.to_numpy())
    return DemandPoints(at, area, groups, people * share[:, None], is_synthetic=homes is None)


def suppressed(counts: pd.DataFrame) -> pd.DataFrame:
    """
    Return counts as they may be told: small ones are missing, and so is what gives them away.

    Rows are areas and columns groups, of people. What `all` less a group would tell of the few
    others is as small. What a column's total would tell of those missing in it is hidden by
    leaving out the next smallest too, as long as there is one: never one area or few people.
    """
    people = counts.astype(float)
    told = people.where(~_is_small(people))
    if "all" in people:
        others = people.drop(columns="all").rsub(people["all"], axis=0)
        told = told.where(~_is_small(others).reindex(columns=people.columns, fill_value=False))
    for group in told.columns:
        while _gives_away(told[group], people[group]):
            told.loc[told[group][told[group] > 0].idxmin(), group] = math.nan
    return told


def _is_small(people: pd.DataFrame) -> pd.DataFrame:
    return (people > 0) & (people < SMALLEST_SHOWN)


def _gives_away(told: "pd.Series[float]", people: "pd.Series[float]") -> bool:
    """Tell whether a total would say something of few, and something is left to hide it behind."""
    missing = people[told.isna() & (people > 0)]  # behind nobody, nobody hides
    is_known = len(missing) == 1 or 0 < missing.sum() < SMALLEST_SHOWN
    return bool(is_known and (told > 0).any())


def _on_grid(area: shapely.Geometry, step_m: float) -> list[tuple[float, float]]:
    west, south, east, north = (math.floor(edge / step_m) for edge in area.bounds)
    x, y = np.meshgrid(
        (np.arange(west, east + 2) + 0.5) * step_m, (np.arange(south, north + 2) + 0.5) * step_m
    )
    shapely.prepare(area)
    inside = shapely.contains_xy(area, x, y)
    return list(zip(x[inside].tolist(), y[inside].tolist(), strict=True))


def _shares(area: NDArray[np.str_], homes: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Return which share of its area's people each point has; they add up to 1 an area."""
    _, number = np.unique(area, return_inverse=True)
    weights = np.ones(len(area)) if homes is None else np.asarray(homes, float)
    totals = np.bincount(number, weights)
    is_empty = (totals == 0)[number] if len(number) else np.zeros(0, bool)
    weights = np.where(is_empty, 1.0, weights)
    totals = np.bincount(number, weights)
    shares: NDArray[np.float64] = weights / totals[number]
    return shares


def _problems(counts: Mapping[str, Mapping[str, float]], areas: set[str]) -> list[Finding]:
    found = []
    for group, by_area in counts.items():
        for area, people in by_area.items():
            if not (math.isfinite(people) and people >= 0):
                found.append(Finding("counts", area, group, "people, 0 or more", shown(people)))
            elif people and area not in areas:
                found.append(Finding("counts", area, group, "an area with points", shown(area)))
    return found
