"""The worked ledger, figure by figure, from a record that was really written."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from netmon.analysis.blamed import Cause
from netmon.analysis.ledger_report import CITY, LedgerNote, LedgerReport, LedgerRow
from netmon.domain.groups import Group
from netmon.domain.intervals import instant
from netmon.domain.model import Service
from netmon.domain.verdict import UP
from tests.analysis.ledger_town import (
    BOTH,
    COMPUTERS,
    DEVICES,
    EVERYBODY,
    HELP,
    HOMES_M,
    PEOPLE,
    SINCE_S,
    WHOLE_DAY,
    A,
    B,
    LedgerTown,
    clock,
    people_at,
)
from tests.analysis.month_town import DOWN

AFTER = instant(WHOLE_DAY[1] + 86_400)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[LedgerTown]:
    """The worked day, recorded."""
    with LedgerTown(tmp_path) as found:
        found.play_the_worked_day()
        yield found


def _figures(row: LedgerRow) -> tuple[float, ...]:
    parts = row.parts
    return (
        parts.schedule_h,
        parts.outage_h,
        parts.unverified_h,
        parts.delivered_h,
        parts.planning_h,
        parts.total_h,
    )


def _row(report: LedgerReport, service: Service, group: str = "all", area: str = CITY) -> LedgerRow:
    (found,) = [
        each
        for each in report.rows
        if (each.service, each.group, each.area) == (service, group, area)
    ]
    return found


def test_each_person_of_the_worked_day_has_what_the_table_says(town: LedgerTown) -> None:
    report = town.ledgers().between(WHOLE_DAY, AFTER)
    figures = {e.area: _figures(e) for e in report.rows if e.service is Service.COMPUTER}
    assert figures == {
        CITY: (1050, 245, 140, 845, 120, 2400),
        "P1": (400, 150, 100, 550, 0, 1200),
        "P2": (450, 75, 0, 75, 0, 600),
        "P3": (200, 20, 40, 220, 0, 480),
        "P4": (0, 0, 0, 0, 120, 120),
    }
    assert _row(report, Service.COMPUTER).parts.announced_h == 140


def test_each_incident_costs_what_it_cost_and_no_more_than_the_outage(town: LedgerTown) -> None:
    report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    costs = {each.id: each.cost_h for each in report.incidents}
    assert costs == {"gw-a@20261014T070000Z": 200, "gw-b@20261014T080000Z": 45}
    city = _row(report, Service.COMPUTER)
    assert sum(costs.values()) == city.parts.outage_h
    assert city.outage_by_cause_h == {
        **dict.fromkeys(Cause, 0.0),
        Cause.UPLINK: city.parts.outage_h,
    }
    assert {row.place_id: row.cost_h["all"] for row in report.places} == {"A": 200, "B": 45}


def test_seats_are_promised_kept_and_lost_as_in_the_worked_day(town: LedgerTown) -> None:
    seats = town.ledgers().between(WHOLE_DAY, AFTER).seats[Service.COMPUTER]
    counted = (seats.promised_s, seats.working_s, seats.failed_s, seats.unknown_s)
    assert [each / 3600 for each in counted] == [27, 18, 6, 3]


def test_seats_are_promised_while_they_are_there(town: LedgerTown) -> None:
    town.hold([each for each in DEVICES if each.id != "b3"], clock("12:00"), BOTH)
    seats = town.ledgers().between(WHOLE_DAY, AFTER).seats[Service.COMPUTER]
    # From noon on B promises five hours less of one seat, of which one was not known.
    counted = (seats.promised_s, seats.working_s, seats.failed_s, seats.unknown_s)
    assert [each / 3600 for each in counted] == [22, 14, 6, 2]


def test_seats_that_nobody_watches_are_promised_and_not_known(tmp_path: Path) -> None:
    four = replace(A, offers=(replace(COMPUTERS, seats=4), HELP))
    with LedgerTown(tmp_path) as town:
        town.hold((), SINCE_S, (four,))
        report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    seats = report.seats[Service.COMPUTER]
    assert (seats.promised_s, seats.unknown_s) == (12 * 3600, 12 * 3600)
    assert _row(report, Service.COMPUTER).parts.unverified_h == 3 * (PEOPLE["P1"] + PEOPLE["P2"])


def test_help_is_delivered_while_a_host_is_checked_in_and_unverified_before(
    town: LedgerTown,
) -> None:
    report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.GUIDED])
    assert _figures(_row(report, Service.GUIDED)) == (1350, 0, 75, 375, 600, 2400)
    assert LedgerNote.NO_HOST_SAID not in report.notes


def test_without_a_word_of_a_host_no_help_is_delivered(tmp_path: Path) -> None:
    with LedgerTown(tmp_path) as town:
        town.hold(DEVICES, SINCE_S, BOTH)
        report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.GUIDED])
    parts = _row(report, Service.GUIDED).parts
    assert (parts.delivered_h, parts.unverified_h) == (0, 450)
    assert LedgerNote.NO_HOST_SAID in report.notes


def test_where_the_young_may_not_come_in_it_is_planning_that_fails_them(tmp_path: Path) -> None:
    adults = replace(EVERYBODY, id="adults", ages=(16, 120))
    young = replace(EVERYBODY, id="young", ages=(0, 15))
    counts = {"adults": [100.0, 50, 30, 10], "young": [0.0, 0, 10, 0]}
    people = people_at(HOMES_M, counts, (adults, young))
    with LedgerTown(tmp_path) as town:
        town.play_the_worked_day()
        strict = replace(B, offers=(replace(COMPUTERS, conditions="vanaf 16 jaar"),))
        town.hold(DEVICES, SINCE_S + 1, (A, strict))
        report = town.ledgers(people).between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    groups = [_figures(_row(report, Service.COMPUTER, each.id)) for each in (adults, young)]
    together = tuple(sum(pair) for pair in zip(*groups, strict=True))
    assert together == (1000, 240, 130, 790, 240, 2400)
    assert _row(report, Service.COMPUTER, "young").parts.eligibility_h == 120
    costs = _row(report, Service.COMPUTER, "adults").cost_h
    assert costs["gw-b@20261014T080000Z"] == 40


def test_a_closure_announced_too_late_is_an_outage_of_the_site(tmp_path: Path) -> None:
    with LedgerTown(tmp_path) as town:
        town.play_the_worked_day()
        town.closed("B", "16:00", "18:00", clock("15:00"))
        report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    city = _row(report, Service.COMPUTER)
    assert city.outage_by_cause_h[Cause.SITE] == 2 * (PEOPLE["P1"] + PEOPLE["P3"])
    assert city.cost_h["closed-B-16:00"] == 280
    assert city.parts.announced_h == 140


@pytest.mark.parametrize(("late_s", "outage_h", "announced_h"), [(0, 0, 420), (1, 280, 140)])
def test_a_closure_is_announced_in_time_a_day_before_it_begins_and_not_a_second_later(
    tmp_path: Path, late_s: int, outage_h: float, announced_h: float
) -> None:
    with LedgerTown(tmp_path) as town:
        town.play_the_worked_day()
        town.closed("B", "16:00", "18:00", clock("16:00") - 86_400 + late_s)
        report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    city = _row(report, Service.COMPUTER)
    assert city.outage_by_cause_h[Cause.SITE] == outage_h
    assert city.parts.announced_h == announced_h


def test_who_opens_longer_is_open_however_late_that_is_said(tmp_path: Path) -> None:
    with LedgerTown(tmp_path) as town:
        town.play_the_worked_day()
        town.opened("A", "13:00", "15:00", clock("12:30"))
        report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    assert _row(report, Service.COMPUTER, area="P2").parts.delivered_h == 75 + 2 * PEOPLE["P2"]


def test_hours_of_a_service_of_its_own_are_unverified_until_somebody_confirms_them(
    tmp_path: Path,
) -> None:
    unsure = replace(COMPUTERS, opening_hours=A.opening_hours, confirmed_on=None)
    with LedgerTown(tmp_path) as town:
        town.play_the_worked_day()
        town.hold(DEVICES, SINCE_S + 1, (replace(A, offers=(unsure, HELP)), B))
        report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    parts = _row(report, Service.COMPUTER, area="P2").parts
    assert (parts.delivered_h, parts.unverified_h) == (0, 3 * PEOPLE["P2"])


def test_who_hangs_on_another_line_since_is_charged_to_that_one(tmp_path: Path) -> None:
    with LedgerTown(tmp_path) as town:
        town.hold(DEVICES, SINCE_S, BOTH)
        for key, start, end in (("gw-a", "09:00", "12:00"), ("gw-b", "10:00", "11:00")):
            edges = ((SINCE_S, UP), (clock(start), DOWN), (clock(end), UP))
            town.recorded(key, *edges, seen_s=WHOLE_DAY[1])
        for key in ("a1", "a2"):
            edges = ((SINCE_S, UP), (clock("09:00"), DOWN), (clock("11:00"), UP))
            town.recorded(key, *edges, seen_s=WHOLE_DAY[1])
        moved = [replace(e, parents=("gw-b",)) if e.id in ("a1", "a2") else e for e in DEVICES]
        town.hold(moved, clock("10:00"), BOTH)
        report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    assert _row(report, Service.COMPUTER, area="P2").cost_h == {
        "gw-a@20261014T070000Z": PEOPLE["P2"],
        "gw-b@20261014T080000Z": PEOPLE["P2"],
    }


def test_announced_work_is_an_outage_that_no_incident_is_charged_with(tmp_path: Path) -> None:
    with LedgerTown(tmp_path) as town:
        town.play_the_worked_day()
        town.work("B", clock("16:00"), clock("17:00"))
        report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    assert _row(report, Service.COMPUTER).outage_by_cause_h[Cause.MAINTENANCE] == 140
    assert [(e.place_id, e.cost_h) for e in report.incidents if e.cause is Cause.MAINTENANCE] == [
        ("B", 140)
    ]


def test_hours_that_nobody_published_or_confirmed_are_unverified_and_never_open(
    tmp_path: Path,
) -> None:
    unsure = replace(A, offers=(replace(COMPUTERS, confirmed_on=None),))
    silent = replace(B, opening_hours=None)
    with LedgerTown(tmp_path) as town:
        town.play_the_worked_day()
        town.hold(DEVICES, SINCE_S + 1, (unsure, silent))
        report = town.ledgers().between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    parts = _row(report, Service.COMPUTER).parts
    assert (parts.delivered_h, parts.outage_h) == (0, 0)
    # P2 reaches only A, whose three hours nobody confirmed; B is closed as was announced.
    assert _row(report, Service.COMPUTER, area="P2").parts.unverified_h == 150
    assert _row(report, Service.COMPUTER, area="P3").parts.unverified_h == 11 * PEOPLE["P3"]
    assert report.unpublished == ("A", "B")
    assert report.seats[Service.COMPUTER].working_s == 0


def test_what_lies_ahead_is_unverified(town: LedgerTown) -> None:
    report = town.ledgers().between(WHOLE_DAY, instant(clock("11:00")), [Service.COMPUTER])
    parts = _row(report, Service.COMPUTER).parts
    assert parts.delivered_h == 0.5 * sum(PEOPLE[each] for each in ("P1", "P2", "P3"))
    assert LedgerNote.NOT_OVER in report.notes
    assert not report.is_complete


def test_a_group_that_nobody_knows_is_a_key_error(town: LedgerTown) -> None:
    with pytest.raises(KeyError):
        town.ledgers().between(WHOLE_DAY, AFTER, groups=["pirates"])


def test_a_group_is_counted_in_its_own_active_hours(town: LedgerTown) -> None:
    late = Group("late", "Late", active_from_min=20 * 60, active_to_min=24 * 60)
    counts = {"all": list(PEOPLE.values()), "late": [1.0, 1, 1, 1]}
    people = people_at(HOMES_M, counts, (EVERYBODY, late))
    report = town.ledgers(people).between(WHOLE_DAY, AFTER, [Service.COMPUTER])
    assert _figures(_row(report, Service.COMPUTER, "late")) == (12, 0, 0, 0, 4, 16)
    assert _row(report, Service.COMPUTER).parts.total_h == 2400
