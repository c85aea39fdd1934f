"""Reports made by hand: a month like any other, with a bit of everything in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from netmon.analysis.month_report import (
    Day,
    FlappingDevice,
    Grouping,
    KindFigures,
    Line,
    MethodNote,
    MonthIncident,
    MonthReport,
    Provenance,
    UnknownShare,
    UnknownSpell,
)
from netmon.domain.figures import Figures, total
from netmon.domain.incidents import Audience
from netmon.domain.model import DeviceKind, Service, Status
from netmon.domain.objectives import Objective

START = datetime(2026, 9, 30, 22, tzinfo=UTC)
END = datetime(2026, 10, 31, 23, tzinfo=UTC)
"""October 2026 in Mechelen: 745 hours, for the clock goes back on the 25th."""

HOUR = 3600
KINDS = (DeviceKind.ACCESS_POINT, DeviceKind.PUBLIC_PC, DeviceKind.SWITCH)
ORIGIN = Provenance(
    (3, 4, 5, 8), "a1" * 32, "b2" * 32, "c3" * 32, 1234, "d4" * 32, "e5" * 32, 0, "1", "f6" * 32
)
LEFT_OUT = frozenset({MethodNote.NOT_OVER, MethodNote.SMOOTHED})


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 10, day, hour, 5, tzinfo=UTC)


def day_figures(number: int, kind: DeviceKind) -> Figures:
    """Return a day of ten devices: computers rest on Sundays, on the 14th much fails."""
    length_s = (25 if number == 25 else 24) * HOUR * 10
    if kind is DeviceKind.PUBLIC_PC and number % 7 == 4:
        return Figures(length_s, expected_off_s=length_s)
    failed_s = 9 * HOUR if number == 14 else 600 * (number % 3)
    unreachable_s = 5 * HOUR if number == 14 else 0
    unknown_s = 30 * HOUR if number == 20 else 0
    muted_s = 4 * HOUR if number == 21 else 0
    lost_s = failed_s + unreachable_s + unknown_s + muted_s
    return Figures(length_s, length_s - lost_s, failed_s, unreachable_s, unknown_s, muted_s)


def days() -> tuple[Day, ...]:
    found = []
    for number in range(1, 32):
        kinds = tuple(KindFigures(kind, day_figures(number, kind)) for kind in KINDS)
        length_s = (25 if number == 25 else 24) * HOUR
        date = f"2026-10-{number:02}"
        found.append(Day(date, length_s, total(each.figures for each in kinds), kinds))
    return tuple(found)


def line(key: str, name: str, grouping: Grouping, **changes: object) -> Line:
    """Return a line of ten devices that lost five of their 7450 hours."""
    figures = Figures(7450 * HOUR, 7440 * HOUR, 3 * HOUR, 2 * HOUR, 5 * HOUR)
    made = Line(key, name, grouping, None, None, None, None, 10, figures)
    return replace(made, **changes)


def kind_line(kind: DeviceKind, **changes: object) -> Line:
    figures = total(day_figures(number, kind) for number in range(1, 32))
    return line(kind.value, "", Grouping.KIND, kind=kind, figures=figures, **changes)


def site_line(service: Service, **changes: object) -> Line:
    return line("bib", "Het Predikheren", Grouping.SITE, service=service, **changes)


def worst_line(number: int) -> Line:
    return line(
        f"ap-{number}",
        f"AP-BRUUL-{number:02}",
        Grouping.DEVICE,
        kind=DeviceKind.ACCESS_POINT,
        place_id="bruul",
        place_name="Bruul",
        devices=1,
        figures=Figures(745 * HOUR, (715 + number) * HOUR, (20 - number) * HOUR, 10 * HOUR),
    )


def incident(key: str = "sw-1@20261014T080500Z", **changes: object) -> MonthIncident:
    made = MonthIncident(
        key,
        "sw-1",
        "Switch Bruul 1",
        DeviceKind.SWITCH,
        "bruul",
        "Bruul",
        Status.DOWN,
        "timeout",
        Audience.IT,
        at(14),
        at(14, 17),
        9 * HOUR,
        9 * HOUR,
        ("ap-1", "ap-2"),
        ("Bruul", "IJzerenleen"),
        2,
    )
    return replace(made, **changes)


def incidents() -> tuple[MonthIncident, ...]:
    """Return one of the network, one that is still open, and one of a place."""
    computer = incident(
        "pc-1@20261030T070000Z",
        subject_id="pc-1",
        subject_name="PC 1",
        status=Status.DEGRADED,
        reason="disk_full",
        ended_at=None,
        in_month_s=3 * HOUR,
        affected=(),
        notes=0,
    )
    place = incident(
        "bib@20261005T080000Z",
        subject_id="bib",
        subject_name="Het Predikheren",
        kind=None,
        reason="site_not_opened",
        audience=Audience.OWNER,
        in_month_s=HOUR,
        affected=(),
    )
    return incident(), computer, place


def report(**changes: object) -> MonthReport:
    """Return October 2026."""
    each = days()
    spell = UnknownSpell(
        "pc-2", "PC 2", "Het Predikheren", at(20), at(20, 11), 3 * HOUR, "not_observed"
    )
    made = MonthReport(
        "2026-10",
        "Mechelen",
        "Europe/Brussels",
        START,
        END,
        START,
        END,
        is_complete=True,
        is_whole=True,
        is_synthetic=False,
        made_from=ORIGIN,
        total=line(
            "total",
            "",
            Grouping.TOTAL,
            figures=total(day.total for day in each),
            devices=30,
            last_month=0.9951,
            mttr_s=7200.0,
            incidents=3,
            objective=Objective(0.99, 200 * HOUR, 150 * HOUR, is_met=True),
        ),
        kinds=(
            kind_line(KINDS[0], objective=Objective(0.995, 37 * HOUR, -3 * HOUR, is_met=False)),
            kind_line(KINDS[1], last_month=0.9871, mttr_s=5400.0, mtbf_s=90.0 * HOUR, incidents=3),
            kind_line(KINDS[2], last_month=0.9991, last_year=0.9123),
        ),
        streets=(
            line("bruul", "Bruul", Grouping.STREET),
            line("veemarkt", "Veemarkt", Grouping.STREET),
        ),
        sites=(
            site_line(Service.COMPUTER),
            site_line(Service.GUIDED, devices=0, figures=Figures()),
        ),
        worst=tuple(map(worst_line, range(1, 11))),
        incidents=incidents(),
        flapping=(FlappingDevice("ap-3", "AP-BRUUL-03", "bruul", "Bruul", 5 * HOUR),),
        unknown=UnknownShare(0.0041, 90 * HOUR, (spell,)),
        days=each,
        method=tuple(note for note in MethodNote if note not in LEFT_OUT),
    )
    return replace(made, **changes)


def later(made: MonthReport) -> MonthReport:
    """Return the same month after an exception was entered: the library was closed on the 14th."""
    figures = Figures(7450 * HOUR, 7440 * HOUR, HOUR, 0, 5 * HOUR, expected_off_s=4 * HOUR)
    sites = (replace(made.sites[0], figures=figures), *made.sites[1:])
    origin = replace(made.made_from, announcements_digest="77" * 32)
    return replace(made, sites=sites, incidents=made.incidents[:2], made_from=origin)


def ago(moment: datetime, **length: float) -> datetime:
    return moment - timedelta(**length)
