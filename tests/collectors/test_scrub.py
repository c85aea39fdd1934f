"""The laws of a scrubbed recording: nothing that names is left, and all that counts is."""

import ipaddress
import re
import string
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collectors.recording.pseudonyms import Pseudonyms, is_host
from collectors.recording.scrub import scrub
from collectors.recording.scrub_words import vocabulary
from collectors.recording.snmprec import (
    FORBIDDEN_SUBTREES,
    IP_ADDRESS,
    OBJECT_ID,
    OCTETS,
    RecordingError,
    Variable,
    dump,
    forbidden,
    parse,
)
from collectors.snmp.library import bundled
from tests.collectors.conftest import CAPTURES, RECORDINGS

SALT = b"a salt of the tests"
NAMES = (1, 3, 6, 1, 2, 1, 1, 5, 0)
SERIAL = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 1)
TABLE = (1, 3, 6, 1, 4, 1, 32473, 2, 7, 1)


def octet_string(oid: tuple[int, ...], value: bytes | str) -> Variable:
    return Variable(oid, OCTETS, value.encode() if isinstance(value, str) else value)


def macs() -> st.SearchStrategy[bytes]:
    """Hardware addresses of somebody: unicast, and not so small that they look like counts."""
    return st.tuples(
        st.integers(0, 127), *[st.integers(64, 255)] * 2, *[st.integers(0, 255)] * 3
    ).map(lambda each: bytes((2 * each[0], *each[1:])))


def hosts() -> st.SearchStrategy[bytes]:
    return st.tuples(st.integers(64, 191), *[st.integers(1, 254)] * 3).map(bytes).filter(is_host)


def secret_words() -> st.SearchStrategy[str]:
    return st.text(string.ascii_letters + string.digits, min_size=6, max_size=16).filter(
        lambda word: (
            word.lower() not in vocabulary()
            and not re.fullmatch("[A-Fa-f0-9]{12}", word)
            and any(map(str.isalpha, word))
        )
    )


@dataclass(frozen=True)
class Device:
    """A made-up device whose every name is known."""

    macs: list[bytes]
    hosts: list[bytes]
    name: str
    serial: str

    def variables(self) -> list[Variable]:
        rows = [octet_string(NAMES, self.name), octet_string(SERIAL, self.serial)]
        about = f"{self.name} at {self.serial}; contact root@{self.name}.example"
        rows.append(octet_string((*TABLE, 9, 1), about))
        rows.append(
            octet_string((1, 3, 6, 1, 2, 1, 1, 1, 0), f"AcmeOS 1.2 on {self.name} SN:{self.serial}")
        )
        for number, mac in enumerate(self.macs, 1):
            plain = mac.hex()
            forms = [
                mac.hex(":"),
                mac.hex("-").upper(),
                plain,
                f"{plain[:4]}.{plain[4:8]}.{plain[8:]}",
                f"ap-{plain}.example",
            ]
            rows += [octet_string((*TABLE, 20 + i, number), form) for i, form in enumerate(forms)]
            rows.append(octet_string((*TABLE, 1, *mac), mac))
            rows.append(Variable((*TABLE, 2, *mac), 2, number))
            rows.append(Variable((*TABLE, 3, *mac, 1), 66, number))
            rows.append(Variable((*TABLE, 4, number), OBJECT_ID, (*TABLE, 1, *mac)))
        for number, host in enumerate(self.hosts, 1):
            dotted = ".".join(map(str, host))
            rows.append(Variable((1, 3, 6, 1, 2, 1, 4, 20, 1, 1, *host), IP_ADDRESS, host))
            rows.append(Variable((1, 3, 6, 1, 2, 1, 4, 20, 1, 2, *host), 2, number))
            rows.append(octet_string((*TABLE, 30, number), f"http://{dotted}:8080/"))
            rows.append(octet_string((*TABLE, 31, number), host))
        name = self.name.encode()
        rows.append(Variable((*TABLE, 40, len(name), *name), 2, 5))
        return rows


def devices() -> st.SearchStrategy[Device]:
    return st.builds(
        Device,
        st.lists(macs(), max_size=5, unique=True),
        st.lists(hosts(), max_size=5, unique=True),
        secret_words(),
        secret_words(),
    )


def bare(text: str) -> str:
    return re.sub("[^0-9a-z]", "", text.lower())


@settings(deadline=None, max_examples=150)
@given(devices())
def test_no_name_or_address_is_left_in_any_form(device: Device) -> None:
    made = scrub(device.variables(), salt=SALT)
    written = dump(made.variables).lower()
    raw = b"\n".join(each.value for each in made.variables if isinstance(each.value, bytes))
    for mac in device.macs:
        assert mac.hex() not in bare(written)
        assert ".".join(map(str, mac)) not in written
        assert mac not in raw
    for host in device.hosts:
        assert not re.search(rf"(?<![\d.]){re.escape('.'.join(map(str, host)))}(?!\d)", written)
        assert f"x|{host.hex()}\n" not in written
    for word in (device.name, device.serial):
        assert word.lower() not in written
        assert word.lower().encode() not in raw.lower()
        assert ".".join(str(each) for each in word.encode()) not in written


@settings(deadline=None, max_examples=100)
@given(devices(), st.binary(min_size=1, max_size=64))
def test_types_counts_and_order_stay(device: Device, salt: bytes) -> None:
    before = device.variables()
    made = scrub(before, salt=salt)
    oids = [each.oid for each in made.variables]
    assert made.left_out == 0 and len(oids) == len(before)
    assert oids == sorted(set(oids))
    assert sorted(each.tag for each in made.variables) == sorted(each.tag for each in before)
    numbers = [each.value for each in before if isinstance(each.value, int)]
    assert sorted(numbers) == sorted(e.value for e in made.variables if isinstance(e.value, int))
    assert sorted(map(len, (each.oid for each in before))) == sorted(map(len, oids))


@settings(deadline=None, max_examples=100)
@given(devices())
@example(Device([bytes((6, 64, 64, 0, 0, 0))], [], "Bibliotheek", "ABC123456"))
@example(Device([bytes((6, 65, 66, 67, 68, 69))], [], "Bibliotheek", "ABC123456"))
def test_what_belongs_together_still_does(device: Device) -> None:
    by_oid = {each.oid: each.value for each in scrub(device.variables(), salt=SALT).variables}
    start = (*TABLE, 1)
    rows = {oid[len(start) :]: value for oid, value in by_oid.items() if oid[: len(start)] == start}
    assert len(rows) == len(device.macs)
    for index, value in rows.items():
        assert bytes(index) == value and value[0] == 2
        number = by_oid[*TABLE, 2, *index]
        assert by_oid[*TABLE, 3, *index, 1] == number
        assert by_oid[*TABLE, 4, number] == (*start, *index)
        texts = [by_oid[*TABLE, column, number] for column in (20, 21)]
        assert [text.lower() for text in texts] == [value.hex(s).encode() for s in ":-"]
    name = by_oid[NAMES]
    assert isinstance(name, bytes) and len(name) == len(device.name)
    assert (*TABLE, 40, len(name), *name) in by_oid


@given(devices())
@settings(deadline=None, max_examples=25)
def test_the_salt_decides_and_without_one_no_two_runs_agree(device: Device) -> None:
    before = device.variables()
    assert scrub(before, salt=SALT) == scrub(before, salt=SALT)
    assert scrub(before).variables != scrub(before).variables


@given(st.lists(macs(), max_size=40, unique=True), st.lists(hosts(), max_size=40, unique=True))
def test_no_two_addresses_get_one_pseudonym(macs: list[bytes], hosts: list[bytes]) -> None:
    pseudonyms = Pseudonyms(SALT, [*macs, *hosts])
    others = [pseudonyms.mac(each) for each in macs]
    assert len(set(others)) == len(macs) and not set(others) & set(macs)
    networks = {ipaddress.ip_address(pseudonyms.ipv4(each)) for each in hosts}
    assert len(networks) == len(hosts)
    assert all(each in ipaddress.ip_network("198.18.0.0/15") for each in networks)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_name_keeps_its_length_in_octets(name: str) -> None:
    (made,) = scrub([octet_string(NAMES, name)], salt=SALT).variables
    assert isinstance(made.value, bytes)
    addresses = re.search(r"\d\.\d|:", name)
    assert addresses or len(made.value) == len(name.encode())


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.lists(st.integers(0, 2**32 - 1), max_size=20), st.binary(max_size=40)))
)
@example([([1, 4, 10, 1, 2, 3], b"\x00" * 6), ([6, 0, 0, 0, 0, 0, 0], b"\xff")])
def test_whatever_a_device_says_is_scrubbed_and_written_and_read(
    rows: list[tuple[list[int], bytes]],
) -> None:
    before = [octet_string((1, 3, 6, 1, 4, 1, *oid), value) for oid, value in rows]
    made = scrub(before, salt=SALT)
    assert tuple(parse(dump(made.variables))) == made.variables


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("eth0", True),
        ("wlan0.100", True),
        ("44E", True),
        ("149+", True),
        ("3.7", True),
        ("-95 dBm", True),
        ("Physical memory", True),
        ("Connected", True),
        ("wireless uplink", False),
        ("Bibliotheek", False),
        ("CN12345678", False),
        ("1234567890", False),
        ("jan@example.org", False),
        ("fe80::1234:5678", False),
        ("0:b:86:1:2:3", False),
    ],
)
def test_only_what_is_plainly_nobodys_stays(text: str, stays: bool) -> None:  # noqa: FBT001 - a row
    (made,) = scrub([octet_string((*TABLE, 5, 1), text)], salt=SALT).variables
    assert (made.value == text.encode()) is stays


def test_a_model_stays_and_the_name_and_serial_beside_it_do_not() -> None:
    descr = (1, 3, 6, 1, 2, 1, 1, 1, 0)
    rows = [octet_string(descr, "Linux bib-gw-1 6.1.0-13 x86_64"), octet_string(NAMES, "other")]
    made = {each.oid: each.value for each in scrub(rows, salt=SALT).variables}
    assert re.fullmatch(rb"Linux [a-z]{3}-[a-z]{2}-1 6\.1\.0-13 x86_64", made[descr])  # type: ignore[arg-type]
    assert b"bib" not in made[descr]  # type: ignore[operator]
    rows = [octet_string(descr, "HP LaserJet,SN:VNB3J12345,PID:M252dw 4.3.28.11")]
    (only,) = scrub(rows, salt=SALT).variables
    assert isinstance(only.value, bytes)
    assert only.value.startswith(b"HP LaserJet,SN:") and only.value.endswith(b"M252dw 4.3.28.11")
    assert b"VNB3J12345" not in only.value


@pytest.mark.parametrize(
    "value",
    ["Katrien".encode("utf-16-le"), "Katrien".encode("utf-16-be"), b"\0" * 12 + b"\xe9Eva\0"],
    ids=["little endian", "big endian", "padded"],
)
def test_a_text_among_nuls_is_no_map_of_bits(value: bytes) -> None:
    """Windows and printers write names with two octets a letter."""
    (made,) = scrub([octet_string((*TABLE, 4, 1), value)], salt=SALT).variables
    assert isinstance(made.value, bytes) and len(made.value) == len(value)
    assert not {b"Katrien", b"Eva"} & {made.value.replace(b"\0", b""), made.value[-4:-1]}


def test_a_map_of_bits_stays() -> None:
    ports = octet_string((*TABLE, 4, 1), bytes((0, 255, 0, 0, 0, 24, 0, 0)))
    assert scrub([ports], salt=SALT).variables == (ports,)


def test_who_built_a_version_is_not_told_and_makes_no_name_harmless() -> None:
    revision = octet_string(
        (*SERIAL[:-2], 10, 1), "8.10.0.2 for AP-515, built by wouters@build-katrien"
    )
    name = octet_string(NAMES, "pc-katrien")
    told = dump(scrub([revision, name], salt=SALT).variables)
    assert "8.10.0.2 for AP-515, built by " in told
    assert "katrien" not in told and "wouters" not in told


def test_the_community_is_never_repeated() -> None:
    rows = [octet_string((*TABLE, 5, 1), "Physical canary memory")]
    (made,) = scrub(rows, ["canary"], salt=SALT).variables
    assert isinstance(made.value, bytes) and b"canary" not in made.value
    assert b"Physical " in made.value


def test_a_word_that_may_stay_stays_unless_it_is_a_name() -> None:
    rows = [octet_string((*TABLE, 5, 1), "Turbo"), octet_string(NAMES, "Turbo-x")]
    made = {each.oid: each.value for each in scrub(rows, keep=["turbo"], salt=SALT).variables}
    assert made[*TABLE, 5, 1] != b"Turbo" and made[NAMES] != b"Turbo-x"
    (alone,) = scrub(rows[:1], keep=["turbo"], salt=SALT).variables
    assert alone.value == b"Turbo"


def test_tables_of_clients_are_left_out() -> None:
    for subtree in FORBIDDEN_SUBTREES:
        oid = tuple(map(int, subtree.split(".")))
        assert forbidden((*oid, 1, 1)) == oid
        assert scrub([octet_string((*oid, 1, 2, 3), "x")], salt=SALT).variables == ()


def test_no_profile_asks_for_what_a_recording_must_not_hold() -> None:
    """Client tables are never requested: the same list holds for both."""
    for profile in (bundled().base, *bundled().known):
        asked = re.findall(r"'oid': '([0-9.]+)'", str(profile.model_dump()))
        bad = [oid for oid in asked if forbidden(tuple(map(int, oid.split("."))))]
        assert not bad, profile.name


@pytest.mark.parametrize(
    "line", ["1.3|4", "1.3.x|4|y", "1.3|4x|zz", "1.3|2|many", "1.3|67:numeric|rate=1"]
)
def test_a_line_that_is_no_variable_is_told(line: str) -> None:
    with pytest.raises(RecordingError, match="line 2: expected "):
        list(parse(f"1.3.6.1|2|1\n{line}\n"))


@pytest.mark.parametrize("path", sorted(RECORDINGS.glob("*.snmprec")), ids=lambda path: path.stem)
def test_our_own_recordings_are_read_and_written_alike(path) -> None:
    variables = list(parse(path.read_text("utf-8")))
    assert list(parse(dump(variables))) == sorted(variables, key=lambda each: each.oid)


@pytest.mark.shared
@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.snmprec")) or [None], ids=str)
def test_no_hardware_address_of_a_real_device_is_left(path) -> None:
    if path is None:
        pytest.skip("the recordings of real devices are not beside this checkout")
    text = path.read_text("utf-8", "surrogateescape").replace("67:numeric|rate=100", "67|1")
    variables = [each for each in parse(text) if forbidden(each.oid) is None]
    made = scrub(variables, salt=SALT)
    # One capture holds hex dumps, broken into lines, in which an address may hide: left out.
    assert made.left_out <= len(variables) // 100
    assert len(made.variables) + made.left_out == len(variables)
    written = dump(made.variables).lower()
    physical = (1, 3, 6, 1, 2, 1, 2, 2, 1, 6)
    found = {each.value for each in variables if each.oid[:10] == physical}
    real = [mac for mac in found if isinstance(mac, bytes) and len(mac) == 6 and any(mac)]
    assert not [mac for mac in real if mac.hex() in bare(written) or mac.hex(":") in written]
    hosts = {each.value for each in variables if each.tag == IP_ADDRESS}
    dotted = {".".join(map(str, host)) for host in hosts if len(host) == 4 and is_host(host)}  # type: ignore[arg-type]
    assert not [
        host for host in dotted if re.search(rf"(?<![\d.]){re.escape(host)}(?![\d.])", written)
    ]
