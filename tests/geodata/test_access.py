"""Access is divided as PySAL divides it, nothing is lost, and unevenness is measured right."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geodata.access import Gravity, Steps, gini, palma, two_step_access

DOCTORS, PATIENTS = [15, 20, 100], [100, 50, 10]
"""The hospital example that the package `access` of PySAL is tested with (BSD 3-Clause)."""

JAMMED = 40.0, 40.0, 80.0
"""Into the third town, out of it, and between the other two."""

SCENARIOS = [
    (JAMMED, (0.331444, 0.579828, 7.286418)),
    ((20.0, 40.0, 80.0), (0.435340, 0.683724, 5.727977)),
    ((40.0, 20.0, 80.0), (0.331072, 0.577858, 7.299992)),
    ((20.0, 20.0, 40.0), (0.442568, 0.666758, 5.740525)),
]

COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=12)


@pytest.mark.parametrize(("ways", "expected"), SCENARIOS)
def test_the_hospital_example_of_pysal_comes_out(
    ways: tuple[float, float, float], expected: tuple[float, float, float]
) -> None:
    inbound, outbound, other = ways
    from_to = np.array([[1, other, inbound], [other, 1, inbound], [outbound, outbound, 1]])
    found = two_step_access(DOCTORS, PATIENTS, from_to.T, Gravity(1.0, 61.0))
    assert found == pytest.approx(expected, abs=5e-7)


@st.composite
def _towns(draw: st.DrawFn) -> tuple[NDArray[np.float64], ...]:
    places, origins = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    distance = st.sampled_from([0.0, 100.0, 400.0, 400.1, 900.0, 1200.0, 1300.0, np.inf])
    cells = draw(st.lists(distance, min_size=places * origins, max_size=places * origins))
    supply = draw(st.lists(st.integers(0, 40), min_size=places, max_size=places))
    people = draw(st.lists(st.integers(0, 90), min_size=origins, max_size=origins))
    shape = np.array(cells).reshape(places, origins)
    return np.array(supply, float), np.array(people, float), shape


@given(_towns(), st.sampled_from([Steps(), Gravity()]))
def test_all_that_anybody_reaches_falls_to_somebody(
    town: tuple[NDArray[np.float64], ...], decay: Steps | Gravity
) -> None:
    supply, people, distances = town
    reached = (decay(distances) * people).sum(axis=1) > 0
    fallen = two_step_access(supply, people, distances, decay)
    assert fallen @ people == pytest.approx(supply[reached].sum())


def test_steps_end_where_they_say() -> None:
    assert Steps()(np.array([0.0, 400.0, 400.1, 1200.0, 1200.1, np.inf])).tolist() == [
        1.0,
        1.0,
        0.68,
        0.22,
        0.0,
        0.0,
    ]


@given(COUNTS)
def test_gini_is_half_the_mean_difference(values: list[int]) -> None:
    assume(sum(values) > 0)
    apart = np.abs(np.subtract.outer(values, values)).mean()
    assert gini(values, np.ones(len(values))) == pytest.approx(apart / 2 / np.mean(values))


@given(COUNTS, st.integers(1, 5))
def test_counting_everybody_more_often_changes_nothing(values: list[int], times: int) -> None:
    assume(sum(values) > 0)
    people = np.ones(len(values))
    assert gini(values * times, np.ones(len(values) * times)) == pytest.approx(gini(values, people))
    assert gini(values, people * times) == pytest.approx(gini(values, people))


def test_who_all_have_the_same_are_even() -> None:
    assert gini([3, 3, 3], [1, 5, 0.5]) == pytest.approx(0)
    assert palma([3, 3, 3], [1, 5, 0.5]) == pytest.approx(0.25)


def test_the_richest_tenth_beside_the_poorest_four() -> None:
    assert palma([1, 1, 1, 1, 2, 2, 2, 2, 2, 8], np.ones(10)) == pytest.approx(2.0)


@pytest.mark.parametrize(("values", "people"), [([], []), ([1], [0]), ([0, 0], [2, 3])])
def test_where_nobody_has_anything_nothing_is_uneven(
    values: list[float], people: list[float]
) -> None:
    assert gini(values, people) is None
    assert palma(values, people) is None
