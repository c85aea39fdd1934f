"""What a planner asks: which map, over which days, of which service and group."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from netmon.domain.intervals import Interval, epoch_s
from netmon.domain.model import Service
from netmon.words import planning as words
from netmon.words.clean import clean
from netmon.words.planning import BASIS, EVERYONE, PARTS, SERVICES

USUAL_DAYS = 7
MOST_DAYS = 400
REFRESH_S = 300
"""A window that is not over yet ends at a multiple of this: all who look within it see one page."""

LONGEST_NAME = 60
BASES = ("", *BASIS)
"""Which figures: empty means those that were measured, as soon as there are enough of them."""

KNOWN_YEARS = range(2000, 2200)
"""At the ends of the calendar, days have no local midnight."""


class Show(StrEnum):
    """The questions that the map answers, one at a time."""

    NOW = "now"
    PERIOD = "period"
    GAPS = "gaps"
    AREAS = "areas"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Question:
    """
    A question about days of local time, both included.

    `part` is a key of `PARTS`. `is_optimistic`: Wi-Fi at its best instead of as planned.
    `basis` is one of `BASES`. `problems` say, in Dutch, what of the address was not understood; the
    usual stands for it.
    """

    first: date
    last: date
    show: Show = Show.NOW
    service: Service = Service.WIFI
    group: str = EVERYONE
    part: str = "delivered"
    is_optimistic: bool = False
    basis: str = ""
    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, asked: Mapping[str, str], today: date) -> "Question":
        """Read what an address asks; what it does not say is the past seven days."""
        found, problems = _days(asked, today)
        first, last = found
        show = _choice(asked, "show", {str(each) for each in Show}, "now", problems)
        service = _choice(asked, "service", {str(each) for each in SERVICES}, "wifi", problems)
        part = _choice(asked, "part", set(PARTS), "delivered", problems)
        edge = _choice(asked, "edge", {"planning", "optimistic"}, "planning", problems)
        basis = _choice(asked, "basis", set(BASES), "", problems)
        return cls(
            first,
            last,
            Show(show),
            Service(service),
            clean(asked.get("group", EVERYONE), LONGEST_NAME) or EVERYONE,
            "planning" if show == Show.GAPS else part,
            edge == "optimistic",
            basis,
            tuple(problems),
        )

    def bounds(self, now: datetime, zone: ZoneInfo) -> Interval:
        """Return the window in epoch seconds, half-open; days to come are left out."""
        starts, ends = (
            epoch_s(datetime.combine(day, time.min, tzinfo=zone))
            for day in (self.first, self.last + timedelta(days=1))
        )
        known = epoch_s(now) // REFRESH_S * REFRESH_S
        return starts, max(starts + REFRESH_S, min(ends, known))

    def link(self, **changes: object) -> str:
        """Return the query of the same question with changes."""
        asked = replace(self, **changes)  # type: ignore[arg-type]  # as replace checks itself
        return "?" + urlencode(
            {
                "show": asked.show,
                "from": asked.first.isoformat(),
                "to": asked.last.isoformat(),
                "service": asked.service,
                "group": asked.group,
                "part": asked.part,
                "edge": "optimistic" if asked.is_optimistic else "planning",
                **({"basis": asked.basis} if asked.basis else {}),
            }
        )


def _days(asked: Mapping[str, str], today: date) -> tuple[tuple[date, date], list[str]]:
    usual = (today - timedelta(days=USUAL_DAYS - 1), today)
    problems: list[str] = []
    last = _day(asked.get("to", ""), usual[1], problems)
    first = _day(asked.get("from", ""), last - timedelta(days=USUAL_DAYS - 1), problems)
    wrong = _why_not(first, last, today)
    if wrong:
        problems.append(wrong)
    if problems:
        problems.append(words.SEVEN_DAYS)
        return usual, problems
    return (first, last), problems


def _day(text: str, otherwise: date, problems: list[str]) -> date:
    if not text:
        return otherwise
    try:
        found = date.fromisoformat(text)
    except ValueError:
        problems.append(words.no_day(clean(text, 20)))
        return otherwise
    if found.year in KNOWN_YEARS:
        return found
    problems.append(words.no_year(found.year))
    return otherwise


def _why_not(first: date, last: date, today: date) -> str:
    if first > last:
        return words.ENDS_BEFORE
    if first > today:
        return words.TO_COME
    if (last - first).days >= MOST_DAYS:
        return words.too_many_days(MOST_DAYS)
    return ""


def _choice(
    asked: Mapping[str, str], name: str, known: set[str], usual: str, problems: list[str]
) -> str:
    found = asked.get(name, "") or usual
    if found in known:
        return found
    problems.append(words.no_choice(clean(found, 20)))
    return usual
