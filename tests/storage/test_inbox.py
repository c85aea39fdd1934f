"""The inbox keeps the newest heartbeat, counts none twice, and remembers who listened."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.inbox import Listening
from collectors.observation import Outcome
from netmon.domain.heartbeat import KEPT_S, NONCE_KEPT_S
from netmon.domain.intervals import instant
from netmon.storage.connection import claim
from netmon.storage.desk import DeskReader
from netmon.storage.inbox import HEARTBEAT, Arrival, InboxReader, InboxWriter, NotKeptError, Receipt
from tests.beats import NOW_S, written


def arrival(
    at_s: int = NOW_S, nonce: str = "n", received_s: int | None = None, device_id: str = "pc-1"
) -> Arrival:
    beat = HEARTBEAT.validate_json(written(at_s=at_s))
    return Arrival(device_id, nonce, at_s if received_s is None else received_s, beat)


class Inbox:
    """Both sides of one inbox in a folder."""

    def __init__(self, folder: Path) -> None:
        self.lock, self.db = claim(folder / "desk.db", origin="real")
        self.writer = InboxWriter(self.db, threading.Lock())
        self.reader = InboxReader(folder)

    def close(self) -> None:
        self.reader.close()
        self.db.close()
        self.lock.release()


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    made = Inbox(tmp_path)
    yield made
    made.close()


def test_a_heartbeat_is_read_back_as_what_it_means(inbox: Inbox) -> None:
    assert inbox.writer.keep(arrival()) is Receipt.NEW
    beat = inbox.reader.newest("pc-1")
    assert beat is not None
    assert (beat.at, beat.interval_s, beat.outcome) == (instant(NOW_S), 60.0, Outcome.OK)
    assert {each.name for each in beat.measurements} >= {"page_s", "storage_used_ratio"}


def test_of_a_device_that_never_sent_one_there_is_none(inbox: Inbox) -> None:
    inbox.writer.keep(arrival())
    assert inbox.reader.newest("pc-2") is None


def test_the_same_beat_with_another_nonce_counts_once(inbox: Inbox) -> None:
    assert inbox.writer.keep(arrival(nonce="a")) is Receipt.NEW
    assert inbox.writer.keep(arrival(nonce="b")) is Receipt.AGAIN
    assert inbox.reader.instants("pc-1") == [NOW_S]


def test_a_nonce_is_taken_once_by_each_device(inbox: Inbox) -> None:
    assert inbox.writer.keep(arrival()) is Receipt.NEW
    assert inbox.writer.keep(arrival(at_s=NOW_S + 60)) is Receipt.REPLAYED
    assert inbox.reader.instants("pc-1") == [NOW_S]
    assert inbox.writer.keep(arrival(device_id="pc-2")) is Receipt.NEW


@pytest.mark.parametrize(
    ("later_s", "receipt"),
    [(NONCE_KEPT_S, Receipt.REPLAYED), (NONCE_KEPT_S + 1, Receipt.NEW)],
)
def test_a_nonce_is_remembered_for_as_long_as_it_could_be_replayed(
    inbox: Inbox, later_s: int, receipt: Receipt
) -> None:
    inbox.writer.keep(arrival())
    again = inbox.writer.keep(arrival(at_s=NOW_S + later_s))
    assert again is receipt


def test_what_waited_in_a_buffer_does_not_replace_what_is_newer(inbox: Inbox) -> None:
    inbox.writer.keep(arrival(NOW_S, "a"))
    assert inbox.writer.keep(arrival(NOW_S - 60, "b", NOW_S + 1)) is Receipt.NEW
    beat = inbox.reader.newest("pc-1")
    assert beat is not None and beat.at == instant(NOW_S)
    assert inbox.reader.instants("pc-1") == [NOW_S - 60, NOW_S]


def test_a_clock_that_runs_ahead_dates_nothing_in_the_future(inbox: Inbox) -> None:
    inbox.writer.keep(arrival(NOW_S + 200, received_s=NOW_S))
    beat = inbox.reader.newest("pc-1")
    assert beat is not None and beat.at == instant(NOW_S)
    inbox.writer.keep(arrival(NOW_S + 60, "once the clock is right", NOW_S + 60))
    beat = inbox.reader.newest("pc-1")
    assert beat is not None and beat.at == instant(NOW_S + 60)


def test_a_day_later_the_instants_are_gone_and_the_newest_beat_is_not(inbox: Inbox) -> None:
    inbox.writer.keep(arrival(NOW_S, "a"))
    inbox.writer.keep(arrival(NOW_S + 60, "b"))
    later_s = NOW_S + 2 * KEPT_S
    inbox.writer.keep(arrival(later_s, "c"))
    assert inbox.reader.instants("pc-1") == [later_s]
    assert inbox.db.execute("SELECT count(*) FROM heartbeat_nonce").get == 1
    assert inbox.db.execute("SELECT count(*) FROM heartbeat").get == 1


def test_of_a_computer_that_is_gone_the_instants_go_too(inbox: Inbox) -> None:
    """Nobody can read from the file when it was on: docs/privacy.md promises a day."""
    inbox.writer.keep(arrival())
    inbox.writer.begin_listening(NOW_S + 60)
    assert inbox.reader.instants("pc-1") == [NOW_S]
    inbox.writer.still_listening(NOW_S + KEPT_S + 2 * 3600)
    assert inbox.reader.instants("pc-1") == []
    assert inbox.db.execute("SELECT count(*) FROM heartbeat_nonce").get == 0


def test_eight_threads_lose_nothing_and_double_nothing(inbox: Inbox) -> None:
    """Waitress answers from several threads, over one connection."""
    # Each beat is sent twice, as an agent does that did not hear the answer.
    todo = [arrival(NOW_S + n, f"{n}-{twice}") for n in range(100) for twice in "ab"]
    random.Random(1).shuffle(todo)  # noqa: S311 - an order, no secret
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(inbox.writer.keep, todo))
    assert (receipts.count(Receipt.NEW), receipts.count(Receipt.AGAIN)) == (100, 100)
    assert inbox.reader.instants("pc-1") == [NOW_S + n for n in range(100)]


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(6)))
def test_whatever_the_order_the_newest_wins(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    inbox = Inbox(tmp_path_factory.mktemp("inbox"))
    try:
        for n in order:
            inbox.writer.keep(arrival(NOW_S + 60 * n, str(n), NOW_S + 600))
        beat = inbox.reader.newest("pc-1")
        assert beat is not None and beat.at == instant(NOW_S + 300)
        assert inbox.reader.instants("pc-1") == [NOW_S + 60 * n for n in range(6)]
    finally:
        inbox.close()


def test_who_listens_leaves_a_mark(inbox: Inbox) -> None:
    assert inbox.reader.listening() is None
    inbox.writer.begin_listening(NOW_S)
    inbox.writer.still_listening(NOW_S + 30)
    assert inbox.reader.listening() == Listening(instant(NOW_S), instant(NOW_S + 30))
    inbox.writer.begin_listening(NOW_S + 500)
    assert inbox.reader.listening() == Listening(instant(NOW_S + 500), instant(NOW_S + 500))


@pytest.mark.parametrize("jump_s", [3600, -3600], ids=["put to sleep", "clock set back"])
def test_who_left_no_mark_for_long_listens_since_the_next_one(inbox: Inbox, jump_s: int) -> None:
    """Beats that were lost while a machine slept must not make computers look dead."""
    inbox.writer.begin_listening(NOW_S)
    inbox.writer.still_listening(NOW_S + 30)
    inbox.writer.still_listening(NOW_S + 30 + jump_s)
    awake = instant(NOW_S + 30 + jump_s)
    assert inbox.reader.listening() == Listening(awake, awake)


def test_once_our_clock_is_set_back_the_next_beat_is_the_newest(inbox: Inbox) -> None:
    inbox.writer.keep(arrival(NOW_S + 3600, "while our clock was wrong"))
    inbox.writer.keep(arrival(NOW_S, "once it is right"))
    beat = inbox.reader.newest("pc-1")
    assert beat is not None and beat.at == instant(NOW_S)


def locked(inbox: Inbox, folder: Path) -> apsw.Connection:
    """Return a connection that holds the desk, as somebody does who looks into it by hand."""
    inbox.db.set_busy_timeout(50)
    other = apsw.Connection(str(folder / "desk.db"))
    other.execute("BEGIN IMMEDIATE")
    return other


def test_what_cannot_be_kept_is_told_once_and_not_acknowledged(
    inbox: Inbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = locked(inbox, tmp_path)
    for _ in range(3):
        with pytest.raises(NotKeptError):
            inbox.writer.keep(arrival())
    other.close()
    assert inbox.writer.keep(arrival()) is Receipt.NEW
    assert len(caplog.records) == 1 and caplog.records[0].exc_info is None


def test_a_full_disk_keeps_all_of_a_beat_or_nothing(inbox: Inbox) -> None:
    inbox.db.pragma("max_page_count", inbox.db.pragma("page_count"))
    kept = 0
    with suppress(NotKeptError):
        for n in range(5000):
            inbox.writer.keep(arrival(NOW_S + n, f"{n:032x}"))
            kept += 1
    assert 0 < kept < 5000
    assert inbox.reader.instants("pc-1") == [NOW_S + n for n in range(kept)]
    inbox.db.pragma("max_page_count", 2**31)
    assert inbox.writer.keep(arrival(NOW_S + kept, f"{kept:032x}")) is Receipt.NEW


def test_a_mark_that_cannot_be_written_ends_nothing_and_is_a_break(
    inbox: Inbox, tmp_path: Path
) -> None:
    """Beats were refused meanwhile: nobody's silence counts until some time after."""
    inbox.writer.begin_listening(NOW_S)
    other = locked(inbox, tmp_path)
    inbox.writer.still_listening(NOW_S + 10)
    other.close()
    inbox.writer.still_listening(NOW_S + 20)
    assert inbox.reader.listening() == Listening(instant(NOW_S + 20), instant(NOW_S + 20))


def test_a_beat_does_not_wait_long_for_one_that_is_stuck(inbox: Inbox, tmp_path: Path) -> None:
    """Eight threads serve the public pages too: a desk that is held must not take them all."""
    other = locked(inbox, tmp_path)
    inbox.db.set_busy_timeout(5000)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        told = [pool.submit(inbox.writer.keep, arrival(nonce=str(n))) for n in range(8)]
        errors = [each.exception() for each in told]
    other.close()
    assert all(isinstance(error, NotKeptError) for error in errors)
    assert time.monotonic() - began < 8


def test_a_desk_of_an_older_netmon_gets_its_inbox(tmp_path: Path) -> None:
    first = (Path(__file__).parents[2] / "netmon/storage/desk/0001_inventory.sql").read_text()
    old = apsw.Connection(str(tmp_path / "desk.db"))
    old.execute(first)
    old.execute("INSERT INTO meta VALUES ('origin', 'real')")
    old.pragma("user_version", 1)
    old.close()
    inbox = Inbox(tmp_path)
    assert inbox.writer.keep(arrival()) is Receipt.NEW
    desk = DeskReader(tmp_path)
    assert desk.origin() == "real" and desk.revisions() == ()
    desk.close()
    inbox.close()


def test_what_is_kept_is_what_the_page_on_privacy_says(inbox: Inbox) -> None:
    """A column more, and docs/privacy.md has to tell its purpose and how long it stays."""
    page = (Path(__file__).parents[2] / "docs/privacy.md").read_text("utf-8")
    tables = inbox.db.execute(
        "SELECT name FROM sqlite_schema WHERE name LIKE 'heartbeat%' AND type = 'table'"
    )
    columns = {
        (table, row[1])
        for (table,) in tables.fetchall()
        for row in inbox.db.execute(f"PRAGMA table_info({table})")
    }
    assert len(columns) == 12
    fields = {("heartbeat.document", name) for name in HEARTBEAT.json_schema()["properties"]}
    for table, name in columns | fields:
        assert f"| `{table}` | `{name}` |" in page, (table, name)


def test_what_a_device_that_is_gone_last_said_is_forgotten(inbox: Inbox, tmp_path: Path) -> None:
    inbox.writer.keep(arrival(nonce="a"))
    inbox.writer.keep(arrival(nonce="b", device_id="pc-2"))
    inbox.writer.forget_others(["pc-2", "pc-3"])
    assert inbox.reader.newest("pc-1") is None
    assert inbox.reader.newest("pc-2") is not None
    holder = locked(inbox, tmp_path)
    inbox.writer.forget_others([])
    holder.close()
    assert inbox.reader.newest("pc-2") is not None
