"""Walks follow streets where they can, and say where they did not."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.walking import FARTHEST_OFF_M, Method
from geodata.walks import DETOUR, NEAR_M, Walks, lines_of

STREETS = [shapely.LineString([(0, 0), (0, 300)]), shapely.LineString([(0, 300), (300, 300)])]
XY = st.tuples(st.integers(-400, 700), st.integers(-400, 700))
AT = st.lists(XY, min_size=1, max_size=6).map(lambda each: np.array(each, float))


def test_both_ends_near_a_street_walk_along_it() -> None:
    found = Walks(STREETS, np.array([[300.0, 310.0]]), is_whole=True).ways([[10.0, 0.0]], 1000)
    assert found.metres.toarray().tolist() == [[620.0]]
    assert (found.method, found.network_share) == (Method.NETWORK, 1.0)


def test_where_streets_are_missing_a_way_is_no_longer_than_a_guess() -> None:
    points = np.array([[300.0, 310.0]])
    found = Walks(STREETS, points, is_whole=False).ways([[10.0, 0.0]], 1000)
    assert found.metres.toarray()[0, 0] == pytest.approx(np.hypot(290, 310) * DETOUR)
    assert (found.method, found.network_share) == (Method.STRAIGHT, 0.0)


def test_who_lives_off_every_street_of_a_whole_network_is_guessed_too() -> None:
    far = np.array([[0.0, -FARTHEST_OFF_M - 50]])
    found = Walks(STREETS, far, is_whole=True).ways([[0.0, 0.0]], 1000)
    assert found.metres.toarray()[0, 0] == pytest.approx((FARTHEST_OFF_M + 50) * DETOUR)
    assert found.method is Method.STRAIGHT


def test_an_offer_at_the_door_is_in_reach_though_no_way_leads_there() -> None:
    found = Walks([], np.array([[5.0, 5.0]]), is_whole=False).ways([[5.0, 5.0]], 400)
    assert found.metres.nnz == 1
    assert found.metres.data[0] > 0


@given(origins=AT, points=AT, limit_m=st.floats(10, 900), is_whole=st.booleans())
def test_ways_are_the_law_in_any_city(
    origins: np.ndarray, points: np.ndarray, limit_m: float, *, is_whole: bool
) -> None:
    walks = Walks(STREETS, points, is_whole=is_whole)
    found, farther = walks.ways(origins, limit_m), walks.ways(origins, limit_m + 200)
    straight = np.hypot(*(origins[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    metres = found.metres.toarray()
    held = metres > 0
    # Corners are rounded to a decimetre: that is how much shorter a way may be than a line.
    assert (metres[held] >= straight[held] - 0.5).all()
    assert (metres[held] <= limit_m).all()
    # A longer limit keeps every way and shortens none.
    assert np.allclose(farther.metres.toarray()[held], metres[held])
    if not is_whole:
        assert held[straight * DETOUR < limit_m - 0.01].all()
    assert found.by_network.shape == found.metres.shape


def test_one_walks_around_a_square() -> None:
    (edge,) = lines_of([shapely.box(0, 0, 10, 10)])
    assert edge.length == 40
    assert NEAR_M < FARTHEST_OFF_M
