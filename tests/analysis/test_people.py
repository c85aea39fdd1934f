"""Who reaches what: everybody is counted once, whatever is offered and however far they walk."""

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.city import City
from geodata.walking import Method
from netmon.analysis.people import (
    OfferPoint,
    People,
    site_points,
    to_be_located,
    unread_conditions,
)
from netmon.config.settings import CitySettings, InventorySettings, Settings
from netmon.domain.groups import Group
from netmon.domain.model import Offer, Place, Service

CITY = City.bundled()
SETTINGS = Settings(
    city=CitySettings(folder=CITY.folder), inventory=InventorySettings(sites=CITY.sites)
)
CENTRE = (657_826.0, 690_891.0)
TEXTS = st.sampled_from([None, "vanaf 16 jaar", "t/m 25 jaar", "op afspraak", "65+", "no dogs"])


@pytest.fixture(scope="module")
def people() -> People:
    """The bundled city."""
    return People.load(SETTINGS)


def _offer(number: int, at: tuple[float, float] | None, text: str | None = None) -> OfferPoint:
    x_m, y_m = at or (None, None)
    return OfferPoint(f"o{number}", Service.COMPUTER, f"p{number}", x_m, y_m, 10.0, text)


OFFERS = st.lists(
    st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000), TEXTS, st.booleans()), max_size=8
).map(
    lambda rows: [
        _offer(number, (CENTRE[0] + x, CENTRE[1] + y) if is_placed else None, text)
        for number, (x, y, text, is_placed) in enumerate(rows)
    ]
)


def test_the_city_has_its_groups_and_says_what_is_invented(people: People) -> None:
    assert people.points.groups[0] == "all"
    assert set(people.groups) == set(people.points.groups)
    assert all(people.is_synthetic(group) for group in people.groups)
    assert people.method is Method.STRAIGHT
    assert people.points.people[:, 0].sum() == pytest.approx(83_975, rel=1e-9)
    assert set(people.points.area) == set(people.areas["id"])
    assert any(each.is_synthetic for each in people.provenance)


def test_staff_are_counted_where_they_work(people: People) -> None:
    column = people.points.groups.index("staff")
    at_work = people.points.people[:, column] > 0
    assert at_work.sum() == 7
    assert not people.points.people[at_work, :column].any()


@given(offers=OFFERS, group=st.sampled_from(["all", "older", "young", "staff"]))
@settings(deadline=None)
def test_demands_are_the_group_whatever_is_offered(
    people: People, offers: list[OfferPoint], group: str
) -> None:
    found = people.demands(offers, group)
    column = people.points.groups.index(group)
    assert math.fsum(each.people for each in found) == pytest.approx(
        people.points.people[:, column].sum(), rel=1e-9
    )
    located = {each.id for each in offers if each.is_located}
    assert all(each.reach <= located for each in found)
    assert all(not each.reach for each in found if each.is_refused)
    assert len({(each.area, each.reach, each.is_refused) for each in found}) <= len(found)


@given(offers=OFFERS, shorter_m=st.floats(60, 600), longer_m=st.floats(600, 1500))
@settings(deadline=None, max_examples=25)
def test_who_walks_farther_reaches_no_less(
    people: People, offers: list[OfferPoint], shorter_m: float, longer_m: float
) -> None:
    near, far = people.distances(offers, shorter_m), people.distances(offers, longer_m)
    assert near.shape == far.shape == (len(people.points.at), len(offers))
    assert not (near.astype(bool) > far.astype(bool)).nnz


def _served(people: People, offers: list[OfferPoint]) -> dict[str, float]:
    served = dict.fromkeys(people.areas["id"], 0.0)
    for each in people.demands(offers, "all"):
        served[each.area] += each.people if each.reach else 0.0
    return served


@given(offers=OFFERS, x_m=st.floats(-2000, 2000), text=TEXTS)
@settings(deadline=None, max_examples=25)
def test_one_more_offer_takes_nobody_what_they_reach(
    people: People, offers: list[OfferPoint], x_m: float, text: str | None
) -> None:
    more = [*offers, _offer(len(offers), (CENTRE[0] + x_m, CENTRE[1]), text)]
    before, after = _served(people, offers), _served(people, more)
    assert all(after[area] >= before[area] - 1e-6 for area in before)


def _may(offer: OfferPoint, age: int) -> bool:
    limits = {"vanaf 16 jaar": (16, 120), "t/m 25 jaar": (0, 25), "65+": (65, 120)}
    least, most = limits.get(offer.conditions or "", (0, 120))
    return least <= age <= most


@given(offers=OFFERS)
@settings(deadline=None, max_examples=15)
def test_demands_agree_with_a_slow_count_in_dictionaries(
    people: People, offers: list[OfferPoint]
) -> None:
    ages = people.inhabitants.ages
    metres = people.distances(offers, 400.0).toarray()
    slow: dict[tuple[str, frozenset[str], bool], float] = {}
    edges = [0, 16, 26, 65, len(ages)]
    shares = [sum(ages[low:high]) / sum(ages) for low, high in pairwise(edges)]
    for point in np.flatnonzero(people.points.people[:, 0] > 0):
        near = [each for at, each in enumerate(offers) if metres[point, at] > 0]
        for age, share in zip(edges[:-1], shares, strict=True):
            usable = frozenset(each.id for each in near if _may(each, age))
            key = (str(people.points.area[point]), usable, bool(near) and not usable)
            slow[key] = slow.get(key, 0.0) + people.points.people[point, 0] * share
    quick: dict[tuple[str, frozenset[str], bool], float] = {}
    for each in people.demands(offers, "all"):
        key = (each.area, each.reach, each.is_refused)
        quick[key] = quick.get(key, 0.0) + each.people
    assert quick == pytest.approx(slow, rel=1e-9)


def _with(people: People, group: Group) -> People:
    groups = {**people.groups, group.id: group}
    return People(people.inhabitants, people.walks, people.areas, groups, people.streets)


def test_a_group_that_does_not_meet_a_condition_is_refused(people: People) -> None:
    offers = [_offer(0, CENTRE, "op afspraak")]
    strangers = dataclasses.replace(people.groups["all"], meets=frozenset())
    other = _with(people, strangers)
    met, refused = people.demands(offers, "all"), other.demands(offers, "all")
    assert sum(each.people for each in met if each.reach) > 0
    assert not any(each.reach for each in refused)
    assert sum(each.people for each in refused if each.is_refused) == pytest.approx(
        sum(each.people for each in met if each.reach)
    )


def _place(name: str, lon: float | None, lat: float | None, offer: Offer) -> Place:
    return Place(name, name, is_street=False, lon=lon, lat=lat, precision_m=20.0, offers=(offer,))


def test_a_site_without_a_position_is_in_nobodys_reach_and_told(people: People) -> None:
    dogs = Offer(Service.COMPUTER, conditions="no dogs")
    here = _place("here", 4.480345, 51.028138, dogs)
    nowhere = _place("nowhere", None, None, Offer(Service.GUIDED))
    street = dataclasses.replace(here, id="street", is_street=True)
    offers = site_points([here, nowhere, street])
    assert [each.id for each in offers] == ["here/computer", "nowhere/guided"]
    assert (offers[0].x_m, offers[0].y_m) == pytest.approx(CENTRE, abs=1)
    assert to_be_located(offers) == ("nowhere",)
    assert unread_conditions(offers) == {"here/computer": "no dogs"}
    reach = people.reach(offers, "all").toarray()
    assert reach[:, 0].any()
    assert not reach[:, 1].any()


def test_a_result_has_the_worst_precision_of_what_it_was_made_with(people: People) -> None:
    assert (
        people.precision_m([_offer(0, CENTRE)]) == 400.0
    )  # of the village houses where staff works
    vague = dataclasses.replace(_offer(1, CENTRE), precision_m=900.0)
    assert people.precision_m([_offer(0, CENTRE), vague]) == 900.0
    unknown = dataclasses.replace(vague, precision_m=None)
    assert people.precision_m([unknown]) is None


def test_equal_cities_have_equal_fingerprints_and_another_reach_another(people: People) -> None:
    assert People.load(SETTINGS).digest == people.digest
    wider = Group("all", "Iedereen", reach_m=500.0)
    assert _with(people, wider).digest != people.digest
