"""Opening hours become UTC windows: right on the two odd days, on holidays and over New Year."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmon.config.calendar import (
    ALWAYS_OPEN,
    Calendar,
    HoursRule,
    device_rule,
    hours_fault,
    load_calendar,
    open_on_holidays,
    service_hours,
    windows_of_year,
)
from netmon.domain.errors import ConfigError
from netmon.domain.intervals import Interval, union
from netmon.domain.model import Device, DeviceKind, Offer, Place, Power, Service
from tests.config.conftest import MECHELEN

BRUSSELS = ZoneInfo("Europe/Brussels")
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_S = 86_400


def local(text: str) -> int:
    """Return epoch seconds of a local time; an explicit offset says which of two."""
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=BRUSSELS)).timestamp())


def on(day: str, windows: Sequence[Interval]) -> list[tuple[str, str]]:
    """Return the windows that begin on a local day, as UTC times."""
    first = local(day)
    last = local(str(date.fromisoformat(day) + timedelta(days=1)))
    return [
        (f"{datetime.fromtimestamp(a, UTC):%H:%M:%S}", f"{datetime.fromtimestamp(b, UTC):%H:%M:%S}")
        for a, b in windows
        if first <= a < last
    ]


def seconds(windows: Sequence[Interval]) -> int:
    return sum(end - start for start, end in windows)


@pytest.mark.parametrize(
    ("day", "hours", "expected"),
    [
        ("2026-03-28", "09:00-17:00", [("08:00:00", "16:00:00")]),
        ("2026-03-29", "09:00-17:00", [("07:00:00", "15:00:00")]),
        ("2026-03-29", "01:00-04:00", [("00:00:00", "02:00:00")]),
        ("2026-10-24", "09:00-17:00", [("07:00:00", "15:00:00")]),
        ("2026-10-25", "09:00-17:00", [("08:00:00", "16:00:00")]),
        ("2026-10-25", "01:00-04:00", [("23:00:00", "03:00:00")]),
    ],
)
def test_windows_are_right_to_the_second_where_the_clock_is_put(
    mechelen: Calendar, day: str, hours: str, expected: list[tuple[str, str]]
) -> None:
    windows = windows_of_year(HoursRule(f"Mo-Su {hours}"), 2026, mechelen)
    assert on(day, windows) == expected


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_whole_day_has_as_many_hours_as_the_clock_gives_it(
    mechelen: Calendar, day: str, hours: int
) -> None:
    (window,) = windows_of_year(
        HoursRule(f"{date.fromisoformat(day):%Y %b %d} 00:00-24:00"), 2026, mechelen
    )
    assert window[1] - window[0] == hours * 3600


def test_public_holidays_are_closed_where_the_hours_say_so(mechelen: Calendar) -> None:
    closing = windows_of_year(HoursRule("Mo-Fr 09:00-12:00; PH off"), 2026, mechelen)
    open_all_year = windows_of_year(HoursRule("Mo-Fr 09:00-12:00"), 2026, mechelen)
    assert on("2026-11-11", closing) == []
    assert on("2026-11-11", open_all_year) == [("08:00:00", "11:00:00")]
    assert on("2026-11-12", closing) == [("08:00:00", "11:00:00")]


def test_the_bundled_holidays_of_the_city_are_those_that_close_it(mechelen: Calendar) -> None:
    for year in (2025, 2026, 2027, 2028):
        closing = windows_of_year(HoursRule("Mo-Su 09:00-12:00; PH off"), year, mechelen)
        closed = {day for day in mechelen.public if day.year == year and not on(str(day), closing)}
        named = {day for day in mechelen.public if day.year == year}
        assert {day for day in named - closed if day.weekday() != 6} == set()
        assert len(closed) >= 10


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("PH off; Mo-Fr 09:00-12:00", date(2026, 11, 11)),
        ("Mo-Fr 09:00-12:00; PH off; SH Mo-Fr 10:00-11:00", date(2026, 5, 14)),
        ("Mo-Fr 09:00-12:00; PH off", None),
        ("Mo-Fr 09:00-12:00; SH Mo-Fr 10:00-11:00; PH off", None),
        ("Mo-Fr 09:00-12:00", None),
        ("Mo-Fr 09:00-12:00; PH 10:00-12:00", None),
    ],
)
def test_an_order_that_cancels_the_holidays_is_found(
    mechelen: Calendar, hours: str, expected: date | None
) -> None:
    days = open_on_holidays(hours, mechelen)
    assert bool(days) == (expected is not None)
    assert expected is None or expected in days
    assert days == sorted(days)


def test_school_holidays_are_those_of_the_city(mechelen: Calendar) -> None:
    rule = HoursRule("Mo-Fr 09:00-12:00; SH Mo-Fr 10:00-11:00; PH off")
    windows = windows_of_year(rule, 2026, mechelen)
    assert on("2026-10-30", windows) == [("08:00:00", "11:00:00")]
    assert on("2026-11-02", windows) == [("09:00:00", "10:00:00")], "first day of the holiday"
    assert on("2026-11-06", windows) == [("09:00:00", "10:00:00")], "last weekday of it"
    assert on("2026-11-09", windows) == [("08:00:00", "11:00:00")]
    assert on("2026-11-11", windows) == []


def test_school_holidays_can_close(mechelen: Calendar) -> None:
    windows = windows_of_year(HoursRule("Mo-Fr 09:00-12:00; SH off"), 2026, mechelen)
    assert on("2026-07-01", windows) == []
    assert on("2026-08-31", windows) == []
    assert on("2026-09-01", windows) == [("07:00:00", "10:00:00")]


@pytest.mark.parametrize("selector", ["PH,SH", "SH,PH", "PH, SH", "SH , PH"])
def test_one_rule_may_speak_of_both_kinds_of_holidays(mechelen: Calendar, selector: str) -> None:
    windows = windows_of_year(HoursRule(f"Mo-Fr 09:00-12:00; {selector} off"), 2026, mechelen)
    assert on("2026-11-11", windows) == [], "a public holiday in term time"
    assert on("2026-11-03", windows) == [], "a day of the autumn holiday"
    assert on("2026-11-12", windows) == [("08:00:00", "11:00:00")]


@pytest.mark.parametrize("year", [2026, 2028])
def test_day_and_night_is_the_whole_year(mechelen: Calendar, year: int) -> None:
    windows = windows_of_year(HoursRule(ALWAYS_OPEN), year, mechelen)
    assert windows == [(local(f"{year}-01-01"), local(f"{year + 1}-01-01"))]


@pytest.mark.parametrize("hours", ["off", "Mo-Fr off", '"by appointment"', "unknown"])
def test_what_is_never_surely_open_has_no_windows(mechelen: Calendar, hours: str) -> None:
    if hours.startswith('"'):
        hours = f"Mo-Fr 09:00-12:00 unknown {hours}"
    assert windows_of_year(HoursRule(hours), 2026, mechelen) == []


@pytest.mark.parametrize(
    ("lead_s", "lag_s", "expected"),
    [
        (0, 0, [("08:00:00", "11:00:00")]),
        (900, 600, [("07:45:00", "11:10:00")]),
        (-900, -600, [("08:15:00", "10:50:00")]),
        (-5400, -5400, []),
        (-7200, -7200, []),
    ],
)
def test_lead_and_lag_move_the_edges_both_ways(
    mechelen: Calendar, lead_s: int, lag_s: int, expected: list[tuple[str, str]]
) -> None:
    rule = HoursRule("Mo-Fr 09:00-12:00", lead_s, lag_s)
    assert on("2026-11-25", windows_of_year(rule, 2026, mechelen)) == expected


@pytest.mark.parametrize(("lead_s", "lag_s"), [(0, 0), (600, 600), (-600, -600), (0, -600)])
@pytest.mark.parametrize(
    "hours", ["Mo-Su 22:00-02:00", "24/7", "Mo-Su 00:00-24:00", "Mo-Su 00:05-23:55"]
)
def test_years_put_together_know_nothing_of_new_year(
    mechelen: Calendar, hours: str, lead_s: int, lag_s: int
) -> None:
    """What is open on 31 December at midnight is open, as on any other night."""
    rule = HoursRule(hours, lead_s, lag_s)
    windows = union(pair for year in (2026, 2027) for pair in windows_of_year(rule, year, mechelen))
    new_year, other = local("2027-01-01"), local("2026-12-15")
    for at_s in range(-7200, 7200, 300):
        assert _is_open(windows, new_year + at_s) == _is_open(windows, other + at_s)


def _is_open(windows: Sequence[Interval], at_s: int) -> bool:
    return any(start <= at_s < end for start, end in windows)


def test_windows_of_a_year_stay_in_it(mechelen: Calendar) -> None:
    rule = HoursRule("Mo-Su 22:00-02:00", 3600, 3600)
    windows = windows_of_year(rule, 2026, mechelen)
    assert windows[0][0] == local("2026-01-01")
    assert windows[-1][1] == local("2027-01-01")


EDGES = st.integers(0, 24 * 12).filter(lambda tick: not 24 <= tick < 36)
"""Five minutes of the day, but for the hour that is shown twice in autumn and never in spring."""


@settings(max_examples=100, deadline=None)
@given(
    first=st.integers(0, 6),
    count=st.integers(1, 7),
    edges=st.lists(EDGES, min_size=2, max_size=4, unique=True),
    year=st.sampled_from([2026, 2028]),
)
def test_a_year_of_simple_hours_is_what_counting_gives(
    first: int, count: int, edges: list[int], year: int
) -> None:
    """A naive count over every five minutes of the year, by the local clock, agrees."""
    edges = sorted(edges)[: len(edges) // 2 * 2]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    days = [DAYS[(first + number) % 7] for number in range(count)]
    times = ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)
    rule = HoursRule(f"{','.join(days)} {times}")
    calendar = Calendar(BRUSSELS, "BE", frozenset(), ())
    assert seconds(windows_of_year(rule, year, calendar)) == _counted(days, spans, year)


def _clock(five_minutes: int) -> str:
    return f"{five_minutes // 12:02d}:{five_minutes % 12 * 5:02d}"


@cache
def _ticks(year: int) -> Counter[tuple[str, int]]:
    """Count, over a whole year, how often the local clock shows each five minutes of a weekday."""
    heres = (
        datetime.fromtimestamp(at_s, BRUSSELS)
        for at_s in range(local(f"{year}-01-01"), local(f"{year + 1}-01-01"), 300)
    )
    return Counter((DAYS[here.weekday()], here.hour * 12 + here.minute // 5) for here in heres)


def _counted(days: list[str], spans: list[tuple[int, int]], year: int) -> int:
    ticks = _ticks(year)
    return 300 * sum(ticks[day, tick] for day in days for a, b in spans for tick in range(a, b))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("00:00-02:30", ("22:00:00", "01:30:00")),
        ("02:30-04:00", ("01:30:00", "03:00:00")),
    ],
)
def test_an_edge_that_the_clock_shows_twice_is_its_second_showing(
    mechelen: Calendar, hours: str, expected: tuple[str, str]
) -> None:
    windows = windows_of_year(HoursRule(f"Mo-Su {hours}"), 2026, mechelen)
    assert on("2026-10-25", windows) == [expected]


def test_every_bundled_rule_parses_and_opens_some_time(mechelen: Calendar) -> None:
    document = json.loads((MECHELEN / "demo" / "sites.geojson").read_text(encoding="utf-8"))
    rules = set()
    for feature in document["features"]:
        rules.add(feature["properties"]["opening_hours"])
        rules |= {offer["opening_hours"] for offer in feature["properties"]["offers"]}
    rules.discard(None)
    assert len(rules) > 5
    for text in rules:
        assert hours_fault(text) is None, text
        assert open_on_holidays(text, mechelen) == [], text
        assert seconds(windows_of_year(HoursRule(text), 2026, mechelen)) > 100 * 3600, text


@given(st.text(alphabet='MoTuSHPHoff0129:-;, []+/"()\x00é', max_size=30))
@settings(max_examples=300, deadline=None)
def test_whatever_stands_for_hours_is_refused_or_worked_out(text: str) -> None:
    if hours_fault(text) is None:
        calendar = Calendar(BRUSSELS, "BE", frozenset(), ((date(2026, 7, 1), date(2026, 8, 31)),))
        windows = windows_of_year(HoursRule(text), 2026, calendar)
        assert windows == union(windows)


# --- whose hours -------------------------------------------------------------------------

PLACE = Place(
    "bib",
    "Bibliotheek",
    is_street=False,
    lon=None,
    lat=None,
    opening_hours="Mo-Fr 08:00-20:00",
    lead_s=600,
    lag_s=-300,
    offers=(Offer(Service.GUIDED, "Tu 13:30-16:30"), Offer(Service.COMPUTER, "Mo-Fr 09:00-17:00")),
)
PC = Device("pc-1", DeviceKind.PUBLIC_PC, "PC", "bib", "192.0.2.1", power=Power.WITH_SITE)


def test_a_computer_follows_the_hours_of_computers_before_those_of_help() -> None:
    assert device_rule(PC, PLACE) == HoursRule("Mo-Fr 09:00-17:00", 600, -300)


def test_a_computer_follows_the_place_where_no_service_has_hours() -> None:
    place = replace(PLACE, offers=(Offer(Service.COMPUTER),))
    assert device_rule(PC, place) == HoursRule("Mo-Fr 08:00-20:00", 600, -300)
    assert service_hours(place, [Service.COMPUTER]) == "Mo-Fr 08:00-20:00"


def test_hours_that_nobody_published_are_no_hours() -> None:
    assert device_rule(PC, replace(PLACE, offers=(), opening_hours=None)) is None


def test_power_decides_before_hours_do() -> None:
    assert device_rule(replace(PC, power=Power.ALWAYS_ON), PLACE) == HoursRule(ALWAYS_OPEN)
    assert device_rule(replace(PC, power=Power.ON_DEMAND), PLACE) is None


def test_windows_are_kept_under_a_name_that_changes_with_all_that_makes_them(
    mechelen: Calendar,
) -> None:
    rule = HoursRule("Mo-Fr 09:00-12:00")
    others = [
        replace(rule, lead_s=1).key(mechelen),
        replace(rule, lag_s=1).key(mechelen),
        HoursRule("Mo-Fr 09:00-12:01").key(mechelen),
        rule.key(replace(mechelen, school=mechelen.school[1:])),
        rule.key(replace(mechelen, country="NL")),
        rule.key(replace(mechelen, timezone=ZoneInfo("Europe/London"))),
    ]
    assert len({rule.key(mechelen), *others}) == len(others) + 1


# --- the calendar's own file -------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "public = []",
        "public = [{ date = 'tomorrow' }]\nschool = []",
        "public = [{ day = 2026-01-01 }]\nschool = []",
        "public = []\nschool = [{ from = 2026-01-01 }]",
        "public = [1]\nschool = []",
        "public = {",
    ],
)
def test_wrong_holidays_are_told_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_calendar(path, timezone="Europe/Brussels", country="BE")
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{path}: holidays: expected holidays as public: [{{date}}]")
    assert str(problem).isprintable()


def test_holidays_may_be_written_as_dates_or_as_text(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text(
        "public = [{ date = 2026-11-11 }, { date = '2026-12-25' }]\n"
        "school = [{ from = 2026-11-02, to = '2026-11-08' }]\n",
        encoding="utf-8",
    )
    calendar = load_calendar(path, timezone="Europe/Brussels", country="BE")
    assert calendar.public == {date(2026, 11, 11), date(2026, 12, 25)}
    assert calendar.school == ((date(2026, 11, 2), date(2026, 11, 8)),)
