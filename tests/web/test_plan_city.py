"""The planner's pages over the demo's city: real stores, layers, ledger and browser."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from netmon.analysis.plan_rows import WHOLE_CITY
from netmon.domain.model import Service
from tests.analysis.planned_city import HOUR, NOW, PlannedCity, planned_city
from tests.browser import Watch, serving, watched_pages
from tests.web.conftest import MECHELEN
from web.app import create_app
from web.layers import CityLayers
from web.plan_figures import number, percent, share

HERE = "http://127.0.0.1"
DAY = "from=2025-05-05&to=2025-05-05"
PRINT_ROW = r"<tr[^>]*data-{}=\"{}\".*?</tr>"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlannedCity]:
    """An hour of the demo's city, ten access points of the Bruul lost in its first half."""
    with planned_city(tmp_path_factory.mktemp("store")) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(town: PlannedCity, city: CityLayers) -> Flask:
    """The face over that city."""
    made = create_app(
        town.views,
        city,
        clock=lambda: NOW,
        timezone=MECHELEN,
        is_demo=True,
        bind_host="127.0.0.1",
        planning=town.plan,
    )
    made.testing = True
    return made


def page(app: Flask, address: str) -> str:
    answer = app.test_client().get(address, base_url=HERE)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("service", [Service.WIFI, Service.COMPUTER, Service.GUIDED])
@pytest.mark.parametrize("part", ["delivered", "planning", "unverified"])
def test_an_area_reads_as_the_ledger_has_it(app, town, service, part):
    text = page(app, f"/plan?show=areas&service={service}&part={part}&{DAY}")
    bounds = (HOUR[0] - 10 * 3600, HOUR[1] // 300 * 300 - 300)
    rows = [
        row
        for row in town.plan.rows(bounds, NOW).ledger
        if (row.service, row.group) == (service, "all") and row.area != WHOLE_CITY
    ]
    assert len(rows) == 12
    for row in rows:
        (told,) = re.findall(PRINT_ROW.format("area", row.area), text, re.DOTALL)
        assert percent(share(row.parts, part)) in unescape(told)
        assert number(row.people) in told


@pytest.mark.parametrize("show", ["now", "period", "gaps", "areas", "places"])
def test_every_question_has_an_answer_that_says_it_is_synthetic(app, show):
    text = page(app, f"/plan?show={show}&{DAY}")
    assert "Verzonnen gegevens." in text
    assert "<tbody>" in text and "geen straten" not in text and "geen bevolking" not in text


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ({"action": "remove_site", "id": "nergens"}, "nergens"),
        ({"action": "add_access_point", "id": "ver", "lon": 5.5, "lat": 50.0}, "ver"),
        (
            {
                "action": "set_hours",
                "id": "bib-predikheren",
                "service": "computer",
                "hours": "altijd",
            },
            "openingsuren",
        ),
    ],
)
def test_a_step_that_cannot_be_done_is_told_by_a_sentence(app, step, sentence):
    answer = app.test_client().post("/plan/whatif", json={"steps": [step]}, base_url=HERE)
    (problem,) = answer.get_json()["problems"]
    assert sentence in problem and problem.endswith(".")


def test_a_plan_that_is_kept_is_there_for_others(app):
    client = app.test_client()
    step = {"action": "remove_access_point", "id": "ap-station-01"}
    body = {"name": "Zonder station", "steps": [step]}
    first = client.post("/plan/scenarios", json=body, base_url=HERE)
    again = client.post("/plan/scenarios", json=body, base_url=HERE)
    assert first.status_code == 201 and first.get_json() == again.get_json()
    text = page(app, first.get_json()["url"])
    assert "Zonder station" in text and "Berekend in" in text


@pytest.mark.browser
def test_in_a_browser_a_step_shows_its_outcome_within_a_second(chromium: Browser, app):
    with serving(app) as address, watched_pages(chromium, address, Watch(address)) as opened:
        look = opened("/plan/whatif")
        frame = look.locator(".map-frame")
        expect(frame).to_have_attribute("data-drawn", "0")
        look.get_by_label("Wat wil je doen?").select_option("remove_site")
        look.evaluate("""() => { window.began = performance.now(); new MutationObserver(() => {
            window.took ??= performance.now() - window.began; }).observe(
            document.querySelector(".map-frame"), {attributes: true}); }""")
        look.get_by_role("button", name="Voeg toe").press("Enter")
        expect(frame).to_have_attribute("data-drawn", "1")
        assert look.evaluate("window.took") < 1000
        expect(look.locator(".steps li")).to_have_count(1)
        expect(look.locator("#outcome")).to_contain_text("Berekend in")


@pytest.mark.browser
def test_in_a_browser_twelve_areas_carry_the_figures_of_their_table(chromium: Browser, app):
    with serving(app) as address, watched_pages(chromium, address, Watch(address)) as opened:
        look = opened(f"/plan?show=gaps&service=computer&{DAY}")
        expect(look.locator(".map-frame[data-drawn]")).to_be_visible()
        expect(look.locator(".plan-label")).to_have_count(12)
        label = look.locator("tr[data-area]").first
        words = f"{label.get_attribute('data-name')} {label.get_attribute('data-value')}"
        expect(look.locator(".plan-label", has_text=words)).to_have_count(1)
