"""`netmon calibrate`: the map is put right, the track is gone, and too little changes nothing."""

import math
from pathlib import Path

import numpy as np
import pytest

from tests.cli.asking import Call
from tests.cli.streets import NORTH, write_streets
from tests.config.conftest import CityFiles

HEADER = "lon,lat,time,bssid,rssi_dbm,frequency\n"
OFF_DB = -8.0


@pytest.fixture
def streets(city: CityFiles) -> CityFiles:
    return write_streets(city)


def _heard_dbm(metres: float) -> float:
    """Return what the recommendation's row in sight gives a hand at 2.44 GHz and 20 dBm, less 8."""
    in_space_m = math.hypot(metres, 2.5)
    lost_db = 21.2 * math.log10(in_space_m) + 29.2 + 21.1 * math.log10(2.44)
    return 20 - 5 - lost_db + OFF_DB


def _walk(city: CityFiles, points: int) -> Path:
    """Write a walk of 70 m to the south of the northern access point, within the Bruul."""
    lon, lat = map(float, NORTH)
    rows = []
    for metres in np.geomspace(4, 70, points):
        line = f"{lon + 2.0e-6 * metres:.7f},{lat - metres / 111_250:.7f},2026-11-01T10:00:00Z"
        rows += [f"{line},02:00:5e:10:00:1{nth},{_heard_dbm(metres):.2f},2437" for nth in "0f"]
    path = city.folder / "walk.csv"
    path.write_text(HEADER + "\n".join([*rows, rows[0].replace("5e:10", "5e:99")]), "utf-8")
    return path


def _dense(city: CityFiles) -> Path:
    """Write parallel walks, two metres and less apart: more squares of 5 m."""
    path = _walk(city, 300)
    lines = path.read_text("utf-8").splitlines()[1:]
    moved = []
    for nth in range(-2, 3):
        for line in lines:
            lon, rest = line.split(",", 1)
            moved.append(f"{float(lon) + nth * 3.2e-5:.7f},{rest}")
    path.write_text(HEADER + "\n".join(moved), "utf-8")
    return path


def test_the_offset_is_found_kept_and_used_and_the_track_is_deleted(
    netmon: Call, streets: CityFiles
) -> None:
    path = _dense(streets)
    made = netmon("calibrate", "-c", streets.config, path, "--json").document
    assert made["offsets_db"]["ap-north"] == pytest.approx(OFF_DB, abs=1)
    assert made["rmse_db"] < 2 < made["before_db"]
    assert made["readings"]["strangers"] == 5
    assert (made["vintage"], made["track"], made["synthetic"]) == ("2026-11-01", "deleted", False)
    assert not path.exists()
    document = netmon("coverage", "-c", streets.config, "--json").document
    assert document["measured"] == ["ap-north"]
    assert document["calibrated"] is False, "the southern one was not measured"
    assert "1 of 3 calibrated" in netmon("coverage", "-c", streets.config).out


def test_a_track_behind_a_link_is_deleted_too(netmon: Call, streets: CityFiles) -> None:
    path = _dense(streets)
    link = streets.folder / "link.csv"
    link.symlink_to(path)
    assert netmon("calibrate", "-c", streets.config, link, "--json").document["track"] == "deleted"
    assert not path.exists() and not link.is_symlink()


def test_asked_to_keep_it_keeps_the_track_and_says_so(netmon: Call, streets: CityFiles) -> None:
    path = _dense(streets)
    answer = netmon("calibrate", "-c", streets.config, path, "--keep", "--synthetic")
    assert answer.code == 0
    assert path.exists()
    assert "kept, as asked" in answer.out
    assert "synthetic" in answer.out


def test_an_access_point_that_moved_is_no_longer_calibrated(
    netmon: Call, streets: CityFiles
) -> None:
    netmon("calibrate", "-c", streets.config, _dense(streets))
    text = streets.config.read_text("utf-8")
    streets.settings(text.replace("cell_m = 4", "cell_m = 4\nantenna_gain_dbi = 5"))
    assert netmon("coverage", "-c", streets.config, "--json").document["measured"] == []


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (3, "expected 10 points 5 m apart of one access point at least, found 3"),
        (60, "expected 40 points of access points with 10 or more"),
    ],
)
def test_too_little_is_refused_in_one_line_and_the_track_stays(
    netmon: Call, streets: CityFiles, points: int, expected: str
) -> None:
    path = _walk(streets, points)
    answer = netmon("calibrate", "-c", streets.config, path)
    assert answer.code == 1
    assert expected in answer.err
    assert answer.err.count("\n") == 1
    assert path.exists()
    assert not (streets.load().settings.store.folder / "calibration.json").exists()


def test_what_is_no_walk_is_refused_and_stays(netmon: Call, streets: CityFiles) -> None:
    path = streets.folder / "walk.gpx"
    path.write_text("<gpx><!DOCTYPE x></gpx>", "utf-8")
    assert netmon("calibrate", "-c", streets.config, path).refused().startswith("walk.gpx: file")
    assert path.exists()


def test_a_calibration_that_nobody_can_read_is_told(netmon: Call, streets: CityFiles) -> None:
    (streets.load().settings.store.folder / "calibration.json").write_text("{}", "utf-8")
    refused = netmon("coverage", "-c", streets.config).refused()
    assert "calibration: expected what `netmon calibrate` wrote" in refused
