"""Time as the people of a city read it, wherever the city lies."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.web.conftest import MECHELEN, NOW, Record, spot
from web.app import create_app
from web.layers import CityLayers
from web.localtime import LocalTime

LOCAL = LocalTime(MECHELEN)
LISBON = ZoneInfo("Europe/Lisbon")

instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


def test_local_time_follows_the_change_of_the_clock():
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert LOCAL.clock_time(before) == "2.30"
    assert LOCAL.clock_time(before + timedelta(hours=1)) == "2.30"
    assert LOCAL.clock_time(before + timedelta(hours=2)) == "3.30"


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(0), "10.42"),
        (timedelta(days=-1), "gisteren 10.42"),
        (timedelta(days=1), "morgen 10.42"),
        (timedelta(days=3), "zaterdag 10.42"),
        (timedelta(days=-9), "16 november 10.42"),
    ],
)
def test_tables_write_an_instant_briefly(later: timedelta, said: str):
    assert LOCAL.brief(NOW + later, NOW) == said


def test_today_is_the_day_of_the_city_and_not_of_utc():
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert LOCAL.moment(late, late - timedelta(hours=1)) == "morgen om 0.30 uur"
    assert LocalTime(LISBON).moment(late, late - timedelta(hours=1)) == "om 23.30 uur"


@given(instants, st.sampled_from([MECHELEN, LISBON]))
def test_the_exact_time_names_one_instant_but_in_the_hour_that_repeats(
    at: datetime, zone: ZoneInfo
):
    said = LocalTime(zone).exact(at)
    read = datetime.strptime(said, "%d.%m.%Y %H:%M:%S").replace(tzinfo=zone)
    meant = {read.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    assert at.replace(microsecond=0) in meant


def test_the_page_of_another_city_speaks_its_time(record: Record, city: CityLayers):
    app = create_app(
        record, city, clock=record.clock, timezone=LISBON, is_demo=False, bind_host="127.0.0.1"
    )
    with app.test_client() as client:
        text = client.get("/").text
    assert "Open tot 11.00 uur" in text
    assert 'data-zone="Europe/Lisbon"' in text


def test_the_page_of_mechelen_speaks_the_time_of_mechelen(client: FlaskClient, record: Record):
    record.tell(spots=(spot(),))
    assert "Open tot 12.00 uur" in client.get("/").text
