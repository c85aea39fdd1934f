"""UniFi controllers over real HTTPS: pages, states, statistics, and answers that go wrong."""

import resource
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.checks.unifi import CHECK, Params
from collectors.observation import Observation, Outcome
from collectors.sources.unifi_statistics import in_turn
from collectors.target import Token
from tests.collectors.controllers import UNIFI_KEY, Unifi
from tests.collectors.source_server import Answer, Request, SourceServer, certificate


class Asked:
    """A controller, and the check that asks it."""

    def __init__(self) -> None:
        self.unifi = Unifi()
        self.server = SourceServer(self.unifi)

    def observe(self, deadline_s: float = 10, key: str = UNIFI_KEY, **params: Any) -> Observation:
        access = {"port": self.server.port, "ca_file": str(certificate())}
        return CHECK.observe(
            self.server.target(Token(key)), Params(**{**access, **params}), deadline_s
        )

    def paths(self) -> list[str]:
        return [request.path for request in self.server.asked]


@pytest.fixture
def controller() -> Iterator[Asked]:
    asked = Asked()
    yield asked
    asked.server.close()
    assert asked.unifi.wrong == []


def by_name(seen: Observation) -> dict[str, Any]:
    return {each.name: each for each in seen.sightings}


def named(number: int) -> dict[str, Any]:
    mac = f"02:00:5e:00:{number // 256:02x}:{number % 256:02x}"
    return {"id": f"d-{number}", "name": f"ap-{number}", "macAddress": mac, "state": "ONLINE"}


def test_every_device_of_every_site_is_told_with_its_state(controller: Asked) -> None:
    seen = controller.observe()
    assert (seen.outcome, seen.detail, seen.lists_all) == (Outcome.OK, "", True)
    assert {name: each.outcome for name, each in by_name(seen).items()} == {
        "ap-bruul-1": Outcome.OK,
        "ap-bruul-2": Outcome.TIMEOUT,
        "ap-markt-1": None,
        "ap-markt-2": Outcome.TIMEOUT,
        "U6 Lite": None,
        "switch-bib": Outcome.OK,
    }
    first = by_name(seen)["ap-bruul-1"]
    assert (first.mac, first.address) == ("02:00:5e:10:00:01", "192.0.2.11")
    assert by_name(seen)["ap-markt-1"].detail == "UniFi says UPDATING"


def test_access_points_are_counted_without_those_that_nobody_adopted(controller: Asked) -> None:
    found = {each.name: each.value for each in controller.observe().measurements}
    assert found == {"access_points_up": 1, "access_points_total": 4}


def test_statistics_come_in_the_houses_names_and_as_ratios(controller: Asked) -> None:
    found = by_name(controller.observe())["ap-bruul-1"].measurements
    assert {each.name: each.value for each in found} == {
        "uptime_s": 345_600,
        "cpu_ratio": pytest.approx(0.125),
        "memory_ratio": pytest.approx(0.48),
    }


def test_without_statistics_one_request_a_page_is_all(controller: Asked) -> None:
    seen = controller.observe(statistics=0)
    assert seen.outcome is Outcome.OK and len(controller.paths()) == 3
    assert all(each.measurements == () for each in seen.sightings)


@pytest.mark.parametrize("name", ["Surfpunten", "x7k2", "5f0c2a52-0000-4000-8000-000000000002"])
def test_a_site_is_found_by_its_name_its_reference_or_its_id(controller: Asked, name: str) -> None:
    assert set(by_name(controller.observe(site=name))) == {"switch-bib"}


def test_a_site_that_is_not_there_is_said_to_be_missing(controller: Asked) -> None:
    seen = controller.observe(site="Antwerpen")
    assert seen.outcome is Outcome.CONTENT
    assert seen.detail == "no site Antwerpen on this controller"


@pytest.mark.parametrize("most", [1, 2, 7, 200])
def test_pages_shorter_than_asked_for_lose_nothing(controller: Asked, most: int) -> None:
    controller.unifi.devices[:] = [named(number) for number in range(31)]
    controller.unifi.most_in_a_page = most
    seen = controller.observe(site="Mechelen", statistics=0)
    assert len(seen.sightings) == 31 and seen.lists_all
    pages = [each for each in controller.paths() if each.endswith("/devices")]
    assert len(pages) == -(-31 // most)


def test_hundreds_of_devices_take_pages_of_two_hundred(controller: Asked) -> None:
    controller.unifi.devices[:] = [named(number) for number in range(450)]
    seen = controller.observe(site="default", statistics=0)
    assert len(seen.sightings) == 450 and seen.lists_all
    assert [each.query.get("offset") for each in controller.server.asked] == [
        "0",
        "0",
        "200",
        "400",
    ]


def test_a_total_that_changes_between_pages_is_no_whole_list(controller: Asked) -> None:
    controller.unifi.devices[:] = [named(number) for number in range(6)]
    controller.unifi.most_in_a_page = 3

    def one_leaves(request: Request, _number: int) -> None:
        if request.query.get("offset") == "3":
            controller.unifi.devices.pop(0)

    controller.unifi.disturb = one_leaves
    seen = controller.observe(site="Mechelen", statistics=0)
    assert seen.outcome is Outcome.OK and len(seen.sightings) == 5
    assert not seen.lists_all and seen.measurements == ()


def test_a_device_that_slid_onto_the_next_page_counts_once(controller: Asked) -> None:
    controller.unifi.devices[:] = [named(0), named(1), named(1), named(2)]
    seen = controller.observe(site="Mechelen", statistics=0)
    assert list(by_name(seen)) == ["ap-0", "ap-1", "ap-2"] and len(seen.sightings) == 3
    assert not seen.lists_all


def test_pages_that_stop_before_their_total_end(controller: Asked) -> None:
    def promise_more(request: Request, _number: int) -> Answer:
        answer = controller.unifi.serve(request)
        assert isinstance(answer.body, dict)
        return Answer(body={**answer.body, "totalCount": answer.body["totalCount"] + 5})

    controller.unifi.disturb = promise_more
    seen = controller.observe(statistics=0)
    assert seen.outcome is Outcome.OK and len(seen.sightings) == 6 and not seen.lists_all


def test_what_came_before_a_page_that_fails_is_kept(controller: Asked) -> None:
    controller.unifi.devices[:] = [named(number) for number in range(6)]
    controller.unifi.most_in_a_page = 3
    controller.unifi.disturb = lambda request, _: (
        Answer(500) if request.query.get("offset") == "3" else None
    )
    seen = controller.observe(site="Mechelen", statistics=0)
    assert seen.outcome is Outcome.CONTENT
    assert seen.detail.startswith("only some devices: HTTP status 500")
    assert len(seen.sightings) == 3 and not seen.lists_all


def test_fields_that_are_missing_leave_gaps_and_no_device_without_a_name(controller: Asked) -> None:
    controller.unifi.devices[:] = [
        {"id": "d-1", "macAddress": "02005E100001", "state": "ONLINE"},
        {"id": "d-2", "name": "ap-2", "ipAddress": None},
        {"id": "d-3", "state": "ONLINE", "macAddress": "not a MAC"},
        {},
    ]
    seen = controller.observe(site="Mechelen")
    assert [(e.name, e.mac, e.address, e.outcome) for e in seen.sightings] == [
        ("", "02:00:5e:10:00:01", None, Outcome.OK),
        ("ap-2", None, None, None),
    ]
    assert seen.sightings[1].detail == "UniFi says nothing of its state"
    assert not seen.lists_all


def test_hostile_names_are_cleaned_and_cut(controller: Asked) -> None:
    controller.unifi.devices[:] = [
        {**named(1), "name": "ap\u202e\x1b[31m\r\nERROR " + "x" * 10_000},
        {**named(2), "state": "ON\u2066LINE\n" * 300},
    ]
    seen = controller.observe(site="Mechelen")
    first, second = seen.sightings
    assert first.name.startswith("ap[31mERROR xx") and len(first.name) == 255
    assert second.outcome is None and second.detail.isprintable() and len(second.detail) < 300


def test_an_id_that_would_lead_elsewhere_is_never_asked_for(controller: Asked) -> None:
    evil = ["../../../../api/logout", "a/b", "x?y=z", "", 7, None, "é" * 5]
    controller.unifi.devices[:] = [{**named(n), "id": each} for n, each in enumerate(evil)]
    seen = controller.observe(site="Mechelen")
    assert len(seen.sightings) == len(evil) and seen.outcome is Outcome.OK
    assert len(controller.paths()) == 2
    controller.unifi.data["sites"][0]["id"] = "../x"
    assert controller.observe(site="Mechelen").outcome is Outcome.MALFORMED


def test_statistics_go_round_so_that_every_device_has_its_turn() -> None:

    paths = [str(number) for number in range(45)]
    begin = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    asked = [in_turn(paths, 20, begin + timedelta(minutes=minute)) for minute in range(9)]
    assert all(len(set(each)) == 20 for each in asked)
    assert {path for each in asked for path in each} == set(paths)


def test_statistics_that_never_come_cost_half_the_time_and_no_state(controller: Asked) -> None:
    release = threading.Event()

    def stall(request: Request, _number: int) -> None:
        if request.path.endswith("/latest"):
            release.wait(10)

    controller.unifi.disturb = stall
    began = time.monotonic()
    seen = controller.observe(deadline_s=1.5)
    release.set()
    assert time.monotonic() - began < 1.5
    assert seen.outcome is Outcome.OK and len(seen.sightings) == 6 and seen.lists_all


def test_lists_of_clients_are_never_asked_for(controller: Asked) -> None:
    controller.observe()
    assert controller.paths() and not any("client" in path for path in controller.paths())


def test_what_a_controller_adds_to_its_rows_is_not_kept(controller: Asked) -> None:
    """A thousand pages of up to 16 MiB would else lie in memory until the last of them came."""
    row = b'{"name": "ap", "state": "OFFLINE", "more": "%s"}' % (b"x" * 40_000)
    page = b'{"totalCount": 4000, "data": [' + b",".join([row] * 200) + b"]}"

    def answer(request: Request) -> Answer:
        if request.path.endswith("/sites"):
            return Answer(body={"totalCount": 1, "data": [{"id": "s"}]})
        return Answer(body=page)

    controller.server.answer = answer
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seen = controller.observe(deadline_s=30)
    grown_bytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert seen.outcome is Outcome.OK
    assert len(controller.paths()) == 21, "fewer pages prove nothing"
    assert grown_bytes < 80 << 20 < 21 * len(page)
