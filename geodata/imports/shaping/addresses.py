"""Doors, and how many dwellings are behind each."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.imports.journal import Journal
from geodata.imports.raw import Raw
from geodata.imports.shaping.naming import column, unique_ids

_GONE = frozenset({"retired", "rejected", "reserved", "proposed", "historisch", "afgekeurd"})
_DOOR = ["street", "number", "postcode", "x", "y"]


def shape_addresses(raw: Raw, journal: Journal) -> gpd.GeoDataFrame:
    """
    Return points with `id`, `street`, `number`, `postcode` and `dwellings`.

    Boxes (flats) at one door are one point: `dwellings` counts them, at least 1. Addresses
    that are no more, or not yet, are left out.
    """
    table = pd.DataFrame(
        {name: column(raw.frame, name) for name in ("street", "number", "postcode", "box")},
        index=raw.frame.index,
    )
    table["id"] = unique_ids(raw.frame, "address")
    points = shapely.point_on_surface(raw.frame.geometry.to_numpy())
    table["x"], table["y"] = shapely.get_x(points).round(7), shapely.get_y(points).round(7)
    is_current = ~pd.Series(column(raw.frame, "status"), index=table.index).str.lower().isin(_GONE)
    table = table[is_current & _is_told(table, journal, is_osm=raw.is_osm)]
    doors = table.groupby(_DOOR, sort=False)
    made = doors.agg(id=("id", "first"), boxes=("box", _count)).reset_index()
    made["dwellings"] = np.maximum(made["boxes"].astype(int), 1)
    made["postcode"] = made["postcode"].astype(object)
    facts = made[["id", "street", "number", "postcode", "dwellings"]]
    return gpd.GeoDataFrame(facts, geometry=gpd.points_from_xy(made["x"], made["y"]), crs=4326)


def _count(boxes: "pd.Series[str]") -> int:
    return int((boxes != "").sum())


def _is_told(table: pd.DataFrame, journal: Journal, *, is_osm: bool) -> "pd.Series[bool]":
    """Tell which rows name a street and a number; most of OpenStreetMap is no address."""
    is_told = (table["street"] != "") & (table["number"] != "")
    for row in () if is_osm else table.index[~is_told]:
        journal.refuse(row, "street, number", "both", "one of them or none")
    return is_told
