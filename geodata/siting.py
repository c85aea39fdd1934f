"""
Where a few more places would serve the most people: maximal covering location.

Church and ReVelle, "The maximal covering location problem", Papers of the Regional Science
Association 32 (1974): choose k candidates so that the weight of all demand with at least one of
them in reach is largest. Solved to a proven bound by HiGHS.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_matrix, hstack, vstack
from scipy.sparse import identity as identity_matrix

GAP = 1e-9
"""How far, relatively, the bound may lie from what is called optimal."""


@dataclass(frozen=True, slots=True)
class Cover:
    """
    A choice of candidates: their indices, ascending, and the weight with one of them in reach.

    No choice of as many covers more than `bound`; `is_optimal` where that is reached.
    """

    chosen: tuple[int, ...]
    covered: float
    bound: float
    is_optimal: bool
    seconds: float

    @property
    def gap(self) -> float:
        """Return how much more, relatively, the best choice could cover at most."""
        return max(0.0, self.bound - self.covered) / self.bound if self.bound else 0.0


def max_cover(
    weights: ArrayLike,
    reach: csr_matrix,
    k: int,
    *,
    time_limit_s: float | None = None,
    kept: Collection[int] = (),
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

    Raises
    ------
    ValueError
        Where shapes, weights or k make no sense.
    """
    began_s = time.perf_counter()
    demand, standing = _checked(weights, reach, k, kept)
    covered_before, rest, open_reach = _unserved(demand, reach, standing)
    bundled, signatures = _bundled(rest, open_reach)
    free = np.setdiff1d(np.arange(reach.shape[1]), standing)
    count = min(k, len(free))
    found = _solved(bundled, signatures[:, free], count, time_limit_s)
    greedy = _greedy(bundled, signatures[:, free], count)
    best, bound = _better(bundled, signatures[:, free], found, greedy)
    covered = covered_before + _weight(bundled, signatures[:, free], best)
    limit = max(covered, covered_before + bound)
    return Cover(
        tuple(int(each) for each in np.sort(free[best])),
        covered,
        limit,
        limit - covered <= GAP * max(limit, 1.0),
        time.perf_counter() - began_s,
    )


def greedy_cover(
    weights: ArrayLike, reach: csr_matrix, k: int, *, kept: Collection[int] = ()
) -> Cover:
    """
    Choose one after the other what adds most: a preview, at least 63 % of the best.

    The bound is what the proof of that share leaves (Nemhauser, Wolsey, Fisher 1978), or all
    demand, whichever is less. Raises what `max_cover` does.
    """
    began_s = time.perf_counter()
    demand, standing = _checked(weights, reach, k, kept)
    before, rest, open_reach = _unserved(demand, reach, standing)
    free = np.setdiff1d(np.arange(reach.shape[1]), standing)
    chosen = _greedy(rest, open_reach[:, free], k)
    gained = _weight(rest, open_reach[:, free], chosen)
    bound = before + min(float(rest.sum()), gained / (1 - np.exp(-1)))
    covered = before + gained
    is_all = len(chosen) < k or bound - covered <= GAP * max(bound, 1.0)
    indices = tuple(int(each) for each in np.sort(free[chosen]))
    took_s = time.perf_counter() - began_s
    return Cover(indices, covered, covered if is_all else bound, is_all, took_s)


def _checked(
    weights: ArrayLike, reach: csr_matrix, k: int, kept: Collection[int]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    demand = np.asarray(weights, float)
    if demand.shape != (reach.shape[0],):
        raise ValueError(f"weights: expected {reach.shape[0]}, one a row, found {demand.shape}")
    if not np.all(np.isfinite(demand) & (demand >= 0)):
        raise ValueError("weights: expected finite numbers from 0 on")
    if k < 0:
        raise ValueError(f"k: expected 0 or more, found {k}")
    standing = np.unique(np.asarray(sorted(kept), np.int64))
    if standing.size and not 0 <= standing[0] <= standing[-1] < reach.shape[1]:
        raise ValueError(f"kept: expected columns under {reach.shape[1]}, found {standing[-1]}")
    return demand, standing


def _unserved(
    demand: NDArray[np.float64], reach: csr_matrix, standing: NDArray[np.int64]
) -> tuple[float, NDArray[np.float64], csr_matrix]:
    """Return the weight that is covered already, and the demand that is not."""
    served = np.asarray(reach[:, standing].sum(axis=1)).ravel() > 0
    return float(demand[served].sum()), demand[~served], csr_matrix(reach[~served])


def _bundled(
    demand: NDArray[np.float64], reach: csr_matrix
) -> tuple[NDArray[np.float64], csr_matrix]:
    """Put demand together that reaches the same candidates; who reaches none is left out."""
    rows = csr_matrix(reach, copy=True)
    rows.eliminate_zeros()
    rows.sort_indices()
    first: dict[bytes, int] = {}
    bundle = np.full(len(demand), -1)
    for row in np.flatnonzero((np.diff(rows.indptr) > 0) & (demand > 0)):
        signature = rows.indices[rows.indptr[row] : rows.indptr[row + 1]].tobytes()
        bundle[row] = first.setdefault(signature, len(first))
    counted = bundle >= 0
    sums = np.bincount(bundle[counted], demand[counted], len(first))
    _, examples = np.unique(bundle[counted], return_index=True)
    bundles: NDArray[np.float64] = sums.astype(float)
    return bundles, rows[np.flatnonzero(counted)[examples]]


def _greedy(demand: NDArray[np.float64], reach: csr_matrix, k: int) -> NDArray[np.int64]:
    columns, left = reach.tocsc(), demand.copy()
    chosen: list[int] = []
    for _ in range(min(k, reach.shape[1])):
        gains = columns.T @ left
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            break
        chosen.append(best)
        left[columns.indices[columns.indptr[best] : columns.indptr[best + 1]]] = 0.0
    return np.asarray(chosen, np.int64)


def _solved(
    demand: NDArray[np.float64], reach: csr_matrix, k: int, time_limit_s: float | None
) -> OptimizeResult | None:
    """Maximise Σ wᵢyᵢ with yᵢ ≤ Σⱼ xⱼ in reach of i, and Σ xⱼ ≤ k; only the xⱼ are whole."""
    rows, columns = reach.shape
    if not rows or not k:
        return None
    covers = hstack([identity_matrix(rows), -reach])
    budget = csr_matrix(np.concatenate([np.zeros(rows), np.ones(columns)]))
    limits = np.concatenate([np.zeros(rows), [float(k)]])
    return milp(
        np.concatenate([-demand, np.zeros(columns)]),
        integrality=np.concatenate([np.zeros(rows), np.ones(columns)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(vstack([covers, budget]).tocsc(), ub=limits),
        options={"mip_rel_gap": 0.0}
        | ({} if time_limit_s is None else {"time_limit": time_limit_s}),
    )


def _better(
    demand: NDArray[np.float64],
    reach: csr_matrix,
    found: OptimizeResult | None,
    greedy: NDArray[np.int64],
) -> tuple[NDArray[np.int64], float]:
    """Return the better of both choices, and what no choice exceeds."""
    everything = float(demand.sum())
    if found is None:
        return greedy, _weight(demand, reach, greedy)
    known = getattr(found, "mip_dual_bound", None)
    bound = everything if known is None else min(everything, -float(known))
    if found.x is None:
        return greedy, bound
    exact = np.flatnonzero(found.x[len(demand) :] > 0.5)  # noqa: PLR2004 - whole but for rounding
    if _weight(demand, reach, exact) < _weight(demand, reach, greedy):
        return greedy, bound
    return exact[_greedy(demand, reach[:, exact], len(exact))], bound  # each of them adds something


def _weight(demand: NDArray[np.float64], reach: csr_matrix, chosen: NDArray[np.int64]) -> float:
    return float(demand[np.asarray(reach[:, chosen].sum(axis=1)).ravel() > 0].sum())
