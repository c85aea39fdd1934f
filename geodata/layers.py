"""Loading a layer as a frame, and measuring it in metres."""

from pathlib import Path

import geopandas as gpd

from geodata.contract import Box, defaults_of, require
from geodata.crs import EXCHANGE, METRIC
from geodata.errors import DataError, Finding, shown
from geodata.files import Collection, read_collection

__all__ = ["EXCHANGE", "METRIC", "load_layer", "require_crs", "to_metric"]

_WORLD: Box = (-180.0, -90.0, 180.0, 90.0)


def load_layer(path: Path, key: str | None = "id", *, within: Box = _WORLD) -> gpd.GeoDataFrame:
    """
    Load one GeoJSON layer that keeps the honesty contract.

    Parameters
    ----------
    path
        A GeoJSON file.
    key
        The property that names a feature and is unique; None for a base map.
    within
        West, south, east, north in degrees; nothing may reach outside.

    Returns
    -------
    One row per feature in the order of the file, CRS EPSG:4326; a column per property, the
    five of the contract always among them. A geometry is None where no source places it; a
    null of a text column is missing (`isna`), as pandas has it.

    Raises
    ------
    DataError
        If the file cannot be read or breaks the contract, with every finding.
    """
    collection = read_collection(path)
    require(collection, path.name, key=key, within=within)
    return frame_of(collection)


def frame_of(collection: Collection) -> gpd.GeoDataFrame:
    """Return a collection as a frame in EPSG:4326, its defaults written into every row."""
    defaults = defaults_of(collection)
    features = [
        {
            "type": "Feature",
            "geometry": feature.get("geometry"),
            "properties": {**defaults, **feature["properties"]},
        }
        for feature in collection["features"]
    ]
    if not features:
        return gpd.GeoDataFrame(geometry=[], crs=EXCHANGE)
    return gpd.GeoDataFrame.from_features(features, crs=EXCHANGE)


def to_metric(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the frame in EPSG:3812, where lengths are metres.

    Raises
    ------
    DataError
        If the frame does not say which CRS it is in.
    """
    if frame.crs is None:
        raise DataError([Finding("frame", "", "crs", "a CRS", "none")])
    return frame.to_crs(METRIC)


def require_crs(frame: gpd.GeoDataFrame, crs: str, name: str) -> None:
    """Raise `DataError` unless the frame called `name` is in `crs`."""
    if frame.crs != crs:
        raise DataError([Finding(name, "", "crs", crs, shown(str(frame.crs)))])
