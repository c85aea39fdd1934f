"""
Recordings of real devices are read as another monitor reads them; none makes us stumble.

`expected.json`, kept beside them, holds what LibreNMS made of most of them, and what stands in the
raw tables of the rest. Where netmon differs, `DIFFERS` says why.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from collectors.snmp.library import GENERIC, bundled
from collectors.snmp.measurements import MEASUREMENTS, measurements
from collectors.snmp.reading import ApStatus, Reading
from tests.collectors.conftest import CAPTURES, Daemon

pytestmark = pytest.mark.shared

NAMES = sorted(path.stem for path in CAPTURES.glob("*.snmprec"))

NO_PROFILE = "no Wi-Fi device, and no object of the generic MIBs: netmon has no profile for it"
DIFFERS = {
    ("apc_smtl1000-nmc3", "temperature"): NO_PROFILE,
    ("cnmatrix", "cpu_pct"): NO_PROFILE,
    ("cnmatrix", "mem_pct"): NO_PROFILE,
    ("cnmatrix", "temperature"): NO_PROFILE,
    ("dsm_ds214se-dsm7", "temperature"): NO_PROFILE,
    ("jetstream_sg2218p", "cpu_pct"): NO_PROFILE,
    ("jetstream_sg2218p", "mem_pct"): NO_PROFILE,
    ("linux_raspberrypi-gpiomonitor", "temperature"): NO_PROFILE,
    ("mimosa_b5", "temperature"): NO_PROFILE,
    ("mimosa_b5", "frequency"): NO_PROFILE,
    ("mimosa_b5", "noise-floor"): NO_PROFILE,
    ("mimosa_b5", "power"): NO_PROFILE,
    ("ciscowlc_cbw240ac", "temperature"): "5000 is no temperature: there is no sensor",
    ("ewc", "utilization"): "by access point and radio, where the channels are by ifIndex",
    ("grandstream-ap_gwn7660", "clients"): "they would have to be counted in the client table",
    (
        "grandstream-ap_gwn7660",
        "clients_total",
    ): "they would have to be counted in the client table",
    ("pepwave", "clients"): "it files the access points of its controller under clients",
    ("pepwave", "cpu_pct"): "its object is a table that this recording lacks",
    ("routeros", "temperature"): "sfp1 is an optical module; RouterOS gives 33.0 for itself",
    ("routeros_station", "ccq"): "of both directions, the one that it sends in is reported",
    ("routeros", "noise-floor"): "0 is no noise: virtual access points have none",
    ("rutos-rutx_rutx11", "hardware"): "it says the system's name",
    ("truenas_11-3", "mem_pct"): "what is cached is taken off on FreeBSD too",
    ("unifi", "ccq"): "one figure per network there, one per radio here",
    ("unifi", "utilization"): "of four shares of air time, the total is reported",
    ("unifi_nanohd", "utilization"): "of four shares of air time, the total is reported",
    ("unifi_nanohd", "clients"): "vwire-… is the uplink of a mesh, no network for residents",
    ("vrp_ac6605-26", "clients"): "one figure per network and band there, per network here",
}


@pytest.fixture(scope="session")
def expected(captures: Daemon) -> dict[str, Any]:
    assert captures.port
    found: dict[str, Any] = json.loads((CAPTURES / "expected.json").read_text("utf-8"))
    return found


def close(percent: float) -> Any:
    """Compare with a percentage that may have been rounded up, down or to the nearest."""
    return pytest.approx(percent / 100, abs=0.0101)


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_a_real_device_is_read(
    reading_of: Callable[[str], Reading], expected: dict[str, Any], name: str
) -> None:
    reading, raw = reading_of(name), expected[name]["raw"]
    assert reading.identity.sys_object_id == raw["sysObjectID"]
    assert len(reading.interfaces) == raw["if_count"]
    assert reading.interfaces_up == raw["if_up_count"]
    if raw["uptime_s"] is not None:
        assert int(reading.identity.uptime_s or 0) == raw["uptime_s"]
    assert {m.name for m in measurements(reading)} <= MEASUREMENTS.keys()
    json.dumps(reading.as_json(), allow_nan=False)
    for radio in reading.radios:
        assert radio.noise_dbm is None or -130 < radio.noise_dbm < 0
        assert radio.tx_power_dbm is None or -10 <= radio.tx_power_dbm <= 40


FACTS = ("hardware", "version", "cpu_pct", "mem_pct", "temperature", "clients_total", "ap_count")
WIRELESS = ("clients", "frequency", "noise-floor", "power", "utilization", "ccq")


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_it_says_what_another_monitor_read_there(
    reading_of: Callable[[str], Reading], expected: dict[str, Any], name: str
) -> None:
    reading, told = reading_of(name), expected[name]["librenms"] or {}
    wireless = told.get("wireless") or {}
    figures = {**{key: told.get(key) for key in FACTS}, **{k: wireless.get(k) for k in WIRELESS}}
    differing = {
        key
        for key, figure in figures.items()
        if figure not in (None, []) and not AGREES[key](reading, figure)
    }
    excused = {key for device, key in DIFFERS if device == name}
    assert differing - excused == set(), {key: figures[key] for key in differing - excused}
    assert excused <= differing, "an excuse that is not needed any more"


def hardware(reading: Reading, figure: str) -> bool:
    """A name for people and the vendor's own agree in a word; generic devices have none."""
    said = reading.identity.model
    return said is None or said in figure or bool(_words(said) & _words(figure))


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]{2,}", name))


def version(reading: Reading, figure: str) -> bool:
    said = reading.identity.version
    return said is None or said in figure or figure.removesuffix(".") in said


def cpu(reading: Reading, figure: list[list[Any]]) -> bool:
    loads = [load for _, load, _ in figure]
    return reading.cpu_ratio is not None and reading.cpu_ratio == close(sum(loads) / len(loads))


def memory(reading: Reading, figure: list[list[Any]]) -> bool:
    """Of Windows' memories the physical one counts; of a cluster, one device here, the sum."""
    windows = [row for row in figure if row[0] == "Physical Memory"]
    _, percent, used, total = (windows or figure)[0]
    if all(size > 100 for *_, size in figure) and reading.access_points:
        used, total = (sum(row[column] for row in figure) for column in (2, 3))
        percent = used / total * 100
    return reading.memory_ratio is not None and reading.memory_ratio == close(percent)


def temperature(reading: Reading, figure: list[list[Any]]) -> bool:
    return reading.temperature_c == pytest.approx(max(value for _, value in figure))


def clients_total(reading: Reading, figure: int) -> bool:
    return reading.stations == figure


def ap_count(reading: Reading, figure: dict[str, int]) -> bool:
    mine = {
        "Connected APs": reading.access_points_up,
        "AP Count": reading.access_points_up,
        "Total APs": reading.access_points_total,
        "Configured APs": reading.access_points_total,
    }
    return all(mine[title] == count for title, count in figure.items())


def clients(reading: Reading, figure: list[list[Any]]) -> bool:
    """Each figure is the whole, or that of a network, radio, band or access point."""
    parts = [
        *((s.name, s.stations) for s in reading.ssids),
        *((r.id, r.stations) for r in reading.radios),
        *((a.name, a.stations) for a in reading.access_points),
        ("", reading.stations),
    ]
    by_title = Counter[str]()
    for title, count, *_ in figure:
        by_title[title] += count
    return all(count in {n for _, n in parts} for count in by_title.values())


def of_radios(values: Iterable[float | None], wanted: Iterable[float]) -> bool:
    mine = Counter(round(value, 3) for value in values if value is not None)
    return not Counter(round(value, 3) for value in wanted) - mine


def frequency(reading: Reading, figure: list[list[Any]]) -> bool:
    """LibreNMS knows no 6 GHz and says 0."""
    wanted = (mhz for _, mhz, _ in figure if mhz)
    return of_radios((r.frequency_mhz for r in reading.radios), wanted)


def noise(reading: Reading, figure: list[list[Any]]) -> bool:
    return of_radios((r.noise_dbm for r in reading.radios), (dbm for _, dbm, _ in figure))


def power(reading: Reading, figure: list[list[Any]]) -> bool:
    wanted = (dbm for title, dbm, _ in figure if "Tx Power" in title)
    return of_radios((r.tx_power_dbm for r in reading.radios), wanted)


def utilization(reading: Reading, figure: list[list[Any]]) -> bool:
    return of_radios(
        (r.utilization_ratio for r in reading.radios), (share / 100 for _, share, _ in figure)
    )


def ccq(reading: Reading, figure: list[list[Any]]) -> bool:
    """0 is what virtual access points say."""
    return of_radios(
        (r.ccq_ratio for r in reading.radios), (share / 100 for _, share, _ in figure if share)
    )


AGREES: dict[str, Callable[[Reading, Any], bool]] = {
    "hardware": hardware,
    "version": version,
    "cpu_pct": cpu,
    "mem_pct": memory,
    "temperature": temperature,
    "clients_total": clients_total,
    "ap_count": ap_count,
    "clients": clients,
    "frequency": frequency,
    "noise-floor": noise,
    "power": power,
    "utilization": utilization,
    "ccq": ccq,
}


PROFILES = {
    "airos": "airmax",
    "aruba-7210": "aruba_controller",
    "aruba-instant": "aruba_instant",
    "arubaos": "aruba_controller",
    "ciscowlc": "cisco_airespace",
    "edgeos": "edgemax",
    "linux": GENERIC,
    "routeros": "mikrotik",
    "ruckuswireless-hotzone": "ruckus",
    "ruckuswireless-sz": "ruckus_smartzone",
    "ruckuswireless-sz_smartcell": "ruckus_scg",
    "ruckuswireless-unleashed": "ruckus_unleashed",
    "ruckuswireless_zd": "ruckus_zonedirector",
    "unifi": "unifi",
    "windows": GENERIC,
}


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(tuple(PROFILES))] or ["none"])
def test_a_vendor_of_ours_is_known(reading_of: Callable[[str], Reading], name: str) -> None:
    prefix = max((known for known in PROFILES if name.startswith(known)), key=len)
    identity = reading_of(name).identity
    assert identity.profile == PROFILES[prefix]
    vendors = {profile.name: profile.vendor for profile in bundled().known}
    assert identity.vendor == vendors.get(identity.profile)


@pytest.mark.parametrize("name", ["aruba-7210-13ap", "meru-controller-3ap"])
def test_a_controller_without_another_monitors_word_agrees_with_its_raw_tables(
    reading_of: Callable[[str], Reading], expected: dict[str, Any], name: str
) -> None:
    reading, raw = reading_of(name), expected[name]["raw"]["wireless_from_raw_tables"]
    if "ap_total" in raw:
        assert reading.access_points_total == raw["ap_total"] == len(reading.access_points)
    if "ap_up_scalar" in raw:
        assert reading.access_points_up == raw["ap_up_scalar"]
    if "clients_scalar" in raw:
        assert reading.stations == raw["clients_scalar"]


def test_totals_that_disagree_within_one_walk_are_settled_by_the_controllers_own(
    reading_of: Callable[[str], Reading], expected: dict[str, Any]
) -> None:
    """Two stations roamed while the radios were walked; networks and controller agree on 67."""
    reading = reading_of("aruba-7210-13ap")
    raw = expected["aruba-7210-13ap"]["raw"]["wireless_from_raw_tables"]
    assert sum(r.stations or 0 for r in reading.radios) == raw["clients_sum_of_radios"] == 69
    assert sum(s.stations or 0 for s in reading.ssids) == reading.stations == 67


def test_every_radio_of_a_controller_agrees_with_its_raw_table(
    reading_of: Callable[[str], Reading], expected: dict[str, Any]
) -> None:
    reading = reading_of("aruba-7210-13ap")
    raw = expected["aruba-7210-13ap"]["raw"]["wireless_from_raw_tables"]["per_radio"]
    assert [
        (r.channel, r.stations, (r.tx_power_dbm or 0) * 2, round((r.utilization_ratio or 0) * 100))
        for r in reading.radios
    ] == [(r["channel"], r["clients"], r["tx_power_raw"], r["util_pct"]) for r in raw]
    down = sum(a.status is ApStatus.DOWN for a in reading.access_points)
    assert (down, len(reading.access_points)) == (4, 13)
    assert {r.access_point for r in reading.radios} <= {a.name for a in reading.access_points}
