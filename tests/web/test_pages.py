"""Pages: nothing inline, nothing hostile alive, every link answers, every error explained."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from netmon.analysis.rows import HealthRow
from netmon.domain.model import Status
from netmon.domain.sightings import Stranger
from netmon.words.clean import TEXT_LIMIT
from tests.web.conftest import HEALTH, NOW, Record, device, incident, spot
from web.assets import TABLE, Assets
from web.layers import NAMES, CityLayers
from web.maps import city_map

PAGES = ("/", "/spots", "/ops", "/ops/table", "/nergens")

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}",
    "javascript:alert(1)",
    "\u202egnp.exe\u2066",
    "a\x00b\x1b[31m\ud800",
    "x" * 10_000,
)


class Parts(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline = 0
        self._in = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag

    def handle_data(self, data: str) -> None:
        self.inline += self._in in {"script", "style"} and bool(data.strip())

    def handle_endtag(self, _tag: str) -> None:
        self._in = ""

    def links(self) -> set[str]:
        named = [attrs.get(name) for _, attrs in self.tags for name in ("href", "src", "action")]
        return {link for link in named if link}


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_inline_script_or_style(client: FlaskClient, page: str):
    parts = Parts(client.get(page).text)
    assert parts.inline == 0
    assert not any(tag == "style" for tag, _ in parts.tags)
    for tag, attrs in parts.tags:
        assert "style" not in attrs
        assert not any(name.startswith("on") for name in attrs)
        assert tag != "script" or attrs.get("src")


@pytest.mark.parametrize("page", ["/", "/ops"])
def test_every_link_of_a_page_answers(client: FlaskClient, page: str):
    links = {urljoin(page, link) for link in Parts(client.get(page).text).links()}
    asked = {link for link in links if not link.startswith("#")}
    assert len(asked) > 5
    assert {link: client.get(link).status_code for link in asked} == dict.fromkeys(asked, 200)


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_is_under_the_same_strict_policy(client: FlaskClient, page: str):
    headers = client.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("page", ["/", "/spots", "/ops", "/ops/table"])
def test_a_hostile_name_stays_text(client: FlaskClient, record: Record, page: str, name: str):
    record.tell(strangers=(Stranger("wlc", "ap", None, None, record.now),))
    before = [tag for tag, _ in Parts(client.get(page).text).tags]
    record.tell(
        spots=tuple(spot(row.id, name=name, address=name) for row in record.spots(record.now)),
        devices=(device(name=name, reason=name, place_name=name, address=name),),
        strangers=(Stranger(name, name, name, name, record.now),),
    )
    text = client.get(page).text
    after = [tag for tag, _ in Parts(text).tags]
    assert set(after) == set(before)
    assert not any(
        attr.startswith("on") or value == "x"
        for _, attrs in Parts(text).tags
        for attr, value in attrs.items()
    )
    assert "\u202e" not in text
    assert "\x00" not in text
    assert "x" * (TEXT_LIMIT + 1) not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text_in_the_feed(client: FlaskClient, record: Record, name: str):
    record.tell(spots=(spot(name, name=name, address=name),))
    answer = client.get("/api/v1/spots.geojson")
    said = json.loads(answer.data.decode())["features"][0]["properties"]["name"]
    assert len(said) <= TEXT_LIMIT
    assert said.isprintable()
    assert answer.content_type == "application/geo+json"


def test_the_list_is_there_without_any_script(client: FlaskClient, record: Record):
    record.tell(spots=(spot(status=Status.DOWN, working=0), spot("b", name="Buurthuis")))
    text = client.get("/").text
    for words in ("Bibliotheek", "werkt niet", "0 van 5 computers werken", "Buurthuis"):
        assert words in text
    assert text.index("Buurthuis") < text.index("folium-map")


def test_a_place_to_be_located_is_listed_and_offers_no_map(client: FlaskClient, record: Record):
    record.tell(spots=(spot(lon=None, lat=None),))
    text = client.get("/spots").text
    assert "Nog niet op de kaart" in text
    assert "data-show" not in text


def test_a_rough_place_says_how_rough(client: FlaskClient, record: Record):
    record.tell(spots=(spot(precision_m=400.0),))
    assert "tot 400 m ernaast" in client.get("/spots").text


def test_an_empty_list_says_so(client: FlaskClient, record: Record):
    record.tell(spots=())
    assert "nog geen plekken" in client.get("/").text


def test_the_page_and_the_feed_show_one_snapshot(client: FlaskClient, record: Record):
    for status in (Status.DOWN, Status.UP, Status.UNKNOWN):
        record.tell(spots=(spot(status=status),))
        feed = client.get("/api/v1/spots.geojson").json
        assert feed["features"][0]["properties"]["status_nl"] in client.get("/").text


@pytest.mark.parametrize(
    ("path", "method", "code"),
    [
        ("/api/v1/nergens", "get", 404),
        ("/api/v1/spots.geojson", "post", 405),
        ("/api/v1/spots.geojson", "delete", 405),
    ],
)
def test_programs_get_a_problem_document(client: FlaskClient, path: str, method: str, code: int):
    answer = getattr(client, method)(path)
    assert (answer.status_code, answer.content_type) == (code, "application/problem+json")
    assert answer.json["status"] == code
    assert set(answer.json) == {"type", "title", "status", "instance"}
    assert "Allow" in answer.headers or code != 405


@pytest.mark.parametrize(("path", "method", "code"), [("/x", "get", 404), ("/", "post", 405)])
def test_people_get_a_page_that_says_what_to_do(
    client: FlaskClient, path: str, method: str, code: int
):
    answer = getattr(client, method)(path)
    assert answer.status_code == code
    assert 'href="/"' in answer.text
    assert 'lang="nl"' in answer.text


def test_a_bug_is_a_plain_page_that_tells_no_secrets(app: Flask, record: Record):
    app.testing = False
    app.logger.disabled = True
    record.tell(health=None)
    record._health = None
    with app.test_client() as client:
        answer = client.get("/healthz")
    app.logger.disabled = False
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "Het ligt niet aan jou" in answer.text


@pytest.mark.parametrize("page", ["/", "/spots", "/map.js", "/ops", "/healthz"])
def test_head_has_no_body(client: FlaskClient, page: str):
    answer = client.head(page)
    assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize(("is_ok", "code"), [(True, 200), (False, 503)])
def test_health_is_told_by_the_code_and_the_document(
    client: FlaskClient,
    record: Record,
    is_ok: bool,  # noqa: FBT001 - a case
    code: int,
):
    record.tell(health=HealthRow(is_ok, "test", 3, 1, None if is_ok else 900.0, 1))
    answer = client.get("/healthz")
    assert answer.status_code == code
    assert answer.json["status"] == ("ok" if is_ok else "failing")
    assert answer.json["lag_s"] == (None if is_ok else 900.0)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_netmon_that_is_cut_off_itself_says_so_and_is_not_to_be_restarted(
    client: FlaskClient, record: Record
):
    record.tell(health=HealthRow(True, "test", 3, 1, 4.0, 1, blind_since=NOW))  # noqa: FBT003 - is well
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["status"] == "blind"
    assert answer.json["blind_since"] == NOW.isoformat()


def test_equal_cities_have_equal_map_scripts(city: CityLayers):
    assets = Assets.load()
    assert city_map(assets, city).script == city_map(assets, city).script


def test_the_map_names_no_other_host(city: CityLayers):
    drawn = city_map(Assets.load(), city)
    for part in (drawn.head, drawn.body, drawn.script.body.decode()):
        assert "//" not in part


@pytest.mark.parametrize("name", [name for name in TABLE if name.endswith(".css")])
def test_style_sheets_load_only_files_of_the_table(name: str):
    assets = Assets.load()
    named = re.findall(r"url\(([^)]*)\)", assets.prepared[name].body.decode())
    for address in (text.strip("\"'") for text in named):
        assert address in TABLE or address == "#default#VML"
    assert b"@import" not in assets.prepared[name].body


def test_browser_files_are_kept_for_good_under_the_hash_of_their_content(client: FlaskClient):
    assets = Assets.load()
    answer = client.get(assets.url("leaflet.js"))
    assert "immutable" in answer.headers["Cache-Control"]
    assert b"Leaflet 1.9.4" in answer.data


@pytest.mark.parametrize(
    "name", ["leaflet-src.js", "../app.py", "..%2fapp.py", "__init__.py", "", "leaflet.js.map"]
)
def test_what_is_not_in_the_table_is_not_served(client: FlaskClient, name: str):
    version = Assets.load().version
    assert client.get(f"/assets/{version}/{name}").status_code == 404


def test_an_asset_of_another_version_is_not_served(client: FlaskClient):
    assert client.get("/assets/000000000000/leaflet.js").status_code == 404


def test_a_name_that_is_not_in_the_table_has_no_address():
    with pytest.raises(KeyError):
        Assets.load().url("jquery.js")


@pytest.mark.parametrize("name", NAMES)
def test_each_layer_is_small_geojson_with_a_lasting_address(
    client: FlaskClient, city: CityLayers, name: str
):
    answer = client.get(city.url(name), headers={"Accept-Encoding": "gzip"})
    assert answer.content_type == "application/geo+json"
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 60_000
    plain = client.get(f"/layers/{name}.geojson")
    assert plain.headers["Cache-Control"] == "no-cache"
    assert plain.json["features"]
    assert all(feature["geometry"] for feature in plain.json["features"])


@pytest.mark.parametrize("name", ["streets", "sites", "holidays", "../netmon"])
def test_a_layer_that_is_not_in_the_table_is_not_served(client: FlaskClient, name: str):
    assert client.get(f"/layers/{name}.geojson").status_code == 404


def test_licences_that_ask_for_thanks_get_them(client: FlaskClient):
    text = client.get("/").text
    assert "© OpenStreetMap contributors (ODbL-1.0)" in text
    assert "Wijken voor omgevingsanalyse. © gemeentebesturen" in text
    assert "Statbel" in text


def test_only_a_demo_has_the_banner(client: FlaskClient):
    assert "demonstratie" not in client.get("/").text
    assert HEALTH.origin not in client.get("/").text


def test_an_incident_names_its_cause(client: FlaskClient, record: Record):
    record.tell(incidents=(incident(),))
    text = client.get("/ops").text
    assert "1 open incident<" in text
    assert "duurt 1 u 12 min" in text
    assert "treft ook 2 toestellen" in text


def test_what_the_inventory_lacks_is_named_with_who_saw_it(client: FlaskClient, record: Record):
    assert "niet in de inventaris" not in client.get("/ops").text
    new = [Stranger("wlc", f"AP {number}", None, None, record.now) for number in range(60)]
    record.tell(strangers=tuple(new))
    text = client.get("/ops").text
    assert "60 niet in de inventaris" in text
    assert "AP 49" in text and "AP 50" not in text and "en nog 10" in text
    assert text.count("gezien door <bdi>wlc</bdi>") == 50
