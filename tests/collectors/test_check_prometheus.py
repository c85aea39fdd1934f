"""A real Prometheus that scrapes a small exporter, and what it says of the devices behind it."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from collectors.checks.prometheus import CHECK, Params
from collectors.observation import Observation, Outcome, Sighting
from collectors.target import Credentials, Login, Target, Token
from tests.collectors.daemons import free_tcp_port, listens, running
from tests.collectors.source_server import Answer, Request, SourceServer
from tests.conftest import require
from tests.waiting import wait_for

PROMETHEUS = shutil.which("prometheus")
CONFIGURATION = """
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: snmp
    metrics_path: /snmp
    static_configs:
      - targets: [192.0.2.7, "[2001:db8::7]:161", 192.0.2.8]
    relabel_configs:
      - source_labels: [__address__]
        target_label: __param_target
      - source_labels: [__param_target]
        target_label: instance
      - target_label: __address__
        replacement: 127.0.0.1:%(exporter)d
  - job_name: "own\\"quoted\\\\job"
    static_configs:
      - targets: [127.0.0.1:%(exporter)d]
        labels: {hw: "02-00-5E-40-00-01", ap: ap-bruul-1}
  - job_name: gone
    static_configs:
      - targets: [127.0.0.1:%(closed)d]
"""
PAGE = """\
# TYPE sysUpTime gauge
sysUpTime 4.321e+06
ifOperStatus{ifIndex="1",ifName="eth0"} 1
ifOperStatus{ifIndex="2",ifName="eth1"} 2
ifOperStatus{ifIndex="3",ifName="eth2"} 6
# TYPE ifHCInOctets counter
ifHCInOctets{ifIndex="1",ifName="eth0"} 1.8446744073709e+19
ifHCInOctets{ifIndex="2",ifName="eth1"} 17
ifHCOutOctets{ifIndex="1",ifName="eth0"} 42
probe_success{ap="ap-bruul-1"} 1
probe_success{ap="ap-bruul-2"} 0
probe_success{ap="ap-bruul-3"} NaN
probe_success{ap="ap-bruul-4"} 0.5
"""


@dataclass
class Monitor:
    """A Prometheus, the exporter it scrapes, and the devices that answer to the exporter."""

    port: int
    silent: set[str]

    def observe(self, credentials: Credentials | None = None, **params: Any) -> Observation:
        target = Target("monitor", "127.0.0.1", credentials=credentials)
        return CHECK.observe(target, Params(**{"port": self.port, **params}), 10)

    def sighting(self, name: str, **params: Any) -> Sighting | None:
        return by_name(self.observe(**params)).get(name)


def by_name(seen: Observation) -> dict[str, Sighting]:
    return {each.name: each for each in seen.sightings}


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    require("prometheus", PROMETHEUS is not None)
    assert PROMETHEUS is not None
    folder = tmp_path_factory.mktemp("prometheus")
    silent = {"192.0.2.8"}

    def export(request: Request) -> Answer:
        """As snmp_exporter does: an error where the device behind it does not answer."""
        if request.query.get("target", "") in silent:
            return Answer(500, b"no answer")
        return Answer(200, PAGE.encode(), {"Content-Type": "text/plain; version=0.0.4"})

    with ExitStack() as stack:
        exporter = SourceServer(export, encrypted=False)
        stack.callback(exporter.close)
        port = free_tcp_port()
        configuration = folder / "prometheus.yml"
        ports = {"exporter": exporter.port, "closed": free_tcp_port()}
        configuration.write_text(CONFIGURATION % ports, "utf-8")
        command = [
            PROMETHEUS,
            f"--config.file={configuration}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ]
        stack.enter_context(running(command, folder / "log"))
        started = Monitor(port, silent)
        wait_for(lambda: listens(port), within_s=30, what="Prometheus listens")
        wait_for(
            lambda: (
                len(seen := by_name(started.observe())) == 4
                and seen["127.0.0.1"].outcome is Outcome.CONTENT
            ),
            within_s=30,
            what="every job is scraped",
        )
        yield started


def test_what_answers_its_scrapes_works_and_what_does_not_is_down(monitor: Monitor) -> None:
    seen = monitor.observe(job="snmp")
    assert seen.outcome is Outcome.OK and not seen.lists_all
    assert {(each.name, each.address, each.outcome) for each in seen.sightings} == {
        ("192.0.2.7", "192.0.2.7", Outcome.OK),
        ("2001:db8::7", "2001:db8::7", Outcome.OK),
        ("192.0.2.8", "192.0.2.8", Outcome.TIMEOUT),
    }
    assert by_name(seen)["192.0.2.8"].detail == "Prometheus says that it does not answer"


def test_a_sighting_is_as_old_as_its_scrape(monitor: Monitor) -> None:
    seen = monitor.observe(job="snmp")
    for each in seen.sightings:
        assert each.at is not None
        assert timedelta(0) <= seen.at - each.at < timedelta(seconds=30)
    first = by_name(seen)["192.0.2.7"].at
    assert first is not None

    def is_newer() -> bool:
        found = monitor.sighting("192.0.2.7", job="snmp")
        return found is not None and found.at is not None and found.at > first

    wait_for(is_newer, within_s=10, what="the next scrape")


def test_series_of_snmp_exporter_come_in_the_houses_names(monitor: Monitor) -> None:
    found = monitor.sighting("192.0.2.7", job="snmp")
    assert found is not None
    assert {(each.name, each.label): each.value for each in found.measurements} == {
        ("uptime_s", ""): pytest.approx(43_210),
        ("interfaces_up", ""): 1,
        ("interfaces_total", ""): 3,
        ("rx_bytes", "eth0"): pytest.approx(1.8446744073709e19),
        ("rx_bytes", "eth1"): 17,
        ("tx_bytes", "eth0"): 42,
    }
    down = monitor.sighting("192.0.2.8", job="snmp")
    assert down is not None and down.measurements == ()
    assert all(not each.measurements for each in monitor.observe(series=False).sightings)


def test_a_job_may_hold_any_sign_and_labels_name_the_device(monitor: Monitor) -> None:
    seen = monitor.observe(job=r'own"quoted\\job', name_label="ap", mac_label="hw")
    assert [(e.name, e.mac, e.outcome) for e in seen.sightings] == [
        ("ap-bruul-1", "02:00:5e:40:00:01", Outcome.OK)
    ]


def test_several_jobs_of_one_device_that_disagree_make_it_work_badly(monitor: Monitor) -> None:
    found = monitor.sighting("127.0.0.1")
    assert found is not None and found.outcome is Outcome.CONTENT
    assert found.detail == "Prometheus says that it answers in part"


@pytest.mark.parametrize("comment", ["", " # a comment"])
def test_an_expression_of_zeros_and_ones_decides_as_well(monitor: Monitor, comment: str) -> None:
    expression = f'max by (ap) (probe_success{{job="snmp"}}) > bool 0.7{comment}'
    seen = monitor.observe(expression=f'probe_success{{job="snmp"}}{comment}', name_label="ap")
    assert {name: each.outcome for name, each in by_name(seen).items()} == {
        "ap-bruul-1": Outcome.OK,
        "ap-bruul-2": Outcome.TIMEOUT,
        "ap-bruul-4": None,
    }
    computed = by_name(monitor.observe(expression=expression, name_label="ap"))
    assert computed["ap-bruul-1"].outcome is Outcome.OK
    assert computed["ap-bruul-4"].outcome is Outcome.TIMEOUT


@pytest.mark.parametrize(
    ("expression", "outcome"),
    [("up{", Outcome.CONTENT), ("1", Outcome.MALFORMED), ("up[1m]", Outcome.MALFORMED)],
)
def test_an_expression_that_is_none_is_an_outcome(
    monitor: Monitor, expression: str, outcome: Outcome
) -> None:
    seen = monitor.observe(expression=expression)
    assert seen.outcome is outcome and seen.sightings == ()


def test_an_expression_longer_than_an_address_is_asked_all_the_same(monitor: Monitor) -> None:
    expression = " or ".join(f'up{{job="none-{number}"}}' for number in range(150))
    assert len(expression) > 2_500
    assert monitor.observe(expression=f"{expression} or up").sightings


def test_a_device_that_falls_silent_is_seen_to_and_comes_back(monitor: Monitor) -> None:
    def outcome() -> Outcome | None:
        found = monitor.sighting("192.0.2.7", job="snmp")
        return found.outcome if found else None

    monitor.silent.add("192.0.2.7")
    wait_for(lambda: outcome() is Outcome.TIMEOUT, within_s=15, what="192.0.2.7 is down")
    monitor.silent.clear()
    wait_for(lambda: outcome() is Outcome.OK, within_s=15, what="192.0.2.7 is up")
    monitor.silent.add("192.0.2.8")


# What a server in front of Prometheus adds: a login, and a clock of its own


def vector(at: float, value: str, **labels: str) -> Answer:
    result = [{"metric": {"instance": "ap-1:9100", **labels}, "value": [at, value]}]
    return Answer(body={"status": "success", "data": {"resultType": "vector", "result": result}})


@pytest.fixture
def observed() -> Iterator[Callable[..., tuple[Observation, SourceServer]]]:
    servers = ExitStack()

    def observe(
        answer: Callable[[Request], Answer], credentials: Credentials | None = None
    ) -> tuple[Observation, SourceServer]:
        server = SourceServer(answer, encrypted=False)
        servers.callback(server.close)
        return CHECK.observe(server.target(credentials), Params(port=server.port), 5), server

    with servers:
        yield observe


@pytest.mark.parametrize("skew_s", [-86_400.0, 0.0, 86_400.0])
@pytest.mark.parametrize(("scraped_s_ago", "age_s"), [(40.0, 40), (0.0, 0), (-5.0, 0)])
def test_an_age_is_taken_on_the_servers_own_clock(
    observed: Callable[..., tuple[Observation, SourceServer]],
    skew_s: float,
    scraped_s_ago: float,
    age_s: float,
) -> None:
    now = 1_795_424_400 + skew_s

    def answer(request: Request) -> Answer:
        asked = request.form()["query"]
        return vector(now, str(now - scraped_s_ago) if asked.startswith("timestamp") else "1")

    seen, _ = observed(answer)
    (found,) = seen.sightings
    assert found.at is not None
    assert (seen.at - found.at).total_seconds() == pytest.approx(age_s)


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (None, None),
        (Token("abc"), "Bearer abc"),
        (Login("netmon", "pässword"), "Basic bmV0bW9uOnDDpHNzd29yZA=="),
    ],
    ids=["none", "a token", "a login"],
)
def test_a_token_or_a_login_goes_into_a_header(
    observed: Callable[..., tuple[Observation, SourceServer]],
    credentials: Credentials | None,
    header: str | None,
) -> None:
    seen, server = observed(lambda _: vector(1.0, "1"), credentials)
    assert seen.outcome is Outcome.OK
    assert {request.headers.get("authorization") for request in server.asked} == {header}
    assert all(request.method == "POST" and not request.query for request in server.asked)


def test_ages_and_series_that_fail_are_told_apart(
    observed: Callable[..., tuple[Observation, SourceServer]],
) -> None:
    """Without ages a state cannot be dated, and is not told; without series it is."""

    def refuse(part: str) -> Callable[[Request], Answer]:
        return lambda request: (
            Answer(503) if part in request.form()["query"] else vector(1_795_424_400, "1")
        )

    assert observed(refuse("timestamp"))[0].outcome is Outcome.CONTENT
    seen, _ = observed(refuse("__name__"))
    assert seen.outcome is Outcome.OK and seen.sightings[0].outcome is Outcome.OK


def test_a_round_of_many_devices_is_read_quickly(
    observed: Callable[..., tuple[Observation, SourceServer]],
) -> None:
    """Twenty thousand devices with their ages fit one look."""
    result = [
        {"metric": {"__name__": "up", "instance": f"ap-{n}:9100", "job": "x"}, "value": [2.0, "1"]}
        for n in range(20_000)
    ]
    body = Answer(body={"status": "success", "data": {"resultType": "vector", "result": result}})
    began = time.process_time()
    seen, _ = observed(lambda _: body)
    assert len(seen.sightings) == 20_000
    assert time.process_time() - began < 20
