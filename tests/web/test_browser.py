"""A real browser on a real server: what residents and the desk see, hear and type."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, pairwise
from math import dist
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from netmon.analysis.rows import Acknowledged
from netmon.domain.annotations import AnnotationKind
from netmon.domain.model import Status
from tests.browser import Watch, drawn, serving, shots_folder, watched_pages
from tests.web.conftest import (
    MECHELEN,
    NOW,
    Record,
    city_spots,
    detail,
    device,
    incident,
    said,
    spot,
)
from tests.web.past import series_views, written
from tests.web.test_announced import row as announced_row
from web.app import create_app
from web.assets import Assets
from web.layers import CityLayers
from web.snapshot import STALE
from web.words import GROUPS

pytestmark = pytest.mark.browser

INCIDENT = "/ops/incidents/ap-bruul-01@1"

PATCHED = """
window.patched = (before, after, focused) => {
  const list = (keys) => {
    const made = document.createElement("ul");
    const items = keys.map((key) => `<li id="k-${key}"><button>${key}</button></li>`);
    made.innerHTML = items.join("\\n");
    return made;
  };
  const old = document.body.appendChild(list(before));
  const nodes = new Map([...old.children].map((node) => [node.id, node]));
  document.activeElement.blur();
  nodes.get(`k-${focused}`)?.firstChild.focus();
  window.patch(old, list(after));
  const now = [...old.children];
  const said = {
    order: now.map((node) => node.textContent),
    same: now.map((node) => nodes.get(node.id) === node),
    hasFocus: document.activeElement.textContent === focused,
  };
  old.remove();
  return said;
};
void 0;
"""
"""Patches a list of buttons, one of which has the focus, and says what became of it."""

BESIDE = """
() => netmon.spots.layer.getLayers().filter(
  (one) => one.getTooltip()?.getElement().offsetWidth
).map((one) => {
  const sign = one.getElement().getBoundingClientRect();
  const name = one.getTooltip().getElement().getBoundingClientRect();
  const gap = Math.max(name.left - sign.right, sign.left - name.right);
  return Math.max(gap, Math.abs(name.top + name.height / 2 - sign.top - sign.height / 2));
})
"""
"""How far each name that is shown is from its sign, in pixels."""

NAMES_IN_VIEW = """
() => netmon.spots.layer.getLayers()
  .filter((one) => one.getTooltip()?.getElement().offsetWidth)
  .filter((one) => netmon.spots.map.getBounds().contains(one.getLatLng()))
  .map((one) => one.getTooltip().getElement().getBoundingClientRect())
  .map((box) => [box.left, box.right])
"""
"""Where each name of a sign in view begins and ends, in pixels."""


SERIES = (
    "/ops/devices/ap-01",
    "/ops/devices/ap-01?measurement=rx_bytes_per_s",
    "/ops/devices/ap-02",
    "/ops/heatmap",
)
"""Of a device with a day of points, of one without, and of all together."""


@pytest.fixture
def record() -> Record:
    """The whole city, with every state."""
    record = Record(city_spots())
    rows = tuple(device(f"ap-{i:02}", name=f"Zender {i}") for i in range(30))
    record.tell(devices=rows, incidents=(incident(),))
    return record


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a day of points of one device."""
    folder = tmp_path_factory.mktemp("past")
    written(folder, "ap-01")
    return folder


@pytest.fixture
def app(record: Record, city: CityLayers, past: Path) -> Flask:
    """The face, asked five times a second."""
    return create_app(
        record,
        city,
        clock=record.clock,
        timezone=MECHELEN,
        is_demo=True,
        bind_host="127.0.0.1",
        poll_s=0.2,
        series=series_views(past, incident(device_id="ap-01")),
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


@pytest.fixture
def spreading(look: Callable[..., Page]) -> Page:
    """A page in which `window.spread` is the function of spread.js."""
    page = look()
    page.evaluate(
        f"import('{Assets.load().url('spread.js')}').then((m) => {{ window.spread = m.spread; }})"
    )
    return page


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures of the pages go."""
    return shots_folder(tmp_path)


def change(record: Record, key: str, **changes: object) -> None:
    rows = record.spots(record.now)
    record.tell(spots=tuple(replace(row, **changes) if row.id == key else row for row in rows))


def test_the_map_draws_as_many_spots_as_the_feed_places(look):
    page = look()
    drawn(page)
    feed = page.evaluate("fetch('/api/v1/spots.geojson').then((answer) => answer.json())")
    placed = [f["id"] for f in feed["features"] if f["geometry"]]
    expect(page.locator(".pin")).to_have_count(len(placed))
    expect(page.locator(".card")).to_have_count(len(feed["features"]))
    signs = page.eval_on_selector_all(".pin", "(all) => all.map((one) => one.dataset.spot)")
    assert sorted(signs) == sorted(placed)
    lines = [f for f in feed["features"] if f["geometry"] and f["geometry"]["type"] != "Point"]
    assert page.locator("path.street").count() >= len(lines) > 3


def test_every_sign_has_a_name_of_its_own_and_is_large_enough(look):
    page = look()
    drawn(page)
    names = page.eval_on_selector_all(
        ".pin", "(all) => all.map((p) => p.getAttribute('aria-label'))"
    )
    assert all(names)
    assert len(set(names)) == len(names)
    for sign in page.locator(".pin").all():
        assert sign.get_attribute("role") == "button"
        box = sign.bounding_box()
        assert box["width"] >= 32 and box["height"] >= 32


def test_a_change_shows_in_sign_street_and_card_without_reload_and_keeps_the_focus(look, record):
    page = look()
    drawn(page)
    page.evaluate("window.isSamePage = true")
    sign = page.locator('.pin[data-spot="bruul"]')
    expect(sign).to_have_attribute("data-status", "up")
    sign.focus()
    change(record, "bruul", status=Status.DOWN, working=0)
    expect(sign).to_have_attribute("data-status", "down")
    expect(sign.locator("use")).to_have_attribute("href", "#shape-down")
    expect(page.locator("#spot-bruul .state-word")).to_have_text("werkt niet")
    expect(page.locator("#spot-bruul .card-count")).to_have_text("0 van 8 zenders werken")
    expect(page.locator('path.street[data-status="down"]').first).to_be_attached()
    expect(sign).to_have_attribute("aria-label", "Bruul: werkt niet. Dag en nacht open.")
    expect(page.locator("#news")).to_have_text("Bruul: werkt niet.")
    expect(sign).to_be_focused()
    assert page.evaluate("window.isSamePage") is True


def test_the_colour_of_a_street_is_the_colour_of_its_state(look, record):
    page = look()
    drawn(page)
    colour = "(one) => getComputedStyle(one).stroke"
    street = page.locator('path.street[data-status="up"]').first
    assert street.evaluate(colour) == "rgb(68, 119, 170)"
    change(record, "bruul", status=Status.DEGRADED)
    change(record, "ijzerenleen", status=Status.DEGRADED)
    expect(page.locator('path.street[data-status="degraded"]').nth(2)).to_be_attached()
    assert (
        page.locator('path.street[data-status="degraded"]').nth(2).evaluate(colour)
        == "rgb(204, 187, 68)"
    )


def test_an_open_panel_is_kept_and_brought_up_to_date(look, record):
    page = look()
    drawn(page)
    page.locator('.pin[data-spot="hoogstraat"]').click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("werkt deels")
    change(record, "hoogstraat", status=Status.DOWN, working=0)
    expect(panel).to_contain_text("werkt niet")
    expect(panel).to_have_count(1)


def test_the_keyboard_reaches_a_sign_opens_its_panel_and_comes_back(look):
    page = look()
    drawn(page)
    page.locator(".skip").nth(1).focus()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('pin')"):
            break
    sign = page.locator(".pin:focus")
    expect(sign).to_have_count(1)
    spot_id = sign.get_attribute("data-spot")
    for key in ("Enter", " "):
        page.keyboard.press(key)
        panel = page.get_by_role("dialog")
        expect(panel).to_be_visible()
        expect(page.locator(f'.pin[data-spot="{spot_id}"]')).to_have_attribute(
            "aria-expanded", "true"
        )
        assert page.evaluate("Boolean(document.activeElement.closest('[role=dialog]'))")
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        expect(page.locator(f'.pin[data-spot="{spot_id}"]')).to_be_focused()


def test_a_card_shows_its_spot_on_the_map_and_gets_the_focus_back(look):
    page = look(viewport={"width": 390, "height": 844})
    drawn(page)
    link = page.locator('[data-show="bruul"]')
    link.click()
    expect(page.get_by_role("dialog")).to_contain_text("Bruul")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_hostile_names_stay_text_on_the_map_too(look, record):
    name = "<img src=x onerror=window.pwned=1>"
    rows = record.spots(record.now)
    record.tell(spots=tuple(replace(row, name=name, address=name) for row in rows))
    page = look()
    drawn(page)
    page.locator('.pin[data-spot="bruul"]').focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text(name)
    assert page.locator("img").count() == 0
    assert page.evaluate("window.pwned") is None


def test_spots_that_come_and_go_do_so_on_the_map_and_in_the_list(look, record):
    page = look()
    drawn(page)
    rows = record.spots(record.now)
    record.tell(spots=(*rows[1:], spot("nieuw", name="Nieuw huis", synthetic=True)))
    expect(page.locator('.pin[data-spot="nieuw"]')).to_have_count(1)
    expect(page.locator("#spot-nieuw")).to_contain_text("Nieuw huis")
    expect(page.locator(f'.pin[data-spot="{rows[0].id}"]')).to_have_count(0)
    expect(page.locator(f"#spot-{rows[0].id}")).to_have_count(0)


def test_a_page_that_is_cut_off_says_how_old_it_is_and_recovers(look, watch, record):
    page = look()
    drawn(page)
    line = page.locator("#as-of")
    expect(line).to_have_text("Stand van 10.42 uur.")
    watch.is_cut_off = True
    page.context.set_offline(True)
    expect(line).to_have_text("Stand van 10.42 uur. We krijgen nu geen nieuwe gegevens.")
    expect(page.locator("#spot-bruul")).to_be_visible()
    page.context.set_offline(False)
    expect(line).to_have_text("Stand van 10.42 uur.")
    change(record, "bruul", status=Status.DOWN)
    expect(page.locator('.pin[data-spot="bruul"]')).to_have_attribute("data-status", "down")


def test_a_server_that_hears_nothing_says_how_old_its_news_is(look, record):
    page = look()
    drawn(page)
    record.now += STALE + timedelta(minutes=1)
    expect(page.locator("#as-of")).to_contain_text("We krijgen nu geen nieuwe gegevens.")


@pytest.mark.parametrize("zoom", [13, 15, 17])
def test_signs_do_not_lie_on_each_other(look, zoom):
    page = look(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    drawn(page)
    page.evaluate("(zoom) => netmon.spots.map.setZoom(zoom)", zoom)
    boxes = [sign.bounding_box() for sign in page.locator(".pin").all()]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    apart = [dist(a, b) for a, b in combinations(middles, 2)]
    assert min(apart) > 36


def test_every_name_stands_beside_its_sign_from_the_first_moment(look):
    page = look(viewport={"width": 1280, "height": 800})
    drawn(page)
    assert page.evaluate("netmon.spots.map._animatingZoom || false") is False
    beside = page.evaluate(BESIDE)
    assert len(beside) > 3
    assert max(beside) < 40


@pytest.mark.parametrize("width", [390, 1280])
def test_no_name_of_a_sign_in_view_is_cut_by_the_edge_of_the_map(look, width):
    page = look(viewport={"width": width, "height": 844})
    drawn(page)
    frame = page.locator(".folium-map").bounding_box()
    for left, right in page.evaluate(NAMES_IN_VIEW):
        assert frame["x"] <= left < right <= frame["x"] + frame["width"]


@given(st.lists(st.tuples(*[st.floats(0, 600)] * 2), max_size=12), st.floats(10, 50))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_spreading_points_separates_them_and_leaves_alone_what_has_room(spreading, points, gap):
    moves = spreading.evaluate("([points, gap]) => window.spread(points, gap)", [points, gap])
    moved = [(x + dx, y + dy) for (x, y), (dx, dy) in zip(points, moves, strict=True)]
    before = [dist(a, b) for a, b in combinations(points, 2)]
    if all(length >= gap for length in before):
        assert moves == [[0, 0]] * len(points)
    elif len(points) < 6:
        assert min(dist(a, b) for a, b in combinations(moved, 2)) > gap * 0.8 - 2


@pytest.fixture
def patching(look: Callable[..., Page]) -> Page:
    """A page in which `window.patched(before, after, focused)` patches a list of buttons."""
    page = look()
    page.evaluate(
        f"import('{Assets.load().url('patch.js')}').then((m) => {{ window.patch = m.patch; }})"
    )
    page.evaluate(PATCHED)
    return page


KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


@given(KEYS, KEYS, st.sampled_from("abcdefgh"))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_patched_list_is_the_new_one_with_the_old_nodes_and_the_focus(
    patching, before, after, focused
):
    said = patching.evaluate("(all) => window.patched(...all)", [before, after, focused])
    assert said["order"] == after
    assert said["same"] == [key in before for key in after]
    assert said["hasFocus"] == (focused in before and focused in after)


def test_without_javascript_the_list_is_whole(chromium, address, record):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".card")).to_have_count(len(record.spots(record.now)))
    expect(page.locator("#spot-bruul .state-word")).to_be_visible()
    context.close()


def test_target_groups_are_drawn_small_below_the_spots_until_switched_off(look, city):
    page = look(viewport={"width": 1280, "height": 800})
    drawn(page)
    places = json.loads(city.layers["target_groups"].body)["features"]
    expect(page.locator(".group-sign")).to_have_count(len(places))
    assert len(places) > 3
    size = page.locator(".group-sign").first.bounding_box()
    assert size["width"] < page.locator(".pin").first.bounding_box()["width"] / 2
    level = "(pane) => Number(getComputedStyle(pane).zIndex)"
    groups = page.locator(".leaflet-groups-pane").evaluate(level)
    assert groups < page.locator(".leaflet-marker-pane").evaluate(level)
    page.get_by_label("Plekken voor doelgroepen").uncheck()
    expect(page.locator(".group-sign")).to_have_count(0)


def test_the_legend_explains_the_groups_that_are_drawn_and_names_the_others(look, city):
    page = look()
    drawn(page)
    uses = "(all) => all.map((one) => one.getAttribute('href'))"
    told = page.eval_on_selector_all(".legend .group use", uses)
    shown = page.eval_on_selector_all(".group-sign use", uses)
    assert set(told) == set(shown) == {f"#group-{group}" for group in city.groups}
    for group in set(GROUPS) - city.groups:
        assert GROUPS[group] in page.locator(".legend").inner_text()


def test_less_motion_is_respected(look):
    page = look(reduced_motion="reduce")
    drawn(page)
    assert page.evaluate("netmon.spots.map.options.zoomAnimation") is False
    assert page.evaluate("netmon.spots.map.options.maxZoom") == 19


def test_the_desk_renews_its_table_in_place(look, record):
    page = look("/ops?sort=name")
    row = page.locator("#device-ap-07")
    expect(row.locator(".state-word")).to_have_text("werkt")
    page.locator("#q").fill("half getypt")
    page.locator("#q").focus()
    devices = record.devices(record.now)
    record.tell(
        devices=tuple(
            replace(one, status=Status.DOWN, reason="timeout") if one.id == "ap-07" else one
            for one in devices
        ),
        incidents=(incident(), incident("second")),
    )
    expect(row.locator(".state-word")).to_have_text("werkt niet")
    expect(row).to_contain_text("timeout")
    expect(page.locator("#incidents-head")).to_have_text("2 open incidenten")
    expect(page.locator("#news")).to_have_text("2 open incidenten")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("half getypt")


@pytest.fixture(autouse=True)
def known_incident(record: Record) -> None:
    """One incident that has everything: notes, a link, an orphan, work, and one before it."""
    by = Acknowledged("Ann", NOW, NOW + timedelta(hours=2), "")
    row = incident("ap-bruul-01@1", acknowledged=by, notes=2, places=("bruul", "bib"))
    link = said("l", kind=AnnotationKind.LINK, url="https://example.org/7", text="ticket 7")
    before = incident(
        "ap-bruul-01@0", began_at=NOW - timedelta(days=3), ended_at=NOW - timedelta(days=2)
    )
    record.details = {
        row.id: detail(
            row,
            said=(said(), link),
            orphans=(said("o", text="verdwaald"),),
            announced=(announced_row(starts_at=NOW - timedelta(hours=1), ends_at=NOW),),
            earlier=(before,),
            mean_repair_s=5400.0,
        )
    }


def test_from_the_desk_to_an_incident_and_back_by_keyboard(look, record):
    record.tell(incidents=(record.details["ap-bruul-01@1"].row,))
    page = look("/ops")
    link = page.locator("#incidents a").first
    expect(page.locator("#incidents")).to_contain_text("bevestigd door Ann")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Access point Bruul 1")
    expect(page.locator(".strip rect").first).to_be_attached()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Terug naar het beheer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Beheer van het netwerk")


@pytest.mark.parametrize("path", ["/ops", INCIDENT, *SERIES])
def test_a_phone_scrolls_no_page_sideways(look, path):
    page = look(path, viewport={"width": 390, "height": 844})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_on_a_phone_the_reason_is_in_sight(look, record):
    down = device("ap-07", status=Status.DOWN, reason="timeout", detail="wlc: is gone")
    record.tell(devices=(down,))
    page = look("/ops", viewport={"width": 390, "height": 844})
    told = page.locator("#device-ap-07").get_by_text("geen antwoord").locator("visible=true")
    expect(told).to_have_count(1)
    box = told.bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(told).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/", "/ops", INCIDENT, *SERIES])
def test_axe_finds_nothing_to_improve(chromium, address, scheme, size, path):
    # Axe injects itself, which the policy forbids; the other tests check the policy.
    context = chromium.new_context(
        bypass_csp=True,
        color_scheme=scheme,
        viewport={"width": size[0], "height": size[1]},
    )
    page = context.new_page()
    page.goto(address + path)
    if path == "/":
        drawn(page)
    found = [Axe().run(page)]
    if path == "/":
        page.locator('.pin[data-spot="bruul"]').focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        found.append(Axe().run(page))
    context.close()
    reports = [one.generate_report() for one in found if one.violations_count]
    assert not reports, "\n".join(reports)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
def test_pictures_are_taken_for_people_to_judge(look, shots, size, scheme):
    page = look(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    drawn(page)
    name = f"{size[0]}x{size[1]}-{scheme}"
    page.screenshot(path=shots / f"public-{name}.png")
    page.locator("#map").scroll_into_view_if_needed()
    page.locator('.pin[data-spot="bruul"]').focus()
    page.keyboard.press("Enter")
    page.screenshot(path=shots / f"panel-{name}.png")
    page.goto(page.url.split("#")[0] + "ops")
    page.screenshot(path=shots / f"desk-{name}.png")
    page.goto(page.url.removesuffix("/ops") + INCIDENT)
    page.screenshot(path=shots / f"incident-{name}.png", full_page=True)
    assert len(list(shots.glob(f"*-{name}.png"))) == 4


def test_the_name_of_a_device_leads_to_its_charts(look):
    page = look("/ops")
    page.locator("#device-ap-01").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zender 1")
    figure = page.locator("figure", has_text="antwoordtijd")
    box = figure.locator("svg").bounding_box()
    for part in ("line", "band"):
        drawn_part = figure.locator(f"path.{part}").bounding_box()
        assert drawn_part["width"] > 0.8 * box["width"], part
        assert drawn_part["y"] >= box["y"] - 2
        assert drawn_part["y"] + drawn_part["height"] <= box["y"] + box["height"] + 2


def test_the_keyboard_opens_the_table_of_a_chart(look):
    page = look("/ops/devices/ap-01")
    figure = page.locator("figure", has_text="antwoordtijd")
    expect(figure.locator("table")).to_be_hidden()
    figure.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(figure.locator("table")).to_be_visible()
    page.keyboard.press("Tab")
    expect(figure.get_by_role("region")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
def test_words_of_a_chart_lie_beside_it_and_not_on_each_other(look, shots, size, scheme):
    page = look(
        "/ops/devices/ap-01", viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    plot = page.locator("figure .plot").first
    svg = plot.locator("svg").bounding_box()
    marks = [each.bounding_box() for each in plot.locator(".marks span").all()]
    assert all(mark["x"] + mark["width"] <= svg["x"] for mark in marks)
    times = plot.locator(".times span").evaluate_all(
        """(all) => all.map((one) => {
          const range = document.createRange();
          range.selectNodeContents(one);
          const box = range.getBoundingClientRect();
          return [box.left, box.right];
        })"""
    )
    assert all(a[1] < b[0] for a, b in pairwise(times))
    assert times[-1][1] <= size[0]
    page.screenshot(path=shots / f"device-{size[0]}-{scheme}.png", full_page=True)
    page.goto(page.url.replace("devices/ap-01", "heatmap"))
    page.screenshot(path=shots / f"week-{size[0]}-{scheme}.png", full_page=True)
