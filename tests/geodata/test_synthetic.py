"""The demo inventory is the same on every machine, stands where it may, and says it is invented."""

import csv
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd
import pytest
from opening_hours import OpeningHours

from geodata import synthetic
from geodata.errors import DataError
from geodata.files import read_collection, write_collection
from geodata.synthetic import write_inventory

COLUMNS = "id,kind,name,place_id,host,port,parents,credential,power,lon,lat,renamed_from,synthetic"
BRUSSELS = ZoneInfo("Europe/Brussels")
ARMISTICE = datetime(2026, 11, 11, 10, tzinfo=BRUSSELS)


@pytest.fixture(scope="module")
def rows(city) -> list[dict[str, str]]:
    with city.demo_devices.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def sites(city) -> dict[str, dict]:
    features = read_collection(city.demo_sites)["features"]
    return {feature["properties"]["id"]: feature for feature in features}


def computer(site: dict) -> dict:
    """Return the one computer offer of a site."""
    (offer,) = [o for o in site["properties"]["offers"] if o["service"] == "computer"]
    return offer


def test_the_committed_files_are_what_the_generator_writes(city, tmp_path):
    write_inventory(city.folder, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["devices.csv", "sites.geojson"]
    for made, kept in ((p, city.folder / "demo" / p.name) for p in tmp_path.iterdir()):
        assert made.read_bytes() == kept.read_bytes(), made.name


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_the_bytes_depend_on_no_hash_order_and_no_locale(city, tmp_path, hash_seed):
    out = tmp_path / "a" / "b"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-m", "geodata.synthetic", str(out)]
    root = Path(synthetic.__file__).parents[1]
    subprocess.run(command, check=True, env=environment, cwd=root)
    assert (out / "devices.csv").read_bytes() == city.demo_devices.read_bytes()
    assert (out / "sites.geojson").read_bytes() == city.demo_sites.read_bytes()


def test_the_command_says_how_it_is_used(capsys):
    assert synthetic.main([]) == 2
    assert "usage: python -m geodata.synthetic OUT_DIR" in capsys.readouterr().err


def test_the_command_fails_in_one_line_where_it_cannot_write(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert synthetic.main([str(tmp_path / "file")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_city_without_a_station_street_is_refused_and_nothing_is_written(city, tmp_path):
    for path in city.folder.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    streets = read_collection(city.streets)
    kept = [f for f in streets["features"] if f["properties"]["id"] != "station"]
    write_collection(tmp_path / "streets.geojson", {**streets, "features": kept})
    with pytest.raises(DataError, match=r"streets\.geojson: id: expected station"):
        write_inventory(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_columns_are_the_contract(city):
    assert city.demo_devices.read_text(encoding="utf-8").splitlines()[0] == COLUMNS


def test_there_are_about_as_many_devices_as_a_city_has(rows):
    kinds = Counter(row["kind"] for row in rows)
    assert 130 <= len(rows) <= 150
    assert kinds["access_point"] == pytest.approx(60, abs=5)
    assert kinds["public_pc"] == pytest.approx(60, abs=5)
    assert kinds["switch"] == 7
    assert set(kinds) == {"access_point", "public_pc", "switch", "gateway"}


def test_every_device_is_invented_local_and_waits_for_a_port(rows):
    assert {row["synthetic"] for row in rows} == {"true"}
    assert {row["host"] for row in rows} == {"127.0.0.1"}
    assert {row["port"] for row in rows} == {""}
    assert {row["credential"] for row in rows} == {"demo"}
    assert {row["power"] for row in rows} == {"always_on", "with_site", "on_demand"}


def test_ids_are_unique_and_every_parent_is_listed_before_its_child(rows):
    seen = set()
    for row in rows:
        assert row["id"] not in seen
        assert set(row["parents"].split()) <= seen
        seen.add(row["id"])
    assert [row["id"] for row in rows if not row["parents"]] == ["gw-city"]


def test_every_device_has_a_place(rows, sites, streets):
    assert {row["place_id"] for row in rows} <= set(sites) | set(streets["id"])


def test_every_device_of_a_street_stands_within_it(rows, streets):
    by_id = streets.set_index("id")
    mounted = [row for row in rows if row["place_id"] in by_id.index]
    lon, lat = ([float(row[axis]) for row in mounted] for axis in ("lon", "lat"))
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326).to_crs(streets.crs)
    for row, point in zip(mounted, points, strict=True):
        street = by_id.loc[row["place_id"]]
        is_area = "Polygon" in street.geometry.geom_type
        reach_m = 0.1 if is_area else street["width_m"] / 2
        assert street.geometry.distance(point) <= reach_m, row["id"]


def test_access_points_of_a_line_are_about_25_metres_apart(rows, streets):
    for street in streets[streets.geom_type == "LineString"].itertuples():
        count = sum(row["place_id"] == street.id and row["kind"] == "access_point" for row in rows)
        assert street.geometry.length / count == pytest.approx(25, abs=2.5)


def test_devices_of_a_site_stand_where_the_site_stands_or_nowhere(rows, sites):
    for row in rows:
        if row["place_id"] in sites:
            geometry = sites[row["place_id"]]["geometry"]
            expected = [f"{c:.6f}" for c in geometry["coordinates"]] if geometry else ["", ""]
            assert [row["lon"], row["lat"]] == expected


def test_there_are_twenty_sites_with_as_many_computers_as_seats(rows, sites):
    computers = Counter(row["place_id"] for row in rows if row["kind"] == "public_pc")
    assert len(computers) == len(sites) == 20
    assert computers == {key: computer(site)["seats"] for key, site in sites.items()}


def test_one_invented_surfpunt_never_closes_and_it_is_the_one_by_the_station(sites, streets):
    always = [key for key, site in sites.items() if computer(site)["opening_hours"] == "24/7"]
    assert always == ["surfpunt-station"]
    site = sites["surfpunt-station"]
    assert site["properties"]["synthetic"] is True
    station = streets.set_index("id").geometry["station"]
    point = gpd.GeoSeries(gpd.points_from_xy(*zip(site["geometry"]["coordinates"])), crs=4326)
    assert point.to_crs(streets.crs).iloc[0].distance(station) < 100


def test_real_sites_stay_what_they_are_but_for_their_offers(city, sites):
    for real in read_collection(city.sites)["features"]:
        demo = sites[real["properties"]["id"]]
        assert demo["geometry"] == real["geometry"]
        without = {k: v for k, v in demo["properties"].items() if k != "offers"}
        assert without == {k: v for k, v in real["properties"].items() if k != "offers"}


def test_published_hours_survive_and_what_is_invented_says_so(city, sites):
    real = {s["properties"]["id"]: s["properties"] for s in read_collection(city.sites)["features"]}
    for key, site in sites.items():
        known = real.get(key, {"offers": []})["offers"]
        for offer in site["properties"]["offers"]:
            assert offer["synthetic"] or offer in known
    guided = [o for o in sites["den-abeel"]["properties"]["offers"] if o["service"] == "guided"]
    assert [(o["opening_hours"], o["synthetic"]) for o in guided] == [("Fr 10:00-12:00", False)]


def test_every_site_with_invented_hours_is_closed_on_11_november_but_the_one_that_never_is(sites):
    for site in sites.values():
        for offer in site["properties"]["offers"]:
            if offer["synthetic"] and offer["opening_hours"] != "24/7":
                hours = OpeningHours(offer["opening_hours"], country="BE")
                assert offer["opening_hours"].endswith("; PH off")
                assert hours.is_closed(ARMISTICE)


def test_an_invented_digibankpunt_has_two_half_days_a_week(sites):
    for site in sites.values():
        for offer in site["properties"]["offers"]:
            if offer["service"] == "guided" and offer["synthetic"]:
                days, _, rest = offer["opening_hours"].partition(" ")
                assert len(days.split(",")) == 2
                assert rest in {"09:00-12:00; PH off", "13:30-16:30; PH off"}


def test_each_invented_site_opens_in_an_ordinary_week(sites):
    """Hours that parse and never open would be a demo with nothing in it."""
    monday = datetime(2026, 11, 16, tzinfo=BRUSSELS)
    for site in sites.values():
        for offer in site["properties"]["offers"]:
            hours = OpeningHours(offer["opening_hours"], country="BE")
            opens = hours.next_change(monday)
            assert hours.is_open(monday) or (opens - monday).days < 5
