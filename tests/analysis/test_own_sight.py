"""Netmon's own line is cut at any moment, in any phase: nothing is ever told as down for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netmon.domain.model import Device, Status
from tests.analysis.network import Network
from tests.analysis.town import Town, access_point, at, only_icmp

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
