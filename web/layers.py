"""The layers of the city's map: read once, served as prepared GeoJSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, request
from geopandas import GeoDataFrame

from geodata.city import City
from geodata.contract import defaults_of
from geodata.files import Collection, read_collection
from geodata.layers import load_layer
from web.prepared import FOREVER, NO_CACHE, Prepared

NAMES = (
    "basemap_water",
    "basemap_rail",
    "basemap_streets",
    "boundary",
    "neighbourhoods",
    "target_groups",
)
"""The layers that a browser may ask for."""

SHOWN = ("id", "name", "group", "kind", "synthetic")
"""The properties that the map uses; the files hold the rest."""

MEDIA_TYPE = "application/geo+json"


@dataclass(frozen=True, slots=True)
class CityLayers:
    """
    A city's map: its name, GeoJSON per layer name, the Wi-Fi streets, and whom to thank.

    `streets` has its key `id` as a column, CRS EPSG:4326. `groups` are the target groups
    of which a place is known. `bounds` are the city's west, south, east, north in degrees.
    `attributions` are plain texts, each once.
    """

    name: str
    layers: Mapping[str, Prepared]
    streets: GeoDataFrame
    groups: frozenset[str]
    bounds: tuple[float, float, float, float]
    attributions: tuple[str, ...]

    @classmethod
    def load(cls, city_dir: Path) -> "CityLayers":
        """Read the folder of a city; raises `geodata.errors.DataError`, naming the file."""
        city = City.open(city_dir)
        collections = {name: read_collection(getattr(city, name)) for name in NAMES}
        outline = load_layer(city.boundary)
        return cls(
            str(outline["name"].iloc[0]),
            {name: _prepared(collection) for name, collection in collections.items()},
            load_layer(city.streets),
            _groups(collections["target_groups"]),
            _bounds(outline),
            _attributions([*collections.values(), read_collection(city.streets)]),
        )

    def url(self, name: str) -> str:
        """Return the address of a layer, which changes with its content."""
        return f"/layers/{name}.geojson?v={self.layers[name].tag}"


def blueprint(city: CityLayers) -> Blueprint:
    """Return the one route for layers; a name that is not in the table is 404."""
    room = Blueprint("layers", __name__)

    @room.get("/layers/<name>.geojson")
    def layer(name: str) -> Response:
        found = city.layers.get(name)
        if found is None:
            return abort(404)
        return found.answer(FOREVER if request.args.get("v") == found.tag else NO_CACHE)

    return room


def _prepared(collection: Collection) -> Prepared:
    """Keep what is drawn: base map features are many, and their sources are said once."""
    is_synthetic = defaults_of(collection).get("synthetic") is True
    common = {"synthetic": True} if is_synthetic else {}
    features = [
        {
            "type": "Feature",
            "geometry": feature["geometry"],
            "properties": common
            | {
                name: value
                for name, value in (feature.get("properties") or {}).items()
                if name in SHOWN
            },
        }
        for feature in collection["features"]
        if feature.get("geometry") is not None and _is_public(feature)
    ]
    slim = {"type": "FeatureCollection", "features": features}
    text = json.dumps(slim, ensure_ascii=False, separators=(",", ":"))
    return Prepared.of(text.encode(), MEDIA_TYPE)


def _is_public(feature: Mapping[str, Any]) -> bool:
    """Tell whether a feature may be shown: refuges and care places are kept for planners only."""
    return (feature.get("properties") or {}).get("public", True) is True


def _groups(places: Collection) -> frozenset[str]:
    placed = [each for each in places["features"] if each.get("geometry") and _is_public(each)]
    return frozenset(each["properties"]["group"] for each in placed)


def _bounds(frame: GeoDataFrame) -> tuple[float, float, float, float]:
    west, south, east, north = frame.total_bounds
    return float(west), float(south), float(east), float(north)


def _attributions(collections: Iterable[Collection]) -> tuple[str, ...]:
    """Return every text that a licence asks to be shown, in the order of the layers."""
    return tuple(dict.fromkeys(text for part in collections for text in _thanks(part)))


def _thanks(collection: Collection) -> Iterator[str]:
    """Yield the attribution of a layer with each licence that it is under."""
    stated = [collection.get("defaults", {}), *(f["properties"] for f in collection["features"])]
    licences = dict.fromkeys(part["licence"] for part in stated if "licence" in part)
    attribution = str(collection.get("attribution", ""))
    for licence in licences if attribution else ():
        yield (
            attribution
            if licence.replace("-", " ") in attribution
            else f"{attribution} ({licence})"
        )
