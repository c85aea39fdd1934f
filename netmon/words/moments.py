"""Instants and lengths of time as people write them, in local time."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from netmon.words.language import Language

MONTHS: Mapping[Language, tuple[str, ...]] = {
    Language.NL: (
        "januari", "februari", "maart", "april", "mei",
        "juni", "juli", "augustus",
        "september", "oktober", "november", "december",
    ),
    Language.EN: (
        "January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December",
    ),
    Language.FR: (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet",
        "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip

_NEAR: Mapping[Language, Mapping[int, str]] = {
    Language.NL: {-1: "gisteren ", 0: "", 1: "morgen "},
    Language.EN: {-1: "yesterday ", 0: "", 1: "tomorrow "},
    Language.FR: {-1: "hier ", 0: "", 1: "demain "},
}
_UNITS: Mapping[Language, tuple[str, str, str]] = {
    Language.NL: ("d", "u", "min"),
    Language.EN: ("d", "h", "min"),
    Language.FR: ("j", "h", "min"),
}
_BRIEF: Mapping[Language, str] = {
    Language.NL: "minder dan 1 min",
    Language.EN: "less than 1 min",
    Language.FR: "moins de 1 min",
}


def duration(seconds: float, language: Language) -> str:
    """Return a length of time in the two largest units that matter, as in `3 u 12 min`."""
    day, hour, minute = _UNITS[language]
    minutes = max(0, int(seconds // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} {day} {hours} {hour}"
    if hours:
        return f"{hours} {hour} {rest} {minute}"
    return f"{rest} {minute}" if minutes else _BRIEF[language]


def moment(at: datetime, now: datetime, zone: ZoneInfo, language: Language) -> str:
    """
    Return an instant after "since" or "until": `10.02 uur`, `yesterday 10:02`, `3 mai 10h02`.

    `at` and `now` are aware. The day stands where it is not today, the year where it is not
    this one.
    """
    local, today = at.astimezone(zone), now.astimezone(zone)
    near = _NEAR[language].get((local.date() - today.date()).days)
    day = f"{local.day} {MONTHS[language][local.month - 1]} "
    year = "" if local.year == today.year else f"{local.year} "
    return (day + year if near is None else near) + _clock(local, language)


def _clock(local: datetime, language: Language) -> str:
    minutes = f"{local.minute:02d}"
    if language is Language.NL:
        return f"{local.hour}.{minutes} uur"
    return f"{local.hour}h{minutes}" if language is Language.FR else f"{local.hour:02d}:{minutes}"
