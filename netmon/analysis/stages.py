"""When the hours of a ledger are counted: a group's active hours by the clock on the wall."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from netmon.analysis.ledger import Stage
from netmon.domain.groups import Group
from netmon.domain.intervals import Interval, epoch_s, instant, intersection, union

_DAY_MIN, _HOUR_S = 24 * 60, 3600


def stage_of(group: Group, bounds: Interval, zone: ZoneInfo) -> Stage:
    """
    Return when the people of a group may want to go online within an interval.

    Their hours are those of the wall: on the two days of the year on which the clock is
    changed they are no longer and no shorter, unless they hold the hour itself. The hours of the
    week cover the whole interval, from Monday midnight on.
    """
    days = list(_days(bounds, zone))
    active = union(
        (_at_s(day, group.active_from_min, zone), _at_s(day, group.active_to_min, zone))
        for day in days
    )
    return Stage(intersection(active, [bounds]), tuple(_hours(days, bounds, zone)))


def _days(bounds: Interval, zone: ZoneInfo) -> Iterator[date]:
    day = instant(bounds[0]).astimezone(zone).date()
    last = instant(bounds[1] - 1).astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _at_s(day: date, minute: int, zone: ZoneInfo) -> int:
    """Return the instant of a minute of a local day; that of 24:00 is the next midnight."""
    days, left = divmod(minute, _DAY_MIN)
    day += timedelta(days=days)
    return epoch_s(datetime(day.year, day.month, day.day, *divmod(left, 60), tzinfo=zone))


def _hours(days: list[date], bounds: Interval, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    for day in days:
        start_s, end_s = _at_s(day, 0, zone), _at_s(day, _DAY_MIN, zone)
        for at_s in range(start_s, end_s, _HOUR_S):
            first_s = max(at_s, bounds[0])
            last_s = min(at_s + _HOUR_S, end_s, bounds[1])
            if first_s < last_s:
                hour = instant(at_s).astimezone(zone).hour
                yield first_s, last_s, day.weekday() * 24 + hour
