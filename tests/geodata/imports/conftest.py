"""A small city to import into, and a way to ask for it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from geodata.imports.importing import Imported, Wish, import_layer
from geodata.imports.kinds import Kind

HONEST = {"source": "a test", "licence": "CC0", "vintage": "2026", "synthetic": True}

Import = Callable[..., Imported]


def outline(west: float, south: float, east: float, north: float) -> str:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    facts = {"id": "12025", "name": "Test", **HONEST, "precision_m": 1}
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": facts, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A city around Mechelen's Grote Markt with two neighbourhoods of which the codes are known."""
    city = tmp_path / "city"
    city.mkdir()
    (city / "boundary.geojson").write_text(outline(4.46, 51.01, 4.50, 51.05))
    facts = {"id": "W1", "name": "Eén", "sectors": ["12025A00-", "12025A01-"], **HONEST}
    geometry = json.loads(outline(4.46, 51.01, 4.50, 51.05))["features"][0]["geometry"]
    feature = {
        "type": "Feature",
        "properties": {**facts, "precision_m": 1},
        "geometry": geometry,
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (city / "neighbourhoods.geojson").write_text(text)
    return city


@pytest.fixture
def bring(folder: Path) -> Import:
    """Import a file, or a text that becomes one."""

    def asked(kind: str, file: Path | str | bytes, **more: object) -> Imported:
        if not isinstance(file, Path):
            path = folder.parent / "file.csv"
            path.write_bytes(file.encode() if isinstance(file, str) else file)
            file = path
        told = {"source": "the city", "licence": "CC0", "vintage": "2025", **more}
        return import_layer(Wish(Kind(kind), file, folder, **told), lambda _: None)

    return asked
