"""
What a walk through the streets with a phone says of the model: by how much it is off, and how sure.

One offset for each access point, for no two hang alike, and one slope for all: how much faster or
slower than in the model the signal falls with distance. Least squares; how well it holds is told by
leaving each point out in turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.link import REFERENCE_M
from geodata.propagation import ROWS

SQUARE_M = 5.0
"""
Readings of one access point within such a square are one point: their mean.

About 40 wavelengths at 2.4 GHz, over which fast fading evens out (Lee 1985); a person who waits at
a crossing, or a phone that writes every second, would else count a hundred times.
"""

LEAST_BY_DEVICE = 10
"""
Single places scatter by some 8 dB after fitting: ten tell an offset to 8 / √10 = 2.5 dB, less than
the 3 to 5 dB between two service classes.
"""

LEAST_POINTS = 40
LEAST_SPREAD = 0.15
"""
Points in all, and the standard deviation of the logarithm of their distances.

Forty tell the slope to 8 / (√40 × 0.15) = 8 dB a decade at worst; the usual walk past a mast,
from 5 to 80 m, spreads by 0.3 and gives half of that.
"""

EXPONENTS = (1.0, 6.0)
"""Signals fall with the first to the sixth power of distance; anything else is a mistake."""

Array = NDArray[np.float64]


class TooLittleError(Exception):
    """A walk cannot calibrate; the message says what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Readings:
    """
    What a phone heard of known access points, `(n,)` each.

    `model_dbm` is what the model expects there, without any calibration; `distance_m` lies in
    space. `x_m`, `y_m` are where the phone was (metric CRS).
    """

    device: Sequence[str]
    x_m: Array
    y_m: Array
    distance_m: Array
    model_dbm: Array
    heard_dbm: Array


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    How the model is put right.

    heard = model + offset_db of the device − slope_db_per_decade × log10(distance / 30 m).
    `points` counts those by device. `rmse_db` is left over where each point is foretold by all
    others; `before_db` what was off before.
    """

    offsets_db: Mapping[str, float]
    points: Mapping[str, int]
    slope_db_per_decade: float
    rmse_db: float
    before_db: float

    @property
    def exponent(self) -> float:
        """Return the power of distance with which the signal falls in sight."""
        return ROWS["los_urban"].alpha + self.slope_db_per_decade / 10


def fit(readings: Readings) -> Calibration:
    """
    Return the calibration that a walk gives; devices with too few points are left out of it.

    Raises
    ------
    TooLittleError
        If no device has `LEAST_BY_DEVICE` points, all of them together have less than
        `LEAST_POINTS` or lie at nearly the same distance, or the exponent is impossible.
    """
    devices, device, log_distance, off_db = _points(readings)
    counts = np.bincount(device, minlength=len(devices))
    kept = counts[device] >= LEAST_BY_DEVICE
    _require_enough(counts, int(kept.sum()), log_distance[kept])
    used = np.unique(device[kept])
    index = np.searchsorted(used, device[kept])
    design = np.zeros((len(index), len(used) + 1))
    design[np.arange(len(index)), index] = 1.0
    design[:, -1] = -log_distance[kept]
    target = off_db[kept]
    solved, *_ = np.linalg.lstsq(design, target, rcond=None)
    made = Calibration(
        {devices[nth]: float(solved[at]) for at, nth in enumerate(used)},
        {devices[nth]: int(counts[nth]) for nth in used},
        float(solved[-1]),
        _left_out_rmse(design, target - design @ solved),
        float(np.sqrt(np.mean(target**2))),
    )
    if not EXPONENTS[0] <= made.exponent <= EXPONENTS[1]:
        expected = f"an exponent from {EXPONENTS[0]:g} to {EXPONENTS[1]:g}"
        raise TooLittleError(
            f"expected {expected}, found {made.exponent:.1f}: are places and devices right?"
        )
    return made


def _points(readings: Readings) -> tuple[list[str], NDArray[np.int64], Array, Array]:
    """Return devices, and by point its device, log10(d / 30 m) and how far the model is off."""
    devices, device = np.unique(np.asarray(readings.device, str), return_inverse=True)
    squares = np.floor(np.column_stack([readings.x_m, readings.y_m]) / SQUARE_M)
    keys = np.column_stack([device.reshape(-1), squares]).astype(np.int64)
    unique, at = np.unique(keys.reshape(-1, 3), axis=0, return_inverse=True)
    at, count = at.reshape(-1), len(unique)
    many = np.bincount(at, minlength=count)
    log_distance, off_db = (
        np.bincount(at, weights, count) / np.maximum(many, 1)
        for weights in (
            np.log10(readings.distance_m / REFERENCE_M),
            readings.heard_dbm - readings.model_dbm,
        )
    )
    return [str(each) for each in devices], unique[:, 0], log_distance, off_db


def _require_enough(counts: NDArray[np.int64], kept: int, log_distance: Array) -> None:
    if not kept:
        most = int(counts.max(initial=0))
        expected = f"{LEAST_BY_DEVICE} points {SQUARE_M:g} m apart of one access point at least"
        raise TooLittleError(f"expected {expected}, found {most} of the best one")
    if kept < LEAST_POINTS:
        expected = f"{LEAST_POINTS} points of access points with {LEAST_BY_DEVICE} or more"
        raise TooLittleError(f"expected {expected}, found {kept}")
    spread = float(np.std(log_distance))
    if spread < LEAST_SPREAD:
        expected = "points near to and far from access points"
        raise TooLittleError(
            f"expected {expected} (spread {LEAST_SPREAD} decades), found {spread:.2f}"
        )


def _left_out_rmse(design: Array, residual: Array) -> float:
    """Return the root mean square of what each point is off if all others foretell it."""
    basis, _ = np.linalg.qr(design)
    leverage = np.sum(basis**2, axis=1)
    return float(np.sqrt(np.mean((residual / (1 - leverage)) ** 2)))
