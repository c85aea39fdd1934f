"""
What a whole coverage map costs beside the same with shapely, and what a failure changes in it.

`python -m bench.coverage` plans 60 access points over an invented square kilometre with 3,600
footprints, in squares of two metres; the rays of the one and the other are compared, too.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry

from bench.table import Figure, are_met, tell
from geodata.city import City
from geodata.coverage import AccessPoint, Layer, LiveCoverage, layer
from geodata.grid import Grid, Mask, grid_over
from geodata.layers import load_layer
from geodata.link import Transmitter
from geodata.sight import Walls, index_walls, millimetres, sees
from netmon.analysis.radio import RadioMap
from netmon.config.complaints import Complaints
from netmon.config.coverage_settings import CoverageSettings
from netmon.config.devices_file import read_devices
from netmon.domain.model import Inventory

CORNER_M, SIDE_M, CELL_M = 650_000.0, 1000.0, 2.0
BLOCKS, POINTS = 60, 60
COMPARED = 12
"""Access points whose rays shapely is asked for: it takes long."""

WHAT_IF_AIM_S = 0.1
SENDER = Transmitter("5-high", 30.0)
AIM_S, CHANGE_AIM_S, MEMORY_AIM_MB, RATIO_AIM = 2.0, 0.05, 600.0, 1 / 15


def main() -> int:
    """Measure, tell, and return 1 where an aim was missed."""
    parser = argparse.ArgumentParser(prog="bench.coverage", description=__doc__)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    draw = np.random.default_rng(20261123)
    built = _built(draw)
    grid = grid_over((CORNER_M, CORNER_M, CORNER_M + SIDE_M, CORNER_M + SIDE_M), CELL_M)
    outdoors, walls = ~grid.within(built), index_walls(_ends(built))
    points = _facades(built, draw)
    layer(points[0], grid, outdoors, walls)  # compiled, or read from the cache
    whole_s = statistics.median(
        _timed(lambda: [layer(each, grid, outdoors, walls) for each in points]) for _ in range(5)
    )
    layers = [layer(each, grid, outdoors, walls) for each in points]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ours_s, theirs_s, rays, differ = _compared(points, layers, grid, outdoors, walls, built)
    figures = [
        Figure("footprints", float(len(shapely.get_parts(built))), ""),
        Figure(f"layers of {POINTS} access points", whole_s, "s", AIM_S),
        Figure("one fails or comes back, median", _change_s(grid, layers), "s", CHANGE_AIM_S),
        Figure("peak memory", peak_mb, "MB", MEMORY_AIM_MB),
        Figure(f"line of sight of {rays:,} rays", ours_s, "s"),
        Figure("the same with shapely, prepared", theirs_s, "s"),
        Figure("ours beside shapely's", ours_s / theirs_s, "times", RATIO_AIM),
        Figure("rays on which they differ", float(differ), "", 0.0),
        *_demo(),
    ]
    tell("Coverage", figures, ["City and access points are synthetic."], as_json=given.as_json)
    return int(not are_met(figures))


def _built(draw: np.random.Generator) -> BaseGeometry:
    """Return houses in rows of five between streets, each a little turned."""
    step_m = SIDE_M / BLOCKS
    west, south = (
        axis.ravel() * step_m + CORNER_M
        for axis in np.meshgrid(np.arange(BLOCKS), np.arange(BLOCKS))
    )
    is_street = (np.arange(BLOCKS) % 6 == 0)[:, None] | (np.arange(BLOCKS) % 6 == 0)[None, :]
    least_m, most_m = np.where(is_street.ravel(), 5.0, 10.0), np.where(is_street.ravel(), 9.0, 15.5)
    sides = draw.uniform(least_m, most_m, (2, BLOCKS**2))
    houses = shapely.box(west, south, west + sides[0], south + sides[1])
    turned = [rotate(*each) for each in zip(houses, draw.uniform(-8, 8, BLOCKS**2), strict=True)]
    return shapely.union_all(turned)


def _ends(built: BaseGeometry) -> NDArray[np.int64]:
    corners, ring_of = shapely.get_coordinates(_rings(built), return_index=True)
    whole = millimetres(corners)
    is_wall = ring_of[1:] == ring_of[:-1]
    return np.hstack([whole[:-1], whole[1:]])[is_wall]


def _rings(built: BaseGeometry) -> list[BaseGeometry]:
    return [ring for each in shapely.get_parts(built) for ring in (each.exterior, *each.interiors)]


def _facades(built: BaseGeometry, draw: np.random.Generator) -> list[AccessPoint]:
    """Return access points 0.3 m off facades."""
    rings = _rings(built.buffer(0.3))
    found: list[AccessPoint] = []
    while len(found) < POINTS:
        ring = rings[draw.integers(len(rings))]
        here = ring.interpolate(draw.uniform(0, ring.length))
        found.append(AccessPoint(f"ap-{len(found)}", here.x, here.y, SENDER))
    return found


def _compared(  # noqa: PLR0913, PLR0917 - all of one city
    points: list[AccessPoint],
    layers: list[Layer],
    grid: Grid,
    outdoors: Mask,
    walls: Walls,
    built: BaseGeometry,
) -> tuple[float, float, int, int]:
    """Return the seconds of both, how many rays, and on how many they differ: all in mm."""
    built = shapely.transform(built, millimetres)
    shapely.prepare(built)
    ours_s = theirs_s = 0.0
    rays = differ = 0
    xs, ys = grid.centres()
    for point, made in list(zip(points, layers, strict=True))[:COMPARED]:
        x, y = np.meshgrid(xs[made.columns], ys[made.rows])
        asked = outdoors[made.rows, made.columns]
        targets = millimetres(np.column_stack([x[asked], y[asked]]))
        here = millimetres((point.x_m, point.y_m))
        began_s = time.perf_counter()
        seen = sees(walls, (int(here[0]), int(here[1])), targets)
        between_s = time.perf_counter()
        ends = np.stack([np.broadcast_to(here, targets.shape), targets], 1)
        lines = shapely.linestrings(ends.astype(float))
        by_geos = ~shapely.intersects(built, lines)
        theirs_s += time.perf_counter() - between_s
        ours_s += between_s - began_s
        rays, differ = rays + len(seen), differ + int((seen != by_geos).sum())
    return ours_s, theirs_s, rays, differ


def _change_s(grid: Grid, layers: list[Layer]) -> float:
    every = {each.id for each in layers}
    live = LiveCoverage(grid, layers, every)
    took = []
    for each in layers:
        changes = (every - {each.id}, every)
        took += [_timed(partial(live.change, working)) for working in changes]
    return statistics.median(took)


def _demo() -> list[Figure]:
    """Return what the radio map of the demo's inventory costs, and a question to it."""
    city = City.bundled()
    devices = [device for _, device in read_devices(city.demo_devices, Complaints(), set())]
    streets, inventory = load_layer(city.streets), Inventory((), tuple(devices))
    began_s = time.perf_counter()
    radio = RadioMap(inventory, streets, None, CoverageSettings())
    made_s = time.perf_counter() - began_s
    fewer = radio.ids - {"ap-bruul-03"}
    what_if = radio.at("new", devices[0].lon or 0.0, devices[0].lat or 0.0)
    asked = {
        "its map": lambda: radio.coverage(fewer),
        "its streets in metres": lambda: radio.street_figures(fewer),
        "who serves which stretch": lambda: radio.serving(is_optimistic=False),
    }
    figures = [Figure(f"radio map of the demo, {len(radio.ids)} access points", made_s, "s")]
    for name, ask in asked.items():
        took_s = statistics.median(_timed(ask) for _ in range(9))
        figures.append(Figure(f"one failed: {name}", took_s, "s", CHANGE_AIM_S))
    took_s = statistics.median(_timed(lambda: radio.changed(added=[what_if])) for _ in range(9))
    return [*figures, Figure("what if there were one more", took_s, "s", WHAT_IF_AIM_S)]


def _timed(do: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    do()
    return time.perf_counter() - began_s


if __name__ == "__main__":
    sys.exit(main())
