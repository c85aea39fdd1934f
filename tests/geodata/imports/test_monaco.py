"""A whole real city of OpenStreetMap, counted in a second way."""

import json
import time
from pathlib import Path

import pyogrio
import pytest
import shapely

from geodata.imported import load_addresses, load_buildings, load_imported, load_street_network
from geodata.imports.kinds import Kind
from geodata.imports.osm import NOT_WALKED
from geodata.layers import to_metric
from geodata.walking import WalkingNetwork
from tests.conftest import SHARED, require
from tests.geodata.imports.conftest import outline

MONACO = SHARED / "osm" / "monaco.osm.pbf"

pytestmark = pytest.mark.shared


@pytest.fixture
def monaco(folder: Path) -> Path:
    """The file, and a city that is larger than it."""
    require("the extract of Monaco beside the checkout", MONACO.is_file())
    (folder / "boundary.geojson").write_text(outline(7.3, 43.6, 7.6, 43.9))
    return MONACO


def test_every_building_of_monaco_arrives_in_time_and_valid(monaco, bring, folder):
    """Counted again by SQL on GDAL's own table; none of the 1,619 may be lost but unbuilt ones."""
    began = time.perf_counter()
    done = bring("buildings", monaco)
    assert time.perf_counter() - began < 3
    sql = "SELECT osm_id FROM multipolygons WHERE building IS NOT NULL"
    tagged = len(pyogrio.read_dataframe(monaco, sql=sql))
    unbuilt = "building IN ('no', 'construction', 'proposed', 'demolished', 'razed')"
    gone = len(pyogrio.read_dataframe(monaco, layer="multipolygons", where=unbuilt))
    found = load_buildings(folder)
    assert tagged == 1619
    assert done.kept == len(found) == tagged - gone
    assert found.geometry.is_valid.all() and found["id"].is_unique
    assert set(found["licence"]) == {"CC0"}, "what a person says is believed"


def test_the_streets_of_monaco_are_those_that_may_be_walked_and_form_a_network(
    monaco, bring, folder
):
    done = bring("streets", monaco)
    lines = pyogrio.read_dataframe(monaco, layer="lines")
    tagged = lines[lines["highway"].notna() & ~lines["highway"].isin(NOT_WALKED)]
    shut = (
        tagged["other_tags"]
        .fillna("")
        .str.contains('"(?:foot|access)"=>"(?:no|private|use_sidepath)"', regex=True)
    )
    found = load_street_network(folder)
    assert done.kept == len(found)
    assert set(tagged[~shut]["osm_id"]) <= {each.removeprefix("osm/") for each in found["id"]}
    assert len(found) <= len(tagged) + 50, "beyond those only what `foot` opens again"
    whole = to_metric(found).geometry
    assert WalkingNetwork(whole).length_m == pytest.approx(whole.length.sum(), rel=1e-3)


def test_the_places_of_monaco_name_whom_they_serve_and_say_who_may_see_them(monaco, bring, folder):
    bring("places", monaco)
    found = load_imported(folder, Kind.PLACES)
    assert {"young", "staff"} <= set(found["group"])
    assert found[found["kind"] == "school"]["public"].all()
    assert shapely.get_type_id(found.geometry.to_numpy()).tolist() == [0] * len(found)


def test_the_addresses_of_monaco_are_doors_with_a_number(monaco, bring, folder):
    bring("addresses", monaco)
    found = load_addresses(folder)
    assert len(found) > 300
    assert (found["street"] != "").all() and (found["number"] != "").all()


@pytest.mark.parametrize("kind", ["buildings", "streets", "places"])
def test_the_same_file_imported_twice_gives_the_same_bytes(monaco, bring, folder, kind):
    file = bring(kind, monaco).layer
    first = file.read_bytes(), (folder / "imports.json").read_bytes()
    bring(kind, monaco)
    assert (file.read_bytes(), (folder / "imports.json").read_bytes()) == first


def test_what_a_layer_is_made_of_is_told_beside_it(monaco, bring, folder):
    done = bring("buildings", monaco, source="", licence="")
    (kind, facts) = next(iter(json.loads((folder / "imports.json").read_text()).items()))
    assert (kind, facts["licence"], facts["features"]) == ("buildings", "ODbL-1.0", done.kept)
    assert "OpenStreetMap" in facts["source"] and facts["sha256"] == done.sha256
