"""When an event of a calendar file holds: zones, lengths, rules and dates of RFC 5545."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Event
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from netmon.config.complaints import brief
from netmon.domain.maintenance import Timing

DAY_S = 86_400


class EventFaultError(ValueError):
    """One event cannot be used; the message reads `KEY: expected …, found …`."""


def event_timing(event: Event, default_zone: str) -> Timing:
    """
    Return when an event holds; raises `EventFaultError` where it does not say so.

    `default_zone` is that of times that name none.
    """
    begins = value_of(event, "DTSTART")
    if begins is None:
        raise EventFaultError("DTSTART: expected a date or a time, found none")
    zone = zone_of(begins, default_zone)
    wall_s, exact_s = _length(event, zone)
    also, but = (_dates(event, key, zone) for key in ("RDATE", "EXDATE"))
    return Timing(local(begins, zone), zone, wall_s, exact_s, _rule(event), also, but)


def value_of(event: Event, key: str) -> Any:  # noqa: ANN401 - the library has a type for each kind of value
    """Return what an event says of a key, None where it says nothing."""
    return event.get(key)


def zone_of(value: Any, default: str) -> str:  # noqa: ANN401 - as above
    """Return the zone of a time by its IANA name; what only the file itself defines is none."""
    name = str(value.params.get("TZID", "")).strip('"').removeprefix("/")
    if not name:
        is_utc = isinstance(value.dt, datetime) and value.dt.tzinfo is not None
        return "UTC" if is_utc else default
    known = WINDOWS_TO_OLSON.get(name, name)
    try:
        ZoneInfo(known)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        expected = "TZID: expected a zone such as Europe/Brussels"
        raise EventFaultError(f"{expected}, found {brief(name)}") from None
    return known


def local(value: Any, zone: str) -> datetime:  # noqa: ANN401 - as above
    """Return a date (its midnight) or a time as the clock of a zone shows it, naive."""
    at = value.dt
    if not isinstance(at, date):
        raise EventFaultError("RDATE, EXDATE: expected dates or times, found a period")
    if not isinstance(at, datetime):
        return datetime(at.year, at.month, at.day)  # noqa: DTZ001 - by the clock on the wall
    own = zone_of(value, zone)
    if own != zone:
        at = at.replace(tzinfo=ZoneInfo(own)).astimezone(ZoneInfo(zone))
    return at.replace(tzinfo=None, microsecond=0)


def _length(event: Event, zone: str) -> tuple[int, int]:
    """
    Return the length by the clock, and that of elapsed time after it, in seconds.

    A day is a day, whatever happens to the clock. Where an end is told, all times of a series
    last equally long (RFC 5545, 3.8.5.3). The library cannot tell PT24H from P1D.
    """
    begins, ends = value_of(event, "DTSTART"), value_of(event, "DTEND")
    if "DURATION" in event:
        length: timedelta = value_of(event, "DURATION").dt
        return length.days * DAY_S, length.seconds
    if ends is None and isinstance(begins.dt, datetime):
        raise EventFaultError("DTEND: expected DTEND or DURATION, found neither")
    if ends is None:
        return DAY_S, 0
    if isinstance(ends.dt, datetime) != isinstance(begins.dt, datetime):
        raise EventFaultError("DTEND: expected a date or a time as DTSTART is, found the other")
    if not isinstance(begins.dt, datetime):
        return (ends.dt - begins.dt).days * DAY_S, 0
    first, last = (local(each, zone).replace(tzinfo=ZoneInfo(zone)) for each in (begins, ends))
    return 0, int(last.timestamp() - first.timestamp())


def _rule(event: Event) -> str:
    rule = value_of(event, "RRULE")
    if isinstance(rule, list) or "EXRULE" in event:
        raise EventFaultError("RRULE: expected one rule at most and no EXRULE, found more")
    return "" if rule is None else rule.to_ical().decode()


def _dates(event: Event, key: str, zone: str) -> tuple[datetime, ...]:
    return tuple(sorted({local(each, zone) for each in _listed(value_of(event, key))}))


def _listed(values: Any) -> Iterator[Any]:  # noqa: ANN401 - a list of dates, or a list of such lists
    for each in values if isinstance(values, list) else [values] if values is not None else []:
        yield from each.dts
