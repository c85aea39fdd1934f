"""A month day by day, for charts; a day has as many hours as its clock shows."""

from zoneinfo import ZoneInfo

from netmon.analysis.month_reading import MonthReading
from netmon.analysis.month_report import Day, KindFigures
from netmon.domain.figures import Figures, total
from netmon.domain.intervals import Interval
from netmon.domain.model import DeviceKind


def month_days(reading: MonthReading, zone: ZoneInfo) -> tuple[Day, ...]:
    """Return every local day of the month, those that lie ahead without figures."""
    return tuple(_day(day.isoformat(), bounds, reading) for day, bounds in reading.month.days(zone))


def _day(date: str, bounds: Interval, reading: MonthReading) -> Day:
    by_kind: dict[DeviceKind, list[Figures]] = {}
    for member in reading.members:
        by_kind.setdefault(member.device.kind, []).append(member.between(bounds))
    kinds = tuple(KindFigures(kind, total(by_kind[kind])) for kind in DeviceKind if kind in by_kind)
    return Day(date, bounds[1] - bounds[0], total(each.figures for each in kinds), kinds)
