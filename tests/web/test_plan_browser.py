"""The planner's pages in a real browser: the map, the keyboard, plans that are made and shared."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import Watch, serving, shots_folder, watched_pages
from tests.web.conftest import MECHELEN, NOW, Record
from tests.web.plans import MOVED, Plans
from web.app import create_app
from web.layers import CityLayers

pytestmark = pytest.mark.browser

SHOWS = ("now", "period", "gaps", "areas", "places")
OTHERS = ("/plan/whatif", "/plan/s/PLAN", "/plan/scenarios", "/plan/outreach", "/plan/compare?BOTH")
DESKTOP = {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}}
PHONE = {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}
PAGES = tuple(f"/plan?show={show}" for show in SHOWS) + OTHERS


@pytest.fixture
def plans() -> Plans:
    """Two plans that were kept."""
    plans = Plans()
    plans.save("Plan A", (MOVED,), NOW)
    plans.save("Plan B", (MOVED, MOVED), NOW)
    return plans


@pytest.fixture
def app(record: Record, city: CityLayers, plans: Plans) -> Flask:
    """The face with a planner's page."""
    return create_app(
        record,
        city,
        clock=record.clock,
        timezone=MECHELEN,
        is_demo=True,
        bind_host="127.0.0.1",
        planning=plans,
    )


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """A real server on a free port of loopback."""
    with serving(app) as found:
        yield found


@pytest.fixture
def watch(address: str) -> Watch:
    """What this test's pages did wrong so far."""
    return Watch(address)


@pytest.fixture
def look(chromium: Browser, address: str, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a page; when the test ends, nothing forbidden may have happened on it."""
    with watched_pages(chromium, address, watch) as opened:
        yield opened


def named(path: str, plans: Plans) -> str:
    """Put the keys of the two plans into an address."""
    first, second = (each.key for each in plans.kept[:2])
    return path.replace("PLAN", first).replace("BOTH", f"key={first}&key={second}")


def settled(page: Page) -> None:
    """Wait until the map has drawn what its question asks, where there is a map."""
    if page.locator(".map-frame").count():
        expect(page.locator(".map-frame[data-drawn]")).to_be_visible()


def shapes(page: Page) -> int:
    return page.locator(".leaflet-areas-pane path, .leaflet-streets-pane path").count()


def test_the_picture_of_coverage_lies_on_the_map_and_gaps_are_hatched(look):
    page = look("/plan")
    settled(page)
    expect(page.locator("img.leaflet-image-layer")).to_be_visible()
    hatched = page.locator('.leaflet-streets-pane path[fill="url(#gap)"]')
    expect(hatched).to_have_count(1)
    assert page.evaluate("document.querySelector('img.leaflet-image-layer').naturalWidth") == 1


@pytest.mark.parametrize(("show", "attribute"), [("period", "street"), ("areas", "area")])
def test_every_row_of_the_table_is_on_the_map_with_its_figure(look, show, attribute):
    page = look(f"/plan?show={show}")
    settled(page)
    rows = page.locator(f"tr[data-{attribute}]")
    said = page.locator(".plan-label").all_inner_texts()
    wanted = [
        f"{row.get_attribute('data-name')} {row.get_attribute('data-value')}" for row in rows.all()
    ]
    assert sorted(said) == sorted(wanted)
    assert len(wanted) == 2


def test_places_are_signs_with_their_names(look):
    page = look("/plan?show=places")
    settled(page)
    expect(page.locator(".group-sign")).to_have_count(2)


def test_only_the_fields_of_a_question_are_in_the_way(look):
    page = look("/plan")
    expect(page.get_by_label("Voor wie")).to_be_hidden()
    page.get_by_label("Vraag").select_option("areas")
    expect(page.get_by_label("Voor wie")).to_be_visible()
    page.get_by_label("Deel", exact=True).select_option("outage")
    page.get_by_role("button", name="Toon").click()
    expect(page.locator("#answer-head")).to_have_text("Hoe gaat het in de wijken?")
    expect(page.locator('tr[data-area="12025W01"] td').nth(1)).to_have_text("10\u00a0%")


def test_a_plan_is_made_mended_kept_and_shared_without_a_mouse(look, plans):
    page = look("/plan/whatif")
    settled(page)
    page.get_by_label("Wat wil je doen?").focus()
    page.get_by_label("Hoe noem je het?").press_sequentially("Nieuw punt")
    page.get_by_role("button", name="Voeg toe").press("Enter")
    expect(page.locator("#wrong")).to_have_text("De breedte is geen getal, zoals 51,0281.")
    expect(page.get_by_label("Breedte (lat)")).to_be_focused()
    page.get_by_label("Midden van een straat").select_option(label="Bruul")
    page.get_by_label("Breedte (lat)").press("Enter")
    expect(page.locator(".steps li")).to_have_count(1)
    expect(page.locator("#wrong")).to_be_empty()
    expect(page.locator("#news")).to_have_text("Stap toegevoegd. Het resultaat is bijgewerkt.")
    expect(page.locator("#outcome")).to_contain_text("+40\u00a0m")
    page.get_by_label("Naam van het plan").press_sequentially("Bruul")
    page.keyboard.press("Enter")
    link = page.locator("#saved a")
    expect(link).to_be_visible()
    assert plans.kept[-1].steps[0].id == "Nieuw punt"
    link.press("Enter")
    expect(page).to_have_url(re.compile(f"/plan/s/{plans.kept[-1].key}$"))
    expect(page.locator("h1")).to_have_text("Wat als? Bruul")
    expect(page.locator(".steps li")).to_contain_text("Nieuw punt")
    page.get_by_role("button", name="Haal stap 1 weg").press("Enter")
    expect(page.locator("#outcome")).to_contain_text("Nog geen stappen.")


def test_a_click_on_the_map_fills_in_the_place(look):
    page = look("/plan/whatif")
    settled(page)
    page.locator(".folium-map").click(position={"x": 200, "y": 150})
    assert re.fullmatch(r"51,\d{6}", page.get_by_label("Breedte (lat)").input_value())
    assert re.fullmatch(r"4,\d{6}", page.get_by_label("Lengte (lon)").input_value())
    expect(page.locator(".plan-sign.choice")).to_have_count(1)


def test_an_action_offers_only_what_it_may_be_done_to(look):
    page = look("/plan/whatif")
    page.get_by_label("Wat wil je doen?").select_option("set_hours")
    subject = page.get_by_label("Welk toestel of welke plek?")
    expect(subject).to_have_value("bib")
    expect(page.get_by_label("Openingsuren")).to_have_value("Mo 09:00-12:00")
    page.get_by_label("Wat wil je doen?").select_option("remove_access_point")
    expect(subject).to_have_value("ap-bruul-01")
    expect(page.get_by_label("Openingsuren")).to_be_hidden()


def test_what_the_server_refuses_is_told_and_the_steps_stay(look, plans, watch):
    watch.is_cut_off = True
    page = look(named("/plan/s/PLAN", plans))
    settled(page)
    plans.most = 0
    page.get_by_role("button", name="Bewaar").click()
    expect(page.locator("#saved")).to_have_text("Er zijn al te veel plannen bewaard.")
    expect(page.locator(".steps li")).to_have_count(1)


def test_steps_and_streets_that_change_are_on_the_map(look, plans):
    page = look(named("/plan/s/PLAN", plans))
    settled(page)
    expect(page.locator(".plan-sign.step")).to_have_text("1")
    expect(page.locator(".plan-label")).to_have_text("Bruul +40\u00a0m")
    expect(page.locator(".plan-sign.there")).to_have_count(1)


def test_the_outcome_is_there_within_a_second(look):
    page = look("/plan/whatif")
    settled(page)
    page.get_by_label("Hoe noem je het?").fill("x")
    page.get_by_label("Midden van een straat").select_option(label="Bruul")
    page.evaluate("window.began = performance.now()")
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.locator(".map-frame")).to_have_attribute("data-drawn", "1")
    assert page.evaluate("performance.now() - window.began") < 1000


def test_the_list_to_visit_prints_without_what_is_for_the_screen(look):
    page = look("/plan/outreach")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_text("LDC De Rooster")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_scrolls_no_page_sideways(look, path, plans):
    page = look(named(path, plans), viewport={"width": 390, "height": 844})
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("seen", [DESKTOP, PHONE], ids=["light", "dark-phone"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_to_improve(chromium, address, seen, path, plans):
    context = chromium.new_context(bypass_csp=True, **seen)
    page = context.new_page()
    page.goto(address + named(path, plans))
    settled(page)
    found = Axe().run(page)
    context.close()
    assert not found.violations_count, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_without_javascript_every_figure_is_there(chromium, address, path, plans):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + named(path, plans))
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("table, .visits, .kept, noscript, form").count()
    context.close()


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"forced_colors": "active"},
        {"viewport": {"width": 390, "height": 844}},
    ],
    ids=["light", "dark", "forced", "phone"],
)
def test_pictures_are_taken_for_people_to_judge(look, tmp_path: Path, plans, options, request):
    shots = shots_folder(tmp_path)
    name = request.node.callspec.id
    for path in PAGES:
        page = look(named(path, plans), **options)
        settled(page)
        part = re.sub(r"\W+", "-", path).strip("-")
        page.screenshot(path=shots / f"{part}-{name}.png", full_page=True)
    assert len(list(shots.glob(f"*-{name}.png"))) == len(PAGES)
