"""Both engines against a real agent, and against agents that break the rules."""

import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.observation import Outcome
from collectors.snmp.client import CANARY, Client
from collectors.snmp.engine import MAX_ROWS, Rows, SnmpFailure, Subtree, TooBig, arcs
from collectors.snmp.gufo_engine import GufoEngine
from collectors.snmp.pysnmp_engine import IN_FLIGHT, PysnmpEngine
from collectors.target import Community, Credentials, UsmUser
from tests.collectors import ber
from tests.collectors.conftest import (
    PUBLIC,
    SYS_DESCR,
    USER,
    Agent,
    Asked,
    Daemon,
    Handler,
    free_port,
    load,
    patience,
    serving,
)
from tests.waiting import wait_for

Start = Callable[[Handler], Agent]
Make = Callable[[int, Credentials], Asked]
SYS_NAME = "1.3.6.1.2.1.1.5.0"
MIB_2 = "1.3.6.1.2.1"
OTHER = "quite-another-phrase"
ONE = ber.number(1)


@pytest.fixture(params=[GufoEngine, PysnmpEngine], ids=["gufo", "pysnmp"])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    made: list[Asked] = []

    def build(port: int, credentials: Credentials) -> Asked:
        made.append(Asked(request.param("127.0.0.1", port, credentials)))
        return made[-1]

    yield build
    for engine in made:
        engine.close()


def everything(request: ber.Request) -> list[bytes]:
    return [ber.response(request, [(oid, ONE) for oid in request.oids])]


@pytest.mark.snmpd
def test_an_engine_reads_a_real_agent(make: Make, snmpd: Daemon) -> None:
    engine = make(snmpd.port, PUBLIC)
    found = engine.get([SYS_NAME, "1.3.6.1.2.1.99.99.0"], patience())
    assert found == {SYS_NAME: b"surfpunt-1"}, "what does not exist is absent"
    rows = engine.walk("1.3.6.1.2.1.2.2.1.2", 10, patience())
    assert (("1.3.6.1.2.1.2.2.1.2.1", b"lo")) in rows


@pytest.mark.snmpd
def test_a_walk_is_the_same_whatever_the_page_and_the_engine(snmpd: Daemon) -> None:
    quick, thorough = (
        Asked(kind("127.0.0.1", snmpd.port, PUBLIC)) for kind in (GufoEngine, PysnmpEngine)
    )
    root = "1.3.6.1.2.1.1.9.1.3"
    oids = {
        tuple(oid for oid, _ in engine.walk(root, size, patience()))
        for engine in (quick, thorough)
        for size in (1, 3, 50)
    }
    assert len(oids) == 1 and len(next(iter(oids))) > 3
    quick.close()
    thorough.close()


@pytest.mark.snmpd
def test_snmpv3_with_sha256_and_aes128_reads_a_real_agent(snmpd: Daemon) -> None:
    engine = Asked(GufoEngine("127.0.0.1", snmpd.port, USER))
    assert engine.get([SYS_NAME], patience()) == {SYS_NAME: b"surfpunt-1"}
    assert engine.walk("1.3.6.1.2.1.2.2.1.2", 10, patience())
    engine.close()


@pytest.mark.snmpd
def test_snmpv3_asks_for_the_time_again_when_it_has_not_heard_it_for_long(snmpd: Daemon) -> None:
    inner = GufoEngine("127.0.0.1", snmpd.port, USER)
    engine = Asked(inner)
    engine.get([SYS_NAME], patience())
    heard = inner._heard_at = time.monotonic() - 3600
    assert engine.get([SYS_NAME], patience()) == {SYS_NAME: b"surfpunt-1"}
    assert inner._heard_at > heard
    engine.close()


@pytest.mark.snmpd
@pytest.mark.parametrize(
    "user",
    [
        replace(USER, name="stranger"),
        replace(USER, auth_passphrase=OTHER),
        replace(USER, auth="sha1"),
        replace(USER, priv_passphrase=OTHER),
        replace(USER, priv="", priv_passphrase=""),
        replace(USER, auth="", auth_passphrase="", priv="", priv_passphrase=""),
        replace(USER, auth="", auth_passphrase=""),
        replace(USER, auth="rot13"),
    ],
    ids=["user", "auth phrase", "auth protocol", "priv phrase", "no priv", "none", "priv only",
         "unknown protocol"],
)  # fmt: skip
def test_each_wrong_snmpv3_credential_is_an_auth_failure(snmpd: Daemon, user: UsmUser) -> None:
    with (
        pytest.raises(SnmpFailure) as failure,
        closing(Asked(GufoEngine("127.0.0.1", snmpd.port, user))) as engine,
    ):
        engine.get([SYS_NAME], patience(0.5))
    assert failure.value.outcome is Outcome.AUTH
    assert "phrase-" not in failure.value.detail and OTHER not in failure.value.detail


@pytest.mark.snmpd
def test_a_wrong_community_is_silence(make: Make, snmpd: Daemon) -> None:
    with pytest.raises(SnmpFailure) as failure:
        make(snmpd.port, Community("wrong")).get([SYS_NAME], patience(0.3))
    assert failure.value.outcome is Outcome.TIMEOUT


def test_a_closed_port_is_refused_at_once() -> None:
    engine = Asked(GufoEngine("127.0.0.1", free_port(), PUBLIC))
    began = time.monotonic()
    with pytest.raises(SnmpFailure) as failure:
        engine.get([SYS_NAME], patience(5))
    assert failure.value.outcome is Outcome.REFUSED and time.monotonic() - began < 1
    engine.close()


def test_an_answer_with_another_request_id_is_ignored(make: Make, agent: Start) -> None:
    def late(request: ber.Request) -> list[bytes]:
        earlier = ber.response(request, [(SYS_NAME, ber.number(7))], request_id=3)
        return [earlier, ber.response(request, [(SYS_NAME, ONE)])]

    assert make(agent(late).port, PUBLIC).get([SYS_NAME], patience()) == {SYS_NAME: 1}


def test_what_icmp_says_of_an_earlier_question_does_not_fail_the_next(agent: Start) -> None:
    """A router's late "unreachable" comes up when the socket is used again: the device is back."""
    engine = agent(everything).engine()
    inner = engine.inner
    assert isinstance(inner, GufoEngine)
    with socket.socket(fileno=os.dup(inner._fd)) as same:
        there = same.getpeername()
        same.connect(("127.0.0.1", free_port()))
        same.send(b"x")  # the kernel keeps the refusal for whoever uses the socket next
        same.connect(there)
        assert engine.get([SYS_NAME], patience()) == {SYS_NAME: 1}
    engine.close()


def test_answers_to_other_questions_do_not_stretch_the_timeout(agent: Start) -> None:
    def flood(request: ber.Request) -> list[bytes]:
        return [ber.response(request, [(SYS_NAME, ONE)], request_id=n) for n in range(1, 400)]

    engine, began = agent(flood).engine(), time.monotonic()
    with pytest.raises(SnmpFailure) as failure:
        engine.get([SYS_NAME], patience(0.3))
    assert failure.value.outcome is Outcome.TIMEOUT and time.monotonic() - began < 0.6
    engine.close()


def test_a_device_that_never_stops_talking_is_not_listened_to_until_the_timeout(
    agent: Start,
) -> None:
    """Each of its datagrams costs all others their time."""
    is_over = threading.Event()

    def babble(request: ber.Request) -> Iterator[bytes]:
        stray = ber.response(request, [(SYS_NAME, ONE)], request_id=3)
        while not is_over.is_set():
            yield stray

    engine, began = agent(babble).engine(), time.monotonic()  # type: ignore[arg-type]  # endless
    with pytest.raises(SnmpFailure) as failure:
        engine.get([SYS_NAME], patience(8))
    is_over.set()
    assert failure.value.outcome is Outcome.TIMEOUT and time.monotonic() - began < 5
    engine.close()


def test_pysnmp_has_no_more_questions_under_way_than_it_can_answer_for(agent: Start) -> None:
    """Beyond that it loses answers to its own time-outs."""
    silent = agent(lambda _: [])
    engines = [Asked(PysnmpEngine("127.0.0.1", silent.port, PUBLIC)) for _ in range(IN_FLIGHT + 8)]

    def ask(engine: Asked) -> Outcome:
        with pytest.raises(SnmpFailure) as failure:
            engine.get([SYS_NAME], patience(6))
        return failure.value.outcome

    with ThreadPoolExecutor(len(engines)) as pool:
        outcomes = [pool.submit(ask, each) for each in engines]
        wait_for(lambda: len(silent.asked) >= IN_FLIGHT, within_s=10, what="many ask")
        threading.Event().wait(0.3)
        assert len(silent.asked) == IN_FLIGHT
        assert {each.result(10) for each in outcomes} == {Outcome.TIMEOUT}
    for each in engines:
        each.close()


def test_a_lost_reply_is_asked_for_again(make: Make, agent: Start) -> None:
    lossy = agent(lambda r: everything(r) if len(lossy.asked) > 1 else [])
    assert make(lossy.port, PUBLIC).get([SYS_NAME], patience(0.4, retries=1)) == {SYS_NAME: 1}


def test_retries_never_outlast_the_deadline(make: Make, agent: Start) -> None:
    engine, began = make(agent(lambda _: []).port, PUBLIC), time.monotonic()
    with pytest.raises(SnmpFailure) as failure:
        engine.get([SYS_NAME], patience(timeout_s=2, retries=9, deadline_s=0.7))
    assert failure.value.outcome is Outcome.TIMEOUT
    assert time.monotonic() - began < 1.2


@pytest.mark.parametrize(
    "oids",
    [[f"{MIB_2}.5.1"] * 2, [f"{MIB_2}.5.2", f"{MIB_2}.5.1"]],
    ids=["the same again", "descending"],
)
def test_a_walk_whose_oids_do_not_ascend_is_malformed(
    make: Make, agent: Start, oids: list[str]
) -> None:
    going = agent(lambda r: [ber.response(r, [(oid, ONE) for oid in oids])])
    with pytest.raises(SnmpFailure) as failure:
        make(going.port, PUBLIC).walk(MIB_2, 2, patience())
    assert failure.value.outcome is Outcome.MALFORMED


def test_an_endless_walk_ends() -> None:
    found = Subtree(MIB_2)

    def walk_on() -> None:
        for n in range(MAX_ROWS):
            found.takes([(f"{MIB_2}.{n}.1", 1), (f"{MIB_2}.{n}.2", 1)])

    with pytest.raises(SnmpFailure) as failure:
        walk_on()
    assert failure.value.outcome is Outcome.MALFORMED


@given(st.lists(st.lists(st.integers(0, 300), min_size=1, max_size=4), max_size=40), st.data())
def test_a_walk_gives_ascending_rows_below_its_root_or_none(
    tails: list[list[int]], data: st.DataObject
) -> None:
    names = [".".join(map(str, [*arcs(MIB_2), *tail])) for tail in tails]
    names += ["1.3.6.1.4.1"] * data.draw(st.integers(0, 2))
    if data.draw(st.booleans()):
        names.sort(key=arcs)
    size = data.draw(st.integers(1, 7))
    rows: Rows = [(name, 1) for name in names]
    found = Subtree(MIB_2)
    pages = iter([rows[i : i + size] for i in range(0, len(rows), size)])
    try:
        while found.takes(next(pages, [])):
            pass
    except SnmpFailure:
        return
    places = [arcs(oid) for oid, _ in found.rows]
    assert places == sorted(set(places))
    assert all(place[: len(arcs(MIB_2))] == arcs(MIB_2) for place in places)


def test_what_gufo_cannot_read_is_read_in_smaller_parts(agent: Start) -> None:
    table = {f"{MIB_2}.{n}": ber.octets(b"x" * 900) for n in range(1, 9)}
    table[CANARY] = (ber.OID, ber.oid_body("1.3.6.1.4.1.32473"))
    wordy = agent(serving(table))
    limits = (inner := Client("127.0.0.1", wordy.port, PUBLIC)).limits
    client = Asked(inner)
    assert len(client.walk(MIB_2, patience())) == 9
    assert 1 < limits.repetitions < 20, "the limit is remembered"
    assert len(client.get(sorted(table), patience())) == 9
    assert limits.objects < 9
    asked = len(wordy.asked)
    client.walk(MIB_2, patience())
    assert len(wordy.asked) - asked <= 9 // limits.repetitions + 2, "and not learnt again"
    client.close()


def test_pysnmp_reads_what_gufo_cannot_read_at_all(agent: Start) -> None:
    huge = ber.octets(b"x" * 12_000)
    client = Asked(Client("127.0.0.1", agent(serving({SYS_DESCR: huge})).port, PUBLIC))
    assert client.walk(MIB_2, patience()) == [(SYS_DESCR, huge[1])]
    assert client.get([SYS_DESCR], patience()) == {SYS_DESCR: huge[1]}
    client.close()


def test_an_agent_that_says_too_big_is_asked_for_less(agent: Start) -> None:
    def choosy(request: ber.Request) -> list[bytes]:
        fits = len(request.oids) <= 8
        return everything(request) if fits else [ber.response(request, [], status=1)]

    wanted = [f"{MIB_2}.1.{n}.0" for n in range(30)]
    client = Asked(inner := Client("127.0.0.1", agent(choosy).port, PUBLIC))
    assert sorted(client.get(wanted, patience())) == sorted(wanted)
    assert inner.limits.objects <= 7
    client.close()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_garbage_never_gets_past_the_seam(agent: Start, seed: int) -> None:
    """A valid reply with some of its octets changed, cut or repeated."""
    chance = random.Random(seed)  # noqa: S311 - drawn by hypothesis, no secret

    def mutated(request: ber.Request) -> list[bytes]:
        reply = bytearray(everything(request)[0])
        for _ in range(chance.randint(1, 4)):
            reply[chance.randrange(len(reply))] = chance.randrange(256)
        return [bytes(reply[: chance.randint(0, len(reply))] or b"\0"), *([bytes(reply)] * 2)]

    spoilt = agent(mutated)
    engine = spoilt.engine()
    for ask in (
        lambda: engine.get([SYS_NAME], patience(0.02)),
        lambda: engine.walk("1.3.6.1.2.1.1", 5, patience(0.02)),
    ):
        with suppress(TooBig, SnmpFailure):
            ask()
    engine.close()


def test_unreadable_replies_are_malformed_within_the_deadline(agent: Start) -> None:
    client = Asked(Client("127.0.0.1", agent(lambda _: [b"\x30\x84\xff\xff\xff\xff"]).port, PUBLIC))
    began = time.monotonic()
    with pytest.raises(SnmpFailure) as failure:
        client.walk(MIB_2, patience(0.3, deadline_s=2))
    assert failure.value.outcome is Outcome.MALFORMED and time.monotonic() - began < 3
    client.close()


def test_an_engine_gives_its_socket_back() -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = descriptors()
    for _ in range(5):
        GufoEngine("127.0.0.1", free_port(), PUBLIC).close()
    assert descriptors() == before


@pytest.mark.parametrize("name", ["unifi-like", "controller", "public-pc"])
def test_both_engines_read_a_recording_alike(recordings: Daemon, name: str) -> None:
    quick, thorough = (
        Asked(kind("127.0.0.1", recordings.port, Community(name)))
        for kind in (GufoEngine, PysnmpEngine)
    )
    found = quick.walk("1.3", 20, patience())
    assert found == thorough.walk("1.3", 20, patience())
    assert {oid for oid, _ in found} == set(load(name))
    quick.close()
    thorough.close()
