"""What may be forgotten is, what anything is computed from never; and the log stays small."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Inventory, Place
from netmon.domain.sight import SIGHT
from netmon.domain.sightings import Stranger
from netmon.domain.state import Policy
from netmon.scheduler.housekeeping import Housekeeping
from netmon.scheduler.judge import Judge
from netmon.storage import retention
from netmon.storage.connection import LOG_KEPT_BYTES
from netmon.storage.desk import DeskReader, DeskWriter
from netmon.storage.inbox import InboxReader
from netmon.storage.record import RecordReader, RecordWriter
from tests.runs import stored_runs
from tests.storage.stories import BothStories, DeskStory, RecordStory
from tests.waiting import wait_for

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POLICY = Policy(interval_s=60, retry_interval_s=20)
OUTCOMES = [Outcome.OK, Outcome.TIMEOUT, Outcome.AUTH]


def look(device: str, at: datetime, outcome: Outcome = Outcome.OK) -> Observation:
    values = (Measurement("stations", 3.0),) if outcome is Outcome.OK else ()
    return Observation(device, "snmp", at, outcome, values, "a word")


def later(days: float) -> datetime:
    return START + timedelta(days=days)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[RecordWriter]:
    with closing(RecordWriter(tmp_path, origin="real")) as writer:
        yield writer


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskWriter]:
    with closing(DeskWriter(tmp_path, origin="real")) as writer:
        yield writer


def judged(record: RecordWriter, *looks: Observation) -> None:
    judge = Judge(record)
    for each in looks:
        judge.hear(each, POLICY)
    judge.keep()


def rows(store: RecordWriter | DeskWriter, table: str) -> list[tuple[Any, ...]]:
    return list(store._db.execute(f"SELECT * FROM {table}"))  # noqa: S608 - our own names


@pytest.mark.parametrize(("days", "is_kept"), [(89.9, True), (90.1, False)])
def test_values_of_what_is_looked_at_no_more_go_after_90_days(
    tmp_path: Path, record: RecordWriter, days: float, *, is_kept: bool
) -> None:
    judged(record, look("retired", START), look("here", later(days)))
    assert record.tidy(epoch_s(later(days))) == (0 if is_kept else 1)
    with closing(RecordReader(tmp_path)) as reader:
        newest = {each.observation.target: each.observation for each in reader.latest()}
    assert newest["here"] == look("here", later(days))
    assert newest["retired"].at == START and newest["retired"].outcome is Outcome.OK
    assert bool(newest["retired"].measurements) == bool(newest["retired"].detail) == is_kept
    assert {run.device_id for run in stored_runs(tmp_path)} == {"retired", "here"}


@settings(max_examples=30, deadline=None)
@given(
    first=st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=8),
    second=st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=8),
)
def test_a_device_that_comes_back_has_the_runs_that_it_would_have_had(
    tmp_path_factory: pytest.TempPathFactory, first: list[Outcome], second: list[Outcome]
) -> None:
    """Forgetting changes no run, not even the one that was open when the device was retired."""
    found = []
    for is_tidied in (False, True):
        folder = tmp_path_factory.mktemp("record")
        with closing(RecordWriter(folder, origin="real")) as record:
            for begin, outcomes in ((START, first), (later(200), second)):
                looks = [
                    look("ap-1", begin + timedelta(seconds=20 * n), outcome)
                    for n, outcome in enumerate(outcomes)
                ]
                judged(record, *looks)
                if is_tidied:
                    record.tidy(epoch_s(later(150)))
        found.append(stored_runs(folder))
    assert found[0] == found[1]


def test_strangers_go_90_days_after_the_last_good_look_of_their_source(
    tmp_path: Path, record: RecordWriter
) -> None:
    sees = {
        source: [Stranger(source, "stranger", None, None, START)]
        for source in ("here", "retired", "dead", "dying")
    }
    judged(record, *(look(source, START) for source in sees))
    record.write([], sees)
    now = later(100)
    for source, since in (("dead", later(1)), ("dying", later(11))):
        instants = [since - timedelta(minutes=1), since, now - timedelta(minutes=1), now]
        instants[2:2] = [since + n * timedelta(seconds=20) for n in (1, 2, 3)]
        broken = [look(source, at, Outcome.TIMEOUT) for at in instants[1:]]
        judged(record, look(source, instants[0]), *broken)
    judged(record, look("here", now))
    assert record.tidy(epoch_s(later(89))) == 0
    assert record.tidy(epoch_s(now)) == 2 + 1, "and the values of the retired one"
    with closing(RecordReader(tmp_path)) as reader:
        assert [each.source for each in reader.strangers()] == ["dying", "here"]


def test_opening_years_long_past_go_and_can_be_had_again(tmp_path: Path, desk: DeskWriter) -> None:
    desk.keep_opening_years({("a rule", year): [(year, year + 1)] for year in range(2020, 2028)})
    desk.tidy(epoch_s(START))
    with closing(DeskReader(tmp_path)) as reader:
        assert [year for _, year in reader.opening_years()] == [2023, 2024, 2025, 2026, 2027]


def test_when_a_computer_was_on_is_forgotten_after_heartbeats_were_switched_off(
    tmp_path: Path,
) -> None:
    story = DeskStory(tmp_path)
    story.tell(1)
    beats_s = rows(story._writer, "heartbeat_instant")[0][1]
    story._writer.tidy(beats_s + 86_400)
    assert len(rows(story._writer, "heartbeat_instant")) == 1
    assert rows(story._writer, "heartbeat_nonce") == []
    story._writer.tidy(beats_s + 86_400 + 601)
    assert rows(story._writer, "heartbeat_instant") == []
    story.close()


KEPT = {
    DeskStory: ("inventory_revision", "announcement", "heartbeat", "meta"),
    RecordStory: ("run", "meta"),
}


@pytest.mark.parametrize("years", [0, 1, 30])
def test_runs_revisions_and_announcements_are_never_forgotten(tmp_path: Path, years: int) -> None:
    """Nor is anything lost for good by a clock that was wrong for a while."""
    story = BothStories(tmp_path)
    for chapter in range(6):
        story.tell(chapter)
    before = {
        (each._writer, table): rows(each._writer, table)
        for each in story._stories
        for table in KEPT[type(each)]
    }
    assert all(before[store, table] or table == "announcement" for store, table in before)
    for each in story._stories:
        each._writer.tidy(epoch_s(START + timedelta(days=366 * years)))
    assert all(rows(*key) == found for key, found in before.items())
    story.close()


def test_a_store_that_cannot_be_written_is_tidied_another_time(
    tmp_path: Path, record: RecordWriter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    judged(record, look("retired", START))
    record._db.set_busy_timeout(0)
    with closing(apsw.Connection(str(tmp_path / "record.db"))) as other:
        other.execute("BEGIN IMMEDIATE")
        assert record.tidy(epoch_s(later(100))) == 0
        other.execute("ROLLBACK")
    assert "store=record.db not tidied, next time: database is locked" in caplog.text
    assert record.tidy(epoch_s(later(100))) == 1


def test_tidying_and_writing_take_turns(tmp_path: Path) -> None:
    """Housekeeping has a thread of its own, and both write by one connection."""
    story, house = BothStories(tmp_path), Housekeeping()
    turns: list[int] = []
    for each in story._stories:
        house.every(0.01, type(each).__name__, tidying(each, turns))
    house.start()
    told = 0

    def is_enough() -> bool:
        nonlocal told
        story.tell(told)
        told += 1
        return len(turns) > 20 and told > 20

    wait_for(is_enough, within_s=30, what="twenty turns of both")
    house.stop()
    story.close()
    assert BothStories.told(tmp_path) == told


def tidying(story: RecordStory | DeskStory, turns: list[int]) -> Callable[[], None]:
    return lambda: turns.append(story._writer.tidy(epoch_s(START)))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "record.db-wal"


def filled(record: RecordWriter, log: Path, size_bytes: int) -> None:
    """Write until the log is so long."""
    for turn in itertools.count():
        if log.stat().st_size > size_bytes:
            return
        record.keep_vitals({f"value_{n}": float(turn) for n in range(20_000)})


def test_a_log_that_a_reader_held_is_told_once_and_cut_back_when_it_is_gone(
    tmp_path: Path,
    record: RecordWriter,
    log: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention, "LOG_ALARM_BYTES", 2 * LOG_KEPT_BYTES)
    with closing(apsw.Connection(str(tmp_path / "record.db"))) as forgetful:
        forgetful.execute("BEGIN")
        forgetful.execute("SELECT * FROM run").fetchall()
        filled(record, log, 2 * LOG_KEPT_BYTES)
        for _ in range(3):
            record.tidy(epoch_s(START))
        assert log.stat().st_size > 2 * LOG_KEPT_BYTES
    told = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert len(told) == 1 and "record.db log: expected under 16 MB, found" in told[0]
    record.tidy(epoch_s(START))
    judged(record, look("ap-1", later(1)))
    assert log.stat().st_size <= LOG_KEPT_BYTES
    record.tidy(epoch_s(START))
    filled(record, log, 0)
    assert len([each for each in caplog.records if each.levelname == "ERROR"]) == 1


def test_an_idle_store_has_nothing_left_in_its_log(tmp_path: Path, record: RecordWriter) -> None:
    """What a start after a crash has to read is then nothing."""
    judged(record, look("ap-1", START))
    record.tidy(epoch_s(START))
    assert record._db.wal_checkpoint() == (n := record._db.wal_checkpoint()[0], n)
    copy = tmp_path / "copy.db"
    copy.write_bytes((tmp_path / "record.db").read_bytes())
    with closing(apsw.Connection(str(copy))) as db:
        assert db.execute("SELECT count(*) FROM run").get == 1


def test_no_reader_keeps_a_transaction_open(tmp_path: Path) -> None:
    story = BothStories(tmp_path)
    for chapter in range(4):
        story.tell(chapter)
    story._stories[0]._writer.import_inventory(
        Inventory((Place("p", "P", is_street=False, lon=None, lat=None),), ()), 9
    )
    now_s = epoch_s(START)
    asked: dict[Any, list[tuple[str, tuple[object, ...]]]] = {
        RecordReader: [
            ("runs_between", (0, now_s)),
            ("runs_since_last_up", (now_s,)),
            ("broken_since", (0,)),
            ("standing", (SIGHT,)),
            ("runs_of_check", (SIGHT, 0)),
            ("past", (now_s,)),
        ],
        DeskReader: [("scenario", ("0123abcd",))],
        InboxReader: [("newest", ("pc-1",)), ("instants", ("pc-1",))],
    }
    for kind, with_arguments in asked.items():
        named = dict(with_arguments)
        with closing(kind(tmp_path)) as reader:
            for name in public(kind):
                getattr(reader, name)(*named.get(name, ()))
                assert reader._db.txn_state("main") == apsw.SQLITE_TXN_NONE, name
    story.close()


def public(kind: type) -> list[str]:
    return [name for name in vars(kind) if not name.startswith("_") and name != "close"]


def test_a_reader_that_stops_half_way_lets_go(tmp_path: Path) -> None:
    story = RecordStory(tmp_path)
    story.tell(0)
    story._writer._db.execute("UPDATE latest SET measurements = 'no JSON'")
    with closing(RecordReader(tmp_path)) as reader:
        failed = threading.Event()
        try:
            reader.latest()
        except ValueError:
            failed.set()
        assert failed.is_set()
        assert reader._db.txn_state("main") == apsw.SQLITE_TXN_NONE
    story.close()
