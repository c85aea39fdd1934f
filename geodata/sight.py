"""
Who sees whom past walls: exact line of sight in the plane.

Coordinates are whole millimetres, so the side of a wall on which a point lies is decided in
integers and never by rounding. A ray that touches a wall, in a corner too, does not see its end:
the same answer as that of `intersects` on the same coordinates.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

MM_PER_M = 1000
CELL_MM = 16 * MM_PER_M
"""The index is a grid of squares: small ones hold few walls, large ones are soon passed."""

LIMIT_MM = 2**30
"""Coordinates from 0 to 1073 km: products of their differences stay within 64 bits."""

Whole = NDArray[np.int64]
Point = tuple[int, int]


def millimetres(metres: ArrayLike) -> Whole:
    """Return metric coordinates as whole millimetres; raises `ValueError` where out of range."""
    whole = np.rint(np.asarray(metres, float) * MM_PER_M)
    if not np.all((whole >= 0) & (whole < LIMIT_MM)):  # what is no number is neither
        raise ValueError(f"coordinates: expected metres from 0 to {LIMIT_MM // MM_PER_M}")
    exact: Whole = whole.astype(np.int64)
    return exact


class Walls(NamedTuple):
    """
    Walls with an index of the squares that they pass.

    `ends` is (n, 4): x, y of both ends in mm. The squares lie row by row from the south-west
    corner (`west`, `south`); the walls of square `s` are `items[starts[s]:starts[s + 1]]`.
    """

    ends: Whole
    west: int
    south: int
    columns: int
    rows: int
    starts: Whole
    items: Whole


def index_walls(ends_mm: Whole) -> Walls:
    """
    Return walls ready to be asked.

    Parameters
    ----------
    ends_mm
        (n, 4): x, y of both ends, whole millimetres; n may be 0.
    """
    ends = np.ascontiguousarray(ends_mm, np.int64).reshape(-1, 4)
    nothing = np.zeros(0, np.int64)
    if not len(ends):
        return Walls(ends, 0, 0, 0, 0, np.zeros(1, np.int64), nothing)
    west, south = (int(ends[:, axis::2].min()) - 1 for axis in (0, 1))
    columns = (int(ends[:, 0::2].max()) + 1 - west) // CELL_MM + 1
    rows = (int(ends[:, 1::2].max()) + 1 - south) // CELL_MM + 1
    counts = np.zeros(columns * rows + 1, np.int64)
    unfilled = Walls(ends, west, south, columns, rows, counts, nothing)
    _count(unfilled, counts)
    starts = np.cumsum(counts)
    walls = unfilled._replace(starts=starts, items=np.empty(starts[-1], np.int64))
    _fill(walls, starts.copy())
    return walls


def sees(walls: Walls, from_mm: Point, to_mm: Whole) -> NDArray[np.bool_]:
    """
    Tell for each point whether the straight way to it meets no wall.

    Parameters
    ----------
    walls
        See `index_walls`.
    from_mm
        x, y of the viewer.
    to_mm
        (n, 2), whole millimetres.

    Returns
    -------
    (n,) of bool.
    """
    seen = np.empty(len(to_mm), np.bool_)
    _look(walls, from_mm, np.ascontiguousarray(to_mm, np.int64).reshape(-1, 2), seen)
    return seen


@numba.njit(cache=True)
def _look(walls: Walls, viewer: Point, points: Whole, seen: NDArray[np.bool_]) -> None:
    for each in range(len(points)):
        seen[each] = not _is_blocked(walls, viewer, (points[each, 0], points[each, 1]))


@numba.njit(cache=True)
def _is_blocked(walls: Walls, viewer: Point, point: Point) -> bool:
    """Go along a ray square by square, outward: what hides its end mostly stands near."""
    start, end = (viewer[0] - walls.west) // CELL_MM, (point[0] - walls.west) // CELL_MM
    is_east, is_north = point[0] >= viewer[0], point[1] >= viewer[1]
    # Squares beside the index hold no walls.
    first = max(start, 0) if is_east else min(start, walls.columns - 1)
    last = min(end, walls.columns - 1) if is_east else max(end, 0)
    step = 1 if is_east else -1
    for column in range(first, last + step, step):
        low, high = _rows_passed(walls, column, viewer, point)
        for nth in range(high - low + 1):
            row = low + nth if is_north else high - nth
            if _is_blocked_in(walls, row * walls.columns + column, viewer, point):
                return True
    return False


@numba.njit(cache=True)
def _is_blocked_in(walls: Walls, square: int, viewer: Point, point: Point) -> bool:
    for item in walls.items[walls.starts[square] : walls.starts[square + 1]]:
        wall = walls.ends[item]
        if _meet(viewer, point, (wall[0], wall[1]), (wall[2], wall[3])):
            return True
    return False


@numba.njit(cache=True)
def _meet(one: Point, other: Point, begin: Point, end: Point) -> bool:
    """Tell whether two closed segments share a point."""
    for axis in range(2):
        if max(one[axis], other[axis]) < min(begin[axis], end[axis]):
            return False
        if max(begin[axis], end[axis]) < min(one[axis], other[axis]):
            return False
    if _side(one, other, begin) * _side(one, other, end) > 0:
        return False
    return bool(_side(begin, end, one) * _side(begin, end, other) <= 0)


@numba.njit(cache=True)
def _side(begin: Point, end: Point, point: Point) -> int:
    """Return on which side of a line a point lies: 1 left, -1 right, 0 on it."""
    doubled = (end[0] - begin[0]) * (point[1] - begin[1])
    doubled -= (end[1] - begin[1]) * (point[0] - begin[0])
    return 1 if doubled > 0 else (-1 if doubled < 0 else 0)


@numba.njit(cache=True)
def _count(walls: Walls, counts: Whole) -> None:
    """Count the walls of square s in `counts[s + 1]`."""
    for ends in walls.ends:
        begin, end = (ends[0], ends[1]), (ends[2], ends[3])
        first, last = _columns_passed(walls, begin, end)
        for column in range(first, last + 1):
            low, high = _rows_passed(walls, column, begin, end)
            for row in range(low, high + 1):
                counts[row * walls.columns + column + 1] += 1


@numba.njit(cache=True)
def _fill(walls: Walls, free: Whole) -> None:
    """Write down the walls of each square; `free[s]` is where the next one of square s goes."""
    for wall in range(len(walls.ends)):
        ends = walls.ends[wall]
        begin, end = (ends[0], ends[1]), (ends[2], ends[3])
        first, last = _columns_passed(walls, begin, end)
        for column in range(first, last + 1):
            low, high = _rows_passed(walls, column, begin, end)
            for row in range(low, high + 1):
                square = row * walls.columns + column
                walls.items[free[square]] = wall
                free[square] += 1


@numba.njit(cache=True)
def _columns_passed(walls: Walls, begin: Point, end: Point) -> tuple[int, int]:
    """Return the first and last column that a segment passes, a millimetre wider."""
    low, high = min(begin[0], end[0]) - 1, max(begin[0], end[0]) + 1
    first, last = (low - walls.west) // CELL_MM, (high - walls.west) // CELL_MM
    return max(0, first), min(walls.columns - 1, last)


@numba.njit(cache=True)
def _rows_passed(walls: Walls, column: int, begin: Point, end: Point) -> tuple[int, int]:
    """Return the first and last row that a segment passes in a column, a millimetre wider."""
    left = walls.west + column * CELL_MM - 1
    right = left + CELL_MM + 2
    low, high = min(begin[1], end[1]), max(begin[1], end[1])
    if begin[0] != end[0]:
        slope = (end[1] - begin[1]) / (end[0] - begin[0])
        near = min(max(left, min(begin[0], end[0])), max(begin[0], end[0]))
        far = max(min(right, max(begin[0], end[0])), min(begin[0], end[0]))
        one, other = begin[1] + (near - begin[0]) * slope, begin[1] + (far - begin[0]) * slope
        low, high = int(np.floor(min(one, other))), int(np.ceil(max(one, other)))
    first, last = (low - 1 - walls.south) // CELL_MM, (high + 1 - walls.south) // CELL_MM
    return max(0, first), min(walls.rows - 1, last)
