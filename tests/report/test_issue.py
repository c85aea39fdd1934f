"""Issuing: the same figures are the same edition, others are a new one that says what changed."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.errors import StoreError
from netmon.report.compose import compose
from netmon.report.edition import Edition, from_json, is_same, to_json
from netmon.report.issue import edition_of, files_of, issue, newest
from netmon.storage.issued import IssuedReports
from tests.report.reports import HOUR, later, line, report

NOW = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
VERSION = "0.1.0"


@pytest.fixture
def reports(tmp_path: Path) -> IssuedReports:
    return IssuedReports(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("r*.*"))
        if path.suffix not in {".fate", ".lock"}
    }


def test_the_same_figures_are_the_same_edition(reports: IssuedReports, tmp_path: Path) -> None:
    first = issue(reports, report(), VERSION, NOW)
    before = contents(tmp_path)
    assert (first.edition.revision, first.is_new) == (1, True)
    assert set(before) == {f"reports/2026-10/r1.{ending}" for ending in ("json", "pdf", "csv")}
    # Made from something else, with the same result: no news.
    origin = replace(report().made_from, settings_digest="00" * 32)
    for again in (report(), report(made_from=origin)):
        second = issue(reports, again, "0.2.0", NOW + timedelta(days=9))
        assert not second.is_new and second.edition == first.edition
    assert contents(tmp_path) == before


def test_other_figures_are_a_new_edition_that_says_what_and_why(reports: IssuedReports) -> None:
    issue(reports, report(), VERSION, NOW)
    done = issue(reports, later(report()), VERSION, NOW)
    assert (done.edition.revision, done.is_new) == (2, True)
    assert done.edition.why == ("announcements",)
    told = {(each.what, each.column): (each.old, each.new) for each in done.edition.changes}
    assert told["Het Predikheren: computers", "Verloren"] == ("5 u", "1 u")
    assert told["Het Predikheren: computers", "Werkte"] == ("99,93 %", "99,98 %")
    was, words = told["Het Predikheren", "hele regel"]
    assert "plek niet geopend" in was and words == "staat er niet meer", "an incident that is none"
    assert ("Bruul", "Werkte") not in told
    first, *_ = compose(done.edition).sections
    assert first.key == "changes" and "de aankondigingen" in first.paragraphs[1]
    assert len(first.tables[0].rows) == len(done.edition.changes)


def test_a_kind_that_came_later_is_told_day_by_day(reports: IssuedReports) -> None:
    """The table of days has one column more then: its figures stood nowhere before."""
    days = tuple(replace(day, kinds=day.kinds[:2]) for day in report().days)
    issue(reports, report(days=days, kinds=report().kinds[:2]), VERSION, NOW)
    done = issue(reports, report(), VERSION, NOW)
    told = [each for each in done.edition.changes if each.column == "Switches"]
    assert len(told) == 31 and {each.old for each in told} == {"stond er niet"}


def test_no_table_has_two_columns_of_one_name() -> None:
    for section in compose(Edition(1, VERSION, report())).sections:
        for table in section.tables:
            heads = [column.head for column in table.columns]
            assert len(set(heads)) == len(heads), table.caption


def test_an_old_edition_stays_and_prints_the_same(reports: IssuedReports, tmp_path: Path) -> None:
    issue(reports, report(), VERSION, NOW)
    before = contents(tmp_path)
    issue(reports, later(report()), VERSION, NOW)
    issue(reports, report(), VERSION, NOW)
    assert list(reports.revisions("2026-10")) == [1, 2, 3]
    assert before.items() <= contents(tmp_path).items()
    for number in (1, 2, 3):
        again = files_of(edition_of(reports, "2026-10", number))
        assert all(reports.read("2026-10", number, ending) == again[ending] for ending in again)
    latest = newest(reports, "2026-10")
    assert latest is not None and is_same(latest.report, report())


def test_two_stores_with_the_same_record_issue_the_same_bytes(tmp_path: Path) -> None:
    for name, later_s in (("a", 0), ("b", 5000)):
        at = NOW + timedelta(seconds=later_s)
        issue(IssuedReports(tmp_path / name), report(), VERSION, at)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_difference_too_small_to_print_is_still_told(reports: IssuedReports) -> None:
    issue(reports, report(), VERSION, NOW)
    figures = replace(report().total.figures, usable_s=report().total.figures.usable_s + 1)
    done = issue(reports, report(total=replace(report().total, figures=figures)), VERSION, NOW)
    assert done.is_new and done.edition.changes == ()
    (said, why) = compose(done.edition).sections[0].paragraphs
    assert "kleiner dan" in said and why == "Waarom is niet te zeggen."  # codespell:ignore te


def test_a_month_that_goes_on_is_never_issued(reports: IssuedReports, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected a month that is over, found 2026-10"):
        issue(reports, report(is_complete=False), VERSION, NOW)
    assert contents(tmp_path) == {} and list(reports.months()) == []


def test_only_one_process_issues_at_a_time(reports: IssuedReports) -> None:
    with reports.writing(), pytest.raises(StoreError, match="expected none, found another netmon"):
        issue(reports, report(), VERSION, NOW)
    issue(reports, report(), VERSION, NOW)


def test_what_is_cut_short_was_never_issued(reports: IssuedReports, tmp_path: Path) -> None:
    """Without its JSON there is no edition; the next attempt makes it whole."""
    issue(reports, report(), VERSION, NOW)
    whole = contents(tmp_path)
    (tmp_path / "reports/2026-10/r1.json").unlink()
    (tmp_path / "reports/2026-10/.r1.json").write_bytes(b'{"format"')
    (tmp_path / "reports/2026-10/r1.pdf").write_bytes(b"%PDF-half")
    assert list(reports.months()) == []
    issue(reports, report(), VERSION, NOW)
    assert contents(tmp_path) == whole


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": 2}', b'{"format": 1}', b"\xff", b"1" * 9]
)
def test_a_spoilt_edition_is_told_in_one_line(
    reports: IssuedReports, tmp_path: Path, content: bytes
) -> None:
    issue(reports, report(), VERSION, NOW)
    (tmp_path / "reports/2026-10/r1.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"r1\.json: edition: expected one of") as caught:
        issue(reports, report(), VERSION, NOW)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("month", ["..", "2026-13", "2026-1", "2026-10/..", "", "\0", "r" * 300])
def test_what_is_no_month_has_no_reports(reports: IssuedReports, month: str) -> None:
    issue(reports, report(), VERSION, NOW)
    assert list(reports.revisions(month)) == []


def test_it_is_noted_once_for_each_channel_that_it_was_sent(reports: IssuedReports) -> None:
    issue(reports, report(), VERSION, NOW)
    with ExitStack() as stack:
        issuing = stack.enter_context(reports.writing())
        issuing.sent("2026-10", 1, "mail", NOW)
        issuing.sent("2026-10", 1, "teams", NOW)
    fate = reports.fate("2026-10", 1)
    assert fate is not None and dict(fate.sent) == {"mail": NOW, "teams": NOW}
    assert fate.issued_at == NOW
    assert reports.fate("2026-10", 2) is None


def test_nobody_but_the_owner_may_read_them(reports: IssuedReports, tmp_path: Path) -> None:
    issue(reports, report(), VERSION, NOW)
    for path in (tmp_path / "reports").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


@given(st.integers(0, 10 * HOUR), st.text(max_size=20), st.floats(0, 1) | st.none())
def test_an_edition_comes_back_from_its_json(lost_s: int, name: str, past: float | None) -> None:
    made = report()
    site = line("x", name, made.streets[0].grouping, last_month=past)
    figures = replace(site.figures, failed_s=lost_s)
    edition = Edition(1, VERSION, report(streets=(replace(site, figures=figures),)))
    assert from_json(to_json(edition)) == edition
    assert to_json(from_json(to_json(edition))) == to_json(edition)
