"""
Announced times, said by the clock on the wall, become UTC windows (RFC 5545, 3.3.10 and 3.8.5).

Rules come from files that anyone may have written: what is checked here first can be worked
out in milliseconds and has an end.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # it carries no types

from netmon.domain.intervals import Interval, epoch_s
from netmon.domain.maintenance import Announcement, Timing

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_S = 400 * 86_400
MOST_TEXT = 500
MOST_SUBJECTS = 500
MOST_DATES = 1000
MOST_TIMES = 50_000
"""Of one announcement: 24 a day for five years, or one a day for more than a century."""

_MOST_RULE = 300
_MOST_S = 2**33
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_LIST = r"[+-]?\d{1,3}(,[+-]?\d{1,3})*"
_PARTS = {
    "FREQ": "|".join(_FREQUENCIES),
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
    "BYDAY": r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU))*",
    **dict.fromkeys(("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"), _LIST),
    **dict.fromkeys(("BYHOUR", "BYMINUTE", "BYSECOND"), r"\d{1,2}(,\d{1,2})*"),
}
_MOST_A_DAY = 24

# The Gregorian calendar, its weekdays too, repeats every 400 years, and the library stops at
# the year 9999: asked so late, a rule that never comes true ends in 0.3 s instead of 10.
_CYCLES_YEARS = 19 * 400


def timing_fault(timing: Timing) -> str | None:
    """Return what is wrong with announced times, as `KEY: expected …, found …`, or None."""
    try:
        ZoneInfo(timing.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"zone: expected a time zone such as Europe/Brussels, found {timing.zone!r}"
    for start in (timing.start, *timing.also, *timing.but):
        if start.tzinfo is not None or not FIRST_YEAR <= start.year <= LAST_YEAR:
            return f"time: expected one from {FIRST_YEAR} to {LAST_YEAR}, found {start}"
    if max(len(timing.also), len(timing.but)) > MOST_DATES:
        return f"dates: expected at most {MOST_DATES} beside the rule, found more"
    length_s = timing.wall_s + timing.exact_s
    if min(timing.wall_s, timing.exact_s) < 0 or not 0 < length_s <= LONGEST_S:
        return f"end: expected one after the start, by {LONGEST_S // 86_400} days at most"
    return rule_fault(timing.rule, timing.start) if timing.rule else None


def rule_fault(rule: str, start: datetime) -> str | None:
    """Return what is wrong with an RRULE value that begins at a naive start, None if nothing."""
    if len(rule) > _MOST_RULE:
        return f"rule: expected at most {_MOST_RULE} characters, found {len(rule)}"
    parts = [part.partition("=")[::2] for part in rule.split(";")]
    for key, value in parts:
        if key not in _PARTS:
            return f"rule: expected parts of RFC 5545 such as FREQ=WEEKLY, found {key!r}"
        if re.fullmatch(_PARTS[key], value, re.ASCII) is None:
            expected = " or ".join(_FREQUENCIES) if key == "FREQ" else "a value of RFC 5545"
            return f"rule: {key}: expected {expected}, found {value!r}"
    found = dict(parts)
    if len(found) < len(parts) or "FREQ" not in found or {"COUNT", "UNTIL"} <= found.keys():
        return f"rule: expected FREQ, each part once, and not both COUNT and UNTIL, found {rule!r}"
    return _many_fault(found) or _start_fault(found, start)


def occurrences(timing: Timing, until_s: int) -> list[Interval]:
    """
    Return the times said outright, and those of the rule that begin before an instant, sorted.

    Parameters
    ----------
    timing
        One without a fault (`timing_fault`).
    until_s
        Whole epoch seconds; an endless rule is followed no further.

    Notes
    -----
    A start that the clock skips in spring is no start where a rule gives it, and counts for
    nothing; said outright, it is read with the offset of before. Of a time that comes twice in
    autumn the first is meant (RFC 5545, 3.3.5 and 3.3.10).
    """
    zone = ZoneInfo(timing.zone)
    last = datetime.fromtimestamp(until_s, zone).replace(tzinfo=None)
    given = takewhile(lambda start: start < last, _by_rule(timing, zone))
    starts = {timing.start, *islice(given, MOST_TIMES), *timing.also}.difference(timing.but)
    times = (_time(start, timing, zone) for start in sorted(starts))
    return [(begin_s, end_s) for begin_s, end_s in times if begin_s < end_s]


def announcement_fault(announcement: Announcement) -> str | None:
    """Return what is wrong with an announcement that came from outside, None if nothing."""
    subjects = announcement.subjects
    if not 0 < len(subjects) <= MOST_SUBJECTS:
        return f"subject: expected 1 to {MOST_SUBJECTS}, found {len(subjects)}"
    texts = (announcement.uid, announcement.note, *subjects)
    if "" in (announcement.uid, *subjects) or max(map(len, texts)) > MOST_TEXT:
        return f"uid, subject, note: expected at most {MOST_TEXT} characters, found more or none"
    if not all(text.isprintable() for text in texts):
        return "uid, subject, note: expected printable text, found control characters"
    numbers = (announcement.announced_s, announcement.sequence, announcement.cut_s or 0)
    if not 0 <= min(numbers) <= max(numbers) < _MOST_S:
        return "announced_s, sequence, cut_s: expected whole numbers from 0, found others"
    return timing_fault(announcement.timing)


def is_skipped(at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the clock skips a naive local time, as in a night of March."""
    there = at.replace(tzinfo=zone, fold=0)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != at.replace(fold=0)


def _many_fault(parts: Mapping[str, str]) -> str | None:
    a_day = 1
    for key in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        a_day *= len(parts.get(key, "").split(","))
    if a_day <= _MOST_A_DAY:
        return None
    return f"rule: expected at most {_MOST_A_DAY} a day, found {a_day}"


def _start_fault(parts: Mapping[str, str], start: datetime) -> str | None:
    """Refuse a start that its own rule does not give: programs differ on what that means."""
    late = start.replace(year=start.year + _CYCLES_YEARS)
    try:
        _until(parts.get("UNTIL", "20000101"), ZoneInfo("UTC"))
        first = next(_endless(parts, late), None)
    except (ValueError, TypeError, IndexError, KeyError) as error:
        return f"rule: expected one of RFC 5545, found {error}"
    if first != late:
        return f"rule: expected one that gives its own start {start}, found another day or time"
    return None


def _endless(parts: Mapping[str, str], start: datetime) -> Iterator[datetime]:
    kept = (f"{key}={value}" for key, value in parts.items() if key not in {"COUNT", "UNTIL"})
    return iter(rrulestr(";".join(kept), dtstart=start))


def _by_rule(timing: Timing, zone: ZoneInfo) -> Iterator[datetime]:
    """Give the starts of the rule; those that do not exist are not counted."""
    if not timing.rule:
        return iter(())
    parts = dict(part.split("=") for part in timing.rule.split(";"))
    starts: Iterator[datetime] = (
        start for start in _endless(parts, timing.start) if not is_skipped(start, zone)
    )
    if "COUNT" in parts:
        return islice(starts, int(parts["COUNT"]))
    last = _until(parts["UNTIL"], zone) if "UNTIL" in parts else datetime.max  # noqa: DTZ901 - by the clock on the wall
    return takewhile(lambda start: start <= last, starts)


def _until(text: str, zone: ZoneInfo) -> datetime:
    """Return the last start as local time; a date alone means all of that day."""
    if "T" not in text:
        return datetime.combine(datetime.fromisoformat(text), time.max)
    at = datetime.fromisoformat(text)
    return at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at


def _time(start: datetime, timing: Timing, zone: ZoneInfo) -> Interval:
    end = start + timedelta(seconds=timing.wall_s)
    begin_s, end_s = (epoch_s(at.replace(tzinfo=zone, fold=0)) for at in (start, end))
    return begin_s, end_s + timing.exact_s
