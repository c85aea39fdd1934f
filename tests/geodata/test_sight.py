"""Line of sight is exact: GEOS, asked about the same coordinates, never disagrees."""

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geodata.sight import CELL_MM, LIMIT_MM, MM_PER_M, Whole, index_walls, millimetres, sees

MONACO = Path(__file__).parents[3] / "shared" / "osm" / "monaco.osm.pbf"
UTM_32 = 32632
REACH_MM = 300 * MM_PER_M

SMALL = st.integers(0, 6)
"""So small that corners are grazed, walls overlap and rays run along them all the time."""

SPREAD = st.integers(0, 5 * CELL_MM)


def _by_geos(ends: Whole, viewer: tuple[int, int], points: Whole) -> NDArray[np.bool_]:
    walls = shapely.multilinestrings(shapely.linestrings(ends.reshape(-1, 2, 2).astype(float)))
    shapely.prepare(walls)
    begin = np.broadcast_to(np.asarray(viewer), points.shape)
    rays = shapely.linestrings(np.stack([begin, points], 1).astype(float))
    return ~np.asarray(shapely.intersects(walls, rays))


def _agrees(
    ends: list[tuple[int, ...]], viewer: tuple[int, int], points: list[tuple[int, int]]
) -> None:
    walls, targets = np.array(ends, np.int64), np.array(points, np.int64)
    found = sees(index_walls(walls), viewer, targets)
    assert np.array_equal(found, _by_geos(walls, viewer, targets))


def _walls(coordinate: st.SearchStrategy[int]) -> st.SearchStrategy[list[tuple[int, ...]]]:
    wall = st.tuples(coordinate, coordinate, coordinate, coordinate)
    return st.lists(wall.filter(lambda w: w[:2] != w[2:]), min_size=1, max_size=12)


@given(_walls(SMALL), st.tuples(SMALL, SMALL), st.lists(st.tuples(SMALL, SMALL), min_size=1))
def test_corners_and_rays_along_walls_are_as_geos_says(
    ends: list[tuple[int, ...]], viewer: tuple[int, int], points: list[tuple[int, int]]
) -> None:
    _agrees(ends, viewer, points)


@given(_walls(SPREAD), st.tuples(SPREAD, SPREAD), st.lists(st.tuples(SPREAD, SPREAD), min_size=1))
def test_walls_across_many_squares_are_as_geos_says(
    ends: list[tuple[int, ...]], viewer: tuple[int, int], points: list[tuple[int, int]]
) -> None:
    _agrees(ends, viewer, points)


@given(_walls(SPREAD), st.tuples(SPREAD, SPREAD), st.tuples(SPREAD, SPREAD))
def test_who_sees_is_seen(
    ends: list[tuple[int, ...]], one: tuple[int, int], other: tuple[int, int]
) -> None:
    walls = index_walls(np.array(ends, np.int64))
    there = sees(walls, one, np.array([other], np.int64))
    assert there == sees(walls, other, np.array([one], np.int64))


@pytest.mark.shared
def test_a_real_city_is_as_geos_says_for_two_hundred_thousand_rays() -> None:
    ends, size = _monaco()
    walls = index_walls(ends)
    draw = np.random.default_rng(20261123)
    hidden = 0
    for _ in range(100):
        viewer = draw.integers(0, size)
        targets = np.clip(viewer + draw.integers(-REACH_MM, REACH_MM, (2200, 2)), 0, None)
        # A third of the rays end in a corner of a building, where rounding would show.
        targets[:700] = ends[draw.integers(0, len(ends), 700), :2]
        here = (int(viewer[0]), int(viewer[1]))
        found = sees(walls, here, targets)
        assert np.array_equal(found, _by_geos(ends, here, targets))
        hidden += int((~found).sum())
    assert 0.2 < hidden / 220_000 < 0.99


def _monaco() -> tuple[Whole, Whole]:
    """Return the walls of its buildings in mm from their south-west corner, and their extent."""
    frame = pyogrio.read_dataframe(
        MONACO, layer="multipolygons", columns=["building"], where="building IS NOT NULL"
    ).to_crs(UTM_32)
    areas = shapely.get_parts(shapely.make_valid(frame.geometry.to_numpy()))
    west, south, east, north = shapely.total_bounds(areas)
    rings = [
        millimetres(shapely.get_coordinates(ring) - (west, south))
        for area in areas
        if area.geom_type == "Polygon"
        for ring in (area.exterior, *area.interiors)
    ]
    walls = np.vstack([np.hstack([ring[:-1], ring[1:]]) for ring in rings])
    walls = walls[(walls[:, :2] != walls[:, 2:]).any(axis=1)]
    return walls, millimetres([east - west, north - south])


def test_without_walls_everything_is_seen() -> None:
    nothing = index_walls(np.zeros((0, 4), np.int64))
    assert sees(nothing, (0, 0), np.array([[5, 5], [10**8, 3]])).all()


def test_far_from_all_walls_nothing_is_hidden_and_across_them_everything() -> None:
    wall = index_walls(np.array([[10**6, 10**6, 10**6, 2 * 10**6]]))
    past = np.array([[3 * 10**6, 1_500_000], [3 * 10**6, 10**7]])
    assert sees(wall, (0, 1_500_000), past).tolist() == [False, True]


@pytest.mark.parametrize("metres", [-0.001, LIMIT_MM / MM_PER_M, float("nan"), float("inf")])
def test_coordinates_that_could_overflow_are_refused(metres: float) -> None:
    with pytest.raises(ValueError, match="expected metres from 0 to 1073741"):
        millimetres([1.0, metres])
