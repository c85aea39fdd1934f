"""
What no choice exceeds, by a price on each row: Lagrangian relaxation with subgradient steps.

Galvão and ReVelle, "A Lagrangean heuristic for the maximal covering location problem", European
Journal of Operational Research 88 (1996). With a price λᵢ of 0 to wᵢ on "whoever counts has a
chosen place in reach", every row counts wᵢ - λᵢ, and the k places with the highest sums of prices
are best: that bounds all choices. Prices move towards where that bound is lowest, which is that
of the problem with shares of places, at a hundredth of its cost in a large city.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.cover_problem import Chosen, CoverProblem

MOST_STEPS = 600
PATIENCE = 15
"""After so many steps without a lower bound they become half as long."""

SHORTEST = 1e-3
_FIRST = 1.5


@dataclass(frozen=True, slots=True)
class Bound:
    """
    What no choice exceeds, and what that says of each place.

    `without` (columns,) bounds the choices without the place, `with_it` those with it.
    """

    value: float
    without: NDArray[np.float64]
    with_it: NDArray[np.float64]
    best: Chosen


def bounds(problem: CoverProblem, aim: Callable[[], float]) -> Iterator[Bound]:
    """Yield each lower bound as prices move; `aim` is the weight of the best choice known."""
    columns = problem.reach.T.tocsr()
    weights = problem.weights
    prices = weights / np.maximum(problem.reach @ np.ones(problem.reach.shape[1]), 1.0)
    lowest, stride, waited = np.inf, _FIRST, 0
    for _ in range(MOST_STEPS):
        scores = columns @ prices
        taken = np.argpartition(-scores, problem.k - 1)[: problem.k]
        value = float((weights - prices).sum() + scores[taken].sum())
        if value < lowest * (1 - 1e-9):
            lowest, waited = value, 0
            yield _told(value, scores, taken)
        elif (waited := waited + 1) >= PATIENCE:
            stride, waited = stride / 2, 0
        is_taken = np.zeros(len(scores))
        is_taken[taken] = 1.0
        slope = problem.reach @ is_taken - 1.0  # of the bound, as prices rise
        length = float(slope @ slope)
        if stride < SHORTEST or length == 0 or value <= aim():
            return
        step = stride * (value - aim()) / length
        prices = np.clip(prices - step * slope, 0.0, weights)


def _told(value: float, scores: NDArray[np.float64], taken: Chosen) -> Bound:
    is_taken = np.zeros(len(scores), bool)
    is_taken[taken] = True
    worst_in = float(scores[taken].min())
    best_out = float(scores[~is_taken].max()) if not is_taken.all() else 0.0
    with_it = np.where(is_taken, value, value - worst_in + scores)
    without = np.where(is_taken, value - scores + best_out, value)
    return Bound(value, without, with_it, taken.astype(np.int64))
