"""The bundled city keeps the contract and agrees with the figures its sources publish."""

import gzip
import json

import geopandas as gpd
import pytest
from opening_hours import OpeningHours

from geodata.city import FILES, City
from geodata.contract import findings
from geodata.errors import DataError
from geodata.files import read_collection
from geodata.layers import load_layer, to_metric
from geodata.placing import area_of

BOX = (4.36, 50.98, 4.56, 51.09)
"""The municipality and 400 m around it, where the base map ends."""

LAYERS = [name for name in FILES if name.endswith(".geojson")]
GROUPS = {"older", "low_income", "disability", "job_seekers", "newcomers", "young", "staff"}


@pytest.mark.parametrize("name", [*LAYERS, "demo/sites.geojson"])
def test_every_layer_keeps_the_contract(city, name):
    collection = read_collection(city.folder / name)
    key = None if name.startswith("basemap") else "id"
    assert collection["features"]
    assert findings(collection, name, key=key, within=BOX) == []


@pytest.mark.parametrize("name", LAYERS)
def test_a_file_holds_one_licence_only(city, name):
    assert load_layer(city.folder / name, key=None)["licence"].nunique() == 1


@pytest.mark.parametrize("name", LAYERS)
def test_nothing_bundled_outside_the_demo_is_synthetic(city, name):
    assert not load_layer(city.folder / name, key=None)["synthetic"].any()


@pytest.mark.parametrize("name", [*LAYERS, "demo/sites.geojson"])
def test_what_derives_from_openstreetmap_names_it(city, name):
    collection = read_collection(city.folder / name)
    frame = load_layer(city.folder / name, key=None)
    is_odbl = bool((frame["licence"] == "ODbL-1.0").all())
    assert is_odbl == (collection["attribution"] == "© OpenStreetMap contributors")


@pytest.mark.parametrize("name", LAYERS)
def test_coordinates_have_at_most_six_decimals(city, name):
    text = (city.folder / name).read_text(encoding="utf-8")

    def checked(number: str) -> float:
        assert len(number.partition(".")[2]) <= 6
        return float(number)

    json.loads(text, parse_float=checked)


def test_the_base_map_is_light(city):
    parts = list(city.folder.glob("basemap_*.geojson"))
    assert len(parts) == 3
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in parts) < 120_000


def test_twelve_neighbourhoods_tile_the_municipality(city, neighbourhoods):
    outline = to_metric(load_layer(city.boundary)).geometry.iloc[0]
    assert len(neighbourhoods) == 12
    assert neighbourhoods.area.sum() / 1e6 == pytest.approx(65.79, abs=0.05)
    assert outline.area / 1e6 == pytest.approx(65.79, abs=0.05)
    assert neighbourhoods.union_all().symmetric_difference(outline).area < 1
    assert (neighbourhoods.area / 1e6).to_list() == pytest.approx(
        neighbourhoods["area_km2"].to_list(), abs=0.001
    )


def test_the_neighbourhoods_carry_their_prescribed_attribution(city):
    text = (
        "Wijken voor omgevingsanalyse. © gemeentebesturen, "
        "verzameld door Data & Analyse van de Vlaamse provincies"
    )
    assert read_collection(city.neighbourhoods)["attribution"] == text
    assert load_layer(city.neighbourhoods)["source"].str.startswith(text).all()


def test_all_103_sectors_belong_to_one_neighbourhood(neighbourhoods):
    sectors = [sector for row in neighbourhoods["sectors"] for sector in row]
    assert len(sectors) == len(set(sectors)) == 103


def test_the_seven_streets_have_the_lengths_of_their_ways(streets):
    lines = streets.set_index("id").length
    assert list(streets["id"]) == [
        "bruul",
        "ijzerenleen",
        "hoogstraat",
        "grote-markt",
        "veemarkt",
        "vismarkt",
        "station",
    ]
    assert lines["bruul"] == pytest.approx(504, abs=1)
    assert lines["ijzerenleen"] == pytest.approx(189, abs=1)
    assert lines["hoogstraat"] == pytest.approx(245, abs=1)


def test_a_width_that_nobody_published_says_so(streets):
    assert streets["width_source"].str.startswith(("upper bound", "derived", "not sourced")).all()
    assert (streets["width_m"] > 0).all()


def test_house_nodes_seen_beside_a_street_lie_within_its_width_or_at_its_edge(streets):
    """Two nodes of IJzerenleen and two of Bruul, from the evidence of the streets."""
    nodes = {
        "bruul": [(4.4821585, 51.0233137), (4.480965, 51.0273688)],
        "ijzerenleen": [(4.4787191, 51.0265763), (4.4791448, 51.0270583)],
    }
    for street_id, points in nodes.items():
        street = streets[streets["id"] == street_id].iloc[0]
        frame = gpd.GeoSeries(gpd.points_from_xy(*zip(*points, strict=True)), crs=4326)
        far_m = frame.to_crs(streets.crs).distance(street.geometry)
        assert far_m.min() >= street["width_m"] / 2 - 0.5
        assert far_m.max() < street["width_m"] / 2 + 3


def test_streets_known_from_single_points_are_the_least_precise(streets):
    precision = streets.set_index("id")["precision_m"]
    assert precision[["vismarkt", "station"]].min() > precision.drop(["vismarkt", "station"]).max()


@pytest.mark.parametrize("layer", ["sites", "demo_sites", "target_groups", "streets"])
def test_everything_placed_lies_inside_the_city(city, boundary, layer):
    frame = load_layer(getattr(city, layer))
    corners = frame.get_coordinates()
    assert len(corners)
    assert all(boundary.contains(lon, lat) for lon, lat in corners.to_numpy())


@pytest.mark.parametrize("layer", ["sites", "demo_sites"])
def test_each_site_names_the_neighbourhood_that_holds_it(city, neighbourhoods, layer):
    sites = to_metric(load_layer(getattr(city, layer)))
    names = dict(zip(neighbourhoods["id"], neighbourhoods["name"], strict=True))
    held = [names.get(area) for area in area_of(sites, neighbourhoods)]
    names_written = (
        sites["neighbourhood"].astype(object).where(sites["neighbourhood"].notna(), None)
    )
    assert held == names_written.to_list()


def test_sites_are_the_fourteen_that_sources_name_and_six_wait_to_be_located(city):
    sites = load_layer(city.sites)
    assert len(sites) == 14
    assert sorted(sites[sites.geometry.isna()]["id"]) == [
        "den-abeel",
        "den-deigem",
        "digibankatelier",
        "huis-van-de-mechelaar",
        "sociaal-huis",
        "vdab",
    ]


def test_the_only_published_hours_are_those_of_den_abeel(city):
    known = {
        feature["properties"]["id"]: offer["opening_hours"]
        for feature in read_collection(city.sites)["features"]
        for offer in feature["properties"]["offers"]
        if offer["opening_hours"] is not None
    }
    assert known == {"den-abeel": "Fr 10:00-12:00"}


def test_no_seat_owner_or_confirmation_is_claimed_that_no_source_states(city):
    offers = [o for s in read_collection(city.sites)["features"] for o in s["properties"]["offers"]]
    for offer in offers:
        assert list(offer) == [
            "service",
            "opening_hours",
            "seats",
            "owner",
            "confirmed_on",
            "conditions",
            "synthetic",
        ]
        assert offer["seats"] is offer["owner"] is offer["confirmed_on"] is None
        assert offer["synthetic"] is False


def test_all_seven_target_groups_are_there_and_unsourced_ones_have_no_place(city):
    places = load_layer(city.target_groups)
    assert set(places["group"]) == GROUPS
    assert places[places["kind"] == "to_be_sourced"].geometry.isna().all()


def test_every_opening_hour_of_every_layer_parses(city):
    for layer in (city.streets, city.sites, city.demo_sites):
        for feature in read_collection(layer)["features"]:
            properties = feature["properties"]
            written = [properties["opening_hours"]]
            written += [offer["opening_hours"] for offer in properties.get("offers", [])]
            for hours in filter(None, written):
                assert OpeningHours(hours, country="BE") is not None


def test_a_folder_that_lacks_files_is_refused_with_each_of_them(tmp_path):
    with pytest.raises(DataError) as caught:
        City.open(tmp_path)
    assert [finding.key for finding in caught.value.findings] == list(FILES)


def test_each_rail_line_is_drawn_about_once(city):
    tracks = to_metric(load_layer(city.basemap_rail, key=None)).geometry.explode()
    for track in tracks:
        others = tracks[tracks != track].union_all().buffer(10)
        assert track.intersection(others).length < 0.25 * track.length


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        pytest.param(4.3673, 51.0112, id="Dendermonde"),
        pytest.param(4.4780, 50.9879, id="Brussels"),
        pytest.param(4.5433, 50.9953, id="Leuven"),
        pytest.param(4.4939, 51.0526, id="Antwerp"),
        pytest.param(4.3777, 51.0499, id="Sint-Niklaas"),
        pytest.param(4.4953, 51.0218, id="the arc past Nekkerspoel"),
        pytest.param(4.4837, 51.0178, id="the station"),
    ],
)
def test_no_rail_line_was_lost_when_tracks_were_thinned(city, lon, lat):
    rail = to_metric(load_layer(city.basemap_rail, key=None)).geometry
    place = gpd.GeoSeries.from_xy([lon], [lat], crs=4326).to_crs(rail.crs)
    assert rail.distance(place.iloc[0]).min() < 40
