"""What is still to be covered once existing places have covered theirs, and by which candidates."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

Chosen = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CoverProblem:
    """
    The open part of a problem: choose `k` columns so that the weight of rows met is largest.

    Parameters
    ----------
    weights
        (rows,), finite, 0 or more.
    reach
        (rows, columns) of ones, nothing else stored.
    k
        How many columns may be chosen at most.
    columns
        Which column of the whole problem each of these is.
    covered_before
        The weight that what is kept covers, which is in no row here.
    """

    weights: NDArray[np.float64]
    reach: csr_matrix
    k: int
    columns: Chosen
    covered_before: float

    def weight(self, chosen: Chosen) -> float:
        """Return the weight of the rows that these columns cover."""
        return float(self.weights[self.met(chosen)].sum())

    def met(self, chosen: Chosen) -> NDArray[np.bool_]:
        """Return which rows have one of these columns in reach."""
        is_chosen = np.zeros(self.reach.shape[1])
        is_chosen[chosen] = 1.0
        return np.asarray(self.reach @ is_chosen > 0)


def open_problem(
    weights: ArrayLike, reach: csr_matrix, k: int, kept: Collection[int]
) -> CoverProblem:
    """Return what is left to choose; raises `ValueError` where shapes, weights or k are wrong."""
    demand, standing = _checked(weights, reach, k, kept)
    rows = csr_matrix(reach)
    if rows.data.size and not rows.data.all():
        rows = rows.copy()
        rows.eliminate_zeros()
    free = np.setdiff1d(np.arange(rows.shape[1]), standing)
    count = min(k, len(free))
    if not standing.size:
        return CoverProblem(demand, rows, count, free, 0.0)
    is_standing = np.zeros(rows.shape[1])
    is_standing[standing] = 1.0
    served = rows @ is_standing > 0
    before = float(demand[served].sum())
    return CoverProblem(demand[~served], rows[~served][:, free], count, free, before)


def bundled(problem: CoverProblem) -> CoverProblem:
    """Return the same with rows put together that reach the same; who reaches none is left out."""
    rows = problem.reach.copy()
    rows.sort_indices()
    counted = np.flatnonzero((np.diff(rows.indptr) > 0) & (problem.weights > 0))
    first: dict[bytes, int] = {}
    bundle = np.empty(len(counted), np.int64)
    for number, row in enumerate(counted):
        signature = rows.indices[rows.indptr[row] : rows.indptr[row + 1]].tobytes()
        bundle[number] = first.setdefault(signature, len(first))
    sums = np.bincount(bundle, problem.weights[counted], len(first)).astype(float)
    _, examples = np.unique(bundle, return_index=True)
    together = rows[counted[examples]]
    return CoverProblem(sums, together, problem.k, problem.columns, problem.covered_before)


def _checked(
    weights: ArrayLike, reach: csr_matrix, k: int, kept: Collection[int]
) -> tuple[NDArray[np.float64], Chosen]:
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
