"""Figures as people of Mechelen write them: decimal comma, local time, days and months by name."""

import math
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from netmon.words.language import Language
from netmon.words.moments import MONTHS as MONTHS_OF

MONTHS = MONTHS_OF[Language.NL]

NOTHING = "–"
"""Stands where nothing is known; never 0 and never 100 %."""

_HUNDREDTHS = 10_000


def percent(ratio: float | None) -> str:
    """
    Return a ratio in hundredths of a per cent, cut and not rounded: `99,49 %`.

    What is not quite all never reads as 100 %, what is not quite nothing never as 0 %, and what
    missed a target never as if it had met it.
    """
    if ratio is None:
        return NOTHING
    hundredths = _cut(ratio)
    if hundredths == 0 and ratio > 0:
        return "< 0,01 %"
    return f"{hundredths / 100:.2f} %".replace(".", ",")


def aim(target: float) -> str:
    """Return a target ratio in per cent, with two decimals or as many as it was written with."""
    whole, _, rest = f"{Decimal(str(target)) * 100:f}".partition(".")
    return f"{whole},{rest.rstrip('0'):0<2} %"


def points(now: float | None, past: float | None) -> str:
    """
    Return the difference of two ratios in percentage points, with its sign: `+0,31`.

    It is that of what `percent` prints of them, so that who subtracts finds the same.
    """
    if now is None or past is None:
        return NOTHING
    difference = _cut(now) - _cut(past)
    text = f"{difference / 100:+.2f}" if difference else "0.00"
    return text.replace(".", ",").replace("-", "\N{MINUS SIGN}")


def _cut(ratio: float) -> int:
    """Return the whole hundredths of a per cent of a ratio."""
    # A product such as 0.9953 * 10000 may fall a hair short of the whole number that is meant.
    return math.floor(round(ratio * _HUNDREDTHS, 6))


def count(number: int) -> str:
    """Return a whole number, thousands apart by points: `12.345`."""
    return f"{number:,}".replace(",", ".")


def duration(seconds: float | None) -> str:
    """Return a length of time in the two largest units that matter, rounded: `3 u 12 min`."""
    if seconds is None:
        return NOTHING
    sign = "\N{MINUS SIGN}" if round(seconds) < 0 else ""
    whole = abs(round(seconds))
    if whole < 60:  # noqa: PLR2004 - seconds in a minute
        return f"{sign}{whole} s" if whole else "0"
    minutes = round(whole / 60)
    hours, rest = divmod(minutes, 60)
    if hours:
        return f"{sign}{count(hours)} u {rest} min" if rest else f"{sign}{count(hours)} u"
    return f"{sign}{rest} min"


def month_name(month: str) -> str:
    """Return a month such as `2026-10` by its name: `november 2026`."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def day(on: date) -> str:
    """Return a day of a month that is known: `14 november`."""
    return f"{on.day} {MONTHS[on.month - 1]}"


def moment(at: datetime, zone: ZoneInfo, year: int | None = None) -> str:
    """Return an instant as local date and time: `14 november 9.05 uur`; the year if not `year`."""
    local = at.astimezone(zone)
    other = "" if year in {None, local.year} else f" {local.year}"
    return f"{day(local)}{other} {local.hour}.{local.minute:02} uur"


def plural(number: int, one: str, many: str) -> str:
    """Return a count with its noun: `1 toestel`, `12 toestellen`."""
    return f"{count(number)} {one if number == 1 else many}"
