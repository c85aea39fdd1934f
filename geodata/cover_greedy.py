"""A good choice at once: what adds most, one after the other, and then by exchanging."""

import heapq

import numpy as np
from scipy.sparse import csc_matrix

from geodata.cover_problem import Chosen, CoverProblem

MOST_ROUNDS = 100
"""Of exchanges; each round that counts covers more, and few are ever needed."""


def greedy_choice(problem: CoverProblem) -> Chosen:
    """
    Return columns in the order in which they were chosen, those that add nothing left out.

    A column never adds more than it did before (Minoux 1978), so only those are looked at again
    that may still be the best.
    """
    columns = problem.reach.tocsc()
    left = problem.weights.copy()
    heap = [(-gain, column) for column, gain in enumerate((columns.T @ left).tolist()) if gain > 0]
    heapq.heapify(heap)
    chosen: list[int] = []
    while heap and len(chosen) < problem.k:
        _, column = heap[0]
        rows = _rows(columns, column)
        gain = float(left[rows].sum())
        if gain <= 0:
            heapq.heappop(heap)
        elif len(heap) > 1 and (-gain, column) > min(heap[1:3]):
            heapq.heapreplace(heap, (-gain, column))
        else:
            heapq.heappop(heap)
            chosen.append(column)
            left[rows] = 0.0
    return np.asarray(chosen, np.int64)


def exchanged(problem: CoverProblem, chosen: Chosen) -> Chosen:
    """Return a choice at least as good: one place is given for another while that covers more."""
    columns = problem.reach.tocsc()
    now = [int(each) for each in chosen]
    times = np.zeros(problem.reach.shape[0], np.int64)
    for column in now:
        times[_rows(columns, column)] += 1
    for _ in range(MOST_ROUNDS):
        is_better = False
        for place, column in enumerate(now):
            times[_rows(columns, column)] -= 1
            gains = columns.T @ np.where(times == 0, problem.weights, 0.0)
            best = int(np.argmax(gains))
            if gains[best] > gains[column] * (1 + 1e-12):
                now[place], is_better = best, True
            times[_rows(columns, now[place])] += 1
        if not is_better:
            break
    return np.asarray(now, np.int64)


def _rows(columns: csc_matrix, column: int) -> Chosen:
    rows: Chosen = columns.indices[columns.indptr[column] : columns.indptr[column + 1]]
    return rows
