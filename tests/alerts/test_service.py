"""Plan, outbox and channel together: killed at any point, a problem is told, and its end too."""

import logging
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import apsw
import pytest

from netmon.alerts.message import Happening, Message, Problem, Undelivered
from netmon.alerts.policy import Route
from netmon.alerts.sending import Sending
from netmon.alerts.service import LATE_AFTER_S, STUCK_AFTER_S, AlertService
from netmon.storage.record import RecordWriter
from tests.alerts.problems import MAIL, START, at, problem
from tests.alerts.test_sending import Clock
from tests.waiting import wait_for


class Desk:
    """One life of a netmon that alerts; `broken` is what it sees."""

    def __init__(self, folder: Path, clock: Clock, broken: Sequence[Problem] = ()) -> None:
        self.clock, self.broken = clock, broken
        self.taken: list[Message] = []
        self.is_deaf = False
        self.record = RecordWriter(folder, origin="real")
        self.outbox = self.record.outbox()
        sending = Sending(self.outbox, self._deliver, clock, 3600)
        self.service = AlertService(self.outbox, self._see, self._routes, sending, clock)

    def turn(self, seconds: float = 0) -> None:
        self.clock.go_on(seconds)
        self.service.turn()

    def told(self, count: int) -> list[Happening]:
        wait_for(lambda: len(self.taken) == count, within_s=10, what=f"{count} messages")
        return [each.happening for each in self.taken]

    def close(self) -> None:
        self.service.stop()
        self.record.close()

    def _see(self, _at: datetime) -> Sequence[Problem]:
        return self.broken

    def _routes(self, _at: datetime) -> Sequence[Route]:
        return (MAIL,)

    def _deliver(self, _channel: str, message: Message) -> None:
        if self.is_deaf:
            raise Undelivered("no answer")
        self.taken.append(message)


def test_a_netmon_that_starts_again_goes_on_where_it_was(tmp_path: Path) -> None:
    """It stops before the wait is over, then before the end; each is told once."""
    clock = Clock()
    with closing(Desk(tmp_path, clock, [problem()])) as first:
        first.turn()
        first.turn(20)
    with closing(Desk(tmp_path, clock, [problem()])) as second:
        second.turn(20)
        assert second.told(1) == [Happening.PROBLEM]
    ended = problem(ended_at=at(50))
    with closing(Desk(tmp_path, clock, [ended])) as third:
        third.turn(20)
        assert third.told(1) == [Happening.RESOLVED]
    with closing(Desk(tmp_path, clock, [ended])) as fourth:
        fourth.turn(20)
        assert fourth.outbox.channels() == []
    assert second.taken[0].key == third.taken[0].key


def test_what_could_not_be_kept_is_planned_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Desk(tmp_path, Clock(), [problem()])) as desk:
        desk.turn()
        desk.record._db.set_busy_timeout(0)
        with closing(apsw.Connection(str(tmp_path / "record.db"))) as other:
            other.execute("BEGIN IMMEDIATE")
            with caplog.at_level(logging.ERROR):
                desk.turn(60)
                desk.turn(60)
            other.execute("ROLLBACK")
        assert len(caplog.records) == 1 and "outbox: cannot be written" in caplog.text
        assert "not planned" in desk.service.complaint()
        desk.turn()
        assert desk.told(1) == [Happening.PROBLEM]
        assert desk.service.complaint() == ""


def test_a_memory_that_cannot_be_read_is_told_and_begun_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(RecordWriter(tmp_path, origin="real")) as record:
        record.outbox().keep('{"groups": 7}', [])
    with closing(Desk(tmp_path, Clock(), [problem()])) as desk:
        desk.turn()
        desk.turn(30)
        assert desk.told(1) == [Happening.PROBLEM]
    assert "beginning anew" in caplog.text


def test_it_complains_where_nobody_takes_what_it_says(tmp_path: Path) -> None:
    with closing(Desk(tmp_path, Clock(), [problem()])) as desk:
        desk.is_deaf = True
        desk.turn()
        desk.turn(30)
        assert desk.service.complaint() == ""
        assert desk.service.counts() == {"alerts_waiting": 1, "alerts_failed": 0}
        desk.turn(STUCK_AFTER_S + 1)
        assert desk.service.complaint() == "alerts wait that no channel takes"
        desk.clock.go_on(LATE_AFTER_S + 1)
        assert desk.service.complaint() == "alerts are not planned"


def test_what_changes_nothing_is_not_written(tmp_path: Path) -> None:
    with closing(Desk(tmp_path, Clock())) as desk:
        desk.turn()
        assert desk.outbox.state() is None
        assert desk.clock.now == START
