"""The holidays of the bundled city follow from the rules by which they are set."""

import tomllib
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from opening_hours import OpeningHours

YEARS = range(2025, 2029)
DAY = timedelta(days=1)
BRUSSELS = ZoneInfo("Europe/Brussels")
FIXED = [(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)]


def easter(year: int) -> date:
    """Easter Sunday by Gauss's rule as corrected for the Gregorian calendar, 1900 to 2099."""
    d = (19 * (year % 19) + 24) % 30
    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7
    day = 22 + d + e
    if day == 57 or (day == 56 and year % 19 > 10):
        day -= 7
    return date(year, 3, 1) + (day - 1) * DAY


def monday_of(day: date) -> date:
    """Return the Monday of the week that holds a day."""
    return day - day.weekday() * DAY


def week_of(day: date, moves_from: int) -> date:
    """Return the Monday of a day's week; from weekday `moves_from` on (0 Monday), the next one."""
    return monday_of(day) + (7 * DAY if day.weekday() >= moves_from else 0 * DAY)


@pytest.fixture(scope="module")
def holidays(city) -> dict:
    with city.holidays.open("rb") as file:
        return tomllib.load(file)


def test_public_holidays_are_the_fixed_days_and_those_counted_from_easter(holidays):
    expected = {date(year, month, day) for year in YEARS for month, day in FIXED}
    expected |= {easter(year) + n * DAY for year in YEARS for n in (0, 1, 39, 49, 50)}
    written = [row["date"] for row in holidays["public"]]
    assert written == sorted(expected)
    assert all(row["name"] for row in holidays["public"])


def test_a_place_closed_on_public_holidays_is_closed_on_each_of_them(holidays):
    always = OpeningHours("24/7; PH off", country="BE")
    # Easter Sunday and Pentecost are no legal holidays of their own; every place may still close.
    legal = [
        row["date"] for row in holidays["public"] if row["name"] not in {"Pasen", "Pinksteren"}
    ]
    assert len(legal) == 10 * len(YEARS)
    for day in legal:
        assert always.is_closed(datetime(day.year, day.month, day.day, 10, tzinfo=BRUSSELS)), day


def easter_holiday(year: int) -> date:
    sunday = easter(year)
    if sunday.month == 3:
        return sunday + DAY
    if sunday > date(year, 4, 15):
        return sunday - 13 * DAY
    return next(date(year, 4, day) for day in range(1, 8) if date(year, 4, day).weekday() == 0)


def school(year: int) -> list[tuple[str, date, date]]:
    """The Flemish rule of 17 April 1991, for the holidays that begin in one year."""
    autumn, christmas = week_of(date(year, 11, 1), 6), week_of(date(year, 12, 25), 5)
    carnival, spring = monday_of(easter(year) - 47 * DAY), easter_holiday(year)
    ascension = easter(year) + 39 * DAY
    return [
        ("Krokusvakantie", carnival, carnival + 6 * DAY),
        ("Paasvakantie", spring, spring + 13 * DAY),
        ("Hemelvaartvakantie", ascension, ascension + DAY),
        ("Zomervakantie", date(year, 7, 1), date(year, 8, 31)),
        ("Herfstvakantie", autumn, autumn + 6 * DAY),
        ("Kerstvakantie", christmas, christmas + 13 * DAY),
    ]


def test_school_holidays_follow_the_flemish_rule(holidays):
    written = [(row["name"], row["from"], row["to"]) for row in holidays["school"]]
    assert written[0] == ("Kerstvakantie", date(2024, 12, 23), date(2025, 1, 5))
    expected = [row for year in YEARS for row in school(year)]
    assert sorted(written[1:], key=lambda r: r[1]) == sorted(expected, key=lambda r: r[1])


def test_school_holidays_do_not_overlap_and_are_in_order(holidays):
    rows = holidays["school"]
    assert all(row["from"] <= row["to"] for row in rows)
    assert all(a["to"] < b["from"] for a, b in pairwise(rows))


def test_the_sources_are_named(holidays):
    assert all(holidays["source"][key] for key in ("public", "school", "licence", "vintage"))
