"""A scenario changes what it says, in its order; each step that cannot be is told in Dutch."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.boundary import Boundary
from geodata.city import City
from netmon.analysis.plan_rows import Action, Step
from netmon.analysis.scenario_steps import Changed, Ground, applied
from netmon.analysis.scenarios import LONGEST_TEXT, MOST_STEPS
from netmon.domain.model import Device, DeviceKind, Inventory, Offer, Place, Service

TODAY = date(2026, 11, 23)
IN_TOWN = {"lon": 4.482, "lat": 51.024}
HOURS = "Mo-Fr 09:00-12:00"

BIB = Place("bib", "Bib", is_street=False, lon=4.48, lat=51.03, offers=(Offer(Service.COMPUTER),))
BRUUL = Place("bruul", "Bruul", is_street=True, lon=None, lat=None)
AP = Device("ap-1", DeviceKind.ACCESS_POINT, "AP 1", "bruul", "192.0.2.1", lon=4.482, lat=51.024)
SWITCH = Device("sw-1", DeviceKind.SWITCH, "Switch", "bruul", "192.0.2.2")
TOWN = Inventory((BIB, BRUUL), (AP, SWITCH))

BOUNDARY = Boundary.load(City.bundled().boundary)
GROUND = Ground(BOUNDARY, lambda lon, _lat: lon > 4.484)


def done(*steps: Step) -> Changed:
    return applied(steps, TOWN, GROUND, TODAY)


def test_an_access_point_is_added_moved_and_removed() -> None:
    added = Step(Action.ADD_ACCESS_POINT, "ap-2", **IN_TOWN)
    moved = Step(Action.MOVE_ACCESS_POINT, "ap-2", lon=4.483, lat=51.025)
    assert done(added).access_points == {"ap-1": (4.482, 51.024), "ap-2": (4.482, 51.024)}
    assert done(added, moved).access_points["ap-2"] == (4.483, 51.025)
    gone = done(added, Step(Action.REMOVE_ACCESS_POINT, "ap-1"))
    assert gone.access_points == {"ap-2": (4.482, 51.024)}
    assert gone.problems == []


def test_a_site_is_added_with_hours_that_count_as_confirmed_and_as_invented() -> None:
    step = Step(Action.ADD_SITE, "new", **IN_TOWN, service=Service.GUIDED, hours=HOURS, seats=3)
    second = Step(Action.ADD_SITE, "new", service=Service.COMPUTER, hours=HOURS)
    place = done(step, second).places["new"]
    assert place.synthetic
    assert [(each.service, each.seats) for each in place.offers] == [
        (Service.GUIDED, 3),
        (Service.COMPUTER, None),
    ]
    assert place.offers[0].confirmed_on == TODAY
    assert "new" not in done(step, Step(Action.REMOVE_SITE, "new")).places


def test_hours_of_one_service_change_and_those_of_the_others_stay() -> None:
    both = Place("x", "X", is_street=False, lon=4.48, lat=51.03, offers=(
        Offer(Service.COMPUTER, "Mo 08:00-10:00"), Offer(Service.GUIDED, "Tu 08:00-10:00"),
    ))  # fmt: skip
    step = Step(Action.SET_HOURS, "x", service=Service.GUIDED, hours=HOURS)
    city = applied([step], Inventory((both,), ()), GROUND, TODAY)
    assert [each.opening_hours for each in city.places["x"].offers] == ["Mo 08:00-10:00", HOURS]
    every = applied(
        [Step(Action.SET_HOURS, "x", hours=HOURS)], Inventory((both,), ()), GROUND, TODAY
    )
    assert {each.opening_hours for each in every.places["x"].offers} == {HOURS}


WRONG = [
    (Step(Action.ADD_ACCESS_POINT, "ap-2"), "kies een plaats"),
    (Step(Action.ADD_ACCESS_POINT, "ap-2", lon=float("nan"), lat=51.0), "getallen"),
    (Step(Action.ADD_ACCESS_POINT, "ap-2", lon=157_000, lat=191_000), "graden"),
    (Step(Action.ADD_ACCESS_POINT, "ap-2", lon=51.024, lat=4.482), "verwisseld"),
    (Step(Action.ADD_ACCESS_POINT, "ap-2", lon=3.7, lat=51.05), "buiten de stad"),
    (Step(Action.ADD_ACCESS_POINT, "ap-2", lon=4.4841, lat=51.024), "in een gebouw"),
    (Step(Action.ADD_ACCESS_POINT, "sw-1", **IN_TOWN), "bestaat al"),
    (Step(Action.ADD_ACCESS_POINT, "<b>", **IN_TOWN), "letters, cijfers"),
    (Step(Action.ADD_ACCESS_POINT, "", **IN_TOWN), "zonder naam"),
    (Step(Action.MOVE_ACCESS_POINT, "sw-1", **IN_TOWN), "geen toegangspunt"),
    (Step(Action.REMOVE_ACCESS_POINT, "nobody"), "geen toegangspunt"),
    (Step(Action.ADD_SITE, "bib", **IN_TOWN, service=Service.COMPUTER, hours=HOURS), "bestaat al"),
    (Step(Action.ADD_SITE, "new", **IN_TOWN, hours=HOURS), "welke dienst"),
    (Step(Action.ADD_SITE, "new", **IN_TOWN, service=Service.WIFI, hours=HOURS), "welke dienst"),
    (Step(Action.ADD_SITE, "new", **IN_TOWN, service=Service.GUIDED), "vul openingsuren in"),
    (
        Step(Action.ADD_SITE, "new", **IN_TOWN, service=Service.GUIDED, hours=HOURS, seats=0),
        "tussen 1 en",
    ),
    (Step(Action.REMOVE_SITE, "bruul"), "geen plek"),
    (Step(Action.SET_HOURS, "bib", hours="elke dag"), "niet lezen"),
    (Step(Action.SET_HOURS, "bib", service=Service.GUIDED, hours=HOURS), "heeft die dienst niet"),
]


@pytest.mark.parametrize(("step", "words"), WRONG, ids=[words for _, words in WRONG])
def test_a_step_that_cannot_be_is_left_out_and_told(step: Step, words: str) -> None:
    city = done(step)
    (problem,) = city.problems
    assert re.match(r"\w+ 1 \(.*\): .*\.$", problem)
    assert words in problem
    assert (city.places, city.access_points) == (
        Changed.of(TOWN).places,
        Changed.of(TOWN).access_points,
    )


def test_a_wrong_step_does_not_keep_the_others_from_being_done() -> None:
    city = done(WRONG[0][0], Step(Action.REMOVE_SITE, "bib"))
    assert "bib" not in city.places
    assert len(city.problems) == 1


def test_too_many_steps_or_too_long_ones_change_nothing() -> None:
    removal = Step(Action.REMOVE_SITE, "bib")
    for steps in (
        [removal] * (MOST_STEPS + 1),
        [removal, Step(Action.SET_HOURS, "x" * (LONGEST_TEXT + 1))],
    ):
        city = applied(steps, TOWN, GROUND, TODAY)
        assert "bib" in city.places
        assert len(city.problems) == 1


STEPS = st.builds(
    Step,
    st.sampled_from(Action),
    st.sampled_from(["ap-1", "ap-2", "bib", "bruul", "sw-1", "\u202e<x>", ""]),
    st.none() | st.floats(),
    st.none() | st.floats(),
    st.none() | st.sampled_from(Service),
    st.none() | st.text(max_size=30) | st.just(HOURS),
    st.none() | st.integers(),
)


@given(st.lists(STEPS, max_size=8))
def test_whatever_is_asked_the_streets_stay_and_nothing_is_put_out_of_town(
    steps: list[Step],
) -> None:
    city = done(*steps)
    assert city.places["bruul"] == BRUUL
    assert len(city.problems) <= len(steps)
    assert all("\u202e" not in each for each in city.problems)
    new = [each for each in city.access_points.values() if each is not None]
    new += [(each.lon, each.lat) for each in city.places.values() if each.lon is not None]
    assert all(BOUNDARY.contains(*each) for each in new)
