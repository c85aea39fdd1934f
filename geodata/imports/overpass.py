"""Overpass JSON: nodes, ways and multipolygons as features."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.crs import EXCHANGE
from geodata.errors import shown
from geodata.imports.columns import FIELDS, matched
from geodata.imports.formats import refused
from geodata.imports.kinds import LAYERS, Family, Kind
from geodata.imports.raw import Asked, Raw
from geodata.imports.repair import valid
from geodata.imports.text import clean, header_key
from geodata.imports.within import is_within

Element = dict[str, Any]
Positions = dict[int, tuple[float, float]]

_CORNERS = 4
_NEEDED_TAG = {Kind.STREETS: "highway", Kind.BUILDINGS: "building"}
_ERRORS = (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError)


def read_overpass(path: Path, asked: Asked) -> Raw:
    """
    Read what Overpass answered to `out geom`, or to `out` with all nodes.

    Raises
    ------
    DataError
        If the file is no JSON with a list of elements.
    """
    document = _document(path)
    elements = [each for each in document["elements"] if isinstance(each, dict)]
    positions = _positions(elements)
    rows, shapes, tags = [], [], []
    for element in elements:
        if not _is_meant(element, asked.kind):
            continue
        rows.append(f"{element.get('type')}/{element.get('id')}")
        shapes.append(_shape(element, positions, LAYERS[asked.kind].family, rows[-1], asked))
        tags.append(_tags(element, asked))
    made = np.array([*shapes, None], dtype=object)[:-1]
    was_there = ~shapely.is_missing(made)
    made = valid(
        made, rows, asked.journal, was_written=was_there, was_open=np.zeros(len(rows), bool)
    )
    table = pd.DataFrame(tags, index=pd.Index(rows, dtype=object), dtype=object).fillna("")
    frame = gpd.GeoDataFrame(table, geometry=made, crs=EXCHANGE)
    placed = frame[frame.geometry.notna()]
    inside = placed
    if asked.area is not None:
        inside = placed[is_within(placed.geometry.to_numpy(), asked.area)]
    outside = len(placed) - len(inside)
    return Raw(inside, len(rows), outside, is_osm=True, crs=EXCHANGE, vintage=_vintage(document))


def _document(path: Path) -> Element:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise refused(path, "file", "readable JSON", shown(str(error))) from error
    if not isinstance(document, dict) or not isinstance(document.get("elements"), list):
        raise refused(path, "elements", "a list of elements", "none")
    return document


def _vintage(document: Element) -> str:
    """Return the instant of the data base that answered, empty where it says none."""
    head = document.get("osm3s")
    base = head.get("timestamp_osm_base") if isinstance(head, dict) else None
    return clean(base) if isinstance(base, str) else ""


def _positions(elements: list[Element]) -> Positions:
    found: Positions = {}
    for element in elements:
        try:
            if element.get("type") == "node":
                found[int(element["id"])] = _position(element)
        except _ERRORS:
            continue  # told where something needs it
    return found


def _position(point: Element) -> tuple[float, float]:
    return float(point["lon"]), float(point["lat"])


def _is_meant(element: Element, kind: Kind) -> bool:
    tags = element.get("tags")
    if not isinstance(tags, dict) or not tags:
        return False
    needed = _NEEDED_TAG.get(kind)
    return needed is None or needed in tags


def _tags(element: Element, asked: Asked) -> dict[str, str]:
    tags = element.get("tags") or {}
    texts = {header_key(str(key)): clean(str(value)) for key, value in tags.items()}
    found = matched(texts, FIELDS[asked.kind], asked.columns)
    return {field: texts[header] for field, header in found.items()} | {
        "id": clean(f"{element.get('type')}/{element.get('id')}")
    }


def _shape(
    element: Element, positions: Positions, family: Family, row: str, asked: Asked
) -> shapely.Geometry | None:
    try:
        return _made(element, positions, family)
    except _ERRORS as error:
        expected = "coordinates, or nodes that are in the file"
        asked.journal.refuse(row, "geometry", expected, str(error))
        return None


def _made(element: Element, positions: Positions, family: Family) -> shapely.Geometry:
    match element.get("type"):
        case "node":
            return shapely.Point(_position(element))
        case "way":
            line = _line(element, positions)
            is_ring = line[0] == line[-1] and len(line) >= _CORNERS
            is_area = is_ring and family is not Family.LINES
            return shapely.Polygon(line) if is_area else shapely.LineString(line)
        case "relation":
            return _area(element, positions)
    raise ValueError(f"an element of type {element.get('type')!r}")


def _line(way: Mapping[str, Any], positions: Positions) -> list[tuple[float, float]]:
    if isinstance(way.get("geometry"), list):
        return [_position(point) for point in way["geometry"] if point is not None]
    return [positions[int(node)] for node in way["nodes"]]


def _area(relation: Element, positions: Positions) -> shapely.Geometry:
    """Return outer rings less inner rings, each put together from the ways of the relation."""
    outer = shapely.union_all(list(_rings(relation, positions, inner=False)))
    inner = shapely.union_all(list(_rings(relation, positions, inner=True)))
    if outer.is_empty:
        raise ValueError("a relation whose outer rings do not close")
    return outer.difference(inner)


def _rings(relation: Element, positions: Positions, *, inner: bool) -> Iterator[shapely.Geometry]:
    ways = [
        shapely.LineString(_line(member, positions))
        for member in relation["members"]
        if member.get("type") == "way" and (member.get("role") == "inner") == inner
        if "geometry" in member or "nodes" in member
    ]
    yield from shapely.get_parts(shapely.polygonize(ways))
