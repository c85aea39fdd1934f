"""`netmon poll --once`: one round over real agents, printed and not kept."""

import dataclasses
import json
from contextlib import closing

import pytest

from collectors.observation import Observation
from netmon.cli.wiring import now
from netmon.demo.launch import Simulator
from netmon.domain.intervals import epoch_s
from netmon.storage.desk import DeskWriter
from netmon.storage.inbox import HEARTBEAT, Arrival
from tests.beats import body
from tests.cli.asking import Call, process
from tests.cli.conftest import COMMUNITY
from tests.cli.hourly import HOURLY
from tests.cli.test_controller import SYSTEM, row
from tests.cli.test_probe import closed_port
from tests.collectors.conftest import Agent, serving
from tests.config.conftest import SETTINGS, CityFiles, device

HEARTBEATS = "[heartbeats]\nsecret_file = 'community'\n"
KINDS = "[kinds.gateway]\nchecks = ['snmp']\ndeciding = 'snmp'\n"
FAST = HOURLY.replace("[checks.snmp]", "[checks.snmp]\nparams = { timeout_s = 5.0, retries = 1 }")


@pytest.fixture
def watched(city: CityFiles, simulator: Simulator) -> CityFiles:
    city.settings(SETTINGS + FAST + KINDS)
    city.secret(COMMUNITY)
    city.devices(
        *(
            device(key, kind=kind, power="always_on", port=str(simulator.ports[key]))
            for key, kind in (("gw-1", "gateway"), ("sw-1", "switch"), ("pc-1", "public_pc"))
        )
    )
    return city


def test_a_round_of_answers_is_a_table_and_exit_code_0(watched: CityFiles) -> None:
    answer = process("poll", "--once", "-c", watched.config)
    assert (answer.code, answer.err) == (0, "")
    heading, *rows = answer.out.splitlines()
    assert heading.split() == ["device", "check", "outcome", "seen"]
    assert [row.split()[:3] for row in rows] == [
        [key, "snmp", "ok"] for key in ("gw-1", "sw-1", "pc-1")
    ]
    assert all("_" in row and "…" not in row.split(" more")[0][:80] for row in rows)


def test_a_device_that_does_not_answer_is_told_with_exit_code_1(
    netmon: Call, watched: CityFiles, simulator: Simulator
) -> None:
    watched.devices(
        device("sw-1", kind="switch", port=str(simulator.ports["sw-1"])),
        device("pc-1", port=str(closed_port())),
    )
    answer = netmon("poll", "--once", "-c", watched.config)
    assert answer.code == 1 and answer.err == ""
    assert [row.split()[:3] for row in answer.out.splitlines()[1:]] == [
        ["sw-1", "snmp", "ok"],
        ["pc-1", "snmp", "refused"],
    ]


def test_machines_get_observations(netmon: Call, watched: CityFiles) -> None:
    answer = netmon("poll", "--once", "--json", "-c", watched.config)
    assert (answer.code, answer.err) == (0, "")
    observations = answer.document["observations"]
    assert [each["target"] for each in observations] == ["gw-1", "sw-1", "pc-1"]
    for each in observations:
        assert set(each) == {field.name for field in dataclasses.fields(Observation)}
        assert each["at"].endswith("Z")
        assert {key for value in each["measurements"] for key in value} == {
            "name",
            "value",
            "label",
        }
    assert answer.document["no_verdict"] == answer.document["not_in_inventory"] == []
    assert COMMUNITY not in answer.out


def test_a_computer_that_never_told_anything_has_no_verdict_and_stops_nobody(
    netmon: Call, watched: CityFiles, simulator: Simulator
) -> None:
    watched.settings(SETTINGS + FAST + KINDS + HEARTBEATS)
    watched.devices(
        device("laptop", host="", checks="heartbeat"),
        device("sw-1", kind="switch", port=str(simulator.ports["sw-1"])),
    )
    answer = netmon("poll", "--once", "-c", watched.config)
    silent, asked = answer.out.splitlines()[1:]
    assert silent.split(maxsplit=4) == [
        *("laptop", "heartbeat", "no", "verdict"),
        "no heartbeat of laptop yet: only `netmon run` receives them",
    ]
    assert asked.split()[:3] == ["sw-1", "snmp", "ok"]
    assert (answer.code, answer.err) == (0, "")
    document = netmon("poll", "--once", "--json", "-c", watched.config).document
    assert [each["target"] for each in document["no_verdict"]] == ["laptop"]
    assert [each["target"] for each in document["observations"]] == ["sw-1"]


def test_the_newest_heartbeat_in_the_store_is_told(netmon: Call, watched: CityFiles) -> None:
    watched.settings(SETTINGS + FAST + KINDS + HEARTBEATS)
    watched.devices(*(device(key, host="", checks="heartbeat") for key in ("kiosk", "laptop")))
    at_s = epoch_s(now())
    with closing(DeskWriter(watched.folder / "var", origin="real")) as desk:
        beat = HEARTBEAT.validate_json(json.dumps(body(at_s=at_s)))
        desk.inbox().keep(Arrival("kiosk", "0" * 32, at_s, beat))
    answer = netmon("poll", "--once", "-c", watched.config)
    told, silent = answer.out.splitlines()[1:]
    assert told.split()[:3] == ["kiosk", "heartbeat", "ok"]
    assert "laptop has never sent a heartbeat" in silent
    assert answer.code == 0


def test_what_a_controller_says_of_others_is_counted_and_told(
    netmon: Call, watched: CityFiles
) -> None:
    table = {**SYSTEM, **row(1, "AP-1"), **row(2, "AP-2", is_up=False), **row(3, "Attic")}
    usual = {"kind": "access_point", "host": "", "credential": "", "seen_by": "wlc"}
    watched.secret("public")
    with closing(Agent(serving(table))) as wlc:
        watched.devices(
            device("wlc", kind="controller", port=str(wlc.port), checks="snmp"),
            *(device(key, **usual, name=key) for key in ("ap-1", "ap-2", "ap-9")),
        )
        answer = netmon("poll", "--once", "-c", watched.config)
        alone = netmon("poll", "--once", "-c", watched.config, "--device", "ap-1")
    rows = answer.out.splitlines()
    assert "3 devices named: 2 ok, 1 timeout, 1 not in the inventory; " in rows[1]
    assert [each.split()[:3] for each in rows[1:4]] == [
        ["wlc", "snmp", "ok"],
        ["ap-1", "reported", "ok"],
        ["ap-2", "reported", "timeout"],
    ]
    assert "wlc does not list it: compare mac and name" in rows[4]
    assert rows[6] == "not in the inventory" and rows[8].split()[0] == "Attic"
    assert answer.code == 1
    assert [each.split()[0] for each in alone.out.splitlines()] == ["device", "ap-1"]
    assert alone.code == 0


def test_one_device_can_be_asked_alone(netmon: Call, watched: CityFiles) -> None:
    answer = netmon("poll", "--once", "--json", "-c", watched.config, "--device", "pc-1")
    assert [each["target"] for each in answer.document["observations"]] == ["pc-1"]


def test_devices_that_do_not_exist_are_all_told(netmon: Call, watched: CityFiles) -> None:
    options = [each for key in ("zz", "pc-1", "aa") for each in ("--device", key)]
    assert netmon("poll", "--once", "-c", watched.config, *options).refused() == (
        "Error: Invalid value: --device: expected devices of the inventory, found 'aa', 'zz'"
    )


def test_nothing_is_kept(netmon: Call, watched: CityFiles) -> None:
    netmon("poll", "--once", "-c", watched.config)
    assert not (watched.folder / "var").exists()


def test_polling_for_ever_is_not_what_it_does(netmon: Call, watched: CityFiles) -> None:
    answer = netmon("poll", "-c", watched.config)
    assert answer.code == 2 and "--once" in answer.err


def test_a_bad_inventory_asks_nobody(netmon: Call, watched: CityFiles) -> None:
    watched.devices(device(place_id="atlantis"))
    line = netmon("poll", "--once", "-c", watched.config).refused()
    assert line.endswith("place_id: expected a known site or street, found atlantis")
