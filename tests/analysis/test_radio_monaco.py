"""
A radio map among the houses of a real city: Monaco's, put where Belgian metres hold.

Its houses and streets go through `netmon import` first, then all are moved to Mechelen as they
stand to each other.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.imported import load_buildings, load_street_network
from geodata.imports.importing import Wish, import_layer
from geodata.imports.kinds import Kind
from geodata.link import ServiceClass
from geodata.obstacles import OFF_WALL_M, WallsOf
from netmon.analysis.radio import RadioMap
from netmon.config.coverage_settings import CoverageSettings
from netmon.domain.model import Device, DeviceKind, Inventory
from tests.conftest import SHARED, require
from tests.geodata.imports.conftest import outline

MONACO = SHARED / "osm" / "monaco.osm.pbf"
MECHELEN_M = (657_800.0, 690_500.0)
LEVEL = ServiceClass.PAGES

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def monaco(tmp_path_factory: pytest.TempPathFactory) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Its houses, and ten of its longer walking streets, 12 m wide."""
    require("the extract of Monaco beside the checkout", MONACO.is_file())
    folder = tmp_path_factory.mktemp("monaco")
    (folder / "boundary.geojson").write_text(outline(7.3, 43.6, 7.6, 43.9), "utf-8")
    for kind in (Kind.BUILDINGS, Kind.STREETS):
        told = {"source": "a test", "licence": "ODbL-1.0", "vintage": "2026"}
        import_layer(Wish(kind, Path(MONACO), folder, **told), lambda _: None)
    houses, ways = load_buildings(folder), load_street_network(folder)
    assert houses is not None
    assert ways is not None
    houses, ways = (each.to_crs("EPSG:32632") for each in (houses, ways))
    middle = houses.total_bounds.reshape(2, 2).mean(axis=0)
    shift = np.array(MECHELEN_M) - middle
    houses, ways = (
        each.set_geometry(each.translate(*shift).set_crs("EPSG:3812", allow_override=True))
        for each in (houses, ways)
    )
    near = ways[ways.distance(shapely.Point(MECHELEN_M)) < 400]
    streets = near.loc[near.length.sort_values(ascending=False).index[:10]].assign(width_m=12.0)
    return houses, streets


def _inventory(houses: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> Inventory:
    """Return an access point on every street, and one that a map has within a house."""
    points = [each.interpolate(0.5, normalized=True) for each in streets.geometry]
    inside = houses.geometry.iloc[houses.distance(points[0]).argmin()].representative_point()
    degrees = gpd.GeoSeries([*points, inside], crs="EPSG:3812").to_crs("EPSG:4326")
    kind = DeviceKind.ACCESS_POINT
    return Inventory(
        (),
        tuple(
            Device(f"ap-{nth:02}", kind, "AP", "x", "192.0.2.1", lon=each.x, lat=each.y)
            for nth, each in enumerate(degrees)
        ),
    )


def test_among_real_houses_sight_is_as_geos_says_and_nobody_hears_indoors(monaco):
    houses, streets = monaco
    radio = RadioMap(_inventory(houses, streets), streets, houses, CoverageSettings(cell_m=4))
    assert radio.walls is WallsOf.BUILDINGS
    built = shapely.union_all(houses.geometry.to_numpy())
    shapely.prepare(built)
    xs, ys = radio.grid.centres()
    for point in radio.points:
        assert built.distance(shapely.Point(point.x_m, point.y_m)) > 0
    point = radio.points[0]
    made = radio.layers[point.id]
    asked = np.isfinite(made.optimistic_dbm)
    x, y = np.meshgrid(xs[made.columns], ys[made.rows])
    ends = np.round(np.column_stack([x[asked], y[asked]]), 3)
    starts = np.broadcast_to(np.round((point.x_m, point.y_m), 3), ends.shape)
    by_geos = ~shapely.intersects(built, shapely.linestrings(np.stack([starts, ends], 1)))
    differ = by_geos != made.sight[asked]
    # Corners are rounded to a millimetre here and not there: rays that graze one may differ.
    assert differ.mean() < 1e-3
    assert 0.02 < made.sight[asked].mean() < 0.9
    assert np.isneginf(radio.coverage(radio.ids).optimistic_dbm[~radio.outdoors]).all()


def test_one_inside_a_house_is_put_before_its_wall_and_told(monaco):
    houses, streets = monaco
    inventory = _inventory(houses, streets)
    radio = RadioMap(inventory, streets, houses, CoverageSettings(cell_m=4))
    moved = inventory.devices[-1].id
    assert moved in radio.moved
    here = radio.point(moved)
    built = shapely.union_all(houses.geometry.to_numpy())
    apart_m = built.distance(shapely.Point(here.x_m, here.y_m))
    assert apart_m == pytest.approx(OFF_WALL_M, abs=0.01)


def test_houses_leave_less_in_sight_than_open_corridors_and_the_band_shows_it(monaco):
    houses, streets = monaco
    inventory = _inventory(houses, streets)
    built = RadioMap(inventory, streets, houses, CoverageSettings(cell_m=4))
    whole = built.street_figures(built.ids)[-1]
    found = whole.at(LEVEL)
    assert 0 < found.area_m2.planning < found.area_m2.optimistic <= whole.area_m2 + 1e-6
    one = built.street_figures([built.points[0].id])[-1].at(LEVEL)
    assert one.area_m2.planning < found.area_m2.planning


def test_one_more_access_point_plans_one_layer_and_no_other(monaco):
    houses, streets = monaco
    radio = RadioMap(_inventory(houses, streets), streets, houses, CoverageSettings(cell_m=4))
    where = _degrees(streets.geometry.iloc[3].interpolate(9))
    more = radio.changed(added=[radio.at("new", *where)])
    assert all(more.layers[name] is made for name, made in radio.layers.items())
    assert more.ids - radio.ids == {"new"}


def _degrees(point):
    found = gpd.GeoSeries([point], crs="EPSG:3812").to_crs("EPSG:4326").iloc[0]
    return found.x, found.y
