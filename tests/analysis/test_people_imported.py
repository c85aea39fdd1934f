"""What `netmon import` brought is used instead of what is bundled, layer by layer."""

import json
import shutil
from pathlib import Path

import pytest

from geodata.city import City
from geodata.imports.importing import Wish, import_layer
from geodata.imports.kinds import Kind
from geodata.walking import Method
from netmon.analysis.equity import access_at_points, group_access, income_at
from netmon.analysis.people import OfferPoint, People
from netmon.config.settings import CitySettings, InventorySettings, Settings
from netmon.domain.model import Service

WEST, SOUTH, EAST, NORTH = 4.478, 51.026, 4.486, 51.030
MIDDLE = (WEST + EAST) / 2
TOLD = ("a test", "CC0", "2025")
POPULATION = """CD_SECTOR;TOTAL;older
12025A00-;1200;300
12025A02-;800;100
12025A10-;50;5
"""
INCOME = """CD_SECTOR;MS_MEDIAN_NET_TAXABLE_INC
12025A00-;30000
12025A02-;20000
"""


def _square(west: float, east: float) -> dict[str, object]:
    ring = [[west, SOUTH], [east, SOUTH], [east, NORTH], [west, NORTH], [west, SOUTH]]
    return {"type": "Polygon", "coordinates": [ring]}


def _collection(*rows: tuple[dict[str, object], dict[str, object]]) -> str:
    features = [
        {"type": "Feature", "properties": facts, "geometry": shape} for facts, shape in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


SECTORS = _collection(
    ({"cd_sector": "12025A00-", "name": "West"}, _square(WEST, MIDDLE)),
    ({"cd_sector": "12025A02-", "name": "East"}, _square(MIDDLE, EAST)),
)
ADDRESSES = "straat;huisnummer;bus;lon;lat\n" + "\n".join(
    f"Bruul;{number};;{4.4785 + number * 0.0001:.4f};51.0281" for number in range(1, 71)
)
STREETS = _collection(
    (
        {"highway": "pedestrian", "name": "Bruul"},
        {"type": "LineString", "coordinates": [[4.47, 51.028], [4.49, 51.028]]},
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled city to import into."""
    return Path(shutil.copytree(City.bundled().folder, tmp_path / "city"))


def _bring(folder: Path, kind: Kind, text: str, suffix: str) -> None:
    file = folder.parent / f"{kind}.{suffix}"
    file.write_text(text, "utf-8")
    done = import_layer(Wish(kind, file, folder, *TOLD), lambda _: None)
    assert done.kept > 0


def _people(folder: Path) -> People:
    sites = InventorySettings(sites=folder / "sites.geojson")
    return People.load(Settings(city=CitySettings(folder=folder), inventory=sites))


def _count(people: People, group: str) -> float:
    return float(people.points.people[:, people.points.groups.index(group)].sum())


def test_a_population_alone_replaces_the_invented_spread(folder: Path) -> None:
    _bring(folder, Kind.POPULATION, POPULATION, "csv")
    people = _people(folder)
    assert _count(people, "all") == pytest.approx(2050, rel=1e-9)
    assert _count(people, "older") == pytest.approx(405, rel=1e-9)
    # The bundled neighbourhoods know their sectors: all three are in the centre.
    assert set(people.points.area[people.points.people[:, 0] > 0]) == {"12025W03"}
    assert people.is_synthetic("all")  # where in the centre is not known
    assert "older" not in people.inhabitants.alike


def test_with_everything_imported_only_shares_are_synthetic(folder: Path) -> None:
    _bring(folder, Kind.SECTORS, SECTORS, "geojson")
    _bring(folder, Kind.POPULATION, POPULATION, "csv")
    _bring(folder, Kind.ADDRESSES, ADDRESSES, "csv")
    _bring(folder, Kind.STREETS, STREETS, "geojson")
    _bring(folder, Kind.INCOME, INCOME, "csv")
    people = _people(folder)
    assert _count(people, "all") == pytest.approx(2000, rel=1e-9)
    assert people.inhabitants.unlocated["all"] == 50  # a sector that the map does not show
    assert people.method is Method.NETWORK
    synthetic = {group for group in people.groups if people.is_synthetic(group)}
    assert synthetic == set(people.groups) - {"all", "older"}
    assert len(people.points.at) == 70 + 7  # doors, and the workplaces of city staff
    assert {each.source for each in people.provenance} >= {"a test"}
    assert people.provenance[-1].name == "walking network"


def test_incomes_rank_people_by_their_sector(folder: Path) -> None:
    for kind, text, suffix in (
        (Kind.SECTORS, SECTORS, "geojson"),
        (Kind.POPULATION, POPULATION, "csv"),
        (Kind.INCOME, INCOME, "csv"),
    ):
        _bring(folder, kind, text, suffix)
    people, city = _people(folder), City.open(folder)
    income = income_at(people, city)
    assert income is not None
    assert {20_000.0, 30_000.0} <= set(income.tolist())
    # In the middle of the east, where incomes are lower.
    x_m, y_m = people.points.at[income == 20_000.0].mean(axis=0).tolist()
    offer = OfferPoint("o", Service.COMPUTER, "p", x_m, y_m, 10.0)
    access = access_at_points(people, [offer], {"o": 40.0})
    found = {each.group: each.concentration for each in group_access(people, access, income)}
    assert (found["all"] or 0.0) < 0
