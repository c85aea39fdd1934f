"""What a month's report says of a small town; most of it is what other monitors get wrong."""

from dataclasses import astuple, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netmon.analysis.calendar_months import Month
from netmon.analysis.month_report import Grouping, MethodNote
from netmon.config.settings import Settings
from netmon.domain.annotations import Annotation, AnnotationKind
from netmon.domain.errors import StoreError
from netmon.domain.incidents import Audience
from netmon.domain.intervals import instant
from netmon.domain.model import Power, Service, Status
from netmon.domain.verdict import SILENT, UP
from tests.analysis.month_town import (
    AP,
    DOWN,
    HOUSE,
    LIBRARY,
    PRINTER_LOW,
    SWITCH,
    MonthTown,
    computer,
    line,
    local,
)
from tests.analysis.town import BRUUL, access_point, only_icmp

SEPTEMBER = local("2026-09-01")
OCTOBER, NOVEMBER = local("2026-10-01"), local("2026-11-01")
LATER = local("2026-11-20")
HOUR, DAY = 3600, 86_400


def aimed(*objectives: dict[str, object]) -> Settings:
    return only_icmp(objectives=list(objectives))


# --- the length of a month ---------------------------------------------------------------


def test_october_has_745_hours_and_its_days_add_up(tmp_path: Path) -> None:
    """Days are local: none is cut at one or two in the morning, and one has 25 hours."""
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), seen_s=LATER)
        report = town.report("2026-10", LATER)
    assert report.length_s == 745 * HOUR == report.total.figures.usable_s
    assert [day.date for day in report.days if day.length_s != DAY] == ["2026-10-25"]
    assert sum(day.total.usable_s for day in report.days) == 745 * HOUR
    assert MethodNote.DST in report.method


def test_march_has_743_hours(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), seen_s=local("2027-05-01"))
        report = town.report("2027-03", local("2027-05-01"))
    assert report.total.figures.window_s == 743 * HOUR


def test_hours_in_the_night_the_clock_is_set_back_come_twice(tmp_path: Path) -> None:
    night = replace(LIBRARY, opening_hours="Su 01:00-04:00")
    with MonthTown(tmp_path) as town:
        town.hold([computer("pc")], SEPTEMBER, [BRUUL, night, HOUSE])
        town.recorded("pc", (SEPTEMBER, UP), seen_s=LATER)
        day = next(each for each in town.report("2026-10", LATER).days if each.date == "2026-10-25")
    assert day.total.usable_s == 4 * HOUR


# --- what counts -------------------------------------------------------------------------


def test_an_open_outage_counts(tmp_path: Path) -> None:
    """It never ended and is down now: an outage without an end is one all the same."""
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), (NOVEMBER - 10 * HOUR, DOWN), seen_s=LATER)
        report = town.report("2026-10", LATER)
    assert report.total.figures.failed_s == 10 * HOUR
    (incident,) = report.incidents
    assert (incident.ended_at, incident.in_month_s) == (None, 10 * HOUR)
    assert (report.total.open, report.total.mttr_s) == (1, None)


def test_an_outage_that_began_a_month_before_is_told_from_its_beginning(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        edges = [(SEPTEMBER, UP), (OCTOBER - 9 * DAY, DOWN), (OCTOBER + DAY, UP)]
        town.recorded("ap", *edges, seen_s=LATER)
        report = town.report("2026-10", LATER)
    (incident,) = report.incidents
    assert incident.began_at == instant(OCTOBER - 9 * DAY)
    assert (incident.promised_s, incident.in_month_s) == (10 * DAY, DAY)
    assert report.total.figures.failed_s == DAY
    assert (report.total.mttr_s, report.total.mtbf_s) == (10 * DAY, None)


def test_nothing_observed_is_no_availability(tmp_path: Path) -> None:
    """Not 100 %, and not the last value that was known either."""
    with MonthTown(tmp_path) as town:
        town.hold([AP, computer("pc")], SEPTEMBER)
        town.recorded("pc", (SEPTEMBER, UP), (SEPTEMBER + DAY, SILENT), seen_s=SEPTEMBER + DAY)
        report = town.report("2026-10", LATER)
    assert report.total.figures.availability is None
    assert report.total.figures.unknown_ratio == 1
    assert all(day.total.availability is None for day in report.days)
    assert report.worst == ()


def test_a_computer_that_was_off_for_a_month_is_not_available(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([computer("pc")], SEPTEMBER)
        town.recorded("pc", (SEPTEMBER, UP), (SEPTEMBER + DAY, DOWN), seen_s=LATER)
        report = town.report("2026-10", LATER)
    assert report.total.figures.availability == 0
    # 22 working days of eight hours; All Saints' Day is in November.
    assert report.total.figures.failed_s == 22 * 8 * HOUR


def test_nights_are_in_no_percentage(tmp_path: Path) -> None:
    nights = [
        (local(f"2026-10-{day:02}T{hour}"), verdict)
        for day in range(1, 32)
        for hour, verdict in (("08:50", UP), ("17:05", DOWN))
    ]
    with MonthTown(tmp_path) as town:
        town.hold([computer("pc")], SEPTEMBER)
        town.recorded("pc", (SEPTEMBER, DOWN), *nights, seen_s=LATER)
        report = town.report("2026-10", LATER)
    assert report.total.figures.availability == 1
    assert report.total.figures.expected_off_s == 745 * HOUR - 22 * 8 * HOUR


def test_announced_work_stands_apart(tmp_path: Path) -> None:
    """It lowers nothing, and an outage that is seen before and after it is still one."""
    tenth = local("2026-10-10T10:00")
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        edges = [(SEPTEMBER, UP), (tenth, DOWN), (tenth + 6 * HOUR, UP)]
        town.recorded("ap", *edges, seen_s=LATER)
        town.work("bruul", tenth + HOUR, tenth + 4 * HOUR)
        report = town.report("2026-10", LATER)
    figures = report.total.figures
    assert (figures.failed_s, figures.maintenance_s) == (3 * HOUR, 3 * HOUR)
    assert figures.counted_s == 742 * HOUR
    (incident,) = report.incidents
    assert (incident.promised_s, report.total.mttr_s) == (3 * HOUR, 3 * HOUR)


def test_what_recovered_during_work_has_ended(tmp_path: Path) -> None:
    """An outage whose end nobody was told of would stay open for ever."""
    tenth = local("2026-10-10T10:00")
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        edges = [(SEPTEMBER, UP), (tenth, DOWN), (tenth + 2 * HOUR, UP)]
        town.recorded("ap", *edges, seen_s=LATER)
        town.work("ap", tenth + HOUR, tenth + 4 * HOUR)
        report = town.report("2026-10", LATER)
    (incident,) = report.incidents
    assert incident.ended_at == instant(tenth + 2 * HOUR)
    assert (report.total.open, report.total.figures.failed_s) == (0, HOUR)


def test_a_strike_entered_afterwards_changes_the_figures_and_no_record(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([computer("pc")], SEPTEMBER)
        strike = (local("2026-10-05T00:00"), local("2026-10-06T00:00"))
        edges = [(SEPTEMBER, UP), (strike[0], DOWN), (strike[1], UP)]
        town.recorded("pc", *edges, seen_s=LATER)
        before, rows = town.report("2026-10", LATER), town.rows()
        town.strike("library", *strike)
        after = town.report("2026-10", LATER)
        assert town.rows() == rows
    assert (before.total.figures.failed_s, after.total.figures.failed_s) == (8 * HOUR, 0)
    assert (len(before.incidents), after.incidents) == (1, ())
    made = before.made_from, after.made_from
    assert made[0].announcements_digest != made[1].announcements_digest
    assert made[0].runs_digest == made[1].runs_digest


def test_hours_corrected_afterwards_correct_what_was_promised(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([computer("pc")], SEPTEMBER)
        town.recorded("pc", (SEPTEMBER, UP), seen_s=LATER)
        before = town.report("2026-10", LATER)
        shorter = replace(LIBRARY, opening_hours="Mo-Fr 09:00-12:00", name="Renamed since")
        town.hold([computer("pc")], NOVEMBER + DAY, [BRUUL, shorter, HOUSE])
        after = town.report("2026-10", LATER)
    assert before.total.figures.usable_s == 22 * 8 * HOUR
    assert after.total.figures.usable_s == 22 * 3 * HOUR
    assert before.made_from.hours_digest != after.made_from.hours_digest
    assert before.made_from.inventory_digest == after.made_from.inventory_digest
    assert line(after, "library", Service.COMPUTER).name == "Het Predikheren"


def test_a_blink_is_as_long_as_it_was(tmp_path: Path) -> None:
    """Looks while in doubt weigh nothing: 50 s of 86,400 are 50 s, not a share of the samples."""
    noon = local("2026-10-10T12:00")
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), (noon, DOWN), (noon + 50, UP), seen_s=LATER)
        report = town.report("2026-10", LATER)
        smooth = town.report("2026-10", LATER, smoothing_s=150)
    assert report.total.figures.failed_s == 50
    assert report.days[9].total.availability == pytest.approx(1 - 50 / DAY)
    assert (smooth.total.figures.failed_s, smooth.incidents) == (0, ())
    assert smooth.made_from.smoothing_s == 150
    assert MethodNote.SMOOTHED in smooth.method and MethodNote.NOT_SMOOTHED in report.method


@pytest.mark.parametrize(
    ("edge", "before", "after"),
    [(OCTOBER, 300, 200), (NOVEMBER, 30, 30)],
    ids=["as the month begins", "as it ends"],
)
def test_a_blink_across_midnight_is_judged_by_both_sides(
    tmp_path: Path, edge: int, before: int, after: int
) -> None:
    """It works for a moment in a long outage, half of it in another month."""
    blink = [(edge - before, UP), (edge + after, DOWN)]
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        edges = [(SEPTEMBER, UP), (edge - DAY // 2, DOWN), *blink, (edge + DAY // 2, UP)]
        town.recorded("ap", *edges, seen_s=LATER)
        figures = town.report("2026-10", LATER, smoothing_s=600).total.figures
        rows = town.views.availability((OCTOBER, NOVEMBER), instant(LATER), 600)
    assert figures.failed_s == DAY // 2
    assert rows[0].shares.failed_s == DAY // 2


def test_what_works_again_as_the_month_begins_was_repaired_in_it(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        edges = [(SEPTEMBER, UP), (OCTOBER - HOUR, DOWN), (OCTOBER, UP)]
        town.recorded("ap", *edges, seen_s=LATER)
        september, october = (town.report(month, LATER).total for month in ("2026-09", "2026-10"))
    assert (september.failures, september.open, september.mttr_s) == (1, 1, None)
    assert (october.failures, october.open, october.mttr_s) == (0, 0, HOUR)


def test_a_degraded_device_is_usable_or_not_as_its_reason_says(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), (OCTOBER + DAY, PRINTER_LOW), seen_s=LATER)
        assert town.report("2026-10", LATER).total.figures.availability == 1


# --- who is among the devices ------------------------------------------------------------


def test_a_device_that_came_in_the_month_counts_from_then(tmp_path: Path) -> None:
    came = local("2026-10-21")
    with MonthTown(tmp_path) as town:
        town.hold([SWITCH], SEPTEMBER)
        town.hold([SWITCH, AP], came)
        town.recorded("sw", (SEPTEMBER, UP), seen_s=LATER)
        town.recorded("ap", (came, UP), (NOVEMBER - DAY, DOWN), seen_s=LATER)
        report = town.report("2026-10", LATER)
    figures = line(report, "access_point").figures
    assert figures.window_s == NOVEMBER - came
    assert figures.unknown_s == 0
    assert figures.failed_s == DAY
    assert MethodNote.INVENTORY_CHANGED in report.method
    assert report.made_from.revisions == (1, 2)


def test_a_device_that_went_counts_until_then(tmp_path: Path) -> None:
    """Its last outage stays one, and grows no longer than it was there."""
    went = local("2026-10-21")
    with MonthTown(tmp_path) as town:
        town.hold([SWITCH, AP], SEPTEMBER)
        town.hold([SWITCH], went)
        town.recorded("sw", (SEPTEMBER, UP), seen_s=LATER)
        town.recorded("ap", (SEPTEMBER, UP), (went - HOUR, DOWN), seen_s=went)
        report = town.report("2026-10", LATER)
        november = town.report("2026-11", local("2026-12-20"))
    figures = line(report, "access_point").figures
    assert (figures.window_s, figures.failed_s, figures.unknown_s) == (went - OCTOBER, HOUR, 0)
    (incident,) = report.incidents
    assert incident.in_month_s == HOUR
    assert {each.id for each in november.kinds} == {"switch"}
    assert november.incidents == ()


def test_what_came_later_changes_nothing(tmp_path: Path) -> None:
    """A device that is renamed, moved, retired or new in November leaves October as it was."""
    with MonthTown(tmp_path) as town:
        town.hold([SWITCH, AP, computer("pc")], SEPTEMBER)
        for name in ("sw", "ap", "pc"):
            town.recorded(name, (SEPTEMBER, UP), (OCTOBER + DAY, DOWN), seen_s=NOVEMBER + DAY)
        town.work("ap", OCTOBER + 3 * DAY, OCTOBER + 4 * DAY)
        before = town.report("2026-10", NOVEMBER + DAY)
        renamed = replace(AP, id="ap-1", renamed_from="ap", place_id="house", name="Elsewhere")
        town.hold([SWITCH, renamed, access_point("new")], NOVEMBER + 2 * DAY)
        town.recorded("ap-1", (NOVEMBER + 2 * DAY, UP), seen_s=LATER)
        assert town.report("2026-10", LATER) == before


def test_a_device_renamed_in_the_month_is_one(tmp_path: Path) -> None:
    half = local("2026-10-16")
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.hold([replace(AP, id="ap-1", renamed_from="ap", parents=())], half)
        town.recorded("ap", (SEPTEMBER, UP), seen_s=half)
        town.recorded("ap-1", (half, DOWN), (half + HOUR, UP), seen_s=LATER)
        report = town.report("2026-10", LATER)
    assert report.total.devices == 1
    assert report.total.figures.usable_s == 744 * HOUR
    assert report.total.last_month == 1
    assert [each.id for each in report.worst] == ["ap-1"]


def test_invented_devices_are_in_no_report_of_a_real_city(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([AP, access_point("invented", synthetic=True)], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), seen_s=LATER)
        report = town.report("2026-10", LATER)
    assert (report.total.devices, report.is_synthetic, report.total.synthetic) == (1, False, False)


def test_a_demo_is_marked_as_one(tmp_path: Path) -> None:
    with MonthTown(tmp_path, only_icmp("demo")) as town:
        town.hold([AP, access_point("invented", synthetic=True)], SEPTEMBER)
        report = town.report("2026-10", LATER)
    assert report.is_synthetic
    assert (report.total.devices, report.total.synthetic) == (2, True)
    assert MethodNote.SYNTHETIC in report.method


# --- lines -------------------------------------------------------------------------------


def test_a_service_that_no_device_proves_is_not_available(tmp_path: Path) -> None:
    """Guided help is offered, and no computer proves that anybody helps."""
    with MonthTown(tmp_path) as town:
        town.hold([computer("pc")], SEPTEMBER)
        town.recorded("pc", (SEPTEMBER, UP), seen_s=LATER)
        report = town.report("2026-10", LATER)
    guided = line(report, "library", Service.GUIDED)
    assert (guided.devices, guided.figures.availability, guided.objective) == (0, None, None)
    street = line(report, "bruul")
    assert (street.devices, street.figures.availability) == (0, None)
    assert MethodNote.SERVICE_UNMEASURED in report.method


def test_where_no_hours_are_known_nothing_is_promised(tmp_path: Path) -> None:
    spare = replace(computer("spare"), power=Power.ON_DEMAND)
    with MonthTown(tmp_path) as town:
        town.hold([computer("pc", place="house"), spare], SEPTEMBER)
        for name in ("pc", "spare"):
            town.recorded(name, (SEPTEMBER, UP), (OCTOBER + DAY, DOWN), seen_s=LATER)
        report = town.report("2026-10", LATER)
    figures = line(report, "house", Service.COMPUTER).figures
    assert figures.unpromised_s == figures.window_s == 745 * HOUR
    assert (figures.availability, figures.unknown_ratio) == (None, None)
    assert report.incidents == ()
    assert MethodNote.HOURS_UNKNOWN in report.method


def test_kinds_add_up_to_all_and_services_are_never_united(tmp_path: Path) -> None:
    wifi = replace(access_point("inside"), place_id="library")
    with MonthTown(tmp_path) as town:
        town.hold([SWITCH, AP, wifi, computer("pc")], SEPTEMBER)
        for name in ("sw", "ap", "inside", "pc"):
            town.recorded(name, (SEPTEMBER, UP), seen_s=LATER)
        town.recorded("pc", (OCTOBER + 5 * DAY, DOWN), seen_s=LATER)
        report = town.report("2026-10", LATER)
    summed = map(sum, zip(*(astuple(each.figures) for each in report.kinds), strict=True))
    assert tuple(summed) == astuple(report.total.figures)
    assert line(report, "library", Service.WIFI).figures.availability == 1
    computers = line(report, "library", Service.COMPUTER).figures.availability
    assert computers is not None and computers < 0.2


def test_a_child_out_of_reach_is_lost_to_people_and_blamed_on_its_parent(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([SWITCH, AP], SEPTEMBER)
        for name, late in (("sw", 0), ("ap", 30)):
            edges = [(SEPTEMBER, UP), (OCTOBER + DAY + late, DOWN), (OCTOBER + 2 * DAY, UP)]
            town.recorded(name, *edges, seen_s=LATER)
        report = town.report("2026-10", LATER)
    street = line(report, "bruul")
    assert street.figures.unreachable_s == DAY - 30
    assert (street.incidents, line(report, "switch").incidents) == (0, 1)
    (incident,) = report.incidents
    assert (incident.subject_id, incident.affected) == ("sw", ("ap",))
    assert incident.places == ("Het Predikheren", "Bruul")
    assert [each.id for each in report.worst] == ["sw"]


def test_the_worst_ten_are_those_that_failed_longest(tmp_path: Path) -> None:
    devices = [access_point(f"ap-{number:02}") for number in range(12)]
    with MonthTown(tmp_path) as town:
        town.hold(devices, SEPTEMBER)
        for number, each in enumerate(devices):
            failed_s = 60 * (number % 6)
            edges = [(SEPTEMBER, UP), (OCTOBER + DAY, DOWN), (OCTOBER + DAY + failed_s, UP)]
            town.recorded(each.id, *(edges if failed_s else edges[:1]), seen_s=LATER)
        report = town.report("2026-10", LATER)
    assert [each.id for each in report.worst] == [
        "ap-05",
        "ap-11",
        "ap-04",
        "ap-10",
        "ap-03",
        "ap-09",
        "ap-02",
        "ap-08",
        "ap-01",
        "ap-07",
    ]
    assert all(each.grouping is Grouping.DEVICE for each in report.worst)


def test_a_place_that_nobody_opened_is_one_incident_of_its_owner(tmp_path: Path) -> None:
    day = local("2026-10-06T00:00")
    with MonthTown(tmp_path) as town:
        town.hold([SWITCH, computer("pc-1"), computer("pc-2")], SEPTEMBER)
        town.recorded("sw", (SEPTEMBER, UP), seen_s=LATER)
        for name in ("pc-1", "pc-2"):
            town.recorded(name, (SEPTEMBER, UP), (day, DOWN), (day + DAY, UP), seen_s=LATER)
        report = town.report("2026-10", LATER)
    (incident,) = report.incidents
    assert (incident.audience, incident.subject_id, incident.kind) == (
        Audience.OWNER,
        "library",
        None,
    )
    assert (incident.promised_s, incident.in_month_s) == (8 * HOUR, 8 * HOUR)
    assert line(report, "library", Service.COMPUTER).incidents == 1
    assert [each.incidents for each in report.kinds] == [1, 0] and report.total.incidents == 1
    assert line(report, "public_pc").figures.failed_s == 2 * 8 * HOUR


def test_notes_are_counted_with_their_incident(tmp_path: Path) -> None:
    noon = local("2026-10-10T12:00")
    notes = [
        Annotation(f"note-{n}", "ap", noon + 60 * n, AnnotationKind.NOTE, "an", LATER, "text")
        for n in (1, 2)
    ]
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), (noon, DOWN), (noon + HOUR, UP), seen_s=LATER)
        before = town.report("2026-10", LATER)
        town.desk.annotate(notes, LATER)
        after = town.report("2026-10", LATER)
    assert ([each.notes for each in before.incidents], after.incidents[0].notes) == ([0], 2)
    assert before.made_from.notes_digest != after.made_from.notes_digest


# --- beside other months -----------------------------------------------------------------


def test_a_month_stands_beside_the_last_and_the_same_of_last_year(tmp_path: Path) -> None:
    year = local("2025-10-01")
    edges = [
        (local("2025-09-30"), UP),
        (local("2025-10-10"), DOWN),
        (local("2025-10-11"), UP),
        (local("2026-09-10"), DOWN),
        (local("2026-09-11T12:00"), UP),
    ]
    with MonthTown(tmp_path) as town:
        town.hold([AP], year - DAY)
        town.recorded("ap", *edges, seen_s=LATER)
        report = town.report("2026-10", LATER)
        own = {month: town.report(month, LATER).total for month in ("2026-09", "2025-10")}
    assert report.total.figures.availability == 1
    assert report.total.last_month == pytest.approx(1 - 1.5 / 30)
    assert report.total.last_year == pytest.approx(1 - 24 / 745)
    assert report.total.last_month == own["2026-09"].figures.availability
    assert report.total.last_year == own["2025-10"].figures.availability
    assert line(report, "bruul").last_year == report.total.last_year


def test_a_month_that_the_record_does_not_hold_whole_is_compared_with_nothing(
    tmp_path: Path,
) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER + 1)
        town.recorded("ap", (SEPTEMBER + 1, UP), seen_s=LATER)
        october, september = (town.report(month, LATER) for month in ("2026-10", "2026-09"))
    assert (october.total.last_month, october.total.last_year) == (None, None)
    assert october.is_whole
    assert not september.is_whole and september.is_complete
    assert september.counted_from == instant(SEPTEMBER + 1)
    assert september.total.figures.window_s == 30 * DAY - 1
    assert MethodNote.BEGINS_LATER in september.method


@pytest.mark.parametrize("month", ["2026-08", "2027-06"], ids=["before all", "ahead"])
def test_a_month_without_a_record_says_nothing(tmp_path: Path, month: str) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), seen_s=LATER)
        report = town.report(month, LATER)
    assert report.counted_from == report.counted_until
    assert (report.total.figures.window_s, report.total.figures.availability) == (0, None)
    assert (report.incidents, report.worst, report.flapping) == ((), (), ())
    assert not report.is_whole


def test_a_month_that_goes_on_is_counted_until_now(tmp_path: Path) -> None:
    """It is not divided by the whole month, and what lies ahead is not unknown."""
    now_s = local("2026-10-11")
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), (now_s - DAY, DOWN), seen_s=now_s)
        report = town.report("2026-10", now_s)
    assert not report.is_complete
    assert report.total.figures.availability == pytest.approx(0.9)
    assert report.total.figures.unknown_s == 0
    assert MethodNote.NOT_OVER in report.method
    assert report.days[-1].total.window_s == 0


def test_a_month_settles_an_hour_after_it_ended(tmp_path: Path) -> None:
    """What is confirmed after midnight may have begun before it."""
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), seen_s=NOVEMBER + HOUR)
        early, late = (town.report("2026-10", NOVEMBER + s) for s in (HOUR, HOUR + 120))
    assert (early.is_complete, late.is_complete) == (False, True)


def test_the_same_stores_give_an_equal_report_whenever_they_are_asked(tmp_path: Path) -> None:
    """A recovery after the month is not told in it, and does not change it."""
    with MonthTown(tmp_path) as town:
        town.hold([SWITCH, AP, computer("pc")], SEPTEMBER)
        for name in ("sw", "ap", "pc"):
            edges = [(SEPTEMBER, UP), (NOVEMBER - DAY, DOWN)]
            town.recorded(name, *edges, seen_s=NOVEMBER + 3 * HOUR)
        first = town.report("2026-10", NOVEMBER + 3 * HOUR)
        for name in ("sw", "ap", "pc"):
            town.recorded(name, (NOVEMBER + 4 * HOUR, UP), seen_s=LATER)
        second = town.report("2026-10", LATER)
        fresh = town._views()
        again = fresh.month_report(Month.parse("2026-10"), instant(LATER + 90 * DAY))
    assert first == second == again
    assert all(each.ended_at is None for each in first.incidents)


# --- objectives --------------------------------------------------------------------------


def test_a_budget_is_of_promised_time_and_not_of_the_calendar(tmp_path: Path) -> None:
    settings = aimed({"target": 0.99, "service": "computer"}, {"target": 0.5, "site": "house"})
    fifth = local("2026-10-05T09:00")
    with MonthTown(tmp_path, settings) as town:
        town.hold([computer("pc"), AP], SEPTEMBER)
        town.recorded("pc", (SEPTEMBER, UP), (fifth, DOWN), (fifth + HOUR, UP), seen_s=LATER)
        report = town.report("2026-10", LATER)
    objective = line(report, "library", Service.COMPUTER).objective
    assert objective is not None
    promised_s = 22 * 8 * HOUR
    assert objective.budget_s == promised_s // 100
    assert objective.budget_left_s == promised_s // 100 - HOUR
    assert objective.is_met is True
    assert (report.total.objective, line(report, "bruul").objective) == (None, None)
    assert MethodNote.OBJECTIVES in report.method


def test_while_a_month_goes_on_what_is_ahead_may_still_be_lost(tmp_path: Path) -> None:
    """Work that is announced for later is not promised; only a miss is certain before the end."""
    now_s = local("2026-10-12")
    with MonthTown(tmp_path, aimed({"target": 0.9})) as town:
        town.hold([AP], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), (now_s - DAY, DOWN), seen_s=now_s)
        town.work("ap", NOVEMBER - 45 * HOUR, NOVEMBER)
        objective = town.report("2026-10", now_s).total.objective
    assert objective is not None
    assert objective.budget_s == 70 * HOUR
    assert (objective.budget_left_s, objective.is_met) == (46 * HOUR, None)


def test_a_target_that_nothing_was_observed_of_is_neither_met_nor_missed(tmp_path: Path) -> None:
    with MonthTown(tmp_path, aimed({"target": 0.9})) as town:
        town.hold([AP], SEPTEMBER)
        objective = town.report("2026-10", LATER).total.objective
    assert objective is not None and objective.is_met is None


# --- what nobody knows, and what changes all the time ------------------------------------


def test_the_longest_unknown_spells_are_told_in_promised_time(tmp_path: Path) -> None:
    """netmon was off from Friday to Monday: the weekend between was no promise."""
    friday, monday = local("2026-10-09T16:00"), local("2026-10-12T10:00")
    with MonthTown(tmp_path) as town:
        town.hold([AP, computer("pc")], SEPTEMBER)
        for name in ("ap", "pc"):
            edges = [(SEPTEMBER, UP), (friday, SILENT), (monday, UP)]
            town.recorded(name, *edges, seen_s=LATER)
        report = town.report("2026-10", LATER)
    first, second = report.unknown.longest
    assert (first.device_id, first.promised_s) == ("ap", monday - friday)
    assert (second.device_id, second.promised_s) == ("pc", 2 * HOUR)
    assert (second.began_at, second.ended_at) == (instant(friday), instant(monday))
    assert second.reason == SILENT.reason
    assert report.unknown.unknown_s == report.total.figures.unknown_s
    assert report.total.figures.availability == 1


def test_a_device_that_changes_all_the_time_is_named(tmp_path: Path) -> None:
    noon = local("2026-10-10T12:00")
    edges = [(noon + 600 * n, DOWN if n % 2 == 0 else UP) for n in range(20)]
    with MonthTown(tmp_path) as town:
        town.hold([AP, access_point("calm")], SEPTEMBER)
        town.recorded("ap", (SEPTEMBER, UP), *edges, seen_s=LATER)
        town.recorded("calm", (SEPTEMBER, UP), (noon, DOWN), (noon + HOUR, UP), seen_s=LATER)
        report = town.report("2026-10", LATER)
    (flapping,) = report.flapping
    assert flapping.id == "ap"
    assert 2 * HOUR < flapping.flapping_s < 5 * HOUR


def test_without_an_inventory_there_is_no_report(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town, pytest.raises(StoreError, match="expected a revision"):
        town.report("2026-10", LATER)


def test_statuses_of_incidents_are_the_worst_they_came_to(tmp_path: Path) -> None:
    with MonthTown(tmp_path) as town:
        town.hold([AP], SEPTEMBER)
        edges = [(SEPTEMBER, UP), (OCTOBER + DAY, PRINTER_LOW), (OCTOBER + 2 * DAY, DOWN)]
        town.recorded("ap", *edges, (OCTOBER + 3 * DAY, UP), seen_s=LATER)
        (incident,) = town.report("2026-10", LATER).incidents
    assert (incident.status, incident.reason) == (Status.DOWN, "timeout")
    assert incident.began_at == datetime.fromtimestamp(OCTOBER + DAY, UTC)
