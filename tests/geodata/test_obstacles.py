"""Where access points hang, and which walls hide them."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.obstacles import OFF_WALL_M, WallsOf, from_buildings, from_corridors
from geodata.sight import millimetres, sees

EAST, NORTH = 650_000, 690_000
HOUSE = shapely.box(EAST, NORTH, EAST + 20, NORTH + 10)
NEXT_DOOR = shapely.box(EAST + 20, NORTH, EAST + 30, NORTH + 10)
BOUNDS = (EAST - 100, NORTH - 100, EAST + 100, NORTH + 100)
BUILT = from_buildings(gpd.GeoDataFrame(geometry=[HOUSE, NEXT_DOOR], crs="EPSG:3812"), BOUNDS)
STREET = shapely.LineString([(EAST, NORTH), (EAST + 100, NORTH)]).buffer(8, cap_style="flat")
OPEN = from_corridors([STREET])


@given(st.floats(0, 30), st.floats(0, 10))
def test_out_of_a_house_an_access_point_is_moved_just_before_the_outer_wall(x_m, y_m):
    x_m, y_m = EAST + x_m, NORTH + y_m
    hung_x_m, hung_y_m, is_moved = BUILT.hung(x_m, y_m)
    here = shapely.Point(hung_x_m, hung_y_m)
    assert is_moved
    assert BUILT.closed.distance(here) == pytest.approx(OFF_WALL_M, abs=1e-6)


def test_between_two_houses_is_no_outer_wall():
    x_m, y_m, _ = BUILT.hung(EAST + 20, NORTH + 4)
    assert (x_m, y_m) == pytest.approx((EAST + 20, NORTH - OFF_WALL_M))


def test_outdoors_it_stays_where_it_is():
    assert BUILT.hung(EAST - 3, NORTH - 3) == (EAST - 3, NORTH - 3, False)


def test_beside_a_street_it_is_moved_in_and_far_from_one_it_is_left_behind_its_walls():
    assert OPEN.hung(EAST + 50, NORTH + 9)[2]
    assert OPEN.hung(EAST + 50, NORTH + 9)[1] == pytest.approx(NORTH + 8 - OFF_WALL_M)
    assert OPEN.hung(EAST + 50, NORTH + 40) == (EAST + 50, NORTH + 40, False)


def test_houses_far_off_are_left_out():
    far = shapely.box(EAST + 500, NORTH, EAST + 510, NORTH + 10)
    built = from_buildings(gpd.GeoDataFrame(geometry=[HOUSE, far], crs="EPSG:3812"), BOUNDS)
    assert len(built.walls.ends) == 4


def test_streets_that_cross_are_open_to_each_other_and_closed_to_all_else():
    cross = shapely.LineString([(EAST + 50, NORTH - 60), (EAST + 50, NORTH + 60)]).buffer(5)
    found = from_corridors([STREET, cross])
    viewer = tuple(int(each) for each in millimetres([EAST + 50, NORTH]))
    ends = np.array([(EAST + 50, NORTH + 55), (EAST + 95, NORTH), (EAST + 70, NORTH + 30)])
    assert sees(found.walls, viewer, millimetres(ends)).tolist() == [True, True, False]
    assert (found.made_from, BUILT.made_from) == (WallsOf.CORRIDORS, WallsOf.BUILDINGS)
