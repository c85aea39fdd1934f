"""Plans made by hand, and what answers for them: small enough to know every figure."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from geodata.city import City
from geodata.link import ServiceClass
from netmon.analysis.ledger import Parts
from netmon.analysis.plan_rows import (
    Action,
    Changeable,
    CostRow,
    Edges,
    EquityRow,
    Honesty,
    LedgerRow,
    OutreachRow,
    Picture,
    PlanRows,
    Scenario,
    Step,
    StreetRow,
    WhatIf,
)
from netmon.domain.intervals import Interval, instant
from netmon.domain.model import Service
from tests.web.conftest import NOW

AREAS = (("12025W01", "Arsenaal"), ("12025W02", "Battel"))
PARTS = Parts(
    delivered_h=400,
    unverified_h=100,
    outage_h=100,
    timetable_h=150,
    announced_h=50,
    distance_h=190,
    eligibility_h=10,
)
MOVED = Step(Action.ADD_ACCESS_POINT, "nieuw", lon=4.4805, lat=51.0281)


def street(**changes: object) -> StreetRow:
    """Return a street of 300 m of which half is served."""
    levels = {level: Edges(100.0 + 50 * n, 200.0 + 20 * n) for n, level in enumerate(ServiceClass)}
    row = StreetRow(
        "bruul", "Bruul", 300.0, 4800.0, levels, levels, Edges(20.0, 30.0), Edges(0.41, 0.62)
    )
    return replace(row, **changes)


def ledger() -> tuple[LedgerRow, ...]:
    """Return two areas, two groups and two services."""
    return tuple(
        LedgerRow(
            service,
            group,
            area,
            name,
            50.0,
            PARTS if area == "12025W01" else Parts(delivered_h=900, distance_h=100),
            Parts(delivered_h=950, distance_h=50) if service is Service.WIFI else None,
            access=0.25,
            target=0.8,
        )
        for service in (Service.WIFI, Service.COMPUTER)
        for group in ("older", "all")
        for area, name in AREAS
    )


HONESTY = Honesty(
    is_synthetic=True,
    precision_m=120.0,
    versions={"inventory": "7", "population": "voorbeeld"},
    notes=("Muren zijn de randen van de straten.",),
)

PLACES = (
    OutreachRow(
        "LDC De Rooster",
        "older",
        "Battel",
        {Service.WIFI: ("Bruul", 320.0), Service.COMPUTER: None},
        4.4700,
        51.0300,
    ),
    OutreachRow(
        "De Keeting",
        "low_income",
        "Arsenaal",
        {Service.COMPUTER: ("Bib", 90.0)},
        4.48,
        51.025,
        frozenset({Service.COMPUTER}),
    ),
)


def plan(**changes: object) -> PlanRows:
    """Return the rows of a window."""
    rows = PlanRows(
        NOW - timedelta(days=7),
        NOW,
        (street(), street(id="hoogstraat", name="Hoogstraat", covered_m={}, share=None)),
        ledger(),
        (
            EquityRow(Service.WIFI, "older", 0.65, 0.66, 0.125, 0.8, 0.75),
            EquityRow(Service.COMPUTER, "older", None, None, None, None),
        ),
        (
            CostRow(
                "ap-bruul-01@1",
                "Access point Bruul 1",
                "Bruul",
                NOW - timedelta(hours=2),
                None,
                {Service.WIFI: 1234.5},
            ),
        ),
        PLACES,
        HONESTY,
    )
    return replace(rows, **changes)


NOTHING = plan(streets=(), ledger=(), equity=(), costs=(), outreach=())


@dataclass
class Plans:
    """Answers with rows held in memory; remembers what it was asked."""

    found: PlanRows = field(default_factory=plan)
    promised: PlanRows | None = None
    why: str | None = None
    kept: list[Scenario] = field(default_factory=list)
    asked: list[Interval] = field(default_factory=list)
    most: int = 100

    def waits(self) -> str | None:
        return self.why

    def rows(self, bounds: Interval, now: datetime) -> PlanRows:
        assert now.tzinfo is not None and bounds[0] < bounds[1]
        self.asked.append(bounds)
        return replace(self.found, starts_at=instant(bounds[0]), ends_at=instant(bounds[1]))

    def areas(self) -> bytes:
        return City.bundled().neighbourhoods.read_bytes()

    def coverage_png(self, *, is_optimistic: bool, now: datetime) -> Picture:
        assert now.tzinfo is not None
        return Picture(_png(3 if is_optimistic else 2), 4.474, 51.020, 4.488, 51.032)

    def coverage_geojson(self, *, is_optimistic: bool, now: datetime) -> bytes:
        return self.gaps_geojson(is_optimistic=is_optimistic, now=now)

    def gaps_geojson(self, *, is_optimistic: bool, now: datetime) -> bytes:
        assert now.tzinfo is not None
        width = 0.0002 if is_optimistic else 0.0006
        ring = [[4.480, 51.025], [4.480 + width, 51.025], [4.480 + width, 51.027], [4.480, 51.025]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        feature = {"type": "Feature", "properties": {"id": "bruul"}, "geometry": shape}
        return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()

    def changeable(self) -> Sequence[Changeable]:
        return (
            Changeable("ap-bruul-01", "Bruul 1", is_site=False, lon=4.4803, lat=51.0275),
            Changeable(
                "bib", "Bib", is_site=True, services=(Service.COMPUTER,), hours="Mo 09:00-12:00"
            ),
        )

    def what_if(self, scenario: Scenario, now: datetime) -> WhatIf:
        assert now.tzinfo is not None
        known = {one.id for one in self.changeable()}
        new = {Action.ADD_ACCESS_POINT, Action.ADD_SITE}
        problems = tuple(
            f"Stap {n}: „{step.id}” kennen we niet."
            for n, step in enumerate(scenario.steps, 1)
            if step.action not in new and step.id not in known
        )
        gain = 40.0 * len(scenario.steps)
        levels = {level: Edges(e.planning + gain, 300) for level, e in street().covered_m.items()}
        found = self.promised or self.found
        after = replace(found, streets=(street(covered_m=levels), *found.streets[1:]))
        gained = {(Service.WIFI, "all"): 12.5, (Service.WIFI, "older"): -2.5}
        return WhatIf(scenario, found, after, gained, 0.123, problems)

    def scenarios(self) -> Sequence[Scenario]:
        return self.kept[::-1]

    def scenario(self, key: str) -> Scenario | None:
        return next((one for one in self.kept if one.key == key), None)

    def save(self, name: str, steps: Sequence[Step], now: datetime) -> Scenario:
        if len(self.kept) >= self.most:
            raise ValueError("Er zijn al te veel plannen bewaard.")
        key = f"{zlib.crc32(repr((name, steps)).encode()):08x}"
        self.kept.append(Scenario(key, name, tuple(steps), now))
        return self.kept[-1]


def _png(shade: int) -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    size = (1).to_bytes(4) * 2
    pixel = zlib.compress(bytes([0, 40 * shade, 40 * shade, 120, 120]))
    head = chunk(b"IHDR", size + bytes([8, 6, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
