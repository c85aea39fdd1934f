"""What falls to whom: nothing is given twice, and few people are never told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.city import City
from netmon.analysis.equity import (
    access_at_points,
    area_access,
    equity_rows,
    group_access,
    hidden,
    income_at,
    supply_of,
)
from netmon.analysis.ledger import Parts
from netmon.analysis.ledger_report import CITY as CITY_ROW
from netmon.analysis.ledger_report import LedgerRow, PlaceRow
from netmon.analysis.people import OfferPoint, People
from netmon.config.settings import CitySettings, InventorySettings, Settings
from netmon.domain.groups import Target
from netmon.domain.model import Service
from netmon.domain.offers import SeatSeconds

CITY = City.bundled()
CENTRE = (657_826.0, 690_891.0)


@pytest.fixture(scope="module")
def people() -> People:
    """The bundled city."""
    folder, sites = CitySettings(folder=CITY.folder), InventorySettings(sites=CITY.sites)
    return People.load(Settings(city=folder, inventory=sites))


def _offers(*at: tuple[float, float]) -> list[OfferPoint]:
    return [
        OfferPoint(f"o{number}", Service.COMPUTER, f"p{number}", x_m, y_m, 10.0)
        for number, (x_m, y_m) in enumerate(at)
    ]


def test_all_of_the_supply_falls_to_somebody_and_none_twice(people: People) -> None:
    offers = _offers(CENTRE, (CENTRE[0] + 600, CENTRE[1]), (0.0, 0.0))
    access = access_at_points(people, offers, {"o0": 40.0, "o1": 10.0, "o2": 99.0})
    fallen = (access * people.points.people[:, 0]).sum()
    assert fallen == pytest.approx(50.0, rel=1e-9)  # nobody lives near the third


def test_the_stretches_of_a_street_share_what_it_has() -> None:
    row = PlaceRow(Service.WIFI, "bruul", "Bruul", True, SeatSeconds(working_s=7200), {})  # noqa: FBT003 - a row
    stretches = [OfferPoint(f"bruul:{at}", Service.WIFI, "bruul", 0.0, 0.0) for at in range(4)]
    site = OfferPoint("x/computer", Service.COMPUTER, "x", 0.0, 0.0)
    found = supply_of([row], [*stretches, site])
    assert found == {**{each.id: 0.5 for each in stretches}, "x/computer": 0.0}


def test_neighbourhoods_add_up_to_the_city(people: People) -> None:
    access = access_at_points(people, _offers(CENTRE), {"o0": 40.0})
    (city,) = [each for each in group_access(people, access) if each.group == "all"]
    by_area = area_access(people, access)
    assert by_area["all", CITY_ROW] == city.access
    points = people.points
    living = {area: points.people[points.area == area, 0].sum() for area in people.areas["id"]}
    fallen = sum(living[area] * (by_area["all", area] or 0.0) for area in living)
    assert fallen / sum(living.values()) == pytest.approx(city.access, rel=1e-9)
    assert by_area["staff", "12025W01"] is None  # nobody of the city works there
    assert 0 < (city.gini or 0) < 1


def test_a_group_that_is_the_same_share_everywhere_is_not_set_against_the_city(
    people: People,
) -> None:
    access = access_at_points(people, _offers(CENTRE), {"o0": 40.0})
    found = {each.group: each.against_city for each in group_access(people, access)}
    assert found["older"] is None  # ages are known of the whole city alone
    assert found["staff"] is not None


def test_without_imported_incomes_there_is_no_concentration(people: People) -> None:
    assert income_at(people, CITY) is None
    access = access_at_points(people, _offers(CENTRE), {"o0": 40.0})
    assert {each.concentration for each in group_access(people, access)} == {None}


def test_groups_stand_beside_the_city_and_their_target() -> None:
    computer, wifi = Service.COMPUTER, Service.WIFI
    here = Parts(delivered_h=60, outage_h=20, distance_h=20)
    ledger = [
        LedgerRow(computer, "all", CITY_ROW, 20.0, Parts(delivered_h=60, distance_h=140)),
        LedgerRow(computer, "all", "a", 10.0, here),
        LedgerRow(computer, "all", "b", 10.0, Parts(delivered_h=0, distance_h=100)),
        LedgerRow(computer, "older", "a", 2.0, Parts(delivered_h=9, unverified_h=1, outage_h=1)),
        # What nobody knows is neither kept nor broken.
        LedgerRow(wifi, "older", "a", 2.0, Parts(distance_h=10, unverified_h=30)),
    ]
    targets = [
        Target(Service.COMPUTER, "older", 2026, 0.95),
        Target(Service.COMPUTER, "all", 2025, 0.5),
    ]
    city, older, without = equity_rows(ledger, targets, 2026)
    assert (city.delivered_share, city.kept_share, city.target) == (0.3, 0.75, None)
    assert city.gini == pytest.approx(0.5)
    assert (older.delivered_share, older.city_share) == (pytest.approx(9 / 11), 0.3)
    assert (older.kept_share, older.target, older.is_met) == (0.9, 0.95, False)
    assert city.is_met is None
    assert (without.delivered_share, without.city_share) == (0.0, None)
    assert (without.kept_share, without.gini, without.target) == (None, None, None)


KEYS = st.tuples(st.sampled_from(["all", "older", "young"]), st.sampled_from("abcd"))


@given(st.dictionaries(KEYS, st.integers(0, 60).map(float)))
def test_whatever_is_small_is_hidden_and_never_alone(
    counts: dict[tuple[str, str], float],
) -> None:
    found = hidden(counts)
    assert found <= set(counts)
    for key, people in counts.items():
        if 0 < people < 10:
            assert key in found
    for group in ("all", "older", "young"):
        shown = [key for key in counts if key[0] == group and key not in found and counts[key]]
        behind = [counts[key] for key in found if key[0] == group]
        if behind and shown:
            assert sum(behind) == 0 or (sum(behind) >= 10 and sum(map(bool, behind)) > 1)


def test_access_is_zero_where_no_offer_is_near(people: People) -> None:
    access = access_at_points(people, [], {})
    assert not np.any(access)
    assert group_access(people, access)[0].gini is None
