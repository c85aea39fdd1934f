"""Looks as the record hands them on to series."""

from datetime import timedelta

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.intervals import epoch_s, instant
from netmon.domain.state import Run
from netmon.domain.verdict import UP
from netmon.storage.record import Step
from tests.storage.stories import START

START_S = epoch_s(START)


def told(
    at_s: int, *values: tuple[str, float, str], device: str = "ap-1", check: str = "snmp"
) -> Step:
    """Return a step of one look, `at_s` seconds after the beginning."""
    at = START + timedelta(seconds=at_s)
    measurements = tuple(Measurement(*each) for each in values)
    seen = Observation(device, check, at, Outcome.OK, measurements)
    return Step(seen, Run(device, check, UP, at, at))


def rtt(at_s: int, value: float, device: str = "ap-1") -> Step:
    """Return a step of one answered ping."""
    return told(at_s, ("rtt_s", value, ""), device=device, check="icmp")


def day_start_s(at_s: int) -> int:
    """Return the start of the UTC day of an instant."""
    return epoch_s(instant(at_s).replace(hour=0, minute=0, second=0))
