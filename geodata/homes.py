"""Points where the people of areas live: at their doors where addresses are known, else a grid."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.crs import METRIC
from geodata.demand import DemandPoints, grid_points, spread
from geodata.placing import area_of

STEP_M = 100.0
"""Between two points of the grid: a point for each hectare."""


def homes(
    areas: gpd.GeoDataFrame,
    counts: Mapping[str, Mapping[str, float]],
    addresses: gpd.GeoDataFrame | None = None,
    step_m: float = STEP_M,
) -> DemandPoints:
    """
    Divide the people of each area among its dwellings; every area keeps its count.

    Parameters
    ----------
    areas
        Polygons with a column `id`, in EPSG:3812.
    counts
        People by group and area.
    addresses
        Points with `dwellings`, in EPSG:3812; None where nobody imported them. An area without
        any is filled with a grid, and then the result is synthetic.
    step_m
        Of the grid.

    Raises
    ------
    DataError
        For another CRS, people in an area that is not there, and counts below 0.
    """
    if addresses is None:
        return spread(grid_points(areas, step_m), counts)
    doors = _doors(areas, addresses)
    without = areas[~areas["id"].isin(set(doors["area"]))]
    filled = grid_points(without, step_m).assign(dwellings=1.0)
    points = gpd.GeoDataFrame(pd.concat([doors, filled], ignore_index=True), crs=METRIC)
    found = spread(points, counts, homes=points["dwellings"].to_numpy(float))
    is_guessed = found.people[len(doors) :].sum() > 0
    return replace(found, is_synthetic=bool(is_guessed))


def at_work(places: NDArray[np.float64], area: NDArray[np.str_], people: float) -> DemandPoints:
    """Divide people evenly among workplaces (n, 2); nobody where there is none."""
    each = people / len(places) if len(places) else 0.0
    return DemandPoints(places, area, ("people",), np.full((len(places), 1), each), True)  # noqa: FBT003 - nobody counted them


def together(first: DemandPoints, second: DemandPoints, group: str) -> DemandPoints:
    """Return both as one: the points of the second hold only its own group, which is new."""
    others = np.zeros((len(second.at), len(first.groups)))
    rows = np.vstack([first.people, others])
    own = np.concatenate([np.zeros(len(first.at)), second.people[:, 0]])
    return DemandPoints(
        np.vstack([first.at, second.at]),
        np.concatenate([first.area, second.area]).astype(np.str_),
        (*first.groups, group),
        np.column_stack([rows, own]),
        is_synthetic=first.is_synthetic,
    )


def _doors(areas: gpd.GeoDataFrame, addresses: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the addresses that lie in an area, with its name."""
    named = gpd.GeoDataFrame(
        {"area": area_of(addresses, areas), "dwellings": addresses["dwellings"].to_numpy(float)},
        geometry=shapely.force_2d(addresses.geometry.to_numpy()),
        crs=addresses.crs,
    )
    return named[named["area"].notna()].reset_index(drop=True)
