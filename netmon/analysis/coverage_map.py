"""
Coverage to be drawn: as a picture that lies on a map, and as polygons.

Both say the same of every square: the best service class that is reached there, nothing where
none is. The picture is for eyes; figures are counted elsewhere, on the squares themselves.
"""

import json
import struct
import zlib
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geodata.coverage import Levels
from geodata.crs import EXCHANGE, METRIC
from geodata.grid import Grid
from geodata.link import ServiceClass
from netmon.analysis.plan_rows import Picture

WEB_MERCATOR = "EPSG:3857"

CLASSES = tuple(sorted(ServiceClass))
"""Weakest first: number n + 1 of a square of classes is the nth of these; 0 is none."""

PALETTE = ("#00224e", "#575d6d", "#a59c74", "#fee838")
"""Of the classes, weakest first: four of cividis (Nuñez, Anderton, Renslow 2018), evenly apart."""

OPACITY = 140
"""Of 255: streets are seen through it."""

_MESH = 33
"""Corners along each side that are projected exactly; within a city all between is even."""

_MOST_PIXELS = 4096
_DEGREE_DIGITS = 7

ClassNumbers = NDArray[np.uint8]


def class_numbers(dbm: Levels) -> ClassNumbers:
    """Return the number of the best class that each square reaches, 0 where it reaches none."""
    return np.searchsorted(np.array(CLASSES, float), dbm, side="right").astype(np.uint8)


def picture(grid: Grid, dbm: Levels) -> Picture:
    """
    Return a palette PNG of the classes, transparent where none is reached.

    Parameters
    ----------
    grid
        In EPSG:3812; the picture is made in EPSG:3857, with squares of about the same size.
    dbm
        Of the grid's shape.
    """
    numbers = class_numbers(dbm)
    west, south, east, north = _edges(grid)
    columns, rows = (min(each, _MOST_PIXELS) for each in _size(grid, (west, south, east, north)))
    xs = west + (np.arange(columns) + 0.5) * (east - west) / columns
    ys = north - (np.arange(rows) + 0.5) * (north - south) / rows
    x_m, y_m = _back(xs, ys)
    at, is_inside = grid.at(np.column_stack([x_m.ravel(), y_m.ravel()]))
    pixels = np.where(is_inside, numbers.ravel()[at], 0).astype(np.uint8).reshape(rows, columns)
    degrees = Transformer.from_crs(WEB_MERCATOR, EXCHANGE, always_xy=True)
    (west, east), (south, north) = degrees.transform([west, east], [south, north])
    return Picture(_png(pixels), west, south, east, north)


def class_polygons(grid: Grid, dbm: Levels) -> bytes:
    """
    Return GeoJSON with one feature for each class that is reached somewhere, strongest first.

    Its properties are `level_dbm`, the weakest signal of the class, and `area_m2`. Features do
    not overlap: a square belongs to the best class that it reaches.
    """
    numbers = class_numbers(dbm)
    features = [
        _feature(grid, numbers == number, int(CLASSES[number - 1]))
        for number in range(len(CLASSES), 0, -1)
        if (numbers == number).any()
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, separators=(",", ":")).encode()


def gap_polygons(
    grid: Grid, dbm: Levels, level_dbm: float, streets: Mapping[str, BaseGeometry]
) -> bytes:
    """
    Return GeoJSON with what of each street does not reach a level, one feature for each `id`.

    Parameters
    ----------
    grid, dbm
        Coverage, EPSG:3812.
    level_dbm
        What has to be reached.
    streets
        Their surfaces by id, EPSG:3812; squares are cut at their edges.
    """
    features = []
    for name, area in streets.items():
        gap = shapely.intersection(
            area, _shape(grid, grid.within(area.buffer(grid.cell_m)) & (dbm < level_dbm))
        )
        surfaces = [each for each in shapely.get_parts(gap) if each.geom_type == "Polygon"]
        if surfaces:
            told = {"id": name, "area_m2": round(sum(each.area for each in surfaces), 1)}
            features.append(_told(shapely.multipolygons(surfaces), told))
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, separators=(",", ":")).encode()


def _shape(grid: Grid, mask: NDArray[np.bool_]) -> BaseGeometry:
    return shapely.union_all(_runs(grid, mask))


def _feature(grid: Grid, mask: NDArray[np.bool_], level_dbm: int) -> dict[str, object]:
    area = shapely.multipolygons(shapely.get_parts(_shape(grid, mask)))
    area_m2 = float(mask.sum()) * grid.cell_area_m2
    return _told(area, {"level_dbm": level_dbm, "area_m2": area_m2})


def _told(area: BaseGeometry, properties: Mapping[str, object]) -> dict[str, object]:
    in_degrees = gpd.GeoSeries([area], crs=METRIC).to_crs(EXCHANGE).iloc[0]
    rounded = shapely.transform(in_degrees, lambda each: each.round(_DEGREE_DIGITS))
    return {
        "type": "Feature",
        "properties": dict(properties),
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }


def _runs(grid: Grid, mask: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Return a box for each run of squares in a row."""
    padded = np.pad(mask, ((0, 0), (1, 1))).astype(np.int8)
    row, first = np.nonzero(np.diff(padded, axis=1) == 1)
    _, last = np.nonzero(np.diff(padded, axis=1) == -1)
    west, south = grid.west_m + first * grid.cell_m, grid.south_m + row * grid.cell_m
    east = grid.west_m + last * grid.cell_m
    return np.asarray(shapely.box(west, south, east, south + grid.cell_m))


def _edges(grid: Grid) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the grid in EPSG:3857, all of it inside."""
    rows, columns = grid.shape
    east_m, north_m = grid.west_m + columns * grid.cell_m, grid.south_m + rows * grid.cell_m
    forth = Transformer.from_crs(METRIC, WEB_MERCATOR, always_xy=True)
    bounds = forth.transform_bounds(grid.west_m, grid.south_m, east_m, north_m)
    return bounds[0], bounds[1], bounds[2], bounds[3]


def _size(grid: Grid, edges: tuple[float, float, float, float]) -> tuple[int, int]:
    """Return columns and rows, so that a pixel is as wide as a square is on the ground."""
    columns = grid.shape[1]
    west, south, east, north = edges
    stretch = (east - west) / (columns * grid.cell_m)
    return columns, max(round((north - south) / (grid.cell_m * stretch)), 1)


def _back(
    xs: NDArray[np.float64], ys: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the EPSG:3812 metres of a lattice in EPSG:3857, (rows, columns) each."""
    back = Transformer.from_crs(WEB_MERCATOR, METRIC, always_xy=True)
    some_x, some_y = np.linspace(xs[0], xs[-1], _MESH), np.linspace(ys[0], ys[-1], _MESH)
    mesh = back.transform(*np.meshgrid(some_x, some_y))
    across, down = np.linspace(0, _MESH - 1, len(xs)), np.linspace(0, _MESH - 1, len(ys))
    x_m, y_m = (_between(each, across, down) for each in mesh)
    return x_m, y_m


def _between(
    mesh: NDArray[np.float64], across: NDArray[np.float64], down: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a mesh bilinearly at fractions of its rows and columns."""
    column = np.minimum(across.astype(int), _MESH - 2)
    row = np.minimum(down.astype(int), _MESH - 2)
    right, below = across - column, (down - row)[:, None]
    upper = mesh[row][:, column] * (1 - right) + mesh[row][:, column + 1] * right
    lower = mesh[row + 1][:, column] * (1 - right) + mesh[row + 1][:, column + 1] * right
    return np.asarray(upper * (1 - below) + lower * below)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Return an 8-bit palette PNG (W3C PNG, third edition); 0 is transparent."""
    rows, columns = pixels.shape
    colours = bytes(3) + b"".join(bytes.fromhex(each[1:]) for each in PALETTE)
    opacities = bytes([0, *(OPACITY for _ in PALETTE)])
    # Each line begins with how it is filtered: 0, not at all, suits few colours best.
    lines = np.pad(pixels, ((0, 0), (1, 0))).tobytes()
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", colours), (b"tRNS", opacities))
    body = (*chunks, (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in body)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
