"""`netmon record`: a device becomes a file that a test replays, and no longer says whose it is."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collectors.recording.snmprec import forbidden, parse
from collectors.snmp.probe import probe
from collectors.snmp.reading import Reading
from collectors.target import Community, Target
from tests.cli.asking import Call, process
from tests.collectors.conftest import (
    USER,
    Daemon,
    _snmpsim,
    captures,
    recordings,
    snmpd,
)
from tests.waiting import wait_for

__all__ = ["captures", "recordings", "snmpd"]  # fixtures that these tests share

REPLAYED = ["unifi-like", "controller", "public-pc", "printer", "airos-like"]
CAPTURED = [
    *("aruba-7210-13ap", "aruba-instant", "unifi_nanohd", "ruckuswireless-sz", "openwrt"),
    *(
        "ciscowlc_cbw240ac",
        "routeros_wifi",
        "fortiap_fap831f",
        "jetdirect_m252dw",
        "edgeswitch_us-8",
    ),
]


@pytest.fixture
def replay(tmp_path: Path) -> Iterator[Callable[[], Daemon]]:
    """Serve what was recorded in the folder `out` of the test."""
    started: list[Iterator[Daemon]] = []

    def start() -> Daemon:
        first = min((tmp_path / "out").iterdir()).stem
        (tmp_path / "sim").mkdir()
        started.append(_snmpsim(tmp_path / "out", tmp_path / "sim", first))
        return next(started[-1])

    yield start
    for each in started:
        list(each)


def read(daemon: Daemon, name: str) -> Reading:
    target = Target(name, "127.0.0.1", daemon.port, Community(name))
    return probe(target, deadline_s=60, timeout_s=20)


def counts(reading: Reading) -> dict[str, Any]:
    """Return what a reading says in numbers and kinds, and not whose it is."""
    document = reading.as_json()
    identity = document["identity"]
    return {
        "identity": {k: identity[k] for k in ("vendor", "profile", "model", "sys_object_id")},
        "totals": {k: v for k, v in document.items() if not isinstance(v, dict | list)},
        "radios": [
            {k: v for k, v in row.items() if k not in {"access_point", "id"}}
            for row in document["radios"]
        ],
        "ssids": sorted(str(row["stations"]) for row in document["ssids"]),
        "access_points": sorted(
            str((row["model"], row["status"], row["stations"], row["uptime_s"]))
            for row in document["access_points"]
        ),
        "interfaces": [
            {k: v for k, v in row.items() if k != "name"} for row in document["interfaces"]["rows"]
        ],
        "storage": [row["used_ratio"] for row in document["host"]["storage"]],
    }


def sorted_radios(found: dict[str, Any]) -> dict[str, Any]:
    """Access points stand in another order once their addresses are others."""
    return {**found, "radios": sorted(map(str, found["radios"]))}


def record_all(daemon: Daemon, names: list[str], folder: Path) -> None:
    folder.mkdir()
    for name in names:
        where = f"127.0.0.1:{daemon.port}"
        options = ("-o", folder / f"{name}.snmprec", "--timeout", "20")
        answer = process("record", where, *options, NETMON_COMMUNITY=name)
        assert (answer.code, answer.err) == (0, "")
        assert "0 left out" in answer.out


def test_a_recording_is_probed_like_its_device(
    recordings: Daemon, replay: Callable[[], Daemon], tmp_path: Path
) -> None:
    record_all(recordings, REPLAYED, tmp_path / "out")
    again = replay()
    for name in REPLAYED:
        before, after = read(recordings, name), read(again, name)
        assert sorted_radios(counts(after)) == sorted_radios(counts(before)), name
        assert after.identity.sys_name != before.identity.sys_name or not before.identity.sys_name


@pytest.mark.shared
def test_a_recording_of_a_real_device_is_probed_like_it(
    captures: Daemon, replay: Callable[[], Daemon], tmp_path: Path
) -> None:
    record_all(captures, CAPTURED, tmp_path / "out")
    again = replay()
    for name in CAPTURED:
        before, after = counts(read(captures, name)), counts(read(again, name))
        before["totals"].pop("stations" if before["totals"]["stations"] is None else "", None)
        assert sorted_radios(after) == sorted_radios({**before, "totals": after["totals"]}), name
        assert {k: after["totals"][k] for k in before["totals"]} == before["totals"], name


@pytest.mark.snmpd
@pytest.mark.parametrize("version", ["2c", "3"])
def test_a_real_agent_is_recorded_and_nothing_of_it_is_told(
    snmpd: Daemon, tmp_path: Path, version: str
) -> None:
    file = tmp_path / "pc.snmprec"
    variables = {"NETMON_AUTH": USER.auth_passphrase, "NETMON_PRIV": USER.priv_passphrase}
    user = ("--user", USER.name, "--auth", USER.auth, "--priv", USER.priv)
    answer = process(
        "record",
        f"127.0.0.1:{snmpd.port}",
        "-o",
        file,
        *(user if version == "3" else ()),
        **variables,
    )
    assert (answer.code, answer.err) == (0, "")
    text = file.read_text("utf-8")
    found = list(parse(text))
    assert len(found) > 100
    assert [each.oid for each in found] == sorted({each.oid for each in found})
    assert not any(forbidden(each.oid) for each in found)
    told = text.lower() + "\n".join(str(each.value) for each in found).lower()
    for name in ("surfpunt", socket.gethostname().lower(), str(tmp_path).lower()):
        assert not re.search(rf"\b{re.escape(name)}\b", told)
    addresses = [path / "address" for path in Path("/sys/class/net").iterdir()]
    for address in {each.read_text().strip() for each in addresses if each.exists()}:
        if address.strip("0:"):
            assert address not in told and address.replace(":", "") not in told


def test_a_file_that_is_there_stays_unless_forced(
    netmon: Call, recordings: Daemon, tmp_path: Path
) -> None:
    file = tmp_path / "acme.snmprec"
    file.write_text("mine")
    where = f"127.0.0.1:{recordings.port}"
    arguments = ("record", where, "--community", "printer", "-o", file)
    line = netmon(*arguments).refused()
    assert "--output: expected a new file, or --force" in line and file.read_text() == "mine"
    assert netmon(*arguments, "--force").code == 0
    assert list(parse(file.read_text("utf-8")))
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_a_device_that_does_not_answer_leaves_no_file(netmon: Call, tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
        silent.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{silent.getsockname()[1]}"
        options = ("--timeout", "0.1", "--deadline", "2", "--community", "canary")
        answer = netmon("record", where, "-o", tmp_path / "x.snmprec", *options)
    assert answer.code == 1 and answer.out == ""
    assert answer.err == f"timeout: {where}: no answer\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told_in_one_line(
    netmon: Call, recordings: Daemon, tmp_path: Path
) -> None:
    where = f"127.0.0.1:{recordings.port}"
    answer = netmon("record", where, "--community", "printer", "-o", tmp_path / "no" / "x.snmprec")
    assert str(tmp_path / "no") in answer.refused()


def test_ctrl_c_leaves_no_half_file(tmp_path: Path) -> None:
    """The agent takes every question and answers none: whoever waits presses Ctrl-C."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.setblocking(False)  # noqa: FBT003 - the socket's own signature
        where = f"127.0.0.1:{silent.getsockname()[1]}"
        command = [sys.executable, "-m", "netmon", "record", where, "-o", "x.snmprec"]
        running = subprocess.Popen(
            [*command, "--timeout", "60"], cwd=tmp_path, env=_with_path(), stderr=subprocess.PIPE
        )
        wait_for(lambda: _received(silent), within_s=20, what="the first question")
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)
    assert running.returncode == 1 and b"Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def _with_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def _received(port: socket.socket) -> bytes:
    try:
        return port.recv(65_535)
    except BlockingIOError:
        return b""
