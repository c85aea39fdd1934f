"""Aruba Central over real HTTPS: pages, filters, numbers, and answers that go wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.checks.aruba_central import CHECK, Params
from collectors.observation import Observation, Outcome
from collectors.target import Token
from tests.collectors.controllers import ARUBA_TOKEN, Aruba
from tests.collectors.source_server import Answer, SourceServer, certificate


class Asked:
    """A cloud, and the check that asks it."""

    def __init__(self) -> None:
        self.aruba = Aruba()
        self.server = SourceServer(self.aruba)

    def observe(
        self, deadline_s: float = 10, token: str = ARUBA_TOKEN, **params: Any
    ) -> Observation:
        access = {"port": self.server.port, "ca_file": str(certificate())}
        return CHECK.observe(
            self.server.target(Token(token)), Params(**{**access, **params}), deadline_s
        )


@pytest.fixture
def central() -> Iterator[Asked]:
    asked = Asked()
    yield asked
    asked.server.close()
    assert asked.aruba.wrong == []


def test_access_points_are_told_with_state_and_numbers(central: Asked) -> None:
    seen = central.observe()
    assert (seen.outcome, seen.lists_all) == (Outcome.OK, True)
    up, down, _ = seen.sightings
    assert (up.name, up.mac, up.address, up.outcome) == (
        "ap-vismarkt-1",
        "02:00:5e:30:00:01",
        "192.0.2.21",
        Outcome.OK,
    )
    assert {each.name: each.value for each in up.measurements} == {
        "uptime_s": 86_400,
        "cpu_ratio": pytest.approx(0.09),
        "memory_ratio": pytest.approx(0.6),
        "stations": 7,
    }
    assert down.outcome is Outcome.TIMEOUT and down.measurements == ()
    totals = {each.name: each.value for each in seen.measurements}
    assert totals == {"access_points_up": 2, "access_points_total": 3}


def test_what_is_down_says_since_when_its_record_stands_still(central: Asked) -> None:
    central.aruba.aps[1]["last_modified"] = int(datetime(2024, 5, 6, 7, 8, tzinfo=UTC).timestamp())
    detail = central.observe().sightings[1].detail
    assert detail == "Aruba Central says Down, record unchanged since 2024-05-06 07:08 UTC"


@pytest.mark.parametrize("at", [None, "soon", -1, 1e30, 99_999_999_999, True, []])
def test_a_clock_that_is_wrong_forges_no_instant(central: Asked, at: object) -> None:
    """A clock that runs ahead is cut to now; what is no instant is left out."""
    central.aruba.aps[1]["last_modified"] = at
    seen = central.observe()
    assert all(each.at is None for each in seen.sightings)
    detail = seen.sightings[1].detail
    assert ("unchanged since" in detail) == (at == 99_999_999_999)
    assert "unchanged" not in detail or f"{seen.at:%Y-%m-%d}" in detail


def test_a_group_and_a_site_are_asked_for_by_name(central: Asked) -> None:
    assert [e.name for e in central.observe(group="Bibliotheek").sightings] == ["ap-predikheren"]
    assert len(central.observe(site="Vismarkt").sightings) == 2
    assert central.server.asked[-1].query["site"] == "Vismarkt"


def test_pages_of_a_thousand_are_read_to_the_end(central: Asked) -> None:
    central.aruba.aps[:] = [
        {"name": f"ap-{n}", "macaddr": f"02:00:5e:00:{n // 256:02x}:{n % 256:02x}", "status": "Up"}
        for n in range(2_345)
    ]
    seen = central.observe()
    assert len(seen.sightings) == 2_345 and seen.lists_all
    assert [each.query["offset"] for each in central.server.asked] == ["0", "1000", "2000"]


def test_half_pages_and_a_total_that_moves_make_no_whole_list(central: Asked) -> None:
    central.aruba.most_in_a_page = 2
    assert central.observe().lists_all
    central.aruba.disturb = lambda request, _: (
        Answer(body={"aps": [{"name": "ap-new", "status": "Up"}], "count": 1, "total": 4})
        if request.query["offset"] == "2"
        else None
    )
    seen = central.observe()
    assert seen.outcome is Outcome.OK and not seen.lists_all


def test_a_list_without_a_total_is_not_taken_for_whole(central: Asked) -> None:
    central.aruba.disturb = lambda _request, _number: Answer(
        body={"aps": central.aruba.aps[:2], "count": 2}
    )
    seen = central.observe()
    assert seen.outcome is Outcome.OK and len(seen.sightings) == 2 and not seen.lists_all


def test_a_state_that_is_neither_up_nor_down_decides_nothing(central: Asked) -> None:
    central.aruba.aps[0]["status"] = "Under\x07way"
    del central.aruba.aps[1]["status"]
    first, second, _ = central.observe().sightings
    assert first.outcome is None and first.detail.startswith("Aruba Central says Underway")
    assert second.outcome is None and "nothing of its status" in second.detail


@pytest.mark.parametrize(
    ("total", "free"), [(0, 0), (100, 200), (-5, -6), ("many", 1), (None, None), (True, 0)]
)
def test_memory_that_cannot_be_is_absent(central: Asked, total: object, free: object) -> None:
    central.aruba.aps[0] |= {"mem_total": total, "mem_free": free, "uptime": -3}
    found = {each.name for each in central.observe().sightings[0].measurements}
    assert found == {"cpu_ratio", "stations"}
