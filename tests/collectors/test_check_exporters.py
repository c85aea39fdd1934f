"""Computers that an exporter tells of: a real node_exporter, and pages of every version."""

import base64
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.checks import node_exporter, windows_exporter
from collectors.observation import Observation, Outcome
from collectors.registry import all_checks
from collectors.target import Community, Credentials, Login, Target, Token
from collectors.web.computer import MAX_MEASUREMENTS, MEASUREMENTS, ProcessorTime
from collectors.web.processors import ProcessorMemory
from collectors.web.samples import read_samples
from tests.collectors.web_server import Server, page, serving
from tests.conftest import require
from tests.waiting import wait_for

RECORDINGS = Path(__file__).parent / "recordings"
MANUAL = Path(__file__).parents[2] / "docs" / "checks.md"
PROGRAM = shutil.which("prometheus-node-exporter")
KINDS = ["node_exporter", "windows_exporter"]
DAY_S = 86_400

Numbers = dict[tuple[str, str], float]


def look(kind: str, port: int, target: str = "x", **params: object) -> Observation:
    check = all_checks()[kind]
    given_params = check.params.model_validate({"port": port, **params})
    return check.observe(Target(target, "127.0.0.1"), given_params, 5)


def numbers(seen: Observation) -> Numbers:
    found = {(m.name, m.label): m.value for m in seen.measurements}
    assert len(found) == len(seen.measurements), "name and label are unique"
    return found


@pytest.fixture(scope="module")
def running() -> Iterator[int]:
    """Start a node_exporter; return its port."""
    require("prometheus-node-exporter", PROGRAM is not None)
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port = trial.getsockname()[1]
    process = subprocess.Popen(
        [str(PROGRAM), f"--web.listen-address=127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(
            lambda: look("node_exporter", port).outcome is Outcome.OK,
            within_s=20,
            what="node_exporter answers",
        )
        yield port
    finally:
        process.terminate()
        process.wait(10)


def test_a_real_node_exporter_says_what_this_computer_says(running: int) -> None:
    found = numbers(look("node_exporter", running, "real"))
    memory = psutil.virtual_memory()
    assert found["memory_ratio", ""] == pytest.approx(1 - memory.available / memory.total, abs=0.1)
    disk = psutil.disk_usage("/")
    if ("storage_used_ratio", "/") in found:  # a container's root may be an overlay
        assert found["storage_used_ratio", "/"] == pytest.approx(disk.percent / 100, abs=0.02)
    up_s = datetime.now(UTC).timestamp() - psutil.boot_time()  # noqa: TID251 - the exporter's too
    assert found["uptime_s", ""] == pytest.approx(up_s, abs=5)
    assert abs(found["clock_offset_s", ""]) < 2, "it is the same clock"
    assert found["load1", ""] == pytest.approx(os.getloadavg()[0], abs=3)


def test_how_busy_the_processors_are_comes_with_the_second_look(running: int) -> None:
    assert ("cpu_ratio", "") not in numbers(look("node_exporter", running, "twice"))

    def second() -> float | None:
        return numbers(look("node_exporter", running, "twice")).get(("cpu_ratio", ""))

    busy_until = time.monotonic() + 0.3
    while time.monotonic() < busy_until:
        sum(range(1000))
    ratio = wait_for(second, within_s=5, what="a processor was used between two looks")
    assert 0 < ratio <= 1


def test_a_page_of_another_exporter_is_content(running: int) -> None:
    seen = look("windows_exporter", running)
    assert seen.outcome is Outcome.CONTENT and "another page" in seen.detail


EXPECTED: dict[str, Numbers] = {
    "node_exporter-1.9": {
        ("uptime_s", ""): 100_000,
        ("load1", ""): 0.5,
        ("memory_ratio", ""): 0.25,
        ("storage_used_ratio", "/"): 0.8,
        ("storage_used_ratio", "/home"): 0.1,
        ("clock_offset_s", "ntp"): -0.002,
        ("users", ""): 3,
        ("service_up", "cups"): 1,
        ("service_up", "ssh.service"): 0,
        ("service_up", "gone"): 0,
    },
    "windows_exporter-0.16": {
        ("uptime_s", ""): 100_000,
        ("memory_ratio", ""): 0.75,
        ("storage_used_ratio", "C:"): 0.75,
        ("storage_used_ratio", "D:"): 0.1,
        ("users", ""): 2,
        ("processes", ""): 151,
        ("service_up", "Spooler"): 1,
        ("service_up", "wuauserv"): 0,
        ("service_up", "gone"): 0,
    },
    "windows_exporter-0.25": {
        ("uptime_s", ""): 400_000,
        ("memory_ratio", ""): 0.75,
        ("storage_used_ratio", "C:"): 0.99,
        ("clock_offset_s", "ntp"): 0.004,
        ("users", ""): 1,
        ("processes", ""): 180,
        ("printer_ready", "Leeszaal"): 0,
        ("printer_ready", "Onthaal"): 1,
    },
    "windows_exporter-0.31": {
        ("uptime_s", ""): 100_000,
        ("memory_ratio", ""): 0.25,
        ("storage_used_ratio", "C:"): 0.75,
        ("users", ""): 2,
        ("processes", ""): 212,
        ("service_up", "spooler"): 0,
        ("service_up", "w32time"): 1,
        ("printer_ready", "Onthaal"): 1,
    },
}
DATED = {
    "node_exporter-1.9": "2025-05-22",
    "windows_exporter-0.16": "2020-10-20",
    "windows_exporter-0.25": "2023-10-31",
    "windows_exporter-0.31": "2024-10-01",
}
WRITTEN_AT = {
    "node_exporter-1.9": 1.75e9,
    "windows_exporter-0.16": 1.7e9,
    "windows_exporter-0.25": 1.7e9,
    "windows_exporter-0.31": 1.75e9,
}


def recording(name: str) -> bytes:
    return (RECORDINGS / f"{name}.prom").read_bytes()


@pytest.mark.parametrize("name", EXPECTED)
def test_the_page_of_every_version_gives_the_numbers_that_stand_in_it(name: str) -> None:
    services = [label for measured, label in EXPECTED[name] if measured == "service_up"]
    with serving(page(recording(name))) as server:
        seen = look(name.partition("-")[0], server.port, f"first {name}", services=services)
    found = numbers(seen)
    now_s = seen.at.timestamp()
    dated_s = datetime.fromisoformat(DATED[name]).replace(tzinfo=UTC).timestamp()
    assert found.pop(("os_age_s", "")) == pytest.approx(now_s - dated_s, abs=5)
    assert found.pop(("clock_offset_s", "")) == pytest.approx(WRITTEN_AT[name] - now_s, abs=5)
    ends_s = found.pop(("os_support_ends_s", ""), 1.8e9 - now_s)
    assert ends_s == pytest.approx(1.8e9 - now_s, abs=5)
    assert found == pytest.approx(EXPECTED[name])


@pytest.mark.parametrize("name", EXPECTED)
def test_no_name_of_a_person_or_a_computer_is_kept(name: str) -> None:
    with serving(page(recording(name))) as server:
        told = repr(look(name.partition("-")[0], server.port))
    assert not any(word in told for word in ("bezoeker", "beheer", "BIB-PC", "surfpunt", "Jan"))


def test_services_that_nobody_asks_for_are_not_even_read() -> None:
    with serving(page(recording("windows_exporter-0.31"))) as server:
        found = numbers(look("windows_exporter", server.port))
    assert not any(name == "service_up" for name, _ in found)


@pytest.mark.parametrize(
    ("version", "day"),
    [
        ("#45-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug 30 12:02:04 UTC 2024", "2024-08-30"),
        ("#1 SMP Debian 5.10.226-1 (2024-10-03)", "2024-10-03"),
        ("#1 SMP Debian (2024-99-99)", None),
        ("#1 Mon Foo 99 12:00:00 UTC 2024", None),
        ("", None),
    ],
)
def test_the_date_of_a_kernel_is_read_where_it_stands(version: str, day: str | None) -> None:
    line = f'node_uname_info{{version="{version}"}} 1'.encode()
    dated = node_exporter.read(read_samples(line, frozenset({"node_uname_info"})), ()).os_dated
    assert (dated.date().isoformat() if dated else None) == day


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("401 Unauthorized", Outcome.AUTH),
        ("403 Forbidden", Outcome.AUTH),
        ("404 Not Found", Outcome.CONTENT),
        ("503 Service Unavailable", Outcome.CONTENT),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_another_status_is_an_outcome(kind: str, status: str, outcome: Outcome) -> None:
    with serving(page(b"", status=status)) as server:
        assert look(kind, server.port).outcome is outcome


@pytest.mark.parametrize(
    "body",
    [
        b"<html><title>Log in</title></html>",
        b"node_load1 abc",
        b"node_load1{ 1",
        b'node_load1{a="b} 1',
        b"node_load1\x00 1",
        b"\xff\xfe",
        b"node_load1 " + b"9" * 10_000,
        b'node_load1{a="' + b'\\"' * 6000 + b'"} 1',
        b"node_load1{" + b'a="b",' * 2000 + b"} 1",
        b"node_load1 1\n" * 6000,
        b"node_load1 1" * 700_000,
    ],
    ids=lambda body: repr(body[:14]),
)
def test_what_is_no_page_of_an_exporter_is_malformed_and_soon(body: bytes) -> None:
    with serving(page(body)) as server:
        began = time.monotonic()
        seen = look("node_exporter", server.port)
    assert seen.outcome is Outcome.MALFORMED and seen.detail and not seen.measurements
    assert time.monotonic() - began < 4


def test_a_number_that_is_none_is_left_out() -> None:
    body = b"node_time_seconds 1\nnode_load1 NaN\nnode_boot_time_seconds +Inf\n"
    with serving(page(body)) as server:
        found = numbers(look("node_exporter", server.port))
    assert set(found) == {("clock_offset_s", "")}


def test_a_computer_with_a_thousand_disks_is_malformed() -> None:
    rows = [
        f'windows_logical_disk_{which}_bytes{{volume="{letter}:",n="{n}"}} {value}'
        for n in range(40)
        for letter in "abcdefghijklmnopqrstuvwxyz"
        for which, value in (("free", 1), ("size", 2))
    ]
    body = "\n".join(["windows_os_time 1", *rows]).encode()
    with serving(page(body)) as server:
        seen = look("windows_exporter", server.port)
    assert seen.outcome is Outcome.MALFORMED or len(seen.measurements) <= MAX_MEASUREMENTS


@pytest.mark.parametrize(
    ("credentials", "sent"),
    [
        (Login("netmon", "geheim"), b"Basic " + base64.b64encode(b"netmon:geheim")),
        (Token("geheim"), b"Bearer geheim"),
        (Community("public"), None),
        (None, None),
    ],
    ids=["log-in", "token", "of SNMP", "none"],
)
def test_credentials_go_where_they_belong_and_nowhere_else(
    credentials: Credentials | None, sent: bytes | None
) -> None:
    with serving(page(b"", status="401 Unauthorized")) as server:
        seen = node_exporter.observe(
            Target("x", "127.0.0.1", credentials=credentials),
            node_exporter.Params(port=server.port),
            5,
        )
        (asked,) = server.asked
    assert (b"Authorization" in asked) == (sent is not None)
    assert sent is None or sent in asked
    assert seen.outcome is Outcome.AUTH and "geheim" not in repr(seen)


def test_an_exporter_is_asked_over_tls_and_ipv6(tmp_path: Path) -> None:
    from tests.collectors.web_server import authority  # noqa: PLC0415 - one test wants it

    own = authority(tmp_path)
    answer = page(recording("windows_exporter-0.31"))
    with serving(answer, own.context("::1"), host="::1") as server:
        params = windows_exporter.Params(port=server.port, tls=True, ca_file=own.file)
        assert windows_exporter.observe(Target("x", "::1"), params, 5).outcome is Outcome.OK


def test_a_page_that_drips_ends_at_the_deadline() -> None:
    with serving(b"") as server:
        server.answer = dripping(server)
        began = time.monotonic()
        seen = node_exporter.observe(
            Target("x", "127.0.0.1"), node_exporter.Params(port=server.port), 0.4
        )
    assert seen.outcome is Outcome.TIMEOUT and time.monotonic() - began < 1


def dripping(server: Server):
    return lambda _, send: server.drip(send, page(b"node_load1 1\n" * 100))


@pytest.mark.parametrize("kind", KINDS)
def test_params_are_strict(kind: str) -> None:
    params = all_checks()[kind].params
    assert params().model_dump()["path"] == "/metrics"
    for wrong in ({"colour": 1}, {"port": 0}, {"path": "metrics"}, {"path": "/a b"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            params.model_validate(wrong)


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_every_measurement_is_told_in_its_own_words(name: str) -> None:
    (row,) = [
        line
        for line in MANUAL.read_text("utf-8").splitlines()
        if line.startswith(f"| `{name}` |") and MEASUREMENTS[name] in line
    ]
    assert row


SECONDS = st.floats(min_value=0, max_value=1e9)


@given(before=st.tuples(SECONDS, SECONDS), spent=st.tuples(SECONDS, SECONDS))
def test_processor_time_spent_is_a_share(
    before: tuple[float, float], spent: tuple[float, float]
) -> None:
    memory = ProcessorMemory()
    first = ProcessorTime(before[0], sum(before))
    then = ProcessorTime(before[0] + spent[0], sum(before) + sum(spent))
    assert memory.used_ratio("x", first) is None
    ratio = memory.used_ratio("x", then)
    assert ratio is None or 0 <= ratio <= 1
    if min(spent) > 1:
        assert ratio == pytest.approx(spent[1] / sum(spent), abs=1e-6)


def test_counters_that_went_back_give_no_share() -> None:
    memory = ProcessorMemory()
    memory.used_ratio("x", ProcessorTime(900, 1000))
    assert memory.used_ratio("x", ProcessorTime(5, 10)) is None
    assert memory.used_ratio("x", ProcessorTime(10, 20)) == pytest.approx(0.5)


def test_only_so_many_computers_are_remembered_and_the_oldest_go_first() -> None:
    memory = ProcessorMemory(room=3)
    for n in range(5):
        memory.used_ratio(str(n), ProcessorTime(1, 2))
    assert len(memory) == 3
    assert memory.used_ratio("4", ProcessorTime(2, 4)) is not None
    assert memory.used_ratio("0", ProcessorTime(2, 4)) is None
