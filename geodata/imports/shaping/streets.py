"""Streets and paths on which people walk."""

import geopandas as gpd
import pandas as pd
import shapely

from geodata.imports.osm import NO_ACCESS, NO_FOOT, NOT_WALKED, YES_FOOT
from geodata.imports.raw import Raw
from geodata.imports.shaping.naming import column, unique_ids


def shape_streets(raw: Raw) -> gpd.GeoDataFrame:
    """Return lines with `id`, `name` and `kind`; of OpenStreetMap only what may be walked."""
    frame = raw.frame
    if raw.is_osm:
        frame = frame[_is_walked(frame)]
    parts = shapely.get_type_id(frame.geometry.to_numpy())
    is_line = (parts == shapely.GeometryType.LINESTRING) | (
        parts == shapely.GeometryType.MULTILINESTRING
    )
    frame = frame[is_line]
    facts = {
        "id": unique_ids(frame, "street"),
        "name": column(frame, "name"),
        "kind": column(frame, "kind"),
    }
    return gpd.GeoDataFrame(facts, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _is_walked(frame: gpd.GeoDataFrame) -> "pd.Series[bool]":
    """Tell which ways people may walk, by `highway`, `foot` and `access`."""
    kind, foot, access = (
        pd.Series(column(frame, name), index=frame.index) for name in ("kind", "foot", "access")
    )
    may = ~kind.isin(NOT_WALKED) & ~foot.isin(NO_FOOT) & ~access.isin(NO_ACCESS)
    return (kind != "") & (may | (foot.isin(YES_FOOT) & ~kind.isin({"construction", "proposed"})))
