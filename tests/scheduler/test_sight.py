"""Own sight as the judge uses it: what is known of a check by its own answers."""

from datetime import UTC, datetime, timedelta

import pytest

from collectors.observation import Observation, Outcome
from netmon.domain.model import Device, DeviceKind, Status
from netmon.domain.sight import SightRule
from netmon.domain.verdict import UP, Verdict
from netmon.scheduler.sight import OwnSight

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
KEY = ("gw-1", "icmp")
DOWN = Verdict(Status.DOWN, "timeout", is_usable=False)


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


@pytest.mark.parametrize(("wave", "known"), [(5, 10), (10, 10), (20, 20)])
def test_what_answered_after_the_wave_began_is_known_until_that_answer(
    wave: int, known: int
) -> None:
    """Its own look proves it: no second in which it was seen to work becomes unknown."""
    sight = OwnSight(SightRule(), lambda _: "icmp")
    sight.know([Device("gw-1", DeviceKind.GATEWAY, "Gateway", "bruul", "192.0.2.1")])
    sight.heard(Observation(*KEY, at(10), Outcome.OK), UP, None)
    sight.heard(Observation(*KEY, at(30), Outcome.TIMEOUT), DOWN, None)
    assert sight.known_until(KEY, at(wave)) == at(known)
