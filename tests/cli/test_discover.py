"""`netmon discover`: a loopback network is asked who is in it, gently, and only when told to."""

import csv
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from collectors.discover import Found, Manner, TooManyError, addresses, discover
from collectors.target import Community
from netmon.cli.discover import _csv, _rows, slug
from netmon.config.devices_file import COLUMNS
from netmon.config.fields import Id
from netmon.domain.model import DeviceKind
from tests.cli.asking import Answer, Call, process
from tests.collectors import ber
from tests.collectors.conftest import Agent, Daemon, Handler, agent, load, recordings, serving
from tests.config.conftest import CityFiles, device
from tests.waiting import wait_for

__all__ = ["agent", "recordings"]  # fixtures that these tests share

LOOPBACK = "127.0.0.0/29"
Start = Callable[[Handler], Agent]


@pytest.fixture
def asking(city: CityFiles) -> Call:
    """
    Run the command in a city without any of the devices that it will find.

    In a process of its own: this one may reach 127.0.0.1 only, and a network has more.
    """
    city.devices(device(host="192.0.2.1"))

    def ask(cidr: str, *options: object) -> Answer:
        return process("discover", cidr, "-c", city.config, "--timeout", "0.5", *options)

    return ask


def found(name: str = "AP Bruul", host: str = "192.0.2.7", **changes: str) -> Found:
    facts = {"sys_name": name, "sys_descr": "Acme", "sys_object_id": "1.3.6.1.4.1.32473"}
    more = {"profile": "generic", "kind": "access_point", "credential": "lab", "mac": ""}
    return Found(host=host, port=161, **{**facts, **more, **changes})


PRINTER_ROW = {"1.3.6.1.2.1.43.5.1.1.1.1": ber.number(1)}
PORTS = {"1.3.6.1.2.1.17.1.2.0": ber.number(24)}


@pytest.mark.parametrize(
    ("recording", "more", "kind"),
    [
        ("unifi-like", {}, "access_point"),
        ("printer", PRINTER_ROW, "printer"),
        ("public-pc", {}, "public_pc"),
        ("unifi-switch", PORTS, "switch"),
        ("unifi-switch", {}, None),
    ],
)
def test_an_agent_becomes_a_row_with_a_guessed_kind(
    asking: Call, agent: Start, recording: str, more: dict[str, ber.Tagged], kind: str | None
) -> None:
    started = agent(serving(load(recording) | more))
    answer = asking(LOOPBACK, "--port", started.port, "--community", "public", "--json")
    assert answer.code == 0, answer.err
    (row,) = answer.document["devices"]
    assert (row["host"], row["port"], row["kind"]) == ("127.0.0.1", started.port, kind)
    assert row["place_id"] is None and row["lon"] is None
    assert "6 asked, 1 answered, 0 in the inventory already" in answer.err


def test_rows_for_the_file_are_taken_by_netmon_once_a_place_is_filled_in(
    asking: Call, recordings: Daemon, city: CityFiles, netmon: Call
) -> None:
    city.secret("printer")
    answer = asking(LOOPBACK, "--port", recordings.port, "--credential", "lab", "--csv")
    assert answer.code == 0 and "place_id is empty" in answer.err
    (row,) = csv.DictReader(io.StringIO(answer.out))
    assert tuple(row) == COLUMNS and row["credential"] == "lab" and row["place_id"] == ""
    city.devices({**row, "place_id": "bib", "kind": row["kind"] or "printer"})
    assert netmon("check", "-c", city.config).code == 0


def test_what_the_inventory_has_is_not_asked(city: CityFiles, agent: Start) -> None:
    started = agent(serving(load("printer")))
    city.devices(device(port=str(started.port)))
    options = ("--port", started.port, "--community", "public", "--timeout", "0.5")
    answer = process("discover", LOOPBACK, "-c", city.config, *options)
    assert answer.code == 1
    assert "5 asked, 0 answered, 1 in the inventory already" in answer.err
    assert started.asked == []


def test_credentials_are_tried_in_turn_and_the_right_one_is_told(agent: Start) -> None:
    table = load("printer")

    def picky(request: ber.Request) -> list[bytes]:
        return serving(table)(request) if request.community == b"second" else []

    started = agent(picky)
    manner = Manner(timeout_s=0.3, retries=0, port=started.port)
    tried = {"a": Community("first"), "b": Community("second"), "c": Community("third")}
    (only,) = discover(["127.0.0.1"], tried, manner, lambda _: None)
    assert only.credential == "b"
    assert {each.community for each in started.asked} == {b"first", b"second"}


def test_it_asks_no_faster_than_it_is_told(agent: Start) -> None:
    """20 silent addresses at 20 a second take a second, however many could wait at once."""
    started = agent(lambda _: [])
    manner = Manner(timeout_s=0.05, retries=0, per_s=20, port=started.port)
    hosts = ["127.0.0.1"] * 20
    began, done = time.monotonic(), []
    assert list(discover(hosts, {"": Community("public")}, manner, done.append)) == []
    assert time.monotonic() - began >= 19 / 20
    assert done[-1] == 20 == len(started.asked)


def test_silence_everywhere_ends_in_time(agent: Start) -> None:
    started = agent(lambda _: [])
    manner = Manner(timeout_s=0.3, retries=1, per_s=1000, port=started.port)
    began = time.monotonic()
    assert not list(discover(["127.0.0.1"] * 64, {"": Community("x")}, manner, lambda _: None))
    assert time.monotonic() - began < 5


def test_giving_up_early_asks_no_further(agent: Start) -> None:
    started = agent(serving(load("printer")))
    manner = Manner(timeout_s=0.5, per_s=20, port=started.port)
    looking = discover(["127.0.0.1"] * 200, {"": Community("public")}, manner, lambda _: None)
    next(looking)
    looking.close()  # type: ignore[attr-defined]
    began = len(started.asked)
    threading.Event().wait(0.3)
    assert len(started.asked) - began <= 5


@pytest.mark.parametrize(
    ("cidr", "expected"),
    [
        ("10.0.0.0/21", "CIDR: expected a smaller network, or --limit; 2048 addresses"),
        ("0.0.0.0/0", "CIDR: expected a smaller network, or --limit; 4294967296 addresses"),
        ("2001:db8::/117", "CIDR: expected a smaller network, or --limit; 2048 addresses"),
        ("::/0", "CIDR: expected a smaller network"),
        ("192.0.2.1/24", "CIDR: expected a network such as 192.0.2.0/24, found '192.0.2.1/24'"),
        ("everything\x1b[2J", "CIDR: expected a network such as 192.0.2.0/24"),
        ("", "CIDR: expected a network such as 192.0.2.0/24, found ''"),
    ],
)
def test_a_network_that_is_none_or_too_large_is_refused(
    netmon: Call, cidr: str, expected: str
) -> None:
    assert expected in netmon("discover", "--", cidr).refused()


@pytest.mark.parametrize("cidr", ["10.0.0.0/22", "2001:db8::/118", "192.0.2.1/32"])
def test_a_network_of_1024_addresses_is_the_largest(cidr: str) -> None:
    assert 0 < len(addresses(cidr)) <= 1024


def test_the_limit_is_of_the_network_not_of_its_hosts() -> None:
    with pytest.raises(TooManyError):
        addresses("192.0.2.0/30", limit=3)
    assert addresses("192.0.2.0/30", limit=4) == ["192.0.2.1", "192.0.2.2"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--credential", "absent"], "--credential: expected SNMP ones of lab; found 'absent'"),
        (["--csv", "--json"], "expected one of --csv and --json, found both"),
        (["--rate", "0"], "--rate"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    asking: Call, options: list[str], expected: str
) -> None:
    answer = asking(LOOPBACK, *options)
    assert answer.code == 2 and answer.out == "" and expected in answer.err


def test_rows_are_told_to_people_and_no_name_commands_the_terminal(
    asking: Call, agent: Start
) -> None:
    table = load("printer") | {"1.3.6.1.2.1.1.5.0": ber.octets(b"\x1b[31m=cmd|calc\n")}
    started = agent(serving(table))
    for options in ([], ["--csv"], ["--json"]):
        answer = asking(LOOPBACK, "--port", started.port, "--community", "public", *options)
        assert answer.code == 0 and "\x1b" not in answer.out
        assert "public" not in answer.out.replace("public_pc", "")


@given(st.lists(st.text(max_size=60), max_size=8), st.sets(st.sampled_from(["ap", "ap-1", "x"])))
def test_every_proposed_id_is_valid_and_new(names: list[str], taken: set[str]) -> None:
    rows = _rows([found(name, f"192.0.2.{n}") for n, name in enumerate(names)], set(taken))
    ids = [row["id"] for row in rows]
    assert len({*ids, *taken}) == len(ids) + len(taken)
    assert TypeAdapter(list[Id]).validate_python(ids) == ids


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_cell_is_a_formula_or_a_line_of_its_own(name: str, credential: str) -> None:
    text = _csv(_rows([found(name, credential=credential)], set()))
    (row,) = csv.DictReader(io.StringIO(text))
    assert len(text.splitlines()) == 2
    assert not any(cell[:1] in {"=", "+", "-", "@"} for cell in row.values())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AP-Bruul 01.mechelen.example", "ap-bruul-01"),
        ("Één & co", "een-co"),
        ("---", ""),
        ("x" * 100, "x" * 40),
    ],
)
def test_an_id_is_made_of_the_name(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_kinds_are_words_of_the_inventory(recordings: Daemon) -> None:
    for recording in ("controller", "unifi-like", "printer", "public-pc", "unifi-switch"):
        manner = Manner(timeout_s=2, port=recordings.port)
        (only,) = discover(["127.0.0.1"], {"": Community(recording)}, manner, lambda _: None)
        assert only.kind in {"", *DeviceKind}


def test_ctrl_c_ends_it_at_once(city: CityFiles) -> None:
    with ExitStack() as stack:
        silent = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        silent.bind(("127.0.0.1", 0))
        silent.setblocking(False)  # noqa: FBT003 - the socket's own signature
        command = [sys.executable, "-m", "netmon", "discover", "127.0.0.0/24", "--rate", "5"]
        command += ["-c", str(city.config), "--port", str(silent.getsockname()[1])]
        root = str(Path(__file__).parents[2])
        running = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": root}, stderr=subprocess.PIPE
        )
        wait_for(lambda: _received(silent), within_s=20, what="the first question")
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)
    assert running.returncode == 1 and b"Traceback" not in said
    assert time.monotonic() - began < 10


def _received(port: socket.socket) -> bytes:
    try:
        return port.recv(65_535)
    except BlockingIOError:
        return b""
