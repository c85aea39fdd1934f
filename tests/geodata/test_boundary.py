"""The outline says what lies in the city, and when a pair was written the wrong way round."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from geodata.boundary import Boundary
from geodata.errors import DataError
from geodata.files import read_collection, write_collection

LON, LAT = 4.480345, 51.028138


def test_the_grote_markt_is_in_the_city_and_antwerp_is_not(boundary):
    assert boundary.contains(LON, LAT)
    assert not boundary.contains(4.4025, 51.2194)


def test_a_pair_written_lat_lon_is_noticed(boundary):
    assert boundary.looks_swapped(LAT, LON)
    assert not boundary.looks_swapped(LON, LAT)
    assert not boundary.looks_swapped(51.2194, 4.4025)


DIAGONAL = Boundary(box(0, 0, 2, 3))
"""A city where longitude and latitude are alike: most pairs lie inside both ways."""


@settings(deadline=None)
@given(st.floats(-1, 4), st.floats(-1, 4))
def test_only_a_pair_outside_can_be_swapped(lon, lat):
    inside, mirrored = 0 <= lon <= 2 and 0 <= lat <= 3, 0 <= lat <= 2 and 0 <= lon <= 3
    assert DIAGONAL.contains(lon, lat) == inside
    assert DIAGONAL.looks_swapped(lon, lat) == (mirrored and not inside)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e300])
def test_a_number_that_is_no_place_is_outside(boundary, bad):
    assert not boundary.contains(bad, LAT)
    assert not boundary.looks_swapped(LAT, bad)


def test_every_corner_of_the_outline_belongs_to_the_city(boundary):
    assert all(boundary.contains(lon, lat) for lon, lat in boundary.area.exterior.coords)


def test_the_outline_is_loaded_without_frames(city):
    """Pandas and geopandas would multiply the memory of the collecting process."""
    code = (
        "import sys; from pathlib import Path; from geodata.boundary import Boundary;"
        "Boundary.load(Path(sys.argv[1]));"
        "print({'pandas', 'geopandas', 'pyogrio', 'pyproj'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(city.boundary)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("geometry", "count", "message"),
    [
        ({"type": "Point", "coordinates": [LON, LAT]}, 1, "expected a polygon, found Point"),
        (None, 1, "expected a polygon, found nothing"),
        ({"type": "Point", "coordinates": [LON, LAT]}, 0, "expected one outline, found 0"),
    ],
)
def test_what_is_not_one_outline_is_refused(tmp_path, city, geometry, count, message):
    collection = read_collection(city.boundary)
    feature = collection["features"][0]
    feature["geometry"] = geometry
    if geometry is None:
        feature["properties"]["precision_m"] = None
    path = tmp_path / "boundary.geojson"
    write_collection(path, {**collection, "features": [feature] * count})
    with pytest.raises(DataError, match=message):
        Boundary.load(path)
