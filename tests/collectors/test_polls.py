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
from tests.collectors import ber
from tests.collectors.conftest import RECORDINGS, Daemon, serving
from tests.collectors.crafted import Start, Table, device

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


WRAP_S = 2**32 // 100


def clock(table: Table, agent_s: int, boots: int, host_s: int) -> None:
    """Set the clocks of an agent: it has run for `agent_s`, its computer for `host_s`."""
    table["1.3.6.1.2.1.1.3.0"] = ber.number(agent_s * 100 % 2**32, ber.TICKS)
    table["1.3.6.1.2.1.25.1.1.0"] = ber.number(host_s * 100 % 2**32, ber.TICKS)
    table["1.3.6.1.6.3.10.2.1.2.0"] = ber.number(boots)
    table["1.3.6.1.6.3.10.2.1.3.0"] = ber.number(agent_s)


def test_a_clock_that_wraps_between_two_polls_goes_on_and_a_reboot_falls(agent: Start) -> None:
    """A wrap costs not even a survey; a restart is seen in one, for the device may be another."""
    table = device("1.3.6.1.4.1.32473")
    target, session = agent(serving(table)).target, Session()

    def poll(agent_s: int, boots: int, host_s: int) -> tuple[float | None, ...]:
        clock(table, agent_s, boots, host_s)
        until = Patience(1, 0, time.monotonic() + 10)
        found = shared().ask(session.read(target, bundled(), until))
        return found.identity.uptime_s, found.engine_boots, found.host_uptime_s

    try:
        assert poll(WRAP_S - 30, 3, WRAP_S - 20) == pytest.approx((WRAP_S - 30, 3, WRAP_S - 20))
        known = session.known
        assert poll(WRAP_S + 30, 3, WRAP_S + 40) == pytest.approx((WRAP_S + 30, 3, WRAP_S + 40))
        assert session.known is known, "a wrap is no restart"
        assert poll(60, 4, WRAP_S + 160)[:2] == pytest.approx((60, 4)), "the agent restarted"
        assert session.known is not known
        assert poll(30, 5, 40) == pytest.approx((30, 5, 40)), "the computer did"
    finally:
        session.close()


@pytest.mark.parametrize("name", OURS)
def test_a_poll_of_our_recordings_equals_the_survey(recordings: Daemon, name: str) -> None:
    surveyed_and_polled(recordings, name)


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_a_poll_of_a_real_device_equals_the_survey(captures: Daemon, name: str) -> None:
    surveyed_and_polled(captures, name)
