"""A whole netmon over one controller: its access points, one that vanishes, one nobody knows."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cli.asking import process
from tests.cli.conftest import Netmon
from tests.collectors import ber
from tests.collectors.conftest import PUBLIC, Agent, serving
from tests.config.conftest import SETTINGS, CityFiles, device
from tests.waiting import wait_for

FAST = """
[checks.snmp]
interval_s = 2
retry_interval_s = 1
deadline_s = 2
params = { timeout_s = 0.5, retries = 0 }

[checks.reported]
interval_s = 2
retry_interval_s = 1
deadline_s = 2

[kinds.controller]
checks = ["snmp"]
deciding = "snmp"
"""
AP = "1.3.6.1.4.1.14823.2.3.3.1.2.1.1"
NAME, ADDRESS, MODEL, STATUS = (2, 3, 6, 11)
SYSTEM = {
    "1.3.6.1.2.1.1.1.0": ber.octets(b"ArubaOS (MODEL: 515), Version 8.10.0.2"),
    "1.3.6.1.2.1.1.2.0": (ber.OID, ber.oid_body("1.3.6.1.4.1.14823.1.2.111")),
    "1.3.6.1.2.1.1.3.0": ber.number(123_456, ber.TICKS),
    "1.3.6.1.2.1.1.5.0": ber.octets(b"instant"),
}


def row(number: int, name: str, *, is_up: bool = True) -> dict[str, ber.Tagged]:
    """Return one access point in a virtual controller's list (synthetic)."""
    index = f"2.0.94.0.0.{number}"
    return {
        f"{AP}.{NAME}.{index}": ber.octets(name.encode()),
        f"{AP}.{ADDRESS}.{index}": (ber.IP_ADDRESS, bytes([192, 0, 2, number])),
        f"{AP}.{MODEL}.{index}": ber.octets(b"515"),
        f"{AP}.{STATUS}.{index}": ber.number(1 if is_up else 2),
    }


@pytest.fixture
def controller() -> Iterator[Agent]:
    """Serve a controller whose list the test may change while it is polled."""
    table = {**SYSTEM, **row(1, "AP-1"), **row(2, "AP-2"), **row(3, "Attic")}
    agent = Agent(serving(table))
    agent.table = table  # type: ignore[attr-defined]
    yield agent
    agent.close()


def access_point(key: str, **changes: str) -> dict[str, str]:
    usual = {"kind": "access_point", "host": "", "credential": "", "power": "always_on"}
    return device(key, **{**usual, "seen_by": "vc", "name": key, **changes})


@pytest.fixture
def watched(city: CityFiles, controller: Agent, start_netmon: Callable[..., Netmon]) -> CityFiles:
    city.settings(SETTINGS + FAST)
    city.secret(PUBLIC.value)
    city.devices(
        device("vc", kind="controller", port=str(controller.port), power="always_on"),
        access_point("ap-one", mac="02:00:5e:00:00:01"),
        access_point("ap-2"),
    )
    start_netmon("run", "--no-web", "-c", str(city.config)).wait_until_said("collecting")
    return city


def told(city: CityFiles) -> dict[str, Any]:
    return json.loads(process("status", "--devices", "--json", "-c", city.config).out)


def wait_until(city: CityFiles, wanted: dict[str, str], within_s: float = 30) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        document = told(city)
        now = {each["id"]: each["status"] for each in document["devices"]}
        return document if wanted.items() <= now.items() else None

    return wait_for(found, within_s=within_s, what=f"{wanted} in {told(city)['devices']}")


def test_one_poll_tells_every_access_point_and_one_that_vanishes_is_down(
    watched: CityFiles, controller: Agent
) -> None:
    document = wait_until(watched, {"ap-one": "up", "ap-2": "up", "vc": "up"})
    (stranger,) = document["not_in_inventory"]
    assert (stranger["name"], stranger["mac"]) == ("Attic", "02:00:5e:00:00:03")
    assert stranger["source"] == "vc"
    table = controller.table  # type: ignore[attr-defined]
    for oid in row(1, ""):
        del table[oid]
    table |= row(2, "AP-2", is_up=False)
    wait_until(watched, {"ap-one": "down", "ap-2": "down", "vc": "up"})
    table |= {**row(1, "AP-1"), **row(2, "AP-2")}
    wait_until(watched, {"ap-one": "up", "ap-2": "up"})


def test_a_controller_that_falls_silent_leaves_its_access_points_unknown(
    watched: CityFiles, controller: Agent
) -> None:
    wait_until(watched, {"ap-one": "up", "ap-2": "up"})
    controller.handler = lambda _: []
    wait_until(watched, {"ap-one": "unknown", "ap-2": "unknown", "vc": "down"})
