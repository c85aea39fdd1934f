"""
How much of what is offered falls to each person, and how evenly.

Floating catchments after Luo and Qi, "An enhanced two-step floating catchment area (E2SFCA)
method", Health & Place 15 (2009): what a place has is first divided among all who can reach it,
then what each place gives a person is added up.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Metres = NDArray[np.float64]
Weights = NDArray[np.float64]
Decay = Callable[[Metres], Weights]
"""From distance (metres; infinite where out of reach) to a weight of 0 to 1, never rising."""


@dataclass(frozen=True, slots=True)
class Steps:
    """
    Weights by ranges of distance, the nearest first; beyond the last one nothing counts.

    The three weights are those of Luo and Qi, who gave them for minutes by car; the ranges are
    ours, for people on foot: 400 m is the reach that the ledger counts with.
    """

    upto_m: tuple[float, ...] = (400.0, 800.0, 1200.0)
    weights: tuple[float, ...] = (1.0, 0.68, 0.22)

    def __call__(self, distance_m: Metres) -> Weights:
        """Return the weight at each distance."""
        ranges = np.searchsorted(self.upto_m, distance_m, side="left")
        return np.array([*self.weights, 0.0])[ranges]


@dataclass(frozen=True, slots=True)
class Gravity:
    """A weight that falls with a power of the distance, and ends at `upto_m`."""

    power: float = 1.0
    upto_m: float = 1200.0

    def __call__(self, distance_m: Metres) -> Weights:
        """Return the weight at each distance; nearer than a metre counts as a metre."""
        weights = np.maximum(distance_m, 1.0) ** -self.power
        return np.where(distance_m <= self.upto_m, weights, 0.0)


def two_step_access(
    supply: ArrayLike, people: ArrayLike, distance_m: ArrayLike, decay: Decay
) -> NDArray[np.float64]:
    """
    Return how much of the supply falls to one person at each origin (E2SFCA).

    Parameters
    ----------
    supply
        (places,), such as computer-hours a week.
    people
        (origins,).
    distance_m
        (places, origins), infinite where nobody gets.
    decay
        How much a distance counts.

    Returns
    -------
    (origins,) in the unit of the supply a person. Weighted by people it adds up to the supply
    of all places that anybody reaches.
    """
    weights = decay(np.asarray(distance_m, float))
    supplies, crowd = np.asarray(supply, float), weights @ np.asarray(people, float)
    shares = np.divide(supplies, crowd, out=np.zeros_like(supplies), where=crowd > 0)
    fallen: NDArray[np.float64] = shares @ weights
    return fallen


def gini(values: ArrayLike, people: ArrayLike) -> float | None:
    """
    Return how unevenly something is spread: 0 where all have the same, near 1 where one has all.

    Half the mean difference between two people, over the mean; people may be fractions. None
    where nobody is, or nobody has anything.
    """
    order = np.argsort(np.asarray(values, float), kind="stable")
    amounts = np.asarray(values, float)[order]
    weights = np.asarray(people, float)[order]
    total, held = weights.sum(), (amounts * weights).sum()
    if total <= 0 or held <= 0:
        return None
    upto = np.cumsum(amounts * weights)
    between = ((upto - amounts * weights / 2) * weights).sum()
    return float(1 - 2 * between / (total * held))


def palma(values: ArrayLike, people: ArrayLike) -> float | None:
    """
    Return what the tenth that has most holds, over what the four tenths that have least hold.

    None where those hold nothing, or nobody is.
    """
    order = np.argsort(np.asarray(values, float), kind="stable")
    weights = np.asarray(people, float)[order]
    held = np.concatenate([[0.0], np.cumsum(np.asarray(values, float)[order] * weights)])
    counted = np.concatenate([[0.0], np.cumsum(weights)])
    if counted[-1] <= 0:
        return None
    upto_four, upto_nine = np.interp(np.array([0.4, 0.9]) * counted[-1], counted, held)
    return float((held[-1] - upto_nine) / upto_four) if upto_four > 0 else None
