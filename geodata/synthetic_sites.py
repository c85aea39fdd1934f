"""The demo's sites: the real ones with invented hours and seats, and a few invented surfpunten."""

import re
from typing import Any

import geopandas as gpd
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geodata.choice import SEED, choose
from geodata.crs import EXCHANGE
from geodata.files import Collection
from geodata.layers import to_metric
from geodata.placing import area_of, points_in

CONFIRMED_ON = "2026-09-01"
"""The day on which the invented owner confirmed the invented hours."""

STATION = "station"
"""The Wi-Fi street beside which the one surfpunt stands that never closes."""

_STATION_NAME = "Station"

_SURFPUNT_ENDS_S = 600
"""Seconds that an invented site's computers are on before it opens and after it closes."""

# `PH off` comes last: a weekday rule after it would open the site on a holiday again.
_COMPUTER_HOURS = {
    "library": ("Tu-Fr 10:00-18:30; Sa 10:00-17:00; PH off",),
    "village_house": (
        "Mo,Tu,Th,Fr 09:00-12:00; We 09:00-12:00,13:30-16:30; PH off",
        "Mo-We,Fr 09:00-12:00; Th 09:00-12:00,16:00-19:00; PH off",
    ),
    "surfpunt": (
        "Mo-Fr 08:00-20:00; Sa 10:00-18:00; PH off",
        "Mo-Su 09:00-21:00; PH off",
    ),
}
_OFFICE_HOURS = (
    "Mo-Fr 09:00-12:30,13:30-16:30; PH off",
    "Mo-Th 08:30-16:30; Fr 08:30-12:00; PH off",
)
_DAYS = ("Mo,We", "Mo,Th", "Tu,Th", "Tu,Fr", "We,Fr")
_HALF_DAYS = ("09:00-12:00", "13:30-16:30")
_SEATS = {"library": (8,), "village_house": (2, 3), "surfpunt": (2, 3, 4)}
_SEATS_ELSEWHERE = (2, 3)


def with_synthetic_offers(sites: Collection) -> Collection:
    """
    Return the sites with hours and seats wherever the sources have none.

    An offer of which anything is invented says `synthetic: true`; one with published hours
    stays as it is. Each site gets a computer offer, for the demo needs computers to watch.
    """
    features = [
        {**site, "properties": {**site["properties"], "offers": _offers(site["properties"])}}
        for site in sites["features"]
    ]
    return {**sites, "name": "demo_sites", "synthetic": True, "features": features}


def with_surfpunten(
    sites: Collection, neighbourhoods: gpd.GeoDataFrame, streets: gpd.GeoDataFrame
) -> Collection:
    """
    Return the sites and some invented surfpunten.

    One stands by the station and is open day and night; one stands in the middle of each
    neighbourhood where no real site is placed. Both frames are in EPSG:4326. The positions
    are invented, hence exact (`precision_m` 0).
    """
    names = dict(zip(neighbourhoods["id"], neighbourhoods["name"], strict=True))
    served = {site["properties"]["neighbourhood"] for site in sites["features"]}
    areas = to_metric(neighbourhoods)
    station = to_metric(streets[streets["id"] == STATION]).geometry.iloc[0]
    places = [(_STATION_NAME, points_in(station, station.length)[0])]
    places += [
        (area.name, area.geometry.representative_point())
        for area in areas.itertuples()
        if area.name not in served
    ]
    frame = gpd.GeoDataFrame(geometry=[point for _, point in places], crs=areas.crs)
    held = area_of(frame, areas)
    points = frame.to_crs(EXCHANGE).geometry
    invented = [
        _surfpunt(name, names.get(area), point)
        for (name, _), area, point in zip(places, held, points, strict=True)
    ]
    return {**sites, "features": [*sites["features"], *invented]}


def _offers(site: dict[str, Any]) -> list[dict[str, Any]]:
    made = [_completed(site, offer) for offer in site["offers"]]
    if not any(offer["service"] == "computer" for offer in made):
        made.append(_computer(site["id"], site["kind"]))
    return made


def _completed(site: dict[str, Any], offer: dict[str, Any]) -> dict[str, Any]:
    hours = offer["opening_hours"]
    match offer["service"]:
        case "guided" if hours is None:
            return _guided(site["id"])
        case "computer":
            invented = _computer(site["id"], site["kind"])
            return {**invented, "opening_hours": hours or invented["opening_hours"]}
    return offer


def _guided(site_id: str) -> dict[str, Any]:
    """Return guided help on two half-days a week, as a digibankpunt has."""
    hours = f"{choose(_DAYS, site_id, 'days')} {choose(_HALF_DAYS, site_id, 'half')}; PH off"
    return _offer("guided", hours, choose((4, 6), site_id, "guided seats"))


def _computer(site_id: str, kind: str) -> dict[str, Any]:
    hours = choose(_COMPUTER_HOURS.get(kind, _OFFICE_HOURS), site_id, "hours")
    return _offer("computer", hours, choose(_SEATS.get(kind, _SEATS_ELSEWHERE), site_id, "seats"))


def _offer(service: str, hours: str, seats: int) -> dict[str, Any]:
    return {
        "service": service,
        "opening_hours": hours,
        "seats": seats,
        "owner": None,
        "confirmed_on": CONFIRMED_ON,
        "conditions": None,
        "synthetic": True,
    }


def _surfpunt(name: str, neighbourhood: str | None, point: BaseGeometry) -> dict[str, Any]:
    site_id = "surfpunt-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    offer = _computer(site_id, "surfpunt")
    if name == _STATION_NAME:
        offer = _offer("computer", "24/7", 4)
    properties = {
        "id": site_id,
        "name": f"Surfpunt {name}",
        "kind": "surfpunt",
        "address": None,
        "neighbourhood": neighbourhood,
        "opening_hours": offer["opening_hours"],
        "lead_s": _SURFPUNT_ENDS_S,
        "lag_s": _SURFPUNT_ENDS_S,
        "offers": [offer],
        "renamed_from": None,
        "source": f"invented for the demo (geodata.synthetic, seed '{SEED}')",
        "licence": "ODbL-1.0",
        "vintage": CONFIRMED_ON,
        "precision_m": 0,
        "synthetic": True,
    }
    return {"type": "Feature", "properties": properties, "geometry": mapping(point)}
