"""Areas and lines in the formats that GDAL reads."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.errors import DataError
from geodata.imported import load_buildings, load_imported, load_sectors, load_street_network
from geodata.imports.journal import Journal
from geodata.imports.kinds import Kind
from geodata.imports.repair import repaired

WEST, SOUTH = 4.47, 51.02


def squares(count: int, crs: int) -> gpd.GeoSeries:
    shapes = [
        shapely.box(WEST + n * 0.002, SOUTH, WEST + (n + 1) * 0.002, SOUTH + 0.002)
        for n in range(count)
    ]
    return gpd.GeoSeries(shapes, crs=4326).to_crs(crs)


@pytest.mark.parametrize("crs", [31370, 3812, 4326])
@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "gml"])
@pytest.mark.filterwarnings("ignore:.*crs.*:UserWarning")
def test_sectors_of_every_format_and_system_are_the_same(bring, folder, tmp_path, crs, suffix):
    if suffix == "geojson" and crs != 4326:
        crs = 4326
    facts = {"CD_SECTOR": ["12025A00-", "12025A01-"], "TX_DESCR": ["A", "B"]}
    file = tmp_path / f"sectors.{suffix}"
    driver = {"gml": "GML"}.get(suffix)
    gpd.GeoDataFrame(facts, geometry=squares(2, crs)).to_file(file, driver=driver)
    done = bring("sectors", file)
    found = load_sectors(folder)
    assert list(found["id"]) == ["12025A00-", "12025A01-"]
    expected = squares(2, 3812).area.sum()
    assert found.to_crs(3812).area.sum() == pytest.approx(expected, rel=2e-3)
    assert (done.kept, done.refused) == (2, 0)


@pytest.mark.parametrize("crs", [31370, 3812])
@pytest.mark.filterwarnings("ignore:.*crs.*:UserWarning")
def test_a_shapefile_that_names_no_system_is_known_by_its_numbers(bring, folder, tmp_path, crs):
    file = tmp_path / "gbg.shp"
    frame = gpd.GeoDataFrame({"OIDN": [1, 2]}, geometry=squares(2, crs))
    frame.to_file(file)
    file.with_suffix(".prj").unlink()
    done = bring("buildings", file)
    assert done.crs == f"EPSG:{crs}"
    middle = load_buildings(folder).union_all().centroid
    assert (middle.x, middle.y) == pytest.approx((WEST + 0.002, SOUTH + 0.001), abs=2e-5)


def test_of_several_layers_the_buildings_of_grb_are_taken(bring, folder, tmp_path):
    file = tmp_path / "grb.gpkg"
    for layer, count in (("Gbg", 3), ("Wbn", 2)):
        facts = {"OIDN": range(count), "LBLTYPE": ["hoofdgebouw"] * count}
        gpd.GeoDataFrame(facts, geometry=squares(count, 31370)).to_file(file, layer=layer)
    bring("buildings", file)
    assert len(load_buildings(folder)) == 3
    bring("buildings", file, layer="Wbn")
    assert len(load_buildings(folder)) == 2
    with pytest.raises(DataError, match="--layer"):
        bring("buildings", file, layer="nothing")


def test_only_what_lies_in_the_city_is_kept_and_the_rest_is_counted(bring, tmp_path):
    far = gpd.GeoSeries([shapely.box(5, 50, 5.001, 50.001)], crs=4326)
    file = tmp_path / "all.gpkg"
    shapes = [*squares(2, 4326), *far]
    gpd.GeoDataFrame({"name": list("abc")}, geometry=shapes, crs=4326).to_file(file)
    done = bring("buildings", file)
    assert (done.read, done.outside, done.kept) == (3, 1, 2)


def test_rings_that_cross_or_do_not_close_are_repaired_or_told():
    bow = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))").wkb
    whole = shapely.box(0, 0, 1, 1).wkb
    opened = bytearray(whole)
    opened[-16:] = np.array([0.25, 0.0], dtype="<f8").tobytes()
    flat = shapely.from_wkt("POLYGON ((0 0, 1 1, 2 2, 0 0))").wkb
    broken = shapely.Point(np.nan, 1.0).wkb
    journal = Journal("t")
    written = np.array([bow, whole, bytes(opened), flat, broken, b"\1\3"], dtype=object)
    made = repaired(written, list(range(6)), journal)
    assert [shape is not None for shape in made] == [True, True, True, False, False, False]
    assert shapely.is_valid(made[:3]).all()
    assert made[0].area == pytest.approx(2.0)
    assert (journal.repaired, journal.refused) == (2, 3)
    assert [finding.feature for finding in journal.findings] == ["#3", "#4", "#5"]


OVERPASS = {
    "version": 0.6,
    "osm3s": {"timestamp_osm_base": "2026-04-10T08:58:46Z"},
    "elements": [
        {"type": "node", "id": 1, "lat": 51.02, "lon": 4.47},
        {"type": "node", "id": 2, "lat": 51.02, "lon": 4.48},
        {"type": "node", "id": 3, "lat": 51.03, "lon": 4.48},
        {"type": "way", "id": 10, "nodes": [1, 2, 3, 1], "tags": {"building": "yes"}},
        {
            "type": "way",
            "id": 11,
            "geometry": [{"lat": 51.02, "lon": 4.47}, {"lat": 51.03, "lon": 4.48}],
            "tags": {"highway": "footway", "name": "Pad"},
        },
        {
            "type": "relation",
            "id": 20,
            "tags": {"type": "multipolygon", "building": "school"},
            "members": [
                {"type": "way", "ref": 30, "role": "outer", "geometry": half}
                for half in (
                    [{"lat": 51.03, "lon": 4.47}, {"lat": 51.03, "lon": 4.49}],
                    [
                        {"lat": 51.03, "lon": 4.49},
                        {"lat": 51.04, "lon": 4.48},
                        {"lat": 51.03, "lon": 4.47},
                    ],
                )
            ]
            + [
                {
                    "type": "way",
                    "ref": 31,
                    "role": "inner",
                    "geometry": [
                        {"lat": 51.032, "lon": 4.479},
                        {"lat": 51.032, "lon": 4.481},
                        {"lat": 51.034, "lon": 4.48},
                        {"lat": 51.032, "lon": 4.479},
                    ],
                }
            ],
        },
        {"type": "way", "id": 12, "nodes": [1, 99, 3, 1], "tags": {"building": "yes"}},
        {
            "type": "node",
            "id": 40,
            "lat": 51.02,
            "lon": 4.48,
            "tags": {"amenity": "social_facility", "social_facility": "shelter", "name": "Opvang"},
        },
    ],
}


def test_overpass_gives_ways_and_relations_with_their_holes(bring, folder, tmp_path):
    file = tmp_path / "overpass.json"
    file.write_text(json.dumps(OVERPASS))
    done = bring("buildings", file, source="", licence="", vintage="")
    found = load_buildings(folder).set_index("id")
    assert set(found.index) == {"way/10", "relation/20"}
    assert len(found.loc["relation/20"].geometry.geoms[0].interiors) == 1
    assert [finding.feature for finding in done.findings] == ["way/12"], "node 99 is nowhere"
    assert done.told.vintage == "2026-04-10T08:58:46Z" and done.told.licence == "ODbL-1.0"
    bring("streets", file)
    assert list(load_street_network(folder)["name"]) == ["Pad"]


def test_a_shelter_of_openstreetmap_is_not_public(bring, folder, tmp_path):
    file = tmp_path / "overpass.json"
    file.write_text(json.dumps(OVERPASS))
    bring("places", file)
    (row,) = load_imported(folder, Kind.PLACES).itertuples()
    assert (row.group, row.public) == ("low_income", False)


def test_a_dry_run_tells_the_same_and_replaces_nothing(bring, folder, tmp_path):
    file = tmp_path / "overpass.json"
    file.write_text(json.dumps(OVERPASS))
    done = bring("buildings", file, is_dry_run=True)
    assert done.kept == 2 and not done.is_replaced
    assert load_buildings(folder) is None and not (folder / "imports.json").exists()


def test_neighbourhoods_get_a_key_from_their_name_where_they_have_none(bring, folder, tmp_path):
    file = tmp_path / "wijken.geojson"
    gpd.GeoDataFrame({"wijknaam": ["Nekkerspoel", "Zuid"]}, geometry=squares(2, 4326)).to_file(file)
    bring("neighbourhoods", file)
    assert list(load_imported(folder, Kind.NEIGHBOURHOODS)["id"]) == ["nekkerspoel", "zuid"]


@pytest.mark.parametrize(
    "kind", ["streets", "buildings", "places", "sectors", "addresses", "neighbourhoods"]
)
@pytest.mark.parametrize("suffix", ["gpkg", "json"])
def test_a_file_of_another_city_is_refused_and_counted(bring, folder, tmp_path, kind, suffix):
    file = tmp_path / f"far.{suffix}"
    if suffix == "gpkg":
        facts = {name: ["young"] for name in ("name", "group", "CD_SECTOR", "straat", "huisnr")}
        shape = shapely.box(3.72, 51.05, 3.73, 51.06)
        gpd.GeoDataFrame(facts, geometry=[shape], crs=4326).to_file(file)
    else:
        file.write_text(json.dumps(OVERPASS).replace("51.0", "50.0"))
    before = sorted(folder.glob("*.*"))
    with pytest.raises(DataError, match="0 of "):
        bring(kind, file)
    assert [each for each in sorted(folder.glob("*.*")) if each.name != ".import.lock"] == before


def test_a_name_that_reads_as_an_address_is_refused(bring, tmp_path):
    for name in ("a!b.gpkg", "a;b.gpkg", "a?b.gpkg"):
        file = tmp_path / name
        file.write_bytes(b"SQLite format 3\0")
        with pytest.raises(DataError, match="a name without"):
            bring("buildings", file)
