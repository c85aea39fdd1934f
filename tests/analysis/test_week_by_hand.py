"""A week of a real record, with the clock set back in it, against figures worked out by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

import pytest

from netmon.analysis.blamed import Cause
from netmon.analysis.ledger_report import CITY, LedgerReport, LedgerRow
from netmon.analysis.people import People
from netmon.domain.groups import Group
from netmon.domain.intervals import instant
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.model import DeviceKind, Power, Service
from netmon.domain.verdict import SILENT, UP, Verdict
from tests.analysis import ledger_town as worked
from tests.analysis.ledger_town import COMPUTERS, EVERYBODY, SINCE_S, LedgerTown, people_at, site
from tests.analysis.month_town import DOWN, NO_PAGE, local

WEEK = (local("2026-10-19T00:00"), local("2026-10-26T00:00"))
"""From Monday; on Sunday the clock is set back."""

AFTER = instant(WEEK[1] + 86_400)
HOMES_M = {**worked.HOMES_M, "P5": 3100.0, "P6": 8000.0}
COUNTS = [100.0, 50, 40, 10, 20, 80]
DAY_AND_NIGHT = Group("always", "Day and night", active_from_min=0, active_to_min=24 * 60)
C = site("C", 3000.0, None, COMPUTERS)
ADULTS = replace(COMPUTERS, conditions="vanaf 16 jaar")
E = site("E", 8000.0, "Mo-Fr 10:00-12:00", ADULTS)
PLACES = (worked.A, worked.B, C, E)
DEVICES = (
    *worked.DEVICES,
    worked.device("e1", "E", DeviceKind.PUBLIC_PC, power=Power.WITH_SITE),
)


def day(text: str) -> int:
    """Return the instant of a day of October 2026 and its time."""
    return local(f"2026-10-{text}")


def _people() -> People:
    """Return the homes; a quarter of the people are ten years old, the others forty."""
    groups = (EVERYBODY, DAY_AND_NIGHT)
    counts = {"all": COUNTS, "always": [each / 2 for each in COUNTS]}
    found = people_at(HOMES_M, counts, groups)
    ages = [0.0] * 121
    ages[10], ages[40] = 25.0, 75.0
    inhabitants = replace(found.inhabitants, ages=tuple(ages))
    told = {each.id: each for each in groups}
    return People(inhabitants, found.walks, found.areas, told, found.streets)


class WeekTown(LedgerTown):
    """The stores of that week."""

    def say(
        self, effect: Effect, start: str, end: str, announced_s: int | None = None, place: str = "B"
    ) -> None:
        start_s, end_s = day(start), day(end)
        timing = Timing(instant(start_s).replace(tzinfo=None), "UTC", exact_s=end_s - start_s)
        uid, said_s = f"{effect}-{start}", start_s if announced_s is None else announced_s
        self.desk.announce([Announcement(uid, effect, (place,), timing, said_s)], said_s)

    def play(self) -> None:
        """Record what happened from Tuesday on."""
        self.hold(DEVICES, SINCE_S, PLACES)
        self._ran("gw-a", ("20T09:00", DOWN), ("20T10:00", UP))
        self._ran("gw-b")
        for key in ("a1", "a2"):
            self._ran(
                *(key, ("20T09:00", DOWN), ("20T10:00", UP)),
                *(("21T09:00", SILENT), ("21T11:00", UP)),
            )
        # Were all three off, nobody would have opened: one that is awake tells.
        for key, failed in (("b1", DOWN), ("b2", DOWN), ("b3", NO_PAGE)):
            self._ran(key, ("25T16:00", failed), ("25T17:00", UP))
        self._ran("e1")
        self.say(Effect.CLOSED, "22T10:00", "22T14:00", day("21T10:00"))
        self.say(Effect.CLOSED, "23T14:00", "23T18:00", day("22T14:00") + 60)
        self.work("B", day("24T10:00"), day("24T12:00"))
        self.say(Effect.HOST, "25T10:00", "25T11:00", place="A")

    def _ran(self, key: str, *edges: tuple[str, Verdict]) -> None:
        told = ((SINCE_S, UP), *((day(at), verdict) for at, verdict in edges))
        self.recorded(key, *told, seen_s=WEEK[1] + 7200)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WeekTown]:
    with WeekTown(tmp_path_factory.mktemp("week")) as found:
        found.play()
        yield found


@pytest.fixture(scope="module")
def report(town: WeekTown) -> LedgerReport:
    return town.ledgers(_people()).between(WEEK, AFTER)


def _row(report: LedgerReport, service: Service, group: str = "all", area: str = CITY) -> LedgerRow:
    key = (service, group, area)
    (found,) = [row for row in report.rows if (row.service, row.group, row.area) == key]
    return found


def _told(row: LedgerRow) -> Mapping[str, float]:
    """Return the parts that are not nought, without the `_h` of their names."""
    names = ("delivered", "unverified", "outage", "timetable", "announced", "distance")
    told = {name: getattr(row.parts, f"{name}_h") for name in (*names, "eligibility", "total")}
    return {name: value for name, value in told.items() if value}


COMPUTERS_BY_HAND = {
    "P1": {"delivered": 5400, "unverified": 100, "outage": 600, "timetable": 2100}
    | {"announced": 200, "total": 8400},
    "P2": {"delivered": 900, "unverified": 100, "outage": 50, "timetable": 3150, "total": 4200},
    "P3": {"delivered": 1800, "outage": 280, "timetable": 1120, "announced": 160, "total": 3360},
    "P4": {"distance": 840, "total": 840},
    "P5": {"unverified": 1680, "total": 1680},
    "P6": {"delivered": 600, "timetable": 4440, "eligibility": 1680, "total": 6720},
}


@pytest.mark.parametrize("home", HOMES_M)
def test_computers_are_as_worked_out_by_hand(report: LedgerReport, home: str) -> None:
    assert _told(_row(report, Service.COMPUTER, area=home)) == COMPUTERS_BY_HAND[home]


def test_the_city_is_all_homes_and_its_parts_add_up_exactly(report: LedgerReport) -> None:
    city = _row(report, Service.COMPUTER)
    assert city.people == 300
    assert city.parts.total_h == 300 * 84
    for name in ("delivered", "unverified", "outage", "timetable", "announced"):
        by_hand = sum(each.get(name, 0) for each in COMPUTERS_BY_HAND.values())
        assert getattr(city.parts, f"{name}_h") == by_hand
    assert city.by_hour_h.sum() == pytest.approx(city.parts.total_h)


def test_each_cause_and_incident_has_what_it_took(report: LedgerReport) -> None:
    city = _row(report, Service.COMPUTER)
    assert city.outage_by_cause_h == pytest.approx(
        {
            Cause.UPLINK: 150,
            Cause.SITE: 560,
            Cause.MAINTENANCE: 80,
            Cause.DEVICE: 140,
            Cause.UNEXPLAINED: 0,
        }
    )
    third = pytest.approx(140 / 3)
    assert city.cost_h == {
        "gw-a@20261020T070000Z": 150,
        "closed-23T14:00": 560,
        "maintenance:B": 80,
        **{f"b{n}@20261025T150000Z": third for n in (1, 2, 3)},
    }
    assert sum(city.cost_h.values()) == pytest.approx(city.parts.outage_h)


def test_whoever_is_active_day_and_night_has_the_hour_that_the_clock_shows_twice(
    report: LedgerReport,
) -> None:
    told = _told(_row(report, Service.COMPUTER, "always", "P3"))
    assert told == {
        "total": 20 * 169,
        "timetable": 20 * (169 - 56),
        "announced": 80,
        "outage": 140,
        "delivered": 900,
    }
    by_hour = _row(report, Service.COMPUTER, "always", "P3").by_hour_h.sum(axis=1)
    sunday_two = 6 * 24 + 2
    assert by_hour[sunday_two] == 40
    assert {each for nth, each in enumerate(by_hour) if nth != sunday_two} == {20}


def test_help_is_delivered_in_the_hour_of_the_host(report: LedgerReport) -> None:
    assert _told(_row(report, Service.GUIDED)) == {
        "delivered": 150,
        "unverified": 150 * 20,
        "timetable": 150 * 63,
        "distance": 150 * 84,
        "total": 300 * 84,
    }


def test_seats_are_as_worked_out_by_hand(report: LedgerReport) -> None:
    seats = report.seats[Service.COMPUTER]
    counted = (seats.promised_s, seats.working_s, seats.failed_s, seats.unknown_s)
    assert [each / 3600 for each in counted] == [208, 181, 23, 4]


def test_days_one_by_one_make_the_week(town: WeekTown, report: LedgerReport) -> None:
    edges = [day(f"{nth}T00:00") for nth in range(19, 27)]
    views = town.ledgers(_people())
    days = [views.between(each, AFTER) for each in pairwise(edges)]
    for row in report.rows:
        own = [_row(each, row.service, row.group, row.area) for each in days]
        for name in ("delivered", "unverified", "outage", "schedule", "planning", "total"):
            whole = getattr(row.parts, f"{name}_h")
            assert sum(getattr(each.parts, f"{name}_h") for each in own) == pytest.approx(whole)
        costs: dict[str, float] = {}
        for each in own:
            for key, cost_h in each.cost_h.items():
                costs[key] = costs.get(key, 0.0) + cost_h
        assert costs == pytest.approx(dict(row.cost_h))
