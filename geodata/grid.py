"""A grid of squares over part of a city, and which of them lie outdoors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grid:
    """
    Squares of `cell_m`, row by row from the south-west corner (`west_m`, `south_m`).

    Metric coordinates; `shape` is (rows, columns). What is said of a square holds at its
    centre.
    """

    west_m: float
    south_m: float
    cell_m: float
    shape: tuple[int, int]

    @property
    def cell_area_m2(self) -> float:
        """Return the area of a square."""
        return self.cell_m**2

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x of the columns and y of the rows, at the centres, in metres."""
        rows, columns = self.shape
        xs = self.west_m + (np.arange(columns, dtype=np.float64) + 0.5) * self.cell_m
        ys = self.south_m + (np.arange(rows, dtype=np.float64) + 0.5) * self.cell_m
        return xs, ys

    def window(self, x_m: float, y_m: float, radius_m: float) -> tuple[slice, slice]:
        """Return the rows and columns of all squares within a square around a point."""
        rows, columns = self.shape
        return (
            _between(y_m - self.south_m, radius_m, self.cell_m, rows),
            _between(x_m - self.west_m, radius_m, self.cell_m, columns),
        )

    def at(self, points_m: NDArray[np.float64]) -> tuple[NDArray[np.int64], Mask]:
        """Return the flat index of the square of each (x, y), and whether the grid has one."""
        corner = (self.west_m, self.south_m)
        column, row = np.floor((points_m - corner) / self.cell_m).astype(np.int64).T
        rows, columns = self.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        return np.where(inside, row * columns + column, 0), inside

    def within(self, area: BaseGeometry) -> Mask:
        """Return which centres lie in an area, of the grid's shape."""
        xs, ys = self.centres()
        found = np.zeros(self.shape, bool)
        if area.is_empty:
            return found
        west, south, east, north = area.bounds
        rows = slice(*np.searchsorted(ys, [south, north + self.cell_m]))
        columns = slice(*np.searchsorted(xs, [west, east + self.cell_m]))
        shapely.prepare(area)
        x, y = np.meshgrid(xs[columns], ys[rows])
        found[rows, columns] = shapely.contains_xy(area, x, y)
        return found


def grid_over(bounds: Sequence[float], cell_m: float) -> Grid:
    """Return the grid that covers west, south, east, north (metres), on multiples of a cell."""
    west, south = (np.floor(edge / cell_m) * cell_m for edge in bounds[:2])
    columns = int(np.ceil((bounds[2] - west) / cell_m)) or 1
    rows = int(np.ceil((bounds[3] - south) / cell_m)) or 1
    return Grid(float(west), float(south), cell_m, (rows, columns))


def _between(offset_m: float, radius_m: float, cell_m: float, count: int) -> slice:
    first = int(np.floor((offset_m - radius_m) / cell_m))
    last = int(np.ceil((offset_m + radius_m) / cell_m))
    return slice(min(max(first, 0), count), min(max(last, 0), count))
