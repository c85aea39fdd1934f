"""What a radio map stands on, whatever access points there are: streets, squares and walls."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geodata.errors import DataError, Finding
from geodata.grid import Grid, Mask, grid_over
from geodata.layers import to_metric
from geodata.obstacles import Obstacles, from_buildings, from_corridors
from geodata.samples import Samples, samples_of
from geodata.stretches import Stretch, corridor, cut
from netmon.analysis.street_figures import Streets

MARGIN_M = 50.0
"""How much of the surroundings a map shows."""

_BEYOND_M = 300.0
"""Farther houses stand behind every access point that is near enough to be heard."""


@dataclass(frozen=True, slots=True)
class Ground:
    """
    What does not change with the access points; metric coordinates.

    `precision_m` is the worst of streets and houses; `is_synthetic`: any of them is invented.
    """

    stretches: tuple[Stretch, ...]
    streets: Streets
    grid: Grid
    outdoors: Mask
    obstacles: Obstacles
    samples: Samples
    precision_m: float
    is_synthetic: bool


def ground_of(
    streets: gpd.GeoDataFrame, footprints: gpd.GeoDataFrame | None, cell_m: float
) -> Ground:
    """
    Return the ground of a city.

    Parameters
    ----------
    streets, footprints
        As `netmon.analysis.radio.RadioMap` takes them.
    cell_m
        Side of the squares.

    Raises
    ------
    DataError
        If there is no street, or one that cannot be cut.
    """
    if streets.empty:
        raise DataError([Finding("streets", "", "features", "a Wi-Fi street", "none")])
    metric = to_metric(streets)
    stretches = cut(metric)
    surfaces = [
        corridor(str(row.id), row.geometry, getattr(row, "width_m", None))
        for row in metric.itertuples()
    ]
    west, south, east, north = np.array([each.bounds for each in surfaces]).T
    bounds = (west.min(), south.min(), east.max(), north.max())
    grid = grid_over(_wider(bounds, MARGIN_M), cell_m)
    if footprints is None:
        obstacles = from_corridors(surfaces)
    else:
        obstacles = from_buildings(to_metric(footprints), _wider(bounds, _BEYOND_M))
    frames = [metric] if footprints is None else [metric, footprints]
    return Ground(
        stretches,
        Streets.of(metric, stretches),
        grid,
        ~grid.within(obstacles.closed),
        obstacles,
        samples_of(stretches, grid, obstacles.closed),
        max(float(frame["precision_m"].max()) for frame in frames),
        any(bool(frame["synthetic"].any()) for frame in frames),
    )


def _wider(bounds: tuple[float, ...], by_m: float) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return west - by_m, south - by_m, east + by_m, north + by_m
