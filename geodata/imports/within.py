"""The city and a margin, and what lies in it."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.boundary import Boundary
from geodata.crs import EXCHANGE, METRIC, is_degrees, lambert_of
from geodata.errors import DataError, Finding

Box = tuple[float, float, float, float]

_STEPS = 32


def city_area(folder: Path, margin_m: float) -> gpd.GeoSeries:
    """Return the outline of a city, widened, as one row in EPSG:4326; raises `DataError`."""
    outline = gpd.GeoSeries([Boundary.load(folder / "boundary.geojson").area], crs=EXCHANGE)
    if not margin_m:
        return outline
    return outline.to_crs(METRIC).buffer(margin_m).to_crs(EXCHANGE)


def box_in(area: gpd.GeoSeries, crs: object) -> Box:
    """Return a box that holds the area in another CRS: west, south, east, north."""
    west, south, east, north = (float(edge) for edge in area.total_bounds)
    edge = shapely.box(west, south, east, north).segmentize((east - west) / _STEPS or 1.0)
    bounds = gpd.GeoSeries([edge], crs=area.crs).to_crs(crs).total_bounds
    return float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3])


def is_within(geometries: NDArray[np.object_], area: gpd.GeoSeries) -> NDArray[np.bool_]:
    """Return which geometries touch the area; what has no geometry does not."""
    shape = area.iloc[0]
    shapely.prepare(shape)
    inside: NDArray[np.bool_] = shapely.intersects(shape, geometries)
    return inside


def crs_of(bounds: Box, file: str, stated: object = None) -> str:
    """
    Return the CRS in which coordinates are, told by their size where the file says none.

    Raises
    ------
    DataError
        If they are in none that is known, or in another one than the file states.
    """
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    guessed = EXCHANGE if is_degrees(*bounds[:2]) and is_degrees(*bounds[2:]) else ""
    guessed = guessed or lambert_of(*middle) or ""
    told = str(stated) if stated else ""
    if told and (not guessed or guessed == told or not _may_be_told(told)):
        return told
    if not guessed or told:
        expected = told or "EPSG:4326, EPSG:31370 or EPSG:3812"
        shown = f"({middle[0]:.0f}, {middle[1]:.0f}), perhaps {guessed or 'none of them'}"
        raise DataError([Finding(file, "", "crs", expected, shown)])
    return guessed


def _may_be_told(crs: str) -> bool:
    """Return whether the size of its coordinates tells a CRS."""
    return crs in {EXCHANGE, "EPSG:31370", METRIC}
