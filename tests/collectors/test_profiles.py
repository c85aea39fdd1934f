"""A vendor is a file: what it may say, whom it is for, and what it makes of a recording."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp import library
from collectors.snmp.library import GENERIC, Library, ProfileError
from collectors.snmp.profile import FactSet, Profile
from collectors.snmp.sources import Source
from collectors.target import Community
from tests.collectors.conftest import Daemon, patience
from tests.collectors.test_reading import read_with

HEAD = 'vendor = "Acme"\n[[match]]\nsys_object_id = ["1.3.6.1.4.1.32473"]\n'
CPU = '[[facts.cpu_ratio]]\nobject = "ACME-MIB::cpu"\noid = "1.3.6.1.4.1.32473.1.0"\n'
BELOW = CPU.replace("1.3.6.1.4.1.32473", "~")
STATUS = """[access_points]
rows = ["status"]
[[access_points.status]]
object = "ACME-MIB::state"
oid = "1.3.6.1.4.1.32473.1"
"""
NOISE = """[radios]
rows = ["noise_dbm"]
[[radios.noise_dbm]]
object = "ACME-MIB::noise"
oid = "1.3.6.1.4.1.32473.1"
"""
UNIFI_RADIO = "1.3.6.1.4.1.41112.1.6.1.1.1.3"

CONTROLLER = """
vendor = "Acme"
[[match]]
sys_object_id = ["1.3.6.1.4.1.32473.2"]
sys_descr = '^(?P<model>.*?) (?P<version>[0-9.]+)$'

[[facts.temperature_c]]
object = "ACME-MIB::acmeTemperature"
oid = "1.3.6.1.4.1.32473.2.4.1.0"

[access_points]
rows = ["status"]
[[access_points.name]]
object = "ACME-MIB::acmeApName"
oid = "1.3.6.1.4.1.32473.2.1.2"
[[access_points.mac]]
index = "mac"
[[access_points.ip]]
object = "ACME-MIB::acmeApAddress"
oid = "1.3.6.1.4.1.32473.2.1.8"
[[access_points.status]]
object = "ACME-MIB::acmeApState"
oid = "1.3.6.1.4.1.32473.2.1.6"
map = { 1 = "up", 2 = "down", 10 = "redundant" }
[[access_points.uptime_s]]
object = "ACME-MIB::acmeApUpTime"
oid = "1.3.6.1.4.1.32473.2.1.7"
scale = 0.01

[radios]
rows = ["channel"]
own_arcs = 1
[[radios.band_ghz]]
object = "ACME-MIB::acmeRadioType"
oid = "1.3.6.1.4.1.32473.2.2.1"
map = { 1 = "2.4", 2 = "5" }
[[radios.channel]]
object = "ACME-MIB::acmeRadioChannel"
oid = "1.3.6.1.4.1.32473.2.2.2"
[[radios.noise_dbm]]
object = "ACME-MIB::acmeRadioNoise"
oid = "1.3.6.1.4.1.32473.2.2.3"
signed_byte = true
[[radios.utilization_ratio]]
object = "ACME-MIB::acmeRadioBusy"
oid = "1.3.6.1.4.1.32473.2.2.4"
scale = 0.01
[[radios.stations]]
object = "ACME-MIB::acmeRadioStations"
oid = "1.3.6.1.4.1.32473.2.2.5"
[[radios.tx_power_dbm]]
object = "ACME-MIB::acmeRadioPower"
oid = "1.3.6.1.4.1.32473.2.2.6"
scale = 0.5

[ssids]
rows = ["stations"]
[[ssids.name]]
index = "text"
[[ssids.stations]]
object = "ACME-MIB::acmeSsid2g"
oid = "1.3.6.1.4.1.32473.2.3.2"
plus = [{ object = "ACME-MIB::acmeSsid5g", oid = "1.3.6.1.4.1.32473.2.3.3" }]
"""


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Library]:
    """Load profiles from texts, by name."""

    def from_texts(**texts: str) -> Library:
        for name, text in texts.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return library.load(tmp_path / f"{name}.toml" for name in texts)

    return from_texts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (HEAD + "colour = 1\n", ["acme.toml", "colour", "Extra inputs"]),
        (HEAD + CPU.replace("cpu_ratio", "happiness"), ["acme.toml", "facts.happiness"]),
        (HEAD + CPU.replace(".1.0", ".x"), ["acme.toml", "facts.cpu_ratio.0.source.oid", "'1.3."]),
        (HEAD + CPU.replace("ACME-MIB::cpu", "cpu"), ["acme.toml", "object", "'cpu'"]),
        (HEAD + CPU + "colour = 1\n", ["acme.toml", "facts.cpu_ratio.0.source.colour"]),
        (HEAD + 'sys_descr = "("\n', ["acme.toml", "match.0.sys_descr", "regular expression"]),
        (HEAD + '[radios]\nrows = ["id"]\n', ["acme.toml", "radios", "rows", "'id'"]),
        (
            HEAD + CPU.replace("1.3.6.1.4.1.32473.1.0", "1.3.6.1.4.1.41112.1.4.7.1.1"),
            ["acme.toml", "facts.cpu_ratio.0.source.oid", "never the clients", "ubntStaTable"],
        ),
        (
            HEAD + CPU.replace("1.3.6.1.4.1.32473.1.0", "1.3.6.1.4.1.41112.1.4"),
            ["acme.toml", "never the clients", "ubntStaTable"],
        ),
        (
            HEAD + "probe_oid = '1.3.6.1.2.1.4.22.1.2'\n",
            ["acme.toml", "match.0.probe_oid", "ipNetToMediaTable"],
        ),
        (HEAD + STATUS + 'map = { 1 = "online" }\n', ["acme.toml", "status", "up, down", "online"]),
        (HEAD + STATUS, ["acme.toml", "access_points", "status"]),
        (HEAD + STATUS + 'map = { 1 = "up" }\nother = "odd"\n', ["acme.toml", "status", "odd"]),
        (HEAD + NOISE + 'append = "channel"\n', ["acme.toml", "radios", "append", "'channel'"]),
        (HEAD + NOISE + 'append = "noise_dbm"\n', ["acme.toml", "append", "'noise_dbm'"]),
        (HEAD + CPU.replace("1.3.6.1.4.1.32473", "~~"), ["acme.toml", "cpu_ratio", "'~~.1.0'"]),
        (HEAD.replace("1.3.6.1.4.1.32473", "~.1"), ["acme.toml", "match.0.sys_object_id", "'~.1'"]),
        (HEAD + "probe_oid = '~.1'\n", ["acme.toml", "match.0.probe_oid", "'~.1'"]),
        (f"generic = true\n{BELOW}", ["acme.toml", "oid: expected no ~ in a generic profile"]),
        (
            HEAD + NOISE.replace("]\n", "]\nbands_ghz = [2.5]\n", 1),
            ["acme.toml", "radios.0.bands_ghz", "[2.4, 5.0, 6.0]"],
        ),
        (
            HEAD + NOISE.replace("]\n", "]\nbands_ghz = []\n", 1),
            ["acme.toml", "radios.0.bands_ghz", "[2.4, 5.0, 6.0]"],
        ),
        (HEAD + STATUS + "at_least = 3\n", ["acme.toml", "access_points", "at_least"]),
        ('vendor = "Acme"\n', ["acme.toml", "match"]),
        (HEAD.replace("[[match]]", "generic = true\n[[match]]"), ["acme.toml", "match"]),
        ("vendor = Acme", ["acme.toml", "expected TOML"]),
    ],
)
def test_a_faulty_profile_is_refused_with_file_and_key(
    load: Callable[..., Library], text: str, parts: list[str]
) -> None:
    with pytest.raises(ProfileError) as error:
        load(acme=text)
    for part in parts:
        assert part in str(error.value)


def test_every_fault_of_every_file_is_told_at_once(load: Callable[..., Library]) -> None:
    with pytest.raises(ProfileError) as error:
        load(acme=HEAD + "a = 1\nb = 2\n", other=HEAD + "c = 3\n")
    assert len(str(error.value).splitlines()) == 3


def test_two_profiles_that_match_alike_are_refused_by_both_names(
    load: Callable[..., Library],
) -> None:
    with pytest.raises(ProfileError, match=re.compile("other.*acme", re.DOTALL)):
        load(acme=HEAD, other=HEAD)


def test_the_longest_prefix_wins_and_arcs_are_whole(load: Callable[..., Library]) -> None:
    known = load(wide=HEAD, narrow=HEAD.replace("32473", "32473.5"))

    def name(oid: str) -> str:
        return known.choose(oid, "", lambda _: False).profile.name

    assert name("1.3.6.1.4.1.32473.5.1") == "narrow"
    assert name("1.3.6.1.4.1.32473.6") == "wide"
    assert name("1.3.6.1.4.1.32473.51") == "wide"
    assert name("1.3.6.1.4.1.324735") == GENERIC
    assert name("") == GENERIC


def test_a_pattern_beats_a_bare_prefix_and_a_probe_is_asked_only_when_needed(
    load: Callable[..., Library],
) -> None:
    known = load(
        bare=HEAD,
        worded=HEAD + "sys_descr = '^(?P<model>A\\d) (?P<version>\\S+)'\n",
        probed=HEAD + 'probe_oid = "1.3.6.1.4.1.32473.9"\n',
    )
    asked: list[str] = []

    def has_rows(root: str) -> bool:
        asked.append(root)
        return root.endswith(".9")

    choice = known.choose("1.3.6.1.4.1.32473.1", "A1 2.0 x", has_rows)
    assert (choice.profile.name, choice.model, choice.version) == ("worded", "A1", "2.0")
    assert not asked
    assert known.choose("1.3.6.1.4.1.32473.1", "B", has_rows).profile.name == "probed"
    assert known.choose("1.3.6.1.4.1.32473.1", "B", lambda _: False).profile.name == "bare"


def test_two_patterns_that_both_fit_leave_the_device_generic_and_say_so(
    load: Callable[..., Library], caplog: pytest.LogCaptureFixture
) -> None:
    known = load(a=HEAD + "sys_descr = 'A'\n", b=HEAD + "sys_descr = 'B'\n")
    assert known.choose("1.3.6.1.4.1.32473", "AB", lambda _: False).profile.name == GENERIC
    assert "a, b" in caplog.text


def test_what_begins_with_a_tilde_stands_below_the_devices_own_sys_object_id(
    load: Callable[..., Library],
) -> None:
    known = load(acme=HEAD + BELOW)

    def cpu(oid: str) -> list[str]:
        facts = known.choose(oid, "", bool).profile.facts.cpu_ratio
        return [fact.oid for fact in facts if isinstance(fact, Source)][:1]

    assert cpu("1.3.6.1.4.1.32473.7") == ["1.3.6.1.4.1.32473.7.1.0"]
    assert cpu("1.3.6.1.4.1.32473.8") == ["1.3.6.1.4.1.32473.8.1.0"]


def test_a_profile_is_resolved_once_for_all_devices_of_a_model(
    load: Callable[..., Library],
) -> None:
    known = load(acme=HEAD + BELOW, plain=HEAD.replace("32473", "32473.1"))

    def chosen(oid: str) -> Profile:
        return known.choose(oid, "", bool).profile

    assert chosen("1.3.6.1.4.1.32473.7") is chosen("1.3.6.1.4.1.32473.7")
    assert chosen("1.3.6.1.4.1.32473.1.2") is chosen("1.3.6.1.4.1.32473.1.3"), "it has no tilde"
    seen = chosen("1.3.6.1.4.1.32473.7")
    for model in range(2000):
        chosen(f"1.3.6.1.4.1.32473.7.{model}")
    assert chosen("1.3.6.1.4.1.32473.7") is not seen, "who invents models does not fill the memory"


@pytest.mark.parametrize(
    "tail", ["x", "..1", "1 2", "01", "99999999999", "4294967296", "1" + 119 * ".1", '"', "~.1"]
)
def test_a_sys_object_id_that_is_none_leads_nowhere(
    load: Callable[..., Library], tail: str
) -> None:
    choice = load(acme=HEAD + BELOW).choose(f"1.3.6.1.4.1.32473.{tail}", "", bool)
    assert choice.profile.name == GENERIC


def test_no_sys_object_id_leads_into_a_table_of_clients(load: Callable[..., Library]) -> None:
    """What would stand in Stellar's apClientInfoTable below an invented model is not asked."""
    stellar = "1.3.6.1.4.1.6486.802.1.1.2.1.2"
    known = load(acme=HEAD.replace("1.3.6.1.4.1.32473", stellar) + BELOW.replace("~.1", "~.4"))
    assert known.choose(f"{stellar}.9.1", "", bool).profile.name == GENERIC
    assert known.choose(f"{stellar}.9.2", "", bool).profile.name == "acme"


@pytest.mark.parametrize(
    ("oid", "descr", "probe", "expected"),
    [
        ("1.3.6.1.4.1.41112", "UAP-AC-Pro-Gen2 6.5.28.14491", False, "unifi"),
        ("1.3.6.1.4.1.8072.3.2.10", "U7-Pro 8.0.19", False, "unifi"),
        ("1.3.6.1.4.1.8072.3.2.10", "UK-Ultra 6.6.77", False, "unifi"),
        ("1.3.6.1.4.1.41112", "U6+ 6.6.65", False, "unifi"),
        ("1.3.6.1.4.1.10002.1", "Linux 3.3.8 mips", True, "unifi"),
        ("1.3.6.1.4.1.10002.1", "Linux 2.6.32 mips", False, GENERIC),
        ("1.3.6.1.4.1.41112.1", "USW-24-PoE 6.6.61", False, GENERIC),
        ("1.3.6.1.4.1.8072.3.2.10", "Ubiquiti UniFi UCG-Fiber 5.0.12", False, GENERIC),
        ("1.3.6.1.4.1.8072.3.2.10", "Linux pc 6.1.0 x86_64", False, GENERIC),
        ("1.3.6.1.4.1.41112.1.5", "EdgeOS v1.8.0", False, "edgemax"),
    ],
)
def test_a_unifi_access_point_is_told_from_its_relatives(
    oid: str,
    descr: str,
    probe: bool,  # noqa: FBT001 - a column of the table above
    expected: str,
) -> None:
    choice = library.bundled().choose(oid, descr, lambda root: probe and root == UNIFI_RADIO)
    assert choice.profile.name == expected


@given(st.text(max_size=255), st.lists(st.integers(0, 99999), max_size=9))
def test_any_identity_gets_a_profile(descr: str, tail: list[int]) -> None:
    oid = ".".join(map(str, [1, 3, 6, 1, 4, 1, *tail]))
    known = {profile.name for profile in library.bundled().known}
    assert library.bundled().choose(oid, descr, lambda _: True).profile.name in {*known, GENERIC}


def test_every_profile_has_what_the_generic_ones_give() -> None:
    for profile in library.bundled().known:
        assert profile.interfaces is not None and profile.storage is not None
        assert profile.facts.cpu_ratio and profile.facts.users


def test_a_profile_laid_over_another_takes_what_it_names_itself() -> None:
    base, top = Profile(name="base", generic=True), Profile(name="top", generic=True)
    assert top.over(base).name == "top"
    assert set(FactSet.model_fields) == set(vars(top.over(base).facts))


def test_a_controller_needs_only_a_file(load: Callable[..., Library], recordings: Daemon) -> None:
    """Access points by address, radios by access point and slot, networks in the index."""
    reading = read_with(load(acme=CONTROLLER), recordings, Community("controller"), patience())
    assert (reading.identity.model, reading.identity.version) == ("Example Controller", "9.1")
    assert [(a.name, a.status, a.mac, a.ip) for a in reading.access_points] == [
        ("AP Bruul", "up", "02:00:00:00:00:01", "192.0.2.1"),
        ("AP Veemarkt", "down", "02:00:00:00:00:02", "192.0.2.2"),
        ("copy", "redundant", "02:00:00:00:00:03", "192.0.2.3"),
    ]
    assert (reading.access_points_up, reading.access_points_total) == (1, 2)
    assert reading.access_points[0].uptime_s == pytest.approx(86400)
    assert [
        (r.id, r.channel, r.frequency_mhz, r.noise_dbm, r.tx_power_dbm) for r in reading.radios
    ] == [
        ("AP Bruul/0", 6, 2437, -95, 18),
        ("AP Bruul/1", 44, 5220, -98, 18),
        ("AP Veemarkt/0", 6, 2437, -96, 18),
    ]
    assert [r.utilization_ratio for r in reading.radios] == pytest.approx([0.037, 0.512, 0])
    assert [(s.name, s.stations) for s in reading.ssids] == [("Mechelen Gratis", 11), ("Stad", 2)]
    assert (reading.stations, reading.temperature_c) == (13, 38)
