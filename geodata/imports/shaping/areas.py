"""Statistical sectors and neighbourhoods: areas with an official code."""

import re

import geopandas as gpd
import numpy as np
import shapely

from geodata.imports.journal import Journal
from geodata.imports.raw import Raw
from geodata.imports.shaping.naming import column, once, slug

NIS9 = re.compile(r"\d{5}[A-Z0-9]\d[A-Z0-9][A-Z0-9_-]")
"""A sector's code: NIS5 of its municipality, then four characters, the last often a dash."""

_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def shape_sectors(raw: Raw, city: gpd.GeoSeries, journal: Journal) -> gpd.GeoDataFrame:
    """Return the sectors that lie in the city, with `id` (NIS9) and `name`; one row a code."""
    frame = _own(raw.frame, city)
    codes = [code.upper() for code in column(frame, "id")]
    is_kept = np.array([bool(NIS9.fullmatch(code)) for code in codes], dtype=bool)
    for at in np.flatnonzero(~is_kept):
        journal.refuse(frame.index[at], "id", "a sector's code such as 12025A00-", codes[at])
    facts = {"id": codes, "name": column(frame, "name")}
    made = gpd.GeoDataFrame(facts, geometry=frame.geometry.to_numpy(), crs=frame.crs)[is_kept]
    joined = (
        made.dissolve("id", aggfunc="first", sort=True) if made["id"].duplicated().any() else made
    )
    return joined.reset_index() if joined is not made else made.reset_index(drop=True)


def shape_neighbourhoods(raw: Raw, city: gpd.GeoSeries, journal: Journal) -> gpd.GeoDataFrame:
    """Return the neighbourhoods that lie in the city, with `id` and `name`."""
    frame = _own(raw.frame, city)
    names = column(frame, "name")
    for row, name in zip(frame.index, names, strict=True):
        if not name:
            journal.refuse(row, "name", "a name", "nothing")
    own = column(frame, "id")
    ids = [code or slug(name) for code, name in zip(own, names, strict=True)]
    facts = {"id": once(ids), "name": names}
    made = gpd.GeoDataFrame(facts, geometry=frame.geometry.to_numpy(), crs=frame.crs)
    return made[made["name"] != ""].reset_index(drop=True)


def _own(frame: gpd.GeoDataFrame, city: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return the areas whose middle lies in the city: neighbours only touch its edge."""
    shapes = frame.geometry.to_numpy()
    frame = frame[np.isin(shapely.get_type_id(shapes), _AREAS)]
    middles = shapely.point_on_surface(frame.geometry.to_numpy())
    return frame[shapely.intersects(city.iloc[0], middles)]
