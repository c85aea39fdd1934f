"""Candidates stand on the fronts of streets and in known houses, each once, all in the city."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from geodata.candidates import APART_M, front_candidates, place_candidates
from geodata.city import City
from geodata.crs import METRIC
from geodata.errors import DataError
from geodata.layers import load_layer, to_metric

WEST, SOUTH = 657_000.0, 690_000.0
AREAS = gpd.GeoDataFrame(
    {"id": ["a"]}, geometry=[box(WEST - 500, SOUTH - 500, WEST + 500, SOUTH + 500)], crs=METRIC
)


def _streets(*shapes: LineString, **columns: object) -> gpd.GeoDataFrame:
    facts = {"name": "Bruul", "width_m": 10.0, "precision_m": 10.0, "synthetic": False}
    frame = gpd.GeoDataFrame(geometry=list(shapes), crs=METRIC)
    return frame.assign(**{**facts, **columns})


def _line(*points: tuple[float, float]) -> LineString:
    return LineString([(WEST + x, SOUTH + y) for x, y in points])


def test_a_street_has_candidates_a_step_apart_on_both_fronts() -> None:
    found = front_candidates(_streets(_line((0, 0), (100, 0))), AREAS)
    at = [(round(each.x_m - WEST, 3), round(each.y_m - SOUTH, 3)) for each in found]
    assert at == [(12.5, 5.0), (37.5, -5.0), (62.5, 5.0), (87.5, -5.0)]
    assert {(each.name, each.area, each.precision_m) for each in found} == {("Bruul", "a", 10.0)}
    assert len({each.id for each in found}) == 4


@given(
    st.lists(
        st.tuples(st.integers(-400, 400), st.integers(-400, 400)),
        min_size=2,
        max_size=5,
        unique=True,
    ),
    st.floats(2, 30),
)
def test_every_front_lies_at_half_the_width_from_some_middle_line(
    points: list[tuple[int, int]], width_m: float
) -> None:
    line = _line(*points)
    found = front_candidates(_streets(line, width_m=width_m), AREAS)
    assert found
    for each in found:
        assert line.distance(Point(each.x_m, each.y_m)) <= width_m / 2 + 1e-6
    at = np.array([(each.x_m, each.y_m) for each in found])
    far = shapely.distance(shapely.points(at)[:, None], shapely.points(at)[None, :])
    assert (far[~np.eye(len(at), dtype=bool)] > APART_M).all()


def test_a_street_that_is_there_twice_has_its_candidates_once() -> None:
    line = _line((0, 0), (200, 0))
    once, twice = (front_candidates(_streets(*[line] * count), AREAS) for count in (1, 2))
    assert [(each.x_m, each.y_m) for each in twice] == [(each.x_m, each.y_m) for each in once]


def test_what_lies_outside_of_the_city_or_is_hardly_known_is_no_candidate() -> None:
    assert front_candidates(_streets(_line((600, 0), (900, 0))), AREAS) == ()
    assert front_candidates(_streets(_line((0, 0), (90, 0)), precision_m=400.0), AREAS) == ()
    assert front_candidates(_streets(_line((0, 0), (90, 0)), precision_m=np.nan), AREAS) == ()


def test_houses_are_candidates_where_they_are_known_well_enough_and_public() -> None:
    shapes = [Point(WEST + x, SOUTH) for x in (0, 5, 100, 200, 300)]
    houses = gpd.GeoDataFrame(
        {
            "id": ["first", "same-door", "vague", "refuge", "lost"],
            "name": "House",
            "precision_m": [30.0, 30.0, 400.0, 30.0, 30.0],
            "synthetic": False,
            "public": [None, None, None, False, None],
        },
        geometry=[*shapes[:-1], None],
        crs=METRIC,
    )
    assert [each.id for each in place_candidates(houses, AREAS)] == ["first"]


def test_the_bundled_city_has_candidates_in_all_its_streets() -> None:
    city = City.bundled()
    areas = to_metric(load_layer(city.neighbourhoods))
    streets = to_metric(load_layer(city.streets)).reindex(
        columns=["name", "width_m", "precision_m", "synthetic", "geometry"]
    )
    found = front_candidates(streets, areas)
    lines = streets[streets.geometry.geom_type.str.contains("Line")]
    assert {each.name for each in found} == set(lines["name"])
    assert len(found) == pytest.approx(lines.length.sum() / 25, rel=0.1)


def test_degrees_are_refused() -> None:
    with pytest.raises(DataError, match="EPSG:3812"):
        front_candidates(_streets(_line((0, 0), (9, 0))).to_crs("EPSG:4326"), AREAS)
