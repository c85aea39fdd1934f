"""Siting finds the best choice, knows when it did, and says how good it is when it did not."""

import multiprocessing
import subprocess
import sys
from collections.abc import Collection
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, random_array
from scipy.spatial.distance import cdist

from geodata.cover_bound import bounds
from geodata.cover_greedy import exchanged, greedy_choice
from geodata.cover_problem import open_problem
from geodata.siting import Cover, greedy_cover, max_cover
from tests.waiting import wait_for

DATA = Path(__file__).parent / "data"
PUBLISHED = {"pmed1": 5819, "pmed5": 1355}

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


def test_a_preview_that_was_misled_does_not_bound_less_than_the_best() -> None:
    weights, reach = (
        np.array([2.0, 3, 3, 2]),
        np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]]),
    )
    found = greedy_cover(weights, csr_matrix(reach), 2)
    assert (found.covered, found.bound, found.is_optimal) == (8, 10, False)


@given(cities())
def test_each_step_of_a_preview_adds_as_much_as_any_could(city: City) -> None:
    weights, reach, k, _ = city
    order = greedy_choice(open_problem(weights, reach, k, ())).tolist()
    for nth, column in enumerate(order):
        gains = [_weight(weights, reach, {*order[:nth], each}) for each in range(reach.shape[1])]
        assert gains[column] == max(gains)


@settings(deadline=None)
@given(cities())
def test_one_more_place_never_covers_less(city: City) -> None:
    weights, reach, k, kept = city
    assert max_cover(weights, reach, k + 1, kept=kept).covered >= (
        max_cover(weights, reach, k, kept=kept).covered - 1e-9
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_problem_ends_at_its_published_optimum(name: str) -> None:
    """A p-median is a cover: each metre that somebody need not go is a demand of its own."""
    size, p, distances = _p_median(name)
    steps = np.unique(distances)
    weights = np.tile(np.diff(steps), size)
    near = distances[:, None, :] <= steps[:-1, None]  # of each vertex, within each step, whom
    found = max_cover(weights, csr_matrix(near.reshape(-1, size).astype(float)), p)
    walked = np.min(distances[:, list(found.chosen)], axis=1).sum()
    assert found.is_optimal
    assert walked == PUBLISHED[name]
    assert weights.sum() - found.covered == PUBLISHED[name]


def _p_median(name: str) -> tuple[int, int, NDArray[np.float64]]:
    (size, _, p), *edges = (map(int, line.split()) for line in _lines(name))
    graph = nx.Graph()
    for one, other, length in edges:
        graph.add_edge(one - 1, other - 1, weight=length)
    return size, p, np.asarray(nx.floyd_warshall_numpy(graph, range(size)), float)


def _lines(name: str) -> list[str]:
    return (DATA / f"{name}.txt").read_text("ascii").splitlines()


def _large() -> tuple[NDArray[np.float64], csr_matrix]:
    draw = np.random.default_rng(7)
    cells = random_array((4000, 400), density=0.02, rng=draw)
    return draw.uniform(1, 100, 4000), csr_matrix(cells > 0, dtype=float)


@pytest.mark.parametrize(("people", "places", "radius_m"), [(120, 4, 900.0), (324, 5, 800.0)])
def test_a_city_in_which_everybody_is_a_candidate_is_solved_like_by_the_plain_programme(
    people: int, places: int, radius_m: float
) -> None:
    draw = np.random.default_rng(people)
    at = draw.uniform(0, 5000, (people, 2))
    weights = draw.integers(1, 200, people).astype(float)
    reach = csr_matrix((cdist(at, at) <= radius_m).astype(float))
    rows = np.hstack([np.eye(people), -reach.toarray()])
    budget = np.concatenate([np.zeros(people), np.ones(people)])
    plain = milp(
        np.concatenate([-weights, np.zeros(people)]),
        integrality=np.concatenate([np.zeros(people), np.ones(people)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            np.vstack([rows, budget]), ub=np.concatenate([np.zeros(people), [places]])
        ),
        options={"mip_rel_gap": 0.0},
    )
    found = max_cover(weights, reach, places)
    assert found.is_optimal
    assert found.covered == pytest.approx(-plain.fun)


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


def _districts() -> tuple[NDArray[np.float64], csr_matrix]:
    """Return a problem that takes far longer than any test waits."""
    draw = np.random.default_rng(11)
    cells = random_array((6000, 600), density=0.015, rng=draw)
    return draw.uniform(1, 100, 6000), csr_matrix(cells > 0, dtype=float)


def test_who_cancels_gets_the_best_so_far_at_once_and_leaves_no_process() -> None:
    weights, reach = _districts()
    heard: list[tuple[float, float, float]] = []

    def is_cancelled() -> bool:
        return len(heard) >= 2 and heard[-1][1] < heard[0][1]

    found = max_cover(
        weights,
        reach,
        30,
        progress=lambda *told: heard.append(told),
        is_cancelled=is_cancelled,
    )
    assert found.was_cancelled
    assert not found.is_optimal
    assert found.covered == pytest.approx(_weight(weights, reach, found.chosen))
    assert greedy_cover(weights, reach, 30).covered <= found.covered < found.bound
    assert multiprocessing.active_children() == []


def test_progress_never_goes_back_and_ends_where_the_result_is() -> None:
    weights, reach = _districts()
    heard: list[tuple[float, float, float]] = []
    found = max_cover(
        weights, reach, 30, time_limit_s=3.0, progress=lambda *told: heard.append(told)
    )
    covered, bound, seconds = np.array(heard).T
    assert (np.diff(covered) >= 0).all()
    assert (np.diff(bound) <= 1e-9).all()
    assert (np.diff(seconds) > 0).all()
    assert found.covered >= covered[-1]
    assert found.bound <= bound[-1] + 1e-9
    assert not found.was_cancelled
    assert found.seconds < 10


@settings(deadline=None, max_examples=3)
@given(cities())
def test_a_proof_in_a_process_of_its_own_is_the_same(city: City) -> None:
    weights, reach, k, kept = city
    here = max_cover(weights, reach, k, kept=kept)
    apart = max_cover(weights, reach, k, kept=kept, is_cancelled=lambda: False)
    assert apart.is_optimal
    assert apart.covered == pytest.approx(here.covered)


ORPHAN = """
import multiprocessing
import numpy as np
from scipy.sparse import csr_matrix, random_array
from geodata.siting import max_cover

if __name__ == "__main__":
    draw = np.random.default_rng(11)
    cells = random_array((6000, 600), density=0.015, rng=draw)
    weights, reach = draw.uniform(1, 100, 6000), csr_matrix(cells > 0, dtype=float)

    def told(*_):
        for each in multiprocessing.active_children():
            if each.pid not in said:
                said.append(each.pid)
                print(each.pid, flush=True)

    said = []
    max_cover(weights, reach, 30, progress=told)
"""


def test_a_proof_ends_with_whoever_asked_for_it(tmp_path: Path) -> None:
    script = tmp_path / "asks.py"
    script.write_text(ORPHAN)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as asks:
        try:
            assert asks.stdout is not None
            child = psutil.Process(int(asks.stdout.readline()))
            wait_for(
                lambda: child.num_threads() > 1 and child.cpu_times().user > 1,
                within_s=60,
                what="a child at work",
            )
        finally:
            asks.kill()
    gone, _ = psutil.wait_procs([child], timeout=10)
    assert gone == [child]


@settings(deadline=None)
@given(cities())
def test_no_price_bounds_less_than_the_best_choice(city: City) -> None:
    weights, reach, k, kept = city
    problem = open_problem(weights, reach, k, kept)
    best = _best(city) - problem.covered_before
    if not problem.k or not problem.reach.shape[0]:
        return
    for each in bounds(problem, lambda: best - 1.0):
        assert each.value >= best - 1e-9


@settings(deadline=None)
@given(cities())
def test_an_exchange_never_covers_less(city: City) -> None:
    weights, reach, k, kept = city
    problem = open_problem(weights, reach, k, kept)
    chosen = greedy_choice(problem)
    after = exchanged(problem, chosen)
    assert len(after) == len(chosen)
    assert problem.weight(after) >= problem.weight(chosen) - 1e-9
