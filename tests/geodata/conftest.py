"""What the tests of the map share: the bundled city and its layers."""

import geopandas as gpd
import pyproj
import pytest
import shapely

from geodata.boundary import Boundary
from geodata.city import City
from geodata.layers import load_layer, to_metric


def pytest_report_header() -> list[str]:
    """Print the versions that decide where a point falls."""
    return [f"PROJ {pyproj.proj_version_str}, GEOS {shapely.geos_version_string}"]


@pytest.fixture(scope="session")
def city() -> City:
    """The bundled example."""
    return City.bundled()


@pytest.fixture(scope="session")
def boundary(city: City) -> Boundary:
    """Its outline."""
    return Boundary.load(city.boundary)


@pytest.fixture(scope="session")
def neighbourhoods(city: City) -> gpd.GeoDataFrame:
    """Its neighbourhoods, in metres."""
    return to_metric(load_layer(city.neighbourhoods))


@pytest.fixture(scope="session")
def streets(city: City) -> gpd.GeoDataFrame:
    """Its Wi-Fi streets, in metres."""
    return to_metric(load_layer(city.streets))
