"""
Any tree of devices that die and live again, asked in any order: one incident for one cause.

A state machine over the real rota, judge, stores and reading; only sockets and clock are played.
"""

import shutil
import tempfile
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from netmon.analysis.rows import IncidentRow
from netmon.config.settings import Settings
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Device, DeviceKind, Status
from tests.analysis.network import Network
from tests.analysis.town import START, Town, at

KINDS = (DeviceKind.GATEWAY, DeviceKind.SWITCH, DeviceKind.ACCESS_POINT)
"""One kind a level: gateways are asked every five minutes, switches every half, others each."""
SETTLED_S = 2 * 300 + 300 + 120
"""Back-off, the slowest interval twice, and what a confirmation takes."""

Time = tuple[int, int | None]


def told(**of_access_points: int) -> Settings:
    checks = {
        "snmp": {"interval_s": 300},
        "tcp": {"interval_s": 30, "retry_interval_s": 10},
        "icmp": {"interval_s": 60, **of_access_points},
    }
    asked = dict(zip(KINDS, checks, strict=True))
    kinds = {kind.value: {"checks": [name], "deciding": name} for kind, name in asked.items()}
    return Settings.model_validate({"kinds": kinds, "checks": checks})


@st.composite
def trees(draw: st.DrawFn) -> list[Device]:
    """Return up to three levels; whoever is not on the first has one or two parents above."""
    levels: list[list[Device]] = [[]]
    for level, kind in enumerate(KINDS):
        above = [each.id for each in levels[-1]]
        found = []
        for number in range(draw(st.integers(2, 3))):
            parents = st.lists(st.sampled_from(above), min_size=1, max_size=2, unique=True)
            own = tuple(draw(parents)) if above else ()
            key = f"{kind.value}-{level}{number}"
            found.append(Device(key, kind, key, "bruul", "192.0.2.1", parents=own))
        levels.append(found)
    return [each for level in levels for each in level]


class Race(RuleBasedStateMachine):
    """Devices die, live again, and netmon starts anew, at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.town = Town(self.folder, told())
        self.alone: dict[str, list[Time]] = {}
        self.answering: dict[str, list[Time]] = {}

    @initialize(devices=trees(), late=st.integers(0, 2**16))
    def begin(self, devices: list[Device], late: int) -> None:
        self.town.inhabit(devices)
        ids = [each.id for each in devices]
        self.network = Network(
            self.town, devices, late_s=lambda each: (late >> (2 * ids.index(each))) % 4
        )
        self.alone, self.answering = ({each: [] for each in ids} for _ in range(2))
        self.note()
        self.network.run(600)

    @rule(data=st.data(), most=st.integers(1, 3), is_settled=st.booleans())
    def kill(self, data: st.DataObject, most: int, *, is_settled: bool) -> None:
        if alive := sorted(self.network.devices.keys() - self.network.dead):
            chosen = st.sets(st.sampled_from(alive), min_size=1, max_size=most)
            self.network.dead |= data.draw(chosen)
            self.note()
        if is_settled:
            self.settle()

    @rule(data=st.data())
    def revive(self, data: st.DataObject) -> None:
        if dead := sorted(self.network.dead):
            self.network.dead.discard(data.draw(st.sampled_from(dead)))
            self.note()

    @rule(seconds=st.integers(1, 400))
    def wait(self, seconds: int) -> None:
        self.network.run(seconds)

    @rule()
    def restart(self) -> None:
        self.network.restart()

    @rule()
    def settle(self) -> None:
        self.network.run(SETTLED_S)
        causes = self.network.causes()
        is_open = [row.subject_id for row in self.incidents() if row.ended_at is None]
        assert len(is_open) == len(set(is_open)) and causes <= set(is_open), "one for each cause"
        # What broke before its parent did is broken until it was seen to work.
        assert not any(map(self.network.answers, is_open))
        expected = {
            each: Status.DOWN
            if each in causes
            else Status.UP
            if self.network.answers(each)
            else Status.UNREACHABLE
            for each in self.network.devices
        }
        assert self.town.status(self.network.second) == expected

    @invariant()
    def nobody_is_blamed_for_a_parent(self) -> None:
        for row in self.incidents():
            assert is_in(self.alone[row.subject_id], row.began_at), row

    @invariant()
    def nothing_ends_before_it_was_seen_to_work(self) -> None:
        for row in self.incidents():
            assert row.ended_at is None or is_in(self.answering[row.subject_id], row.ended_at), row

    def note(self) -> None:
        """Keep from when to when each device has been a true cause, and has answered."""
        for each in self.network.devices:
            self.keep(self.alone[each], is_so=each in self.network.causes())
            self.keep(self.answering[each], is_so=self.network.answers(each))

    def keep(self, times: list[Time], *, is_so: bool) -> None:
        is_kept = bool(times) and times[-1][1] is None
        if is_so and not is_kept:
            times.append((self.network.second, None))
        elif is_kept and not is_so:
            times[-1] = (times[-1][0], self.network.second)

    def incidents(self) -> list[IncidentRow]:
        bounds = (epoch_s(START), epoch_s(at(self.network.second)) + 1)
        return self.town.views.incidents_between(bounds, at(self.network.second))

    def teardown(self) -> None:
        if hasattr(self, "network"):
            self.network.dead.clear()
            self.note()
            self.network.run(SETTLED_S)
            assert all(row.ended_at for row in self.incidents()), "nothing stays open"
            for each in self.network.devices:
                spans = self.town.read(each, self.network.second)
                assert all(before[1] == after[0] for before, after in pairwise(spans))
        self.town.__exit__()
        shutil.rmtree(self.folder)


def is_in(times: list[Time], instant: datetime) -> bool:
    """Tell whether something was so at an instant."""
    second = (instant - START).total_seconds()
    return any(start <= second and (end is None or second <= end) for start, end in times)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(phase=st.integers(0, 300), late_s=st.integers(0, 15))
def test_no_child_is_told_before_its_parent_was_asked(
    tmp_path_factory: pytest.TempPathFactory, phase: int, late_s: int
) -> None:
    """Nor where one look is enough, and the parent is slow and has its turn in five minutes."""
    gateway = Device("gw", DeviceKind.GATEWAY, "gw", "bruul", "192.0.2.1")
    points = [
        Device(f"ap-{n}", DeviceKind.ACCESS_POINT, f"ap-{n}", "bruul", "192.0.2.1", parents=("gw",))
        for n in range(3)
    ]
    folder = tmp_path_factory.mktemp("town")
    with Town(folder, told(fail_n=1, fail_m=1)) as town:
        town.inhabit([gateway, *points])
        late = {"gw": late_s}
        network = Network(town, [gateway, *points], late_s=lambda each: late.get(each, 0))
        network.run(310 + phase)
        network.dead.add("gw")
        for _ in range(150):
            network.run(1)
            found = town.status(network.second)
            assert Status.DOWN not in {found[each.id] for each in points}
            assert {row.subject_id for row in town.views.incidents(at(network.second))} <= {"gw"}
        assert found == {"gw": Status.DOWN} | {each.id: Status.UNREACHABLE for each in points}


TestRace = Race.TestCase
TestRace.settings = settings(
    max_examples=30,
    print_blob=False,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
