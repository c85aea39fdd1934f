"""What is announced, in words: on the page, in the feed, on the desk, and nothing private."""

import json
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import pytest
from flask.testing import FlaskClient

from netmon.analysis.feed import spots_geojson
from netmon.analysis.rows import AnnouncedRow, Notice
from netmon.domain.maintenance import Effect
from tests.web.conftest import MECHELEN, NOW, Record, spot
from web import words
from web.localtime import LocalTime

LOCAL = LocalTime(MECHELEN)
NO_STREETS = gpd.GeoDataFrame({"id": []}, geometry=[], crs="EPSG:4326")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MECHELEN).astimezone(UTC)


def notice(effect: Effect, start: str, end: str, *, is_partial: bool = False) -> Notice:
    return Notice(effect, local(start), local(end), is_partial)


WORKS = notice(Effect.MAINTENANCE, "2026-11-26T08:00", "2026-11-26T10:00")
STRIKE = notice(Effect.CLOSED, "2026-11-26", "2026-11-27")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-26T08:00", "2026-11-26T10:00", "do 26 nov. 8.00–10.00 uur"),
        ("2026-11-26T22:00", "2026-11-27T06:30", "do 26 nov. 22.00 uur – vr 27 nov. 6.30 uur"),
        ("2026-11-26", "2026-11-27", "do 26 nov."),
        ("2026-11-26", "2026-11-29", "van do 26 nov. tot en met za 28 nov."),
        ("2026-10-25", "2026-10-26", "zo 25 okt."),
        ("2027-03-28", "2027-03-29", "zo 28 mrt."),
        ("2026-12-31T23:00", "2027-01-01", "do 31 dec. 23.00 uur – vr 1 jan. 0.00 uur"),
        ("2027-05-03", "2027-05-03T12:00", "ma 3 mei 0.00–12.00 uur"),
    ],
)
def test_from_when_until_when_is_said_as_people_do(start: str, end: str, said: str):
    assert LOCAL.span(local(start), local(end)) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (WORKS, "Onderhoud: do 26 nov. 8.00–10.00 uur"),
        (
            notice(Effect.MAINTENANCE, "2026-11-26T08:00", "2026-11-26T10:00", is_partial=True),
            "Onderhoud aan een deel: do 26 nov. 8.00–10.00 uur",
        ),
        (notice(Effect.MAINTENANCE, "2026-11-26", "2026-11-27"), "Onderhoud: do 26 nov."),
        (STRIKE, "Gesloten op do 26 nov."),
        (notice(Effect.CLOSED, "2026-11-26", "2026-11-28"),
         "Gesloten van do 26 nov. tot en met vr 27 nov."),
        (notice(Effect.CLOSED, "2026-11-26T09:00", "2026-11-26T12:00"),
         "Gesloten: do 26 nov. 9.00–12.00 uur"),
        (notice(Effect.OPEN, "2026-11-26T18:00", "2026-11-26T22:00"),
         "Extra open: do 26 nov. 18.00–22.00 uur"),
        (notice(Effect.MAINTENANCE, "2026-11-25T10:00", "2026-11-25T11:00"),
         "Nu onderhoud, tot 11.00 uur"),
        (notice(Effect.CLOSED, "2026-11-25", "2026-11-26"), "Nu gesloten, tot morgen om 0.00 uur"),
        (notice(Effect.MAINTENANCE, "2026-11-25T10:00", "2026-11-25T11:00", is_partial=True),
         "Nu onderhoud aan een deel, tot 11.00 uur"),
    ],
)  # fmt: skip
def test_a_notice_is_one_short_line(told: Notice, said: str):
    assert words.announced(told, NOW, LOCAL) == said


def test_the_card_of_a_spot_tells_what_is_coming(client: FlaskClient, record: Record):
    """The panel on the map is a copy of the card."""
    record.tell(spots=(spot(announced=(WORKS, STRIKE)), spot("other")))
    for page in ("/", "/spots"):
        text = client.get(page).text
        assert text.count("Onderhoud: do 26 nov. 8.00–10.00 uur") == 1
        assert text.count("Gesloten op do 26 nov.") == 1


def test_the_feed_says_the_same_to_machines():
    collection = json.loads(spots_geojson([spot(announced=(WORKS, STRIKE))], NO_STREETS))
    assert collection["features"][0]["properties"]["announced"] == [
        {
            "effect": "maintenance",
            "from": "2026-11-26T07:00:00Z",
            "to": "2026-11-26T09:00:00Z",
            "partial": False,
        },
        {
            "effect": "closed",
            "from": "2026-11-25T23:00:00Z",
            "to": "2026-11-26T23:00:00Z",
            "partial": False,
        },
    ]


def row(note: str = "", **changes: object) -> AnnouncedRow:
    facts: dict[str, object] = {
        "uid": "fibre@example",
        "effect": Effect.MAINTENANCE,
        "subjects": ("Switch Bruul",),
        "starts_at": WORKS.starts_at,
        "ends_at": WORKS.ends_at,
        "announced_at": NOW - timedelta(days=2),
        "is_repeated": False,
    }
    return AnnouncedRow(note=note, **{**facts, **changes})  # type: ignore[arg-type]  # names of fields


def test_the_desk_tells_what_is_worked_on_and_why(client: FlaskClient, record: Record):
    assert "Aangekondigd" not in client.get("/ops").text
    running = row(starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))
    record.tell(announced=(running, row("new fibre", is_repeated=True)))
    for page in ("/ops", "/ops/table"):
        text = client.get(page).text
        assert "Aangekondigd" in text
        assert "<strong>nu</strong> Onderhoud" in text
        assert "do 26 nov. 8.00–10.00 uur" in text
        assert "<bdi>new fibre</bdi>" in text and "herhaald" in text


def test_a_note_is_for_the_desk_alone_and_never_alive(client: FlaskClient, record: Record):
    hostile = "<script>alert(1)</script>\u202e the host is ill"
    record.tell(announced=(row(hostile, subjects=(hostile,) * 7),))
    desk = client.get("/ops").text
    assert "&lt;script&gt;" in desk and "<script>alert" not in desk and "\u202e" not in desk
    assert "en nog 2" in desk
    for public in ("/", "/spots", "/api/v1/spots.geojson"):
        assert "host is ill" not in client.get(public).text
