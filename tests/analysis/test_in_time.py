"""An answer that is not there in time, or fails, holds nobody up."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from netmon.analysis.in_time import KEPT_S, InTime

NOW = datetime(2026, 11, 25, 9, 0, 10, tzinfo=UTC)
LATER = NOW + timedelta(seconds=KEPT_S + 1)


class Work:
    """Counts how often it is asked; waits while `is_held`, and fails where it has an `error`."""

    def __init__(self) -> None:
        self.asked: list[datetime] = []
        self.go_on, self.version = threading.Event(), 1
        self.go_on.set()
        self.error: Exception | None = None

    def at(self, now: datetime) -> Mapping[str, int]:
        assert self.go_on.wait(10)
        self.asked.append(now)
        if self.error is not None:
            raise self.error
        return {"a": len(self.asked)}


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def answers(work: Work) -> Iterator[InTime[int]]:
    with closing(InTime(work.at, lambda: work.version)) as made:
        yield made
        work.go_on.set()


def test_an_answer_is_given_again_while_the_record_is_the_same(
    work: Work, answers: InTime[int]
) -> None:
    assert [answers.within(at, 10) for at in (NOW, NOW, LATER)] == [{"a": 1}] * 3
    work.version = 2
    assert answers.within(LATER, 10) == {"a": 2}
    assert answers.within(LATER + timedelta(minutes=1), 10) == {"a": 3}
    assert len(work.asked) == 3


def test_a_record_that_grows_with_every_look_is_not_worked_out_with_every_look(
    work: Work, answers: InTime[int]
) -> None:
    for second in range(int(KEPT_S)):
        work.version += 1
        answers.within(NOW + timedelta(seconds=second), 10)
    assert len(work.asked) == 1


def test_who_does_not_wait_gets_nothing_and_the_answer_is_there_later(
    work: Work, answers: InTime[int]
) -> None:
    work.go_on.clear()
    assert answers.within(NOW, 0) == {} == answers.within(NOW, 0.01)
    work.go_on.set()
    assert answers.within(NOW, 10) == {"a": 1}
    assert len(work.asked) == 1


def test_an_answer_of_a_minute_ago_is_better_than_none(work: Work, answers: InTime[int]) -> None:
    answers.within(NOW, 10)
    work.go_on.clear()
    work.version = 2
    found = [answers.within(NOW + timedelta(seconds=age), 0.01) for age in (60, 61)]
    assert found == [{"a": 1}, {}]


def test_a_failure_is_told_once_and_tried_again(
    work: Work, answers: InTime[int], caplog: pytest.LogCaptureFixture
) -> None:
    work.error = OSError("no such layer")
    with caplog.at_level(logging.ERROR):
        assert [answers.within(NOW, 10) for _ in range(3)] == [{}] * 3
    assert [each.message.startswith("impact:") for each in caplog.records] == [True]
    work.error = None
    assert answers.within(NOW, 10) == {"a": 4}


def test_after_the_end_nothing_is_known_and_nothing_raised(work: Work) -> None:
    answers = InTime(work.at, lambda: 1)
    answers.close()
    assert answers.within(NOW, 1) == {}
