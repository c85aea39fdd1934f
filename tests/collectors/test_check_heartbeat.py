"""The check on heartbeats: a beat speaks at its own instant, silence only where one listened."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from collectors.base import CannotAskError
from collectors.checks.heartbeat import CHECK, INBOX, Params, observe
from collectors.inbox import Beat, Listening, NoVerdictError
from collectors.observation import Measurement, Observation, Outcome
from collectors.registry import all_checks
from collectors.target import Target
from netmon.domain.heartbeat import Heartbeat
from netmon.domain.intervals import epoch_s
from netmon.domain.model import UNASKED
from netmon.storage.connection import claim
from netmon.storage.inbox import HEARTBEAT, Arrival, InboxReader, InboxWriter
from tests.beats import clock, legs, written

PC = Target("pc-1", "")


class Post:
    """A real inbox, and beats put into it as the web side does."""

    def __init__(self, writer: InboxWriter) -> None:
        self.writer = writer
        self._count = 0

    def beat(self, ago_s: float, **changes: object) -> datetime:
        at = clock().replace(microsecond=0) - timedelta(seconds=ago_s)
        beat: Heartbeat = HEARTBEAT.validate_json(written(at_s=epoch_s(at), **changes))
        self._count += 1
        self.writer.keep(Arrival("pc-1", str(self._count), epoch_s(at), beat))
        return at

    def listened(self, since_ago_s: float, until_ago_s: float = 0) -> None:
        now_s = epoch_s(clock())
        begun_s, ended_s = now_s - round(since_ago_s), now_s - round(until_ago_s)
        self.writer.begin_listening(begun_s)
        for at_s in (*range(begun_s, ended_s, 50), ended_s):
            self.writer.still_listening(at_s)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    lock, db = claim(tmp_path / "desk.db", origin="real")
    reader = InboxReader(tmp_path)
    INBOX.connect(reader)
    yield Post(InboxWriter(db, threading.Lock()))
    INBOX.connect(None)
    reader.close()
    db.close()
    lock.release()


def look() -> Observation:
    return observe(PC, Params(), 5.0)


def test_it_is_one_of_the_checks_that_wait_to_be_told() -> None:
    assert all_checks()["heartbeat"] is CHECK
    assert CHECK.kind in UNASKED


def test_a_fresh_beat_speaks_at_its_own_instant(post: Post) -> None:
    at = post.beat(ago_s=40)
    seen = look()
    assert (seen.at, seen.outcome, seen.target, seen.detail) == (at, Outcome.OK, "pc-1", "")
    assert Measurement("storage_used_ratio", 0.75, "/") in seen.measurements


def test_looking_twice_at_one_beat_is_one_look(post: Post) -> None:
    post.beat(ago_s=10)
    post.listened(since_ago_s=600)
    assert look() == look()


def test_a_computer_without_a_page_is_told(post: Post) -> None:
    post.beat(ago_s=5, page_s=None, page_failure="timeout")
    seen = look()
    assert (seen.outcome, seen.detail) == (Outcome.CONTENT, "cannot load a page: timeout")


def test_a_probe_before_a_portal_is_told(post: Post) -> None:
    post.beat(ago_s=5, role="probe", page_s=None, service=legs(None, None, None, "captive_portal"))
    seen = look()
    assert seen.outcome is Outcome.CONTENT and seen.detail.startswith("captive_portal")


def test_a_silence_while_somebody_listened_is_a_timeout_now(post: Post) -> None:
    post.beat(ago_s=155)
    post.listened(since_ago_s=600)
    before = clock()
    seen = look()
    assert seen.outcome is Outcome.TIMEOUT and seen.at >= before
    assert seen.detail.startswith("no heartbeat for 15")


@pytest.mark.parametrize("ahead_s", [90, 3600])
def test_a_beat_of_the_future_is_no_proof_once_our_clock_was_set_back(
    post: Post, ahead_s: int
) -> None:
    """Else a computer that died in that hour would look alive until the hour is over."""
    post.beat(ago_s=-ahead_s)
    post.listened(since_ago_s=600)
    with pytest.raises(NoVerdictError, match="clock was set back"):
        look()


def test_a_mark_of_the_future_says_nothing_of_who_listens_now(post: Post) -> None:
    post.beat(ago_s=500)
    post.listened(since_ago_s=600, until_ago_s=-3600)
    with pytest.raises(NoVerdictError, match="nobody has listened"):
        look()


def test_the_senders_own_interval_counts(post: Post) -> None:
    post.beat(ago_s=155, interval_s=300)
    post.listened(since_ago_s=600)
    assert look().outcome is Outcome.OK


@pytest.mark.parametrize(
    ("arrange", "why"),
    [
        (lambda _: None, "nobody has listened"),
        (lambda post: post.listened(600, until_ago_s=90), "nobody has listened"),
        (lambda post: post.listened(100), "nobody has listened"),
    ],
    ids=["never listened", "listens no more", "began to listen just now"],
)
def test_a_silence_that_nobody_listened_to_is_no_verdict(
    post: Post, arrange: Callable[[Post], None], why: str
) -> None:
    post.beat(ago_s=500)
    arrange(post)
    with pytest.raises(NoVerdictError, match=why):
        look()


def test_a_device_that_never_sent_one_is_no_verdict(post: Post) -> None:
    post.listened(since_ago_s=10_000)
    with pytest.raises(NoVerdictError, match="pc-1 has never sent a heartbeat"):
        look()


def test_without_an_inbox_there_is_no_verdict() -> None:
    INBOX.connect(None)
    with pytest.raises(NoVerdictError, match="names no secret"):
        look()


def test_the_scheduler_knows_no_verdict_as_something_that_could_not_be_asked() -> None:
    assert issubclass(NoVerdictError, CannotAskError)


class Memory:
    """A source of plain values, to say every case there is."""

    def __init__(self, beat: Beat, listening: Listening | None) -> None:
        self._beat, self._listening = beat, listening

    def newest(self, device_id: str) -> Beat:
        assert device_id == "pc-1"
        return self._beat

    def listening(self) -> Listening | None:
        return self._listening


@given(
    age_s=st.integers(0, 1000),
    since_s=st.integers(0, 1000),
    until_s=st.integers(0, 1000),
    interval_s=st.integers(1, 300),
)
def test_a_timeout_needs_as_long_a_silence_as_somebody_listened(
    age_s: int, since_s: int, until_s: int, interval_s: int
) -> None:
    now = clock()
    ago = [now - timedelta(seconds=each) for each in (age_s, since_s, min(until_s, since_s))]
    INBOX.connect(Memory(Beat(ago[0], interval_s, Outcome.OK), Listening(ago[1], ago[2])))
    try:
        outcome = look().outcome
    except NoVerdictError:
        outcome = None
    finally:
        INBOX.connect(None)
    patience_s = 2.5 * interval_s
    if outcome is Outcome.TIMEOUT:
        assert age_s >= patience_s - 1 and since_s >= patience_s - 1 and min(until_s, since_s) <= 61
    if age_s <= patience_s - 1:
        assert outcome is Outcome.OK


@pytest.mark.parametrize("value", [1.0, 0, -1, 101, float("nan"), "x"])
def test_an_absurd_patience_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        Params(overdue_intervals=value)
