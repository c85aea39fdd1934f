"""What a client learns of how much an agent can be asked at once."""

import errno
import threading
import time
from collections.abc import Callable

import pytest

from collectors.base import CannotAskError
from collectors.observation import Outcome
from collectors.snmp.client import CANARY, Client
from collectors.snmp.engine import SnmpFailure
from collectors.snmp.failures import from_errno
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


def test_who_was_heard_in_an_earlier_look_only_is_not_asked_for_smaller_pages(agent: Start) -> None:
    """It is silent because it is dead, and that takes no more time than its repetitions."""
    is_dead = threading.Event()
    device = agent(lambda r: [] if is_dead.is_set() else HONEST(r))
    client, inner = client_of(device)
    assert client.get([CANARY], patience(0.2))
    inner.begin()
    is_dead.set()
    asked = len(device.asked)
    with pytest.raises(SnmpFailure) as failure:
        client.walk(COLUMN, patience(0.1, retries=1))
    assert failure.value.outcome is Outcome.TIMEOUT
    assert len(device.asked) - asked == 2 and inner.limits == Limits()
    client.close()


def test_nobody_gets_what_only_the_client_asked_for(agent: Start) -> None:
    client, _ = client_of(agent(HONEST))
    assert set(client.get([f"{COLUMN}.1"], patience())) == {f"{COLUMN}.1"}
    assert client.get([f"{COLUMN}.99"], patience()) == {}
    client.close()


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (errno.ECONNREFUSED, Outcome.REFUSED),
        (errno.EHOSTUNREACH, Outcome.NO_ROUTE),
        (errno.ENETUNREACH, Outcome.NO_ROUTE),
        (errno.EIO, Outcome.TIMEOUT),
        (None, Outcome.TIMEOUT),
    ],
)
def test_an_error_of_a_socket_is_an_outcome(code: int | None, outcome: Outcome) -> None:
    failure = from_errno(code)
    assert failure.outcome is outcome and failure.detail and "\n" not in failure.detail


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENOBUFS, errno.ENOSPC, errno.EPERM])
def test_what_this_machine_lacks_is_no_outcome_of_a_device(code: int) -> None:
    with pytest.raises(CannotAskError, match="this machine"):
        from_errno(code)


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
