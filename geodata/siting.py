"""
Where a few more places would serve the most people: maximal covering location.

Church and ReVelle, "The maximal covering location problem", Papers of the Regional Science
Association 32 (1974): choose k candidates so that the weight of all demand with at least one of
them in reach is largest. Solved to a proven bound by HiGHS.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_matrix

from geodata.cover_child import proven_apart
from geodata.cover_exact import Found, proven
from geodata.cover_greedy import greedy_choice
from geodata.cover_problem import Chosen, CoverProblem, open_problem

Progress = Callable[[float, float, float], None]
"""Hears what is covered so far, what no choice exceeds, and the seconds since it began."""


@dataclass(frozen=True, slots=True)
class Cover:
    """
    A choice of candidates: their indices, ascending, and the weight with one of them in reach.

    No choice of as many covers more than `bound`; `is_optimal` where that is reached. Where
    somebody cancelled it is the best so far.
    """

    chosen: tuple[int, ...]
    covered: float
    bound: float
    is_optimal: bool
    seconds: float
    was_cancelled: bool = False

    @property
    def gap(self) -> float:
        """Return how much more, relatively, the best choice could cover at most."""
        return max(0.0, self.bound - self.covered) / self.bound if self.bound else 0.0


def max_cover(  # noqa: PLR0913 - three say what, three how long
    weights: ArrayLike,
    reach: csr_matrix,
    k: int,
    *,
    time_limit_s: float | None = None,
    kept: Collection[int] = (),
    progress: Progress | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Cover:
    """
    Choose the k candidates that cover the most weight.

    Parameters
    ----------
    weights
        (n,) of demand, finite and not negative.
    reach
        (n, m) of zeros and ones: which candidates each demand has in reach.
    k
        How many to choose at most, beside those kept: what would add nothing is not chosen.
    time_limit_s
        After so long the best choice so far is returned, with what is known of the optimum.
    kept
        Candidates that stand already: they cover, and cost none of the k.
    progress
        Called about ten times a second, with totals that count what is kept, too.
    is_cancelled
        Asked as often; once it says yes, the best choice so far is returned within a second.
        With one of the two, the proof is worked out in a process of its own.

    Raises
    ------
    ValueError
        Where shapes, weights or k make no sense.
    """
    began_s = time.perf_counter()
    problem = open_problem(weights, reach, k, kept)

    def tell(found: Found) -> None:
        if progress is not None:
            before = problem.covered_before
            took_s = time.perf_counter() - began_s
            progress(before + found.covered, before + found.bound, took_s)

    if progress is None and is_cancelled is None:
        deadline_s = None if time_limit_s is None else time.monotonic() + time_limit_s
        return _cover(problem, proven(problem, deadline_s, tell), began_s)
    asked = is_cancelled or (lambda: False)
    found, was_cancelled = proven_apart(problem, time_limit_s, tell, asked)
    return _cover(problem, found, began_s, was_cancelled=was_cancelled)


def greedy_cover(
    weights: ArrayLike, reach: csr_matrix, k: int, *, kept: Collection[int] = ()
) -> Cover:
    """
    Choose one after the other what adds most: a preview, at least 63 % of the best.

    The bound is what the proof of that share leaves (Nemhauser, Wolsey, Fisher 1978), or all
    demand, whichever is less. Raises what `max_cover` does.
    """
    began_s = time.perf_counter()
    problem = open_problem(weights, reach, k, kept)
    chosen = greedy_choice(problem)
    gained = problem.weight(chosen)
    bound = min(float(problem.weights.sum()), gained / (1 - np.exp(-1)))
    if len(chosen) < problem.k or problem.k == 0:
        bound = gained  # nothing that is left adds anything
    return _cover(problem, Found(chosen, gained, bound), began_s)


def _cover(
    problem: CoverProblem, found: Found, began_s: float, *, was_cancelled: bool = False
) -> Cover:
    useful = _useful(problem, found.chosen)
    chosen = tuple(int(each) for each in np.sort(problem.columns[useful]))
    before = problem.covered_before
    covered = before + found.covered
    bound = max(covered, before + found.bound)
    took_s = time.perf_counter() - began_s
    return Cover(chosen, covered, bound, found.is_optimal, took_s, was_cancelled)


def _useful(problem: CoverProblem, chosen: Chosen) -> Chosen:
    """Return those of a choice that add something to the others."""
    alone = CoverProblem(problem.weights, problem.reach[:, chosen], len(chosen), chosen, 0.0)
    return chosen[greedy_choice(alone)]
