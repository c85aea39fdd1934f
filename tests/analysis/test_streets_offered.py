"""The ledger of Wi-Fi: what access points along the Bruul reach, and for whom they work."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geodata.city import City
from geodata.layers import load_layer
from netmon.analysis.accounts import LedgerViews
from netmon.analysis.blamed import Cause
from netmon.analysis.ledger_report import CITY, LedgerNote, LedgerReport, LedgerRow
from netmon.analysis.radio_maps import RadioMaps
from netmon.config.coverage_settings import CoverageSettings
from netmon.domain.intervals import instant
from netmon.domain.model import Device, Service
from netmon.domain.verdict import SILENT, UP, Verdict
from tests.analysis.ledger_town import SINCE_S, WHOLE_DAY, LedgerTown, clock, people_at
from tests.analysis.month_town import DOWN
from tests.analysis.town import BRUUL, access_point

STREET = replace(BRUUL, opening_hours="24/7", precision_m=10.0)
MAPS = RadioMaps(City.bundled().folder, CoverageSettings(cell_m=4.0))
AFTER = instant(WHOLE_DAY[1] + 86_400)
LINE = load_layer(City.bundled().streets).set_index("id").geometry["bruul"]


def _along(count: int) -> list[Device]:
    at = [LINE.interpolate((nth + 0.5) / count, normalized=True) for nth in range(count)]
    return [access_point(f"ap{nth}", lon=each.x, lat=each.y) for nth, each in enumerate(at)]


DEVICES = _along(4)
PEOPLE = people_at({"near": 0.0, "far": 5000.0}, {"all": [100.0, 10.0]})


@pytest.fixture
def town(tmp_path: Path) -> Iterator[LedgerTown]:
    """The Bruul with four access points."""
    with LedgerTown(tmp_path) as found:
        found.hold(DEVICES, SINCE_S, [STREET])
        yield found


def _live(town: LedgerTown, *edges: tuple[str, Verdict], names: str = "0123") -> None:
    told = ((SINCE_S, UP), *((clock(at), verdict) for at, verdict in edges))
    for name in names:
        town.recorded(f"ap{name}", *told, seen_s=WHOLE_DAY[1] + 7200)


def _report(town: LedgerTown) -> LedgerReport:
    views = LedgerViews(town.views.stores, PEOPLE, MAPS.of)
    return views.between(WHOLE_DAY, AFTER, [Service.WIFI])


def _row(report: LedgerReport, area: str = CITY) -> LedgerRow:
    (found,) = [each for each in report.rows if each.area == area]
    return found


def test_who_lives_by_the_street_has_wifi_all_day_and_who_lives_far_none(town: LedgerTown) -> None:
    _live(town)
    report = _report(town)
    assert _row(report, "near").parts.delivered_h == 1200
    assert _row(report, "far").parts.distance_h == 120
    assert {LedgerNote.UNCALIBRATED, LedgerNote.CORRIDORS} <= set(report.notes)
    assert report.made_from.radio_digest


def test_dead_access_points_are_an_outage_and_never_a_planning_gap(town: LedgerTown) -> None:
    _live(town, ("10:00", DOWN), ("12:00", UP))
    row = _row(_report(town))
    assert (row.parts.outage_h, row.parts.delivered_h) == (200, 1000)
    assert row.parts.planning_h == 120
    assert row.outage_by_cause_h[Cause.DEVICE] == pytest.approx(200)
    assert sum(row.cost_h.values()) == pytest.approx(200)
    assert set(row.cost_h) <= {f"ap{nth}@20261014T080000Z" for nth in range(4)}


def test_one_dead_access_point_costs_nobody_who_reaches_another(town: LedgerTown) -> None:
    _live(town, ("10:00", DOWN), names="0")
    _live(town, names="123")
    assert _row(_report(town)).parts.outage_h == 0


def test_before_its_first_access_point_a_street_promises_nothing(tmp_path: Path) -> None:
    with LedgerTown(tmp_path) as town:
        town.hold((), SINCE_S, [STREET])
        town.hold(DEVICES, clock("12:00"), [STREET])
        for each in DEVICES:
            town.recorded(each.id, (clock("12:00"), UP), seen_s=WHOLE_DAY[1] + 7200)
        parts = _row(_report(town), "near").parts
    assert (parts.delivered_h, parts.timetable_h, parts.unverified_h) == (800, 400, 0)


def test_what_nobody_sees_is_unverified(town: LedgerTown) -> None:
    _live(town, ("10:00", SILENT))
    parts = _row(_report(town)).parts
    assert (parts.delivered_h, parts.unverified_h, parts.outage_h) == (200, 1000, 0)


def test_at_best_no_less_is_delivered_and_no_more_is_missing(town: LedgerTown) -> None:
    _live(town, ("10:00", DOWN), names="0")
    _live(town, names="123")
    for row in _report(town).rows:
        assert row.optimistic is not None
        assert row.optimistic.total_h == row.parts.total_h
        assert row.optimistic.planning_h <= row.parts.planning_h
        assert row.optimistic.delivered_h >= row.parts.delivered_h


def test_each_access_point_is_one_seat_whatever_it_reaches(town: LedgerTown) -> None:
    _live(town, ("10:00", DOWN), ("12:00", UP), names="0")
    _live(town, names="123")
    seats = _report(town).seats[Service.WIFI]
    counted = (seats.promised_s, seats.working_s, seats.failed_s, seats.unknown_s)
    assert [each / 3600 for each in counted] == [96, 94, 2, 0]


def test_announced_work_in_the_street_is_an_outage_by_maintenance(town: LedgerTown) -> None:
    _live(town)
    town.work("bruul", clock("10:00"), clock("11:00"))
    row = _row(_report(town))
    assert row.outage_by_cause_h[Cause.MAINTENANCE] == row.parts.outage_h == 100
    assert dict(row.cost_h) == {"maintenance:bruul": 100}
