"""The layers that `netmon import` put into a city's folder, as frames; None where there is none."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio  # type: ignore[import-untyped]  # it ships no types
from pyogrio.errors import (  # type: ignore[import-untyped]  # likewise
    DataLayerError,
    DataSourceError,
    FeatureError,
    GeometryError,
)

from geodata.contract import HONESTY
from geodata.crs import EXCHANGE
from geodata.errors import DataError, Finding, shown
from geodata.imports.kinds import LAYERS, Kind
from geodata.layers import load_layer

_ERRORS = (DataLayerError, DataSourceError, FeatureError, GeometryError, ValueError, KeyError)


def load_imported(folder: Path, kind: Kind) -> gpd.GeoDataFrame | None:
    """
    Load an imported layer.

    Returns
    -------
    One row a feature, CRS EPSG:4326, key `id`; the five columns of the honesty contract are
    always there. None where nobody imported the layer.

    Raises
    ------
    DataError
        If the file is there and cannot be read, or does not say where it is from.
    """
    path = folder / LAYERS[kind].file
    if not path.is_file():
        return None
    return load_layer(path) if path.suffix == ".geojson" else _load_package(path)


def load_buildings(folder: Path) -> gpd.GeoDataFrame | None:
    """Return footprints: `id`, `kind`, `height_m` and `levels` (NaN: unknown), MultiPolygons."""
    return load_imported(folder, Kind.BUILDINGS)


def load_street_network(folder: Path) -> gpd.GeoDataFrame | None:
    """Return what may be walked: `id`, `name`, `kind`, MultiLineStrings."""
    return load_imported(folder, Kind.STREETS)


def load_addresses(folder: Path) -> gpd.GeoDataFrame | None:
    """Return doors: `id`, `street`, `number`, `postcode`, `dwellings` (count), points."""
    return load_imported(folder, Kind.ADDRESSES)


def load_sectors(folder: Path) -> gpd.GeoDataFrame | None:
    """Return statistical sectors: `id` (NIS9), `name`, areas."""
    return load_imported(folder, Kind.SECTORS)


def load_population(folder: Path) -> gpd.GeoDataFrame | None:
    """Return people by area: `id`, `people`, a column for each group that is known; no geometry."""
    return load_imported(folder, Kind.POPULATION)


def load_income(folder: Path) -> gpd.GeoDataFrame | None:
    """Return incomes by area: `id`, euro a year and a declaration (NaN: unknown); no geometry."""
    return load_imported(folder, Kind.INCOME)


def _load_package(path: Path) -> gpd.GeoDataFrame:
    try:
        info = pyogrio.read_info(path)
        told = _told(info["layer_metadata"])
        frame = pyogrio.read_dataframe(path)
    except _ERRORS as error:
        finding = Finding(path.name, "", "file", "what `netmon import` wrote", shown(str(error)))
        raise DataError([finding]) from error
    if frame.crs != EXCHANGE:
        raise DataError([Finding(path.name, "", "crs", EXCHANGE, shown(str(frame.crs)))])
    return frame.assign(**told)


def _told(metadata: dict[str, str] | None) -> dict[str, Any]:
    """Return the answers of the honesty contract; raises `ValueError` where one is missing."""
    told = json.loads((metadata or {})["netmon"])
    if not isinstance(told, dict) or set(told) != set(HONESTY):
        raise ValueError("no source, licence, vintage, precision_m and synthetic")
    return told
