"""A layer that does not say what it is worth is refused, with every reason at once."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.contract import HONESTY, findings, require
from geodata.errors import DataError, Finding
from geodata.files import read_collection, write_collection
from geodata.layers import load_layer

GOOD = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {
                "id": "a",
                "source": "a survey",
                "licence": "CC0-1.0",
                "vintage": "2026",
                "precision_m": 5,
                "synthetic": False,
            },
            "geometry": {"type": "Point", "coordinates": [4.48, 51.03]},
        }
    ],
}


def changed(**properties: object) -> dict:
    """Return the good collection with some properties of its feature replaced."""
    collection = copy.deepcopy(GOOD)
    collection["features"][0]["properties"].update(properties)
    return collection


def placed(geometry: object) -> dict:
    """Return the good collection with another geometry."""
    collection = copy.deepcopy(GOOD)
    collection["features"][0]["geometry"] = geometry
    return collection


def keys(collection: dict, **options: object) -> list[str]:
    """Return which members the findings name."""
    return [finding.key for finding in findings(collection, "f.geojson", **options)]


def test_a_feature_that_says_everything_passes():
    assert findings(GOOD, "f.geojson") == []
    require(GOOD, "f.geojson")


@pytest.mark.parametrize("missing", HONESTY)
def test_each_of_the_five_properties_is_asked_for(missing):
    collection = copy.deepcopy(GOOD)
    del collection["features"][0]["properties"][missing]
    assert keys(collection) == [missing]


@pytest.mark.parametrize("given_once", HONESTY)
def test_each_of_the_five_may_be_said_once_for_all(given_once):
    collection = copy.deepcopy(GOOD)
    value = collection["features"][0]["properties"].pop(given_once)
    collection["defaults"] = {given_once: value}
    assert keys(collection) == []


def test_what_a_feature_says_itself_overrules_the_default():
    collection = changed(precision_m="near")
    collection["defaults"] = {"precision_m": 5}
    assert keys(collection) == ["precision_m"]


@pytest.mark.parametrize("bad", [None, -1, True, "5", float("nan"), float("inf")])
def test_precision_is_a_number_of_metres(bad):
    assert keys(changed(precision_m=bad)) == ["precision_m"]


@pytest.mark.parametrize("bad", [None, 0, "false"])
def test_synthetic_is_true_or_false_and_nothing_like_it(bad):
    assert keys(changed(synthetic=bad)) == ["synthetic"]


def test_what_has_no_place_has_no_precision():
    unplaced = placed(None)
    assert keys(unplaced) == ["precision_m"]
    unplaced["features"][0]["properties"]["precision_m"] = None
    assert keys(unplaced) == []


@pytest.mark.parametrize(
    ("geometry", "expected", "found"),
    [
        ({"type": "Point", "coordinates": [657826, 690891]}, "EPSG:4326", "EPSG:3812"),
        ({"type": "Point", "coordinates": [157828, 190889]}, "EPSG:4326", "EPSG:31370"),
        ({"type": "Point", "coordinates": [51.03, 4.48]}, "inside", "51.03"),
        ({"type": "Point", "coordinates": []}, "coordinates", "empty"),
        ({"type": "Point", "coordinates": ["x", 1]}, "GeoJSON geometry", ""),
        ({"type": "Circle", "coordinates": [4, 51]}, "GeoJSON geometry", "circle"),
        ("nonsense", "GeoJSON geometry", ""),
        (
            {"type": "Polygon", "coordinates": [[[4, 51], [5, 52], [5, 51], [4, 52], [4, 51]]]},
            "valid",
            "Self-intersection",
        ),
        ({"type": "Polygon", "coordinates": [[[4, 51], [5, 52]]]}, "GeoJSON geometry", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_wrong_geometry_is_told_in_one_line(geometry, expected, found):
    (finding,) = findings(placed(geometry), "f.geojson", within=(2, 49, 7, 52))
    assert finding.key == "geometry"
    assert expected in finding.expected
    assert found in finding.found
    assert "\n" not in str(finding)


def test_a_key_is_unique_and_not_empty():
    collection = copy.deepcopy(GOOD)
    collection["features"] += copy.deepcopy(GOOD["features"]) + changed(id="")["features"]
    assert keys(collection) == ["id", "id"]
    assert keys(collection, key=None) == []


def test_an_older_crs_member_may_only_say_wgs84():
    wgs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    other = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::31370"}}
    assert keys({**GOOD, "crs": wgs}) == []
    assert keys({**GOOD, "crs": other}) == ["crs"]


def test_every_reason_is_told_at_once_with_file_feature_and_key():
    collection = changed(source="", licence=None, synthetic="no")
    with pytest.raises(DataError) as caught:
        require(collection, "f.geojson")
    assert str(caught.value).splitlines() == [
        "f.geojson:a: source: expected a citation, found ''",
        "f.geojson:a: licence: expected a licence, found None",
        "f.geojson:a: synthetic: expected true or false, found 'no'",
    ]


@settings(deadline=None)
@given(st.text())
def test_no_text_of_a_file_can_break_the_line_or_flood_it(text):
    collection = changed(id=text, synthetic=text)
    for finding in findings(collection, "f.geojson"):
        line = str(finding)
        assert line.isprintable()
        assert len(line) < 300


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(feature=JSON, properties=JSON, geometry=JSON, coordinates=JSON)
def test_no_json_makes_the_contract_raise(feature, properties, geometry, coordinates):
    point = {"type": "Point", "coordinates": coordinates}
    features = [
        feature,
        {"properties": properties, "geometry": geometry},
        {"properties": {}, "geometry": point},
    ]
    found = findings({"type": "FeatureCollection", "features": features}, "f.geojson")
    assert all(isinstance(finding, Finding) for finding in found)
    assert found


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"type": "Feature"}', "[" * 100_000])
def test_a_file_that_is_no_collection_is_refused_by_name(tmp_path, text):
    path = tmp_path / "broken.geojson"
    path.write_text(text)
    with pytest.raises(DataError, match=r"^broken\.geojson: "):
        load_layer(path)


def test_a_collection_without_a_list_of_features_is_refused(tmp_path):
    path = tmp_path / "broken.geojson"
    path.write_text('{"type": "FeatureCollection", "features": {}}')
    with pytest.raises(DataError, match="a list of features"):
        load_layer(path)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.geojson: file: expected readable GeoJSON"):
        load_layer(tmp_path / "nowhere.geojson")


def test_a_written_collection_reads_back_the_same_and_one_feature_a_line(tmp_path):
    path = Path(tmp_path / "out.geojson")
    two = {**GOOD, "name": "naïve", "features": GOOD["features"] * 2}
    write_collection(path, two)
    assert read_collection(path) == two
    assert len(path.read_text(encoding="utf-8").splitlines()) == 4


@settings(deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_written_coordinate_has_six_decimals(tmp_path_factory, lon, lat):
    path = tmp_path_factory.mktemp("written") / "out.geojson"
    write_collection(path, placed({"type": "Point", "coordinates": (lon, lat)}))
    text = path.read_text(encoding="utf-8")
    west, south = json.loads(text)["features"][0]["geometry"]["coordinates"]
    assert (west, south) == (round(lon, 6), round(lat, 6))
