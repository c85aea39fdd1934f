"""The script: what fails when, for ever the same in each round."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.demo import roster, scenario
from netmon.demo.scenario import NOTHING_HAPPENS
from netmon.domain.errors import ConfigError

STATION_PC = "pc-surfpunt-station-01"
BUNDLED_DEVICES = Path(__file__).parents[2] / "geodata/mechelen/demo/devices.csv"

instants = st.floats(0, 1e5)
phases = st.integers(0, 299)
rounds = st.integers(0, 1000)


@pytest.fixture(scope="module")
def bundled(devices):
    return scenario.read(scenario.BUNDLED, devices)


def test_the_bundled_scenario_fits_the_bundled_devices():
    devices = roster.read(BUNDLED_DEVICES)
    script = scenario.read(scenario.BUNDLED, devices)
    behind = {device.id for device in devices if "sw-ijzerenleen" in device.parents}
    assert len(behind) > 1
    assert script.silent(100, devices) == behind | {"sw-ijzerenleen"}


@given(t_s=st.floats(0, 30, exclude_max=True))
def test_nobody_is_silent_in_the_first_thirty_seconds(bundled, devices, t_s):
    assert bundled.silent(t_s, devices) == frozenset()


@given(t_s=phases, number=rounds)
def test_every_round_is_like_the_first(bundled, devices, t_s, number):
    later_s = t_s + 300 * number
    assert bundled.silent(later_s, devices) == bundled.silent(t_s, devices)
    assert bundled.disk_ratio(STATION_PC, later_s) == bundled.disk_ratio(STATION_PC, t_s)


@pytest.mark.parametrize(
    ("t_s", "expected"),
    [
        (29.9, set()),
        (30, {"ap-hoogstraat-02"}),
        (89.9, {"ap-hoogstraat-02"}),
        (90, {"sw-ijzerenleen", "ap-ijzerenleen-01"}),
        (209.9, {"sw-ijzerenleen", "ap-ijzerenleen-01"}),
        (210, set()),
        (300, set()),
        (330, {"ap-hoogstraat-02"}),
    ],
)
def test_the_outages_begin_and_end_on_the_second(bundled, devices, t_s, expected):
    assert bundled.silent(t_s, devices) == expected


@pytest.mark.parametrize(
    ("t_s", "expected"),
    [(0, 0.61), (150, 0.61), (180, 0.795), (210, 0.98), (269.9, 0.98), (270, 0.61), (299, 0.61)],
)
def test_the_disk_fills_stays_full_and_is_cleaned(bundled, t_s, expected):
    assert bundled.disk_ratio(STATION_PC, t_s) == pytest.approx(expected)


@given(t_s=instants)
def test_a_disk_is_never_fuller_than_the_script_says(bundled, t_s):
    assert 0.61 <= bundled.disk_ratio(STATION_PC, t_s) <= 0.98
    assert bundled.disk_ratio("pc-library-01", t_s) is None


@given(t_s=instants)
def test_without_a_scenario_nothing_ever_happens(devices, t_s):
    assert NOTHING_HAPPENS.silent(t_s, devices) == frozenset()
    assert NOTHING_HAPPENS.disk_ratio(STATION_PC, t_s) is None


OUTAGE = '[[outage]]\ndevice = "gw-city"\nfrom_s = 1\nuntil_s = 2\n'
DISK = "[[disk]]\nfrom_s = 1\nfull_s = 2\nuntil_s = 3\nfrom_ratio = 0.1\nto_ratio = 0.9\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "period_s: expected Field required, found {}"),
        ("period_s = 0", "period_s: expected Input should be greater than 0, found 0"),
        ("period_s = inf", "period_s: expected Input should be a finite number, found inf"),
        ("period_s = 9\nspeed = 2", "speed: expected Extra inputs are not permitted, found 2"),
        ("period_s = 1.5\n" + OUTAGE, "every until_s within period_s"),
        ("period_s = 9\n" + OUTAGE.replace("= 1", "= 2"), "outage.0: expected Value error, from_s"),
        ("period_s = 9\n" + OUTAGE.replace("gw-city", "gw-x"), "a device of the inventory"),
        ("period_s = 9\n" + DISK + 'device = "gw-city"', "a public computer of the inventory"),
        ("period_s = 9\n" + DISK.replace("0.9", "1.1") + 'device = "x"', "disk.0.to_ratio"),
        ("period_s =", "file: expected readable TOML"),
    ],
)
def test_a_wrong_scenario_is_refused_with_file_key_and_what_was_found(
    tmp_path, devices, text, message
):
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        scenario.read(path, devices)
    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)
