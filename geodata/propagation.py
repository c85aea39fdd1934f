"""
How much a radio signal loses on its way along and behind buildings, below the roofs.

The site-general model of Recommendation ITU-R P.1411-12, section 4.1.1: a median over many
streets, from distance, frequency and what lies between, and nothing of the street itself.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Case = Literal["los_urban", "nlos_high_rise", "nlos_residential"]
"""
With line of sight, or without: between high buildings, or between houses.

The recommendation has a fourth row, low-rise without line of sight, for 10 GHz and more only.
"""

LIGHT_M_PER_S = 299_792_458.0

CASES: tuple[Case, ...] = get_args(Case)


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row of table 4 of the recommendation: coefficients, and where they hold.

    `alpha`, `beta`, `gamma` as there; `sigma_db` is the standard deviation of single places
    around the median.
    """

    alpha: float
    beta: float
    gamma: float
    sigma_db: float
    frequency_ghz: tuple[float, float]
    distance_m: tuple[float, float]


ROWS: dict[Case, Row] = {
    "los_urban": Row(2.12, 29.2, 2.11, 5.06, (0.8, 82.0), (5.0, 660.0)),
    "nlos_high_rise": Row(4.00, 10.2, 2.36, 7.60, (0.8, 82.0), (30.0, 715.0)),
    "nlos_residential": Row(3.01, 18.8, 2.07, 3.07, (0.8, 73.0), (30.0, 170.0)),
}


def path_loss_db(d_m: ArrayLike, f_ghz: ArrayLike, case: Case) -> NDArray[np.float64]:
    """
    Return the median basic transmission loss: 10 α log d + β + 10 γ log f.

    The bare formula, however far it is stretched: `holds` tells where it is.

    Parameters
    ----------
    d_m
        Distance in space between the antennas, in metres; a number or an array, over 0.
    f_ghz
        Frequency; broadcast against `d_m`.
    case
        A row of the model.

    Returns
    -------
    Loss in dB between isotropic antennas, in the shape of both broadcast.

    Raises
    ------
    ValueError
        For an unknown case, or distances and frequencies that are not over 0.
    """
    row = _row(case)
    distance, frequency = np.asarray(d_m, float), np.asarray(f_ghz, float)
    if not (np.all(distance > 0) and np.all(frequency > 0)):
        raise ValueError("path loss: expected distances and frequencies over 0, found others")
    loss_db: NDArray[np.float64] = (
        10 * row.alpha * np.log10(distance) + row.beta + 10 * row.gamma * np.log10(frequency)
    )
    return loss_db


def free_space_loss_db(d_m: ArrayLike, f_ghz: ArrayLike) -> NDArray[np.float64]:
    """Return the loss in free space, Recommendation ITU-R P.525: nothing on earth is below it."""
    distance, frequency = np.asarray(d_m, float), np.asarray(f_ghz, float)
    wavelength_m = LIGHT_M_PER_S / (frequency * 1e9)
    loss_db: NDArray[np.float64] = 20 * np.log10(4 * np.pi * distance / wavelength_m)
    return loss_db


def holds(d_m: ArrayLike, f_ghz: ArrayLike, case: Case) -> NDArray[np.bool_]:
    """Tell where both distance and frequency are within the range of a row."""
    row = _row(case)
    distance, frequency = np.asarray(d_m, float), np.asarray(f_ghz, float)
    near, far = row.distance_m
    low, high = row.frequency_ghz
    inside: NDArray[np.bool_] = (
        (near <= distance) & (distance <= far) & (low <= frequency) & (frequency <= high)
    )
    return inside


def _row(case: str) -> Row:
    if case not in ROWS:
        raise ValueError(f"case: expected one of {', '.join(CASES)}, found {case!r}")
    return ROWS[case]
