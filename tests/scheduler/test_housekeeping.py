"""Jobs beside the looks: they come again, whatever happened the last time."""

import logging
import threading
from collections import Counter
from functools import partial

import pytest

from netmon.scheduler.housekeeping import Housekeeping
from tests.waiting import wait_for


def test_a_job_comes_again_and_again_until_it_is_stopped() -> None:
    house, turns = Housekeeping(), []
    house.every(0.05, "count", lambda: turns.append(1))
    house.start()
    wait_for(lambda: len(turns) > 2, within_s=5, what="three turns")
    house.stop()
    after = len(turns)
    assert not threading.Event().wait(0.2)
    assert len(turns) == after


def test_a_job_that_fails_is_told_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    house, turns = Housekeeping(), []

    def fail() -> None:
        turns.append(1)
        raise ValueError("broken")

    house.every(0.05, "fragile", fail)
    house.start()
    with caplog.at_level(logging.ERROR):
        wait_for(lambda: len(turns) > 1, within_s=5, what="a second turn")
    house.stop()
    assert "job=fragile failed" in caplog.text


def test_stopping_before_the_start_or_twice_does_no_harm() -> None:
    house, turns = Housekeeping(), list[int]()
    house.every(0.01, "counted", lambda: turns.append(1))
    house.stop()
    assert not turns
    house.start()
    wait_for(lambda: bool(turns), within_s=5, what="a turn after the start")
    house.stop()
    house.stop()
    had = len(turns)
    threading.Event().wait(0.1)
    assert len(turns) == had


def test_a_job_that_takes_longer_than_its_interval_never_runs_twice_at_a_time() -> None:
    house, guard, running = Housekeeping(), threading.Lock(), Counter[str]()

    def slow() -> None:
        with guard:
            running["now"] += 1
            running["most"] = max(running["most"], running["now"])
            running["all"] += 1
        threading.Event().wait(0.15)
        with guard:
            running["now"] -= 1

    house.every(0.05, "slow", slow)
    house.start()
    wait_for(lambda: running["all"] >= 3, within_s=10, what="it ran three times")
    house.stop()
    assert running["most"] == 1


def test_each_job_has_a_thread_of_its_own() -> None:
    """One that hangs holds up nobody, and every turn of a job is in the same thread."""
    house, hanging, seen = Housekeeping(), threading.Event(), set[tuple[str, int]]()
    turns = Counter[str]()

    def turn(name: str) -> None:
        turns[name] += 1
        seen.add((name, threading.get_ident()))

    def hang() -> None:
        hanging.wait(30)

    house.every(0.01, "hangs", hang)
    for name in ("one", "other"):
        house.every(0.01, name, partial(turn, name))
    house.start()
    wait_for(lambda: min(turns["one"], turns["other"]) > 5, within_s=20, what="turns of both")
    hanging.set()
    house.stop()
    assert len(seen) == len({thread for _, thread in seen}) == 2
