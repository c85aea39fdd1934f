"""What planners are told: of the record, of what may be changed, and what it is all worth."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from geodata.link import ServiceClass
from netmon.analysis.plan_rows import WHOLE_CITY, Action, PlanRows, Scenario, Step
from netmon.analysis.plan_views import PlanViews
from netmon.domain.model import Service
from netmon.words import plan_notes as words
from netmon.words.scenario import idle_access_point
from tests.analysis.planned_city import HOUR, LOST, NOW, PlannedCity, planned_city

HOURS = "Mo-Su 08:00-22:00"
BIB = "bib-predikheren"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlannedCity]:
    with planned_city(tmp_path_factory.mktemp("store")) as opened:
        yield opened


@pytest.fixture(scope="module")
def plan(town: PlannedCity) -> PlanViews:
    return town.plan


@pytest.fixture(scope="module")
def rows(plan: PlanViews) -> PlanRows:
    return plan.rows(HOUR, NOW)


def tried(plan: PlanViews, *steps: Step):
    return plan.what_if(Scenario("", "", steps), NOW)


def test_until_it_is_prepared_it_says_so_and_scenarios_can_be_read(tmp_path: Path) -> None:
    with planned_city(tmp_path, is_prepared=False) as town:
        assert town.plan.waits() == words.PREPARING
        assert list(town.plan.scenarios()) == []
        with pytest.raises(RuntimeError, match="prepared"):
            town.plan.areas()


def test_a_layer_that_is_wrong_is_told_and_nothing_waits_for_ever(tmp_path: Path) -> None:
    with planned_city(tmp_path, is_prepared=False) as town:
        folder = tmp_path / "nowhere"
        settings = town.settings.model_copy(
            update={"city": town.settings.city.model_copy(update={"folder": folder})}
        )
        broken = PlanViews(settings, town.plan._calendar, town.views, town.plan._scenarios)
        broken.prepare(NOW)
        assert str(folder) in str(broken.waits())


def test_each_service_and_group_has_a_row_for_the_city_and_for_every_area(
    rows: PlanRows, plan: PlanViews
) -> None:
    areas = {each["properties"]["id"] for each in json.loads(plan.areas())["features"]}
    assert len(areas) == 12
    for service in (Service.WIFI, Service.COMPUTER, Service.GUIDED):
        told = {each.area for each in rows.ledger if (each.service, each.group) == (service, "all")}
        assert told == areas | {WHOLE_CITY}
    assert all(each.area_name for each in rows.ledger if each.area != WHOLE_CITY)


def test_parts_of_the_areas_add_up_to_those_of_the_city(rows: PlanRows) -> None:
    for whole in (each for each in rows.ledger if each.area == WHOLE_CITY):
        key = (whole.service, whole.group)
        own = [e for e in rows.ledger if (e.service, e.group) == key and e.area != WHOLE_CITY]
        assert sum(each.parts.total_h for each in own) == pytest.approx(whole.parts.total_h)
        assert sum(each.parts.outage_h for each in own) == pytest.approx(whole.parts.outage_h)


def test_costs_are_the_outage_of_everybody_and_the_dearest_is_first(rows: PlanRows) -> None:
    lost_h = {
        each.service: each.parts.outage_h
        for each in rows.ledger
        if (each.group, each.area) == ("all", WHOLE_CITY)
    }
    assert lost_h[Service.WIFI] > 0
    assert {each.name for each in rows.costs} <= {f"Access point Bruul {n}" for n in range(1, 11)}
    for service, outage_h in lost_h.items():
        cost_h = sum(each.cost_h.get(service, 0.0) for each in rows.costs)
        assert cost_h == pytest.approx(outage_h)
    sums = [sum(each.cost_h.values()) for each in rows.costs]
    assert sums == sorted(sums, reverse=True)
    assert all(each.ended_at is not None for each in rows.costs)


def test_a_street_is_whole_now_and_was_not_all_the_hour(rows: PlanRows) -> None:
    (bruul,) = [each for each in rows.streets if each.id == "bruul"]
    assert bruul.covered_m[ServiceClass.PAGES].planning == pytest.approx(bruul.length_m)
    assert bruul.lost_m.planning == 0
    assert bruul.share is not None
    assert 0.4 < bruul.share.planning < 1
    assert bruul.share.planning <= bruul.share.optimistic


def test_a_window_that_has_not_begun_has_no_share(plan: PlanViews) -> None:
    later = (HOUR[1] + 86_400, HOUR[1] + 90_000)
    assert {each.share for each in plan.rows(later, NOW).streets} == {None}


def test_what_is_made_up_is_said_and_the_worst_precision_with_it(rows: PlanRows) -> None:
    assert rows.honesty.is_synthetic
    assert rows.honesty.precision_m == 400
    assert set(rows.honesty.versions) == {
        words.INVENTORY,
        words.HOURS,
        words.PEOPLE,
        words.WIFI,
        words.METHOD,
    }
    assert words.NOTES["corridors"] in rows.honesty.notes


def test_places_that_are_kept_from_the_public_are_not_in_the_list(rows: PlanRows) -> None:
    assert len(rows.outreach) > 0
    assert all(each.nearest.keys() >= {Service.COMPUTER} for each in rows.outreach)


def test_one_answer_serves_a_minute_and_every_thread(plan: PlanViews, rows: PlanRows) -> None:
    found: list[PlanRows] = []
    threads = [Thread(target=lambda: found.append(plan.rows(HOUR, NOW))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert all(each is rows for each in found)
    assert plan.rows(HOUR, NOW + timedelta(minutes=2)) is not rows


def test_coverage_now_is_drawn_by_what_works(plan: PlanViews) -> None:
    then = NOW - timedelta(minutes=45)
    whole, broken = (
        json.loads(plan.coverage_geojson(is_optimistic=False, now=at))["features"]
        for at in (NOW, then)
    )
    assert {each["properties"]["level_dbm"] for each in whole} == {-67, -70, -75, -80}
    assert sum(each["properties"]["area_m2"] for each in broken) < sum(
        each["properties"]["area_m2"] for each in whole
    )
    gaps = json.loads(plan.gaps_geojson(is_optimistic=False, now=then))["features"]
    assert [each["properties"]["id"] for each in gaps] == ["bruul"]
    assert json.loads(plan.gaps_geojson(is_optimistic=False, now=NOW))["features"] == []
    drawn = plan.coverage_png(is_optimistic=False, now=NOW)
    assert drawn.west < 4.482 < drawn.east
    assert drawn.south < 51.024 < drawn.north
    assert plan.coverage_png(is_optimistic=False, now=NOW) is drawn


def test_access_points_and_sites_can_be_changed_and_streets_cannot(plan: PlanViews) -> None:
    told = plan.changeable()
    assert {each.is_site for each in told} == {False, True}
    assert [each.is_site for each in told] == sorted(each.is_site for each in told)
    assert "bruul" not in {each.id for each in told}
    (bib,) = [each for each in told if each.id == BIB]
    assert bib.services == (Service.COMPUTER,)
    assert bib.hours


def test_a_scenario_without_steps_changes_nothing(plan: PlanViews) -> None:
    found = tried(plan)
    assert found.problems == ()
    assert found.after == found.before
    assert set(found.gained_h.values()) == {0.0}


def test_the_week_as_it_is_loses_nothing_to_outages(plan: PlanViews) -> None:
    week = tried(plan).before
    assert (week.ends_at - week.starts_at) == timedelta(days=7)
    assert all(each.parts.outage_h == 0 == each.parts.announced_h for each in week.ledger)
    assert words.PROMISE in week.honesty.notes
    assert week.costs == ()


def test_longer_hours_gain_what_the_timetable_lost_and_for_that_service_alone(
    plan: PlanViews,
) -> None:
    found = tried(plan, Step(Action.SET_HOURS, BIB, service=Service.COMPUTER, hours=HOURS))
    assert found.gained_h[Service.COMPUTER, "all"] > 0
    assert found.gained_h[Service.WIFI, "all"] == found.gained_h[Service.GUIDED, "all"] == 0
    before, after = (
        next(
            each.parts
            for each in week.ledger
            if (each.service, each.group, each.area) == (Service.COMPUTER, "all", WHOLE_CITY)
        )
        for week in (found.before, found.after)
    )
    assert after.planning_h == pytest.approx(before.planning_h)
    assert after.total_h == pytest.approx(before.total_h)


def test_a_new_site_never_raises_what_planning_loses_and_taking_it_away_undoes_it(
    plan: PlanViews,
) -> None:
    new = Step(Action.ADD_SITE, "nieuw", 4.47, 51.02, Service.GUIDED, "Mo-Fr 09:00-17:00", 3)
    found = tried(plan, new)
    assert found.gained_h[Service.GUIDED, "all"] > 0
    pairs = zip(found.before.ledger, found.after.ledger, strict=True)
    assert all(a.parts.planning_h <= b.parts.planning_h + 1e-6 for b, a in pairs)
    undone = tried(plan, new, Step(Action.REMOVE_SITE, "nieuw"))
    assert undone.after.ledger == undone.before.ledger


def test_taking_all_access_points_of_a_street_away_takes_its_metres_and_is_planning(
    plan: PlanViews, town: PlannedCity
) -> None:
    own = [each.id for each in town.inventory.devices if each.id.startswith("ap-bruul-")]
    assert len(own) == 20
    found = tried(plan, *(Step(Action.REMOVE_ACCESS_POINT, each) for each in own))
    (bruul,) = [each for each in found.after.streets if each.id == "bruul"]
    assert bruul.covered_m[ServiceClass.PAGES].planning < 0.5 * bruul.length_m
    assert found.gained_h[Service.WIFI, "all"] < 0
    city = [each for each in found.after.ledger if each.area == WHOLE_CITY]
    assert all(each.parts.outage_h == 0 for each in city)


def test_an_access_point_where_no_wifi_street_is_changes_nothing_and_that_is_said(
    plan: PlanViews,
) -> None:
    far = tried(plan, Step(Action.ADD_ACCESS_POINT, "ap-far", 4.46, 51.04))
    assert far.problems == ()
    assert idle_access_point("ap-far") in far.after.honesty.notes
    assert set(far.gained_h.values()) == {0.0}
    near = tried(plan, Step(Action.ADD_ACCESS_POINT, "ap-near", 4.48204, 51.0234))
    assert near.after.honesty.notes == near.before.honesty.notes


def test_a_wrong_step_is_told_and_the_others_count(plan: PlanViews) -> None:
    found = tried(
        plan,
        Step(Action.REMOVE_SITE, "nobody"),
        Step(Action.SET_HOURS, BIB, service=Service.COMPUTER, hours=HOURS),
    )
    assert len(found.problems) == 1
    assert found.gained_h[Service.COMPUTER, "all"] > 0


def test_what_was_saved_is_worked_out_again_the_same(plan: PlanViews) -> None:
    step = Step(Action.MOVE_ACCESS_POINT, min(LOST), 4.4825, 51.0245)
    kept = plan.save("Bruul", [step], NOW)
    again = plan.scenario(kept.key)
    assert again == kept
    assert list(plan.scenarios()) == [kept]
    one, other = plan.what_if(kept, NOW), tried(plan, step)
    assert replace(one, seconds=0, scenario=kept) == replace(other, seconds=0, scenario=kept)
