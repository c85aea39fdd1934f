"""
How strong a phone hears an access point, and an access point a phone: the weaker way counts.

Always a band: what lies behind walls is heard between the model's two cases without line of
sight, and a model without calibration is 12 to 15 dB off single places (Phillips, Sicker,
Grunwald 2012, doi:10.1155/2012/754158).
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.propagation import Case, free_space_loss_db, path_loss_db

UNCALIBRATED_DB = (12.0, 15.0)
"""How far single places lie from an uncalibrated model: best and usual root mean square."""

CLIENT_EIRP_DBM = 15.0
DIVERSITY_DB = 3.0
"""What a phone radiates, and what the better receiver of an access point makes of it."""

REFERENCE_M = 30.0
"""Where a calibrated and a bare slope cross: in the midst of what a walk in a street measures."""

BODY_LOSS_DB = 5.0
"""Who holds a phone shields it: 3 to 8 dB, by how."""

Array = NDArray[np.float64]


class ServiceClass(IntEnum):
    """The weakest signal, in dBm, with which something still goes well."""

    CALLS = -67
    PAGES = -70
    MESSAGES = -75
    CONNECTED = -80


@dataclass(frozen=True, slots=True)
class Band:
    """
    What may be radiated in a part of the spectrum (EIRP, dBm), and where in it we count.

    Limits of the European harmonised conditions; the national regulator's own text was not
    read.
    """

    frequency_ghz: float
    limit_dbm: float
    outdoors: bool = True
    condition: str = ""


BANDS: dict[str, Band] = {
    "2.4": Band(2.44, 20.0),
    "5-low": Band(5.2, 23.0, condition="5150–5250 MHz; outdoors under national conditions"),
    "5-middle": Band(5.3, 23.0, outdoors=False, condition="5250–5350 MHz, indoors only"),
    "5-high": Band(5.6, 30.0, condition="5470–5725 MHz with transmit power control and DFS"),
    "5-high-no-tpc": Band(5.6, 27.0, condition="5470–5725 MHz without power control, with DFS"),
    "6-vlp": Band(6.1, 14.0, condition="5945–6425 MHz, very low power"),
    "6-lpi": Band(6.1, 23.0, outdoors=False, condition="5945–6425 MHz, indoors only"),
}


@dataclass(frozen=True, slots=True)
class Antenna:
    """
    An access point's antenna: gain (dBi), and the sector that it looks into.

    `azimuth_deg` is clockwise from north, None where it looks everywhere; `beamwidth_deg` is
    the angle between the directions with half the power.
    """

    gain_dbi: float = 3.0
    azimuth_deg: float | None = None
    beamwidth_deg: float = 360.0

    def loss_db(self, bearing_deg: ArrayLike) -> Array:
        """Return what is lost towards bearings: 12 (φ/φ3dB)², at most 20 dB behind."""
        bearing = np.asarray(bearing_deg, float)
        if self.azimuth_deg is None:
            return np.zeros_like(bearing)
        off_deg = (bearing - self.azimuth_deg + 180.0) % 360.0 - 180.0
        return np.minimum(12.0 * (off_deg / self.beamwidth_deg) ** 2, 20.0)


@dataclass(frozen=True, slots=True)
class Transmitter:
    """
    A radio of an access point: its band (a key of `BANDS`), power and antenna.

    `eirp_dbm` None means the limit of the band, and more than that counts as the limit.
    `offset_db` is how much stronger than the model a walk test found this device at
    `REFERENCE_M`, `slope_db_per_decade` how much faster its signal falls.
    """

    band: str = "2.4"
    eirp_dbm: float | None = None
    antenna: Antenna = Antenna()
    offset_db: float = 0.0
    slope_db_per_decade: float = 0.0

    def sent_dbm(self) -> float:
        """Return what it radiates: its power, or the limit of its band."""
        limit_dbm = BANDS[self.band].limit_dbm
        return limit_dbm if self.eirp_dbm is None else min(self.eirp_dbm, limit_dbm)

    def measured_db(self, d_m: ArrayLike) -> Array:
        """Return by how much a walk test found it stronger than the model, by distance."""
        far: Array = np.log10(np.asarray(d_m, float) / REFERENCE_M)
        return self.offset_db - self.slope_db_per_decade * far

    def effective_eirp_dbm(self) -> float:
        """Return the power that counts: what phones can answer is often less than is sent."""
        return min(self.sent_dbm(), CLIENT_EIRP_DBM + self.antenna.gain_dbi + DIVERSITY_DB)


@dataclass(frozen=True, slots=True)
class Received:
    """The signal in dBm as planned (the weaker case) and as it may be at best."""

    planning_dbm: Array
    optimistic_dbm: Array


def received(
    sender: Transmitter, d_m: ArrayLike, bearing_deg: ArrayLike, sees: ArrayLike
) -> Received:
    """
    Return what a phone in a hand receives, as a band.

    Parameters
    ----------
    sender
        The radio; raises `KeyError` for an unknown band.
    d_m
        Distance in space, in metres, over 0.
    bearing_deg
        From the sender, clockwise from north.
    sees
        Whether nothing stands in between.
    """
    frequency_ghz = BANDS[sender.band].frequency_ghz
    sight = np.asarray(sees, bool)
    power_dbm = sender.effective_eirp_dbm() + sender.measured_db(d_m) - BODY_LOSS_DB
    arriving_dbm = power_dbm - sender.antenna.loss_db(bearing_deg)
    return Received(
        arriving_dbm - loss_db(d_m, frequency_ghz, sight, "nlos_high_rise"),
        arriving_dbm - loss_db(d_m, frequency_ghz, sight, "nlos_residential"),
    )


def loss_db(d_m: ArrayLike, f_ghz: float, sees: ArrayLike, behind: Case) -> Array:
    """
    Return the loss along rays that see their end, and behind walls for those that do not.

    Behind a wall it is never less than in sight or in free space: the rows without line of
    sight begin at 30 m. In sight a street may guide a little better than free space does.
    """
    open_db = path_loss_db(d_m, f_ghz, "los_urban")
    least_db = np.maximum(open_db, free_space_loss_db(d_m, f_ghz))
    hidden_db = np.maximum(path_loss_db(d_m, f_ghz, behind), least_db)
    return np.where(np.asarray(sees, bool), open_db, hidden_db)


def reach_m(sender: Transmitter, level_dbm: float) -> float:
    """Return how far, at most, a radio is heard at a level: in sight, in its best direction."""
    frequency_ghz = BANDS[sender.band].frequency_ghz
    distances_m = np.geomspace(1.0, 2000.0, 2000)
    power_dbm = sender.effective_eirp_dbm() + sender.measured_db(distances_m) - BODY_LOSS_DB
    budget_db = power_dbm - level_dbm
    heard = loss_db(distances_m, frequency_ghz, np.ones_like(distances_m), "nlos_high_rise")
    return float(np.max(distances_m, initial=0.0, where=heard <= budget_db))
