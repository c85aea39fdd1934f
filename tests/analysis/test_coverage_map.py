"""What is drawn of coverage says of every place what the squares say of it."""

import json
import struct
import zlib

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pyproj import Transformer

from geodata.grid import Grid
from geodata.link import ServiceClass
from netmon.analysis.coverage_map import CLASSES, PALETTE, class_numbers, class_polygons, picture

GRID = Grid(657_000.0, 690_000.0, 4.0, (60, 90))
DEGREES = Transformer.from_crs("EPSG:3812", "EPSG:4326", always_xy=True)
MERCATOR = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)


def hill(centre=(30, 45), best_dbm=-60.0, shape=GRID.shape):
    rows, columns = np.indices(shape)
    away = np.hypot(rows - centre[0], columns - centre[1])
    dbm = (best_dbm - away).astype(np.float32)
    return np.where(dbm >= min(ServiceClass), dbm, -np.inf).astype(np.float32)


def pixels_of(png):
    """Return the pixels of an unfiltered palette PNG, read by the letter of its standard."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(
            kind + content
        )
        chunks[kind], at = content, at + 12 + size
    columns, rows, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [8, 3, 0, 0, 0]
    assert len(chunks[b"PLTE"]) == 3 * (len(PALETTE) + 1)
    assert chunks[b"tRNS"][0] == 0
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(rows, columns + 1)
    assert not lines[:, 0].any()
    return lines[:, 1:]


def test_a_square_is_of_the_best_class_that_it_reaches_edges_included():
    dbm = np.array([-np.inf, -80.1, -80, -75.01, -75, -70, -67, -20], np.float32)
    assert class_numbers(dbm).tolist() == [0, 0, 1, 1, 2, 3, 4, 4]


def test_the_picture_lies_where_the_squares_are():
    dbm = hill()
    drawn = picture(GRID, dbm)
    pixels = pixels_of(drawn.png)
    xs, ys = GRID.centres()
    x_m, y_m = np.meshgrid(xs, ys)
    lon, lat = DEGREES.transform(x_m.ravel(), y_m.ravel())
    x, y = MERCATOR.transform(lon, lat)
    (west, east), (south, north) = MERCATOR.transform(
        [drawn.west, drawn.east], [drawn.south, drawn.north]
    )
    column = ((x - west) / (east - west) * pixels.shape[1]).astype(int)
    row = ((north - y) / (north - south) * pixels.shape[0]).astype(int)
    told = pixels[row, column]
    wanted = class_numbers(dbm).ravel()
    # A pixel may take its neighbour's value at the edge of a class, and nowhere else.
    shifts = [(a - 1, b - 1) for a, b in np.ndindex(3, 3)]
    near = [np.roll(class_numbers(dbm), by, (0, 1)).ravel() for by in shifts]
    assert np.all(np.any([each == told for each in near], axis=0))
    assert np.mean(told == wanted) > 0.97


def test_what_is_not_heard_is_transparent():
    assert not pixels_of(picture(GRID, np.full(GRID.shape, -np.inf, np.float32)).png).any()


DBM = arrays.arrays(
    np.float32, (6, 7), elements=st.sampled_from([-np.inf, -80, -76, -71, -68, -50])
)


@settings(max_examples=60, deadline=None)
@given(DBM)
def test_shapes_cover_exactly_the_squares_of_their_class(dbm):
    grid = Grid(657_000.0, 690_000.0, 4.0, dbm.shape)
    features = json.loads(class_polygons(grid, dbm))["features"]
    numbers = class_numbers(dbm)
    assert {each["properties"]["level_dbm"] for each in features} == {
        int(CLASSES[number - 1]) for number in np.unique(numbers) if number
    }
    xs, ys = grid.centres()
    x_m, y_m = np.meshgrid(xs, ys)
    lon, lat = DEGREES.transform(x_m.ravel(), y_m.ravel())
    for each in features:
        shape = shapely.from_geojson(json.dumps(each["geometry"]))
        mask = numbers == CLASSES.index(each["properties"]["level_dbm"]) + 1
        assert shape.is_valid
        assert shapely.contains_xy(shape, lon, lat).tolist() == mask.ravel().tolist()
        assert each["properties"]["area_m2"] == mask.sum() * 16
