"""The record keeps runs as the judge turned them, and lets nobody else write."""

import itertools
import os
import signal
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.errors import StoreError
from netmon.domain.model import Status
from netmon.domain.state import Policy, Run, lapse, step
from netmon.storage.connection import open_writer
from netmon.storage.record import RecordReader, RecordWriter, Step
from tests.runs import stored_runs

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POLICY = Policy(interval_s=60, retry_interval_s=20)


def seen(second: int, outcome: Outcome = Outcome.OK, device: str = "ap-1") -> Observation:
    values = (Measurement("stations", 3.0), Measurement("radio_stations", 2.0, "ng"))
    at = START + timedelta(seconds=second)
    return Observation(device, "snmp", at, outcome, values if outcome is Outcome.OK else ())


def steps(observations: list[Observation], run: Run | None = None) -> list[Step]:
    """Fold observations as the judge does."""
    folded = []
    for each in observations:
        edges = []
        if run is not None:
            run, edge = lapse(run, each.at, POLICY)
            edges += [edge] if edge else []
        run, edge = step(run, each, POLICY)
        edges += [edge] if edge else []
        folded.append(Step(each, run, tuple(edges)))
    return folded


def stored(folder: Path) -> list[tuple[int, int | None, Status]]:
    base = int(START.timestamp())
    return [
        (run.start_s - base, None if run.end_s is None else run.end_s - base, run.status)
        for run in stored_runs(folder)
    ]


def test_a_batch_is_read_back_by_another_connection(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path, origin="real")
    writer.write(steps([seen(0), seen(60)]))
    reader = RecordReader(tmp_path)
    (look,) = reader.latest()
    assert look.observation == seen(60)
    assert look.recent == ()
    assert stored(tmp_path) == [(0, None, Status.UP)]
    reader.close()
    writer.close()


def test_a_failure_is_dated_at_its_first_look_and_survives_reopening(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path, origin="real")
    looks = [seen(0), seen(60, Outcome.TIMEOUT), seen(80, Outcome.TIMEOUT)]
    writer.write(steps(looks))
    writer.close()
    writer = RecordWriter(tmp_path, origin="real")
    run = writer.open_runs()["ap-1", "snmp"]
    assert [look.at for look in run.recent] == [START + timedelta(seconds=s) for s in (60, 80)]
    writer.write(steps([seen(100, Outcome.TIMEOUT)], run))
    writer.close()
    assert stored(tmp_path) == [(0, 60, Status.UP), (60, None, Status.DOWN)]


def test_a_run_that_would_be_empty_is_replaced(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path, origin="real")
    writer.write(steps([seen(s, Outcome.TIMEOUT) for s in (0, 20, 40)]))
    writer.close()
    assert stored(tmp_path) == [(0, None, Status.DOWN)]


def test_the_database_itself_refuses_a_second_open_run(tmp_path: Path) -> None:
    db = open_writer(tmp_path / "record.db", origin="real")
    insert = "INSERT INTO run VALUES ('ap-1', 'snmp', ?, NULL, 'up', 1, '')"
    db.execute(insert, (1,))
    with pytest.raises(apsw.ConstraintError):
        db.execute(insert, (2,))
    db.close()


@pytest.mark.parametrize("status", ["unreachable", "maintenance", "expected_off", "fine"])
def test_the_database_refuses_an_overlay_as_a_recorded_status(tmp_path: Path, status: str) -> None:
    db = open_writer(tmp_path / "record.db", origin="real")
    with pytest.raises(apsw.ConstraintError):
        db.execute("INSERT INTO run VALUES ('ap-1', 'snmp', 1, NULL, ?, 1, '')", (status,))
    db.close()


def test_a_second_writer_refuses_to_start(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path, origin="real")
    with pytest.raises(StoreError, match="another netmon"):
        RecordWriter(tmp_path, origin="real")
    writer.close()
    RecordWriter(tmp_path, origin="real").close()


def test_demo_and_real_data_never_share_a_store(tmp_path: Path) -> None:
    RecordWriter(tmp_path, origin="demo").close()
    with pytest.raises(StoreError, match="origin: expected real, found demo"):
        RecordWriter(tmp_path, origin="real")


def test_a_store_from_a_newer_netmon_is_refused(tmp_path: Path) -> None:
    db = open_writer(tmp_path / "record.db", origin="real")
    db.pragma("user_version", 999)
    db.close()
    with pytest.raises(StoreError, match="schema"):
        RecordWriter(tmp_path, origin="real")


@pytest.mark.parametrize("schema", [1, 999])
def test_a_store_of_another_netmon_is_not_read(tmp_path: Path, schema: int) -> None:
    RecordWriter(tmp_path, origin="real").close()
    with closing(open_writer(tmp_path / "record.db", origin="real")) as db:
        db.pragma("user_version", schema)
    with pytest.raises(StoreError, match=rf"record.db: schema: expected .*\d, found {schema}"):
        RecordReader(tmp_path)


def test_a_store_that_is_just_being_made_is_not_read_yet(tmp_path: Path) -> None:
    (tmp_path / "record.db").touch()
    with pytest.raises(StoreError, match="schema: expected one, found none yet"):
        RecordReader(tmp_path)


def test_the_version_changes_with_every_commit(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path, origin="real")
    reader = RecordReader(tmp_path)
    before = reader.version()
    writer.write(steps([seen(0)]))
    assert reader.version() != before
    reader.close()
    writer.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    RecordWriter(tmp_path, origin="real").close()
    reader = RecordReader(tmp_path)
    with pytest.raises(apsw.ReadOnlyError):
        reader._db.execute("DELETE FROM run")
    reader.close()


def test_what_was_broken_long_ago_comes_with_its_beginning(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path, origin="real")
    bad = [seen(s, Outcome.TIMEOUT) for s in (60, 80, 100)]
    degraded = [seen(s, Outcome.AUTH) for s in (200, 220)]
    writer.write(steps([seen(0), *bad, *degraded]))
    writer.close()
    reader = RecordReader(tmp_path)
    late_s = int(START.timestamp()) + 210
    statuses = [span.status for span in reader.runs_since_last_up(late_s)["ap-1", "snmp"]]
    reader.close()
    assert statuses == [Status.UP, Status.DOWN, Status.DEGRADED]


@given(st.lists(st.sampled_from([Outcome.OK, Outcome.TIMEOUT, Outcome.AUTH]), max_size=40))
def test_stored_runs_touch_each_other_and_one_is_open(
    tmp_path_factory: pytest.TempPathFactory, outcomes: list[Outcome]
) -> None:
    folder = tmp_path_factory.mktemp("record")
    writer = RecordWriter(folder, origin="real")
    writer.write(steps([seen(20 * n, outcome) for n, outcome in enumerate(outcomes)]))
    writer.close()
    runs = stored(folder)
    assert sum(end is None for _, end, _ in runs) == min(1, len(outcomes))
    assert all(left[1] == right[0] for left, right in itertools.pairwise(runs))
    assert all(left[2] != right[2] for left, right in itertools.pairwise(runs))


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_record import seen, steps
from netmon.storage.record import RecordWriter
writer = RecordWriter(Path(sys.argv[1]), origin="real")
n = 0
while True:
    batch = [seen(n, device=f"ap-{k}") for k in range(50)]
    writer.write([step for each in batch for step in steps([each])])
    print(n, flush=True)
    n += 1
"""


def test_an_acknowledged_batch_survives_kill_9(tmp_path: Path) -> None:
    """Each acknowledged batch is whole in the store after SIGKILL in mid-writing."""
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), str(Path(__file__).parent)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(20)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout.read().split()]
        process.wait()
        process.stdout.close()
        reader = RecordReader(tmp_path)
        newest = {int((look.observation.at - START).total_seconds()) for look in reader.latest()}
        reader.close()
        assert len(newest) == 1, "a batch is all there or not at all"
        assert newest.pop() >= acknowledged[-1]
        for file in tmp_path.iterdir():
            file.unlink()
