"""The whole of it in a real browser: agents, collectors, record, map and desk of a running demo."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from netmon.demo import control
from tests.browser import Watch, chromium_running, drawn, shots_folder, watched_pages
from tests.cli.conftest import Netmon
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

VICTIM = "ap-vismarkt-01"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
SOON_MS = 60_000
"""A device is asked every ten seconds, three times before it is called down; a page every ten."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_running() as browser:
        yield browser


@pytest.fixture
def look(chromium: Browser, demo: tuple[Netmon, Path]) -> Iterator[Callable[..., Page]]:
    """Open a page of the demo at one of the sizes."""
    address = demo[0].address
    with watched_pages(chromium, address, Watch(address)) as opened:

        def at(path: str, size: str) -> Page:
            width, height = SIZES[size]
            return opened(path, viewport={"width": width, "height": height})

        yield at


@pytest.fixture
def order(demo: tuple[Netmon, Path]) -> Iterator[Callable[[str], None]]:
    """Break or mend a device; afterwards all is well again."""
    netmon, folder = demo

    def obeyed(line: str) -> None:
        assert control.send(folder / "control.sock", line).startswith("ok")

    settled(netmon)
    yield obeyed
    obeyed(f"heal {VICTIM}")
    settled(netmon)


def settled(netmon: Netmon) -> None:
    """Wait until every street was looked at and all of Vismarkt works."""

    def is_well() -> bool:
        streets = [
            each["properties"]
            for each in netmon.get("/api/v1/spots.geojson")["features"]
            if each["properties"]["kind"] == "street"
        ]
        return bool(streets) and all(each["status"] == "up" for each in streets)

    wait_for(is_well, within_s=SOON_MS / 1000, what="every street is up")


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    return shots_folder(tmp_path)


def vismarkt(page: Page) -> list[Locator]:
    """Return what shows the state of Vismarkt: its sign, its shapes, its card."""
    sign = page.locator('.pin[data-spot="vismarkt"]')
    shapes = page.locator('path.street[data-spot="vismarkt"]')
    return [sign, shapes, page.locator("#spot-vismarkt")]


def all_say(page: Page, status: str) -> None:
    for part in vismarkt(page):
        expect(part).to_have_attribute("data-status", status, timeout=SOON_MS)


def test_the_map_of_a_running_demo_draws_every_spot_that_has_a_place(look, demo):
    page = look("/", "desktop")
    drawn(page)
    features = demo[0].get("/api/v1/spots.geojson")["features"]
    placed = sorted(each["id"] for each in features if each["geometry"])
    assert len(placed) > 15
    expect(page.locator(".pin")).to_have_count(len(placed))
    signs = page.eval_on_selector_all(".pin", "(all) => all.map((one) => one.dataset.spot)")
    assert sorted(signs) == placed
    lines = {each["id"] for each in features if each["properties"]["kind"] == "street"}
    shapes = page.eval_on_selector_all("path.street", "(all) => all.map((one) => one.dataset.spot)")
    assert set(shapes) == lines


@pytest.mark.parametrize("size", SIZES)
def test_a_failing_device_shows_on_map_and_card_without_reload_and_so_does_its_return(
    look, order, shots, size
):
    page = look("/", size)
    drawn(page)
    all_say(page, "up")
    page.evaluate("window.isSamePage = true")
    order(f"fail {VICTIM}")
    all_say(page, "degraded")
    expect(page.locator("#spot-vismarkt .card-count")).to_have_text("1 van 2 zenders werkt")
    expect(page.locator('.pin[data-spot="vismarkt"] use')).to_have_attribute(
        "href", "#shape-degraded"
    )
    page.screenshot(path=shots / f"demo-{size}-list.png")
    page.locator(".map-frame").scroll_into_view_if_needed()
    page.screenshot(path=shots / f"demo-{size}-map.png")
    order(f"heal {VICTIM}")
    all_say(page, "up")
    assert page.evaluate("window.isSamePage") is True


@pytest.mark.parametrize("size", SIZES)
def test_a_failing_device_shows_on_the_desk_with_its_state_and_since_when(look, order, shots, size):
    page = look("/ops?sort=status", size)
    row = page.locator(f"#device-{VICTIM}")
    expect(row.locator(".state-word")).to_have_text("werkt")
    page.evaluate("window.isSamePage = true")
    order(f"fail {VICTIM}")
    expect(row.locator(".state-word")).to_have_text("werkt niet", timeout=SOON_MS)
    expect(page.locator("#devices tbody tr").first).to_have_id(f"device-{VICTIM}")
    expect(page.locator(".incident:not(.ended)")).to_contain_text("Access point Vismarkt 1")
    since = row.locator("time").first.get_attribute("datetime")
    listed = incident_began(page)
    assert since == listed
    page.screenshot(path=shots / f"demo-{size}-desk.png")
    assert page.evaluate("window.isSamePage") is True


def incident_began(page: Page) -> str | None:
    return page.locator(".incident:not(.ended) time").first.get_attribute("datetime")
