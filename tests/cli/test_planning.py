"""The planner's page says what `netmon ledger` and `netmon coverage` say."""

from pathlib import Path

import pytest

from geodata.city import City
from netmon.analysis.plan_rows import Action, PlanRows, Scenario, Step, WhatIf
from netmon.cli.wiring import now
from netmon.domain.model import Service
from tests.analysis.planned_city import HOUR, planned_city
from tests.cli.asking import Call

LEVEL_DBM = -70
WINDOW = ("--from", "2025-05-05T10:00", "--to", "2025-05-05T11:00")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PlanRows]:
    """The configuration of a city whose stores nobody holds, and what the page says of an hour."""
    folder = tmp_path_factory.mktemp("planned")
    with planned_city(folder / "store") as town:
        rows = town.plan.rows(HOUR, now())
    city = City.bundled()
    path = folder / "netmon.toml"
    path.write_text(
        f'[city]\nfolder = "{city.folder}"\n'
        f'[store]\nfolder = "{folder / "store"}"\norigin = "demo"\n'
        '[kinds.access_point]\nchecks = ["icmp"]\ndeciding = "icmp"\n'
        '[kinds.public_pc]\nchecks = ["icmp"]\ndeciding = "icmp"\n'
    )
    return path, rows


def test_the_ledger_of_the_page_is_that_of_the_command(netmon: Call, told) -> None:
    config, rows = told
    document = netmon("ledger", "-c", config, "--json", *WINDOW).document
    printed = {(row["service"], row["group"], row["area"]): row for row in document["rows"]}
    assert len(rows.ledger) == len(printed) > 200
    for row in rows.ledger:
        same = printed[row.service, row.group, row.area]
        for part in ("delivered", "unverified", "outage", "schedule", "planning"):
            assert getattr(row.parts, f"{part}_h") == pytest.approx(same[f"{part}_h"], rel=1e-9)


def test_the_streets_of_the_page_are_those_of_the_command(netmon: Call, told) -> None:
    config, rows = told
    today = netmon("coverage", "-c", config, "--json").document
    then = netmon("coverage", "-c", config, "--json", *WINDOW).document
    by_id = {each["id"]: each for each in today["streets"]}
    for row in rows.streets:
        for each in by_id[row.id]["classes"]:
            found = row.covered_m[each["level_dbm"]]
            assert found.planning == pytest.approx(each["sure"]["length_m"]["planning"])
            assert found.optimistic == pytest.approx(each["sure"]["length_m"]["optimistic"])
    for row in rows.streets:
        (whole,) = [each for each in then["streets"] if each["id"] == row.id]
        (level,) = [each for each in whole["classes"] if each["level_dbm"] == LEVEL_DBM]
        share = level["sure"]["area_m2"]["planning"] / whole["area_m2"]
        assert row.share is not None
        assert row.share.planning == pytest.approx(share)


def _tried(folder: Path, action: dict, service: Service) -> WhatIf:
    """Return what a scenario of one suggested action changes."""
    step = Step(Action.ADD_SITE, "nieuw", action["lon"], action["lat"], service, action["hours"])
    with planned_city(folder) as town:
        return town.plan.what_if(Scenario("", "", (step,)), now())


def test_what_a_suggested_site_gains_is_what_a_scenario_with_it_gains(
    netmon: Call, told, tmp_path: Path
) -> None:
    config, _ = told
    asked = ("--spots", "1", "--service", "guided", "--json")
    (action,) = netmon("suggest", "-c", config, *asked).document["actions"]
    assert action["action"] == "new_site"
    found = _tried(tmp_path, action, Service.GUIDED)
    assert found.problems == ()
    assert found.gained_h[Service.GUIDED, "all"] == pytest.approx(action["gain_h"], rel=1e-6)
