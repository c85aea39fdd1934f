"""What comes of real protocols and synthetic recordings: a reading, its JSON, its numbers."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.loop import shared
from collectors.snmp.assemble import ENGINE_TIME, SYS_UP_TIME, assemble, uptime_s
from collectors.snmp.client import Client
from collectors.snmp.engine import Patience
from collectors.snmp.library import Library, bundled
from collectors.snmp.measurements import MEASUREMENTS, distinct, measurements
from collectors.snmp.probe import probe
from collectors.snmp.reading import (
    AccessPoint,
    Identity,
    Interface,
    Radio,
    Reading,
    Ssid,
    Storage,
)
from collectors.snmp.survey import survey
from collectors.target import Community, Target
from tests.collectors.conftest import Daemon

MANUAL = Path(__file__).parents[2] / "docs" / "measurements.md"
NAMES = st.text(max_size=8)


def read_with(known: Library, daemon: Daemon, community: Community, patience: Patience) -> Reading:
    client = Client("127.0.0.1", daemon.port, community)
    try:
        found = shared().ask(survey(client, known, patience))
    finally:
        client.close()
    return assemble(found.choice, found.snapshot)


def read(daemon: Daemon, name: str) -> Reading:
    return probe(Target(name, "127.0.0.1", daemon.port, Community(name)))


def test_a_unifi_access_point_is_read_in_full(recordings: Daemon) -> None:
    reading = read(recordings, "unifi-like")
    assert reading.identity == Identity(
        vendor="Ubiquiti",
        profile="unifi",
        model="U6-Lite",
        version="6.5.28.14491",
        sys_name="ap-bruul-1",
        sys_descr="U6-Lite 6.5.28.14491",
        sys_object_id="1.3.6.1.4.1.41112",
        uptime_s=86400,
    )
    assert [replace(radio, utilization_ratio=None) for radio in reading.radios] == [
        Radio("ng", None, 2.4, 1, 2412, 7, 20),
        Radio("na", None, 5, 44, 5220, 15, 23),
        Radio("6e", None, 6, 37, 6135, 5, 22),
    ]
    assert [r.utilization_ratio for r in reading.radios] == pytest.approx([0.41, 0.13, 0.02])
    assert reading.ssids == (Ssid("Mechelen Gratis", 24), Ssid("Stadspersoneel", 3))
    assert reading.stations == 27, "the mesh uplink is no resident"
    assert (reading.cpu_ratio, reading.memory_ratio) == pytest.approx((0.2, 0.75))
    assert (reading.interfaces_up, len(reading.interfaces)) == (2, 3)
    assert reading.interfaces[0] == Interface(
        "1", "eth0", "ethernet", "up", 123456789012, 98765432109, 10**9
    )
    assert (reading.access_points, reading.access_points_up) == ((), None)


def test_hostile_strings_come_out_clean_and_short(recordings: Daemon) -> None:
    reading = read(recordings, "unifi-hostile")
    said = [reading.identity.sys_name, reading.identity.sys_descr, *(s.name for s in reading.ssids)]
    assert all(word is not None and word.isprintable() and len(word) <= 255 for word in said)
    assert reading.stations == 3
    assert reading.radios[0].utilization_ratio == 1, "a share is never above one"


def test_a_public_pc_tells_disks_from_memory_and_gives_back_the_cache(recordings: Daemon) -> None:
    reading = read(recordings, "public-pc")
    assert reading.storage == (Storage("/", 0.25, 4_096_000_000), Storage("/home", None, 0))
    assert reading.memory_ratio == pytest.approx(2 / 8)
    assert (reading.users, reading.processes) == (1, 143)
    assert reading.cpu_ratio == pytest.approx(0.3)
    assert reading.identity.profile == "generic" and reading.identity.vendor is None
    assert (reading.stations, reading.radios) == (None, ())


def test_uptime_goes_on_where_the_tick_counter_wraps(recordings: Daemon) -> None:
    assert read(recordings, "public-pc").identity.uptime_s == pytest.approx(600 * 86400)


@given(st.integers(0, 2**31), st.integers(-3600, 3600))
def test_uptime_is_found_again_whatever_the_wraps(seconds: int, apart: int) -> None:
    said = {SYS_UP_TIME: seconds * 100 % 2**32, ENGINE_TIME: max(seconds + apart, 0)}
    assert uptime_s(dict(said)) == pytest.approx(seconds)
    assert uptime_s({SYS_UP_TIME: 250}) == pytest.approx(2.5)
    assert uptime_s({ENGINE_TIME: 9}) == 9
    assert uptime_s({}) is None


@pytest.mark.parametrize("name", ["unifi-switch", "airos-like", "printer"])
def test_what_is_no_access_point_is_generic_and_claims_no_stations(
    recordings: Daemon, name: str
) -> None:
    reading = read(recordings, name)
    assert (reading.identity.profile, reading.identity.vendor) == ("generic", None)
    assert (reading.stations, reading.radios, reading.ssids) == (None, (), ())


def test_a_printer_says_what_it_does(recordings: Daemon) -> None:
    assert read(recordings, "printer").printer_status == "printing"


def test_two_ports_of_one_name_keep_their_own_counters(recordings: Daemon) -> None:
    found = {
        m.label: m.value
        for m in measurements(read(recordings, "unifi-switch"))
        if m.name == "rx_bytes"
    }
    assert found == {"Port 1": 1, "Port 1 #2": 3}


def test_the_json_has_every_key_though_nothing_is_known() -> None:
    assert Reading(Identity()).as_json() == {
        "identity": dict.fromkeys(field.name for field in fields(Identity))
        | {"profile": "generic"},
        "stations": None,
        "access_points": [],
        "access_points_up": None,
        "access_points_total": None,
        "radios": [],
        "ssids": [],
        "cpu_ratio": None,
        "memory_ratio": None,
        "temperature_c": None,
        "interfaces": {"total": 0, "up": 0, "rows": []},
        "host": {
            "storage": [],
            "processes": None,
            "users": None,
            "printer_status": None,
            "printer_errors": None,
            "supplies": [],
            "uptime_s": None,
        },
    }


RADIO_KEYS = (
    *("id", "access_point", "band_ghz", "channel", "frequency_mhz", "stations"),
    *("tx_power_dbm", "utilization_ratio", "noise_dbm", "status"),
    "ccq_ratio",
)
ACCESS_POINT_KEYS = (
    *("name", "mac", "ip", "model", "status", "stations", "uptime_s"),
    "location",
)
INTERFACE_KEYS = ("index", "name", "type", "status", "rx_bytes", "tx_bytes", "speed_bps")


def test_the_json_rows_have_the_keys_that_were_promised(recordings: Daemon) -> None:
    found = read(recordings, "unifi-like").as_json()
    assert tuple(found["radios"][0]) == RADIO_KEYS
    assert tuple(found["interfaces"]["rows"][0]) == INTERFACE_KEYS
    assert found["ssids"][0] == {"name": "Mechelen Gratis", "stations": 24}
    assert tuple(field.name for field in fields(AccessPoint)) == ACCESS_POINT_KEYS


@given(st.lists(NAMES), st.lists(NAMES), st.lists(NAMES, unique=True), st.integers(0, 10**12))
def test_every_measurement_is_known_finite_and_told_apart(
    radios: list[str], interfaces: list[str], ssids: list[str], count: int
) -> None:
    reading = Reading(
        Identity(uptime_s=1.5),
        stations=count,
        radios=tuple(Radio(name, stations=count, channel=1) for name in radios),
        ssids=tuple(Ssid(name, count) for name in ssids),
        interfaces=tuple(Interface("1", name, rx_bytes=count) for name in interfaces),
        storage=tuple(Storage(name, 0.5) for name in radios),
    )
    found = measurements(reading)
    assert {m.name for m in found} <= MEASUREMENTS.keys()
    assert len({(m.name, m.label) for m in found}) == len(found)
    assert sum(m.name == "radio_stations" for m in found) == len(radios)


@given(st.lists(st.sampled_from(["a", "a #2", "a #3", "b", ""])))
def test_names_are_made_distinct_and_none_is_lost(names: list[str]) -> None:
    labels = distinct(names)
    assert len(set(labels)) == len(labels) == len(names)
    assert all(label.startswith(name) for label, name in zip(labels, names, strict=True))


def test_the_manual_lists_exactly_the_measurements_there_are() -> None:
    row = r"^\| `(\w+)` \| [^|]* \| [^|]* \| ([^|]+) \|$"
    section = MANUAL.read_text("utf-8").partition("## Check `snmp`")[2].partition("\n## ")[0]
    rows = re.findall(row, section, re.MULTILINE)
    assert {name: what.strip() for name, what in rows} == MEASUREMENTS


def test_every_object_that_is_asked_has_its_mib_name_beside_it() -> None:
    for profile in bundled().known:
        for name, table in profile.tables().items():
            for column in table.columns().values():
                assert all(":" in getattr(cell, "object", ":") for cell in column), name
