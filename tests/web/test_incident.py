"""The page of one incident: all that is known, nothing that harms, from this machine only."""

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from netmon.analysis.rows import Acknowledged, Named, Piece, Strip
from netmon.domain.annotations import AnnotationKind
from netmon.domain.model import Status
from tests.web.conftest import NOW, Record, detail, incident, said
from tests.web.test_announced import row as announced_row
from web.incident import HEIGHT, MOST_MOMENTS, WIDTH, address_of, leads_to, page_of

KEY = "ap-bruul-01@1"
HOSTILE = '"><script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}\x1b[2J'


class Links(HTMLParser):
    """Collects the attributes of every link of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs))


def page(client: FlaskClient, record: Record, **changes: object) -> str:
    record.details = {KEY: detail(**changes)}
    answer = client.get(address_of(KEY))
    assert answer.status_code == 200
    return answer.text


def test_it_tells_who_what_and_since_when(client: FlaskClient, record: Record):
    text = page(client, record)
    for told in ("Access point Bruul 1", "Bibliotheek", "Computer 1", "Switch 1", "geen antwoord"):
        assert told in text
    assert "duurt 1 u 12 min" in text and "nog door niemand" in text
    assert "netmon incident ack ap-bruul-01@1" in text
    assert "None" not in text


def test_one_that_has_ended_needs_nobody_to_acknowledge_it(client: FlaskClient, record: Record):
    ended = incident(ended_at=NOW - timedelta(minutes=12))
    text = page(client, record, row=ended)
    assert "opgelost na 1 u" in text
    assert "incident ack" not in text and "incident note" in text


def test_who_is_at_it_stands_on_the_page_and_on_the_desk(client: FlaskClient, record: Record):
    by = Acknowledged("Ann", NOW, NOW + timedelta(hours=2), "")
    row = incident(acknowledged=by, notes=2, places=("bruul", "bib"))
    record.tell(incidents=(row, incident("b@1", acknowledged=replace(by, author="", until=None))))
    for text in (page(client, record, row=row), client.get("/ops").text):
        assert "bevestigd door <bdi>Ann</bdi> tot" in text and "12.42" in text
    desk = client.get("/ops").text
    assert "2 notities" in desk and "op 2 plekken" in desk
    assert "bevestigd door <bdi>iemand</bdi> tot het opgelost is" in desk
    assert f'href="{address_of(KEY)}"' in desk


def test_what_is_said_stands_there_and_links_give_nothing_away(client: FlaskClient, record: Record):
    url = "https://tickets.example.org/7?a=1&b=2"
    link = said("l", kind=AnnotationKind.LINK, url=url, text="ticket 7")
    bare = said("b", kind=AnnotationKind.LINK, url="https://example.org/", text="")
    text = page(client, record, said=(said(), link, bare), orphans=(said("o", text="verdwaald"),))
    assert "de zekering" in text and "verdwaald" in text
    outside = [each for each in Links(text).found if "://" in (each["href"] or "")]
    assert [each["href"] for each in outside] == [url, "https://example.org/"]
    assert {each["rel"] for each in outside} == {"noopener noreferrer"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "//x", "http://[x"])
def test_what_is_no_page_is_never_led_to(client: FlaskClient, record: Record, url: str):
    """The desk refuses it when it is entered; whoever wrote the file otherwise gains nothing."""
    link = said("l", kind=AnnotationKind.LINK, url=url, text="klik")
    text = page(client, record, said=(link,))
    assert "klik" in text
    assert {each["href"] for each in Links(text).found} == {"#incident", "/ops"}
    assert leads_to(said(url="https://example.org")) == "", "a note leads nowhere"


def test_hostile_words_are_only_words(client: FlaskClient, record: Record):
    row = incident(device_name=HOSTILE, place_name=HOSTILE, reason=HOSTILE)
    by = Acknowledged(HOSTILE, NOW, None, HOSTILE)
    strips = (Strip(Named(HOSTILE, HOSTILE), (Piece(NOW, NOW, Status.DOWN, HOSTILE),)),)
    words = Named(HOSTILE, HOSTILE)
    text = page(
        client,
        record,
        row=replace(row, acknowledged=by),
        strips=strips,
        said=(said(HOSTILE, author=HOSTILE, text=HOSTILE),),
        affected=(words,),
        carriers=(words,),
    )
    assert "<script" not in text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text and "\x1b" not in text


def test_an_id_that_moved_leads_to_the_incident_of_now(client: FlaskClient, record: Record):
    record.details = {"old@1": detail()}
    answer = client.get("/ops/incidents/old@1")
    assert answer.status_code == 302
    assert answer.headers["Location"] == address_of(KEY)


@pytest.mark.parametrize("key", ["nothing", "a/b", "%00", "..%2f..%2fetc", "x" * 3000])
def test_what_is_no_incident_is_not_found(client: FlaskClient, key: str):
    assert client.get(f"/ops/incidents/{key}").status_code == 404


@pytest.mark.parametrize(
    "far",
    [
        {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}},
        {"headers": {"Host": "netmon.example"}},
        {"headers": {"X-Forwarded-For": "192.0.2.1"}},
    ],
    ids=["another machine", "another name", "a proxy"],
)
def test_it_is_hidden_from_elsewhere(client: FlaskClient, record: Record, far: dict):
    assert page(client, record)
    assert client.get(address_of(KEY), **far).status_code == 404


def test_earlier_outages_and_announced_work_are_told(client: FlaskClient, record: Record):
    before = incident(
        "ap-bruul-01@0", began_at=NOW - timedelta(days=3), ended_at=NOW - timedelta(days=2)
    )
    work = announced_row(starts_at=NOW - timedelta(hours=1), ends_at=NOW)
    text = page(client, record, earlier=(before,), mean_repair_s=5400.0, announced=(work,))
    assert "1 keer eerder, gemiddeld opgelost na 1 u 30 min" in text
    assert f'href="{address_of(before.id)}"' in text
    assert "Toen aangekondigd" in text


def test_an_endless_flapper_is_cut_and_said_so(client: FlaskClient, record: Record):
    states = [Status.DOWN, Status.UP] * MOST_MOMENTS
    pieces = tuple(
        Piece(NOW - timedelta(minutes=80) + timedelta(seconds=n), NOW, status, "")
        for n, status in enumerate(states)
    )
    text = page(client, record, strips=(Strip(Named("a", "A"), pieces),))
    assert f"en nog {MOST_MOMENTS}" in text
    assert text.count("<tr>") == 1 + MOST_MOMENTS


@given(st.lists(st.integers(0, 87), min_size=2, unique=True), st.sampled_from(Status))
def test_a_strip_keeps_to_its_frame_and_its_order(minutes, status):
    found = detail()
    edges = [found.starts_at + timedelta(minutes=each) for each in sorted(minutes)]
    pieces = tuple(Piece(start, end, status, "") for start, end in pairwise(edges))
    drawn = page_of(replace(found, strips=(Strip(Named("a", "A"), pieces),)), NOW).drawn[0].bars
    assert [bar.x for bar in drawn] == sorted(bar.x for bar in drawn)
    for bar in drawn:
        assert 0 <= bar.x <= WIDTH and bar.width >= 1 and bar.x + bar.width <= WIDTH + 1
        assert bar.y + bar.height == HEIGHT


def height(status: Status) -> int:
    found = detail()
    piece = Piece(found.starts_at, found.ends_at, status, "")
    shown = page_of(replace(found, strips=(Strip(Named("a", "A"), (piece,)),)), NOW)
    return shown.drawn[0].bars[0].height


def test_the_graver_the_taller():
    order = (Status.DOWN, Status.DEGRADED, Status.UP, Status.UNKNOWN, Status.EXPECTED_OFF)
    heights = [height(each) for each in order]
    assert heights == sorted(set(heights), reverse=True)
