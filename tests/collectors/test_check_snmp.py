"""The polling path: cheap, quick to notice a change, and never raising."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.checks.snmp import SESSIONS, Params, reading_with
from collectors.loop import Signal, shared
from collectors.observation import Observation, Outcome
from collectors.registry import all_checks
from collectors.snmp.client import Client
from collectors.snmp.library import bundled
from collectors.snmp.library import load as load_library
from collectors.snmp.probe import ProbeError, probe
from collectors.snmp.session import Sessions
from collectors.snmp.survey import poll, survey
from collectors.target import Community, Target
from tests.collectors import ber, crafted
from tests.collectors.conftest import (
    PUBLIC,
    SNMPD,
    SYS_DESCR,
    USER,
    Agent,
    Daemon,
    Handler,
    free_port,
    load,
    new_snmpd,
    patience,
    serving,
)
from tests.conftest import require
from tests.waiting import wait_for

Start = Callable[[Handler], Agent]
ask = shared().ask
VAP = "1.3.6.1.4.1.41112.1.6.1.2.1"
SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    SESSIONS.close()
    assert not len(SESSIONS)


def observe(target: Target, params: Params | None = None, deadline_s: float = 10) -> Observation:
    return all_checks()["snmp"].observe(target, params or Params(), deadline_s)


def values(observation: Observation) -> dict[tuple[str, str], float]:
    assert observation.outcome is Outcome.OK, observation.detail
    return {(m.name, m.label): m.value for m in observation.measurements}


@pytest.mark.snmpd
@pytest.mark.parametrize("credentials", [PUBLIC, USER], ids=["v2c", "v3"])
def test_a_real_agent_is_polled(snmpd: Daemon, credentials: Community) -> None:
    found = values(observe(snmpd.target(credentials)))
    again = values(observe(snmpd.target(credentials)))
    assert found.keys() == again.keys() >= {("uptime_s", ""), ("rx_bytes", "lo")}
    assert 0 <= again["memory_ratio", ""] <= 1
    assert again["uptime_s", ""] >= found["uptime_s", ""]


@pytest.mark.snmpd
def test_a_poll_of_a_real_agent_costs_little_processor_time(snmpd: Daemon) -> None:
    """Two hundred polls a minute stay under one hundredth of a core; the aim is a twentieth."""
    observe(snmpd.target())
    began = time.process_time()
    for _ in range(50):
        observe(snmpd.target())
    assert (time.process_time() - began) / 50 * 200 / 60 < 0.01


def test_a_poll_asks_only_for_what_moves(agent: Start) -> None:
    table = load("unifi-like")
    device = agent(serving(table))
    first = values(observe(device.target))
    surveyed = len(device.asked)
    table[f"{VAP}.8.1"] = ber.number(9)
    second = values(observe(device.target))
    polled = device.asked[surveyed:]
    assert len(polled) <= 4 < surveyed
    assert not {SYS_DESCR, f"{VAP}.9.1"} & {oid for request in polled for oid in request.oids}
    assert (first["stations", ""], second["stations", ""]) == (27, 29)
    assert second["ssid_stations", "Mechelen Gratis"] == 26
    assert first.keys() == second.keys()


def test_a_number_that_is_gone_is_absent_and_not_remembered(agent: Start) -> None:
    table = load("unifi-like")
    device = agent(serving(table))
    assert ("radio_utilization_ratio", "ng") in values(observe(device.target))
    del table["1.3.6.1.4.1.41112.1.6.1.1.1.6.1"]
    assert ("radio_utilization_ratio", "ng") not in values(observe(device.target))


def test_a_new_network_is_seen_at_the_next_poll(agent: Start) -> None:
    table = load("unifi-like")
    device = agent(serving(table))
    observe(device.target)
    for column in ("4", "6", "8", "9", "21"):
        table[f"{VAP}.{column}.7"] = table[f"{VAP}.{column}.5"]
    table[f"{VAP}.6.7"] = ber.octets(b"Kerstmarkt")
    assert values(observe(device.target))["ssid_stations", "Kerstmarkt"] == 3


def test_a_renamed_network_is_seen_at_the_next_poll(agent: Start) -> None:
    table = load("unifi-like")
    device = agent(serving(table))
    observe(device.target)
    table[f"{VAP}.6.5"] = ber.octets(b"Personeel")
    assert values(observe(device.target))["ssid_stations", "Personeel"] == 3


@pytest.mark.parametrize("change", ["restart", "another device"])
def test_after_a_change_of_identity_the_device_is_surveyed_anew(agent: Start, change: str) -> None:
    table = load("unifi-like")
    device = agent(serving(table))
    before = values(observe(device.target))
    other = load("public-pc")
    if change == "restart":
        other = {**other, SYS_UP_TIME: ber.number(500, ber.TICKS)}
        other[SYS_OBJECT_ID] = table[SYS_OBJECT_ID]
        del other["1.3.6.1.6.3.10.2.1.3.0"]
    table.clear()
    table.update(other)
    after = values(observe(device.target))
    assert ("stations", "") in before and ("stations", "") not in after
    assert after["users", ""] == 1


def test_an_uptime_that_grew_too_little_is_a_restart(agent: Start) -> None:
    """The device restarted since, and has been up longer than when it was surveyed."""
    table = load("unifi-like")
    device = agent(serving(table))
    client = Client("127.0.0.1", device.port, PUBLIC)
    known = ask(survey(client, bundled(), patience()))
    assert ask(poll(client, known, patience())) is not None
    table[SYS_UP_TIME] = later(table[SYS_UP_TIME], 900)
    assert ask(poll(client, known, patience())) is not None
    assert ask(poll(client, replace(known, at=known.at - 955), patience())) is not None
    assert ask(poll(client, replace(known, at=known.at - 965), patience())) is None
    client.close()


def later(said: ber.Tagged, seconds: int) -> ber.Tagged:
    return ber.number(int.from_bytes(said[1], "big") + 100 * seconds, ber.TICKS)


def test_a_clock_that_stands_still_is_no_restart_at_every_poll(agent: Start) -> None:
    device = agent(serving(load("unifi-like")))
    client = Client("127.0.0.1", device.port, PUBLIC)
    known = ask(survey(client, bundled(), patience()))
    assert ask(poll(client, replace(known, at=known.at - 1000), patience())) is not None
    client.close()


@pytest.mark.snmpd
@pytest.mark.parametrize("is_missed", [True, False], ids=["missed", "not missed"])
@pytest.mark.parametrize("credentials", [PUBLIC, USER], ids=["v2c", "v3"])
def test_a_restarted_agent_is_read_at_the_very_next_poll(
    tmp_path: Path, credentials: Community, *, is_missed: bool
) -> None:
    """A restart sets back SNMPv3's clock, which makes the agent refuse the old one."""
    require("snmpd", SNMPD is not None)
    daemon = new_snmpd(tmp_path)
    daemon.start()
    try:
        target = daemon.target(credentials)
        assert observe(target).outcome is Outcome.OK
        daemon.stop()
        if is_missed:
            assert observe(target).outcome is Outcome.REFUSED
        daemon.start()
        assert observe(target).outcome is Outcome.OK
    finally:
        daemon.stop()


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        (Target("x", "127.0.0.1", 1, None), Outcome.AUTH),
        (Target("x", "no-such-name.invalid", 161, PUBLIC), Outcome.DNS),
        (Target("x", "", 161, PUBLIC), Outcome.DNS),
        (Target("x", "a" * 80, 161, PUBLIC), Outcome.DNS),
    ],
    ids=["no credential", "unknown name", "empty name", "overlong name"],
)
def test_what_cannot_be_asked_is_an_outcome_with_a_reason(target: Target, outcome: Outcome) -> None:
    seen = observe(target)
    assert seen.outcome is outcome and seen.detail and "\n" not in seen.detail
    assert (seen.target, seen.check, seen.measurements) == ("x", "snmp", ())


def test_a_closed_port_is_refused_and_a_probe_says_whose() -> None:
    target = Target("x", "127.0.0.1", free_port(), PUBLIC)
    assert observe(target).outcome is Outcome.REFUSED
    with pytest.raises(ProbeError) as error:
        probe(target)
    assert error.value.outcome is Outcome.REFUSED
    assert error.value.detail.startswith(f"127.0.0.1:{target.port}: ")


def test_a_silent_device_takes_no_longer_than_its_deadline(agent: Start) -> None:
    target, began = agent(lambda _: []).target, time.monotonic()
    seen = observe(target, Params(timeout_s=5, retries=5), deadline_s=0.5)
    assert seen.outcome is Outcome.TIMEOUT and time.monotonic() - began < 0.8


def test_a_slow_device_is_cut_off_in_the_middle_of_its_survey(agent: Start) -> None:
    answer = serving(load("unifi-like"))
    pause = threading.Event()

    def slow(request: ber.Request) -> list[bytes]:
        pause.wait(0.15)
        return answer(request)

    target, began = agent(slow).target, time.monotonic()
    assert observe(target, deadline_s=0.6).outcome is Outcome.TIMEOUT
    assert time.monotonic() - began < 0.9


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rubbish=st.binary(max_size=120))
def test_rubbish_is_malformed_or_silence(agent: Start, rubbish: bytes) -> None:
    device = agent(lambda _: [b"0" + rubbish])
    seen = observe(device.target, Params(timeout_s=0.05, retries=0), deadline_s=0.5)
    assert seen.outcome in {Outcome.MALFORMED, Outcome.TIMEOUT}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_device_that_answers_nonsense_in_good_form_is_no_trouble(
    agent: Start, data: st.DataObject
) -> None:
    """Any value of any type may stand where another was expected."""
    table = load(data.draw(st.sampled_from(["unifi-like", "public-pc"])))
    tags = st.sampled_from([ber.INTEGER, ber.OCTETS, ber.COUNTER64, ber.TICKS, ber.GAUGE32])
    for oid in data.draw(st.lists(st.sampled_from(sorted(table)), min_size=1, max_size=12)):
        if oid != SYS_OBJECT_ID:
            table[oid] = (data.draw(tags), data.draw(st.binary(min_size=1, max_size=8)))
    device = agent(serving(table))
    for _ in range(2):
        for name, value in values(observe(device.target)).items():
            assert abs(value) < float("inf")
            assert not name[0].endswith("_ratio") or 0 <= value <= 1


def test_sessions_are_bounded_and_the_oldest_go_first(agent: Start) -> None:
    device = agent(serving(load("unifi-like")))
    room = Sessions(room=3)

    async def read(target: Target) -> None:
        async with room.of(target, time.monotonic() + 1) as session:
            await session.read(target, bundled(), patience())

    for n in range(5):
        target = replace(device.target, credentials=Community(f"public{n}"))
        ask(read(target))
    assert len(room) == 3
    asked = len(device.asked)
    ask(read(target))
    assert len(device.asked) - asked <= 4, "the newest was kept"
    room.close()


def test_a_device_is_asked_by_one_thread_at_a_time(agent: Start) -> None:
    device = agent(serving(load("unifi-like")))
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(observe, [device.target] * 24))
    assert {o.outcome for o in seen} == {Outcome.OK}
    assert len({frozenset(values(o)) for o in seen}) == 1


def test_a_busy_device_is_not_waited_for_beyond_the_deadline(agent: Start) -> None:
    device = agent(serving(load("unifi-like")))
    held, done = threading.Event(), Signal(shared())

    async def hold() -> None:
        async with SESSIONS.of(device.target, time.monotonic() + 1):
            held.set()
            await done.wait(time.monotonic() + 10)

    shared().start(hold())
    assert held.wait(5)
    seen = observe(device.target, deadline_s=0.1)
    done.set()
    assert seen.outcome is Outcome.TIMEOUT and "still being asked" in seen.detail


def test_a_name_that_does_not_answer_is_looked_up_again(agent: Start) -> None:
    """It may have moved; an address cannot, and what is known of it is kept."""
    is_dead = threading.Event()
    answer = serving(load("unifi-like"))
    device = agent(lambda r: [] if is_dead.is_set() else answer(r))
    given = {"127.0.0.1": True, "127.1": False}  # the second is no address, and is one to resolve
    for host in given:
        assert observe(replace(device.target, host=host)).outcome is Outcome.OK
    is_dead.set()
    for host, is_kept in given.items():
        target = replace(device.target, host=host)
        assert observe(target, Params(timeout_s=0.1, retries=0)).outcome is Outcome.TIMEOUT
        assert (known_of(target) is not None) == is_kept


def known_of(target: Target) -> object:
    async def known() -> object:
        async with SESSIONS.of(target, time.monotonic() + 1) as session:
            return session.known

    return ask(known(), 5)


def test_a_device_that_becomes_another_is_not_read_by_the_old_shortcut(
    agent: Start, tmp_path: Path
) -> None:
    """Both say the same objects and mean other numbers, as after a change of firmware."""
    column, other = "1.3.6.1.4.1.32473.5.1.1", "1.3.6.1.4.1.32473.5.1.2"
    for name, scale in {"1": 0.01, "2": 0.001}.items():
        (tmp_path / f"model-{name}.toml").write_text(
            f'[[match]]\nsys_object_id = ["1.3.6.1.4.1.32473.{name}"]\n'
            '[radios]\nrows = ["id"]\n'
            f'[[radios.id]]\nobject = "A-MIB::id"\noid = "{other}"\n'
            f'[[radios.utilization_ratio]]\nobject = "A-MIB::used"\noid = "{column}"\n'
            f"scale = {scale}\n",
            "utf-8",
        )
    library = load_library(tmp_path.iterdir())
    check = reading_with(lambda: library)
    table = crafted.device("1.3.6.1.4.1.32473.1")
    table |= crafted.standard(column, {"1": 50}) | crafted.standard(other, {"1": "ng"})
    device = agent(serving(table))

    def used() -> float:
        seen = values(check.observe(device.target, Params(), 5.0))
        return seen["radio_utilization_ratio", "ng"]

    assert [used() for _ in range(3)] == [0.5, 0.5, 0.5]
    table[SYS_OBJECT_ID] = (ber.OID, ber.oid_body("1.3.6.1.4.1.32473.2"))
    assert used() == 0.05
    table |= crafted.standard(column, {"1": 5000})
    assert used() == 1.0, "held to what a ratio may be, in short as in full"


def test_devices_that_are_asked_no_more_are_forgotten(agent: Start) -> None:
    devices = [agent(serving(load("unifi-like"))) for _ in range(3)]
    for each in devices:
        observe(each.target)
    assert len(SESSIONS) == 3
    all_checks()["snmp"].retain([devices[0].target])  # type: ignore[attr-defined]
    asked = len(devices[0].asked)
    observe(devices[0].target)
    assert len(SESSIONS) == 1 and len(devices[0].asked) - asked <= 4, "it was kept"


def test_a_device_that_is_forgotten_while_it_is_asked_is_forgotten_afterwards(
    agent: Start,
) -> None:
    device = agent(serving(load("unifi-like")))
    held, done = threading.Event(), Signal(shared())

    async def hold() -> None:
        async with SESSIONS.of(device.target, time.monotonic() + 1):
            held.set()
            await done.wait(time.monotonic() + 10)

    shared().start(hold())
    assert held.wait(5)
    SESSIONS.retain([])
    assert len(SESSIONS) == 1
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(observe, device.target)
        wait_for(is_waited_for, within_s=5, what="somebody waits")
        done.set()
        assert waits.result(10).outcome is Outcome.OK, "who waited for it has its turn"
    wait_for(lambda: not len(SESSIONS), within_s=5, what="it is forgotten")


def is_waited_for() -> bool:
    return any(session.waiting for session in SESSIONS._sessions.values())


def test_without_a_free_descriptor_nothing_is_said_of_the_device() -> None:
    script = """
import resource, sys
from collectors.base import CannotAskError
from collectors.checks.snmp import CHECK
from collectors.target import Community, Target
CHECK.observe(Target("x", "127.0.0.1", 9, Community("c")), CHECK.params(), 1.0)
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
try:
    CHECK.observe(Target("x", "127.0.0.2", 9, Community("c")), CHECK.params(), 1.0)
except CannotAskError as error:
    print(error)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "this machine cannot send: Too many open files"


def test_failures_leave_no_socket_behind() -> None:
    def descriptors() -> int:
        return len(list(Path(f"/proc/{os.getpid()}/fd").iterdir()))

    observe(Target("x", "127.0.0.1", free_port(), PUBLIC))
    before = descriptors()
    for _ in range(5):
        observe(Target("x", "127.0.0.1", free_port(), PUBLIC))
    assert descriptors() <= before


def test_no_secret_reaches_a_detail_a_repr_or_the_log(
    agent: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = Community("very-secret-word")
    target = replace(agent(lambda _: [b"rubbish"]).target, credentials=secret)
    seen = observe(target, Params(timeout_s=0.1, retries=0), deadline_s=0.5)
    assert secret.value not in f"{seen!r}{target!r}{caplog.text}"


def test_importing_the_checks_does_not_pay_for_pysnmp() -> None:
    script = "import collectors.checks.snmp, sys; sys.exit('pysnmp' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0
