"""A real browser for every test that needs one, and what its pages must never do."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from waitress.server import create_server

from tests.conftest import require

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LISTEN_FOR_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


@dataclass
class Watch:
    """Everything that a page did and should not have done."""

    host: str
    faults: list[str] = field(default_factory=list)
    is_cut_off: bool = False

    def over(self, page: Page) -> None:
        page.add_init_script(LISTEN_FOR_VIOLATIONS)
        page.on("console", lambda said: self.heard(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", lambda asked: self.asked(asked.url))

    def heard(self, kind: str, text: str) -> None:
        is_expected = self.is_cut_off and "Failed to load resource" in text
        if kind in {"error", "warning"} and not is_expected:
            self.faults.append(f"{kind}: {text}")

    def asked(self, url: str) -> None:
        if not url.startswith((self.host, "data:", "blob:")):
            self.faults.append(f"request: {url}")


@contextmanager
def chromium_running() -> Iterator[Browser]:
    """Start the system's Chromium; skip where it is missing."""
    require("chromium", CHROMIUM is not None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve pages on a free port of loopback; yield their address."""
    # Waitress looks for work once a second by default; closing should not take that long.
    server = create_server(app, host="127.0.0.1", port=0, threads=4, asyncore_loop_timeout=0.05)
    running = threading.Event()
    running.set()

    def serve() -> None:
        while running.is_set():
            server.asyncore.loop(timeout=0.05, map=server._map, count=1)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    running.clear()
    thread.join()
    server.task_dispatcher.shutdown()
    server.close()
    server.asyncore.close_all(server._map)


@contextmanager
def watched_pages(browser: Browser, address: str, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open pages of a server; in the end, nothing forbidden may have happened on any of them."""
    contexts: list[BrowserContext] = []
    pages: list[Page] = []

    def opened(path: str = "/", **options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        page.goto(address + path)
        pages.append(page)
        return page

    yield opened
    violations = [said for page in pages for said in page.evaluate("window.violations")]
    for context in contexts:
        context.close()
    assert watch.faults + violations == []


def shots_folder(otherwise: Path) -> Path:
    """Return where pictures of the pages go: NETMON_SCREENSHOTS, or `otherwise`."""
    folder = Path(os.environ.get("NETMON_SCREENSHOTS", otherwise))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def drawn(page: Page) -> None:
    """Wait until every spot with a place has its sign, and the base map is there."""
    expect(page.locator(".pin[aria-label]").first).to_be_visible()
    expect(page.locator("canvas")).to_have_count(1)
