"""Siting finds the best choice, knows when it did, and says how good it is when it did not."""

from collections.abc import Collection
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, random_array

from geodata.siting import Cover, greedy_cover, max_cover

PMED1 = Path(__file__).parent / "data" / "pmed1.txt"
PMED1_OPTIMUM = 5819

City = tuple[NDArray[np.float64], csr_matrix, int, frozenset[int]]


@st.composite
def cities(draw: st.DrawFn) -> City:
    """Return (weights, reach, k, kept) of a city small enough to try everything."""
    people, places = draw(st.integers(1, 9)), draw(st.integers(1, 7))
    cells = draw(st.lists(st.booleans(), min_size=people * places, max_size=people * places))
    weights = draw(st.lists(st.integers(0, 9), min_size=people, max_size=people))
    kept = draw(st.frozensets(st.integers(0, places - 1), max_size=2))
    reach = csr_matrix(np.array(cells, float).reshape(people, places))
    return np.array(weights, float), reach, draw(st.integers(0, places + 1)), kept


def _weight(weights: NDArray[np.float64], reach: csr_matrix, chosen: Collection[int]) -> float:
    return float(weights[reach.toarray()[:, sorted(chosen)].any(axis=1)].sum())


def _best(city: City) -> float:
    weights, reach, k, kept = city
    free = [each for each in range(reach.shape[1]) if each not in kept]
    choices = combinations(free, min(k, len(free)))
    return max(_weight(weights, reach, {*kept, *choice}) for choice in choices)


@settings(deadline=None)
@given(cities())
def test_the_choice_is_as_good_as_the_best_of_all_choices(city: City) -> None:
    weights, reach, k, kept = city
    found = max_cover(weights, reach, k, kept=kept)
    assert found.is_optimal
    assert found.covered == pytest.approx(_best(city))
    assert found.bound == pytest.approx(found.covered)
    _is_consistent(found, city)


@given(cities())
def test_the_preview_keeps_its_share_and_its_bound(city: City) -> None:
    weights, reach, k, kept = city
    found = greedy_cover(weights, reach, k, kept=kept)
    best, before = _best(city), _weight(weights, reach, kept)
    assert found.covered - before >= (1 - 1 / np.e) * (best - before) - 1e-9
    assert found.covered <= best + 1e-9 <= found.bound + 2e-9
    _is_consistent(found, city)


def _is_consistent(found: Cover, city: City) -> None:
    weights, reach, k, kept = city
    assert len(found.chosen) == len(set(found.chosen)) <= min(k, reach.shape[1] - len(kept))
    assert not kept & set(found.chosen)
    assert found.covered == pytest.approx(_weight(weights, reach, {*kept, *found.chosen}))


@settings(deadline=None)
@given(cities())
def test_one_more_place_never_covers_less(city: City) -> None:
    weights, reach, k, kept = city
    assert max_cover(weights, reach, k + 1, kept=kept).covered >= (
        max_cover(weights, reach, k, kept=kept).covered - 1e-9
    )


def test_a_published_problem_ends_at_its_published_optimum() -> None:
    """A p-median is a cover: each metre that somebody need not go is a demand of its own."""
    size, p, distances = _pmed1()
    steps = np.unique(distances)
    weights = np.tile(np.diff(steps), size)
    near = distances[:, None, :] <= steps[:-1, None]  # of each vertex, within each step, whom
    found = max_cover(weights, csr_matrix(near.reshape(-1, size).astype(float)), p)
    walked = np.min(distances[:, list(found.chosen)], axis=1).sum()
    assert found.is_optimal
    assert walked == PMED1_OPTIMUM
    assert weights.sum() - found.covered == PMED1_OPTIMUM


def _pmed1() -> tuple[int, int, NDArray[np.float64]]:
    (size, _, p), *edges = (map(int, line.split()) for line in PMED1.read_text().splitlines())
    graph = nx.Graph()
    for one, other, length in edges:
        graph.add_edge(one - 1, other - 1, weight=length)
    return size, p, np.asarray(nx.floyd_warshall_numpy(graph, range(size)), float)


def _large() -> tuple[NDArray[np.float64], csr_matrix]:
    draw = np.random.default_rng(7)
    cells = random_array((4000, 400), density=0.02, rng=draw)
    return draw.uniform(1, 100, 4000), csr_matrix(cells > 0, dtype=float)


def test_when_time_is_up_the_best_so_far_comes_with_an_honest_bound() -> None:
    weights, reach = _large()
    found, preview = (
        max_cover(weights, reach, 20, time_limit_s=0.2),
        greedy_cover(weights, reach, 20),
    )
    assert not found.is_optimal
    assert found.bound > found.covered >= preview.covered - 1e-6
    assert 0 < found.gap < 1
    assert found.seconds < 10


def test_people_who_reach_the_same_places_are_counted_together_and_none_is_lost() -> None:
    weights, reach = np.array([1.5, 2.5, 4.0, 8.0]), csr_matrix([[1, 0], [1, 0], [0, 1], [0, 0]])
    assert max_cover(weights, reach, 2).covered == 8.0
    assert max_cover(weights, reach, 1).covered == 4.0


@pytest.mark.parametrize(
    ("weights", "k", "kept", "expected"),
    [
        ([1.0], 1, (), "weights: expected 2, one a row"),
        ([1.0, -1.0], 1, (), "weights: expected finite numbers from 0 on"),
        ([1.0, float("nan")], 1, (), "weights: expected finite numbers from 0 on"),
        ([1.0, 1.0], -1, (), "k: expected 0 or more, found -1"),
        ([1.0, 1.0], 1, (3,), "kept: expected columns under 2, found 3"),
    ],
)
def test_what_makes_no_sense_is_refused(
    weights: list[float], k: int, kept: tuple[int, ...], expected: str
) -> None:
    with pytest.raises(ValueError, match=expected):
        max_cover(weights, csr_matrix(np.eye(2)), k, kept=kept)
