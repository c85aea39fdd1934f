"""Small arithmetic on numbers of which some are not known (None)."""

from collections.abc import Iterable
from typing import TypeVar

Number = TypeVar("Number", int, float)


def total(parts: Iterable[int | None]) -> int | None:
    """Return the sum of what is known, None where nothing is."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def first(values: Iterable[Number | None]) -> Number | None:
    """Return the first number that is known."""
    return next((value for value in values if value is not None), None)


def ratio(value: float | None) -> float | None:
    """Return a ratio, held between 0 and 1."""
    return None if value is None else min(max(value, 0.0), 1.0)
