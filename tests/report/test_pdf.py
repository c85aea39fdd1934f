"""The PDF: one that a screen reader can read, with the figures of the report and no others."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from netmon.analysis.month_report import Grouping, MethodNote
from netmon.domain.figures import NO_FIGURES
from netmon.domain.incidents import Audience
from netmon.domain.model import Service
from netmon.report import texts_nl
from netmon.report.compose import compose
from netmon.report.dutch import month_name, percent
from netmon.report.edition import Edition, Why
from netmon.report.events import MOST_INCIDENTS
from netmon.report.glyphs import RANGES, drawable
from netmon.report.paper import Paper, Section
from netmon.report.pdf import as_pdf
from tests.report.reports import incident, later, line, report

ROOT = Path(__file__).parents[2]
PLAIN = Paper("Een kop", "Herziening 1", "nl", "2026-10-31", "Een zin.", ("Intern",), ())

HOSTILE = (
    '#import "/etc/passwd"',
    '#include "x.typ"',
    '#read("/etc/hostname")',
    "#{ while true {} }",
    "#panic()",
    "#pagebreak()",
    "#sys.inputs.paper",
    "*vet*",
    "_schuin_",
    "$ x^2 $",
    "`code`",
    "```typ #panic()```",
    "= Kop",
    "- punt",
    "+ punt",
    "/ term: zin",
    "<label>",
    "@label",
    "\\ #",
    "\\u{202e}",
    "]#panic()[",
    "}#panic(){",
    '"; panic(); "',
    "// weg",
    "/* weg",
    "https://evil.example/",
    "'enkel'",
    "~ -- --- ... -?",
    "</svg><script>alert(1)</script>",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "{city}{0}{__class__}",
)
"""None of these does anything but stand there, sign for sign."""

UNPRINTABLE = (
    "omgekeerd \u202e txet",
    "nul\0byte",
    "bel\a \x1b[31m",
    "regel\neinde\r\n",
    "日本 😀",
    "\ufffe\uffff\ue000",
    "z" * 65_536,
    "\u0301" * 50,
    "",
    " ",
)
"""What has no sign of its own, or far too many."""


def pdf(**changes: object) -> PdfReader:
    return PdfReader(BytesIO(as_pdf(compose(Edition(1, "0.1.0", report(**changes))))))


def text_of(reader: PdfReader) -> str:
    """Return the words of all pages on one line."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def elements(reader: PdfReader) -> list[dict[str, Any]]:
    """Return the structure of a document, in reading order."""
    found: list[dict[str, Any]] = []
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        each = waiting.pop().get_object()
        if isinstance(each, list):
            waiting.extend(reversed(each))
        elif isinstance(each, dict):
            found.append(each)
            if "/K" in each:
                waiting.append(each["/K"])
    return found


def kinds(reader: PdfReader) -> list[str]:
    return [str(each["/S"]) for each in elements(reader) if "/S" in each]


def with_names(name: str) -> dict[str, object]:
    made = report()
    named = line("x", name, Grouping.STREET)
    worst = replace(made.worst[0], name=name, place_name=name)
    broken = incident(subject_name=name, place_name=name, reason=name, places=(name, name))
    return {"city": name, "streets": (named,), "worst": (worst,), "incidents": (broken,)}


@pytest.fixture(scope="module")
def printed() -> PdfReader:
    return pdf()


def test_a_screen_reader_is_told_language_title_and_structure(printed: PdfReader) -> None:
    root = printed.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert printed.metadata is not None
    assert printed.metadata.title == "Gratis internet in Mechelen: " + month_name("2026-10")
    said = printed.xmp_metadata
    assert said is not None and b"pdfuaid:part" in root["/Metadata"].get_data()
    assert kinds(printed).count("/H1") >= 11


def test_every_picture_says_what_it_shows(printed: PdfReader) -> None:
    pictures = [each for each in elements(printed) if each.get("/S") == "/Figure"]
    assert len(pictures) == 6
    said = [str(each.get("/Alt", "")) for each in pictures]
    assert all(words.startswith("Staafgrafiek van") for words in said)
    assert "De slechtste dag was 14 oktober, met 94,16 %." in said[0]  # codespell:ignore oktober


def test_every_table_has_heads_that_are_heads(printed: PdfReader) -> None:
    found = kinds(printed)
    tables = sum(len(section.tables) for section in compose(Edition(1, "", report())).sections)
    assert found.count("/Table") == tables
    columns = sum(
        len(table.columns)
        for section in compose(Edition(1, "", report())).sections
        for table in section.tables
    )
    assert found.count("/TH") >= columns


def test_every_page_has_its_number_and_every_mark(printed: PdfReader) -> None:
    made = pdf(is_synthetic=True, is_complete=False)
    for number, page in enumerate(made.pages, 1):
        words = page.extract_text()
        assert f"{number} / {len(made.pages)}" in words
        assert "Demonstratie" in words and "Voorlopig" in words
    assert all("Demonstratie" not in page.extract_text() for page in printed.pages)


def test_the_figures_on_paper_are_those_of_the_report(printed: PdfReader) -> None:
    words, made = text_of(printed), report()
    for each in (made.total, *made.kinds, *made.streets, *made.sites, *made.worst):
        assert percent(each.figures.availability) in words
        assert percent(each.figures.unknown_ratio) in words
    for day in made.days:
        assert percent(day.total.availability) in words
    assert all(each.subject_name in words for each in made.incidents)
    unbroken = "".join(words.split()).replace("-", "")
    assert "99,50%:nietgehaald,3uteveel" in unbroken


def test_words_of_every_section_are_on_paper(printed: PdfReader) -> None:
    words = text_of(printed)
    for section in compose(Edition(1, "0.1.0", report())).sections:
        assert section.heading in words
        for said in (*section.paragraphs, *section.points):
            assert "".join(said.split()) in words.replace(" ", "").replace("-", "") or said in words


def digest_elsewhere(seed: str) -> str:
    code = (
        "import hashlib; from tests.report.reports import *; from netmon.report.issue import *;"
        "made = files_of(Edition(1, '0.1.0', report()));"
        "print(*(hashlib.sha256(made[each]).hexdigest() for each in FORMATS))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        check=True,
        cwd="/",
    )
    return done.stdout.decode()


def test_the_same_edition_gives_the_same_bytes_in_every_process() -> None:
    first, second = digest_elsewhere("1"), digest_elsewhere("2")
    assert first == second
    here = hashlib.sha256(as_pdf(compose(Edition(1, "0.1.0", report())))).hexdigest()
    assert here in first


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_markup(name: str) -> None:
    words = text_of(pdf(**with_names(name)))
    shown = "".join(drawable(name).split())
    # Set on narrow lines, a name may be broken: hyphens and spaces are no part of the proof.
    assert shown.replace("-", "") in words.replace(" ", "").replace("-", "")
    assert "Hoe we dit berekenen" in words


@pytest.mark.parametrize("name", UNPRINTABLE, ids=ascii)
def test_a_name_that_cannot_be_set_does_no_harm(name: str) -> None:
    made = pdf(**with_names(name))
    assert len(made.pages) < 9
    assert "\u202e" not in text_of(made)


def test_a_word_without_end_covers_no_figure_beside_it() -> None:
    """No hyphen divides a row of consonants: it goes on below, and not over its neighbours."""
    named = {**with_names("M" * 200), "city": "Mechelen"}
    lines = [line for page in pdf(**named).pages for line in _lines(page)]
    tables = [line for line in lines if set(line) == {"M"}]
    assert len(tables) > 10 and max(map(len, tables)) < 40


def _lines(page: PageObject) -> list[str]:
    return [line.strip() for line in page.extract_text().splitlines()]


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_a_name_is_it_can_be_set(name: str) -> None:
    words = drawable(name)
    assert len(words) <= 200 and words.isprintable()
    sections = (Section("a", "Kop", (words,)),)
    assert as_pdf(replace(PLAIN, title=f"T {words}", sections=sections)).startswith(b"%PDF-")


def test_every_character_that_counts_as_drawable_is() -> None:
    characters = "".join(chr(code) for first, last in RANGES for code in range(first, last + 1))
    kept = "".join(drawable(f"a{char}") for char in characters)
    sections = tuple(
        Section(f"s{start}", "Tekens", (kept[start : start + 1000],))
        for start in range(0, len(kept), 1000)
    )
    assert as_pdf(replace(PLAIN, sections=sections)).startswith(b"%PDF-")


def test_a_month_in_which_nothing_was_measured_is_told_as_that() -> None:
    made = report()
    nothing = replace(made.total, figures=NO_FIGURES, last_month=None, objective=None, mttr_s=None)
    days = tuple(replace(day, total=NO_FIGURES, kinds=()) for day in made.days)
    empty = pdf(
        total=nothing,
        days=days,
        kinds=(),
        streets=(),
        sites=(),
        worst=(),
        incidents=(),
        flapping=(),
    )
    words = text_of(empty)
    assert "Over oktober 2026 weten we niet hoe" in words  # codespell:ignore oktober
    assert "100" not in words.split("Hoe we dit")[0].replace("100,00", "")


def test_changes_stand_first_in_a_later_edition() -> None:
    edition = Edition(2, "0.1.0", later(report()), why=("announcements",))
    words = text_of(PdfReader(BytesIO(as_pdf(compose(edition)))))
    assert words.index("Wat is er veranderd") < words.index("In het kort")
    assert "de aankondigingen" in words


def test_what_is_too_long_for_paper_is_said_to_be_elsewhere() -> None:
    many = tuple(incident(f"x{number}", in_month_s=number) for number in range(MOST_INCIDENTS + 7))
    (section,) = [
        each
        for each in compose(Edition(1, "0.1.0", report(incidents=many))).sections
        if each.key == "incidents"
    ]
    assert len(section.tables[0].rows) == MOST_INCIDENTS
    assert section.paragraphs == (
        f"Hier staan de {MOST_INCIDENTS} langste. De andere 7 staan in het CSV-bestand.",
    )


@pytest.mark.parametrize("language", [texts_nl])
def test_every_text_is_used_and_none_is_missing(language: ModuleType) -> None:
    """Each key stands in the code that says it; those made of parts are named here."""
    room = ROOT / "netmon" / "report"
    code = "".join(
        path.read_text("utf-8") for path in room.glob("*.py") if path.name != "texts_nl.py"
    )
    made = {f"{key}_caption" for key in ("kinds", "streets", "sites")}
    made |= {f"why_{why}" for why in get_args(Why)}
    unused = {key for key in language.TEXTS if f'"{key}"' not in code} - made
    assert unused == set()
    assert made <= set(language.TEXTS)
    assert set(language.METHOD) == set(MethodNote)
    assert set(language.SERVICES) == set(Service) and set(language.WHOSE) == set(Audience)
