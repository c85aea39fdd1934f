"""The whole simulator: a real process, real sockets, and clients that are not ours."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from gufo.snmp import SnmpVersion
from gufo.snmp.sync import SnmpSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netmon.demo import control, launch, world
from netmon.demo.launch import Simulator, SimulatorError
from netmon.demo.row import Moment
from netmon.domain.model import DeviceKind
from tests.conftest import require
from tests.demo.conftest import COMMUNITY
from tests.demo.test_message import datagram, requests

SYS_NAME = "1.3.6.1.2.1.1.5.0"
SYS_UPTIME = "1.3.6.1.2.1.1.3.0"
DISK_USED = "1.3.6.1.2.1.25.2.3.1.6.2"
AP, PC, SWITCH = "ap-ijzerenleen-01", "pc-surfpunt-station-01", "sw-ijzerenleen"
WITHIN_S = 10.0


def session(
    simulator: Simulator, device_id: str, community: str = COMMUNITY, timeout_s: float = WITHIN_S
) -> SnmpSession:
    return SnmpSession(
        "127.0.0.1",
        port=simulator.ports[device_id],
        community=community,
        version=SnmpVersion.v2c,
        timeout=timeout_s,
    )


def ask(simulator: Simulator, device_id: str, oid: str = SYS_NAME):
    """Return the value of one object; a device that keeps silent fails the test."""
    with session(simulator, device_id) as asking:
        return asking.get(oid)


def is_silent(simulator: Simulator, device_id: str, community: str = COMMUNITY) -> bool:
    """Tell whether a device leaves a question without an answer for a while."""
    with session(simulator, device_id, community, timeout_s=0.3) as asking:
        try:
            asking.get(SYS_NAME)
        except TimeoutError:
            return True
        return False


def wait_until(claim: Callable[[], bool]) -> None:
    """Wait for a condition; fail where it does not come true."""
    deadline_s = time.monotonic() + WITHIN_S
    while not claim():
        assert time.monotonic() < deadline_s, "it never came true"
        time.sleep(0.02)


def is_bindable(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
        return False


@pytest.fixture
def order(simulator: Simulator):
    """Give orders, and leave every device healed."""
    touched: set[str] = set()

    def give(line: str) -> str:
        touched.update(line.split()[1:])
        return simulator.control(line)

    yield give
    for device_id in touched & set(simulator.ports):
        simulator.control(f"heal {device_id}")


def test_every_device_has_a_port_of_its_own_and_answers_with_its_name(simulator, devices):
    assert len(set(simulator.ports.values())) == len(devices)
    for device in devices:
        assert ask(simulator, device.id) == f"{device.id}.synthetic".encode()


@pytest.mark.parametrize("max_repetitions", [1, 20, 100])
def test_a_walk_with_gufo_gives_the_whole_table_in_order(simulator, devices, max_repetitions):
    for device in devices:
        with session(simulator, device.id) as asking:
            walked = list(asking.getbulk("1.3.6.1", max_repetitions=max_repetitions))
        expected = world.rows(device, 1)
        assert [oid for oid, _ in walked] == [".".join(map(str, r.oid)) for r in expected]
        constant = {".".join(map(str, r.oid)): r.value for r in expected if r.value == r.at(NOW)}
        told = {oid: value for oid, value in walked if oid in constant}
        assert {oid: plain(value) for oid, value in told.items()} == {
            oid: plain(value) for oid, value in constant.items()
        }


NOW = Moment(0, 12)


def plain(value):
    """Reduce a value to what both sides can say: text and dotted names as text."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return ".".join(map(str, value)) if isinstance(value, tuple) else value


@pytest.mark.snmpd
def test_a_walk_with_net_snmp_gives_the_whole_table_in_order(simulator, devices):
    command = shutil.which("snmpbulkwalk")
    require("snmpbulkwalk (net-snmp)", command is not None)
    for device in devices:
        address = f"127.0.0.1:{simulator.ports[device.id]}"
        asked = subprocess.run(
            [command, "-v2c", "-c", COMMUNITY, "-On", "-Oe", "-m", "", address, ".1.3.6.1"],
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=True,
        )
        lines = [line for line in asked.stdout.splitlines() if " = " in line]
        assert "No more variables left" in lines.pop()
        walked = [line.split(" = ")[0] for line in lines]
        rows = ["." + ".".join(map(str, row.oid)) for row in world.rows(device, 1)]
        assert walked == rows


def test_counters_and_uptime_move_between_two_looks(simulator):
    octets = "1.3.6.1.2.1.31.1.1.1.6.2"
    first = ask(simulator, AP, octets), ask(simulator, AP, SYS_UPTIME)
    wait_until(lambda: ask(simulator, AP, octets) > first[0])
    wait_until(lambda: ask(simulator, AP, SYS_UPTIME) > first[1])


def test_a_wrong_community_meets_silence(simulator):
    assert is_silent(simulator, AP, community="public")
    assert is_silent(simulator, AP, community="")
    assert ask(simulator, AP)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(request_=requests, data=st.data())
def test_garbage_never_stops_an_agent(simulator, request_, data):
    """Damaged requests and plain noise, then one good question on the same port."""
    damaged = bytearray(datagram(request_))
    for place in data.draw(st.sets(st.integers(0, len(damaged) - 1), min_size=1, max_size=4)):
        damaged[place] = data.draw(st.integers(0, 255))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        for noise in (bytes(damaged), data.draw(st.binary(max_size=100)), b""):
            sending.sendto(noise, ("127.0.0.1", simulator.ports[AP]))
    assert ask(simulator, AP)


def test_a_failed_device_is_silent_until_it_is_healed(simulator, order):
    assert order(f"fail {AP}") == "ok"
    assert is_silent(simulator, AP)
    assert ask(simulator, SWITCH)
    assert order(f"heal {AP}") == "ok"
    assert ask(simulator, AP)


def test_a_failed_switch_takes_along_what_is_behind_it(simulator, order):
    order(f"fail {SWITCH}")
    assert is_silent(simulator, AP)
    assert ask(simulator, PC)
    assert order(f"heal {AP}").startswith("ok, but")
    order(f"heal {SWITCH}")
    assert ask(simulator, AP)


def test_a_disk_fills_on_demand_and_is_cleaned_by_healing(simulator, order):
    before = ask(simulator, PC, DISK_USED)
    assert order(f"fill-disk {PC}") == "ok"
    assert ask(simulator, PC, DISK_USED) == int(0.98 * 62_500_000)
    order(f"heal {PC}")
    assert ask(simulator, PC, DISK_USED) == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("fail nobody", "error: no device is called 'nobody'"),
        ("fail \x1b[31m", "error: no device is called '\\x1b[31m'"),
        (f"fill-disk {AP}", f"error: {AP} has no disk"),
        ("dance", "error: expected fail DEVICE"),
        ("", "error: expected fail DEVICE"),
        (f"fail {AP} {PC}", "error: expected fail DEVICE"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_the_reason(simulator, line, reason):
    assert simulator.control(line).startswith(reason)


def test_an_order_in_bad_bytes_or_from_nowhere_does_no_harm(simulator):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
        sending.sendto(b"\xff\xfe fail", str(simulator.control_path))
        sending.sendto(b"", str(simulator.control_path))
    assert simulator.control(f"heal {AP}") == "ok"


def test_only_the_owner_may_give_orders(simulator):
    assert simulator.control_path.stat().st_mode & 0o077 == 0


def test_orders_can_be_given_from_a_shell(simulator, order):
    def shell(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "netmon.demo.control", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    order(f"heal {AP}")
    done = shell(str(simulator.control_path), "fail", AP)
    assert (done.returncode, done.stdout) == (0, "ok\n")
    assert is_silent(simulator, AP)
    assert shell(str(simulator.control_path), "fail", "x").returncode == 1
    nobody = shell(str(simulator.control_path) + "x", "fail", AP)
    assert nobody.returncode == 2 and "expected a running simulator" in nobody.stderr
    assert shell("alone").returncode == 2


def test_a_computer_answers_within_its_hours_only(devices_csv, tmp_path):
    hours = {"pc-library-01": [[0, 1]], PC: [[0, 1]]}  # open for a second of 1970
    path = tmp_path / "hours.json"
    path.write_text(json.dumps(hours), encoding="utf-8")
    with launch.start(
        devices_csv, tmp_path, COMMUNITY, scenario=False, site_hours=path
    ) as simulator:
        assert is_silent(simulator, "pc-library-01")
        assert ask(simulator, PC), "it is always on, whatever its site does"


def test_the_scenario_runs_and_can_be_called_off(devices_csv, tmp_path):
    """A scenario of its own, in which the access point is out from the first second."""
    script = tmp_path / "scenario.toml"
    script.write_text(
        f'period_s = 300\n[[outage]]\ndevice = "{AP}"\nfrom_s = 0\nuntil_s = 300\n',
        encoding="utf-8",
    )
    with running(devices_csv, tmp_path, "--scenario", str(script)) as simulator:
        assert is_silent(simulator, AP)
        assert simulator.control(f"heal {AP}").startswith("ok, but the scenario")
        assert simulator.control("scenario off") == "ok"
        assert ask(simulator, AP)


@contextlib.contextmanager
def running(devices_csv: Path, folder: Path, *options: str):
    """Run the simulator as a person would, from the command line."""
    ports, orders = folder / "ports.json", folder / "orders"
    command = [sys.executable, "-m", "netmon.demo.simulator", "--devices", str(devices_csv)]
    command += ["--ports-out", str(ports), "--control", str(orders), *options]
    environment = {**os.environ, "NETMON_DEMO_COMMUNITY": COMMUNITY}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(ports.exists)
            yield Simulator(json.loads(ports.read_text(encoding="utf-8")), orders, process)
        finally:
            process.terminate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_cleanly_and_frees_every_port(devices_csv, tmp_path, number):
    with launch.start(devices_csv, tmp_path, COMMUNITY) as simulator:
        assert not any(map(is_bindable, simulator.ports.values()))
        simulator.process.send_signal(number)
        assert simulator.process.wait(WITHIN_S) == 0
    assert all(map(is_bindable, simulator.ports.values()))
    assert not simulator.control_path.exists()
    said = (tmp_path / "simulator.log").read_text(encoding="utf-8").splitlines()
    assert said == [
        f"netmon.demo.simulator: ready devices={len(simulator.ports)}",
        "netmon.demo.simulator: ended",
    ]


def test_ctrl_c_in_the_terminal_does_not_reach_the_agents_first(simulator):
    """They end when they are told to, after the collector that asks them."""
    assert os.getpgid(simulator.process.pid) != os.getpgrp()


def test_stopping_twice_does_no_harm(devices_csv, tmp_path):
    simulator = launch.start(devices_csv, tmp_path, COMMUNITY)
    simulator.stop()
    simulator.stop()
    assert simulator.process.returncode == 0


def test_it_ends_when_the_process_that_started_it_is_killed(devices_csv, tmp_path):
    """A parent that is killed cannot say goodbye, and its simulator must not stay behind."""
    code = (
        "import signal, sys; from pathlib import Path; from netmon.demo import launch\n"
        "launch.start(Path(sys.argv[1]), Path(sys.argv[2]), 'demo-test')\n"
        "signal.pause()"
    )
    command = [sys.executable, "-c", code, str(devices_csv), str(tmp_path)]
    with subprocess.Popen(command) as parent:
        try:
            wait_until((tmp_path / "ports.json").exists)
        finally:
            parent.kill()
    ports = json.loads((tmp_path / "ports.json").read_text(encoding="utf-8")).values()
    wait_until(lambda: all(map(is_bindable, ports)))
    wait_until(lambda: not (tmp_path / "control.sock").exists())


def test_it_refuses_to_start_without_a_community(devices_csv, tmp_path):
    with pytest.raises(SimulatorError, match="NETMON_DEMO_COMMUNITY: expected the community"):
        launch.start(devices_csv, tmp_path, "")


def test_it_says_what_is_wrong_with_its_files(tmp_path):
    missing = tmp_path / "missing.csv"
    with pytest.raises(SimulatorError, match=rf"exit 2.*{missing}: file: expected a readable CSV"):
        launch.start(missing, tmp_path, COMMUNITY)


def test_the_community_shows_neither_in_the_log_nor_among_the_arguments(simulator):
    arguments = Path(f"/proc/{simulator.process.pid}/cmdline")
    require("/proc (Linux)", arguments.exists())
    assert COMMUNITY.encode() not in arguments.read_bytes()
    assert COMMUNITY not in repr(simulator)


def test_a_control_path_that_no_socket_can_have_is_refused_at_once(tmp_path):
    with pytest.raises(OSError, match="expected a path of at most 100 bytes"):
        control.send(tmp_path / ("x" * 120), "scenario off")


def test_an_earlier_socket_in_the_way_is_replaced(devices_csv, tmp_path):
    """A simulator that was killed leaves its control socket behind."""
    with launch.start(devices_csv, tmp_path, COMMUNITY) as first:
        first.process.kill()
        first.process.wait()
    assert first.control_path.exists()
    with launch.start(devices_csv, tmp_path, COMMUNITY) as second:
        assert second.control("scenario off") == "ok"


def test_every_kind_that_is_simulated_is_in_the_small_city(devices):
    assert {device.kind for device in devices} == {
        DeviceKind.ACCESS_POINT,
        DeviceKind.PUBLIC_PC,
        DeviceKind.SWITCH,
        DeviceKind.GATEWAY,
    }
