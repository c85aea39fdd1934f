"""Files that were made to harm, or are none: one reason, and nothing changes."""

import json
import os
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata.errors import DataError

BOMB = "xl/worksheets/sheet1.xml"


def workbook(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(b"", "bytes", id="empty"),
        pytest.param(b"\0\1\2\3", "expected OSM", id="binary"),
        pytest.param(b"{}", "expected OSM", id="JSON of nobody"),
        pytest.param(b'{"elements": [', "readable JSON", id="JSON cut off"),
        pytest.param(b'{"elements": 3}', "a list of elements", id="no elements"),
        pytest.param(b'{"elements": [' + b"[" * 200_000, "readable JSON", id="deep JSON"),
        pytest.param(b"<OGRVRTDataSource><x opengis.net/gml/>", "expected OSM", id="VRT"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "b">]><x xmlns:gml="http://www.opengis.net/gml">&a;</x>',
            "entities",
            id="entities",
        ),
        pytest.param(b"PK\3\4 no archive", "workbook", id="no archive"),
        pytest.param(b"SQLite format 3\0 no database", "GeoPackage", id="no database"),
        pytest.param(b"\0\0\x27\x0a", "Shapefile", id="no Shapefile"),
        pytest.param(b"    \x0a\x09OSMHeader nothing", "can be read", id="no extract"),
        pytest.param(b"a;b\n", "at least one", id="only a header"),
        pytest.param(b"a;b\n1;2\n", "header", id="another table"),
        pytest.param(b"naam;Naam\n1;2\n", "each name once", id="a header twice"),
        pytest.param(b";".join(b"%d" % n for n in range(600)), "columns", id="wide"),
        pytest.param(b"x" * 70_000, "header", id="a long line"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(bring, folder, content, word):
    before = sorted(folder.iterdir())
    with pytest.raises(DataError, match=word) as caught:
        bring("places", content)
    assert all(str(each).isprintable() for each in caught.value.findings)
    left = [each for each in sorted(folder.iterdir()) if each.name != ".import.lock"]
    assert left == before


def test_a_folder_and_a_pipe_are_refused_at_once(bring, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for file in (tmp_path, tmp_path / "pipe", tmp_path / "absent", Path("a\0b")):
        with pytest.raises(DataError):
            bring("places", file)


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_anybody_unpacks_it(bring, tmp_path):
    file = workbook(tmp_path / "bomb.xlsx", **{"xl__worksheets__sheet1.xml": b"0" * (513 * 2**20)})
    assert file.stat().st_size < 2**20
    with pytest.raises(DataError, match="unpacked"):
        bring("population", file)


def test_a_workbook_that_lies_about_its_size_ends_the_reading(bring, tmp_path):
    file = workbook(tmp_path / "lie.xlsx", **{"xl__worksheets__sheet1.xml": b"0" * 10**6})
    text = file.read_bytes().replace((10**6).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    file.write_bytes(text)
    with pytest.raises(DataError, match="workbook"):
        bring("population", file)


def test_a_workbook_with_entities_is_refused(bring, tmp_path):
    part = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    file = workbook(tmp_path / "entities.xlsx", **{"xl__worksheets__sheet1.xml": part})
    with pytest.raises(DataError, match="entities"):
        bring("population", file)


def test_a_name_of_64_kilobytes_is_kept_as_the_beginning_of_one(bring, folder):
    name = "N" * 65_536
    bring("places", f"naam;doelgroep;lon;lat\n{name};jongeren;4.48;51.02\n")
    (feature,) = json.loads((folder / "target_groups.geojson").read_text())["features"]
    assert len(feature["properties"]["name"]) == 200


def test_coordinates_that_are_not_what_the_file_says_are_refused(bring, tmp_path):
    square = shapely.box(157_000, 190_000, 158_000, 191_000)
    file = tmp_path / "wrong.gpkg"
    gpd.GeoDataFrame({"name": ["A"]}, geometry=[square], crs=3812).to_file(file)
    with pytest.raises(DataError, match="perhaps EPSG:31370"):
        bring("buildings", file)


def test_coordinates_that_are_no_numbers_are_refused(bring, tmp_path):
    point = '{"type":"Point","coordinates":[NaN,51.0]}'
    good = '{"type":"Point","coordinates":[4.48,51.02]}'
    features = ",".join(
        f'{{"type":"Feature","properties":{{"name":"A","group":"young"}},"geometry":{each}}}'
        for each in (point, good, good, good)
    )
    file = tmp_path / "nan.geojson"
    file.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}')
    try:
        done = bring("places", file)
    except DataError as error:
        assert "geometry" in str(error) or "finite" in str(error)  # noqa: PT017 - either is honest
    else:
        assert done.kept == 3


def test_a_second_import_at_the_same_time_is_refused(bring, folder):
    from geodata.imports.publish import only_import  # noqa: PLC0415 - beside its one use

    with only_import(folder), pytest.raises(DataError, match="another one at work"):
        bring("places", "naam;doelgroep;lon;lat\nA;jongeren;4.48;51.02\n")


def test_what_nobody_told_is_asked_for_all_at_once(bring):
    with pytest.raises(DataError) as caught:
        bring("addresses", "straat;nummer;lon;lat\nB;1;4.48;51.02\n", source="", licence="")
    assert [finding.key for finding in caught.value.findings] == ["source", "licence"]
