"""Every recording of a real device is understood, or honestly generic; none makes us stumble."""

import json
from typing import Any

import pytest

from collectors.snmp.measurements import MEASUREMENTS, measurements
from collectors.snmp.probe import probe
from collectors.snmp.reading import Reading
from collectors.target import Community, Target
from tests.collectors.conftest import CAPTURES, Daemon

pytestmark = pytest.mark.shared

NAMES = sorted(path.stem for path in CAPTURES.glob("*.snmprec"))
UNIFI = {"unifi", "unifi_560", "unifi_achd", "unifi_nanohd"}


@pytest.fixture(scope="session")
def expected(captures: Daemon) -> dict[str, Any]:
    assert captures.port
    found: dict[str, Any] = json.loads((CAPTURES / "expected.json").read_text("utf-8"))
    return found


def read(daemon: Daemon, name: str) -> Reading:
    target = Target(name, "127.0.0.1", daemon.port, Community(name))
    return probe(target, deadline_s=60, timeout_s=20)


def as_ratio(percents: list[int]) -> Any:
    return pytest.approx(sum(percents) / len(percents) / 100)


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_a_real_device_is_read(captures: Daemon, expected: dict[str, Any], name: str) -> None:
    reading, raw = read(captures, name), expected[name]["raw"]
    assert reading.identity.profile == ("unifi" if name in UNIFI else "generic")
    assert reading.identity.sys_object_id == raw["sysObjectID"]
    assert len(reading.interfaces) == raw["if_count"]
    assert reading.interfaces_up == raw["if_up_count"]
    if raw["uptime_s"] is not None:
        assert int(reading.identity.uptime_s or 0) == raw["uptime_s"]
    if "hrProcessorLoad" in raw:
        assert reading.cpu_ratio == as_ratio(raw["hrProcessorLoad"])
    assert {m.name for m in measurements(reading)} <= MEASUREMENTS.keys()
    json.dumps(reading.as_json(), allow_nan=False)


@pytest.mark.parametrize("name", ["edgeos", "linux_raspberrypi-gpiomonitor", "openwrt", "pepwave"])
def test_memory_agrees_with_another_monitor(
    captures: Daemon, expected: dict[str, Any], name: str
) -> None:
    _, percent, used, total = expected[name]["librenms"]["mem_pct"][0]
    assert read(captures, name).memory_ratio == pytest.approx(used / total)
    assert percent == round(used / total * 100)


@pytest.mark.parametrize(
    ("name", "ssids", "radios"),
    [
        (
            "unifi",
            {"Main SSID": 1, "Maintenance": 0, "guest": 3},
            [("ng", 11, 2462, 5, 0.09, 4)],
        ),
        (
            "unifi_nanohd",
            {"homewifi_ac": 18},
            [("ng", 6, 2437, 23, 0.0, 4), ("na", 157, 5785, 26, 0.0, 14)],
        ),
    ],
)
def test_unifi_figures_agree_with_another_monitor(
    captures: Daemon,
    expected: dict[str, Any],
    name: str,
    ssids: dict[str, int],
    radios: list[tuple[str, int, int, int, float, int]],
) -> None:
    reading = read(captures, name)
    assert {ssid.name: ssid.stations for ssid in reading.ssids} == ssids
    assert reading.stations == sum(ssids.values())
    assert [
        (r.id, r.channel, r.frequency_mhz, r.tx_power_dbm, r.utilization_ratio, r.stations)
        for r in reading.radios
    ] == radios
    librenms = expected[name]["librenms"]
    assert round((reading.memory_ratio or 0) * 100) == librenms["mem_pct"][0][1]
    assert reading.cpu_ratio == as_ratio([load for _, load, _ in librenms["cpu_pct"]])
