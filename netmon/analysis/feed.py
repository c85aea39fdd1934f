"""The public feed: spots meet the shapes of their streets, and only listed facts leave."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from geopandas import GeoDataFrame
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from netmon.analysis.rows import Notice, SpotRow
from netmon.domain.model import Status
from netmon.words.clean import clean

STATUS_WORD_NL: Mapping[Status, str] = {
    Status.UP: "werkt",
    Status.DEGRADED: "werkt deels",
    Status.DOWN: "werkt niet",
    Status.UNREACHABLE: "geen verbinding",
    Status.UNKNOWN: "weten we niet",
    Status.MAINTENANCE: "in onderhoud",
    Status.EXPECTED_OFF: "nu uit",
}
"""One short Dutch word per state, for people; the desk and the public page share it."""

PROPERTIES = (
    "id", "name", "kind", "services", "status", "status_nl", "since", "seen_at", "working",
    "total", "open_now", "changes_at", "opening_hours", "address", "neighbourhood",
    "precision_m", "source", "licence", "vintage", "synthetic", "verified", "announced",
)  # fmt: skip
"""Everything a feature may say; whatever is not listed here never leaves."""

COORDINATE_DIGITS = 6
"""Decimals of a degree: 0.1 m, finer than any source."""


def spots_geojson(spots: Iterable[SpotRow], streets: GeoDataFrame) -> bytes:
    """
    Return the public feed, a GeoJSON FeatureCollection (RFC 7946) in UTF-8.

    Parameters
    ----------
    spots
        The rows to publish, in the order in which they are to be listed.
    streets
        The shapes of the Wi-Fi streets, key `id` as a column, CRS EPSG:4326.

    Returns
    -------
    The same bytes for the same rows. `as_of` is the newest look at any spot, null before
    the first; it and `seen_at` are cut to the minute, so that a round in which nothing
    changed yields the same bytes. A spot without a known place has a null geometry.
    """
    listed = tuple(spots)
    shapes = dict(zip(streets["id"], streets.geometry, strict=True))
    collection = {
        "type": "FeatureCollection",
        "as_of": _minute(as_of(listed)),
        "features": [_feature(spot, shapes) for spot in listed],
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def as_of(spots: Iterable[SpotRow]) -> datetime | None:
    """Return the instant of the newest look at any of the spots, None before the first."""
    return max((spot.seen_at for spot in spots if spot.seen_at is not None), default=None)


def _feature(spot: SpotRow, shapes: Mapping[str, BaseGeometry]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": clean(spot.id),
        "geometry": _geometry(spot, shapes),
        "properties": _properties(spot),
    }


def _geometry(spot: SpotRow, shapes: Mapping[str, BaseGeometry]) -> dict[str, Any] | None:
    shape = shapes.get(spot.id) if spot.is_street else None
    if shape is not None and not shape.is_empty:
        drawn = mapping(shape)
        return {"type": drawn["type"], "coordinates": _rounded(drawn["coordinates"])}
    if spot.lon is None or spot.lat is None:
        return None
    return {"type": "Point", "coordinates": _rounded((spot.lon, spot.lat))}


def _rounded(coordinates: Any) -> Any:  # noqa: ANN401 - GeoJSON nests to any depth
    if isinstance(coordinates, float | int):
        return round(float(coordinates), COORDINATE_DIGITS)
    return [_rounded(part) for part in coordinates]


def _properties(spot: SpotRow) -> dict[str, Any]:
    """Say what is on the list, and nothing else; texts come from files and are hostile."""
    said = {
        "kind": "street" if spot.is_street else "site",
        "services": [service.value for service in spot.services],
        "status": spot.status.value,
        "status_nl": STATUS_WORD_NL[spot.status],
        "since": _instant(spot.since),
        "seen_at": _minute(spot.seen_at),
        "changes_at": _instant(spot.changes_at),
        "announced": [_announced(notice) for notice in spot.announced],
    }
    return {name: said[name] if name in said else _plain(spot, name) for name in PROPERTIES}


def _announced(notice: Notice) -> dict[str, Any]:
    return {
        "effect": notice.effect.value,
        "from": _instant(notice.starts_at),
        "to": _instant(notice.ends_at),
        "partial": notice.is_partial,
    }


def _plain(spot: SpotRow, name: str) -> Any:  # noqa: ANN401 - whatever the row holds
    value = getattr(spot, name)
    return clean(value) if isinstance(value, str) else value


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _minute(at: datetime | None) -> str | None:
    return None if at is None else _instant(at.replace(second=0))
