"""The concentration index: known values, and the laws that it keeps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.access import gini
from geodata.equity import concentration

PEOPLE = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0.1, 50), st.integers(0, 9)), min_size=1, max_size=20
).map(lambda rows: np.array(rows, float).T)


def test_who_alone_has_something_decides() -> None:
    assert concentration([0, 0, 0, 8], [1, 1, 1, 1], [1, 2, 3, 4]) == pytest.approx(0.75)
    assert concentration([8, 0, 0, 0], [1, 1, 1, 1], [1, 2, 3, 4]) == pytest.approx(-0.75)
    assert concentration([2, 2], [3, 5], [1, 2]) == pytest.approx(0)


def test_where_nobody_has_anything_or_no_income_is_known_there_is_none() -> None:
    assert concentration([0, 0], [1, 1], [1, 2]) is None
    assert concentration([1, 2], [1, 1], [np.nan, np.nan]) is None
    assert concentration([], [], []) is None
    assert concentration([1, 7], [1, 1], [3, np.nan]) == pytest.approx(0)


@given(PEOPLE)
def test_ranked_by_what_they_have_it_is_the_gini(rows: np.ndarray) -> None:
    values, people, _ = rows
    expected = gini(values, people)
    found = concentration(values, people, values)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


@given(PEOPLE, st.floats(0.1, 10))
def test_units_of_money_and_of_supply_make_no_difference(rows: np.ndarray, factor: float) -> None:
    values, people, income = rows
    found = concentration(values, people, income)
    if found is None:
        return
    assert -1 <= found <= 1
    assert concentration(values * factor, people, income) == pytest.approx(found, abs=1e-9)
    assert concentration(values, people, income * 3 + 1) == pytest.approx(found, abs=1e-9)
    assert concentration(values, people, -income) == pytest.approx(-found, abs=1e-9)
