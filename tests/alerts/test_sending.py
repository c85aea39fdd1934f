"""Channels that hang, refuse and break: each is tried again, and none holds another."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import apsw
import pytest

from netmon.alerts.document import message_text
from netmon.alerts.message import Happening, Message, Undelivered
from netmon.alerts.sending import LEAST_TRIES, LONGEST_WAIT_S, Sending, wait_before
from netmon.storage.outbox import Fate, OutboxReader, Outgoing
from netmon.storage.record import RecordWriter
from tests.alerts.problems import START, problem
from tests.waiting import wait_for

GIVE_UP_S = 3600.0


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class House:
    """An outbox with channels that answer as they are told; what they took is in `taken`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.record = RecordWriter(folder, origin="real")
        self.outbox = self.record.outbox()
        self.answers: dict[str, Callable[[], None]] = {}
        self.taken: list[tuple[str, str]] = []
        self.sending = Sending(self.outbox, self._deliver, self.clock, GIVE_UP_S)

    def _deliver(self, channel: str, message: Message) -> None:
        self.answers.get(channel, lambda: None)()
        self.taken.append((channel, message.key))

    def plan(self, *keys: str, channels: tuple[str, ...] = ("mail",)) -> None:
        told = [
            Message(key, 1, Happening.PROBLEM, "it", channels, self.clock.now, (problem(),))
            for key in keys
        ]
        at_s = int(self.clock.now.timestamp())
        self.outbox.keep("", [_outgoing(m, at_s) for m in told])

    def fates(self) -> list[tuple[Fate, int, str]]:
        with closing(OutboxReader(self.folder)) as reader:
            return [(each.fate, each.attempts, each.reason) for each in reader.deliveries(0)]

    def wake_until(self, fate: Fate, attempts: int) -> None:
        def is_so() -> bool:
            self.sending.wake()
            return any(each[:2] == (fate, attempts) for each in self.fates())

        wait_for(is_so, within_s=10, what=f"{fate} after {attempts}, found {self.fates()}")

    def close(self) -> None:
        self.sending.stop()
        self.record.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with closing(House(tmp_path)) as open_house:
        yield open_house


def refuse(*, is_final: bool = False, retry_after_s: float | None = None) -> Callable[[], None]:
    def answer() -> None:
        raise Undelivered("no answer", is_final=is_final, retry_after_s=retry_after_s)

    return answer


def test_what_is_planned_is_sent_in_order(house: House) -> None:
    house.plan("a", "b", "c")
    house.sending.wake()
    wait_for(lambda: len(house.taken) == 3, within_s=10, what="all three are taken")
    assert house.taken == [("mail", "a"), ("mail", "b"), ("mail", "c")]


def test_a_channel_that_hangs_holds_no_other(house: House) -> None:
    go_on = threading.Event()
    house.answers["mail"] = lambda: (go_on.wait(30), None)[1]
    house.plan("a", channels=("mail", "hook"))
    try:
        house.sending.wake()
        wait_for(lambda: house.taken == [("hook", "a")], within_s=10, what="the other channel")
        house.sending.wake()
        assert house.outbox.channels() == ["mail"]
    finally:
        go_on.set()
    wait_for(lambda: len(house.taken) == 2, within_s=10, what="the one that hung")
    assert house.taken == [("hook", "a"), ("mail", "a")], "it was given it once"


def test_it_is_tried_again_with_longer_and_longer_waits(house: House) -> None:
    house.answers["mail"] = refuse()
    house.plan("a")
    for tries in range(1, 4):
        house.wake_until(Fate.WAITING, tries)
        house.clock.go_on(wait_before(tries) - 1)
        assert house.outbox.due("mail", int(house.clock.now.timestamp())) is None
        house.clock.go_on(1)
    del house.answers["mail"]
    house.wake_until(Fate.DELIVERED, 4)


def test_waits_double_and_end_at_a_quarter_of_an_hour() -> None:
    assert [wait_before(n) for n in (1, 2, 3)] == [10, 20, 40]
    assert wait_before(8) == wait_before(10_000) == LONGEST_WAIT_S


def test_who_asks_for_time_gets_it(house: House) -> None:
    house.answers["mail"] = refuse(retry_after_s=300)
    house.plan("a")
    house.wake_until(Fate.WAITING, 1)
    house.clock.go_on(299)
    assert house.outbox.due("mail", int(house.clock.now.timestamp())) is None


def test_what_is_never_taken_is_given_up_and_told(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.answers["mail"] = refuse()
    house.plan("a")
    with caplog.at_level(logging.WARNING):
        house.clock.go_on(GIVE_UP_S * 30)  # by a clock that jumped: no reason to give up yet
        for tries in range(1, LEAST_TRIES):
            house.wake_until(Fate.WAITING, tries)
            house.clock.go_on(LONGEST_WAIT_S)
        house.wake_until(Fate.FAILED, LEAST_TRIES)
    (line,) = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert "channel=mail" in line and "key=a" in line and "given up: no answer" in line
    assert house.outbox.counts(int(house.clock.now.timestamp())) == (0, 1)


def test_what_is_refused_for_good_is_not_tried_again(house: House) -> None:
    house.answers["mail"] = refuse(is_final=True)
    house.plan("a", "b")
    house.wake_until(Fate.FAILED, 1)
    house.clock.go_on(LONGEST_WAIT_S)
    house.sending.wake()
    house.sending.stop()
    assert {(fate, tries) for fate, tries, _ in house.fates()} == {(Fate.FAILED, 1)}


def test_a_bug_in_a_channel_is_told_and_the_next_try_comes(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    def bug() -> None:
        raise ZeroDivisionError

    house.answers["mail"] = bug
    house.plan("a")
    house.wake_until(Fate.WAITING, 1)
    assert house.fates() == [(Fate.WAITING, 1, "ZeroDivisionError")]
    assert "a bug" in caplog.text


def test_while_the_store_cannot_be_written_a_message_is_not_sent_again_and_again(
    house: House,
) -> None:
    """What became of it cannot be kept at first; it is kept later, and only then the next goes."""
    house.plan("a", "b")
    house.record._db.set_busy_timeout(0)
    with closing(apsw.Connection(str(house.folder / "record.db"))) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(5):
            house.sending.wake()
            wait_for(lambda: not house.sending._busy, within_s=10, what="the try is over")
        assert house.taken == [("mail", "a")]
        other.execute("ROLLBACK")
    house.sending.wake()
    wait_for(lambda: len(house.taken) == 2, within_s=10, what="the next one is sent")
    assert house.taken == [("mail", "a"), ("mail", "b")]


def test_stopping_waits_for_what_is_being_sent_and_leaves_the_rest(tmp_path: Path) -> None:
    house, is_sending, go_on = House(tmp_path), threading.Event(), threading.Event()

    def slow() -> None:
        is_sending.set()
        go_on.wait(30)

    house.answers["mail"] = slow
    house.plan("a", "b")
    house.sending.wake()
    assert is_sending.wait(10)
    stopping = threading.Thread(target=house.close)
    stopping.start()
    go_on.set()
    stopping.join(10)
    assert house.taken == [("mail", "a")]
    assert [fate for fate, *_ in house.fates()] == [Fate.DELIVERED, Fate.WAITING]


def _outgoing(message: Message, at_s: int) -> Outgoing:
    document = message_text(message)
    return Outgoing(
        message.key, is_end=False, at_s=at_s, channels=message.channels, document=document
    )
