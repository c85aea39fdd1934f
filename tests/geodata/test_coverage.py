"""Coverage of a small made-up square: who is heard where, and what a failure takes away."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.coverage import (
    AccessPoint,
    LiveCoverage,
    combined,
    covered_share,
    layer,
)
from geodata.grid import grid_over
from geodata.link import ServiceClass, Transmitter
from geodata.sight import index_walls, millimetres

GRID = grid_over((1000, 1000, 1200, 1160), 2.0)
HOUSE = shapely.box(1090, 1060, 1110, 1100)
OUTDOORS = ~GRID.within(HOUSE)
_CORNERS = millimetres(shapely.get_coordinates(HOUSE))
WALLS = index_walls(np.hstack([_CORNERS[:-1], _CORNERS[1:]]))
SENDER = Transmitter("2.4", 12)
POINTS = [
    AccessPoint("west", 1080, 1080, SENDER),
    AccessPoint("east", 1120.3, 1080.1, SENDER),
    AccessPoint("corner", 1190, 1010, SENDER),
]
LAYERS = {each.id: layer(each, GRID, OUTDOORS, WALLS) for each in POINTS}
SUBSETS = st.frozensets(st.sampled_from(sorted(LAYERS)))
LEVEL = ServiceClass.PAGES


def _flat(x_m: float, y_m: float) -> tuple[int, int]:
    index, inside = GRID.at(np.array([[x_m, y_m]]))
    assert inside.all()
    row, column = np.unravel_index(index[0], GRID.shape)
    return int(row), int(column)


def test_beside_it_an_access_point_is_heard_well_and_behind_the_house_as_planned_badly() -> None:
    west = combined(GRID, [LAYERS["west"]])
    here, behind = _flat(1070, 1080), _flat(1131, 1080)
    assert west.planning_dbm[here] > ServiceClass.CALLS
    assert west.planning_dbm[behind] < west.optimistic_dbm[behind] - 3


def test_nothing_is_heard_in_the_house() -> None:
    every = combined(GRID, list(LAYERS.values()))
    assert np.isneginf(every.optimistic_dbm[~OUTDOORS]).all()
    assert np.isfinite(every.optimistic_dbm[OUTDOORS]).any()


@settings(deadline=None)
@given(st.lists(SUBSETS, min_size=1, max_size=5))
def test_whatever_fails_and_comes_back_the_map_is_that_of_what_works(
    history: list[frozenset[str]],
) -> None:
    live = LiveCoverage(GRID, LAYERS.values(), LAYERS)
    for working in history:
        live.change(working)
    fresh = combined(GRID, [LAYERS[each] for each in history[-1]])
    assert np.array_equal(live.now.planning_dbm, fresh.planning_dbm)
    assert np.array_equal(live.now.optimistic_dbm, fresh.optimistic_dbm)


@given(SUBSETS, SUBSETS)
def test_more_access_points_never_cover_less(some: frozenset[str], more: frozenset[str]) -> None:
    few = combined(GRID, [LAYERS[each] for each in some])
    many = combined(GRID, [LAYERS[each] for each in some | more])
    for before, after in zip(few.covered(LEVEL), many.covered(LEVEL), strict=True):
        assert not (before & ~after).any()


def test_planned_is_never_more_than_at_best() -> None:
    planned, best = combined(GRID, list(LAYERS.values())).covered(LEVEL)
    assert not (planned & ~best).any()
    assert planned.sum() < best.sum()


def test_over_a_window_a_square_counts_for_as_long_as_it_was_covered() -> None:
    spells = {frozenset({"west"}): 3600.0, frozenset({"west", "corner"}): 1800.0}
    planned, _ = covered_share(GRID, LAYERS, spells, LEVEL)
    assert planned[_flat(1070, 1080)] == pytest.approx(1.0)
    assert planned[_flat(1185, 1010)] == pytest.approx(1 / 3)
    assert planned[~OUTDOORS].max() == 0.0


def test_a_window_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match="expected time in the window, found none"):
        covered_share(GRID, LAYERS, {frozenset(): 0.0}, LEVEL)


def test_unknown_access_points_are_heard_nowhere() -> None:
    live = LiveCoverage(GRID, LAYERS.values(), ["nobody"])
    assert live.working == frozenset()
    assert np.isneginf(live.now.optimistic_dbm).all()


def test_the_centre_of_a_square_is_in_that_square() -> None:
    xs, ys = GRID.centres()
    index, inside = GRID.at(np.column_stack([xs[:80], ys[:80]]))
    assert inside.all()
    assert np.array_equal(index // GRID.shape[1], index % GRID.shape[1])


def test_outside_the_grid_there_is_no_square() -> None:
    _, inside = GRID.at(np.array([[999.9, 1010.0], [1010.0, 1160.1], [1199.9, 1159.9]]))
    assert inside.tolist() == [False, False, True]


@given(st.floats(1000, 1190), st.floats(1000, 1150), st.floats(1, 60), st.floats(1, 60))
def test_squares_within_an_area_are_those_with_their_centre_in_it(
    x: float, y: float, width: float, height: float
) -> None:
    area = shapely.box(x, y, x + width, y + height)
    xs, ys = np.meshgrid(*GRID.centres())
    assert np.array_equal(GRID.within(area), shapely.contains_xy(area, xs, ys))
