"""The whole way, once: an agent dies, and everything up to the map knows."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from netmon.demo import control
from netmon.domain.intervals import Span
from netmon.domain.model import Status
from netmon.storage.record import RecordReader
from tests.cli.conftest import Netmon
from tests.waiting import wait_for

VICTIM = "ap-bruul-01"
HARD_WITHIN_S = 45


@pytest.fixture
def record(demo: tuple[Netmon, Path]) -> Any:
    netmon, folder = demo
    netmon.wait_until_said("netmon: http")
    reader = RecordReader(folder / "store")
    yield reader
    reader.close()


def runs_of(record: RecordReader, device_id: str) -> list[Span]:
    return record.runs_of_check((device_id, "snmp"), 0)


def soft_looks(record: RecordReader, device_id: str) -> list[datetime]:
    looks = (each for each in record.latest() if each.observation.target == device_id)
    return [soft.at for look in looks for soft in look.recent]


def incidents(folder: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "netmon", "incidents", "-c", str(folder / "netmon.toml"), "--json"],
        capture_output=True,
        check=True,
    )
    rows: list[dict[str, Any]] = json.loads(done.stdout)["rows"]
    return rows


def test_a_dying_agent_is_told_from_the_first_look_to_the_map_and_back(
    demo: tuple[Netmon, Path], record: RecordReader
) -> None:
    netmon, folder = demo
    total = wait_for(
        lambda: (spot := netmon.spot("bruul"))["status"] == "up" and spot["total"],
        within_s=40,
        what="the whole of Bruul is up",
    )

    failed_at = datetime.now(UTC)  # noqa: TID251 - the processes under test have no other clock
    assert control.send(folder / "control.sock", f"fail {VICTIM}").startswith("ok")

    first_look = wait_for(
        lambda: soft_looks(record, VICTIM), within_s=HARD_WITHIN_S, what="a soft failure"
    )[0]
    assert first_look >= failed_at.replace(microsecond=0)
    if len(soft_looks(record, VICTIM)) == 1:
        assert runs_of(record, VICTIM)[-1].status is Status.UP, "one bad look proves nothing"

    def down_run() -> Span | None:
        last = runs_of(record, VICTIM)[-1]
        return last if last.status is Status.DOWN else None

    down = wait_for(down_run, within_s=HARD_WITHIN_S, what="a hard failure")
    assert down.start_s == int(first_look.timestamp()), "dated at the first failure"
    assert down.reason == "timeout"

    spot = wait_for(
        lambda: (s := netmon.spot("bruul"))["status"] == "degraded" and s,
        within_s=15,
        what="the map's feed says that Bruul is degraded",
    )
    assert (spot["working"], spot["total"]) == (total - 1, total)
    (incident,) = [row for row in incidents(folder) if row["device_id"] == VICTIM]
    assert incident["began_at"] == first_look.isoformat().replace("+00:00", "Z")
    assert incident["ended_at"] is None

    assert control.send(folder / "control.sock", f"heal {VICTIM}").startswith("ok")
    wait_for(
        lambda: netmon.spot("bruul")["status"] == "up", within_s=HARD_WITHIN_S, what="Bruul is up"
    )
    (incident,) = [row for row in incidents(folder) if row["device_id"] == VICTIM]
    assert incident["ended_at"] == datetime.fromtimestamp(
        runs_of(record, VICTIM)[-1].start_s, UTC
    ).isoformat().replace("+00:00", "Z")


def test_a_failing_switch_is_one_incident_that_takes_its_access_points_along(
    demo: tuple[Netmon, Path],
) -> None:
    netmon, folder = demo
    behind = [
        each["id"]
        for each in status(folder)["devices"]
        if each["place_id"] == "ijzerenleen" and each["kind"] == "access_point"
    ]
    wait_for(
        lambda: netmon.spot("ijzerenleen")["status"] == "up", within_s=40, what="IJzerenleen is up"
    )
    for device_id in ("sw-ijzerenleen", *behind):
        control.send(folder / "control.sock", f"fail {device_id}")
    wait_for(
        lambda: netmon.spot("ijzerenleen")["status"] == "unreachable",
        within_s=HARD_WITHIN_S,
        what="the whole street is out of reach",
    )
    there = [row for row in incidents(folder) if row["place_id"] == "ijzerenleen"]
    assert [row["device_id"] for row in there] == ["sw-ijzerenleen"]
    assert set(there[0]["affected"]) == set(behind)
    rows = {each["id"]: each for each in status(folder)["devices"]}
    assert {rows[each]["reason"] for each in behind} == {"behind sw-ijzerenleen"}
    for device_id in ("sw-ijzerenleen", *behind):
        control.send(folder / "control.sock", f"heal {device_id}")
    wait_for(
        lambda: netmon.spot("ijzerenleen")["status"] == "up",
        within_s=HARD_WITHIN_S,
        what="IJzerenleen is up again",
    )


def test_a_full_disk_degrades_a_computer_that_still_works(demo: tuple[Netmon, Path]) -> None:
    netmon, folder = demo
    wait_for(
        lambda: netmon.spot("surfpunt-station")["status"] == "up", within_s=40, what="it is up"
    )
    control.send(folder / "control.sock", "fill-disk pc-surfpunt-station-01")

    def full() -> dict[str, Any] | None:
        rows = {each["id"]: each for each in status(folder)["devices"]}
        row = rows["pc-surfpunt-station-01"]
        return row if row["status"] == "degraded" else None

    row = wait_for(full, within_s=HARD_WITHIN_S, what="the disk is told full")
    assert row["reason"] == "disk_full"
    spot = netmon.spot("surfpunt-station")
    assert spot["working"] == spot["total"], "a full disk does not keep people off the internet"


def test_everything_in_the_demo_says_that_it_is_synthetic(demo: tuple[Netmon, Path]) -> None:
    netmon, folder = demo
    assert all(each["synthetic"] for each in status(folder)["devices"])
    netmon.wait_until_said("netmon: http")
    served = [each["properties"] for each in netmon.get("/api/v1/spots.geojson")["features"]]
    assert all(each["synthetic"] for each in served if each["total"])


def test_the_demo_says_that_it_is_well(demo: tuple[Netmon, Path]) -> None:
    netmon, _ = demo
    wait_for(lambda: netmon.get("/healthz")["status"] == "ok", within_s=30, what="/healthz is fine")


def test_ctrl_c_stops_everything_that_it_started(
    start_netmon: Callable[..., Netmon], tmp_path: Path
) -> None:
    netmon = start_netmon("demo", "--folder", str(tmp_path), "--port", "0", "--no-scenario")
    netmon.wait_until_said("netmon: http")
    children = Path(f"/proc/{netmon.process.pid}/task/{netmon.process.pid}/children")
    (simulator,) = children.read_text(encoding="ascii").split()
    assert netmon.stop() == 0
    assert not Path(f"/proc/{simulator}").exists()


def test_a_taken_port_is_told_in_one_line_with_the_flag_that_changes_it(
    demo: tuple[Netmon, Path], start_netmon: Callable[..., Netmon], tmp_path: Path
) -> None:
    port = demo[0].address.rpartition(":")[2]
    second = start_netmon("demo", "--folder", str(tmp_path), "--port", port)
    assert second.process.wait(30) == 2
    second.stop()
    told = [line for line in second.said if "expected" in line]
    assert len(told) == 1 and "--port" in told[0] and "taken" in told[0]
    assert not any("Traceback" in line for line in second.said)


def status(folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "netmon", "status", "-c", str(folder / "netmon.toml"), "--json"],
        capture_output=True,
        check=True,
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document
