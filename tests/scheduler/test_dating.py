"""What the judge makes of dates when looks come late or twice, and when somebody sets a clock."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.observation import Observation, Outcome
from netmon.domain.clocks import Reading
from netmon.domain.model import Status
from netmon.domain.sight import SightRule
from netmon.domain.state import Policy
from netmon.scheduler.dating import read_clocks
from netmon.scheduler.judge import Judge
from netmon.scheduler.sight import OwnSight
from netmon.storage.record import RecordWriter
from tests.runs import StoredRun, stored_runs

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BASE_S = int(START.timestamp())
POLICY = Policy(interval_s=60, retry_interval_s=20)
HOUR_S = 3600
OUTCOMES = st.sampled_from([Outcome.OK, Outcome.OK, Outcome.TIMEOUT, Outcome.AUTH])


@dataclass
class Machine:
    """A machine whose clock can be set and that can sleep, with a judge and a real record."""

    folder: Path
    wall: datetime = START
    running_s: float = 500.0
    record: RecordWriter = field(init=False)
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.record = RecordWriter(self.folder, origin="real")
        self.judge = Judge(self.record, clocks=lambda: Reading(self.wall, self.running_s))

    def stop(self) -> None:
        self.judge.keep()
        self.record.close()

    def set_clock(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)

    def wait(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.running_s += seconds

    def look(self, outcome: Outcome = Outcome.OK, *, of: str = "ap", age_s: float = 0) -> None:
        at = self.wall - timedelta(seconds=age_s)
        self.judge.hear(Observation(of, "icmp", at, outcome), POLICY)
        self.judge.keep()

    def watch(self, *outcomes: Outcome, every_s: float = 60) -> None:
        for outcome in outcomes:
            self.wait(every_s)
            self.look(outcome)

    def runs(self) -> list[tuple[int, int | None, Status]]:
        return [
            (run.start_s - BASE_S, None if run.end_s is None else run.end_s - BASE_S, run.status)
            for run in stored_runs(self.folder)
        ]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    yield machine
    machine.record.close()


def test_a_slow_answer_of_one_check_keeps_its_own_date_beside_a_quick_one(machine: Machine) -> None:
    machine.watch(Outcome.OK)
    machine.look(of="slow", age_s=40)
    assert machine.runs() == [(60, None, Status.UP), (20, None, Status.UP)]


def test_what_breaks_after_the_clock_was_set_back_an_hour_is_told_now(machine: Machine) -> None:
    """The record goes on from the highest instant it knows, a second for each look."""
    machine.watch(*[Outcome.OK] * 5)
    machine.set_clock(-HOUR_S)
    machine.watch(*[Outcome.TIMEOUT] * 3, every_s=20)
    assert machine.runs() == [(60, 301, Status.UP), (301, None, Status.DOWN)]


def test_when_the_clock_has_caught_up_dates_are_those_of_the_clock_again(machine: Machine) -> None:
    machine.watch(*[Outcome.OK] * 5)
    machine.set_clock(-600)
    machine.watch(*[Outcome.OK] * 12)
    machine.watch(*[Outcome.TIMEOUT] * 3, every_s=20)
    assert machine.runs() == [(60, 440, Status.UP), (440, None, Status.DOWN)]


def test_a_check_first_seen_while_the_clock_is_behind_begins_where_the_record_stands(
    machine: Machine,
) -> None:
    machine.watch(*[Outcome.OK] * 5)
    machine.set_clock(-HOUR_S)
    machine.look(of="new")
    assert machine.runs() == [(60, None, Status.UP), (300, None, Status.UP)]


def test_a_clock_set_back_while_netmon_was_off_stops_nothing_either(machine: Machine) -> None:
    machine.watch(*[Outcome.OK] * 5)
    machine.stop()
    machine.set_clock(-HOUR_S)
    machine.start()
    machine.watch(*[Outcome.TIMEOUT] * 3, every_s=20)
    assert machine.runs() == [(60, 301, Status.UP), (301, None, Status.DOWN)]


def test_a_look_asked_before_the_clock_was_set_back_holds_up_nobody(machine: Machine) -> None:
    """It was under way: dated by the old clock, heard by the new one."""
    machine.watch(*[Outcome.OK] * 5)
    machine.set_clock(-200)
    machine.look(Outcome.TIMEOUT, age_s=-205)
    machine.watch(*[Outcome.TIMEOUT] * 2, every_s=20)
    assert [status for _, _, status in machine.runs()] == [Status.UP, Status.DOWN]


def test_an_hour_that_only_the_wall_clock_left_out_is_no_silence(machine: Machine) -> None:
    machine.watch(*[Outcome.OK] * 5)
    machine.set_clock(HOUR_S)
    machine.watch(Outcome.OK)
    assert machine.runs() == [(60, None, Status.UP)]


def test_a_doubt_before_the_clock_was_set_forward_makes_no_outage_an_hour_longer(
    machine: Machine,
) -> None:
    machine.watch(Outcome.OK, Outcome.TIMEOUT)
    machine.set_clock(HOUR_S)
    machine.watch(*[Outcome.TIMEOUT] * 2, every_s=20)
    assert machine.runs() == [(60, 120 + HOUR_S, Status.UP), (120 + HOUR_S, None, Status.DOWN)]


def test_an_hour_in_which_the_machine_slept_is_unknown(machine: Machine) -> None:
    machine.watch(*[Outcome.OK] * 5)
    machine.wait(HOUR_S)
    machine.look()
    assert machine.runs() == [
        (60, 450, Status.UP),
        (450, 300 + HOUR_S, Status.UNKNOWN),
        (300 + HOUR_S, None, Status.UP),
    ]


def test_a_slow_clock_that_is_mended_a_little_at_a_time_is_no_step(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        machine.set_clock(-1.9)
        machine.watch(Outcome.OK)
    assert machine.runs() == [(58, None, Status.UP)]
    assert "clock" not in caplog.text


def test_each_step_of_the_clock_is_told(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    machine.look()
    machine.set_clock(-HOUR_S)
    machine.look()
    assert [each.getMessage() for each in caplog.records] == ["clock: set by -3600 s"]


@pytest.mark.parametrize(("ahead_s", "refused"), [(300, 0), (301, 1)])
def test_what_is_dated_more_than_five_minutes_ahead_is_refused_and_counted(
    machine: Machine, ahead_s: int, refused: int
) -> None:
    machine.look()
    machine.wait(60)
    for _ in range(3):
        machine.wait(1)
        machine.look(Outcome.TIMEOUT, age_s=-ahead_s)
    machine.judge.note({"unwritten": 0.0})
    vitals = dict(machine.record._db.execute("SELECT name, value FROM vital"))
    assert vitals == {"unwritten": 0, "looks_ahead": 3 * refused}
    assert (machine.runs()[-1][2] is Status.DOWN) is not refused
    assert all(start_s <= 63 for start_s, _, _ in machine.runs())


def test_refusals_are_told_once_for_each_check(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        machine.look(age_s=-HOUR_S)
    (told,) = caplog.records
    assert "check=icmp device=ap: dated 2026-11-23T10:00:00+00:00, in the future" in told.message


def test_the_same_look_told_again_confirms_nothing(machine: Machine) -> None:
    """A heartbeat whose computer's clock is ahead, too: it is read anew each minute."""
    machine.watch(Outcome.OK)
    ahead = machine.wall + timedelta(seconds=100)
    for _ in range(5):
        machine.wait(20)
        machine.judge.hear(Observation("ap", "icmp", ahead, Outcome.TIMEOUT), POLICY)
    machine.judge.keep()
    assert machine.runs() == [(60, None, Status.UP)]


def test_a_clock_set_back_makes_no_failure_wait_for_a_witness(tmp_path: Path) -> None:
    """While the clock is behind, witnesses are dated as devices are."""
    machine = Machine(tmp_path)
    machine.judge = Judge(
        machine.record,
        clocks=lambda: Reading(machine.wall, machine.running_s),
        sight=OwnSight(SightRule(), lambda _: "icmp"),
    )
    machine.watch(*[Outcome.OK] * 3)
    machine.set_clock(-HOUR_S)
    for _ in range(4):
        machine.wait(20)
        machine.look(Outcome.TIMEOUT)
        machine.judge.witness(Observation("192.0.2.1", "icmp", machine.wall, Outcome.OK))
    machine.stop()
    assert [run[2] for run in machine.runs() if run[2] is Status.DOWN] == [Status.DOWN]


def test_the_running_clock_of_this_machine_runs_with_its_wall_clock() -> None:
    before = read_clocks()
    waited = time.monotonic()
    while time.monotonic() - waited < 0.05:
        pass
    after = read_clocks()
    assert (after.wall - before.wall).total_seconds() == pytest.approx(
        after.running_s - before.running_s, abs=1.0
    )
    assert after.running_s - before.running_s >= 0.05


Deed = tuple[str, int, str, Outcome]
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["wait"] * 6 + ["set", "late", "twice", "ahead", "restart"]),
        st.sampled_from([-86_400, -3600, -100, -3, 1, 20, 20, 60, 60, 400, 3600]),
        st.sampled_from(["ap", "sw"]),
        OUTCOMES,
    ),
    max_size=40,
)


def played(folder: Path, deeds: Sequence[Deed]) -> Machine:
    machine = Machine(folder)
    for deed, seconds, of, outcome in deeds:
        if deed == "restart":
            machine.stop()
            machine.start()
        elif deed == "set":
            machine.set_clock(seconds)
        else:
            machine.wait(abs(seconds) % 500)
        if deed == "twice":
            machine.look(outcome, of=of)
        age_s = {"late": abs(seconds), "ahead": -abs(seconds)}.get(deed, 0)
        machine.look(outcome, of=of, age_s=age_s)
    machine.stop()
    return machine


@settings(max_examples=80, deadline=None)
@given(deeds=DEEDS)
def test_whatever_clocks_do_runs_stay_ordered_disjoint_and_at_most_one_open(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[Deed]
) -> None:
    folder = tmp_path_factory.mktemp("clocks")
    played(folder, deeds)
    by_device: dict[str, list[StoredRun]] = {}
    for run in stored_runs(folder):
        by_device.setdefault(run.device_id, []).append(run)
    for runs in by_device.values():
        assert all(run.end_s is None or run.start_s < run.end_s for run in runs)
        assert all(run.end_s is not None for run in runs[:-1]) and runs[-1].end_s is None
        assert all(before.end_s == after.start_s for before, after in pairwise(runs))


@settings(max_examples=60, deadline=None)
@given(deeds=DEEDS, again=st.sets(st.integers(0, 40)))
def test_looks_delivered_twice_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[Deed], again: set[int]
) -> None:
    once, twice = tmp_path_factory.mktemp("once"), tmp_path_factory.mktemp("twice")
    calm = [("wait" if each[0] == "twice" else each[0], *each[1:]) for each in deeds]
    doubled = [
        ("twice" if number in again and deed[0] == "wait" else deed[0], *deed[1:])
        for number, deed in enumerate(calm)
    ]
    played(once, calm)
    played(twice, doubled)
    assert stored_runs(twice) == stored_runs(once)


@settings(max_examples=60, deadline=None)
@given(
    outcomes=st.lists(OUTCOMES, min_size=3, max_size=12),
    step_s=st.sampled_from([-86_400, -3600, -100, -3]),
    of=st.integers(1, 5),
)
def test_three_failed_looks_are_down_wherever_the_clock_is_set_back(
    tmp_path_factory: pytest.TempPathFactory, outcomes: list[Outcome], step_s: int, of: int
) -> None:
    machine = Machine(tmp_path_factory.mktemp("back"))
    machine.watch(*outcomes)
    machine.set_clock(step_s)
    machine.watch(*[Outcome.TIMEOUT] * (2 + of))
    machine.stop()
    assert machine.runs()[-1][2] is Status.DOWN


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(8)), outcomes=st.lists(OUTCOMES, min_size=8, max_size=8))
def test_shuffled_looks_of_one_check_count_where_they_are_newer_than_all_before(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], outcomes: list[Outcome]
) -> None:
    shuffled, forward = tmp_path_factory.mktemp("shuffled"), tmp_path_factory.mktemp("forward")
    newer = [place for number, place in enumerate(order) if place >= max(order[: number + 1])]
    for folder, places in ((shuffled, order), (forward, newer)):
        machine = Machine(folder)
        machine.wait(HOUR_S)
        for place in places:
            machine.look(outcomes[place], age_s=HOUR_S - 60 * place)
        machine.stop()
    assert stored_runs(shuffled) == stored_runs(forward)
