"""The pages of issued reports: the same figures as on paper, and their files as they are kept."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from netmon.report.compose import compose
from netmon.report.edition import Edition
from netmon.report.issue import issue
from netmon.storage.issued import IssuedReports
from tests.browser import Watch, serving, shots_folder, watched_pages
from tests.report.reports import incident, later, report
from tests.web.conftest import MECHELEN, Record
from web.app import create_app
from web.layers import CityLayers

ISSUED = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
OCTOBER = "/ops/reports/2026-10"
PATHS = ["/ops/reports", OCTOBER, f"{OCTOBER}/r1"]
HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}\u202e"


@pytest.fixture
def reports(tmp_path: Path) -> IssuedReports:
    """Two editions of a month."""
    issued = IssuedReports(tmp_path)
    for made in (report(), later(report())):
        issue(issued, made, "0.1.0", ISSUED)
    return issued


@pytest.fixture
def app(record: Record, city: CityLayers, reports: IssuedReports) -> Flask:
    """The face, with reports."""
    made = create_app(
        record,
        city,
        clock=record.clock,
        timezone=MECHELEN,
        is_demo=False,
        bind_host="127.0.0.1",
        issued=reports,
    )
    made.testing = True
    return made


def words_of(text: str) -> str:
    """Return what a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_what_was_issued_is_listed(client: FlaskClient) -> None:
    said = words_of(client.get("/ops/reports").text)
    assert "oktober 2026" in said and "herziening 2" in said and "99,73 %" in said
    assert "99,00 %: gehaald, nog 150 u" in said


def test_the_page_says_what_the_paper_says(client: FlaskClient) -> None:
    said = words_of(client.get(f"{OCTOBER}/r1").text)
    paper = compose(Edition(1, "0.1.0", report()))
    assert paper.title in said and paper.summary in said
    for section in paper.sections:
        assert section.heading in said
        for table in section.tables:
            for row in table.rows:
                assert all(cell.text in said for cell in row.cells)
    charts = sum(len(section.charts) for section in paper.sections)
    assert client.get(f"{OCTOBER}/r1").text.count('<svg xmlns="') == charts == 6


def test_the_newest_edition_is_shown_and_older_ones_lead_to_it(client: FlaskClient) -> None:
    newest, older = (client.get(path).text for path in (OCTOBER, f"{OCTOBER}/r1"))
    assert "Wat is er veranderd" in newest and "Er is een nieuwere uitgave" not in newest
    assert "Wat is er veranderd" not in older and "Er is een nieuwere uitgave" in older
    assert all(f'href="{OCTOBER}/r{number}"' in newest for number in (1, 2))
    assert "gemaakt op" in newest and "02.11.2026 06:00:00" in newest


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("pdf", "application/pdf"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_files_are_given_as_they_are_kept(
    client: FlaskClient, reports: IssuedReports, ending: str, kind: str
) -> None:
    answer = client.get(f"{OCTOBER}/r1.{ending}")
    assert answer.status_code == 200 and answer.content_type == kind
    assert answer.data == reports.read("2026-10", 1, ending)
    said = answer.headers["Content-Disposition"]
    assert unquote(said) == f"attachment; filename=netmon-2026-10-r1.{ending}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"{OCTOBER}/r1.{ending}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""


def test_what_is_downloaded_opens(client: FlaskClient) -> None:
    assert len(PdfReader(BytesIO(client.get(f"{OCTOBER}/r2.pdf").data)).pages) >= 5
    text = client.get(f"{OCTOBER}/r2.csv").data.decode("utf-8-sig")
    heads, *rows = csv.reader(text.splitlines(), delimiter=";")
    assert heads[0] == "onderdeel" and rows[0][0] == "alles"


@pytest.mark.parametrize(
    "path",
    [
        "/ops/reports/2026-09",
        "/ops/reports/2026-13",
        "/ops/reports/..%2f..%2fdesk.db",
        "/ops/reports/2026-10/r3",
        "/ops/reports/2026-10/r0",
        "/ops/reports/2026-10/r3.pdf",
        "/ops/reports/2026-10/r1.fate",
        "/ops/reports/2026-10/r1.exe",
        "/ops/reports/2026-10/r1.json.lock",
        "/ops/reports/2026-10/r99999999999999999999.pdf",
        "/ops/reports/2026-10%00/r1.pdf",
    ],
)
def test_what_was_not_issued_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [*PATHS, f"{OCTOBER}/r1.pdf"])
@pytest.mark.parametrize(
    "far", [{"headers": {"X-Forwarded-For": "192.0.2.1"}}, {"base_url": "http://evil.example"}]
)
def test_reports_are_for_this_machine_alone(client: FlaskClient, path: str, far: dict) -> None:
    assert client.get(path, **far).status_code == 404


def test_hostile_names_are_only_words(client: FlaskClient, reports: IssuedReports) -> None:
    first, *others = report().worst
    named = report(
        month="2026-09",
        worst=(type(first)(**{**_fields(first), "name": HOSTILE}), *others),
        incidents=(incident(subject_name=HOSTILE, reason=HOSTILE),),
    )
    issue(reports, named, "0.1.0", ISSUED)
    text = client.get("/ops/reports/2026-09").text
    assert "<script>alert" not in text and "\u202e" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "{{7*7}}" in text


def _fields(line: object) -> dict[str, object]:
    return {name: getattr(line, name) for name in type(line).__slots__}


def test_where_there_is_none_the_command_is_named(
    client: FlaskClient, reports: IssuedReports
) -> None:
    for number in (1, 2):
        reports.path("2026-10", number, "json").unlink()
    text = client.get("/ops/reports").text
    assert "Er is nog geen verslag" in text and "<code>netmon report</code>" in text


def test_one_spoilt_file_hides_no_other_month(client: FlaskClient, reports: IssuedReports) -> None:
    issue(reports, report(month="2026-09"), "0.1.0", ISSUED)
    reports.path("2026-10", 2, "json").write_bytes(b"{")
    said = words_of(client.get("/ops/reports").text)
    assert "onleesbaar" in said and "september 2026" in said
    assert client.get("/ops/reports/2026-09").status_code == 200


# --- in a browser ------------------------------------------------------------------------


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as found:
        yield found


@pytest.fixture
def look(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    with watched_pages(chromium, address, Watch(address)) as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_to_improve(
    chromium: Browser, address: str, scheme: str, size: tuple[int, int], path: str
) -> None:
    context = chromium.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": size[0], "height": size[1]}
    )
    page = context.new_page()
    page.goto(address + path)
    found = Axe().run(page)
    context.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
@pytest.mark.parametrize("path", PATHS)
def test_on_a_phone_only_tables_and_charts_are_wider_than_the_page(
    look: Callable[..., Page], path: str
) -> None:
    page = look(path, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
def test_from_the_desk_to_a_report_and_its_pdf_by_keyboard(look: Callable[..., Page]) -> None:
    page = look("/ops")
    page.get_by_role("link", name="Maandverslagen").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="oktober 2026", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        compose(Edition(1, "", report())).title
    )
    page.get_by_role("link", name="PDF").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "netmon-2026-10-r2.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
def test_pictures_are_taken_for_people_to_judge(
    look: Callable[..., Page], tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    folder = shots_folder(tmp_path / "shots")
    for name, path in (("reports", PATHS[0]), ("report", OCTOBER)):
        page = look(path, viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        shot = folder / f"{name}-{size[0]}-{scheme}.png"
        page.screenshot(path=shot, full_page=True)
        assert shot.stat().st_size > 10_000
