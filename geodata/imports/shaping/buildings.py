"""The outlines of buildings."""

import geopandas as gpd
import numpy as np
import shapely

from geodata.imports.raw import Raw
from geodata.imports.shaping.naming import column, unique_ids
from geodata.imports.text import number_of

_TALLEST_M = 1000.0
_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_NOT_BUILT = ("", "no", "demolished", "razed", "construction", "proposed")


def shape_buildings(raw: Raw) -> gpd.GeoDataFrame:
    """
    Return areas with `id`, `kind`, `height_m` (NaN where unknown) and `levels` (likewise).

    A height is what the source says, never one that levels would suggest.
    """
    frame = raw.frame
    if raw.is_osm:
        frame = frame[~np.isin(column(frame, "kind"), _NOT_BUILT)]
    frame = frame[np.isin(shapely.get_type_id(frame.geometry.to_numpy()), _AREAS)]
    facts = {
        "id": unique_ids(frame, "building"),
        "kind": column(frame, "kind"),
        "height_m": [_height(text) for text in column(frame, "height_m")],
        "levels": [_height(text) for text in column(frame, "levels")],
    }
    return gpd.GeoDataFrame(facts, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _height(text: str) -> float:
    value = number_of(text.removesuffix("m").strip())
    return value if value is not None and 0 <= value <= _TALLEST_M else float("nan")
