"""
Where outdoors the Wi-Fi of which access points is heard, and how well.

Each access point has a layer of its own, made once; which of them work changes by the minute,
and only the layers of those are put together again. Nothing is heard in buildings: what is
beyond a wall outdoors is planned with the model's case without line of sight.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.grid import Grid, Mask
from geodata.link import (
    BANDS,
    BODY_LOSS_DB,
    ServiceClass,
    Transmitter,
    loss_db,
    reach_m,
    received,
)
from geodata.sight import Walls, millimetres, sees

WEAKEST_DBM = float(min(ServiceClass))
NOT_HEARD_DBM = np.float32(-np.inf)

HEIGHT_DIFFERENCE_M = 2.5
"""An access point hangs at 4 m and a phone is held at 1.5 m."""

Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """An access point on the map: its place in metres (metric CRS), and its radio."""

    id: str
    x_m: float
    y_m: float
    sender: Transmitter


@dataclass(frozen=True, slots=True)
class Layer:
    """
    What one access point alone gives, in its window of the grid; minus infinity: not heard.

    `planning_dbm` and `optimistic_dbm` are the two edges of the band, see `geodata.link`;
    `sight` is where it is in sight.
    """

    id: str
    rows: slice
    columns: slice
    planning_dbm: Levels
    optimistic_dbm: Levels
    sight: Mask


@dataclass(frozen=True, slots=True)
class Coverage:
    """The best of all access points that count, over the whole grid, in dBm, as a band."""

    planning_dbm: Levels
    optimistic_dbm: Levels

    def covered(self, level: float) -> tuple[Mask, Mask]:
        """Return where a level is reached: as planned, and at best."""
        return self.planning_dbm >= level, self.optimistic_dbm >= level


def layer(point: AccessPoint, grid: Grid, outdoors: Mask, walls: Walls) -> Layer:
    """
    Return what one access point gives outdoors.

    Parameters
    ----------
    point
        Outdoors itself; one inside a building hears nothing but its own walls.
    grid, outdoors
        Squares, and which of them are asked.
    walls
        See `geodata.sight.index_walls`.
    """
    radius_m = reach_m(point.sender, WEAKEST_DBM)
    rows, columns = grid.window(point.x_m, point.y_m, radius_m)
    xs, ys = grid.centres()
    east_m, north_m = np.meshgrid(xs[columns] - point.x_m, ys[rows] - point.y_m)
    flat_m = np.hypot(east_m, north_m)
    asked = outdoors[rows, columns] & (flat_m <= radius_m)
    targets = np.column_stack([east_m[asked] + point.x_m, north_m[asked] + point.y_m])
    here = millimetres([point.x_m, point.y_m])
    seen = sees(walls, (int(here[0]), int(here[1])), millimetres(targets))
    heard = received(
        point.sender,
        np.hypot(flat_m[asked], HEIGHT_DIFFERENCE_M),
        np.degrees(np.arctan2(east_m[asked], north_m[asked])),
        seen,
    )
    sight = np.zeros(asked.shape, bool)
    sight[asked] = seen
    levels = [_spread(asked, dbm) for dbm in (heard.planning_dbm, heard.optimistic_dbm)]
    return Layer(point.id, rows, columns, levels[0], levels[1], sight)


def sent_levels(
    point: AccessPoint, places_m: NDArray[np.float64], walls: Walls
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Return how far places `(n, 2)` are in space, and what a phone in a hand measures there.

    The downlink alone, as planned and without any calibration: what walk tests are compared with.
    """
    east_m, north_m = (places_m - (point.x_m, point.y_m)).T
    distance_m = np.hypot(np.hypot(east_m, north_m), HEIGHT_DIFFERENCE_M)
    here, sender = millimetres([point.x_m, point.y_m]), point.sender
    seen = sees(walls, (int(here[0]), int(here[1])), millimetres(places_m))
    lost_db = loss_db(distance_m, BANDS[sender.band].frequency_ghz, seen, "nlos_high_rise")
    lost_db += sender.antenna.loss_db(np.degrees(np.arctan2(east_m, north_m)))
    return distance_m, sender.sent_dbm() - BODY_LOSS_DB - lost_db


class LiveCoverage:
    """
    Coverage by those access points that work; changes with them.

    Only the windows of what changed are put together again.
    """

    def __init__(self, grid: Grid, layers: Iterable[Layer], working: Collection[str]) -> None:
        self.grid = grid
        self._layers = {each.id: each for each in layers}
        self._working = frozenset(working) & self._layers.keys()
        self.now = combined(grid, [self._layers[each] for each in sorted(self._working)])

    @property
    def working(self) -> frozenset[str]:
        """Return the ids of the access points that count now."""
        return self._working

    def change(self, working: Collection[str]) -> None:
        """Let exactly these work; unknown ids are not heard."""
        after = frozenset(working) & self._layers.keys()
        changed, self._working = self._working ^ after, after
        for each in sorted(changed):
            self._combine(self._layers[each])

    def _combine(self, window: Layer) -> None:
        for target in (self.now.planning_dbm, self.now.optimistic_dbm):
            target[window.rows, window.columns] = NOT_HEARD_DBM
        for each in sorted(self._working):
            _add(self.now, self._layers[each], window.rows, window.columns)


def combined(grid: Grid, layers: Sequence[Layer]) -> Coverage:
    """Return the best of all layers in each square."""
    whole = Coverage(
        np.full(grid.shape, NOT_HEARD_DBM, np.float32),
        np.full(grid.shape, NOT_HEARD_DBM, np.float32),
    )
    for each in layers:
        _add(whole, each, each.rows, each.columns)
    return whole


def covered_share(
    grid: Grid,
    layers: Mapping[str, Layer],
    spells: Mapping[frozenset[str], float],
    level: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Return the share of a past window in which each square was covered: planned, and at best.

    Parameters
    ----------
    layers
        By access point.
    spells
        For how long (seconds) exactly these access points worked; months have few such sets.
    level
        In dBm.

    Raises
    ------
    ValueError
        If the spells last no time together.
    """
    total_s = sum(spells.values())
    if total_s <= 0:
        raise ValueError("coverage: expected time in the window, found none")
    shares = np.zeros(grid.shape), np.zeros(grid.shape)
    for working, lasted_s in spells.items():
        cover = combined(grid, [layers[each] for each in sorted(working) if each in layers])
        for sum_of, mask in zip(shares, cover.covered(level), strict=True):
            np.add(sum_of, lasted_s / total_s, out=sum_of, where=mask)
    return shares


def _add(whole: Coverage, each: Layer, rows: slice, columns: slice) -> None:
    """Raise a window of the whole to what a layer gives there."""
    down, across = _overlap(rows, each.rows), _overlap(columns, each.columns)
    if down is None or across is None:
        return
    inner = (_shifted(down, each.rows.start), _shifted(across, each.columns.start))
    for target, source in (
        (whole.planning_dbm, each.planning_dbm),
        (whole.optimistic_dbm, each.optimistic_dbm),
    ):
        np.maximum(target[down, across], source[inner], out=target[down, across])


def _overlap(one: slice, other: slice) -> slice | None:
    first, last = max(one.start, other.start), min(one.stop, other.stop)
    return slice(first, last) if first < last else None


def _shifted(part: slice, by: int) -> slice:
    return slice(part.start - by, part.stop - by)


def _spread(asked: Mask, dbm: NDArray[np.float64]) -> Levels:
    levels = np.full(asked.shape, NOT_HEARD_DBM, np.float32)
    levels[asked] = np.where(dbm >= WEAKEST_DBM, dbm, NOT_HEARD_DBM)
    return levels
