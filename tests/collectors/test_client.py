"""What a client learns of how much an agent can be asked at once."""

import time
from collections.abc import Callable

import pytest

from collectors.observation import Outcome
from collectors.snmp.client import CANARY, Client
from collectors.snmp.engine import SnmpFailure
from collectors.snmp.limits import GOOD_POLLS, MAX_OBJECTS, MAX_REPETITIONS, Limits
from tests.collectors import ber
from tests.collectors.conftest import PUBLIC, Agent, Asked, Handler, patience, serving

Start = Callable[[Handler], Agent]
COLUMN = "1.3.6.1.2.1.2.2.1.10"
TABLE = {
    CANARY: (ber.OID, ber.oid_body("1.3.6.1.4.1.32473")),
    **{f"{COLUMN}.{n}": ber.number(n) for n in range(1, 41)},
}
HONEST = serving(dict(TABLE))


def client_of(agent: Agent) -> tuple[Asked, Client]:
    inner = Client("127.0.0.1", agent.port, PUBLIC)
    return Asked(inner), inner


def test_an_agent_that_drops_large_pages_is_asked_for_smaller_ones(agent: Start) -> None:
    def choosy(request: ber.Request) -> list[bytes]:
        return [] if request.max_repetitions > 8 else HONEST(request)

    device = agent(lambda r: choosy(r) if r.kind == ber.GET_BULK else HONEST(r))
    client, inner = client_of(device)
    assert client.get([CANARY], patience(0.2, retries=1))
    assert len(client.walk(COLUMN, patience(0.2, retries=1))) == 40
    assert 1 <= inner.limits.repetitions <= 8
    asked = len(device.asked)
    client.walk(COLUMN, patience(0.2))
    assert all(each.max_repetitions <= 8 for each in device.asked[asked:]), "it is remembered"
    client.close()


def test_an_agent_that_drops_large_gets_is_asked_in_parts(agent: Start) -> None:
    device = agent(lambda r: [] if len(r.oids) > 11 else HONEST(r))
    client, inner = client_of(device)
    wanted = [f"{COLUMN}.{n}" for n in range(1, 31)]
    assert sorted(client.get(wanted, patience(0.15, retries=1))) == sorted(wanted)
    assert inner.limits.objects <= 10
    client.close()


def test_a_lost_datagram_teaches_nothing(agent: Start) -> None:
    device = agent(lambda r: [] if len(device.asked) == 1 else HONEST(r))
    client, inner = client_of(device)
    wanted = [f"{COLUMN}.{n}" for n in range(1, 31)]
    assert len(client.get(wanted, patience(0.2, retries=1))) == 30
    assert inner.limits == Limits()
    client.close()


def test_a_dead_device_costs_no_more_than_its_repetitions(agent: Start) -> None:
    device = agent(lambda _: [])
    client, _ = client_of(device)
    began = time.monotonic()
    with pytest.raises(SnmpFailure) as failure:
        client.get([f"{COLUMN}.{n}" for n in range(1, 31)], patience(0.3, retries=1))
    assert failure.value.outcome is Outcome.TIMEOUT
    assert time.monotonic() - began < 0.9 and len(device.asked) == 2
    client.close()


def test_after_many_good_polls_more_is_tried_and_after_a_failure_less_often() -> None:
    limits = Limits()
    limits.fewer_repetitions(3)
    for _ in range(GOOD_POLLS):
        assert limits.repetitions == 3
        limits.went_well()
    assert limits.repetitions == 6
    limits.fewer_repetitions(3)
    for _ in range(2 * GOOD_POLLS):
        assert limits.repetitions == 3
        limits.went_well()
    assert limits.repetitions == 6


def test_all_is_asked_again_in_the_end() -> None:
    limits = Limits()
    limits.fewer_objects(1)
    limits.fewer_repetitions(1)
    for _ in range(10_000):
        limits.went_well()
    assert (limits.repetitions, limits.objects) == (MAX_REPETITIONS, MAX_OBJECTS)
