"""An ordinary week is a whole local week without anything special, soon."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from netmon.analysis.ordinary_week import ordinary_week, with_seats
from netmon.domain.intervals import instant
from netmon.domain.model import Device, DeviceKind, Inventory, Offer, Place, Service
from tests.analysis.town import LOCAL, calendar

CALENDAR = calendar()
KNOWN = st.timedeltas(timedelta(), timedelta(days=500))
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SITE = Place("bib", "Bib", is_street=False, lon=4.48, lat=51.03)


def computer(key: str) -> Device:
    return Device(key, DeviceKind.PUBLIC_PC, key, "bib", "192.0.2.1")


@given(KNOWN)
def test_it_is_the_first_week_after_now_with_no_holiday_and_168_hours(since: timedelta) -> None:
    now = FIRST + since
    start, end = (instant(each).astimezone(LOCAL) for each in ordinary_week(now, CALENDAR))
    assert (start.weekday(), start.hour, end - start) == (0, 0, timedelta(days=7))
    assert start > now
    assert start.utcoffset() == end.utcoffset()
    days = {start.date() + timedelta(days=each) for each in range(7)}
    assert not days & CALENDAR.public
    assert not any(first <= day <= last for day in days for first, last in CALENDAR.school)
    assert ordinary_week(start.astimezone(UTC) - timedelta(hours=1), CALENDAR) == (
        int(start.timestamp()),
        int(end.timestamp()),
    ), "it is its own answer until it begins"


def test_a_site_has_the_seats_that_it_says_else_those_of_its_computers() -> None:
    town = Inventory((), (computer("pc-1"), computer("pc-2")))
    (shown,) = with_seats([SITE], town)
    assert [(each.service, each.seats) for each in shown.offers] == [(Service.COMPUTER, 2)]
    said = replace(SITE, offers=(Offer(Service.COMPUTER, seats=5),))
    assert with_seats([said], town) == [said]
    assert with_seats([SITE], Inventory((), ())) == [SITE]
