"""Looks that never end: noticed, told, and no reason to run for ever."""

import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pydantic import BaseModel

from collectors.base import Check
from collectors.concurrent_check import PanicError, concurrent
from collectors.loop import Signal, shared
from collectors.observation import Observation, Outcome
from collectors.target import Target
from netmon.domain.state import Policy
from netmon.scheduler import asking
from netmon.scheduler.asking import Asking
from netmon.scheduler.duties import Duty
from tests.waiting import wait_for


class Nothing(BaseModel, extra="forbid"):
    """A check without parameters."""


class Panic(BaseException):
    """What the binding of a Rust library raises is of this kind, and no Exception."""


class Stuck:
    """Checks, with and without a thread, that end when a test lets them."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.ended = threading.Event()
        self.signals: list[Signal] = []

    def release(self) -> None:
        self.ended.set()
        for each in self.signals:
            each.set()

    async def look(self, target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        signal = Signal(shared())
        self.signals.append(signal)
        self.begun.release()
        if not self.ended.is_set():
            await signal.wait(time.monotonic() + 60)
        return answer(target)

    def observe(self, target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        self.begun.release()
        self.ended.wait(60)
        return answer(target)


def answer(target: Target) -> Observation:
    at = datetime.now(UTC)  # noqa: TID251 - a check reads the clock
    return Observation(target.id, "stuck", at, Outcome.OK)


def duty(check: Check, deadline_s: float = 0.1) -> Duty:
    return Duty(Target("ap-1", "127.0.0.1"), check, Nothing(), deadline_s, Policy())


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stuck]:
    monkeypatch.setattr(asking, "GRACE_S", 0.1)
    running = Stuck()
    yield running
    running.release()


@pytest.mark.parametrize("way", ["thread", "loop"])
def test_a_look_that_never_ends_is_overdue_and_does_not_hold_up_the_stop(
    stuck: Stuck, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Observation | Exception] = []
    running = Asking(4, lambda _, seen: heard.append(seen))
    of_loop, of_thread = (
        concurrent("stuck", Nothing, stuck.look),
        Check("stuck", Nothing, stuck.observe),
    )
    running.ask([duty(of_loop if way == "loop" else of_thread)])
    assert stuck.begun.acquire(timeout=5)
    assert running.overdue(time.monotonic()) == []
    late = wait_for(lambda: running.overdue(time.monotonic()), within_s=5, what="it is overdue")
    assert [(each.key, late_s < 5) for each, late_s in late] == [(("ap-1", "stuck"), True)]
    with caplog.at_level(logging.ERROR):
        began_s = time.monotonic()
        running.stop()
    assert time.monotonic() - began_s < 2 and not heard
    assert [each.getMessage() for each in caplog.records] == [
        "check=stuck device=ap-1 did not end, given up"
    ]
    stuck.release()
    wait_for(lambda: heard, within_s=5, what="it ends after all")
    assert running.overdue(time.monotonic() + 60) == []


def test_no_more_are_under_way_in_the_loop_than_allowed(stuck: Stuck) -> None:
    heard: list[Observation | Exception] = []
    running = Asking(3, lambda _, seen: heard.append(seen))
    running.ask([duty(concurrent("stuck", Nothing, stuck.look), deadline_s=30.0)] * 5)
    assert all(stuck.begun.acquire(timeout=5) for _ in range(3))
    assert not stuck.begun.acquire(timeout=0.2)
    stuck.release()
    wait_for(lambda: len(heard) == 5, within_s=5, what="all had their turn")
    running.stop()


def test_stop_waits_for_a_look_until_its_deadline(stuck: Stuck) -> None:
    heard: list[Observation | Exception] = []
    running = Asking(4, lambda _, seen: heard.append(seen))
    running.ask([duty(concurrent("stuck", Nothing, stuck.look), deadline_s=30.0)])
    assert stuck.begun.acquire(timeout=5)
    stopping = threading.Thread(target=running.stop)
    stopping.start()
    stopping.join(0.3)
    assert stopping.is_alive()
    stuck.release()
    stopping.join(5)
    assert not stopping.is_alive() and len(heard) == 1


def test_a_panic_in_a_thread_is_heard() -> None:
    def panics(_target: Target, _params: Nothing, _deadline_s: float) -> Observation:
        raise Panic("index out of bounds")

    heard: list[Observation | Exception] = []
    running = Asking(1, lambda _, seen: heard.append(seen))
    running.ask([duty(Check("odd", Nothing, panics))])
    wait_for(lambda: heard, within_s=5, what="it is heard")
    running.stop()
    assert isinstance(heard[0], PanicError) and "out of bounds" in str(heard[0])
