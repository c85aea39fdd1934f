"""
Announced work out of a calendar file (iCalendar, RFC 5545): each VEVENT is one announcement.

The file may come from anywhere: it is bounded before it is read, and whatever is wrong in it
is told at once, with the event that it is in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from icalendar import Calendar, Event

from netmon.config.complaints import brief, printable
from netmon.config.ical_timing import EventFaultError, event_timing, local, value_of
from netmon.config.recurrence import MOST_TEXT, announcement_fault
from netmon.domain.errors import ConfigError, Problem
from netmon.domain.maintenance import Announcement, Effect

MOST_BYTES = 1_000_000
MOST_EVENTS = 1000
MOST_PROBLEMS = 20

AMENDED = "#"
"""Stands between the name of a series and the time in it that an event replaces."""

_AMENDS = "RECURRENCE-ID"


@dataclass(frozen=True, slots=True)
class Reading:
    """
    How events are read.

    `known` gives the id that a word stands for: an id or a name, casefolded. `fixed` are the
    subjects of all events, empty where each names its own. `zone` is that of times without
    one, and `now_s` is when the file is read.
    """

    known: Mapping[str, str]
    fixed: tuple[str, ...]
    zone: str
    now_s: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What a calendar announces, and the events of which nobody knows what they concern."""

    announcements: tuple[Announcement, ...]
    strange: tuple[Problem, ...]


def read_ical(path: Path, reading: Reading) -> Imported:
    """
    Read a calendar file.

    Raises
    ------
    ConfigError
        With the events that cannot be used, the first `MOST_PROBLEMS` of them.
    OSError
        Where the file cannot be read.
    """
    found: dict[str, Announcement] = {}
    strange, faults = [], []
    for event in _events(path):
        try:
            if _is_strange(event, reading):
                strange.append(_strange(path, event))
            else:
                _add(found, event, reading)
        except Exception as error:  # noqa: BLE001 - the library may raise anything for a hostile event
            faults.append(_fault(path, event, error))
        if len(faults) >= MOST_PROBLEMS:
            break
    if faults:
        raise ConfigError(faults)
    return Imported(tuple(found.values()), tuple(strange))


def _events(path: Path) -> list[Event]:
    """Return the events of a file, those that amend a series after all others."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _refused(path, f"at most {MOST_BYTES} bytes", "more")
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        events = [event for each in calendars for event in each.events]
    except Exception as error:  # noqa: BLE001 - the library may raise anything for a hostile file
        found = f"{type(error).__name__}: {error}"
        raise _refused(path, "a calendar (RFC 5545)", found) from None
    if not 0 < len(events) <= MOST_EVENTS:
        raise _refused(path, f"1 to {MOST_EVENTS} events (VEVENT)", str(len(events)))
    return sorted(events, key=lambda event: _AMENDS in event)


def _add(found: dict[str, Announcement], event: Event, reading: Reading) -> None:
    uid = _text(event, "UID")
    if _AMENDS in event:
        if uid in found:
            _amend(found, found[uid], event, reading)
        elif _subjects(event, reading):  # else its series is not ours either
            raise EventFaultError(f"{_AMENDS}: expected the series that it changes, found none")
    elif uid in found:
        raise EventFaultError("UID: expected one that no event before has, found it again")
    else:
        found[uid] = _checked(_announcement(uid, event, reading))


def _amend(
    found: dict[str, Announcement], series: Announcement, event: Event, reading: Reading
) -> None:
    """Leave one time of a series out, and put in its place what the event says."""
    amended = value_of(event, _AMENDS)
    if "RANGE" in amended.params:
        raise EventFaultError(f"{_AMENDS}: expected one time of the series, found a range")
    moved = local(amended, series.timing.zone)
    timing = replace(series.timing, but=tuple(sorted({*series.timing.but, moved})))
    found[series.uid] = _checked(replace(series, timing=timing))
    own = _announcement(f"{series.uid}{AMENDED}{moved:%Y%m%dT%H%M%S}", event, reading)
    found[own.uid] = _checked(replace(own, subjects=own.subjects or series.subjects))


def _announcement(uid: str, event: Event, reading: Reading) -> Announcement:
    is_cancelled = _text(event, "STATUS").upper() == "CANCELLED"
    return Announcement(
        uid=uid,
        effect=Effect.MAINTENANCE,
        subjects=_subjects(event, reading),
        timing=event_timing(event, reading.zone),
        announced_s=reading.now_s,
        note=_text(event, "SUMMARY"),
        sequence=int(event.get("SEQUENCE", 0)),
        cut_s=reading.now_s if is_cancelled else None,
    )


def _checked(announcement: Announcement) -> Announcement:
    fault = announcement_fault(announcement)
    if fault:
        raise EventFaultError(fault)
    return announcement


def _is_strange(event: Event, reading: Reading) -> bool:
    return _AMENDS not in event and not _subjects(event, reading)


def _subjects(event: Event, reading: Reading) -> tuple[str, ...]:
    """Return whom an event concerns: of LOCATION and CATEGORIES the first that names anything."""
    if reading.fixed:
        return reading.fixed
    for words in (_location(event), _categories(event)):
        named = (reading.known.get(word.strip().casefold()) for word in words)
        if subjects := tuple(dict.fromkeys(each for each in named if each is not None)):
            return subjects
    return ()


def _location(event: Event) -> list[str]:
    """Return the whole text, for names that hold a comma, and its parts."""
    whole = str(event.get("LOCATION", ""))
    return [whole, *whole.replace(";", ",").split(",")]


def _categories(event: Event) -> Iterator[str]:
    lists = event.get("CATEGORIES", ())
    for each in lists if isinstance(lists, list) else [lists]:
        yield from (str(word) for word in getattr(each, "cats", ()))


def _text(event: Event, key: str) -> str:
    """Return a text of an event in one printable line, empty where it has none."""
    value = event.get(key, "")
    if isinstance(value, list):
        raise EventFaultError(f"{key}: expected one, found {len(value)}")
    return printable(" ".join(str(value).split()))[:MOST_TEXT]


def _strange(path: Path, event: Event) -> Problem:
    expected = "a device, site or street of the inventory"
    location = brief(event.get("LOCATION", "none"))
    return Problem(str(path), _where(event), "LOCATION, CATEGORIES", expected, location)


def _fault(path: Path, event: Event, error: Exception) -> Problem:
    key, _, rest = str(error).partition(": expected ")
    if isinstance(error, EventFaultError):
        expected, _, found = rest.rpartition(", found ")
        if not expected:
            expected, found = rest, "another"
        return Problem(str(path), _where(event), key, expected, brief(found))
    found = brief(f"{type(error).__name__}: {error}")
    return Problem(str(path), _where(event), "event", "one of RFC 5545", found)


def _where(event: Event) -> str:
    return f"event {brief(event.get('UID', 'without UID'))}"


def _refused(path: Path, expected: str, found: str) -> ConfigError:
    return ConfigError([Problem(str(path), "", "file", expected, brief(found))])
