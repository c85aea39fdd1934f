"""`netmon coverage`: the same figures to people and machines, and what they are worth."""

import pytest

from netmon.domain.intervals import epoch_s, instant
from tests.cli.asking import Call
from tests.cli.hourly import local
from tests.cli.streets import write_streets
from tests.config.conftest import CityFiles, device


@pytest.fixture
def streets(city: CityFiles) -> CityFiles:
    return write_streets(city)


def _bruul(document):
    (row,) = [each for each in document["streets"] if each["id"] == "bruul"]
    return row, {each["level_dbm"]: each for each in row["classes"]}


def _asked(netmon: Call, city: CityFiles, *more: str):
    return netmon("coverage", "-c", city.config, "--json", *more).document


def test_an_outage_loses_what_only_the_failed_one_reaches(netmon: Call, streets: CityFiles) -> None:
    well = _asked(netmon, streets, "--from", "2025-05-04", "--to", "2025-05-05")
    out = _asked(netmon, streets, "--from", "2025-05-05T13:00", "--to", "2025-05-05T14:00")
    row, before = _bruul(well)
    _, after = _bruul(out)
    assert row["length_m"] == pytest.approx(504, abs=1)
    assert before[-70]["lost"]["length_m"]["planning"] == 0
    assert after[-70]["lost"]["length_m"]["planning"] > 50
    assert after[-70]["planned"] == before[-70]["planned"] == before[-70]["sure"]
    assert out["access_points"] == {
        "working": ["ap-north"],
        "failed": ["ap-south"],
        "unknown": ["ap-lost"],
        "unplaced": ["ap-lost"],
        "moved": [],
    }


def test_a_window_is_weighted_by_time(netmon: Call, streets: CityFiles) -> None:
    day = _asked(netmon, streets, "--from", "2025-05-05", "--to", "2025-05-06")
    hour = _asked(netmon, streets, "--from", "2025-05-05T13:00", "--to", "2025-05-05T14:00")
    _, over_day = _bruul(day)
    _, within = _bruul(hour)
    lost, all_day = (each[-75]["lost"]["area_m2"]["planning"] for each in (within, over_day))
    assert lost > 0
    assert all_day == pytest.approx(lost * 6 / 24)


def test_now_that_nobody_looks_any_more_all_is_perhaps(netmon: Call, streets: CityFiles) -> None:
    document = _asked(netmon, streets)
    _, levels = _bruul(document)
    assert document["from"] is None
    assert levels[-70]["sure"]["length_m"]["optimistic"] == 0
    assert levels[-70]["perhaps"] == levels[-70]["planned"]
    assert levels[-70]["lost"]["length_m"]["planning"] == 0


def test_what_it_is_worth_is_said_with_it(netmon: Call, streets: CityFiles) -> None:
    window = ("--from", "2025-05-05T13:00", "--to", "2025-05-05T14:00")
    document = _asked(netmon, streets, *window)
    assert (document["walls"], document["calibrated"]) == ("corridors", False)
    assert (document["error_db"], document["precision_m"]) == ([12.0, 15.0], 50.0)
    assert document["synthetic"] is True, "the southern one is invented"
    told = netmon("coverage", "-c", streets.config, *window, "--street", "bruul").out
    assert "±12–15 dB at single places until calibrated" in told
    assert "no buildings were imported" in told
    assert "1 without a place, heard nowhere: ap-lost" in told
    assert "synthetic" in told
    planned = _bruul(document)[1][-67]["sure"]["length_m"]["planning"]
    assert f"{planned:.0f}" in told


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (("--street", "nowhere"), "expected one of bruul, ijzerenleen"),
        (("--from", "2025-05-06", "--to", "2025-05-05"), "expected --from before --to"),
        (("--from", "2099-01-01", "--to", "2099-02-01"), "expected --from in the past"),
    ],
)
def test_a_wrong_question_is_told_in_one_line(
    netmon: Call, streets: CityFiles, more: tuple[str, ...], expected: str
) -> None:
    answer = netmon("coverage", "-c", streets.config, *more)
    assert answer.code == 2
    assert expected in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("band", "5-middle"),
        ("band", "2,4"),
        ("eirp_dbm", "99"),
        ("eirp_dbm", "nan"),
        ("azimuth_deg", "-1"),
        ("azimuth_deg", "north"),
    ],
)
def test_a_radio_that_cannot_be_is_refused_by_line_and_column(
    streets: CityFiles, column: str, value: str
) -> None:
    wrong = {column: value, "kind": "access_point", "place_id": "bruul"}
    streets.devices(device("ap-1", **wrong))
    (problem,) = streets.problems()
    assert "line 2" in problem and column in problem


def test_a_street_without_a_width_is_told(netmon: Call, streets: CityFiles) -> None:
    text = (streets.folder / "city" / "streets.geojson").read_text("utf-8")
    streets.layer("streets.geojson", text.replace('"width_m":16.0,', ""))
    answer = netmon("coverage", "-c", streets.config)
    assert answer.code == 2
    assert "streets:bruul: width_m: expected metres over 0 for a line" in answer.err


def test_instants_of_the_window_are_those_asked_for(netmon: Call, streets: CityFiles) -> None:
    document = _asked(netmon, streets, "--from", "2025-05-05", "--to", "2025-05-06")
    assert document["from"] == instant(epoch_s(local("2025-05-05"))).isoformat().replace(
        "+00:00", "Z"
    )
