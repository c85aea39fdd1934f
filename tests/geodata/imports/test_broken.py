"""Files of which some bytes are others: imported or refused with a reason, never anything else."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import DataError
from geodata.imports.importing import Wish, import_layer
from geodata.imports.kinds import Kind
from tests.geodata.imports.conftest import outline

KIND_OF = {
    "sectors.gpkg": Kind.SECTORS,
    "sectors.geojson": Kind.SECTORS,
    "sectors.gml": Kind.SECTORS,
    "people.xlsx": Kind.POPULATION,
    "doors.csv": Kind.ADDRESSES,
    "overpass.json": Kind.BUILDINGS,
}

BROKEN = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 30),
        st.sampled_from([b"", b"\0", b"NaN", b'"', b"<", b"[", b"1e999", b"\xff\xfe", b";;;"]),
    ),
    min_size=1,
    max_size=10,
)
"""Where in the file, how many bytes go, and what comes instead."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One small good file a format, and a city beside."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "city").mkdir()
    (folder / "city" / "boundary.geojson").write_text(outline(4.46, 51.01, 4.50, 51.05))
    shapes = [shapely.box(4.47 + n / 500, 51.02, 4.472 + n / 500, 51.022) for n in range(3)]
    facts = {"CD_SECTOR": [f"12025A0{n}-" for n in range(3)]}
    sectors = gpd.GeoDataFrame(facts, geometry=shapes, crs=4326)
    sectors.to_file(folder / "sectors.gpkg")
    sectors.to_file(folder / "sectors.geojson")
    sectors.to_file(folder / "sectors.gml", driver="GML")
    people = pd.DataFrame({**facts, "TOTAL": [1, 2, 3]})
    pyogrio.write_dataframe(people, folder / "people.xlsx", driver="XLSX")
    rows = "".join(f"B;{n};4,48;51,0{n}\n" for n in range(2, 5))
    (folder / "doors.csv").write_text(f"straat;huisnummer;lon;lat\n{rows}")
    ring = [{"lat": y, "lon": x} for x, y in shapes[0].exterior.coords]
    way = {"type": "way", "id": 1, "geometry": ring, "tags": {"building": "yes"}}
    (folder / "overpass.json").write_text(json.dumps({"osm3s": {}, "elements": [way]}))
    sectors_layer(folder)
    return folder


def sectors_layer(folder: Path) -> None:
    """Import the sectors once: people are counted in them."""
    told = ("the city", "CC0", "2025")
    file = folder / "sectors.geojson"
    import_layer(Wish(Kind.SECTORS, file, folder / "city", *told), lambda _: None)


@pytest.mark.parametrize("name", KIND_OF)
@settings(max_examples=25, deadline=None)
@given(cuts=BROKEN)
def test_a_broken_file_is_imported_or_refused_with_a_reason(files: Path, name: str, cuts) -> None:
    content = bytearray((files / name).read_bytes())
    for where, gone, instead in cuts:
        at = int(where * len(content))
        content[at : at + gone] = instead
    broken = files / f"broken-{name}"
    broken.write_bytes(content)
    wish = Wish(KIND_OF[name], broken, files / "city", "the city", "CC0", "2025")
    try:
        done = import_layer(wish, lambda _: None)
    except DataError as error:
        assert error.findings  # noqa: PT017 - one of two good ends
        assert all(str(each).isprintable() for each in error.findings)  # noqa: PT017 - likewise
    else:
        assert done.kept > 0
    assert not [*(files / "city").glob(".import-*")]
