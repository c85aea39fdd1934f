"""Reading and writing GeoJSON files as text: the same bytes on every machine."""

import json
from pathlib import Path
from typing import Any

from geodata.errors import DataError, Finding, shown

Collection = dict[str, Any]
"""A GeoJSON FeatureCollection (RFC 7946) as `json` reads it."""

DECIMALS = 6
"""Of a degree: about a decimetre, finer than any source here."""


def read_collection(path: Path) -> Collection:
    """
    Read a GeoJSON feature collection without judging what is in it.

    Raises
    ------
    DataError
        If the file is missing, is no JSON, or is no FeatureCollection with a list of features.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        finding = Finding(path.name, "", "file", "readable GeoJSON", shown(str(error)))
        raise DataError([finding]) from error
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        found = data.get("type") if isinstance(data, dict) else type(data).__name__
        raise DataError([Finding(path.name, "", "type", "FeatureCollection", shown(found))])
    features = data.get("features")
    if not isinstance(features, list):
        found = shown(type(features).__name__)
        raise DataError([Finding(path.name, "", "features", "a list of features", found)])
    return data


def write_collection(path: Path, collection: Collection) -> None:
    """
    Write a feature collection, one feature a line, so that a diff shows what changed.

    Every float is rounded to `DECIMALS`; other members keep their order.
    """
    head = {key: value for key, value in collection.items() if key != "features"}
    opening = _text(head).removesuffix("}")
    lines = ",\n".join(_text(feature) for feature in collection["features"])
    path.write_text(f'{opening},"features":[\n{lines}\n]}}\n', encoding="utf-8", newline="\n")


def _text(value: object) -> str:
    return json.dumps(_rounded(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _rounded(value: object) -> object:
    match value:
        case float():
            return round(value, DECIMALS) + 0.0  # minus zero would be a second spelling of zero
        case dict():
            return {key: _rounded(item) for key, item in value.items()}
        case list() | tuple():
            return [_rounded(item) for item in value]
    return value
