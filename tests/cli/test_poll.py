"""`netmon poll --once`: one round over real agents, printed and not kept."""

import pytest

from netmon.demo.launch import Simulator
from tests.cli.asking import Call, process
from tests.cli.conftest import COMMUNITY
from tests.cli.hourly import HOURLY
from tests.cli.test_probe import closed_port
from tests.config.conftest import SETTINGS, CityFiles, device

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
        assert set(each) == {"target", "check", "at", "outcome", "measurements", "detail"}
        assert each["at"].endswith("Z")
        assert {key for value in each["measurements"] for key in value} == {
            "name",
            "value",
            "label",
        }
    assert COMMUNITY not in answer.out


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
