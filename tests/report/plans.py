"""Rows of a planner's page made by hand: a city of a few areas, with a bit of everything."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import geopandas as gpd
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from geodata.link import ServiceClass
from netmon.analysis.ledger import Parts
from netmon.analysis.plan_rows import (
    WHOLE_CITY,
    CostRow,
    Edges,
    EquityRow,
    Honesty,
    LedgerRow,
    OutreachRow,
    PlanRows,
    StreetRow,
)
from netmon.domain.model import Service
from netmon.report.plan_files import Ground

END = datetime(2026, 11, 23, tzinfo=UTC)
SERVICES = (Service.WIFI, Service.COMPUTER, Service.GUIDED)
NEAREST = {Service.COMPUTER: ("Bib", 340.0)}
HONEST = {"licence": "CC0", "vintage": "2026", "precision_m": 10, "synthetic": True}


def parts(people: float, delivered: float = 0.25) -> Parts:
    """Return a week of 98 active hours, of which a share was delivered."""
    total = people * 98
    return Parts(total * delivered, 0.0, total / 8, total / 8, 0.0, total * (0.75 - delivered), 0.0)


def ledger(groups: dict[str, dict[str, float]]) -> tuple[LedgerRow, ...]:
    """Return rows of people by group and area, and of the whole city."""
    rows = []
    for service in SERVICES:
        for group, areas in groups.items():
            for area, people in {WHOLE_CITY: sum(areas.values()), **areas}.items():
                rows.append(LedgerRow(service, group, area, f"Wijk {area}", people, parts(people)))
    return tuple(rows)


def plan(groups: dict[str, dict[str, float]] | None = None, costs: int = 2) -> PlanRows:
    """Return a week before `END`."""
    people = groups or {"all": {"a": 800.0, "b": 400.0}, "older": {"a": 200.0, "b": 90.0}}
    metres = dict.fromkeys(ServiceClass, Edges(120.0, 180.0))
    return PlanRows(
        END - timedelta(days=7),
        END,
        (StreetRow("bruul", "Bruul", 200.0, 3000.0, metres, metres, Edges(20.0, 5.0)),),
        ledger(people),
        (EquityRow(Service.COMPUTER, "older", 0.2, 0.25, 0.4, 0.5),),
        tuple(_cost(number) for number in range(costs)),
        (
            OutreachRow(
                "De Rooster", "older", "Wijk a", {Service.COMPUTER: ("Bib", 340.0)}, 4.48, 51.0
            ),
        ),
        Honesty(
            is_synthetic=True,
            precision_m=400.0,
            versions={"inventaris": "3", "bevolking": "2015"},
            notes=("Muren zijn straatranden.",),
        ),
    )


def ground(areas: tuple[str, ...] = ("a", "b")) -> Ground:
    """Return the city's shapes: squares side by side, and one street."""
    squares = [box(4.4 + n / 100, 51.0, 4.41 + n / 100, 51.01) for n in range(len(areas))]
    line = LineString([(4.401, 51.001), (4.403, 51.001)])
    names = [f"Wijk {area}" for area in areas]
    return Ground(
        "Mechelen", layer(list(areas), names, squares), layer(["bruul"], ["Bruul"], [line])
    )


def layer(ids: list[str], names: list[str], shapes: Sequence[BaseGeometry]) -> gpd.GeoDataFrame:
    facts = {"id": ids, "name": names, "source": "test", **HONEST}
    return gpd.GeoDataFrame(facts, geometry=list(shapes), crs="EPSG:4326")


def _cost(number: int) -> CostRow:
    began = END - timedelta(days=1, hours=number)
    hours = {Service.COMPUTER: 12.0 + number, Service.WIFI: 3.0}
    return CostRow(f"i{number}", f"Switch {number}", "Bib", began, None, hours)
