"""What incidents mean for residents, on the desk and on their own pages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from geodata.walking import Method
from netmon.analysis.impact import Band, Cost, Impact
from netmon.analysis.next_spot import NextSpot
from netmon.domain.model import Service
from tests.web.conftest import MECHELEN, NOW, Record, detail, incident
from web.app import create_app
from web.impact import away, people, ranked, street
from web.incident import address_of
from web.layers import CityLayers

KEY = "ap-bruul-01@1"
LIBRARY = NextSpot(
    "bib", "Het Predikheren", Service.COMPUTER, is_same=False, distance_m=240.0,
    method=Method.NETWORK, is_coarse=False, until=NOW + timedelta(hours=6), synthetic=False,
)  # fmt: skip
IMPACT = Impact(
    Band(110.0, 183.4, 183.4), Band(0.0, 0.0, 0.0), Band(338.0, 338.0, 338.0),
    (Cost(Service.WIFI, 127.3), Cost(Service.COMPUTER, 0.0)), LIBRARY,
)  # fmt: skip


class Known:
    """Answers by id, and how long it was waited for."""

    def __init__(self) -> None:
        self.impacts: Mapping[str, Impact] = {KEY: IMPACT}
        self.waited_s: list[float] = []

    def within(self, now: datetime, wait_s: float) -> Mapping[str, Impact]:
        assert now.tzinfo is not None
        self.waited_s.append(wait_s)
        return self.impacts


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def client(record: Record, city: CityLayers, known: Known) -> Iterator[FlaskClient]:
    app = create_app(
        record, city, clock=record.clock, timezone=MECHELEN, is_demo=False,
        bind_host="127.0.0.1", impacts=known,
    )  # fmt: skip
    record.details = {KEY: detail(row=incident(id=KEY))}
    record.tell(incidents=(incident(id=KEY),))
    with app.test_client() as made:
        yield made


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


SAID = (
    "ongeveer 340 inwoners zonder ander gratis internet in de buurt",
    "110 tot 180 m straat zonder signaal",
    "tot nu ongeveer 130 uur gratis wifi verloren, alle inwoners samen",
    "volgende gratis internet: Het Predikheren, open tot 16.42 uur, ongeveer 240 m wandelen",
)


@pytest.mark.parametrize("address", ["/ops", "/ops/table", address_of(KEY)])
def test_pages_say_what_an_incident_means(client: FlaskClient, address: str) -> None:
    text = plain(client.get(address).text)
    for said in SAID:
        assert said in text
    assert (
        "plein" not in text
        and "uur computers" not in text
        and "voorbeeld" not in text
        and "None" not in text
    )


def test_made_up_data_is_marked(client: FlaskClient, known: Known) -> None:
    known.impacts = {KEY: replace(IMPACT, synthetic=True)}
    marked = "110 tot 180 m straat zonder signaal voorbeeld"
    assert marked in plain(client.get("/ops").text)


@pytest.mark.parametrize("impacts", [{}, {KEY: Impact()}], ids=["unknown", "nothing known"])
def test_pages_do_without(client: FlaskClient, known: Known, impacts: Mapping[str, Impact]) -> None:
    known.impacts = impacts
    for address in ("/ops", address_of(KEY)):
        answer = client.get(address)
        assert answer.status_code == 200
        assert not any(word in plain(answer.text) for word in ("ongeveer", "volgende gratis"))


def test_one_that_ended_is_not_asked_for(client: FlaskClient, record: Record, known: Known) -> None:
    record.details = {KEY: detail(row=incident(id=KEY, ended_at=NOW))}
    assert "zonder signaal" not in client.get(address_of(KEY)).text
    assert known.waited_s == []


def test_the_desk_does_not_wait_for_it(client: FlaskClient, known: Known) -> None:
    client.get("/ops")
    assert max(known.waited_s) <= 0.2


def test_a_hostile_name_stays_text(client: FlaskClient, known: Known) -> None:
    name = '"><script>alert(1)</script>\N{RIGHT-TO-LEFT OVERRIDE}'
    known.impacts = {KEY: replace(IMPACT, next_spot=replace(LIBRARY, name=name))}
    for address in ("/ops", address_of(KEY)):
        text = client.get(address).text
        assert "<script>alert" not in text and "\N{RIGHT-TO-LEFT OVERRIDE}" not in text


def test_what_hits_most_people_comes_first_and_what_has_ended_last() -> None:
    rows = [
        incident(id="ended", ended_at=NOW), incident(id="a"), incident(id="b"), incident(id="c"),
        incident(id="d"),
    ]  # fmt: skip
    few, many = Band(1, 5, 9), Band(200, 300, 300)
    impacts = {
        "ended": Impact(people=many), "a": Impact(), "b": Impact(lost_m=many),
        "c": Impact(people=few), "d": Impact(people=many),
    }  # fmt: skip
    assert [row.id for row in ranked(rows, impacts)] == ["d", "c", "b", "a", "ended"]
    assert [row.id for row in ranked(rows[1:], {})] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("band", "said"),
    [
        (Band(0, 0, 0), ""),
        (Band(0, 4, 4), "0 tot 10 m"),
        (Band(178, 180, 184), "ongeveer 180 m"),
        (Band(60, 60, 180), "60 tot 180 m"),
        (Band(900, 900, 1240), "900 m tot 1,2 km"),
        (Band(1100, 1100, 1240), "1,1 tot 1,2 km"),
    ],
)
def test_lengths_are_ranges(band: Band, said: str) -> None:
    assert street(Impact(lost_m=band)) == said


def test_a_handful_of_people_is_not_counted() -> None:
    assert people(Impact(people=Band(0, 4, 4.9))) == ""
    assert people(Impact(people=Band(4, 5, 12))) == "ongeveer 10"


def test_a_straight_line_is_called_one() -> None:
    assert away(replace(LIBRARY, method=Method.STRAIGHT)) == "ongeveer 240 m in rechte lijn"
