"""What `netmon suggest` promises of sites and hours is what a scenario of the same gains."""

from collections.abc import Iterator

import pytest
from pyproj import Transformer

from geodata.crs import EXCHANGE, METRIC
from netmon.analysis.actions import Kind
from netmon.analysis.opened import published
from netmon.analysis.people import People
from netmon.analysis.plan_rows import WHOLE_CITY, Action, PlanRows, Scenario, Step
from netmon.analysis.proposals import Proposal
from netmon.analysis.radio_maps import RadioMaps
from netmon.analysis.suggesting import Suggesting
from netmon.domain.model import Service
from tests.analysis.planned_city import NOW, PlannedCity, planned_city
from tests.analysis.town import calendar

_TO_DEGREES = Transformer.from_crs(METRIC, EXCHANGE, always_xy=True)
SPOTS = 12


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlannedCity]:
    with planned_city(tmp_path_factory.mktemp("store")) as opened:
        yield opened


@pytest.fixture(scope="module")
def asked(town: PlannedCity) -> Suggesting:
    settings = town.settings
    radio = RadioMaps(settings.city.folder, settings.coverage).of(town.inventory.devices)
    hours = town.views.stores.hours
    people = People.load(settings)
    return Suggesting(settings.city.folder, calendar(), hours, town.inventory, people, radio)


def _step(number: int, proposal: Proposal, hours: dict[str, str]) -> Step:
    """Return a proposal as a step; more hours stand behind those that a site has then."""
    action = proposal.action
    service = action.point.service
    if action.kind is Kind.SITE:
        lon, lat = _TO_DEGREES.transform(action.point.x_m, action.point.y_m)
        return Step(Action.ADD_SITE, f"new-{number}", lon, lat, service, action.hours, 2)
    assert action.site_id is not None
    hours[action.site_id] += f", {action.hours}"
    return Step(Action.SET_HOURS, action.site_id, service=service, hours=hours[action.site_id])


def _delivered_h(rows: PlanRows, service: Service, group: str) -> float:
    key = (service, group, WHOLE_CITY)
    (row,) = [each for each in rows.ledger if (each.service, each.group, each.area) == key]
    return row.parts.delivered_h


@pytest.mark.parametrize("service", [Service.COMPUTER, Service.GUIDED])
@pytest.mark.parametrize("group", ["all", "young"])
def test_a_scenario_of_what_was_suggested_gains_what_was_promised(
    town: PlannedCity, asked: Suggesting, service: Service, group: str
) -> None:
    found = asked.best(SPOTS, NOW, services=(service,), group=group)
    hours = {each.id: published(each, service)[0] or "" for each in town.inventory.places}
    steps = tuple(_step(nth, each, hours) for nth, each in enumerate(found.proposals))
    tried = town.plan.what_if(Scenario("", "", steps), NOW)
    assert tried.problems == ()
    assert _delivered_h(tried.before, service, group) == pytest.approx(found.before_h)
    assert _delivered_h(tried.after, service, group) == pytest.approx(found.covered_h)
    assert tried.gained_h[service, group] == pytest.approx(sum(e.gain_h for e in found.proposals))


def test_wifi_is_before_a_scenario_what_it_is_before_what_is_suggested(
    town: PlannedCity, asked: Suggesting
) -> None:
    found = asked.best(1, NOW, services=(Service.WIFI,))
    before = town.plan.what_if(Scenario("", "", ()), NOW).before
    assert _delivered_h(before, Service.WIFI, "all") == pytest.approx(found.before_h)
