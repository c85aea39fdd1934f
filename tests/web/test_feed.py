"""The public feed says what it may, the same way each time, and nothing more."""

import json
from datetime import UTC, datetime, timedelta
from unicodedata import category

import geopandas as gpd
import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from shapely.geometry import LineString

from netmon.analysis.feed import PROPERTIES, spots_geojson
from netmon.analysis.rows import SpotRow
from netmon.domain.model import Service, Status
from netmon.words.clean import TEXT_LIMIT, clean
from tests.web.conftest import NOW, Record, device, spot

ADDRESS = "/api/v1/spots.geojson"
STREETS = gpd.GeoDataFrame(
    {"id": ["bruul"]},
    geometry=[LineString([(4.48, 51.02), (4.4812345678, 51.03)])],
    crs="EPSG:4326",
)

instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
rows = st.builds(
    SpotRow,
    id=st.text(),
    name=st.text(),
    is_street=st.booleans(),
    services=st.lists(st.sampled_from(Service), max_size=3).map(tuple),
    status=st.sampled_from(Status),
    since=st.none() | instants,
    seen_at=st.none() | instants,
    working=st.integers(0, 9),
    total=st.integers(0, 9),
    open_now=st.none() | st.booleans(),
    changes_at=st.none() | instants,
    opening_hours=st.none() | st.text(),
    address=st.none() | st.text(),
    neighbourhood=st.none() | st.text(),
    lon=st.none() | st.floats(-180, 180),
    lat=st.none() | st.floats(-90, 90),
    precision_m=st.none() | st.floats(0, 5000),
    source=st.text(),
    licence=st.text(),
    vintage=st.text(),
    synthetic=st.booleans(),
)


@given(st.lists(rows, max_size=4))
def test_every_feature_says_exactly_what_is_on_the_list(spots):
    collection = json.loads(spots_geojson(spots, STREETS))
    assert set(collection) == {"type", "as_of", "features"}
    assert len(collection["features"]) == len(spots)
    for feature in collection["features"]:
        assert tuple(feature["properties"]) == PROPERTIES
        assert set(feature) == {"type", "id", "geometry", "properties"}


@given(st.lists(rows, max_size=4))
def test_equal_rows_give_equal_bytes(spots):
    assert spots_geojson(spots, STREETS) == spots_geojson(list(spots), STREETS)


@given(st.text(max_size=500), st.integers(1, TEXT_LIMIT))
@example("0\r\x1b\r0", 4)
def test_clean_text_is_short_and_holds_no_control_or_format_character(text, limit):
    said = clean(text, limit)
    assert len(said) <= limit
    assert not any(category(char)[0] == "C" for char in said)
    assert clean(said, limit) == said


def test_ten_thousand_characters_become_one_line():
    assert len(clean("x" * 10_000)) == TEXT_LIMIT


def test_a_street_has_the_shape_of_its_street():
    row = spot("bruul", is_street=True)
    geometry = json.loads(spots_geojson([row], STREETS))["features"][0]["geometry"]
    assert geometry == {"type": "LineString", "coordinates": [[4.48, 51.02], [4.481235, 51.03]]}


def test_a_site_is_a_point_even_where_a_street_has_its_name():
    geometry = json.loads(spots_geojson([spot("bruul")], STREETS))["features"][0]["geometry"]
    assert geometry == {"type": "Point", "coordinates": [4.481, 51.03]}


def test_a_spot_whose_place_is_not_known_is_listed_and_not_placed():
    feature = json.loads(spots_geojson([spot(lon=None, lat=None)], STREETS))["features"][0]
    assert feature["geometry"] is None
    assert feature["properties"]["name"] == "Bibliotheek"


def test_a_round_that_changed_nothing_gives_the_same_bytes():
    later = spot(seen_at=NOW - timedelta(seconds=10))
    assert spots_geojson([spot()], STREETS) == spots_geojson([later], STREETS)


def test_nothing_of_a_device_is_in_the_feed(client: FlaskClient, record: Record):
    record.tell(devices=(device("ap-secret", name="Kelder", address="10.9.8.7"),))
    text = client.get(ADDRESS).text
    for secret in ("ap-secret", "Kelder", "10.9.8.7", "device", "address_m"):
        assert secret not in text


def test_a_reader_with_the_present_tag_gets_304_and_no_body(client: FlaskClient):
    first = client.get(ADDRESS)
    again = client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Vary"] == "Accept-Encoding"


def test_a_change_of_state_changes_the_tag(client: FlaskClient, record: Record):
    tag = client.get(ADDRESS).headers["ETag"]
    record.tell(spots=(spot(status=Status.DOWN, working=0),))
    answer = client.get(ADDRESS, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.json["features"][0]["properties"]["status"] == "down"


def test_the_feed_is_compressed_for_those_who_can_read_that(client: FlaskClient):
    plain = client.get(ADDRESS)
    packed = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert plain.headers["Cache-Control"] == "no-cache"


def test_head_says_what_get_says_without_the_body(client: FlaskClient):
    head, get = client.head(ADDRESS), client.get(ADDRESS)
    assert head.data == b""
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(get.data))


@pytest.mark.parametrize("status", Status)
def test_every_state_has_a_word(status: Status):
    said = json.loads(spots_geojson([spot(status=status)], STREETS))["features"][0]["properties"]
    assert said["status"] == status
    assert said["status_nl"]
