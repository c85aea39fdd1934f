"""An invented large city: homes, sites with computers, streets, and a year of record."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from bench.year import LOCAL_TIME, OPENING_HOURS, months, year_of
from geodata.crs import EXCHANGE, METRIC
from geodata.demand import DemandPoints
from geodata.residents import Source
from geodata.walks import Walks
from netmon.analysis.inhabitants import Inhabitants
from netmon.analysis.people import People
from netmon.config.calendar import Calendar
from netmon.config.settings import KindSettings, Settings, StoreSettings
from netmon.domain.groups import Group
from netmon.domain.model import Device, DeviceKind, Inventory, Offer, Place, Power, Service
from netmon.storage.desk import DeskWriter
from netmon.storage.record import RecordWriter

ORIGIN_M = (655_000.0, 688_000.0)
COMPUTERS = 4
AREAS = 12
REACH_M = 800.0
GROUPS = ("all", "older", "newcomers", "young")
CALENDAR = Calendar(LOCAL_TIME, "BE", frozenset(), ())
_SOURCE = Source("people", "bench", "none", "2026", 10.0, is_synthetic=True)
_TO_DEGREES = Transformer.from_crs(METRIC, EXCHANGE, always_xy=True)

Metres = NDArray[np.float64]


def people_of(homes: Metres, lines: list[shapely.LineString], draw: np.random.Generator) -> People:
    """Return people of four groups at homes (n, 2), in metres from the corner of the city."""
    at = homes + ORIGIN_M
    names = np.array([f"area-{nth % AREAS}" for nth in range(len(at))])
    counts = draw.uniform(0, 3, (len(at), len(GROUPS)))
    inhabitants = Inhabitants(
        points=DemandPoints(at, names, GROUPS, counts, is_synthetic=True),
        synthetic=frozenset(GROUPS),
        alike=frozenset(),
        uncounted=(),
        unlocated={},
        ages=(),
        precision_m=10.0,
        sources=(_SOURCE,),
    )
    areas = gpd.GeoDataFrame(
        {"id": sorted({*names.tolist()}), "name": sorted({*names.tolist()})},
        geometry=[shapely.Point(ORIGIN_M)] * AREAS,
        crs=METRIC,
    )
    moved = [shapely.transform(each, lambda xy: xy + ORIGIN_M) for each in lines]
    groups = {name: Group(name, name, reach_m=REACH_M) for name in GROUPS}
    return People(inhabitants, Walks(moved, at, is_whole=True), areas, groups, _SOURCE)


def recorded(folder: Path, sites: Metres) -> Settings:
    """Write a year of the computers at sites (n, 2) into an empty folder; return its settings."""
    inventory = _inventory(sites)
    record, desk = RecordWriter(folder, origin="demo"), DeskWriter(folder, origin="demo")
    try:
        record.write(year_of(inventory))
        desk.import_inventory(inventory, months()[0][0])
    finally:
        record.close()
        desk.close()
    kind = KindSettings(checks=("snmp",), deciding="snmp")
    store = StoreSettings(folder=folder, origin="demo")
    return Settings(store=store, kinds={DeviceKind.PUBLIC_PC: kind})


def _inventory(sites: Metres) -> Inventory:
    offer = Offer(Service.COMPUTER, confirmed_on=date(2026, 1, 1), synthetic=True)
    bare = Place(
        "", "", is_street=False, lon=None, lat=None, offers=(offer,), precision_m=10.0,
        synthetic=True,
    )  # fmt: skip
    places, devices = [], []
    for nth, (x_m, y_m) in enumerate((sites + ORIGIN_M).tolist()):
        name, (lon, lat) = f"site-{nth}", _TO_DEGREES.transform(x_m, y_m)
        hours = OPENING_HOURS[nth % len(OPENING_HOURS)]
        places.append(replace(bare, id=name, name=name, lon=lon, lat=lat, opening_hours=hours))
        devices += [
            Device(
                f"{name}-{number}", DeviceKind.PUBLIC_PC, name, name, "127.0.0.1",
                power=Power.WITH_SITE, synthetic=True,
            )
            for number in range(COMPUTERS)
        ]  # fmt: skip
    return Inventory(tuple(places), tuple(devices))
