"""A record made by hand, and a face over it: everything else is the real thing."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from collectors.observation import Measurement
from geodata.city import City
from netmon.analysis.rows import (
    AnnotationRow,
    AnnouncedRow,
    DeviceRow,
    HealthRow,
    IncidentDetail,
    IncidentRow,
    Named,
    Piece,
    SpotRow,
    Strip,
)
from netmon.domain.annotations import AnnotationKind
from netmon.domain.model import DeviceKind, Service, Status
from netmon.domain.sightings import Stranger
from tests.browser import chromium_running
from web.app import create_app
from web.layers import CityLayers

MECHELEN = ZoneInfo("Europe/Brussels")

NOW = datetime(2026, 11, 25, 9, 42, 30, tzinfo=UTC)
"""A Wednesday, 10.42 in Mechelen."""


def spot(key: str = "bib", **changes: object) -> SpotRow:
    """Return a library with five computers, open until noon, all well."""
    row = SpotRow(
        id=key,
        name="Bibliotheek",
        is_street=False,
        services=(Service.COMPUTER, Service.GUIDED),
        status=Status.UP,
        since=NOW - timedelta(hours=3),
        seen_at=NOW - timedelta(seconds=20),
        working=5,
        total=5,
        open_now=True,
        changes_at=NOW + timedelta(hours=1, minutes=18),
        opening_hours="Tu-Fr 09:00-12:00",
        address="Voorbeeldstraat 1, 2800 Mechelen",
        neighbourhood="Centrum",
        lon=4.4810,
        lat=51.0300,
        precision_m=20.0,
        source="a test",
        licence="CC0-1.0",
        vintage="2026-11-25",
        synthetic=False,
    )
    return replace(row, **changes)


def device(key: str = "ap-bruul-01", **changes: object) -> DeviceRow:
    """Return an access point that works."""
    row = DeviceRow(
        id=key,
        name="Access point Bruul 1",
        kind=DeviceKind.ACCESS_POINT,
        place_id="bruul",
        place_name="Bruul",
        address="192.0.2.7:161",
        status=Status.UP,
        reason="",
        since=NOW - timedelta(days=2),
        seen_at=NOW - timedelta(seconds=20),
        values=(
            Measurement("cpu_ratio", 0.08),
            Measurement("stations", 12),
            Measurement("rtt_s", 0.0031),
        ),
        synthetic=False,
    )
    return replace(row, **changes)


def incident(key: str = "ap-bruul-01@1", **changes: object) -> IncidentRow:
    """Return an open incident of 72 minutes."""
    row = IncidentRow(
        id=key,
        device_id="ap-bruul-01",
        device_name="Access point Bruul 1",
        place_id="bruul",
        place_name="Bruul",
        status=Status.DOWN,
        reason="timeout",
        began_at=NOW - timedelta(minutes=72),
        ended_at=None,
        promised_s=4320.0,
        affected=("pc-1", "pc-2"),
    )
    return replace(row, **changes)


def said(uid: str = "n", **changes: object) -> AnnotationRow:
    """Return a note of five minutes ago."""
    at = NOW - timedelta(minutes=5)
    subject = Named("ap-bruul-01", "Access point Bruul 1")
    row = AnnotationRow(uid, subject, AnnotationKind.NOTE, "Ann", at, at, "de zekering", "", None)
    return replace(row, **changes)


def detail(row: IncidentRow | None = None, **changes: object) -> IncidentDetail:
    """Return that incident with a quarter of an hour before it; one computer went with it."""
    row = row or incident()
    start, end = row.began_at - timedelta(minutes=15), row.ended_at or NOW
    fell = row.began_at
    pieces = [(start, fell, Status.UP, ""), (fell, end, Status.DOWN, "timeout")]
    lost = [(start, fell, Status.UP, ""), (fell, end, Status.UNREACHABLE, "timeout")]
    strips = (
        Strip(Named("ap-bruul-01", "Access point Bruul 1"), tuple(Piece(*one) for one in pieces)),
        Strip(Named("pc-1", "Computer 1"), tuple(Piece(*one) for one in lost)),
    )
    made = IncidentDetail(
        row=row,
        starts_at=start,
        ends_at=end,
        affected=(Named("pc-1", "Computer 1"), Named("pc-2", "pc-2")),
        places=(Named("bruul", "Bruul"), Named("bib", "Bibliotheek")),
        carriers=(Named("sw-1", "Switch 1"),),
        strips=strips,
        announced=(),
        said=(),
        orphans=(),
        earlier=(),
        mean_repair_s=None,
    )
    return replace(made, **changes)


HEALTH = HealthRow(
    is_ok=True, origin="test", revision=3, devices=1, lag_s=4.0, store_bytes=4_096_000
)


class Record:
    """Views over rows held in memory; `tell` replaces them as a round of checks would."""

    def __init__(self, spots: tuple[SpotRow, ...]) -> None:
        self.now = NOW
        self.readings = 0
        self._spots = spots
        self._devices: tuple[DeviceRow, ...] = (device(),)
        self._incidents: tuple[IncidentRow, ...] = ()
        self.details: dict[str, IncidentDetail] = {}
        self._strangers: tuple[Stranger, ...] = ()
        self._announced: tuple[AnnouncedRow, ...] = ()
        self._health = HEALTH
        self._version = 0
        self._lock = threading.Lock()

    def tell(  # noqa: PLR0913 - one argument for each kind of rows
        self,
        *,
        spots: tuple[SpotRow, ...] | None = None,
        devices: tuple[DeviceRow, ...] | None = None,
        incidents: tuple[IncidentRow, ...] | None = None,
        strangers: tuple[Stranger, ...] | None = None,
        announced: tuple[AnnouncedRow, ...] | None = None,
        health: HealthRow | None = None,
    ) -> None:
        with self._lock:
            self._spots = self._spots if spots is None else spots
            self._devices = self._devices if devices is None else devices
            self._incidents = self._incidents if incidents is None else incidents
            self._strangers = self._strangers if strangers is None else strangers
            self._announced = self._announced if announced is None else announced
            self._health = self._health if health is None else health
            self._version += 1
            self.now += timedelta(seconds=2)

    def clock(self) -> datetime:
        return self.now

    def version(self) -> object:
        return self._version

    def spots(self, now: datetime) -> tuple[SpotRow, ...]:
        assert now.tzinfo is not None
        self.readings += 1
        return self._spots

    def devices(self, now: datetime) -> tuple[DeviceRow, ...]:
        assert now.tzinfo is not None
        return self._devices

    def incidents(self, now: datetime) -> tuple[IncidentRow, ...]:
        assert now.tzinfo is not None
        return self._incidents

    def incident(self, key: str, now: datetime) -> IncidentDetail | None:
        assert now.tzinfo is not None
        return self.details.get(key)

    def strangers(self) -> tuple[Stranger, ...]:
        return self._strangers

    def announced(self, now: datetime) -> tuple[AnnouncedRow, ...]:
        assert now.tzinfo is not None
        return self._announced

    def health(self, now: datetime) -> HealthRow:
        assert now.tzinfo is not None
        return self._health


def city_spots() -> tuple[SpotRow, ...]:
    """Return the streets and sites of the bundled example, with states of all seven kinds."""
    city = City.bundled()
    states = [Status.UP, Status.UP, Status.DEGRADED, Status.DOWN, Status.UNKNOWN, Status.UP]
    states += [Status.MAINTENANCE, Status.UNREACHABLE, Status.EXPECTED_OFF]
    rows = [_street_row(p, g, states[i]) for i, (p, g) in enumerate(_features(city.streets))]
    sites = enumerate(_features(city.demo_sites))
    return (*rows, *(_site_row(p, g, states[i % len(states)]) for i, (p, g) in sites))


def _features(path: Path) -> list[tuple[dict, dict | None]]:
    collection = json.loads(path.read_text(encoding="utf-8"))
    return [(f["properties"], f["geometry"]) for f in collection["features"]]


def _street_row(facts: dict, _geometry: dict | None, status: Status) -> SpotRow:
    return spot(
        facts["id"],
        name=facts["name"],
        is_street=True,
        services=(Service.WIFI,),
        status=status,
        working={Status.UP: 8, Status.DEGRADED: 5}.get(status, 0),
        total=8,
        changes_at=None,
        opening_hours="24/7",
        address=None,
        lon=None,
        lat=None,
        synthetic=True,
    )


def _site_row(facts: dict, geometry: dict | None, status: Status) -> SpotRow:
    lon, lat = geometry["coordinates"] if geometry else (None, None)
    is_known = facts["opening_hours"] is not None
    return spot(
        facts["id"],
        name=facts["name"],
        services=tuple(Service(offer["service"]) for offer in facts["offers"]),
        status=status,
        working={Status.UP: 4, Status.DEGRADED: 2}.get(status, 0),
        total=4,
        open_now=True if is_known and status is not Status.EXPECTED_OFF else None,
        address=facts["address"],
        lon=lon,
        lat=lat,
        precision_m=facts["precision_m"],
        synthetic=True,
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for every page: a second one beside it would want the same loop."""
    with chromium_running() as browser:
        yield browser


@pytest.fixture(scope="session")
def city() -> CityLayers:
    """The bundled example."""
    return CityLayers.load(City.bundled().folder)


@pytest.fixture
def record() -> Record:
    """A record with one street and one site."""
    bruul = spot("bruul", name="Bruul", is_street=True, services=(Service.WIFI,), lon=None)
    return Record((bruul, spot()))


@pytest.fixture
def app(record: Record, city: CityLayers) -> Flask:
    """The face over the record, bound to loopback."""
    made = create_app(
        record, city, clock=record.clock, timezone=MECHELEN, is_demo=False, bind_host="127.0.0.1"
    )
    made.testing = True
    return made


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A client on this machine."""
    with app.test_client() as made:
        yield made
