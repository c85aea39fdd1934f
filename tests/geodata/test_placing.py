"""Points are put where the street is, and each is counted in one neighbourhood."""

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point, box

from geodata.boundary import Boundary
from geodata.city import City
from geodata.crs import EXCHANGE, METRIC
from geodata.errors import DataError
from geodata.layers import load_layer, to_metric
from geodata.placing import area_of, points_in

CITY = City.bundled()
OUTLINE = Boundary.load(CITY.boundary)
AREAS = to_metric(load_layer(CITY.neighbourhoods))
NAMES = list(AREAS["id"])


def metric(points: list) -> gpd.GeoDataFrame:
    """Return points as a frame in metres."""
    return gpd.GeoDataFrame(geometry=points, crs=METRIC)


def test_a_hundred_metres_hold_four_points_at_the_centres_of_their_stretches():
    points = points_in(LineString([(0, 0), (100, 0)]), 25)
    assert [point.x for point in points] == pytest.approx([12.5, 37.5, 62.5, 87.5])


def test_a_street_in_two_pieces_is_one_street():
    pieces = MultiLineString([[(0, 0), (30, 0)], [(30, 0), (100, 0)]])
    whole = LineString([(0, 0), (100, 0)])
    assert points_in(pieces, 25) == points_in(whole, 25)


def test_a_square_holds_a_grid_row_by_row():
    points = points_in(box(0, 0, 50, 60), 25)
    assert [(point.x, point.y) for point in points] == [
        (12.5, 17.5),
        (37.5, 17.5),
        (12.5, 42.5),
        (37.5, 42.5),
    ]


LINES = st.lists(
    st.tuples(st.integers(-300, 300), st.integers(-300, 300)), min_size=2, max_size=6, unique=True
).map(LineString)
SPACINGS = st.floats(10, 400)


@settings(deadline=None)
@given(LINES, SPACINGS)
def test_points_of_a_line_lie_on_it_and_are_as_many_as_it_is_long(line, spacing_m):
    points = points_in(line, spacing_m)
    assert len(points) == max(1, round(line.length / spacing_m))
    assert max(line.distance(point) for point in points) < 1e-6


@settings(deadline=None)
@given(LINES.map(lambda line: line.buffer(20)), SPACINGS)
def test_points_of_an_area_lie_in_it_and_no_two_are_closer_than_the_spacing(area, spacing_m):
    points = points_in(area, spacing_m)
    assert points
    assert all(area.contains(point) for point in points)
    tree = shapely.STRtree(points)
    close = tree.query(points, predicate="dwithin", distance=spacing_m - 1e-6)
    assert close.shape[1] == len(points)  # each is near itself alone


@pytest.mark.parametrize("spacing_m", [0, -1, float("nan")])
def test_a_spacing_that_is_no_distance_is_refused(spacing_m):
    with pytest.raises(ValueError, match="spacing_m"):
        points_in(LineString([(0, 0), (1, 0)]), spacing_m)


def test_a_point_has_no_length_to_place_on():
    with pytest.raises(ValueError, match="found Point"):
        points_in(Point(0, 0), 25)


GRID = gpd.GeoDataFrame(
    {"id": [f"{x}{y}" for y in range(5) for x in range(5)]},
    geometry=[box(x, y, x + 1, y + 1) for y in range(5) for x in range(5)],
    crs=METRIC,
)


def naive(x: float, y: float) -> str | None:
    """The slow reference for the 5 x 5 grid: the first cell whose closed square holds it."""
    for row in range(5):
        for column in range(5):
            if column <= x <= column + 1 and row <= y <= row + 1:
                return f"{column}{row}"
    return None


QUARTERS = st.integers(-4, 24).map(lambda n: n / 4)


@settings(deadline=None)
@given(st.lists(st.tuples(QUARTERS, QUARTERS), max_size=20))
def test_the_join_agrees_with_a_loop_over_cells_edges_and_corners_too(pairs):
    points = metric([Point(pair) for pair in pairs])
    assert area_of(points, GRID) == [naive(*pair) for pair in pairs]


DEGREES = st.tuples(st.floats(4.36, 4.56), st.floats(50.98, 51.09))


@settings(max_examples=200, deadline=None)
@given(st.lists(DEGREES, min_size=1, max_size=30))
def test_the_join_loses_no_point_of_the_city_and_invents_none(pairs):
    frame = gpd.GeoDataFrame(geometry=[Point(p) for p in pairs], crs=EXCHANGE)
    held = area_of(to_metric(frame), AREAS)
    assert len(held) == len(pairs)
    for pair, area in zip(pairs, held, strict=True):
        # The outline bends differently in degrees: an edge of 800 m by some millimetres.
        if shapely.distance(OUTLINE.area.exterior, Point(pair)) > 1e-6:
            assert (area is not None) == OUTLINE.contains(*pair)


@settings(deadline=None)
@given(st.integers(0, len(AREAS) - 1), st.integers(0, 10_000), st.floats(0, 1))
def test_a_point_on_a_shared_edge_counts_once_in_the_area_that_comes_first(index, corner, share):
    ring = AREAS.geometry.iloc[index].exterior.coords
    start, end = ring[corner % (len(ring) - 1)], ring[corner % (len(ring) - 1) + 1]
    point = LineString([start, end]).interpolate(share, normalized=True)
    near = [i for i, area in enumerate(AREAS.geometry) if area.distance(point) < 1e-6]
    (held,) = area_of(metric([point]), AREAS)
    assert held in {NAMES[i] for i in near}
    if share in {0.0, 1.0}:  # a corner is exact; along an edge a float may fall to either side
        assert held == NAMES[min(near)]


def test_what_has_no_place_has_no_neighbourhood():
    centre = AREAS.geometry.iloc[2].representative_point()
    assert area_of(metric([None, centre]), AREAS) == [None, NAMES[2]]


def test_frames_in_degrees_are_refused(neighbourhoods):
    points = metric([Point(0, 0)])
    with pytest.raises(DataError, match="areas: crs: expected EPSG:3812"):
        area_of(points, neighbourhoods.to_crs(EXCHANGE))
    with pytest.raises(DataError, match="points: crs: expected EPSG:3812"):
        area_of(points.set_crs(EXCHANGE, allow_override=True), neighbourhoods)
