"""Calendars of others: each event is one announcement, and nothing in a file does harm."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netmon.config.ical import MOST_BYTES, MOST_EVENTS, Imported, Reading, read_ical
from netmon.config.recurrence import announcement_fault, occurrences
from netmon.domain.errors import ConfigError
from netmon.domain.maintenance import Announcement

READING = Reading(
    known={"bruul": "bruul", "sw-1": "sw-1", "het predikheren, zaal 2": "predikheren"},
    fixed=(),
    zone="Europe/Brussels",
    now_s=1000,
)
THURSDAY = (
    "DTSTART;TZID=Europe/Brussels:20261126T080000\nDTEND;TZID=Europe/Brussels:20261126T100000"
)
WINDOWS_ZONE = """\
BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""

Read = Callable[..., Imported]


def event(lines: str = THURSDAY, uid: str = "a", location: str = "bruul") -> str:
    head = f"BEGIN:VEVENT\nUID:{uid}\nLOCATION:{location}\n"
    return f"{head}{lines}\nEND:VEVENT\n"


def calendar(*parts: str) -> bytes:
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a test//\n" + "".join(parts) + "END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a calendar of these parts."""

    def reading(*parts: str, **changes: object) -> Imported:
        path = tmp_path / "works.ics"
        path.write_bytes(calendar(*parts))
        return read_ical(path, replace(READING, **changes))  # type: ignore[arg-type]  # names of fields

    return reading


def only(found: Imported) -> Announcement:
    assert not found.strange
    (announcement,) = found.announcements
    return announcement


def told(announcement: Announcement) -> list[str]:
    until_s = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
    return [
        f"{datetime.fromtimestamp(start, UTC):%m-%d %H:%M}/{(end - start) / 3600:g} h"
        for start, end in occurrences(announcement.timing, until_s)
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(THURSDAY, ["11-26 07:00/2 h"], id="a zone by its IANA name"),
        pytest.param(
            "DTSTART:20261126T080000Z\nDTEND:20261126T100000Z", ["11-26 08:00/2 h"], id="UTC"
        ),
        pytest.param(
            "DTSTART:20261126T080000\nDURATION:PT90M", ["11-26 07:00/1.5 h"], id="floating"
        ),
        pytest.param("DTSTART;VALUE=DATE:20261025", ["10-24 22:00/25 h"], id="a day of 25 hours"),
        pytest.param(
            "DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330",
            ["03-27 23:00/47 h"],
            id="two days",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Brussels:20261024T220000\nDURATION:P1D",
            ["10-24 20:00/25 h"],
            id="a day is a day by the clock",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Brussels:20261024T220000\nDTEND;TZID=Europe/Brussels:20261025T060000\n"
            "RRULE:FREQ=DAILY;COUNT=2",
            ["10-24 20:00/9 h", "10-25 21:00/9 h"],
            id="with an end all times of a series last equally long",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Brussels:20261022T080000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=TH;"
            "UNTIL=20261105T070000Z",
            ["10-22 06:00/1 h", "10-29 07:00/1 h", "11-05 07:00/1 h"],
            id="a series keeps the time on the wall",
        ),
        pytest.param(
            THURSDAY + "\nRRULE:FREQ=DAILY;COUNT=5\nEXDATE;TZID=Europe/Brussels:20261127T080000,"
            "20261128T080000\nEXDATE:20261129T070000Z\nRDATE;TZID=Europe/London:20261210T070000",
            ["11-26 07:00/2 h", "11-30 07:00/2 h", "12-10 07:00/2 h"],
            id="dates left out and added, in any zone",
        ),
        pytest.param(
            "DTSTART;TZID=America/New_York:20261126T080000\nDTEND;TZID=Europe/Brussels:20261126T150000",
            ["11-26 13:00/1 h"],
            id="an end may be in another zone",
        ),
    ],
)
def test_an_event_holds_when_its_calendar_says(read: Read, lines: str, expected: list[str]) -> None:
    assert told(only(read(event(lines)))) == expected


def test_a_zone_of_windows_is_known_by_its_name(read: Read) -> None:
    zone = "W. Europe Standard Time"
    lines = THURSDAY.replace("Europe/Brussels", zone)
    assert told(only(read(WINDOWS_ZONE.format(name=zone), event(lines)))) == ["11-26 07:00/2 h"]
    assert told(only(read(event(lines)))) == ["11-26 07:00/2 h"]


@pytest.mark.parametrize(
    ("location", "more", "expected"),
    [
        ("bruul", "", ("bruul",)),
        (" SW-1 ", "", ("sw-1",)),
        ("bruul\\, sw-1; bruul", "", ("bruul", "sw-1")),
        ("Het Predikheren\\, zaal 2", "", ("predikheren",)),
        ("room 5", "CATEGORIES:Network,Bruul", ("bruul",)),
        ("sw-1", "CATEGORIES:bruul", ("sw-1",)),
    ],
)
def test_place_or_category_names_the_subject(
    read: Read, location: str, more: str, expected: tuple[str, ...]
) -> None:
    assert only(read(event(f"{THURSDAY}\n{more}", location=location))).subjects == expected


def test_what_concerns_nobody_known_is_told_and_left_out(read: Read) -> None:
    found = read(event(uid="lunch", location="canteen"), event())
    assert [each.uid for each in found.announcements] == ["a"]
    (strange,) = found.strange
    assert "event lunch: LOCATION, CATEGORIES: expected a device, site or street" in str(strange)
    assert only(read(event(location="canteen"), fixed=("sw-1",))).subjects == ("sw-1",)


def test_one_time_of_a_series_may_be_moved_or_cancelled(read: Read) -> None:
    series = event(f"{THURSDAY}\nRRULE:FREQ=WEEKLY;COUNT=4")
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Brussels:20261203T080000\n"
        "DTSTART;TZID=Europe/Brussels:20261204T090000\nDURATION:PT1H",
        location="",
    )
    dropped = event(f"RECURRENCE-ID:20261210T070000Z\nSTATUS:CANCELLED\n{THURSDAY}")
    whole, other, gone = read(moved, series, dropped).announcements
    assert told(whole) == ["11-26 07:00/2 h", "12-17 07:00/2 h"]
    assert (other.uid, other.subjects, told(other)) == (
        "a#20261203T080000", ("bruul",), ["12-04 08:00/1 h"],
    )  # fmt: skip
    assert gone.cut_s == READING.now_s


def test_what_a_calendar_says_of_an_event_is_kept(read: Read) -> None:
    more = "SUMMARY:New\\n  fibre \u202e <b>\nSEQUENCE:3\nSTATUS:CANCELLED"
    found = only(read(event(f"{THURSDAY}\n{more}", uid="x@example")))
    assert (found.uid, found.sequence, found.cut_s, found.announced_s) == (
        "x@example",
        3,
        1000,
        1000,
    )
    assert found.note.isprintable() and found.note.startswith("New fibre")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("", "DTSTART: expected a date or a time, found none"),
        ("DTSTART:20261126T080000", "DTEND: expected DTEND or DURATION, found neither"),
        (
            "DTSTART:20261126T080000\nDTEND;VALUE=DATE:20261127",
            "DTEND: expected a date or a time as",
        ),
        ("DTSTART:20261126T080000\nDTEND:20261126T080000", "end: expected one after the start"),
        ("DTSTART:20261126T100000\nDTEND:20261126T080000", "end: expected one after the start"),
        ("DTSTART:19001126T080000\nDURATION:PT1H", "time: expected one from 2000 to 2100"),
        ("DTSTART:20261399\nDURATION:PT1H", "event: expected one of RFC 5545"),
        ("DTSTART;TZID=Mars:20261126T080000\nDURATION:PT1H", "TZID: expected a zone such as"),
        ("DTSTART;TZID=../../etc/passwd:20261126T080000\nDURATION:PT1H", "TZID: expected a zone"),
        (f"{THURSDAY}\nRRULE:FREQ=SECONDLY", "rule: FREQ: expected DAILY"),
        (f"{THURSDAY}\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "that gives its own start"),
        (f"{THURSDAY}\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", "RRULE: expected one rule at most"),
        (f"{THURSDAY}\nEXRULE:FREQ=DAILY", "no EXRULE"),
        (f"{THURSDAY}\nRDATE;VALUE=PERIOD:20261227T080000Z/PT2H", "expected dates or times"),
        (f"{THURSDAY}\nSEQUENCE:many", "event: expected one of RFC 5545"),
        (f"{THURSDAY}\nUID:b", "UID: expected one, found 2"),
        (f"{THURSDAY}\nRECURRENCE-ID:20261126T070000Z", "expected the series that it changes"),
    ],
)
def test_an_event_that_cannot_be_used_is_told_with_its_name(
    read: Read, lines: str, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(event(lines), event(uid="fine"))
    (line,) = str(caught.value).splitlines()
    assert words in line and line.isprintable()
    assert "works.ics:event " in line


def test_a_whole_series_moved_from_one_time_on_is_refused(read: Read) -> None:
    series = event(f"{THURSDAY}\nRRULE:FREQ=WEEKLY")
    later = event(f"RECURRENCE-ID;RANGE=THISANDFUTURE:20261203T070000Z\n{THURSDAY}")
    with pytest.raises(ConfigError, match="expected one time of the series, found a range"):
        read(series, later)


def test_the_same_name_twice_is_refused(read: Read) -> None:
    with pytest.raises(ConfigError, match="expected one that no event before has"):
        read(event(), event())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "expected"),
        (b"no calendar", "expected"),
        (b"\x00\xff" * 1000, "expected"),
        (calendar(), f"1 to {MOST_EVENTS} events"),
        (calendar(*[event()] * (MOST_EVENTS + 1)), f"found {MOST_EVENTS + 1}"),
        (b"BEGIN:VCALENDAR\r\n" + b"X-A:" + b"x" * MOST_BYTES, f"at most {MOST_BYTES} bytes"),
        (b"BEGIN:VCALENDAR\r\n" * 5000, "expected"),
        (b"BEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "expected"),
    ],
    ids=["empty", "words", "bytes", "no events", "many", "long", "deep", "crossed"],
)
def test_a_file_that_is_no_calendar_is_one_clear_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "hostile.ics"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_ical(path, READING)
    (line,) = str(caught.value).splitlines()
    assert words in line and line.isprintable()


GOOD = calendar(
    WINDOWS_ZONE.format(name="W. Europe Standard Time"),
    event(f"{THURSDAY}\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE:20261203T070000Z"),
    event("DTSTART;VALUE=DATE:20261126\nDURATION:P1D", uid="b"),
)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    at=st.integers(0, len(GOOD) - 1),
    drop=st.integers(0, 12),
    put=st.binary(max_size=8)
    | st.sampled_from([b"\r\n", b";", b":", b"TZID=", b"VALUE=DATE", b"9" * 8]),
)
def test_a_spoilt_calendar_is_read_or_refused(
    tmp_path: Path, at: int, drop: int, put: bytes
) -> None:
    """Whatever comes out of it can be kept: nothing else ever leaves this room."""
    path = tmp_path / "spoilt.ics"
    path.write_bytes(GOOD[:at] + put + GOOD[at + drop :])
    try:
        found = read_ical(path, READING)
    except ConfigError as error:
        told = list(map(str, error.problems))
        found = Imported((), ())
    else:
        told = list(map(str, found.strange))
    assert all(line.isprintable() for line in told)
    assert all(announcement_fault(each) is None for each in found.announcements)
    assert len({each.uid for each in found.announcements}) == len(found.announcements)
