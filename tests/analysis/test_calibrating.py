"""Whose signals a walk heard, and that the map is put right by as much as it was off."""

from dataclasses import replace

import numpy as np
import pytest

from geodata.calibration import TooLittleError
from geodata.city import City
from geodata.layers import load_layer
from geodata.walk_test import Reading
from netmon.analysis.calibrating import Used, calibrate
from netmon.analysis.radio import RadioMap
from netmon.config.coverage_settings import CoverageSettings
from netmon.domain.model import Device, DeviceKind, Inventory

STREETS = load_layer(City.bundled().streets)
BRUUL = STREETS.geometry[0]
OFFSETS = {"ap-1": -9.0, "ap-2": 3.0}
STRANGER = "02:00:5e:99:99:99"


def _device(name, share, mac):
    here = BRUUL.interpolate(share, normalized=True)
    kind = DeviceKind.ACCESS_POINT
    return Device(name, kind, name, "bruul", "192.0.2.1", lon=here.x, lat=here.y, mac=mac)


DEVICES = [_device("ap-1", 0.3, "02:00:5e:10:00:10"), _device("ap-2", 0.7, "02:00:5e:10:00:20")]
RADIO = RadioMap(Inventory((), tuple(DEVICES)), STREETS, None, CoverageSettings(cell_m=4))


def _walk(bssids=None, slope=5.0, **facts):
    """Return what a phone hears every few metres of the Bruul: the model, put wrong."""
    found = []
    for share in np.linspace(0.02, 0.98, 90):
        here = BRUUL.interpolate(share, normalized=True)
        for device in DEVICES:
            place = RADIO.metres([(here.x, here.y)])
            distance_m, model_dbm = RADIO.expected(device.id, place)
            off_db = OFFSETS[device.id] - slope * np.log10(distance_m[0] / 30)
            heard_dbm = float(np.clip(model_dbm[0] + off_db, -119, -2))
            bssid = (bssids or {}).get(device.id, device.mac)
            found.append(Reading(here.x, here.y, bssid, heard_dbm, **facts))
    return found


def test_what_was_off_is_found_and_the_map_then_says_what_the_phone_heard():
    made, used = calibrate(RADIO, DEVICES, _walk())
    assert made.offsets_db == pytest.approx(OFFSETS, abs=0.01)
    assert made.slope_db_per_decade == pytest.approx(5.0, abs=0.01)
    assert (used.used, used.strangers) == (180, 0)
    after = RADIO.calibrated(made)
    assert (after.is_calibrated, RADIO.is_calibrated) == (True, False)
    assert after.error_db == (made.rmse_db, made.rmse_db)
    both = (after.point("ap-1").sender, RADIO.point("ap-1").sender)
    distances_m = np.array([10.0, 30.0, 100.0])
    stronger = both[0].measured_db(distances_m) - both[1].measured_db(distances_m)
    assert stronger == pytest.approx(-9 - 5 * np.log10(distances_m / 30), abs=0.02)
    fewer = after.serving(is_optimistic=False), RADIO.serving(is_optimistic=False)
    assert sum("ap-1" in each for each in fewer[0].values()) < sum(
        "ap-1" in each for each in fewer[1].values()
    )


def test_networks_of_a_radio_differ_in_the_last_digit_only():
    made, used = calibrate(RADIO, DEVICES, _walk({"ap-1": "02:00:5e:10:00:1f"}))
    assert set(made.offsets_db) == {"ap-1", "ap-2"}
    made, used = calibrate(RADIO, DEVICES, _walk({"ap-1": "02:00:5e:10:01:10"}))
    assert set(made.offsets_db) == {"ap-2"}
    assert used == Used(used=90, strangers=90, other_band=0, too_far=0)


def test_where_two_devices_share_all_but_the_last_digit_only_the_whole_address_tells():
    near = [DEVICES[0], replace(DEVICES[1], mac="02:00:5e:10:00:11")]
    walk = _walk({"ap-2": "02:00:5e:10:00:11"})
    assert set(calibrate(RADIO, near, walk)[0].offsets_db) == {"ap-1", "ap-2"}
    with pytest.raises(TooLittleError):
        calibrate(RADIO, near, _walk({"ap-1": "02:00:5e:10:00:12", "ap-2": STRANGER}))


def test_another_band_and_what_is_far_away_count_for_nothing():
    far = [Reading(-170.0, -80.0, DEVICES[0].mac, -60.0), Reading(4.6, 51.1, DEVICES[0].mac, -60.0)]
    _, used = calibrate(RADIO, DEVICES, _walk(frequency_mhz=2437.0) + far)
    assert used == Used(used=180, strangers=0, other_band=0, too_far=2)
    with pytest.raises(TooLittleError, match="found 0 of the best one"):
        calibrate(RADIO, DEVICES, _walk(frequency_mhz=5500.0))


def test_what_a_walk_did_not_measure_stays_as_planned_and_an_invented_walk_is_told():
    made, _ = calibrate(RADIO, DEVICES, _walk({"ap-2": STRANGER}))
    after = RADIO.calibrated(made, is_synthetic=True)
    assert (after.measured, after.is_calibrated, after.is_synthetic) == (("ap-1",), False, True)
    assert after.point("ap-2") == RADIO.point("ap-2")
    assert after.measured_as == RADIO.measured_as
