"""How many live where: the city's own file, what was imported, and what is wrong with either."""

import math
import shutil
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.city import City
from geodata.crs import METRIC
from geodata.errors import DataError
from geodata.files import write_collection
from geodata.homes import at_work, homes, together
from geodata.layers import load_layer
from geodata.residents import EVERYBODY, FILE, load_residents

SQUARES = gpd.GeoDataFrame(
    {"id": ["a", "b"]},
    geometry=[
        shapely.box(650_000, 650_000, 650_500, 650_500),
        shapely.box(650_500, 650_000, 651_000, 650_500),
    ],
    crs=METRIC,
)
AT = st.tuples(st.floats(650_001, 650_999), st.floats(650_001, 650_499), st.integers(0, 90))


def _population(folder: Path, *rows: dict[str, object]) -> None:
    told = {"source": "a test", "licence": "none", "vintage": "2026", "precision_m": None}
    features = [
        {"type": "Feature", "geometry": None, "properties": {**told, "synthetic": False, **row}}
        for row in rows
    ]
    collection = {"type": "FeatureCollection", "features": features}
    write_collection(folder / "population.geojson", collection)


def test_the_bundled_people_are_those_of_statbel_and_their_spread_is_synthetic() -> None:
    city = City.bundled()
    found = load_residents(city.folder)
    assert sum(found.ages) == 83_975
    assert math.fsum(found.counts[EVERYBODY].values()) == pytest.approx(83_975, rel=1e-12)
    assert set(found.counts) == {EVERYBODY}
    assert len(found.counts[EVERYBODY]) == 12
    assert found.is_synthetic
    assert found.share_aged(65, 120) == pytest.approx(14_399 / 83_975)


def test_the_bundled_spread_counts_sectors_that_there_are() -> None:
    city = City.bundled()
    document = tomllib.loads((city.folder / FILE).read_text("utf-8"))
    sectors = load_layer(city.neighbourhoods).set_index("id")["sectors"]
    counted = document["shares"]["areas"]
    assert set(counted) == set(sectors.index)
    assert all(0 < counted[area] <= len(sectors[area]) for area in counted)
    assert sum(counted.values()) == 103 - 12  # as the file says


def test_an_imported_population_is_used_instead_and_keeps_the_ages(tmp_path: Path) -> None:
    shutil.copy(City.bundled().folder / FILE, tmp_path / FILE)
    _population(
        tmp_path,
        {"id": "a", "people": 100, "older": 20, "young": None},
        {"id": "b", "people": 50, "older": 5, "young": 3},
    )
    found = load_residents(tmp_path)
    assert found.counts == {"all": {"a": 100.0, "b": 50.0}, "older": {"a": 20.0, "b": 5.0}}
    assert len(found.ages) == 101
    assert not found.is_synthetic
    assert found.within({"a": "x", "b": "x"}).counts["older"] == {"x": 25.0}


def test_without_anything_that_counts_people_there_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"people\.toml.*netmon import population"):
        load_residents(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("by_age = [", "readable TOML"),
        ("by_age = []", "by_age: expected people of each age"),
        ("by_age = [1, -1]", "by_age: expected people of each age"),
        ("by_age = [1, nan]", "by_age: expected people of each age"),
        ("by_age = [1]\n[shares.areas]\na = 0", "shares.areas: expected a weight"),
        ("by_age = [1]\n[shares]\nsynthetic = 1", "shares.synthetic: expected true or false"),
    ],
)
def test_a_wrong_file_is_told_with_all_that_is_wrong(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(DataError, match=told):
        load_residents(tmp_path)


@given(
    doors=st.lists(AT, max_size=30),
    people=st.tuples(st.integers(0, 100_000), st.integers(0, 100_000)),
)
def test_dwellings_divide_people_and_lose_none(
    doors: list[tuple[float, float, int]], people: tuple[int, int]
) -> None:
    addresses = gpd.GeoDataFrame(
        {"dwellings": [count for *_, count in doors]},
        geometry=[shapely.Point(x, y) for x, y, _ in doors],
        crs=METRIC,
    )
    counts = dict(zip("ab", people, strict=True))
    found = homes(SQUARES, {"all": counts}, addresses)
    for area, count in counts.items():
        assert found.people[found.area == area].sum() == pytest.approx(count, rel=1e-9, abs=1e-9)
    emptied = [area for area in counts if counts[area] and area not in _areas(doors)]
    assert found.is_synthetic is bool(emptied)


def _areas(doors: list[tuple[float, float, int]]) -> set[str]:
    return {area for x, _, _ in doors for area in (("a",) if x < 650_500 else ("b",))} | (
        {"a"} if any(x <= 650_500.01 for x, _, _ in doors) else set()
    )


def test_who_is_counted_at_work_is_at_none_of_the_homes() -> None:
    living = homes(SQUARES, {"all": {"a": 10.0, "b": 6.0}})
    desks = np.array([[650_100.0, 650_100.0], [650_700.0, 650_100.0]])
    working = at_work(desks, np.array(["a", "b"]), 9.0)
    both = together(living, working, "staff")
    assert both.groups == ("all", "staff")
    assert both.people.sum(axis=0).tolist() == pytest.approx([16.0, 9.0])
    assert both.people[-2:].tolist() == [[0.0, 4.5], [0.0, 4.5]]
    assert not both.people[:-2, 1].any()
