"""The desk: for this machine only, filtered and sorted by its address alone."""

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from netmon.analysis.rows import Note
from netmon.domain.incidents import Audience
from netmon.domain.model import Status
from tests.web.conftest import HEALTH, MECHELEN, Record, device, incident
from web.app import create_app
from web.desk import COLUMNS, Question, answer
from web.layers import CityLayers
from web.operations import is_loopback
from web.words import FOR_OWNER

ROWS = (
    device("a", name="Zender A", status=Status.UP),
    device("b", name="Zender B", status=Status.DOWN, reason="timeout", place_name="Hoogstraat"),
    device("c", name="Computer C", status=Status.UNKNOWN),
)


class Names(HTMLParser):
    """Collects the ids of the rows in the order of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr" and dict(attrs).get("id"):
            self.ids.append(str(dict(attrs)["id"]).removeprefix("device-"))


def ids(client: FlaskClient, query: str = "") -> list[str]:
    return Names(client.get(f"/ops{query}").text).ids


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["b", "c", "a"]),
        ("?order=desc", ["a", "c", "b"]),
        ("?sort=name", ["c", "a", "b"]),
        ("?sort=name&order=desc", ["b", "a", "c"]),
        ("?q=zender", ["b", "a"]),
        ("?q=hoog+zender", ["b"]),
        ("?q=TIMEOUT", ["b"]),
        ("?status=unknown", ["c"]),
        ("?status=nonsense&sort=nonsense", ["b", "c", "a"]),
        ("?q=%3Cscript%3E", []),
    ],
)
def test_the_address_decides_what_is_shown(
    client: FlaskClient, record: Record, query: str, expected: list[str]
):
    record.tell(devices=ROWS)
    assert ids(client, query) == expected


@given(
    st.sampled_from([*COLUMNS, "", "x"]),
    st.booleans(),
    st.text(max_size=20),
    st.sampled_from(Status),
)
def test_whatever_is_asked_no_device_is_doubled_or_invented(sort, is_descending, words, status):
    record = Record(())
    record.tell(devices=ROWS)
    order = "desc" if is_descending else ""
    question = Question.of({"sort": sort, "order": order, "q": words, "status": status})
    found = [row.id for row in answer(record, record.now, question, {}).devices]
    assert len(set(found)) == len(found)
    assert set(found) <= {"a", "b", "c"}


def test_a_site_that_nobody_opened_is_told_of_the_site_and_marked_for_its_owner(
    client: FlaskClient, record: Record
):
    closed = incident(
        "bib@1",
        device_id=None,
        device_name=None,
        place_name="Bibliotheek",
        reason="site_not_opened",
        audience=Audience.OWNER,
    )
    record.tell(incidents=(closed,))
    page = client.get("/ops").text
    assert "<strong><bdi>Bibliotheek</bdi></strong>" in page
    assert "plek niet geopend" in page and FOR_OWNER in page
    assert "None" not in page


def test_an_incident_of_a_device_is_not_marked_for_anybody_else(
    client: FlaskClient, record: Record
):
    record.tell(incidents=(incident(),))
    assert FOR_OWNER not in client.get("/ops").text


def test_a_note_and_the_last_proof_of_health_stand_beside_the_state(
    client: FlaskClient, record: Record
):
    awake = Note("awake_outside_hours", record.now - timedelta(hours=3))
    record.tell(
        devices=(
            device("a", status=Status.EXPECTED_OFF, reason="expected_off", note=awake),
            device("b", status=Status.UNKNOWN, last_ok_at=record.now - timedelta(days=9)),
            device("c", last_ok_at=record.now),
        )
    )
    page = client.get("/ops").text
    assert "staat aan buiten de uren" in page
    assert page.count("laatst in orde") == 1, "what works needs no proof of yesterday"


def test_what_was_found_stands_beside_the_reason(client: FlaskClient, record: Record):
    found = "wlc: its controller has <lost> it"
    lost = device("a", status=Status.DOWN, reason="timeout", detail=found, address="")
    record.tell(devices=(lost,))
    page = client.get("/ops").text
    assert "wlc: its controller has &lt;lost&gt; it" in page
    assert "<bdi>a</bdi></span>" in page, "no dot before an address that is not there"


def test_a_column_sorts_the_other_way_when_asked_again():
    first = Question(sort="name")
    assert "order=desc" in first.link("name")
    assert "order=desc" not in Question(sort="name", is_descending=True).link("name")
    assert first.direction("name") == "ascending"
    assert first.direction("since") == "none"


def test_the_table_alone_is_the_table_of_the_page(client: FlaskClient, record: Record):
    record.tell(devices=ROWS)
    assert client.get("/ops/table?q=zender").text.strip() in client.get("/ops?q=zender").text


@pytest.mark.parametrize("page", ["/ops", "/ops/table"])
@pytest.mark.parametrize(
    "far",
    [
        {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}},
        {"headers": {"Host": "netmon.example"}},
        {"headers": {"X-Forwarded-For": "192.0.2.1"}},
        {"headers": {"Forwarded": "for=192.0.2.1"}},
    ],
    ids=["another machine", "another name", "a proxy", "a proxy by RFC 7239"],
)
def test_the_desk_is_hidden_from_elsewhere(client: FlaskClient, page: str, far: dict):
    assert client.get(page).status_code == 200
    assert client.get(page, **far).status_code == 404
    assert client.get("/", **far).status_code == 200


def test_the_desk_is_hidden_where_the_server_listens_to_all(record: Record, city: CityLayers):
    app = create_app(
        record,
        city,
        clock=record.clock,
        timezone=MECHELEN,
        is_demo=False,
        bind_host="0.0.0.0",  # noqa: S104 - no server is started
    )
    with app.test_client() as client:
        assert client.get("/ops").status_code == 404


def test_the_desk_can_be_opened_by_whoever_starts_the_server(record: Record, city: CityLayers):
    app = create_app(
        record,
        city,
        clock=record.clock,
        timezone=MECHELEN,
        is_demo=True,
        bind_host="0.0.0.0",  # noqa: S104 - no server is started
        loopback_only_desk=False,
    )
    with app.test_client() as client:
        assert client.get("/ops", headers={"Host": "netmon.example"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - a case
        ("", False),
        ("192.0.2.1", False),
        ("localhost.example", False),
    ],
)
def test_loopback_is_this_machine_alone(host: str, expected: bool):  # noqa: FBT001 - a case
    assert is_loopback(host) is expected


def test_a_banner_says_that_netmon_itself_sees_nothing(client: FlaskClient, record: Record):
    assert "ziet zelf niets" not in client.get("/ops").text
    since = record.now - timedelta(minutes=7)
    record.tell(health=replace(HEALTH, blind_since=since))
    for page in ("/ops", "/ops/table"):
        text = client.get(page).text
        assert text.count('id="blind" role="alert"') == 1
        assert f'<time datetime="{since.isoformat()}"' in text
        assert "ziet niets sinds" in text and "in orde" not in text
        assert "Niets is stuk" not in text
