"""What to remember of a month: sentences that hold for that month."""

from datetime import timedelta

from netmon.analysis.month_report import MonthReport
from netmon.report.brief import brief_section
from netmon.report.compose import compose
from netmon.report.edition import Edition
from tests.report.reports import END, START, at, incident, report


def said(made: MonthReport) -> str:
    return " ".join(brief_section(made).points)


def test_a_month_that_goes_on_is_not_said_to_be_measured_from_later() -> None:
    going = report(is_complete=False, is_whole=False, counted_until=END - timedelta(days=9))
    assert "De metingen beginnen" not in said(going)


def test_a_month_in_which_the_record_begins_says_since_when() -> None:
    begun = report(is_whole=False, counted_from=START + timedelta(days=9))
    assert "De metingen beginnen pas op 10 " in said(begun)


def test_one_incident_and_many_are_told_in_whole_sentences() -> None:
    for count, still_open, words in (
        (1, 1, "Er was 1 incident. Aan het einde was er 1 nog open."),
        (1, 0, "Er was 1 incident. Aan het einde waren er 0 nog open."),
        (3, 2, "Er waren 3 incidenten. Aan het einde waren er 2 nog open."),
    ):
        ends = [None] * still_open + [at(15)] * (count - still_open)
        found = tuple(incident(f"x{n}", ended_at=end) for n, end in enumerate(ends))
        assert words in said(report(incidents=found))


def test_of_what_no_device_measures_nothing_is_said_to_be_nought() -> None:
    sections = compose(Edition(1, "", report())).sections
    (table,) = next(each for each in sections if each.key == "sites").tables
    (unmeasured,) = [row for row in table.rows if "begeleiding" in row.cells[0].text]
    assert {cell.text for cell in unmeasured.cells[2:]} == {"–", ""}


def test_an_incident_of_a_year_before_says_which_year() -> None:
    old = incident(began_at=at(14).replace(year=2024))
    sections = compose(Edition(1, "", report(incidents=(old,)))).sections
    (table,) = next(each for each in sections if each.key == "incidents").tables
    words = [cell.text for cell in table.rows[0].cells]
    assert any(" 2024 10.05 uur" in each for each in words)
    assert not any(" 2026 " in each for each in words)
