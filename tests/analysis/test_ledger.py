"""The access ledger: a worked day figure by figure, its laws, and a slow reference."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.analysis.ledger import (
    Account,
    Demand,
    Parts,
    Stage,
    ledger,
)
from netmon.domain.intervals import Interval
from netmon.domain.offers import OfferSpan, OfferState

H = 3600
DAY: list[Interval] = [(8 * H, 20 * H)]
CLOSED, ANNOUNCED, FAILED, UNKNOWN, WORKS = OfferState

A = [
    OfferSpan(9 * H, 10 * H + 1800, FAILED, ("i1",)),
    OfferSpan(10 * H + 1800, 12 * H, WORKS),
]
B = [
    OfferSpan(10 * H, 10 * H + 1800, FAILED, ("i2",)),
    OfferSpan(10 * H + 1800, 13 * H, WORKS),
    OfferSpan(13 * H, 14 * H, UNKNOWN),
    OfferSpan(14 * H, 15 * H, WORKS),
    OfferSpan(15 * H, 16 * H, ANNOUNCED),
    OfferSpan(16 * H, 18 * H, WORKS),
]
PEOPLE = [
    Demand("all", "P1", 100, frozenset("AB")),
    Demand("all", "P2", 50, frozenset("A")),
    Demand("all", "P3", 40, frozenset("B")),
    Demand("all", "P4", 10, frozenset()),
]


def _together(demands: Sequence[Demand]) -> list[Demand]:
    return [replace(each, area="city") for each in demands]


def _figures(account: Account) -> tuple[float, ...]:
    parts = account.parts
    return (
        parts.schedule_h,
        parts.outage_h,
        parts.unverified_h,
        parts.delivered_h,
        parts.planning_h,
        parts.total_h,
    )


def test_each_person_of_the_worked_day_has_what_the_table_says() -> None:
    accounts = ledger({"A": A, "B": B}, PEOPLE, Stage(DAY))
    assert {each.area: _figures(each) for each in accounts} == {
        "P1": (400, 150, 100, 550, 0, 1200),
        "P2": (450, 75, 0, 75, 0, 600),
        "P3": (200, 20, 40, 220, 0, 480),
        "P4": (0, 0, 0, 0, 120, 120),
    }


def test_together_they_have_the_sums_and_each_incident_its_cost() -> None:
    (city,) = ledger({"A": A, "B": B}, _together(PEOPLE), Stage(DAY))
    assert _figures(city) == (1050, 245, 140, 845, 120, 2400)
    assert city.parts.announced_h == 140
    assert city.cost_h == {"i1": 200, "i2": 45}
    assert city.people == 200


def test_where_the_young_may_not_come_in_it_is_planning_that_fails_them() -> None:
    refused = [
        *PEOPLE[:2],
        replace(PEOPLE[2], people=30),
        Demand("all", "P3", 10, frozenset(), is_refused=True),
        PEOPLE[3],
    ]
    (city,) = ledger({"A": A, "B": B}, _together(refused), Stage(DAY))
    assert _figures(city) == (1000, 240, 130, 790, 240, 2400)
    assert city.cost_h["i2"] == 40
    assert city.parts.eligibility_h == 120
    assert city.parts.distance_h == 120


def test_an_incident_that_took_two_offers_is_charged_once() -> None:
    both = {
        "A": [OfferSpan(9 * H, 10 * H, FAILED, ("i1", "i2"))],
        "B": [OfferSpan(9 * H, 10 * H, FAILED, ("i1",))],
    }
    (account,) = ledger(both, PEOPLE[:1], Stage(DAY))
    assert account.cost_h == {"i1": 50, "i2": 50}


def test_guided_help_works_while_a_host_is_there() -> None:
    guided = [OfferSpan(9 * H, 9 * H + 1800, UNKNOWN), OfferSpan(9 * H + 1800, 12 * H, WORKS)]
    reach = [replace(each, reach=each.reach & {"A"}) for each in _together(PEOPLE)]
    (city,) = ledger({"A": guided}, reach, Stage(DAY))
    assert _figures(city) == (1350, 0, 75, 375, 600, 2400)


def test_hours_of_the_week_add_up_to_the_parts() -> None:
    hours = [(hour * H, (hour + 1) * H, 24 + hour) for hour in range(24)]
    (city,) = ledger({"A": A, "B": B}, _together(PEOPLE), Stage(DAY, hours))
    assert city.by_hour_h.sum(axis=0).tolist() == [845, 140, 245, 910, 140, 120, 0]
    assert city.by_hour_h[24 + 9].sum() == 200
    assert city.by_hour_h[24 + 7].sum() == 0


OFFERS = ("a", "b", "c")
EDGE = st.integers(0, 30)


@st.composite
def _spans(draw: st.DrawFn) -> list[OfferSpan]:
    edges = sorted(draw(st.sets(EDGE, max_size=8)))
    states = [draw(st.sampled_from(OfferState)) for _ in edges[1:]]
    return [
        OfferSpan(start, end, state, _incidents(draw) if state is FAILED else ())
        for (start, end), state in zip(pairwise(edges), states, strict=True)
    ]


def _incidents(draw: st.DrawFn) -> tuple[str, ...]:
    return tuple(sorted(draw(st.sets(st.sampled_from(["x", "y", "z"]), min_size=1))))


OFFER_SPANS = st.fixed_dictionaries({each: _spans() for each in OFFERS})
DEMANDS = st.lists(
    st.builds(
        Demand,
        st.sampled_from(["all", "older"]),
        st.sampled_from(["north", "south"]),
        st.integers(0, 9),
        st.frozensets(st.sampled_from(OFFERS)),
        st.booleans(),
    ),
    max_size=6,
)
ACTIVE = st.sets(EDGE, max_size=6).map(
    lambda edges: list(zip(sorted(edges)[0::2], sorted(edges)[1::2], strict=False))
)


@given(OFFER_SPANS, DEMANDS, ACTIVE)
def test_a_slow_reference_second_by_second_agrees(
    offers: dict[str, list[OfferSpan]], demands: list[Demand], active: list[Interval]
) -> None:
    found = ledger(offers, demands, Stage(active))
    expected = _slowly(offers, demands, active)
    assert {(each.group, each.area) for each in found} == set(expected)
    for each in found:
        seconds, cost = expected[each.group, each.area]
        for name, value in seconds.items():
            assert getattr(each.parts, name) * H == pytest.approx(float(value), abs=1e-6)
        assert {k: v * H for k, v in each.cost_h.items()} == pytest.approx(
            {k: float(v) for k, v in cost.items()}
        )


def _slowly(
    offers: Mapping[str, Sequence[OfferSpan]], demands: Sequence[Demand], active: Sequence[Interval]
) -> dict[tuple[str, str], tuple[dict[str, Fraction], dict[str, Fraction]]]:
    accounts: dict[tuple[str, str], tuple[dict[str, Fraction], dict[str, Fraction]]] = {}
    for one in demands:
        parts, cost = accounts.setdefault((one.group, one.area), ({}, {}))
        for second in (each for start, end in active for each in range(start, end)):
            name, blamed = _part(one, offers, second)
            parts[name] = parts.get(name, Fraction()) + Fraction(one.people)
            for incident in blamed:
                share = Fraction(one.people) / len(blamed)
                cost[incident] = cost.get(incident, Fraction()) + share
    return accounts


def _part(
    one: Demand, offers: Mapping[str, Sequence[OfferSpan]], second: int
) -> tuple[str, set[str]]:
    if not one.reach:
        return ("eligibility_h" if one.is_refused else "distance_h"), set()
    now = [
        span for each in one.reach for span in offers[each] if span.start_s <= second < span.end_s
    ]
    states = [span.state for span in now]
    if WORKS in states:
        return "delivered_h", set()
    if UNKNOWN in states:
        return "unverified_h", set()
    if FAILED in states:
        return "outage_h", {each for span in now for each in span.incidents}
    return ("announced_h" if ANNOUNCED in states else "timetable_h"), set()


def _city(
    offers: Mapping[str, Sequence[OfferSpan]], demands: Sequence[Demand], active: Sequence[Interval]
) -> Parts:
    everyone = [replace(each, group="all", area="city") for each in demands]
    found = ledger(offers, everyone, Stage(active))
    return found[0].parts if found else Parts()


@given(OFFER_SPANS, DEMANDS, ACTIVE)
def test_the_parts_add_up_and_the_costs_are_the_outage(
    offers: dict[str, list[OfferSpan]], demands: list[Demand], active: list[Interval]
) -> None:
    seconds = sum(end - start for start, end in active)
    for each in ledger(offers, demands, Stage(active)):
        assert each.parts.total_h == pytest.approx(each.people * seconds / H)
        assert sum(each.cost_h.values()) == pytest.approx(each.parts.outage_h)


@given(OFFER_SPANS, DEMANDS, ACTIVE, st.sampled_from(OFFERS))
def test_one_more_offer_never_raises_planning_nor_lowers_what_is_delivered(
    offers: dict[str, list[OfferSpan]], demands: list[Demand], active: list[Interval], new: str
) -> None:
    before = _city(offers, demands, active)
    after = _city(offers, [replace(each, reach=each.reach | {new}) for each in demands], active)
    assert after.planning_h <= before.planning_h + 1e-9
    assert after.delivered_h >= before.delivered_h - 1e-9


@given(OFFER_SPANS, DEMANDS, ACTIVE, EDGE)
def test_splitting_a_window_changes_no_total(
    offers: dict[str, list[OfferSpan]], demands: list[Demand], active: list[Interval], cut: int
) -> None:
    split = [
        part
        for start, end in active
        for part in ([(start, cut), (cut, end)] if start < cut < end else [(start, end)])
    ]
    assert _city(offers, demands, split) == _city(offers, demands, active)


def test_who_reaches_an_offer_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        ledger({"A": A}, PEOPLE, Stage(DAY))


def test_nobody_and_nothing_make_an_empty_ledger() -> None:
    assert ledger({}, [], Stage([])) == []
    (alone,) = ledger({}, [Demand("all", "P4", 10, frozenset())], Stage(DAY))
    assert alone.parts.distance_h == 120
    assert np.array_equal(alone.by_hour_h.sum(axis=0), [0, 0, 0, 0, 0, 120, 0])
