"""Announced times become windows: right to the second on odd days, bounded for any rule."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmon.config.calendar import Calendar, HoursRule, windows_of_year
from netmon.config.recurrence import (
    MOST_TIMES,
    announcement_fault,
    occurrences,
    rule_fault,
    timing_fault,
)
from netmon.domain.maintenance import Announcement, Effect, Timing

BRUSSELS = "Europe/Brussels"
ZONE = ZoneInfo(BRUSSELS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc_s(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def said(start: str, *, hours: float = 2, rule: str = "", **more: object) -> Timing:
    timing = Timing(at(start), BRUSSELS, wall_s=int(hours * 3600), rule=rule)
    return replace(timing, **more)  # type: ignore[arg-type]  # names of fields


def told(timing: Timing, until: str = "2027-01-01") -> list[str]:
    """Return the times up to an instant, as UTC."""
    return [
        f"{datetime.fromtimestamp(start, UTC):%m-%d %H:%M}/{(end - start) / 3600:g} h"
        for start, end in occurrences(timing, utc_s(until))
    ]


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        (said("2026-11-26T08:00"), ["11-26 07:00/2 h"]),
        (said("2026-03-28T22:00", hours=8), ["03-28 21:00/7 h"]),
        (said("2026-10-24T22:00", hours=8), ["10-24 20:00/9 h"]),
        (said("2026-10-24T22:00", hours=0, exact_s=8 * 3600), ["10-24 20:00/8 h"]),
        (said("2026-03-29T00:00", hours=24), ["03-28 23:00/23 h"]),
        (said("2026-10-25T00:00", hours=24), ["10-24 22:00/25 h"]),
        (said("2026-10-25T02:30", hours=1), ["10-25 00:30/2 h"]),
        (
            said("2026-10-24T02:30", rule="FREQ=DAILY;COUNT=3"),
            ["10-24 00:30/2 h", "10-25 00:30/3 h", "10-26 01:30/2 h"],
        ),
    ],
)
def test_times_are_right_to_the_second_where_the_clock_is_put(
    timing: Timing, expected: list[str]
) -> None:
    assert told(timing) == expected


def test_a_start_that_the_clock_skips_is_no_time_of_a_rule_and_is_not_counted() -> None:
    """RFC 5545, 3.3.10: such instances are ignored, and no part of the recurrence set."""
    timing = said("2026-03-28T02:30", hours=1, rule="FREQ=DAILY;COUNT=3")
    assert told(timing) == ["03-28 01:30/1 h", "03-30 00:30/1 h", "03-31 00:30/1 h"]


def test_dates_are_added_and_left_out() -> None:
    timing = said(
        "2026-11-26T08:00",
        rule="FREQ=WEEKLY;UNTIL=20261217",
        also=(at("2026-11-27T08:00"), at("2026-11-26T08:00")),
        but=(at("2026-12-03T08:00"), at("2026-11-26T09:00")),
    )
    days = ["11-26", "11-27", "12-10", "12-17"]
    assert told(timing) == [f"{day} 07:00/2 h" for day in days]


@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("20261203", 2),
        ("20261203T080000", 2),
        ("20261203T075959", 1),
        ("20261203T070000Z", 2),
        ("20261203T065959Z", 1),
        ("20261126", 1),
    ],
)
def test_the_last_time_of_a_rule_belongs_to_it(until: str, count: int) -> None:
    timing = said("2026-11-26T08:00", rule=f"FREQ=WEEKLY;UNTIL={until}")
    assert timing_fault(timing) is None
    assert len(told(timing)) == count


def test_what_is_said_outright_is_told_however_far_ahead() -> None:
    assert len(told(said("2099-11-26T08:00"), until="2000-01-01")) == 1
    weekly = said("2026-11-26T08:00", rule="FREQ=WEEKLY")
    assert told(weekly, until="2026-12-10T07:00") == ["11-26 07:00/2 h", "12-03 07:00/2 h"]


DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@settings(max_examples=40, deadline=None)
@given(
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    start_min=st.integers(0, 1380),
    length_min=st.integers(1, 600),
)
def test_a_weekly_time_is_that_of_opening_hours_which_say_the_same(
    mechelen: Calendar, day: date, start_min: int, length_min: int
) -> None:
    """Another library and another way: both speak of the clock on the wall."""
    length_min = min(length_min, 1439 - start_min)
    if 120 <= start_min < 180 or 120 <= start_min + length_min < 180:
        return  # what a clock that is put makes of these, each says in its own way
    start = datetime(day.year, day.month, day.day) + timedelta(minutes=start_min)  # noqa: DTZ001 - by the clock on the wall
    timing = Timing(start, BRUSSELS, wall_s=length_min * 60, rule="FREQ=WEEKLY")
    clock = [f"{each // 60:02d}:{each % 60:02d}" for each in (start_min, start_min + length_min)]
    rule = HoursRule(f"{DAYS[day.weekday()]} {clock[0]}-{clock[1]}")
    year_end_s = int(datetime(2027, 1, 1, tzinfo=ZONE).timestamp())
    begin_s = int(start.replace(tzinfo=ZONE).timestamp())
    expected = [pair for pair in windows_of_year(rule, 2026, mechelen) if pair[0] >= begin_s]
    assert occurrences(timing, year_end_s) == expected


@given(
    start=st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)),  # noqa: DTZ001 - hypothesis wants naive bounds
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.integers(1, 20),
    count=st.integers(1, 40),
    wall_s=st.integers(1, 3 * 86_400),
)
def test_times_ascend_and_each_has_its_length_by_the_clock(
    start: datetime, frequency: str, interval: int, count: int, wall_s: int
) -> None:
    start = start.replace(microsecond=0)
    rule = f"FREQ={frequency};INTERVAL={interval};COUNT={count}"
    timing = Timing(start, BRUSSELS, wall_s=wall_s, rule=rule)
    assert timing_fault(timing) is None
    found = occurrences(timing, 2**33)
    assert 0 < len(found) <= count
    assert found == sorted(found)
    for begin, end in found:
        first, last = (datetime.fromtimestamp(each, ZONE) for each in (begin, end))
        assert first.time() == start.time() or first.date() == start.date()
        assert abs((last - first).total_seconds() - wall_s) <= 3600, "aware: the clock's difference"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=HOURLY", "FREQ: expected DAILY or WEEKLY or MONTHLY or YEARLY"),
        ("FREQ=SECONDLY;COUNT=2", "FREQ: expected DAILY"),
        ("WEEKLY", "expected parts of RFC 5545"),
        ("", "expected parts"),
        ("INTERVAL=2", "expected FREQ"),
        ("FREQ=DAILY;FREQ=WEEKLY", "each part once"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "not both COUNT and UNTIL"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL: expected a value"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL: expected a value"),
        ("FREQ=DAILY;UNTIL=20269999", "expected one of RFC 5545"),
        ("FREQ=DAILY;BYMONTH=13", "own start"),
        ("FREQ=DAILY;BYEASTER=1", "expected parts of RFC 5545"),
        ("FREQ=DAILY\nDTSTART:20260101", "FREQ: expected DAILY"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY: expected a value"),
        ("FREQ=WEEKLY;BYDAY=MO", "own start"),
        (
            "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(8, 13))) + ";BYMINUTE=0,5,10,15,20",
            "at most 24 a day, found 25",
        ),
        ("FREQ=DAILY;BYMONTHDAY=" + "1," * 200, "at most 300 characters"),
        ("FREQ=DAILY;BYMONTH=\u0661", "BYMONTH: expected a value"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_in_words(rule: str, words: str) -> None:
    fault = rule_fault(rule, at("2026-11-26T08:00"))
    assert fault is not None and words in fault and fault.isprintable()


@pytest.mark.parametrize("frequency", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
def test_a_rule_that_never_comes_true_is_found_out_soon(frequency: str) -> None:
    """Followed to the year 9999, the daily one takes nine seconds."""
    began_s = time.process_time()
    rule = f"FREQ={frequency};BYMONTH=2;BYMONTHDAY=30"
    assert rule_fault(rule, at("2026-11-26T08:00")) is not None
    assert time.process_time() - began_s < 3


def test_a_rule_is_followed_only_so_far() -> None:
    hours = ",".join(map(str, range(24)))
    dense = said("2000-01-01T00:00", hours=0.5, rule=f"FREQ=DAILY;BYHOUR={hours}")
    assert timing_fault(dense) is None
    assert len(occurrences(dense, utc_s("2099-01-01"))) == MOST_TIMES


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"zone": "Mars/Olympus"}, "zone: expected a time zone"),
        ({"zone": "../../etc/passwd"}, "zone: expected a time zone"),
        ({"zone": ""}, "zone: expected a time zone"),
        ({"start": at("1999-12-31T00:00")}, "time: expected one from 2000 to 2100"),
        ({"start": at("2026-01-01T00:00+01:00")}, "time: expected one"),
        ({"also": (at("2101-01-01T00:00"),)}, "time: expected one"),
        ({"but": tuple(at("2026-01-01") + timedelta(days=n) for n in range(1001))}, "at most 1000"),
        ({"wall_s": 0}, "end: expected one after the start"),
        ({"wall_s": -3600, "exact_s": 7200}, "end: expected one after"),
        ({"wall_s": 401 * 86_400}, "by 400 days at most"),
    ],
)
def test_times_that_cannot_be_are_refused_in_words(change: dict[str, object], words: str) -> None:
    fault = timing_fault(replace(said("2026-11-26T08:00"), **change))  # type: ignore[arg-type]  # names of fields
    assert fault is not None and words in fault and fault.isprintable()


@pytest.mark.parametrize(
    "change",
    [
        {"uid": ""},
        {"uid": "x" * 501},
        {"note": "x" * 501},
        {"note": "a\x1bb"},
        {"uid": "a\u202eb"},
        {"subjects": ()},
        {"subjects": ("a",) * 501},
        {"subjects": ("a" * 501,)},
        {"subjects": ("",)},
        {"announced_s": 2**60},
        {"announced_s": -1},
        {"sequence": 2**70},
        {"cut_s": -1},
    ],
)
def test_what_others_left_is_bounded(change: dict[str, object]) -> None:
    good = Announcement("uid", Effect.CLOSED, ("bib",), said("2026-11-26T08:00"), 0)
    assert announcement_fault(good) is None
    assert announcement_fault(replace(good, **change)) is not None  # type: ignore[arg-type]  # names of fields
