"""Which features of the city's map leave the house."""

import json
import shutil
from pathlib import Path

import pytest
from flask import Flask

from geodata.city import City
from web.layers import CityLayers, blueprint

HIDDEN = "Vluchthuis Verborgen"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Mechelen, with a refuge that is nobody's business among its places, and one that is."""
    shutil.copytree(City.bundled().folder, tmp_path / "city")
    path = tmp_path / "city" / "target_groups.geojson"
    collection = json.loads(path.read_text("utf-8"))
    placed = next(each for each in collection["features"] if each["geometry"])
    for number, (name, public) in enumerate([(HIDDEN, False), ("Buurthuis", True), ("Vaag", "?")]):
        facts = {**placed["properties"], "id": f"x{number}", "name": name, "public": public}
        collection["features"].append({**placed, "properties": {**facts, "group": f"g{number}"}})
    path.write_text(json.dumps(collection), "utf-8")
    return tmp_path / "city"


def test_a_place_that_is_not_public_is_in_no_layer_and_its_group_is_not_shown(folder):
    """What is neither true nor false is not public either."""
    city = CityLayers.load(folder)
    app = Flask("layers")
    app.register_blueprint(blueprint(city))
    client = app.test_client()
    answers = [client.get(f"/layers/{name}.geojson").text for name in city.layers]
    assert any("Buurthuis" in answer for answer in answers)
    assert not any(HIDDEN in answer or "Vaag" in answer for answer in answers)
    assert {"g1"} == city.groups & {"g0", "g1", "g2"}


def test_a_layer_that_is_invented_says_so_at_every_feature(folder):
    path = folder / "target_groups.geojson"
    collection = json.loads(path.read_text("utf-8"))
    for feature in collection["features"]:
        del feature["properties"]["synthetic"]
    path.write_text(json.dumps({**collection, "defaults": {"synthetic": True}}), "utf-8")
    shown = json.loads(CityLayers.load(folder).layers["target_groups"].body)["features"]
    assert shown and all(feature["properties"]["synthetic"] for feature in shown)
