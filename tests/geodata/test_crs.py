"""The coordinate systems agree with published facts and are never taken for one another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geodata.crs import EXCHANGE, LAMBERT_72, METRIC, is_degrees, lambert_of

GROTE_MARKT = (4.480345, 51.028138)


@pytest.mark.parametrize(
    ("crs", "x", "y"), [(METRIC, 657_826, 690_891), (LAMBERT_72, 157_828, 190_889)]
)
def test_a_node_of_the_grote_markt_lies_where_it_is_known_to_lie(crs, x, y):
    found = Transformer.from_crs(EXCHANGE, crs, always_xy=True).transform(*GROTE_MARKT)
    assert found == pytest.approx((x, y), abs=1.0)
    assert lambert_of(*found) == crs


BELGIUM = st.tuples(st.floats(2.5, 6.45), st.floats(49.45, 51.55))
TO_METRIC = Transformer.from_crs(EXCHANGE, METRIC, always_xy=True)
TO_72 = Transformer.from_crs(EXCHANGE, LAMBERT_72, always_xy=True)


@settings(deadline=None)
@given(BELGIUM)
def test_any_point_of_belgium_tells_its_system(point):
    assert is_degrees(*point)
    assert lambert_of(*point) is None
    assert lambert_of(*TO_METRIC.transform(*point)) == METRIC
    assert lambert_of(*TO_72.transform(*point)) == LAMBERT_72


@settings(deadline=None)
@given(BELGIUM)
def test_metres_and_back_is_the_same_place(point):
    x, y = TO_METRIC.transform(*point)
    assert TO_METRIC.transform(x, y, direction="INVERSE") == pytest.approx(point, abs=1e-9)


@pytest.mark.parametrize("pair", [(1e7, 1e7), (400_000, 400_000), (float("nan"), 0.0)])
def test_numbers_of_elsewhere_are_in_neither(pair):
    assert lambert_of(*pair) is None
