"""Jobs beside the looks: they come again, whatever happened the last time."""

import logging
import threading

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
    house = Housekeeping()
    house.stop()
    house.start()
    house.stop()
    house.stop()
