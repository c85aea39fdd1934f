"""`netmon probe`: one device, asked over real SNMP."""

import socket
from collections.abc import Iterator

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.cli.snmp_options import split_address
from netmon.demo.launch import Simulator
from tests.cli.asking import Call, process
from tests.cli.conftest import COMMUNITY

KEYS = {
    "identity": {
        "vendor",
        "profile",
        "model",
        "version",
        "sys_name",
        "sys_descr",
        "sys_object_id",
        "uptime_s",
    },
    "interfaces": {"total", "up", "rows"},
    "host": {
        "storage",
        "processes",
        "users",
        "printer_status",
        "printer_errors",
        "supplies",
        "uptime_s",
    },
}
TOP = {
    *KEYS,
    "stations",
    "access_points",
    "access_points_up",
    "access_points_total",
    "radios",
    "ssids",
    "cpu_ratio",
    "memory_ratio",
    "temperature_c",
}
RADIO = {
    "id",
    "access_point",
    "band_ghz",
    "channel",
    "frequency_mhz",
    "stations",
    "tx_power_dbm",
    "utilization_ratio",
    "noise_dbm",
    "status",
    "ccq_ratio",
}
INTERFACE = {"index", "name", "type", "status", "rx_bytes", "tx_bytes", "speed_bps"}


def address(simulator: Simulator, device_id: str) -> str:
    return f"127.0.0.1:{simulator.ports[device_id]}"


@pytest.fixture
def silent() -> Iterator[int]:
    """A UDP port that takes everything and answers nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def closed_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize("device_id", ["gw-1", "sw-1", "ap-1", "pc-1"])
def test_machines_get_the_object_that_was_promised(simulator: Simulator, device_id: str) -> None:
    answer = process("probe", address(simulator, device_id), "--json", NETMON_COMMUNITY=COMMUNITY)
    assert (answer.code, answer.err) == (0, "")
    document = answer.document
    assert set(document) == TOP
    assert all(set(document[key]) == parts for key, parts in KEYS.items())
    assert all(set(row) == RADIO for row in document["radios"])
    assert all(set(row) == INTERFACE for row in document["interfaces"]["rows"])
    assert all(set(row) == {"name", "stations"} for row in document["ssids"])
    assert all(
        set(row) == {"descr", "used_ratio", "size_bytes"} for row in document["host"]["storage"]
    )


def test_an_access_point_tells_its_radios_and_a_computer_its_disks(
    netmon: Call, simulator: Simulator
) -> None:
    ap = netmon("probe", address(simulator, "ap-1"), "--community", COMMUNITY, "--json").document
    assert ap["radios"] and ap["ssids"] and ap["stations"] is not None
    assert ap["identity"]["uptime_s"] >= 0
    pc = netmon("probe", address(simulator, "pc-1"), "--community", COMMUNITY, "--json").document
    assert pc["host"]["storage"] and pc["radios"] == [] and pc["stations"] is None


def test_people_get_facts_and_tables(netmon: Call, simulator: Simulator) -> None:
    answer = netmon("probe", address(simulator, "ap-1"), "--community", COMMUNITY)
    assert (answer.code, answer.err) == (0, "")
    assert "sys_descr" in answer.out and "\nradios\n" in answer.out and "\nssids\n" in answer.out
    assert COMMUNITY not in answer.out


def test_nothing_that_a_device_says_commands_the_terminal(
    netmon: Call, simulator: Simulator
) -> None:
    for options in ([], ["--json"]):
        answer = netmon("probe", address(simulator, "ap-1"), "--community", COMMUNITY, *options)
        assert all(letter.isprintable() or letter == "\n" for letter in answer.out)


def test_a_closed_port_is_told_and_the_exit_code_is_1() -> None:
    port = closed_port()
    answer = process("probe", f"127.0.0.1:{port}", "--timeout", "2", "--retries", "0")
    assert answer.code == 1 and answer.out == ""
    assert answer.err.startswith(f"refused: 127.0.0.1:{port}: ")
    assert len(answer.err.splitlines()) == 1


def test_silence_is_told_and_the_exit_code_is_1(netmon: Call, silent: int) -> None:
    answer = netmon(
        "probe", f"127.0.0.1:{silent}", "--timeout", "0.1", "--retries", "0", "--deadline", "1"
    )
    assert answer.code == 1 and answer.out == ""
    assert answer.err.startswith(f"timeout: 127.0.0.1:{silent}: ")
    assert len(answer.err.splitlines()) == 1


def test_a_wrong_community_is_silence_and_is_not_shown(netmon: Call, simulator: Simulator) -> None:
    answer = netmon(
        "probe",
        address(simulator, "sw-1"),
        *("--community", "canary-wrong", "--timeout", "0.1", "--retries", "0"),
    )
    assert answer.code == 1
    assert "canary-wrong" not in answer.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", ("192.0.2.1", 161)),
        ("192.0.2.1:1161", ("192.0.2.1", 1161)),
        ("switch.example", ("switch.example", 161)),
        ("switch.example:1", ("switch.example", 1)),
        ("2001:db8::1", ("2001:db8::1", 161)),
        ("::1", ("::1", 161)),
        ("[2001:db8::1]", ("2001:db8::1", 161)),
        ("[2001:db8::1]:65535", ("2001:db8::1", 65535)),
    ],
)
def test_an_address_is_read_in_every_usual_form(text: str, expected: tuple[str, int]) -> None:
    assert split_address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":161",
        "host:",
        "host:x",
        "host:0",
        "host:65536",
        "host:-1",
        "host:²",
        "host:" + "9" * 5000,
        "[::1",
        "::1]",
        "[]:161",
        "[::1]x",
        "[::1]:",
    ],
)
def test_an_address_that_is_none_is_refused_in_one_line(netmon: Call, text: str) -> None:
    line = netmon("probe", "--", text).refused()
    assert line.startswith("Error: Invalid value: HOST[:PORT]: expected ")


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        host, port = split_address(text)
    except click.BadParameter:
        return
    assert host and 0 < port < 65536


@pytest.mark.parametrize("option", ["--timeout", "--deadline"])
@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "3601", "soon"])
def test_time_that_is_no_length_of_time_is_refused(netmon: Call, option: str, value: str) -> None:
    answer = netmon("probe", "127.0.0.1", option, value)
    assert answer.code == 2 and answer.out == ""
    assert option in answer.err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--auth", "sha256"], "expected --user with --auth and --priv, found none"),
        (["--user", "u", "--priv", "aes128"], "expected --auth with --priv (RFC 3414), found none"),
        (
            ["--user", "u", "--auth", "sha256"],
            "expected the pass phrase in the variable NETMON_AUTH, found none",
        ),
    ],
)
def test_credentials_that_do_not_fit_together_are_refused(
    netmon: Call, options: list[str], expected: str
) -> None:
    assert expected in netmon("probe", "127.0.0.1", *options).refused()


def test_no_name_of_a_host_ends_in_a_traceback(netmon: Call) -> None:
    answer = netmon("probe", "no such host\x1b", "--timeout", "0.1", "--deadline", "1")
    assert answer.code == 1 and answer.out == ""
    (line,) = answer.err.splitlines()
    assert line.isprintable() and line.startswith("dns: ")
