"""
What is asked of a coverage map about streets: the squares on their surface, and along their middle.

Far fewer than the squares of a map, so a thousand questions about months cost no more than one map.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.coverage import NOT_HEARD_DBM, Layer, Levels
from geodata.grid import Grid
from geodata.stretches import Stretch

STEP_M = 1.0
"""Between two points along the middle of a street."""

Weights = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Samples:
    """
    Places in stretches: `(n,)` each.

    `row`, `column`: their square of the grid. `stretch`: the index of their stretch, ascending
    within each kind. `area_m2` is the surface that a place stands for, `length_m` the part of the
    middle line: one of them is 0. They add up to the stretch's surface out of houses, and to
    its length.
    """

    row: Rows
    column: Rows
    stretch: Rows
    area_m2: Weights
    length_m: Weights
    stretches: int

    def by_stretch(self, weights: Weights) -> Weights:
        """Return weights of places summed up by stretch."""
        summed: Weights = np.bincount(self.stretch, weights, self.stretches).astype(np.float64)
        return summed


@dataclass(frozen=True, slots=True)
class Heard:
    """What one access point gives at each place, in dBm: as planned and at best, `(n,)`."""

    planning_dbm: Levels
    optimistic_dbm: Levels


def samples_of(stretches: Sequence[Stretch], grid: Grid, closed: BaseGeometry) -> Samples:
    """
    Return the places of stretches, which lie within the grid; `closed` is where houses stand.

    A stretch has one place at least, its middle.
    """
    surfaces = [_surface_places(each, grid, closed) for each in stretches]
    lines = [_line_places(each, grid) for each in stretches]
    found = [*enumerate(surfaces), *enumerate(lines)]
    index = np.concatenate([places for _, (places, _) in found] or [np.zeros(0, np.int64)])
    row, column = np.divmod(index, grid.shape[1])
    weights = [np.full(len(places), whole / max(len(places), 1)) for _, (places, whole) in found]
    none = [np.zeros(len(each)) for each in weights]
    half = len(stretches)
    stretch = [np.full(len(places), nth, np.int64) for nth, (places, _) in found]
    return Samples(
        row,
        column,
        np.concatenate(stretch or [np.zeros(0, np.int64)]),
        np.concatenate([*weights[:half], *none[half:], np.zeros(0)]),
        np.concatenate([*none[:half], *weights[half:], np.zeros(0)]),
        half,
    )


def heard(layer: Layer, samples: Samples) -> Heard:
    """Return what a layer gives at places."""
    row, column = samples.row - layer.rows.start, samples.column - layer.columns.start
    rows, columns = layer.sight.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    levels = []
    for source in (layer.planning_dbm, layer.optimistic_dbm):
        there = np.full(len(row), NOT_HEARD_DBM, np.float32)
        there[inside] = source[row[inside], column[inside]]
        levels.append(there)
    return Heard(*levels)


def best(of: Sequence[Heard], places: int) -> Heard:
    """Return the strongest of all at each of so many places; of none, minus infinity."""
    silent = np.full(places, NOT_HEARD_DBM, np.float32)
    planning, optimistic = silent, silent.copy()
    for each in of:
        planning = np.maximum(planning, each.planning_dbm)
        optimistic = np.maximum(optimistic, each.optimistic_dbm)
    return Heard(planning, optimistic)


def _surface_places(stretch: Stretch, grid: Grid, closed: BaseGeometry) -> tuple[Rows, float]:
    open_air = stretch.area if closed.is_empty else stretch.area.difference(closed)
    west, south, east, north = stretch.area.bounds
    radius_m = max(east - west, north - south) / 2 + grid.cell_m
    rows, columns = grid.window((west + east) / 2, (south + north) / 2, radius_m)
    xs, ys = grid.centres()
    x, y = np.meshgrid(xs[columns], ys[rows])
    row, column = np.nonzero(shapely.contains_xy(open_air, x, y))
    places = (row + rows.start) * grid.shape[1] + column + columns.start
    if not len(places):
        places, _ = grid.at(np.array([stretch.at]))
    return places, float(open_air.area)


def _line_places(stretch: Stretch, grid: Grid) -> tuple[Rows, float]:
    if stretch.line is None:
        return np.zeros(0, np.int64), 0.0
    count = max(1, round(stretch.length_m / STEP_M))
    along = (np.arange(count) + 0.5) / count
    points = shapely.line_interpolate_point(stretch.line, along, normalized=True)
    places, _ = grid.at(shapely.get_coordinates(points))
    return places, stretch.length_m
