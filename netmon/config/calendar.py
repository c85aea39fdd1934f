"""
Opening hours in OpenStreetMap syntax become UTC windows.

Public holidays come from the library's calendar of the country; Flemish school holidays
(`SH` rules), which it does not know, come from the city's own file.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from opening_hours import (  # type: ignore[attr-defined]  # its stub forgets the error
    OpeningHours,
    ParserError,
    State,
)

from netmon.domain.errors import ConfigError, Problem
from netmon.domain.intervals import Interval, epoch_s, intersection, union
from netmon.domain.model import Device, Place, Power, Service

ALWAYS_OPEN = "24/7"
_YEAR_MARGIN = timedelta(days=2)  # more than any lead or lag
_HOLIDAY_RULE = re.compile(r"^((?:PH|SH)(?:\s*,\s*(?:PH|SH))*)\s+(.+)$")


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    What days mean in one city.

    `public` are dates; `school` are holidays as first and last day, both included.
    """

    timezone: ZoneInfo
    country: str
    public: frozenset[date]
    school: tuple[tuple[date, date], ...]


@cache
def _digest(calendar: Calendar) -> str:
    """Return a short fingerprint, so that windows made with another calendar are not used."""
    school = [[str(first), str(last)] for first, last in calendar.school]
    # The library knows the public holidays; another release may know others.
    release = version("opening-hours-py")
    text = json.dumps([str(calendar.timezone), calendar.country, school, release])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class HoursRule:
    """Opening hours with the seconds that devices may be on before and after them."""

    opening_hours: str
    lead_s: int = 0
    lag_s: int = 0

    def key(self, calendar: Calendar) -> str:
        """Return the name under which worked-out windows of this rule are kept."""
        return f"{_digest(calendar)}|{self.lead_s}|{self.lag_s}|{self.opening_hours}"


def load_calendar(path: Path, *, timezone: str, country: str) -> Calendar:
    """Read a city's holidays; raises `ConfigError` where the file is missing or wrong."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
        public = frozenset(_date(each["date"]) for each in document["public"])
        school = tuple((_date(each["from"]), _date(each["to"])) for each in document["school"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        expected = "holidays as public: [{date}], school: [{from, to}]"
        problem = Problem(str(path), "", "holidays", expected, f"{type(error).__name__}: {error}")
        raise ConfigError([problem]) from error
    return Calendar(ZoneInfo(timezone), country, public, school)


def _date(value: object) -> date:
    """Return a TOML date as it is, and one written as text as what it says."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def hours_fault(opening_hours: str) -> str | None:
    """Return what is wrong with opening hours in one line, None where they parse."""
    if not opening_hours.strip("; "):
        return repr(opening_hours)  # what nobody published is null, not empty
    seasons = _by_season(opening_hours)
    if any(re.search(r"\bSH\b", re.sub(r'"[^"]*"', "", rules)) for rules in seasons):
        return f"SH elsewhere than at the start of a rule, before its hours: {opening_hours!r}"
    try:
        for rules in seasons:
            OpeningHours(rules)
    except ParserError:
        return repr(opening_hours)
    return None


def windows_of_year(rule: HoursRule, year: int, calendar: Calendar) -> list[Interval]:
    """
    Work out one local calendar year of opening hours.

    Returns
    -------
    Sorted, disjoint intervals in whole epoch seconds, widened by the rule's lead and lag.
    Days of 23 and 25 hours are right, because every edge is converted on its own. What is
    open over New Year is divided at midnight, so years can be put together again.
    """
    begin = datetime(year, 1, 1, tzinfo=calendar.timezone)
    end = datetime(year + 1, 1, 1, tzinfo=calendar.timezone)
    # Lead and lag move the edges of what is open, never an edge that only the year has.
    first, last = begin - _YEAR_MARGIN, end + _YEAR_MARGIN
    always, in_school_holidays = _by_season(rule.opening_hours)
    opened = _open(always, first, last, calendar)
    if in_school_holidays != always:
        holidays = _days(calendar.school, calendar.timezone)
        inside = intersection(_open(in_school_holidays, first, last, calendar), holidays)
        opened = union([*_outside(opened, holidays), *inside])
    shifted = ((start - rule.lead_s, end + rule.lag_s) for start, end in opened)
    return intersection(union(shifted), [(epoch_s(begin), epoch_s(end))])


def open_on_holidays(opening_hours: str, calendar: Calendar) -> list[date]:
    """Return the public holidays on which hours that close on holidays are open after all."""
    if not re.search(r"\bPH\b[^;]*\b(off|closed)\b", opening_hours):
        return []
    found = []
    for year in sorted({day.year for day in calendar.public}):
        both = [windows_of_year(HoursRule(text), year, calendar) for text in (opening_hours, "PH")]
        opened_on_holidays = intersection(*both)
        found += [
            day
            for day in sorted(calendar.public)
            if intersection(opened_on_holidays, _days([(day, day)], calendar.timezone))
        ]
    return found


def device_rule(device: Device, place: Place) -> HoursRule | None:
    """
    Return when a device should be on, None where nobody published it.

    What is always on, or stands in a street, has the street's hours or no end; what goes
    on with its site follows the hours of the service that it gives there.
    """
    if device.power is Power.ALWAYS_ON:
        return HoursRule(ALWAYS_OPEN)
    hours = service_hours(place, (Service.COMPUTER, Service.GUIDED))
    if hours is None or device.power is Power.ON_DEMAND:
        return None
    return HoursRule(hours, place.lead_s, place.lag_s)


def service_hours(place: Place, services: Iterable[Service]) -> str | None:
    """Return the hours of the first of these services that has any, else the place's own."""
    for service in services:
        for offer in place.offers:
            if offer.service is service and offer.opening_hours:
                return offer.opening_hours
    return place.opening_hours


def _by_season(opening_hours: str) -> tuple[str, str]:
    """Return the rules as they read in term time and in school holidays."""
    term: list[str] = []
    holidays: list[str] = []
    for rule in (part.strip() for part in opening_hours.split(";") if part.strip()):
        match = _HOLIDAY_RULE.match(rule)
        selectors = re.split(r"\s*,\s*", match.group(1)) if match else []
        if match and "SH" in selectors:
            holidays.append(match.group(2))
            if "PH" in selectors:
                term.append(f"PH {match.group(2)}")
                holidays.append(f"PH {match.group(2)}")
        else:
            term.append(rule)
            holidays.append(rule)
    return "; ".join(term) or "off", "; ".join(holidays) or "off"


def _open(
    opening_hours: str, first: datetime, last: datetime, calendar: Calendar
) -> list[Interval]:
    hours = OpeningHours(opening_hours, timezone=calendar.timezone, country=calendar.country)
    # Hours that their own text calls unknown are not a promise.
    return union(
        (epoch_s(start), epoch_s(end))
        for start, end, state, _ in hours.intervals(first, last)
        if state == State.OPEN
    )


def _days(spans: Iterable[tuple[date, date]], timezone: ZoneInfo) -> list[Interval]:
    def midnight(day: date) -> int:
        return epoch_s(datetime(day.year, day.month, day.day, tzinfo=timezone))

    return union((midnight(first), midnight(last + timedelta(days=1))) for first, last in spans)


def _outside(opened: Sequence[Interval], holidays: Sequence[Interval]) -> list[Interval]:
    edges = [-(2**40), *(edge for pair in holidays for edge in pair), 2**40]
    return intersection(opened, list(zip(edges[::2], edges[1::2], strict=True)))
