"""A layer as a file: GeoJSON or GeoPackage, the same bytes for the same features."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio  # type: ignore[import-untyped]  # it ships no types
import shapely

from geodata.contract import require
from geodata.errors import DataError, Finding
from geodata.files import Collection, write_collection
from geodata.imports.kinds import LAYERS, Family, Kind
from geodata.imports.told import Told

_UNCHANGING = "2000-01-01T00:00:00Z"
"""GeoPackage keeps when it was last changed; the bytes must not depend on the day."""

_PROMOTED = {Family.LINES: "MultiLineString", Family.AREAS: "MultiPolygon", Family.POINTS: "Point"}


def write_layer(path: Path, kind: Kind, frame: gpd.GeoDataFrame, told: Told) -> None:
    """
    Write features with what was told about them.

    Raises
    ------
    DataError
        If the layer would break the honesty contract: nobody would load it.
    """
    if path.suffix == ".geojson":
        collection = collection_of(kind, frame, told)
        require(collection, path.name)
        write_collection(path, collection)
    else:
        _write_package(path, kind, frame, told)


def collection_of(kind: Kind, frame: gpd.GeoDataFrame, told: Told) -> Collection:
    """Return features as GeoJSON, what was told once for all in `defaults`."""
    features = [_feature(row, told) for row in frame.to_dict("records")]
    name = LAYERS[kind].file.removesuffix(".geojson")
    head = {"type": "FeatureCollection", "name": name, "attribution": told.source}
    return {**head, "defaults": told.defaults(), "features": features}


def _feature(row: dict[str, Any], told: Told) -> dict[str, Any]:
    shape = row.pop("geometry")
    facts = {name: _plain(value) for name, value in row.items()}
    if shape is None:
        if told.precision_m is not None:
            facts["precision_m"] = None
        return {"type": "Feature", "properties": facts, "geometry": None}
    return {"type": "Feature", "properties": facts, "geometry": shapely.geometry.mapping(shape)}


def _plain(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value


def _write_package(path: Path, kind: Kind, frame: gpd.GeoDataFrame, told: Told) -> None:
    if frame["id"].duplicated().any():
        raise DataError([Finding(path.name, "", "id", "unique", "repeated ones")])
    with undated():
        pyogrio.write_dataframe(
            frame,
            path,
            layer=path.stem,
            driver="GPKG",
            geometry_type=_PROMOTED[LAYERS[kind].family],
            promote_to_multi=LAYERS[kind].family is not Family.POINTS,
            layer_metadata={"netmon": json.dumps(told.defaults(), ensure_ascii=False)},
        )


@contextmanager
def undated() -> Iterator[None]:
    """Let packages that are written meanwhile not say when: the same content, the same bytes."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _UNCHANGING})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
