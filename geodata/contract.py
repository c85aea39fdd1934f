"""
The honesty contract: what every feature must say about itself before it is used.

`source`, `licence`, `vintage`, `precision_m` and `synthetic`, at the feature or once for
all in the collection's member `defaults`; one unique key; a valid geometry in EPSG:4326.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from geodata.crs import EXCHANGE, is_degrees, lambert_of
from geodata.errors import DataError, Finding, shown
from geodata.files import Collection

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

HONESTY = ("source", "licence", "vintage", "precision_m", "synthetic")

_WORLD: Box = (-180.0, -90.0, 180.0, 90.0)
_CRS_NAMES = ("CRS84", "EPSG:4326", "EPSG::4326")


def findings(
    collection: Collection, file: str, *, key: str | None = "id", within: Box = _WORLD
) -> list[Finding]:
    """
    Return everything in a collection that breaks the contract; an empty list is a pass.

    Parameters
    ----------
    collection
        A feature collection as `read_collection` returns it.
    file
        The name to use in the findings.
    key
        The property that names a feature; None for a base map, which has no names to keep.
    within
        The box that holds every coordinate; a geometry reaching outside is a finding.
    """
    found = list(_crs_findings(collection, file))
    defaults = defaults_of(collection)
    features = collection["features"]
    for number, feature in enumerate(features):
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
            name = _name(feature, key, number)
            properties = {**defaults, **feature["properties"]}
            placed = feature.get("geometry") is not None
            found += _honesty_findings(properties, file, name, placed=placed)
            found += _geometry_findings(feature.get("geometry"), file, name, within)
        else:
            expected = "a Feature with properties"
            found.append(Finding(file, f"#{number}", "feature", expected, shown(feature)))
    return found + list(_key_findings(features, file, key))


def require(
    collection: Collection, file: str, *, key: str | None = "id", within: Box = _WORLD
) -> None:
    """Raise `DataError` with every finding if the collection breaks the contract."""
    if found := findings(collection, file, key=key, within=within):
        raise DataError(found)


def defaults_of(collection: Collection) -> dict[str, Any]:
    """Return the honesty properties that a collection states once for all its features."""
    defaults = collection.get("defaults")
    if not isinstance(defaults, dict):
        return {}
    return {name: defaults[name] for name in HONESTY if name in defaults}


def _name(feature: dict[str, Any], key: str | None, number: int) -> str:
    value = feature["properties"].get(key) if key else None
    return shown(value).strip("'") if isinstance(value, str) and value else f"#{number}"


def _crs_findings(collection: Collection, file: str) -> Iterator[Finding]:
    """GeoJSON is WGS 84; the member `crs` of its first edition may only repeat that."""
    crs = collection.get("crs")
    if crs is not None and not any(name in ascii(crs) for name in _CRS_NAMES):
        yield Finding(file, "", "crs", EXCHANGE, shown(crs))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_precision(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value >= 0


_Rule = tuple[Callable[[object], bool], str]

_RULES: dict[str, _Rule] = {
    "source": (_is_text, "a citation"),
    "licence": (_is_text, "a licence"),
    "vintage": (_is_text, "a date or year as text"),
    "precision_m": (_is_precision, "metres, 0 or more"),
    "synthetic": (lambda value: isinstance(value, bool), "true or false"),
}

# What has no place has no precision: a number would claim knowledge.
_RULES_UNPLACED = {
    **_RULES,
    "precision_m": (lambda value: value is None, "null, as the geometry is null"),
}


def _honesty_findings(
    properties: dict[str, Any], file: str, name: str, *, placed: bool
) -> Iterator[Finding]:
    for key, (holds, expected) in (_RULES if placed else _RULES_UNPLACED).items():
        value = properties.get(key)
        if not holds(value):
            yield Finding(file, name, key, expected, shown(value))


def _geometry_findings(geometry: object, file: str, name: str, within: Box) -> Iterator[Finding]:
    if geometry is None:
        return
    try:
        made = shape(geometry)
        expected, found = _geometry_fault(made, within)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        expected, found = "a GeoJSON geometry", shown(str(error))
    if expected:
        yield Finding(file, name, "geometry", expected, found)


def _geometry_fault(geometry: BaseGeometry, within: Box) -> tuple[str, str]:
    """Return what was expected and what was found; both empty where nothing is wrong."""
    if geometry.is_empty:
        return "coordinates", "an empty geometry"
    west, south, east, north = geometry.bounds
    if not all(map(math.isfinite, geometry.bounds)):
        return "finite coordinates", shown(geometry.bounds)
    if not is_degrees(west, south):
        crs = lambert_of(west, south) or "metres or something else"
        return f"{EXCHANGE} lon, lat in degrees", f"({west:.0f}, {south:.0f}), perhaps {crs}"
    if west < within[0] or south < within[1] or east > within[2] or north > within[3]:
        return f"inside {within}", shown(geometry.bounds)
    if not geometry.is_valid:
        return "a valid geometry", explain_validity(geometry)
    return "", ""


def _key_findings(features: list[Any], file: str, key: str | None) -> Iterator[Finding]:
    if key is None:
        return
    counts: Counter[str] = Counter()
    for number, feature in enumerate(features):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        value = properties.get(key) if isinstance(properties, dict) else None
        if isinstance(value, str) and value.strip():
            counts[value] += 1
        else:
            yield Finding(file, f"#{number}", key, "a name", shown(value))
    for repeated in (value for value, count in counts.items() if count > 1):
        yield Finding(file, shown(repeated), key, "unique", f"{counts[repeated]} times")
