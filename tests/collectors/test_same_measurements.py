"""Both engines, and both ways to read a poll, say the same of every recording of a real device."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from collectors.loop import shared
from collectors.observation import Measurement
from collectors.snmp.assemble import assemble
from collectors.snmp.client import Client
from collectors.snmp.engine import Engine, Patience
from collectors.snmp.library import bundled
from collectors.snmp.limits import Limits
from collectors.snmp.measurements import measurements
from collectors.snmp.pysnmp_engine import PysnmpEngine
from collectors.snmp.shortcut import learn
from collectors.snmp.snapshot import Snapshot
from collectors.snmp.survey import Known, poll, survey
from collectors.snmp.values import Value
from collectors.target import Community
from tests.collectors.conftest import CAPTURES, Daemon

pytestmark = pytest.mark.shared
NAMES = sorted(path.stem for path in CAPTURES.glob("*.snmprec"))
AT_ONCE = 4
HEARS = {"uptime_s", "host_uptime_s"}
"""A recording may let these run on between two readings."""


class ThoroughClient(Client):
    """The same client that asks through pysnmp alone."""

    def __init__(self, port: int, community: Community) -> None:
        super().__init__("127.0.0.1", port, community)
        self._fast.close()
        engine: Engine = PysnmpEngine("127.0.0.1", port, community)
        self._fast = engine  # type: ignore[assignment]  # any engine will do
        self.limits = Limits()


def patience() -> Patience:
    return Patience(10.0, 1, time.monotonic() + 60)


def read(client: Client) -> tuple[Known, Snapshot]:
    """Return a survey, and the poll that follows it."""

    async def both() -> tuple[Known, Snapshot]:
        known = await survey(client, bundled(), patience())
        return known, await poll(client, known, patience()) or known.snapshot

    try:
        return shared().ask(both())
    finally:
        client.close()


def numbers(known: Known, snapshot: Snapshot) -> set[Measurement]:
    return {m for m in measurements(assemble(known.choice, snapshot)) if m.name not in HEARS}


@pytest.fixture(scope="module")
def readings(captures: Daemon) -> Iterator[dict[str, tuple[Known, Snapshot, Known, Snapshot]]]:
    """Read every recording twice with each engine, a few at a time."""

    def both(name: str) -> tuple[Known, Snapshot, Known, Snapshot]:
        community = Community(name)
        quick = read(Client("127.0.0.1", captures.port, community))
        return *quick, *read(ThoroughClient(captures.port, community))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield dict(zip(NAMES, pool.map(both, NAMES), strict=True))


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_both_engines_measure_the_same(
    readings: dict[str, tuple[Known, Snapshot, Known, Snapshot]], name: str
) -> None:
    known, polled, other, other_polled = readings[name]
    assert known.choice.profile.name == other.choice.profile.name
    assert known.plan == other.plan
    assert numbers(known, known.snapshot) == numbers(other, other.snapshot)
    assert numbers(known, polled) == numbers(other, other_polled)


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_what_is_read_in_short_is_what_is_read_in_full(
    readings: dict[str, tuple[Known, Snapshot, Known, Snapshot]], name: str
) -> None:
    """Whatever column or fact moves, the shortcut says what assembling says, or nothing."""
    known, polled, _, _ = readings[name]
    choice = known.choice
    reading = assemble(choice, polled)
    shortcut = learn(choice, polled, reading, measurements(reading))
    if shortcut is None:
        return
    for moved in moved_once(polled):
        short = shortcut.take(moved)
        if short is not None:
            assert sorted(short, key=repr) == sorted(
                measurements(assemble(choice, moved)), key=repr
            )
    every = Snapshot(polled.scalars, {r: grown(c) for r, c in polled.columns.items()})
    short = shortcut.take(every)
    assert short is None or set(short) == set(measurements(assemble(choice, every)))


def test_many_devices_have_a_shortcut(
    readings: dict[str, tuple[Known, Snapshot, Known, Snapshot]],
) -> None:
    """Or the test above would compare nothing."""
    polls = [(known.choice, polled) for known, polled, _, _ in readings.values()]
    whole = [(choice, polled, assemble(choice, polled)) for choice, polled in polls]
    short = [learn(choice, polled, r, measurements(r)) for choice, polled, r in whole]
    taken = [s.take(grown_counters(p)) for s, (_, p, _) in zip(short, whole, strict=True) if s]
    assert len(taken) > len(whole) / 4 and sum(t is not None for t in taken) > len(taken) / 2


def grown_counters(snapshot: Snapshot) -> Snapshot:
    """Move what always moves: the octets that interfaces count."""
    octets = ("1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.10")
    moved = {root: grown(snapshot.columns[root]) for root in octets if root in snapshot.columns}
    return replace(snapshot, columns={**snapshot.columns, **moved})


def moved_once(snapshot: Snapshot) -> Iterator[Snapshot]:
    """Yield the snapshot with one column, or one number beside the tables, moved."""
    yield snapshot
    for root, column in snapshot.columns.items():
        for changed in (grown(column), gone(column), dict.fromkeys(column, -1)):
            yield replace(snapshot, columns={**snapshot.columns, root: changed})
    for oid, value in snapshot.scalars.items():
        if isinstance(value, int):
            yield replace(snapshot, scalars={**snapshot.scalars, oid: value + 7})


def grown(column: dict[str, Value]) -> dict[str, Value]:
    return {i: v + n + 1 if isinstance(v, int) else v for n, (i, v) in enumerate(column.items())}


def gone(column: dict[str, Value]) -> dict[str, Value]:
    return dict(list(column.items())[1:])
