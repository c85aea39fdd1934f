"""A running netmon pings its dead man's switch, and stops when it is not well."""

from collections.abc import Callable
from contextlib import ExitStack, closing

import apsw
import pytest

from netmon.cli.well import dead_man_of
from netmon.cli.wiring import load
from tests.cli.asking import Call
from tests.cli.conftest import Netmon
from tests.collectors.web_server import page, serving
from tests.config.conftest import SETTINGS, CityFiles, device
from tests.waiting import wait_for

SWITCH = """
[dead_man]
url_env = "NETMON_TEST_SWITCH"
interval_s = 1
"""
CONFIGURATION = """
[kinds.access_point]
checks = ["tcp"]
deciding = "tcp"
[checks.tcp]
interval_s = 1
retry_interval_s = 1
deadline_s = 1
params = {{ port = {port} }}
"""
STEADY_PINGS = 3


@pytest.fixture
def watched(city: CityFiles) -> CityFiles:
    city.devices(device("ap-1", kind="access_point", power="always_on", synthetic="false"))
    return city


def test_it_stops_when_looks_cannot_be_kept_and_goes_on_when_they_can(
    watched: CityFiles, start_netmon: Callable[..., Netmon]
) -> None:
    with serving(page(b"OK")) as switch, serving(page(b"")) as target:
        watched.settings(SETTINGS + SWITCH + CONFIGURATION.format(port=target.port))
        environment = {"NETMON_TEST_SWITCH": switch.url("/canary")}
        netmon = start_netmon("run", "--no-web", "-c", str(watched.config), environment=environment)
        wait_for(lambda: len(switch.asked) >= STEADY_PINGS, within_s=30, what="pings")
        with closing(apsw.Connection(str(watched.folder / "var" / "record.db"))) as other:
            other.execute("BEGIN IMMEDIATE")
            netmon.wait_until_said("dead_man=silent reason=not well")
            silent_at = len(switch.asked)
            other.execute("ROLLBACK")
        wait_for(lambda: len(switch.asked) > silent_at, within_s=30, what="pings again")
        netmon.wait_until_said("dead_man=pinged again")
        assert netmon.stop() == 0
        assert not [line for line in netmon.said if "canary" in line]


def test_looks_that_ended_long_ago_are_not_well(
    stored: CityFiles, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(page(b"OK")) as switch, ExitStack() as stack:
        monkeypatch.setenv("NETMON_TEST_SWITCH", switch.url())
        stored.settings(stored.config.read_text("utf-8") + SWITCH)
        loaded = load(stored.config, tells=True)
        dead_man = dead_man_of(stack, loaded, ())
        assert dead_man is not None
        dead_man.ping()
    assert not switch.asked
    assert "no looks come in" in caplog.text


def test_a_process_that_only_serves_pages_reads_no_channel_and_no_switch(
    stored: CityFiles,
) -> None:
    channel = '[channels.duty]\nkind = "apprise"\nurl_env = "UNSET"\n'
    stored.settings(stored.config.read_text("utf-8") + SWITCH + channel)
    loaded = load(stored.config, receives=True)
    assert (loaded.channels, loaded.dead_man_url) == ({}, None)
    with ExitStack() as stack:
        assert dead_man_of(stack, loaded, ()) is None


def test_check_refuses_a_misspelt_channel_and_an_unset_switch(
    watched: CityFiles, netmon: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUTY_URL", "mailtoo://user:canary@example.org")
    watched.settings(
        SETTINGS
        + '[channels.duty]\nkind = "apprise"\nurl_env = "DUTY_URL"\n'
        + '[dead_man]\nurl_env = "UNSET_SWITCH"\n'
    )
    answer = netmon("check", "-c", watched.config)
    assert answer.code == 2
    assert "channels.duty.url: expected an address that Apprise understands" in answer.err
    assert "dead_man.url_env" in answer.err
    assert "canary" not in answer.err
