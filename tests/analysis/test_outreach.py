"""Places of target groups find their nearest offers, and who must not be found is not."""

import json
import shutil
from pathlib import Path

import pytest

from geodata.city import City
from netmon.analysis.outreach import FARTHEST_M, Outreach, outreach
from netmon.analysis.people import People, site_points
from netmon.config.settings import CitySettings, InventorySettings, Settings
from netmon.domain.model import Offer, Place, Service


def _site(name: str, lon: float | None, lat: float | None, *services: Service) -> Place:
    offers = tuple(Offer(each) for each in services)
    at = {"lon": lon, "lat": lat, "precision_m": 20.0}
    return Place(name, name.title(), is_street=False, offers=offers, **at)


def _listed(folder: Path, *sites: Place, is_public: bool = True) -> Outreach:
    city = City.open(folder)
    settings = Settings(
        city=CitySettings(folder=folder), inventory=InventorySettings(sites=city.sites)
    )
    names = {each.id: each.name for each in sites}
    people = People.load(settings)
    return outreach(city, people, site_points(sites), names, is_public=is_public)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled city."""
    return Path(shutil.copytree(City.bundled().folder, tmp_path / "city"))


def _mark(folder: Path, **public: object) -> None:
    path = folder / "target_groups.geojson"
    collection = json.loads(path.read_text("utf-8"))
    for feature in collection["features"]:
        facts = feature["properties"]
        facts["public"] = public.get(facts["id"].replace("-", "_"), True)
    path.write_text(json.dumps(collection), "utf-8")


def test_each_place_is_told_the_nearest_of_each_service_with_its_walk(folder: Path) -> None:
    near = _site("near", 4.4775, 51.0322, Service.COMPUTER)
    far = _site("far", 4.4450, 51.0145, Service.COMPUTER, Service.GUIDED)
    found = _listed(folder, near, far)
    rows = {each.place: each for each in found.rows}
    rooster, esdoorn = rows["LDC De Rooster"], rows["De Esdoorn"]
    name, metres = rooster.nearest[Service.COMPUTER] or ("", 0.0)
    assert (name, metres) == ("Near", pytest.approx(7, abs=5))
    assert (esdoorn.nearest[Service.COMPUTER] or ("",))[0] == "Far"
    assert Service.GUIDED in rooster.straight
    assert rooster.precision_m == 30.0
    assert rooster.area_name == "Centrum"
    areas = [each.area_name for each in found.rows]
    assert areas == sorted(areas)


def test_what_is_beyond_an_hours_walk_or_without_a_position_is_nobodys_nearest(
    folder: Path,
) -> None:
    lost = _site("lost", None, None, Service.GUIDED)
    walem = _site("walem", 4.459, 51.06889, Service.COMPUTER)
    found = _listed(folder, lost, walem)
    assert all(Service.GUIDED not in each.nearest for each in found.rows)
    ways = [each.nearest[Service.COMPUTER] for each in found.rows]
    assert None in ways
    assert all(way[1] <= FARTHEST_M for way in ways if way)
    assert "VDAB Mechelen" in found.to_locate
    assert not any("No place" in each for each in found.to_locate)


def test_a_place_that_is_kept_from_the_public_is_in_no_public_list(folder: Path) -> None:
    _mark(folder, older_de_rooster=False, job_seekers_vdab=None, young_jac="yes")
    near = _site("near", 4.4775, 51.0322, Service.COMPUTER)
    found = _listed(folder, near)
    told = {*found.to_locate, *(each.place for each in found.rows)}
    assert not told & {"LDC De Rooster", "VDAB Mechelen", "Jongeren Advies Centrum"}
    inside = _listed(folder, near, is_public=False)
    everything = {*inside.to_locate, *(each.place for each in inside.rows)}
    assert {"LDC De Rooster", "VDAB Mechelen", "Jongeren Advies Centrum"} <= everything


def test_without_any_offer_the_places_are_listed_with_nothing_near(folder: Path) -> None:
    found = _listed(folder)
    assert found.rows
    assert all(not each.nearest for each in found.rows)
    assert all(each.precision_m is not None for each in found.rows)
