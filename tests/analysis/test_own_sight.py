"""Netmon's own line is cut at any moment, in any phase: nothing is ever told as down for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netmon.domain.intervals import epoch_s
from netmon.domain.model import Device, Status
from netmon.domain.sight import OWN_SIGHT, SIGHT
from tests.analysis.network import Network
from tests.analysis.town import Town, access_point, at, only_icmp
from tests.runs import stored_runs

WITNESSED: dict[str, object] = {"sight": {"witnesses": ["192.0.2.53", "192.0.2.1"]}}
MANY = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def flat(count: int) -> list[Device]:
    """Return so many devices that depend on nothing, half of them with two behind."""
    roots = [access_point(f"gw-{number}") for number in range(count)]
    behind = [
        access_point(f"ap-{number}-{which}", f"gw-{number}")
        for number in range(0, count, 2)
        for which in "ab"
    ]
    return roots + behind


def downs(town: Town, since: int = 0) -> list[tuple[str, int]]:
    """Return each recorded run of down that began after a second."""
    start = int(at(since).timestamp())
    return [
        (run.device_id, run.start_s - start + since)
        for run in town.rows()
        if run.status is Status.DOWN and run.start_s >= start
    ]


@dataclass(frozen=True)
class City:
    """How a city is asked, and by what netmon can know that its own line is cut."""

    name: str
    more: dict[str, object]
    roots: int
    interval_s: float


WAYS = [
    ("few and witnesses", WITNESSED, 3),
    ("many and witnesses", WITNESSED, 12),
    ("many", {}, 12),
]
CITIES = [
    City(f"{name}, every {interval_s:g} s", more, roots, interval_s)
    for name, more, roots in WAYS
    for interval_s in (10.0, 60.0, 300.0)
]


@contextmanager
def playing(folder: Path, city: City) -> Iterator[Network]:
    told = only_icmp(**city.more, checks={"icmp": {"interval_s": city.interval_s}})
    with Town(folder, told) as town:
        devices = flat(city.roots)
        town.inhabit(devices)
        network = Network(town, devices)
        network.run(round(2 * city.interval_s))
        yield network


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.name)
@MANY
@given(phase=st.integers(0, 300), lengths=st.lists(st.integers(1, 900), min_size=1, max_size=3))
def test_a_cut_of_the_own_line_makes_nothing_down(
    tmp_path_factory: pytest.TempPathFactory, city: City, phase: int, lengths: list[int]
) -> None:
    """Nor does a restart in the middle of it."""
    with playing(tmp_path_factory.mktemp("town"), city) as network:
        town = network.town
        network.run(phase)
        network.is_cut = True
        network.run(lengths[0])
        for length in lengths[1:]:
            network.restart()
            network.run(length)
        assert town.views.incidents(at(network.second)) == ()
        network.is_cut = False
        network.run(round(2 * city.interval_s) + 120)
        assert downs(town) == []
        assert town.views.incidents(at(network.second)) == ()
        assert set(town.status(network.second).values()) == {Status.UP}
        assert town.views.blind_since(at(network.second)) is None


def test_the_gap_is_unknown_for_its_own_reason_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with playing(tmp_path, CITIES[4]) as network:
        town = network.town
        network.is_cut = True
        network.run(400)
        (since,) = {town.views.blind_since(at(network.second))}
        assert since is not None and at(120) < since <= at(190)
        rows = town.views.devices(at(network.second))
        assert {(row.status, row.reason) for row in rows} == {(Status.UNKNOWN, OWN_SIGHT)}
        assert min(row.since for row in rows if row.since) == since
        assert town.views.health(at(network.second)).blind_since == since
        network.is_cut = False
        network.run(120)
        told = [each.getMessage().split(" since=")[0] for each in caplog.records]
        assert told.count("own sight lost") == 1
        assert sum("own sight returned" in each for each in told) == 1
        gaps = [run for run in stored_runs(tmp_path) if run.reason == OWN_SIGHT]
        assert len(gaps) == len(network.devices) + 1, "one for each device, one of netmon's own"
        (own,) = [run for run in gaps if (run.device_id, run.check) == SIGHT]
        assert own.end_s is not None and 395 < own.end_s - own.start_s < 410


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.name)
@MANY
@given(phase=st.integers(0, 300))
def test_a_true_outage_is_told_as_if_nobody_doubted(
    tmp_path_factory: pytest.TempPathFactory, city: City, phase: int
) -> None:
    """Dated at its first look, sure after its third one; one look later at the very most."""
    with playing(tmp_path_factory.mktemp("town"), city) as network:
        town = network.town
        network.run(phase)
        network.dead |= {"gw-1", "ap-0-a"}
        began = network.second
        network.run(round(city.interval_s) + 2 * 20 + 20 + 5)
        expected = {"gw-1", "ap-0-a"}
        assert {device for device, _ in downs(town)} == expected
        assert all(began < at_s <= began + city.interval_s for _, at_s in downs(town))
        assert {row.subject_id for row in town.views.incidents(at(network.second))} == expected
        assert town.views.blind_since(at(network.second)) is None


def test_what_dies_in_the_dark_is_dated_after_sight_returned(tmp_path: Path) -> None:
    with playing(tmp_path, CITIES[4]) as network:
        network.is_cut = True
        network.run(300)
        network.dead.add("gw-3")
        network.run(300)
        network.is_cut, returned = False, network.second
        network.run(180)
        ((device, at_s),) = downs(network.town)
        assert device == "gw-3" and returned < at_s <= returned + 60


def test_what_was_down_before_is_one_incident_through_the_dark(tmp_path: Path) -> None:
    with playing(tmp_path, CITIES[4]) as network:
        town = network.town
        network.dead.add("gw-3")
        network.run(300)
        network.is_cut = True
        network.run(300)
        network.restart()
        assert town.status(network.second)["gw-3"] is Status.UNKNOWN
        network.run(300)
        network.is_cut = False
        network.run(600)
        assert town.views.blind_since(at(network.second)) is None
        (row,) = town.views.incidents(at(network.second))
        assert (row.subject_id, row.ended_at) == ("gw-3", None)
        network.dead.clear()
        network.run(400)
        (row,) = town.views.incidents(at(network.second))
        assert row.ended_at is not None


@pytest.mark.parametrize("restarts", [False, True])
def test_those_that_were_dead_before_keep_nobody_in_the_dark(
    tmp_path: Path, *, restarts: bool
) -> None:
    """Ten of twelve have not answered for long: the two others are enough to see again."""
    with playing(tmp_path, CITIES[4]) as network:
        for number in range(10):
            network.dead.add(f"gw-{number}")
            network.run(130)
        assert network.town.views.blind_since(at(network.second)) is None
        network.is_cut = True
        network.run(300)
        assert network.town.views.blind_since(at(network.second)) is not None
        if restarts:
            network.restart()
        network.run(60)
        network.is_cut = False
        network.run(120)
        assert network.town.views.blind_since(at(network.second)) is None
        assert network.town.status(network.second)["gw-11"] is Status.UP


@pytest.mark.parametrize("is_cut", [False, True])
def test_one_gateway_above_all_is_an_outage_unless_witnesses_are_silent(
    tmp_path: Path, *, is_cut: bool
) -> None:
    points = [access_point(f"ap-{number}", "gw") for number in range(8)]
    with Town(tmp_path, only_icmp(**WITNESSED)) as town:
        devices = [access_point("gw"), *points]
        town.inhabit(devices)
        network = Network(town, devices)
        network.run(120)
        network.is_cut = is_cut
        network.dead.add("gw")
        network.run(200)
        found = [row.subject_id for row in town.views.incidents(at(network.second))]
        assert found == ([] if is_cut else ["gw"])


def test_witnesses_that_stop_answering_hide_no_outage(tmp_path: Path) -> None:
    """The city's line to the world is cut; what is inside goes on, and one device dies."""
    with playing(tmp_path, CITIES[1]) as network:
        town = network.town
        network.is_far_cut = True
        network.run(600)
        assert town.views.blind_since(at(network.second)) is None
        network.dead.add("ap-0-a")
        network.run(200)
        assert [device for device, _ in downs(town)] == ["ap-0-a"]
        assert town.views.blind_since(at(network.second)) is None


def test_a_second_cut_behind_the_first_is_seen_by_what_falls_silent(tmp_path: Path) -> None:
    """The witnesses have been silent for long when netmon's own line goes, too."""
    with playing(tmp_path, CITIES[1]) as network:
        town = network.town
        network.is_far_cut = True
        network.run(600)
        network.is_cut = True
        network.run(600)
        assert downs(town) == []
        assert town.views.blind_since(at(network.second)) is not None
        network.is_cut = network.is_far_cut = False
        network.run(180)
        assert set(town.status(network.second).values()) == {Status.UP}


def test_one_that_answers_late_after_the_return_is_no_outage(tmp_path: Path) -> None:
    """Routes settle one after the other: the grace lets them."""
    with playing(tmp_path, CITIES[4]) as network:
        network.is_cut = True
        network.run(300)
        slow = {f"gw-{number}" for number in range(8)}
        network.is_cut, network.dead = False, set(slow)
        network.run(50)
        network.dead.clear()
        network.run(120)
        assert downs(network.town) == []
        assert set(network.town.status(network.second).values()) == {Status.UP}


def test_the_time_in_which_netmon_was_off_is_unknown(tmp_path: Path) -> None:
    """Also in what availability counts: neither up nor down."""
    with playing(tmp_path, CITIES[1]) as network:
        town, off = network.town, network.second
        network.second += 7200
        network.restart()
        network.run(120)
        bounds = (epoch_s(at(off)), epoch_s(at(off + 7200)))
        for row in town.views.availability(bounds, at(network.second)):
            assert 7200 - 150 <= row.shares.unknown_s < 7200
            assert row.shares.down_s == row.shares.unreachable_s == 0
        own = [run for run in stored_runs(tmp_path) if (run.device_id, run.check) == SIGHT]
        assert [run.status for run in own] == [Status.UP, Status.UNKNOWN, Status.UP]
        assert own[1].reason == "not_observed"
