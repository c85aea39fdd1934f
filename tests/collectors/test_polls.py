"""What a poll brings home is what a survey would: every number, of every kind of device."""

import time

import pytest

from collectors.loop import shared
from collectors.observation import Measurement
from collectors.snmp.engine import Patience
from collectors.snmp.library import bundled
from collectors.snmp.measurements import measurements
from collectors.snmp.reading import Reading
from collectors.snmp.session import Session
from collectors.snmp.sightings import sightings
from collectors.target import Community, Target
from tests.collectors.conftest import RECORDINGS, Daemon

OURS = sorted(path.stem for path in RECORDINGS.glob("*.snmprec"))
REAL = [
    *("airos", "aruba-7210-13ap", "aruba-instant", "ciscowlc_cbw240ac", "ewc", "fortiap_fap831f"),
    *("fortigate_60f", "meru-controller-3ap", "openwrt", "routeros", "ruckuswireless-sz"),
    *("unifi_nanohd", "xerox"),
]


def surveyed_and_polled(daemon: Daemon, name: str) -> None:
    target = Target(name, "127.0.0.1", daemon.port, Community(name))
    session, patience = Session(), Patience(20, 1, time.monotonic() + 60)
    try:
        surveyed = shared().ask(session.read(target, bundled(), patience))
        known = session.known
        polled = shared().ask(session.read(target, bundled(), patience))
        assert session.known is known, "the second was a poll"
    finally:
        session.close()
    assert numbers(polled) == numbers(surveyed)
    assert sightings(polled) == sightings(surveyed)
    assert polled.radios == surveyed.radios
    assert polled.printer_errors == surveyed.printer_errors


def numbers(reading: Reading) -> list[Measurement]:
    """Leave out the one number that moves while a recording is read."""
    return [m for m in measurements(reading) if m.name != "uptime_s"]


@pytest.mark.parametrize("name", OURS)
def test_a_poll_of_our_recordings_equals_the_survey(recordings: Daemon, name: str) -> None:
    surveyed_and_polled(recordings, name)


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_a_poll_of_a_real_device_equals_the_survey(captures: Daemon, name: str) -> None:
    surveyed_and_polled(captures, name)
