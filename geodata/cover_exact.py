"""
The best choice, proven by HiGHS: bound, good choice, what cannot matter left out, proof.

Whole places and shares of people: maximise Σ wᵢyᵢ with yᵢ ≤ Σⱼ xⱼ over the places j in reach of
i, and Σ xⱼ ≤ k. A bound that is cheap comes first: it tells which places cannot be in a choice
better than the one that is known, and which are in each; HiGHS gets the rest.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, vstack
from scipy.sparse import identity as identity_matrix

from geodata.cover_bound import bounds
from geodata.cover_greedy import exchanged, greedy_choice
from geodata.cover_problem import Chosen, CoverProblem, bundled

GAP = 1e-9
"""How far, relatively, the bound may lie from what is called optimal."""

_HALF = 0.5
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Found:
    """The best choice so far (columns of the open problem), its weight, and what none exceeds."""

    chosen: Chosen
    covered: float
    bound: float

    @property
    def is_optimal(self) -> bool:
        """Whether no choice covers more."""
        return self.bound - self.covered <= GAP * max(self.bound, 1.0)


Tell = Callable[[Found], None]
Limits = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Of each place, how many there are at least and at most, 0 or 1."""


def first_found(problem: CoverProblem) -> Found:
    """Return what is known at once; all weight bounds."""
    chosen = greedy_choice(problem)
    is_met = np.diff(problem.reach.indptr) > 0
    everything = float(problem.weights[is_met].sum()) if problem.k else 0.0
    return Found(chosen, problem.weight(chosen), everything)


def proven(problem: CoverProblem, deadline_s: float | None, tell: Tell) -> Found:
    """
    Return the best choice, or the best so far when the clock (`time.monotonic`) is at the deadline.

    `tell` hears of each better choice and each lower bound.
    """
    small = bundled(problem)
    best = first_found(small)
    tell(best)
    if best.is_optimal or not small.k:
        return best
    best = _better(small, best, exchanged(small, best.chosen))
    tell(best)
    best, limits = _bounded(small, best, deadline_s, tell)
    if best.is_optimal or _left_s(deadline_s) == 0:
        return best
    return _finished(small, best, limits, deadline_s)


def _better(problem: CoverProblem, best: Found, chosen: Chosen) -> Found:
    covered = problem.weight(chosen)
    if covered <= best.covered:
        return best
    return Found(chosen, covered, max(best.bound, covered))


def _bounded(
    problem: CoverProblem, best: Found, deadline_s: float | None, tell: Tell
) -> tuple[Found, Limits]:
    """Return a choice and a bound, and how many of each place a better choice may have."""
    count = problem.reach.shape[1]
    with_it, without = np.full(count, np.inf), np.full(count, np.inf)
    state = [best]
    for each in bounds(problem, lambda: state[0].covered):
        better = _better(problem, state[0], each.best)
        if better is not state[0]:
            better = _better(problem, better, exchanged(problem, better.chosen))
        value = max(min(better.bound, each.value * (1 + _ROUNDING)), better.covered)
        state[0] = Found(better.chosen, better.covered, value)
        with_it, without = np.minimum(with_it, each.with_it), np.minimum(without, each.without)
        tell(state[0])
        if state[0].is_optimal or _left_s(deadline_s) == 0:
            break
    best = state[0]
    beaten = best.covered - GAP * max(best.bound, 1.0)
    return best, ((without < beaten).astype(float), (with_it >= beaten).astype(float))


def _finished(
    problem: CoverProblem,
    best: Found,
    limits: Limits,
    deadline_s: float | None,
) -> Found:
    costs, matrix, upper = _model(problem)
    rows, columns = problem.reach.shape
    result = milp(
        costs,
        integrality=np.concatenate([np.zeros(rows), np.ones(columns)]),
        bounds=Bounds(
            np.concatenate([np.zeros(rows), limits[0]]), np.concatenate([np.ones(rows), limits[1]])
        ),
        constraints=LinearConstraint(matrix, ub=upper),
        options=_timed({"mip_rel_gap": 0.0}, deadline_s),
    )
    known = getattr(result, "mip_dual_bound", None)
    if result.x is not None:
        best = _better(problem, best, np.flatnonzero(result.x[rows:] > _HALF))
    if known is None:
        return best
    # What was left out may be as good as what was known, never better.
    return Found(best.chosen, best.covered, max(min(best.bound, -float(known)), best.covered))


def _model(problem: CoverProblem) -> tuple[NDArray[np.float64], csr_matrix, NDArray[np.float64]]:
    rows, columns = problem.reach.shape
    covers = hstack([identity_matrix(rows), -problem.reach])
    budget = csr_matrix(np.concatenate([np.zeros(rows), np.ones(columns)]))
    limits = np.concatenate([np.zeros(rows), [float(problem.k)]])
    costs = np.concatenate([-problem.weights, np.zeros(columns)])
    return costs, vstack([covers, budget]).tocsc(), limits


def _timed(options: dict[str, float], deadline_s: float | None) -> dict[str, float]:
    left_s = _left_s(deadline_s)
    return options if left_s is None else options | {"time_limit": left_s}


def _left_s(deadline_s: float | None) -> float | None:
    return None if deadline_s is None else max(0.0, deadline_s - time.monotonic())
