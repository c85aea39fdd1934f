"""The path loss is that of Recommendation ITU-R P.1411-12, by somebody else's figures."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.propagation import CASES, ROWS, Case, free_space_loss_db, holds, path_loss_db

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "p1411-12-path-loss.csv"
NAMES: dict[str, Case] = {
    "LoS urban": "los_urban",
    "NLoS urban high-rise": "nlos_high_rise",
    "NLoS residential": "nlos_residential",
}


@pytest.mark.shared
def test_every_reference_value_of_an_offered_case_agrees_within_a_thousandth_of_a_decibel() -> None:
    compared = 0
    with REFERENCE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            case = NAMES.get(row["case"])
            if case:
                found = path_loss_db(float(row["d_m"]), float(row["f_GHz"]), case)
                assert abs(found - float(row["loss_dB"])) < 0.001, row
                compared += 1
    assert compared == 120


@pytest.mark.shared
def test_what_the_reference_marks_as_out_of_range_does_not_hold() -> None:
    with REFERENCE.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["case"] in NAMES]
    for row in rows:
        flag = row["warn_flag(1 freq,2 dist)"]
        held = holds(float(row["d_m"]), float(row["f_GHz"]), NAMES[row["case"]])
        assert bool(held) is (flag == "0"), row


@given(
    st.sampled_from(CASES),
    st.floats(1, 700),
    st.floats(1.001, 3),
    st.floats(0.8, 73),
)
def test_farther_and_higher_is_never_heard_better(
    case: Case, near_m: float, times: float, f_ghz: float
) -> None:
    here = path_loss_db(near_m, f_ghz, case)
    assert path_loss_db(near_m * times, f_ghz, case) > here
    assert path_loss_db(near_m, f_ghz * times, case) > here


def test_arrays_are_answered_in_their_shape() -> None:
    distances = np.array([[10.0, 20.0], [30.0, 40.0]])
    found = path_loss_db(distances, 2.44, "los_urban")
    assert found.shape == (2, 2)
    assert found[1, 0] == path_loss_db(30.0, 2.44, "los_urban")


def test_the_row_of_low_houses_is_not_offered() -> None:
    with pytest.raises(ValueError, match=r"expected one of los_urban, .*, found 'nlos_low_rise'"):
        path_loss_db(50, 2.44, "nlos_low_rise")  # type: ignore[arg-type]


@pytest.mark.parametrize("distance_m", [0.0, -1.0, float("nan")])
def test_no_distance_has_no_loss(distance_m: float) -> None:
    with pytest.raises(ValueError, match="expected distances and frequencies over 0"):
        path_loss_db([10.0, distance_m], 2.44, "los_urban")


def test_free_space_is_that_of_a_kilometre_and_a_megahertz() -> None:
    assert free_space_loss_db(1000, 0.001) == pytest.approx(32.4478, abs=1e-4)


def test_every_case_has_a_row() -> None:
    assert set(CASES) == set(ROWS)
