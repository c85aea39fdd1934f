"""Which offers in reach the people of a group may use: by their age, and by what they meet."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netmon.domain.conditions import Conditions
from netmon.domain.groups import Group


@dataclass(frozen=True, slots=True)
class Band:
    """A share (0-1) of a group that may use the same offers, (n,) of which `allowed` tells."""

    share: float
    allowed: NDArray[np.bool_]


def bands(conditions: Sequence[Conditions], group: Group, ages: Sequence[float]) -> list[Band]:
    """
    Divide a group by what its people may use; the shares add up to 1.

    Parameters
    ----------
    conditions
        Of each offer.
    group
        Its ages and what its people meet.
    ages
        People of each age in the whole city, from 0 on: within its ages, a group is taken to be
        as old as all people are. Where it is empty an age limit keeps out only a group that lies
        wholly beyond it.
    """
    meets = np.array([each.needs <= group.meets for each in conditions], bool)
    first, last = group.ages or (0, 120)
    by_age = list(enumerate(ages))[first : last + 1]
    total = sum(people for _, people in by_age)
    if not total:
        overlaps = [_overlaps(each, first, last) for each in conditions]
        return [Band(1.0, meets & np.array(overlaps, bool))]
    found: dict[bytes, tuple[float, NDArray[np.bool_]]] = {}
    for age, people in by_age:
        allowed = meets & np.array([each.admits_age(age) for each in conditions], bool)
        known, _ = found.get(allowed.tobytes(), (0.0, allowed))
        found[allowed.tobytes()] = (known + people, allowed)
    return [Band(people / total, allowed) for people, allowed in found.values() if people]


def _overlaps(each: Conditions, first: int, last: int) -> bool:
    is_old = each.least_age is None or last >= each.least_age
    return is_old and (each.most_age is None or first <= each.most_age)
