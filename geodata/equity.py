"""Whether those who have little money also have little within reach."""

import numpy as np
from numpy.typing import ArrayLike


def concentration(values: ArrayLike, people: ArrayLike, income: ArrayLike) -> float | None:
    """
    Return the concentration index of something against income: -1 to 1.

    Below 0 the poorer have more of it, above 0 the richer; 0 where income makes no difference.
    After Kakwani, Wagstaff and van Doorslaer, "Socioeconomic inequalities in health", Journal of
    Econometrics 77 (1997): twice the covariance of what one has with one's rank, over the mean.
    People of one income have one rank, in the middle of theirs.

    Parameters
    ----------
    values
        (n,) what each person there has, 0 or more.
    people
        (n,) how many they are; may be fractions.
    income
        (n,) by which they are ranked; where it is NaN nobody knows it, and these are left out.

    Returns
    -------
    None where nobody is left, or nobody has anything.
    """
    known = np.isfinite(np.asarray(income, float))
    held = np.asarray(values, float)[known]
    weights = np.asarray(people, float)[known]
    total = weights.sum()
    if total <= 0 or (held * weights).sum() <= 0:
        return None
    _, level = np.unique(np.asarray(income, float)[known], return_inverse=True)
    at_level = np.bincount(level, weights)
    rank = ((np.cumsum(at_level) - at_level / 2) / total)[level]
    mean = (held * weights).sum() / total
    return float(2 * (weights * held * rank).sum() / (total * mean) - 1)
