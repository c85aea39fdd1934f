"""What open incidents mean, from real stores and the bundled map: a switch of the Bruul fails."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.observation import Outcome
from geodata.city import City as Files
from geodata.layers import load_layer
from netmon.analysis.accounts import LedgerViews
from netmon.analysis.impact import Impact
from netmon.analysis.impacts import City, Impacts, where_in
from netmon.analysis.on_foot import OnFoot
from netmon.analysis.people import People
from netmon.analysis.radio import RadioMap
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Device, DeviceKind, Inventory, Offer, Place, Service
from tests.analysis.town import Town, at, only_icmp

FILES = Files.bundled()
BRUUL = Place("bruul", "Bruul", is_street=True, lon=None, lat=None, opening_hours="24/7")
LIBRARY = Place(
    "bib-predikheren", "Het Predikheren", is_street=False, lon=4.480108, lat=51.033575,
    opening_hours="Mo-Fr 09:00-17:00", precision_m=30.0,
    offers=(Offer(Service.COMPUTER, "Mo-Fr 09:00-17:00", confirmed_on=at(0).date()),),
)  # fmt: skip
PC = Device("pc-1", DeviceKind.PUBLIC_PC, "pc-1", LIBRARY.id, "192.0.2.3")


def access_points() -> list[Device]:
    """Return those of the Bruul, where the generated inventory hangs them."""
    with FILES.demo_devices.open(newline="", encoding="utf-8") as lines:
        return [
            Device(
                each["id"], DeviceKind.ACCESS_POINT, each["name"], "bruul", "192.0.2.1",
                parents=("sw-bruul",), lon=float(each["lon"]), lat=float(each["lat"]),
            )
            for each in csv.DictReader(lines)
            if each["id"].startswith("ap-bruul")
        ]  # fmt: skip


POINTS = access_points()
SWITCH = Device("sw-bruul", DeviceKind.SWITCH, "sw-bruul", "bruul", "192.0.2.2")
DEVICES = (SWITCH, *POINTS, PC)


@pytest.fixture(scope="module")
def city() -> City:
    """The bundled Mechelen with these access points alone."""
    streets, settings = load_layer(FILES.streets), only_icmp(city={"folder": str(FILES.folder)})
    inventory = Inventory((BRUUL, LIBRARY), DEVICES)
    radio = RadioMap(inventory, streets, None, settings.coverage)
    ways = OnFoot.in_city(FILES.folder).ways
    return City(where_in(inventory, streets), ways, radio, People.load(settings))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Town(tmp_path) as made:
        made.inhabit(DEVICES, (BRUUL, LIBRARY))
        yield made


def with_ledger(town: Town, city: City) -> City:
    assert city.people is not None
    return replace(city, ledger=LedgerViews(town.views.stores, city.people, lambda _: city.radio))


def meant(town: Town, city: City, dead: set[str], second: float = 600) -> dict[str, Impact]:
    """Return what incidents mean after some devices fell silent at the start."""
    for each in DEVICES:
        outcome = Outcome.TIMEOUT if each.id in dead else Outcome.OK
        town.see(each.id, [0, 30], Outcome.OK)
        town.see(each.id, range(60, int(second), 60), outcome)
    found = Impacts(town.views, lambda: city).at(at(second))
    return {key.partition("@")[0]: impact for key, impact in found.items()}


def test_a_dead_switch_takes_the_street_and_the_library_is_next(town: Town, city: City) -> None:
    dead = {SWITCH.id, *(each.id for each in POINTS)}
    impact = meant(town, city, dead)["sw-bruul"]
    street_m = sum(each.length_m for each in city.radio.stretches if each.street_id == "bruul")
    lost = impact.lost_m
    assert lost is not None and lost.planned == pytest.approx(street_m, rel=0.2)
    spot = impact.next_spot
    assert spot is not None and (spot.id, spot.service) == (LIBRARY.id, Service.COMPUTER)
    assert not spot.is_same and spot.until == at(7 * 3600)
    assert impact.people is not None and impact.people.planned > 100
    assert impact.synthetic


def test_neighbours_make_up_for_one_access_point(town: Town, city: City) -> None:
    impact = meant(town, city, {POINTS[5].id})[POINTS[5].id]
    assert impact.lost_m is not None and impact.lost_m.high < 100
    assert impact.people is not None and impact.people.high < 100
    assert impact.lost_m.high > 0 or impact.next_spot is None


def test_nobody_is_sent_elsewhere_where_neighbours_serve_all_of_the_street(
    town: Town, city: City
) -> None:
    (impact,) = meant(town, city, {POINTS[10].id}).values()
    assert impact.lost_m is not None and impact.lost_m2 is not None
    assert impact.lost_m.high == impact.lost_m2.high == 0
    assert impact.next_spot is None


def test_an_access_point_without_a_place_has_lost_nobody_knows_what(town: Town, city: City) -> None:
    lost = POINTS[3].id
    (impact,) = meant(
        town, replace(city, radio=city.radio.changed(removed={lost})), {lost}
    ).values()
    assert (impact.lost_m, impact.lost_m2) == (None, None)
    assert impact.next_spot is not None


def test_the_lost_street_is_what_the_radio_map_no_longer_serves(town: Town, city: City) -> None:
    dead = {each.id for each in POINTS[::2]}
    found = meant(town, city, dead)
    alive = {each.id for each in POINTS} - dead
    serving = city.radio.serving(is_optimistic=False)
    gone = [key for key, ids in serving.items() if ids and not ids & alive]
    gone_m = sum(each.length_m for each in city.radio.stretches if each.id in gone)
    each_m = [impact.lost_m.planned for impact in found.values() if impact.lost_m is not None]
    assert len(each_m) == len(dead) and max(each_m) <= gone_m <= sum(each_m)


def test_of_what_nobody_looks_at_any_more_nothing_is_said(town: Town, city: City) -> None:
    known = with_ledger(town, city)
    dead = {each.id for each in POINTS}
    meant(town, known, dead)
    found = Impacts(town.views, lambda: known).at(at(3600))
    assert found and all(each.lost_m is None and each.people is None for each in found.values())
    assert all(each.next_spot is None for each in found.values())


def test_nothing_is_said_where_nothing_is_broken_and_the_map_is_not_read(town: Town) -> None:
    def never() -> City:
        pytest.fail("the map was read")

    town.see(PC.id, [0, 30])
    assert Impacts(town.views, never).at(at(60)) == {}


def test_a_place_without_map_still_has_a_next_spot(town: Town, city: City) -> None:
    bare = replace(city, radio=None, people=None)
    impact = meant(town, bare, {each.id for each in POINTS})[POINTS[0].id]
    assert impact.next_spot is not None
    assert (impact.lost_m, impact.people, impact.synthetic) == (None, None, False)


def test_the_cost_of_an_incident_is_that_of_the_ledger_so_far(town: Town, city: City) -> None:
    dead = {SWITCH.id, *(each.id for each in POINTS)}
    known = with_ledger(town, city)
    (wifi,) = meant(town, known, dead, 3660)["sw-bruul"].costs or ()
    assert wifi.service is Service.WIFI
    report = known.ledger.between((epoch_s(at(60)), epoch_s(at(3660))), at(3660), groups=["all"])
    (row,) = [each for each in report.rows if each.service == "wifi" and each.area == "city"]
    assert wifi.person_h == pytest.approx(row.parts.outage_h) and wifi.person_h > 100


def test_the_cost_grows_with_time_and_is_asked_for_once_a_minute(town: Town, city: City) -> None:
    views = Impacts(town.views, lambda: with_ledger(town, city))
    dead = {SWITCH.id, *(each.id for each in POINTS)}
    meant(town, city, dead, 660)
    told = [views.at(at(second)) for second in (600, 630, 660)]
    first, same, later = (
        [cost.person_h for each in one.values() for cost in each.costs or ()] for one in told
    )
    assert first == same and sum(later) > sum(first)
