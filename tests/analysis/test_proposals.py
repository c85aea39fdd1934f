"""Actions compete by the person-hours that they add, counted once, in an ordinary week."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.city import City
from netmon.analysis.actions import Action, Kind, Standing, in_pairs, more_hours
from netmon.analysis.half_days import half_days
from netmon.analysis.ordinary_week import ordinary_week
from netmon.analysis.people import OfferPoint, People
from netmon.analysis.proposals import Market, suggest
from netmon.analysis.suggesting import MOST_FRONTS, step_m
from netmon.config.calendar import Calendar, load_calendar
from netmon.config.settings import CitySettings, InventorySettings, Settings
from netmon.domain.intervals import instant, intersection
from netmon.domain.model import Service
from tests.analysis.ledger_town import people_at

CITY = City.bundled()
ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CENTRE = (657_826.0, 690_891.0)
HOUR_S, DAY_S = 3600, 86_400


@pytest.fixture(scope="module")
def people() -> People:
    """The bundled city."""
    return People.load(
        Settings(
            city=CitySettings(folder=CITY.folder), inventory=InventorySettings(sites=CITY.sites)
        )
    )


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    """The days of Mechelen."""
    return load_calendar(CITY.holidays, timezone="Europe/Brussels", country="BE")


def test_the_week_that_is_worked_for_has_no_holiday_and_168_hours(calendar: Calendar) -> None:
    for at in (NOW, datetime(2026, 12, 20, tzinfo=UTC), datetime(2026, 3, 24, tzinfo=UTC)):
        start_s, end_s = ordinary_week(at, calendar)
        first, last = (instant(each).astimezone(ZONE) for each in (start_s, end_s - 1))
        assert (first.weekday(), first.hour, last.weekday()) == (0, 0, 6)
        assert end_s - start_s == 168 * HOUR_S
        assert first > at
        days = {date.fromordinal(first.toordinal() + nth) for nth in range(7)}
        assert not days & calendar.public
        assert not any(a <= day <= b for day in days for a, b in calendar.school)


def test_half_days_are_mornings_and_afternoons_of_working_days(calendar: Calendar) -> None:
    found = half_days(ordinary_week(NOW, calendar), calendar)
    assert [each.hours for each in found[:3]] == [
        "Mo 09:00-12:00",
        "Mo 13:00-17:00",
        "Tu 09:00-12:00",
    ]
    assert len(found) == 10
    assert sum(end_s - start_s for start_s, end_s in (each.interval for each in found)) == (
        5 * 7 * HOUR_S
    )
    pairs = in_pairs(found)
    assert {half.hours for pair in pairs for half in pair} == {each.hours for each in found}
    assert all(one.hours[:2] != other.hours[:2] for one, other in pairs)


def test_a_site_may_be_open_longer_only_when_it_is_closed(calendar: Calendar) -> None:
    week = ordinary_week(NOW, calendar)
    halves = half_days(week, calendar)
    opened = [half.interval for half in halves[:6]]
    point = OfferPoint("abeel/computer", Service.COMPUTER, "abeel", *CENTRE, 10.0)
    found = more_hours([Standing(point, opened)], {"abeel": "Den Abeel"}, halves)
    assert [each.hours for each in found] == [
        "Th 09:00-12:00, Fr 09:00-12:00",
        "Th 13:00-17:00, Fr 13:00-17:00",
    ]
    assert {(each.site_id, each.where) for each in found} == {("abeel", "Den Abeel")}
    assert not any(intersection(each.opened, opened) for each in found)


MOVES = st.tuples(st.integers(-1500, 1500), st.integers(-1500, 1500))
TIMES = st.tuples(st.integers(0, 4), st.integers(8, 18), st.integers(1, 8))
OFFERS = st.tuples(MOVES, TIMES)


def _point(number: int, move: tuple[int, int]) -> OfferPoint:
    at = (CENTRE[0] + move[0], CENTRE[1] + move[1])
    return OfferPoint(f"o{number}", Service.COMPUTER, f"p{number}", *at, 10.0)


def _opened(times: tuple[int, int, int]) -> list[tuple[int, int]]:
    day, hour, long = times
    start_s = day * DAY_S + hour * HOUR_S
    return [(start_s, start_s + long * HOUR_S)]


@given(
    st.lists(OFFERS, max_size=3),
    st.lists(OFFERS, min_size=1, max_size=5),
    st.integers(1, 3),
)
@settings(deadline=None, max_examples=25)
def test_the_choice_is_the_best_of_all_counted_hour_by_hour(
    people: People,
    standing: list[tuple[tuple[int, int], tuple[int, int, int]]],
    offered: list[tuple[tuple[int, int], tuple[int, int, int]]],
    spots: int,
) -> None:
    now = [Standing(_point(n, move), _opened(times)) for n, (move, times) in enumerate(standing)]
    actions = [
        Action(Kind.SITE, _point(100 + n, move), None, "there", "", _opened(times))
        for n, (move, times) in enumerate(offered)
    ]
    active = [(day * DAY_S + 8 * HOUR_S, day * DAY_S + 22 * HOUR_S) for day in range(7)]
    found = suggest(people, "all", [Market(Service.COMPUTER, now, actions)], active, spots)
    crowd = people.points.people[:, 0]
    near = people.reach([each.point for each in (*now, *actions)], "all").toarray()

    def served_h(columns: list[int], times: list[list[tuple[int, int]]]) -> float:
        total = 0.0
        for start_s in (at for first, last in active for at in range(first, last, HOUR_S)):
            on = [c for c, t in zip(columns, times, strict=True) if t[0][0] <= start_s < t[0][1]]
            total += float(crowd[near[:, on].any(axis=1)].sum())
        return total

    base = [list(each.opened) for each in now]
    best = max(
        served_h(
            [*range(len(now)), *(len(now) + n for n in chosen)],
            [*base, *(list(actions[n].opened) for n in chosen)],
        )
        for count in range(min(spots, len(actions)) + 1)
        for chosen in combinations(range(len(actions)), count)
    )
    assert found.cover.is_optimal
    assert found.before_h == pytest.approx(served_h(list(range(len(now))), base))
    assert found.covered_h == pytest.approx(best)
    assert found.demand_h == pytest.approx(crowd.sum() * 7 * 14)
    gains = [each.gain_h for each in found.proposals]
    assert gains == sorted(gains, reverse=True)
    assert sum(gains) == pytest.approx(found.covered_h - found.before_h)
    assert found.is_synthetic


def test_who_is_too_young_for_what_there_is_can_be_served_by_what_is_new(people: People) -> None:
    adults = replace(_point(0, (0, 0)), conditions="vanaf 60 jaar")
    active = [(9 * HOUR_S, 17 * HOUR_S)]
    action = Action(Kind.SITE, _point(1, (0, 0)), None, "there", "", active)
    market = Market(Service.COMPUTER, [Standing(adults, active)], [action])
    found = suggest(people, "all", [market], active, 1)
    told = people.demands([adults], "all")
    before = sum(each.people for each in told if each.reach)
    near = before + sum(each.people for each in told if each.is_refused)
    assert 0 < before < near
    assert found.before_h == pytest.approx(8 * before)
    assert found.covered_h == pytest.approx(8 * near)


def test_hours_that_two_actions_would_serve_are_gained_once(people: People) -> None:
    times = [(9 * HOUR_S, 13 * HOUR_S)], [(11 * HOUR_S, 14 * HOUR_S)]
    actions = [
        Action(Kind.SITE, _point(n, (0, 0)), None, "there", "", each)
        for n, each in enumerate(times)
    ]
    found = suggest(people, "all", [Market(Service.COMPUTER, [], actions)], [(0, DAY_S)], 2)
    first_h, second_h = (each.gain_h for each in found.proposals)
    assert first_h > 0
    assert second_h == pytest.approx(first_h / 4)
    assert found.covered_h == pytest.approx(first_h + second_h)


def test_what_is_invented_of_an_action_makes_the_suggestion_so() -> None:
    known, invented = (
        Action(Kind.SITE, _point(1, (0, 0)), None, "there", "", [(0, DAY_S)], is_synthetic=told)
        for told in (False, True)
    )
    found = [
        suggest(people_at(), "all", [Market(Service.COMPUTER, [], [each])], [(0, DAY_S)], 1)
        for each in (known, invented)
    ]
    assert [each.is_synthetic for each in found] == [False, True]


def test_services_are_never_served_by_each_other(people: People) -> None:
    active = [(9 * HOUR_S, 17 * HOUR_S)]
    wifi = Standing(OfferPoint("w", Service.WIFI, "bruul", *CENTRE, 10.0), [(0, DAY_S)])
    action = Action(Kind.SITE, _point(1, (0, 0)), None, "there", "", active)
    alone = suggest(people, "all", [Market(Service.COMPUTER, [], [action])], active, 1)
    beside = suggest(
        people,
        "all",
        [Market(Service.WIFI, [wifi], []), Market(Service.COMPUTER, [], [action])],
        active,
        1,
    )
    assert beside.proposals == alone.proposals
    assert beside.demand_h == pytest.approx(2 * alone.demand_h)
    assert np.isclose(beside.before_h, alone.covered_h)


@given(st.floats(0, 1e7))
def test_however_many_streets_there_are_a_bounded_number_of_access_points_is_tried(
    streets_m: float,
) -> None:
    assert step_m(streets_m) >= 25
    assert streets_m / step_m(streets_m) <= MOST_FRONTS + 1e-6
