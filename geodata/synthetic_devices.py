"""The demo's devices: access points along the Wi-Fi streets, computers at the sites."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.choice import choose
from geodata.crs import EXCHANGE
from geodata.files import DECIMALS, Collection
from geodata.layers import to_metric
from geodata.placing import points_in

SPACING_M = 25.0
"""Between two access points of a street."""

GATEWAY = "gw-city"
"""The one device on which all others depend."""

MARKET = "grote-markt"
"""The street where it stands."""

_SEATS_FOR_A_GATEWAY = 3
"""From so many computers on, a site has a gateway of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """
    One line of `devices.csv`; its fields are the columns, in this order.

    `port` is None, for the demo fills it; `parents` are ids with a space between; `lon,
    lat` (EPSG:4326) are None where the site has no place.
    """

    id: str
    kind: str
    name: str
    place_id: str
    host: str = "127.0.0.1"
    port: int | None = None
    parents: str = GATEWAY
    credential: str = "demo"
    power: str = "always_on"
    lon: float | None = None
    lat: float | None = None
    renamed_from: str | None = None
    synthetic: str = "true"


def devices(sites: Collection, streets: gpd.GeoDataFrame) -> list[Row]:
    """
    Return every device of the demo, parents before their children.

    `sites` carry their computer offers with seats: as many computers stand there.
    `streets` is the layer of Wi-Fi streets in EPSG:4326.
    """
    areas = to_metric(streets)
    shapes = dict(zip(streets["id"], areas.geometry, strict=True))
    lon, lat = _degrees([shapes[MARKET].representative_point()], areas.crs)[0]
    rows = [Row(GATEWAY, "gateway", "City gateway", MARKET, parents="", lon=lon, lat=lat)]
    for street in areas.itertuples():
        rows += _street_rows(street.id, street.name, street.geometry, areas.crs)
    for site in sites["features"]:
        rows += _site_rows(site)
    return rows


def write_devices(path: Path, rows: Iterable[Row]) -> None:
    """Write the rows with a header line; None is an empty cell, a degree has six decimals."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Row)])
        writer.writerows(map(_cells, rows))


def _cells(row: Row) -> list[object]:
    return [
        f"{value:.{DECIMALS}f}" if isinstance(value, float) else value for value in astuple(row)
    ]


def _degrees(points: list[Point], crs: object) -> list[tuple[float, float]]:
    return [(point.x, point.y) for point in gpd.GeoSeries(points, crs=crs).to_crs(EXCHANGE)]


def _street_rows(street_id: str, name: str, shape: BaseGeometry, crs: object) -> Iterator[Row]:
    """Yield the switch of a street, at its first access point, and the access points."""
    places = _degrees(points_in(shape, SPACING_M), crs)
    switch = f"sw-{street_id}"
    lon, lat = places[0]
    yield Row(switch, "switch", f"Switch {name}", street_id, lon=lon, lat=lat)
    for number, (lon, lat) in enumerate(places, start=1):
        yield Row(
            f"ap-{street_id}-{number:02}",
            "access_point",
            f"Access point {name} {number}",
            street_id,
            parents=switch,
            lon=lon,
            lat=lat,
        )


def _site_rows(site: dict[str, Any]) -> Iterator[Row]:
    """Yield the gateway of a site, if it has one, and its public computers."""
    properties = site["properties"]
    site_id, name = properties["id"], properties["name"]
    seats = sum(o["seats"] for o in properties["offers"] if o["service"] == "computer")
    lon, lat = site["geometry"]["coordinates"] if site["geometry"] else (None, None)
    parent = GATEWAY
    if seats >= _SEATS_FOR_A_GATEWAY:
        parent = f"gw-{site_id}"
        yield Row(parent, "gateway", f"Gateway {name}", site_id, lon=lon, lat=lat)
    power = _power(properties)
    for number in range(1, seats + 1):
        yield Row(
            f"pc-{site_id}-{number:02}",
            "public_pc",
            f"Public computer {name} {number}",
            site_id,
            parents=parent,
            power=power,
            lon=lon,
            lat=lat,
        )


def _power(site: dict[str, Any]) -> str:
    """Return `always_on` where the site never closes, else what suits a site of its kind."""
    if any(offer["opening_hours"] == "24/7" for offer in site["offers"]):
        return "always_on"
    return choose(("with_site", "with_site", "with_site", "on_demand"), site["id"], "power")
