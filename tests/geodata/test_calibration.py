"""A walk test finds what was hidden in it, says how well it holds, and refuses to guess."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.calibration import LEAST_BY_DEVICE, Readings, TooLittleError, fit

OFFSETS = {"ap-1": -6.0, "ap-2": 4.5, "ap-3": 0.0}


def _walk(slope=0.0, sigma_db=0.0, by_device=30, farthest_m=100.0, seed=1):
    """Return readings of a model that is off by OFFSETS and a slope, at places far apart."""
    draw = np.random.default_rng(seed)
    device = np.repeat(list(OFFSETS), by_device)
    distance_m = draw.uniform(5, farthest_m, len(device))
    model_dbm = -30 - 21 * np.log10(distance_m)
    off_db = np.array([OFFSETS[each] for each in device]) - slope * np.log10(distance_m / 30)
    heard_dbm = model_dbm + off_db + draw.normal(0, sigma_db, len(device))
    x_m = np.arange(len(device)) * 10.0
    return Readings(list(device), x_m, x_m * 0, distance_m, model_dbm, heard_dbm)


@given(st.floats(-8, 20))
def test_without_noise_offsets_and_slope_come_back_exactly(slope):
    made = fit(_walk(slope))
    assert made.offsets_db == pytest.approx(OFFSETS, abs=1e-6)
    assert made.slope_db_per_decade == pytest.approx(slope, abs=1e-6)
    assert made.exponent == pytest.approx(2.12 + slope / 10)
    assert made.rmse_db == pytest.approx(0, abs=1e-6)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_what_is_left_out_in_turn_is_what_refitting_without_it_foretells(seed):
    walk = _walk(5.0, 8.0, by_device=16, seed=seed)
    count = len(walk.device)
    off_db = []
    for nth in range(count):
        rest = np.arange(count) != nth
        left = fit(_only(walk, rest))
        distance = np.log10(walk.distance_m[nth] / 30)
        told = left.offsets_db[walk.device[nth]] - left.slope_db_per_decade * distance
        off_db.append(walk.heard_dbm[nth] - walk.model_dbm[nth] - told)
    assert fit(walk).rmse_db == pytest.approx(np.sqrt(np.mean(np.square(off_db))))


def _only(walk, kept):
    return Readings(
        [each for each, is_kept in zip(walk.device, kept, strict=True) if is_kept],
        *(getattr(walk, name)[kept] for name in ("x_m", "y_m", "distance_m")),
        walk.model_dbm[kept],
        walk.heard_dbm[kept],
    )


def test_a_fit_of_noise_ends_near_the_noise_and_below_what_was_off_before():
    made = fit(_walk(6.0, 8.0, by_device=200))
    assert made.rmse_db == pytest.approx(8.0, rel=0.1)
    assert made.rmse_db < made.before_db
    assert made.offsets_db == pytest.approx(OFFSETS, abs=2.0)


def test_who_stands_still_counts_once():
    walk = _walk(3.0, 6.0)
    still = replace(walk, x_m=np.r_[walk.x_m, np.zeros(500)], y_m=np.zeros(len(walk.x_m) + 500))
    many = {
        name: np.r_[getattr(walk, name), np.full(500, getattr(walk, name)[0])]
        for name in ("distance_m", "model_dbm", "heard_dbm")
    }
    stayed = replace(still, device=[*walk.device, *["ap-1"] * 500], **many)
    assert fit(stayed).points == fit(walk).points == dict.fromkeys(OFFSETS, 30)
    assert fit(stayed).offsets_db == pytest.approx(fit(walk).offsets_db)


def test_a_device_with_too_few_points_is_left_out_of_it():
    walk = _walk(0.0, by_device=30)
    kept = np.array([each != "ap-3" for each in walk.device])
    kept[-(LEAST_BY_DEVICE - 1) :] = True
    assert set(fit(_only(walk, kept)).offsets_db) == {"ap-1", "ap-2"}


@pytest.mark.parametrize(
    ("walk", "expected"),
    [
        (_walk(by_device=0), "expected 10 points 5 m apart of one access point at least, found 0"),
        (_walk(by_device=9), "found 9 of the best one"),
        (_walk(by_device=12), "expected 40 points of access points with 10 or more, found 36"),
        (_walk(by_device=30, farthest_m=6), "near to and far from access points"),
        (_walk(60.0), "expected an exponent from 1 to 6, found 8.1"),
        (_walk(-20.0), "found 0.1"),
    ],
)
def test_where_there_is_too_little_to_go_by_it_says_what_is_missing(walk, expected):
    with pytest.raises(TooLittleError, match=expected):
        fit(walk)
