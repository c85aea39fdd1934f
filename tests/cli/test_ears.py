"""A whole netmon that is told of things: heartbeats of an agent, and a trap of a device."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest

from tests.cli.asking import process
from tests.cli.conftest import Netmon
from tests.collectors.conftest import PUBLIC, Agent, free_port, load, serving
from tests.config.conftest import MECHELEN, SETTINGS, CityFiles, device
from tests.conftest import require
from tests.waiting import wait_for

HEARTBEATS = """
[web]
port = 0

[heartbeats]
secret_file = "secret"

[checks.heartbeat]
interval_s = 1
deadline_s = 1
"""
SECRET = "an-unlikely-secret-of-more-than-32-characters"  # noqa: S105 - opens nothing
SLOW = """
[checks.snmp]
interval_s = 3600

[kinds.switch]
checks = ["snmp"]
deciding = "snmp"
"""


def devices(city: CityFiles) -> dict[str, dict[str, Any]]:
    document = json.loads(process("status", "--json", "-c", city.config).out)
    return {each["id"]: each for each in document["devices"]}


@pytest.fixture
def switch() -> Iterator[Agent]:
    agent = Agent(serving(load("unifi-like")))
    yield agent
    agent.close()


@pytest.fixture
def told(city: CityFiles) -> CityFiles:
    whole_city = SETTINGS.replace('"city"', json.dumps(str(MECHELEN)))
    city.settings(whole_city + HEARTBEATS)
    secret = city.folder / "secret"
    secret.touch(0o600)
    secret.write_text(SECRET, encoding="utf-8")
    usual = {"host": "", "credential": "", "checks": "heartbeat", "power": "always_on"}
    city.devices(device("pc-1", **usual), device("pc-2", **usual))
    return city


def key_of(device_id: str, city: CityFiles, folder: Path) -> Path:
    """Return the private file with a device's key, as `netmon key` prints it."""
    key = folder / "key"
    key.touch(0o600)
    key.write_text(process("key", device_id, "-c", city.config).out, encoding="utf-8")
    return key


def test_a_computer_that_tells_of_itself_is_up_and_one_that_never_did_is_unknown(
    told: CityFiles, start_netmon: Callable[..., Netmon], tmp_path: Path
) -> None:
    running = start_netmon("run", "-c", str(told.config))
    key = key_of("pc-1", told, tmp_path)
    sent = process(
        "agent", "--url", running.address, "--device", "pc-1", "--key-file", key, "--once"
    )
    assert (sent.code, sent.err) == (0, "")

    def heard() -> dict[str, Any] | None:
        found = devices(told)["pc-1"]
        return found if found["status"] == "up" else None

    found = wait_for(heard, within_s=20, what="pc-1 to be up")
    names = {value["name"] for value in found["values"]}
    assert {"uptime_s", "memory_ratio", "storage_used_ratio"} <= names
    assert devices(told)["pc-2"]["status"] == "unknown"


def test_a_desk_that_somebody_holds_ends_no_netmon_and_loses_no_beat(
    told: CityFiles, start_netmon: Callable[..., Netmon], tmp_path: Path
) -> None:
    """Looked into by hand, or on a full disk: what is not kept is not acknowledged."""
    running = start_netmon("run", "-c", str(told.config))
    key = key_of("pc-1", told, tmp_path)
    command = ("agent", "--url", running.address, "--device", "pc-1", "--key-file", key, "--once")
    with closing(apsw.Connection(str(told.load().settings.store.folder / "desk.db"))) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = process(*command)
        running.wait_until_said("inbox: cannot write", within_s=30)
        assert running.get("/api/v1/spots.geojson")["features"]
    assert refused.code == 1 and "503" in refused.err
    assert process(*command).code == 0
    assert running.process.poll() is None


def test_a_key_of_another_device_opens_nothing(
    told: CityFiles, start_netmon: Callable[..., Netmon], tmp_path: Path
) -> None:
    running = start_netmon("run", "-c", str(told.config))
    key = key_of("pc-2", told, tmp_path)
    sent = process(
        "agent", "--url", running.address, "--device", "pc-1", "--key-file", key, "--once"
    )
    assert sent.code == 1
    assert "401" in sent.err


def test_a_web_side_without_its_secret_refuses_to_start(told: CityFiles) -> None:
    (told.folder / "secret").unlink()
    answer = process("run", "-c", told.config)
    assert answer.code == 2
    assert "heartbeats.secret_file" in answer.err


def test_a_trap_makes_netmon_ask_its_sender_at_once(
    city: CityFiles, start_netmon: Callable[..., Netmon], switch: Agent
) -> None:
    """Asked once an hour, the switch is asked again within seconds of its trap."""
    snmptrap = shutil.which("snmptrap")
    require("net-snmp", snmptrap is not None)
    port = free_port()
    ear = f'[notifications]\nport = {port}\ncredentials = ["lab"]\n'
    city.settings(SETTINGS + SLOW + ear)
    city.secret(PUBLIC.value)
    city.devices(device("sw-1", kind="switch", power="always_on", port=str(switch.port)))
    start_netmon("run", "--no-web", "-c", str(city.config)).wait_until_said("collecting")
    command = [str(snmptrap), "-v2c", "-c", PUBLIC.value, f"127.0.0.1:{port}", ""]
    subprocess.run([*command, "1.3.6.1.6.3.1.1.5.3"], check=True, timeout=10)
    wait_for(lambda: len(switch.asked) > 3, within_s=15, what="a poll because of the trap")
    wait_for(lambda: devices(city)["sw-1"]["status"] == "up", within_s=10, what="sw-1 to be up")
