"""
What choosing costs: the preview in a large city, and the proof beside the plain programme.

`python -m bench.siting`: 40,000 places where people live and 1,000 candidates within 400 m of
them, invented; and cities in which everybody is a candidate, as large as published ones.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, vstack
from scipy.sparse import identity as identity_matrix
from scipy.spatial import cKDTree

from bench.table import Figure, are_met, tell
from geodata.siting import greedy_cover, max_cover

PEOPLE, CANDIDATES, SIDE_M, REACH_M, SPOTS = 40_000, 1000, 6000.0, 400.0, 20
PREVIEW_AIM_S = 0.1
CITIES = ((324, 5, 800.0), (818, 9, 800.0), (818, 12, 800.0))
LIMIT_S = 20.0
REPEATS = 5


def main() -> int:
    """Measure, tell, and return 1 where an aim was missed."""
    parser = argparse.ArgumentParser(prog="bench.siting", description=__doc__)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    figures = [*_large(), *(figure for each in CITIES for figure in _everybody(*each))]
    tell("Siting", figures, ["Cities and people are synthetic."], as_json=given.as_json)
    return int(not are_met(figures))


def _large() -> list[Figure]:
    draw = np.random.default_rng(20261123)
    homes, spots = (draw.uniform(0, SIDE_M, (count, 2)) for count in (PEOPLE, CANDIDATES))
    weights, reach = draw.uniform(0, 3, PEOPLE), _within(homes, spots, REACH_M)
    ours_s = _median_s(lambda: greedy_cover(weights, reach, SPOTS))
    theirs_s = _median_s(lambda: _plain_greedy(weights, reach.toarray() > 0))
    preview = greedy_cover(weights, reach, SPOTS)
    differs = abs(preview.covered / _plain_greedy(weights, reach.toarray() > 0) - 1)
    found = max_cover(weights, reach, SPOTS, time_limit_s=LIMIT_S)
    return [
        Figure(f"pairs in reach, {PEOPLE:,} homes and {CANDIDATES:,} candidates", reach.nnz, ""),
        Figure(f"preview of {SPOTS} spots, median", ours_s, "s", PREVIEW_AIM_S),
        Figure("the same with plain numpy", theirs_s, "s"),
        Figure("share by which the two differ", differs, "", 1e-9),
        Figure("preview beside the best that is known", preview.covered / found.covered, ""),
        Figure(f"gap that is left after {LIMIT_S:g} s", found.gap * 100, "%"),
    ]


def _everybody(count: int, spots: int, radius_m: float) -> list[Figure]:
    draw = np.random.default_rng(count + spots)
    at = draw.uniform(0, SIDE_M, (count, 2))
    weights, reach = draw.integers(1, 150, count).astype(float), _within(at, at, radius_m)
    began_s = time.perf_counter()
    found = max_cover(weights, reach, spots)
    between_s = time.perf_counter()
    covered = _programme(weights, reach, spots)
    ended_s = time.perf_counter()
    name = f"{count} places, {spots} chosen, proven"
    return [
        Figure(name, between_s - began_s, "s"),
        Figure("the same as a plain programme of HiGHS", ended_s - between_s, "s"),
        Figure("share by which the two differ", abs(found.covered / covered - 1), "", 1e-9),
    ]


def _within(homes: NDArray[np.float64], spots: NDArray[np.float64], radius_m: float) -> csr_matrix:
    pairs = cKDTree(homes).sparse_distance_matrix(
        cKDTree(spots), radius_m, output_type="coo_matrix"
    )
    ones = np.ones(len(pairs.row))
    return csr_matrix((ones, (pairs.row, pairs.col)), shape=(len(homes), len(spots)))


def _plain_greedy(weights: NDArray[np.float64], reach: NDArray[np.bool_]) -> float:
    left = weights.copy()
    for _ in range(SPOTS):
        gains = left @ reach
        left[reach[:, int(np.argmax(gains))]] = 0.0
    return float(weights.sum() - left.sum())


def _programme(weights: NDArray[np.float64], reach: csr_matrix, spots: int) -> float:
    rows, columns = reach.shape
    budget = csr_matrix(np.concatenate([np.zeros(rows), np.ones(columns)]))
    matrix = vstack([hstack([identity_matrix(rows), -reach]), budget]).tocsc()
    result = milp(
        np.concatenate([-weights, np.zeros(columns)]),
        integrality=np.concatenate([np.zeros(rows), np.ones(columns)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, ub=np.concatenate([np.zeros(rows), [spots]])),
        options={"mip_rel_gap": 0.0},
    )
    return -float(result.fun)


def _median_s(do: Callable[[], object]) -> float:
    took = []
    for _ in range(REPEATS):
        began_s = time.perf_counter()
        do()
        took.append(time.perf_counter() - began_s)
    return statistics.median(took)


if __name__ == "__main__":
    sys.exit(main())
