"""Whose signals a walk test heard, and what the radio map expected there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from geodata.calibration import Calibration, Readings, fit
from geodata.propagation import ROWS
from geodata.walk_test import Reading
from netmon.analysis.radio import RadioMap
from netmon.domain.model import Device

SAME_DIGITS = 14
"""
Characters of a hardware address, colons too, that all networks of one access point share.

Most makers count the networks of a radio in the last half byte.
"""

FARTHEST_M = ROWS["los_urban"].distance_m[1]
"""Beyond it the model says nothing."""

_BANDS_MHZ = {"2.4": (2400, 2500), "5": (4900, 5925), "6": (5925, 7125)}


@dataclass(frozen=True, slots=True)
class Used:
    """How many readings were used, and why others were not; together they are all."""

    used: int
    strangers: int
    other_band: int
    too_far: int


def calibrate(
    radio: RadioMap, devices: Iterable[Device], walk: Sequence[Reading]
) -> tuple[Calibration, Used]:
    """
    Return what a walk test makes of the model.

    A reading is that of a device whose `mac` is its BSSID, else of the only one whose `mac`
    agrees in all but the last hexadecimal digit. One that names a frequency counts where the
    device's band has it.

    Raises
    ------
    TooLittleError
        Where there is too little to go by, see `geodata.calibration.fit`.
    """
    owners = _owners([each for each in devices if each.id in radio.ids and each.mac])
    heard: dict[str, list[Reading]] = {}
    strangers = other_band = 0
    for reading in walk:
        owner = owners.get(reading.bssid) or owners.get(reading.bssid[: SAME_DIGITS + 2])
        if owner is None:
            strangers += 1
        elif not _is_of_band(reading, radio.point(owner).sender.band):
            other_band += 1
        else:
            heard.setdefault(owner, []).append(reading)
    readings = _joined([_expected(radio, name, heard[name]) for name in sorted(heard)])
    used = len(readings.device)
    known = sum(map(len, heard.values()))
    return fit(readings), Used(used, strangers, other_band, known - used)


def _owners(devices: Sequence[Device]) -> dict[str, str]:
    """Return devices by whole addresses, and by beginnings that only one of them has."""
    found: dict[str, str] = {}
    several: set[str] = set()
    for device in devices:
        beginning = str(device.mac)[: SAME_DIGITS + 2]
        if beginning in found:
            several.add(beginning)
        found[beginning] = device.id
        found[str(device.mac)] = device.id
    return {name: device_id for name, device_id in found.items() if name not in several}


def _is_of_band(reading: Reading, band: str) -> bool:
    if reading.frequency_mhz is None:
        return True
    low, high = _BANDS_MHZ[band.partition("-")[0]]
    return low <= reading.frequency_mhz < high


def _expected(radio: RadioMap, device_id: str, heard: Sequence[Reading]) -> Readings:
    places = radio.metres([(each.lon, each.lat) for each in heard])
    point = radio.point(device_id)
    # What lies on the other side of the earth has no metres here: no comparison holds.
    near = np.hypot(*(places - (point.x_m, point.y_m)).T) <= FARTHEST_M
    distance_m, model_dbm = radio.expected(device_id, places[near])
    return Readings(
        [device_id] * len(distance_m),
        places[near, 0],
        places[near, 1],
        distance_m,
        model_dbm,
        np.array([each.rssi_dbm for each in heard])[near],
    )


def _joined(parts: Sequence[Readings]) -> Readings:
    none = np.zeros(0)
    return Readings(
        [name for each in parts for name in each.device],
        *(
            np.concatenate([none, *(getattr(each, name) for each in parts)])
            for name in ("x_m", "y_m", "distance_m", "model_dbm", "heard_dbm")
        ),
    )
