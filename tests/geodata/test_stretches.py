"""Cutting streets loses nothing, doubles nothing, and names the pieces the same each time."""

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import DataError
from geodata.stretches import LENGTH_M, corridor, cut

METRES = st.integers(0, 400)
CORNERS = st.lists(st.tuples(METRES, METRES), min_size=2, max_size=6, unique=True)
WIDTHS = st.floats(2, 60)


def _frame(*shapes, width_m=None):
    ids = [f"street-{nth}" for nth in range(len(shapes))]
    shapes = [shapely.transform(each, lambda at: at + 650_000) for each in shapes]
    return gpd.GeoDataFrame({"id": ids, "width_m": width_m}, geometry=shapes, crs="EPSG:3812")


def _is_plain(line):
    """Streets do not fold back onto themselves."""
    return line.is_simple and line.length > 1


@settings(max_examples=60, deadline=None)
@given(CORNERS.map(shapely.LineString).filter(_is_plain), WIDTHS)
def test_lengths_and_surfaces_of_a_line_add_up_to_the_whole_and_share_nothing(line, width_m):
    frame = _frame(line, width_m=width_m)
    stretches = cut(frame)
    whole = corridor("", frame.geometry[0], width_m)
    assert sum(each.length_m for each in stretches) == pytest.approx(line.length)
    assert sum(each.area.area for each in stretches) == pytest.approx(whole.area, rel=1e-6)
    assert shapely.union_all([each.area for each in stretches]).area == pytest.approx(
        whole.area, rel=1e-6
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(METRES, METRES), min_size=3, max_size=8, unique=True))
def test_the_fields_of_a_square_add_up_to_it_and_none_is_a_sliver(corners):
    area = shapely.MultiPoint(corners).convex_hull
    if area.geom_type != "Polygon":
        return
    stretches = cut(_frame(area))
    assert sum(each.area.area for each in stretches) == pytest.approx(area.area)
    assert len(stretches) == 1 or min(each.area.area for each in stretches) >= 125
    assert all(
        each.length_m == 0 and each.area.covers(shapely.Point(each.at)) for each in stretches
    )


def test_pieces_are_as_long_as_asked_and_numbered_along_the_line(streets):
    stretches = [each for each in cut(streets) if each.street_id == "bruul"]
    assert [each.id for each in stretches] == [f"bruul:{nth:02}" for nth in range(1, 21)]
    assert all(each.length_m == pytest.approx(LENGTH_M, rel=0.05) for each in stretches)
    starts = [streets.geometry[0].project(shapely.Point(each.at)) for each in stretches]
    assert starts == sorted(starts)


def test_cutting_twice_gives_the_same(streets):
    assert [(each.id, each.at) for each in cut(streets)] == [
        (each.id, each.at) for each in cut(streets)
    ]


@pytest.mark.parametrize(
    ("shape", "width_m", "key"),
    [
        (shapely.LineString([(0, 0), (9, 9)]), None, "width_m"),
        (shapely.LineString([(0, 0), (9, 9)]), float("nan"), "width_m"),
        (shapely.LineString([(0, 0), (9, 9)]), -3.0, "width_m"),
        (shapely.Point(1, 1), 3.0, "geometry"),
    ],
)
def test_a_line_without_width_and_a_point_are_refused_by_name(shape, width_m, key):
    with pytest.raises(DataError, match=f"streets:street-0: {key}: expected"):
        cut(_frame(shape, width_m=width_m))


def test_degrees_are_refused(streets):
    with pytest.raises(DataError, match="EPSG:3812"):
        cut(streets.to_crs("EPSG:4326"))
