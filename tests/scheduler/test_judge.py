"""The judge against the real record: who is hurried, what is kept, what a restart changes."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.model import Device, DeviceKind, Status
from netmon.domain.state import Policy, Run
from netmon.scheduler.judge import Judge
from netmon.storage.record import RecordReader, RecordWriter, Step, Strangers
from tests.runs import StoredRun, stored_runs

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BASE_S = int(START.timestamp())
POLICY = Policy(interval_s=60, retry_interval_s=20)
OUTCOMES = st.sampled_from([Outcome.OK, Outcome.OK, Outcome.TIMEOUT, Outcome.AUTH, Outcome.TLS])


def device(key: str, *parents: str) -> Device:
    return Device(key, DeviceKind.ACCESS_POINT, key, "bruul", "127.0.0.1", parents=parents)


NETWORK = [
    device("gw"),
    device("sw", "gw"),
    device("ap-1", "sw"),
    device("ap-2", "sw"),
    device("ap-3", "sw", "gw"),
]


def look(second: float, outcome: Outcome = Outcome.OK, of: str = "sw") -> Observation:
    return Observation(of, "icmp", START + timedelta(seconds=second), outcome)


def stored(folder: Path) -> list[StoredRun]:
    return [
        run._replace(
            start_s=run.start_s - BASE_S, end_s=None if run.end_s is None else run.end_s - BASE_S
        )
        for run in stored_runs(folder)
    ]


def statuses(folder: Path) -> list[tuple[int, int | None, Status]]:
    return [(run.start_s, run.end_s, run.status) for run in stored(folder)]


def judged(folder: Path, looks: Sequence[Observation], *, batch: int = 1) -> None:
    """Judge looks in one process that keeps every `batch` of them."""
    writer = RecordWriter(folder, origin="real")
    judge = Judge(writer)
    for number, each in enumerate(looks, 1):
        judge.hear(each, POLICY)
        if number % batch == 0:
            judge.keep()
    judge.keep()
    writer.close()


@dataclass
class Remembering:
    """The real record behind a disk that is full for the first few writes."""

    record: RecordWriter
    full_for: int = 0
    written: list[Step] = field(default_factory=list)

    def write(self, steps: list[Step], strangers: Strangers) -> None:
        if self.full_for:
            self.full_for -= 1
            raise apsw.FullError("database or disk is full")
        self.record.write(steps, strangers)
        self.written += steps

    def open_runs(self) -> dict[tuple[str, str], Run]:
        return self.record.open_runs()

    def blinded_while_down(self) -> set[tuple[str, str]]:
        return self.record.blinded_while_down()

    def sources(self) -> dict[str, str]:
        return self.record.sources()

    def keep_vitals(self, vitals: Mapping[str, float]) -> None:
        self.record.keep_vitals(vitals)


@pytest.fixture
def judge(tmp_path: Path) -> Iterator[Judge]:
    writer = RecordWriter(tmp_path, origin="real")
    judge = Judge(writer)
    judge.know(NETWORK)
    yield judge
    writer.close()


def test_what_the_judge_holds_is_what_another_process_would_read(judge: Judge) -> None:
    """In whole seconds, as the record has them: or a restart would change a share."""
    for second, outcome in ((0.7, Outcome.OK), (60.9, Outcome.TIMEOUT), (81.2, Outcome.OK)):
        judge.hear(look(second, outcome), POLICY)
        judge.keep()
        assert judge._runs == judge._memory.open_runs()


def test_a_child_that_begins_to_fail_hurries_its_parents(judge: Judge) -> None:
    judge.hear(look(0, of="ap-3"), POLICY)
    soft = judge.hear(look(60, Outcome.TIMEOUT, of="ap-3"), POLICY)
    assert soft.hurry == {"sw", "gw"}
    assert soft.wait_s == POLICY.retry_interval_s


def test_parents_are_hurried_again_only_when_the_failure_is_sure(judge: Judge) -> None:
    looks = [look(0), *(look(second, Outcome.TIMEOUT) for second in (60, 80, 100, 160))]
    hurried = [judge.hear(each, POLICY).hurry for each in looks]
    assert hurried == [set(), {"gw"}, set(), {"gw"}, set()]


def test_a_first_look_that_fails_hurries_the_parents(judge: Judge) -> None:
    assert judge.hear(look(0, Outcome.TIMEOUT), POLICY).hurry == {"gw"}


@pytest.mark.parametrize("recovery", [Outcome.OK, Outcome.AUTH], ids=["up", "degraded"])
def test_children_are_hurried_once_the_parent_surely_carries_again(
    judge: Judge, recovery: Outcome
) -> None:
    """A parent that is only degraded carries its children as one that is up does."""
    for second in (0, 20, 40):
        judge.hear(look(second, Outcome.TIMEOUT), POLICY)
    assert judge.hear(look(100, recovery), POLICY).hurry == set()
    assert judge.hear(look(120, recovery), POLICY).hurry == {"ap-1", "ap-2", "ap-3"}


def test_an_unknown_device_hurries_nobody(judge: Judge) -> None:
    """A look at a device that was removed meanwhile is judged like any other."""
    assert judge.hear(look(0, Outcome.TIMEOUT, of="gone"), POLICY).hurry == set()


def test_dead_devices_are_asked_less_often_and_again_at_once_when_they_answer(
    judge: Judge,
) -> None:
    waits = [judge.hear(look(second, Outcome.TIMEOUT), POLICY).wait_s for second in (0, 20, 40)]
    later = range(100, 341, 60)
    waits += [judge.hear(look(second, Outcome.TIMEOUT), POLICY).wait_s for second in later]
    assert waits == [20, 20, 60, 60, 60, 60, 60, 300]
    assert judge.hear(look(640), POLICY).wait_s == 20
    assert judge.hear(look(660), POLICY).wait_s == 60


def test_observations_become_runs_dated_at_the_first_contrary_look(tmp_path: Path) -> None:
    bad = [look(second, Outcome.TIMEOUT) for second in (120, 140, 160)]
    judged(tmp_path, [look(0), look(60), *bad, look(220), look(240)])
    assert statuses(tmp_path) == [
        (0, 120, Status.UP),
        (120, 220, Status.DOWN),
        (220, None, Status.UP),
    ]


def test_one_lost_answer_leaves_no_trace_in_the_record(tmp_path: Path) -> None:
    judged(tmp_path, [look(0), look(60, Outcome.TIMEOUT), look(80), look(100)])
    assert statuses(tmp_path) == [(0, None, Status.UP)]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_gap_is_unknown_from_the_last_proof_to_the_first_look(
    tmp_path: Path, processes: int
) -> None:
    """Switched off for an hour: known for 2.5 intervals, then nothing until the next look."""
    looks = [look(0), look(60), look(3660), look(3720)]
    if processes == 2:
        judged(tmp_path, looks[:2])
        judged(tmp_path, looks[2:])
    else:
        judged(tmp_path, looks)
    assert statuses(tmp_path) == [
        (0, 210, Status.UP),
        (210, 3660, Status.UNKNOWN),
        (3660, None, Status.UP),
    ]


def test_a_failure_after_a_gap_is_not_dated_into_the_silence(tmp_path: Path) -> None:
    judged(tmp_path, [look(0), look(3600, Outcome.TIMEOUT)])
    judged(tmp_path, [look(second, Outcome.TIMEOUT) for second in (3620, 3640)])
    assert statuses(tmp_path) == [
        (0, 150, Status.UP),
        (150, 3600, Status.UNKNOWN),
        (3600, None, Status.DOWN),
    ]


STORIES = st.lists(
    st.tuples(
        st.sampled_from(["sw", "ap-1"]), st.sampled_from([-30, 0, 1, 20, 60, 60, 400]), OUTCOMES
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(story=STORIES, restarts=st.sets(st.integers(0, 30)))
def test_restarts_in_between_change_no_run(
    tmp_path_factory: pytest.TempPathFactory,
    story: list[tuple[str, int, Outcome]],
    restarts: set[int],
) -> None:
    """Every stop and start reads back what the process knew, clocks set back included."""
    looks, second = [], 0
    for of, passed, outcome in story:
        second += passed
        looks.append(look(second, outcome, of))
    whole, split = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("split")
    judged(whole, looks)
    edges = [0, *sorted(edge for edge in restarts if edge < len(looks)), len(looks)]
    for start, end in pairwise(edges):
        judged(split, looks[start:end], batch=7)
    assert stored(split) == stored(whole)


def test_a_clock_set_back_does_not_age_the_newest_look(tmp_path: Path) -> None:
    judged(tmp_path, [look(0), look(60), look(30, Outcome.TIMEOUT)])
    reader = RecordReader(tmp_path)
    (newest,) = reader.latest()
    reader.close()
    assert newest.observation == look(60)


def test_fractions_of_a_second_never_reach_the_record(tmp_path: Path) -> None:
    judged(tmp_path, [look(0.9), *(look(second, Outcome.TIMEOUT) for second in (60.4, 80.6, 101))])
    assert statuses(tmp_path) == [(0, 60, Status.UP), (60, None, Status.DOWN)]


@settings(max_examples=40, deadline=None)
@given(
    outcomes=st.lists(OUTCOMES, min_size=1, max_size=30),
    full_for=st.integers(1, 10),
    batch=st.integers(1, 5),
)
def test_a_full_disk_loses_nothing_and_keeps_the_order(
    tmp_path_factory: pytest.TempPathFactory, outcomes: list[Outcome], full_for: int, batch: int
) -> None:
    looks = [look(20 * number, outcome) for number, outcome in enumerate(outcomes)]
    folder, calm = tmp_path_factory.mktemp("full"), tmp_path_factory.mktemp("calm")
    record = RecordWriter(folder, origin="real")
    memory = Remembering(record, full_for)
    judge = Judge(memory)
    for number, each in enumerate(looks, 1):
        judge.hear(each, POLICY)
        if number % batch == 0:
            try:
                judge.keep()
            except apsw.FullError:
                assert 1 <= judge.waiting <= number
    memory.full_for = 0
    judge.keep()
    assert judge.waiting == 0
    written = [each.observation for each in memory.written if each.observation]
    assert written == [each for each in looks if each in written]
    assert written[-1] == looks[-1]
    record.close()
    judged(calm, looks)
    assert stored(folder) == stored(calm)


def test_waiting_for_a_full_disk_takes_as_much_memory_as_there_is_news(tmp_path: Path) -> None:
    record = RecordWriter(tmp_path, origin="real")
    judge = Judge(Remembering(record, full_for=500))
    for number in range(500):
        for device_id in ("ap-1", "ap-2"):
            outcome = Outcome.TIMEOUT if number == 250 and device_id == "ap-1" else Outcome.OK
            judge.hear(look(60 * number, outcome, of=device_id), POLICY)
        with pytest.raises(apsw.FullError):
            judge.keep()
        assert judge.waiting <= 4
    judge.keep()
    record.close()
    assert [run.status for run in stored(tmp_path)] == [Status.UP, Status.UP]


def test_a_record_at_its_real_limit_refuses_whole_batches_and_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    """SQLite itself says that the file may not grow; what was heard meanwhile waits."""
    record = RecordWriter(tmp_path, origin="real")
    judge = Judge(record)
    record._db.pragma("max_page_count", record._db.pragma("page_count"))
    looks = [
        Observation(f"ap-{n:03d}", "icmp", START, Outcome.OK, (Measurement("rtt_s", 0.1),))
        for n in range(500)
    ]
    for each in looks:
        judge.hear(each, POLICY)
    for _ in range(3):
        with pytest.raises(apsw.FullError):
            judge.keep()
        assert judge.waiting == 500
    assert stored(tmp_path) == []
    record._db.pragma("max_page_count", 2**30)
    assert judge.keep() == 500
    record.close()
    assert [run.device_id for run in stored(tmp_path)] == [each.target for each in looks]


LIMITED = """
import resource, sys
from pathlib import Path
import apsw
from netmon.scheduler.judge import Judge
from netmon.storage.record import RecordWriter
from tests.scheduler.test_judge import POLICY, look
record = RecordWriter(Path(sys.argv[1]), origin="real")
judge = Judge(record)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
log_bytes = Path(sys.argv[1], "record.db-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (log_bytes + 100, hard))
for second in range(3):
    judge.hear(look(60 * second), POLICY)
    try:
        judge.keep()
        print("kept")
    except (apsw.FullError, apsw.IOError) as error:
        print("refused", judge.waiting)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print("kept", judge.keep())
record.close()
"""


def test_a_commit_that_the_kernel_refuses_leaves_the_record_fit_to_go_on(tmp_path: Path) -> None:
    """The log may not grow (RLIMIT_FSIZE), so COMMIT itself fails; then there is room again."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["refused 1", "refused 2", "refused 2", "kept 2"]
    assert statuses(tmp_path) == [(0, None, Status.UP)]


@pytest.mark.parametrize(("is_expected", "level"), [(False, "WARNING"), (True, "INFO")])
def test_a_computer_that_goes_off_with_its_site_is_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, is_expected: bool, level: str
) -> None:
    caplog.set_level("DEBUG")
    writer = RecordWriter(tmp_path, origin="real")
    judge = Judge(writer, may_be_silent=lambda *_: is_expected)
    for second, outcome in enumerate([Outcome.OK, *[Outcome.TIMEOUT] * 3]):
        judge.hear(look(20 * second, outcome), POLICY)
    writer.close()
    (told,) = [each for each in caplog.records if "to=down" in each.getMessage()]
    assert told.levelname == level
