"""The calibration in the data folder: whole, private, and refused when it is not ours."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from geodata.calibration import Calibration
from netmon.domain.errors import StoreError
from netmon.storage.calibrations import (
    FILE,
    StoredCalibration,
    keep_calibration,
    stored_calibration,
)

STORED = StoredCalibration(
    Calibration({"ap-1": -3.25}, {"ap-1": 44}, 4.5, 7.0, 12.0),
    {"ap-1": "there"},
    "2026-11-01",
    "0" * 64,
    datetime(2026, 11, 2, tzinfo=UTC),
    500,
    is_synthetic=False,
)


def test_what_is_kept_comes_back_and_replaces_what_was(tmp_path):
    assert stored_calibration(tmp_path) is None
    path = keep_calibration(tmp_path, replace(STORED, readings=1))
    assert keep_calibration(tmp_path, STORED) == path
    assert stored_calibration(tmp_path) == STORED
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [FILE]


def test_what_a_killed_one_left_behind_is_in_nobodys_way(tmp_path):
    (tmp_path / f".{FILE}").write_bytes(b"half")
    keep_calibration(tmp_path, STORED)
    assert stored_calibration(tmp_path) == STORED


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[: len(text) // 2],
        lambda _: "",
        lambda _: "[]",
        lambda text: text.replace("4.5", "NaN"),
        lambda text: text.replace("-3.25", "Infinity"),
        lambda text: text.replace("44", '"many"'),
        lambda text: json.dumps({**json.loads(text), "made_for": None}),
        lambda text: text + " " * 2**22,
    ],
)
def test_a_file_that_is_not_ours_is_refused_in_one_line(tmp_path, change):
    path = keep_calibration(tmp_path, STORED)
    path.write_text(change(path.read_text("utf-8")), encoding="utf-8")
    with pytest.raises(StoreError, match="calibration: expected what `netmon calibrate`") as told:
        stored_calibration(tmp_path)
    assert "\n" not in str(told.value)
