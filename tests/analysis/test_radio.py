"""The coverage of the demo's access points along Mechelen's streets, and what failures take."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.city import City
from geodata.layers import load_layer, to_metric
from geodata.link import ServiceClass
from geodata.obstacles import WallsOf
from geodata.samples import heard, samples_of
from netmon.analysis.radio import RadioMap
from netmon.config.coverage_settings import CoverageSettings
from netmon.domain.model import Device, DeviceKind, Inventory

STREETS = load_layer(City.bundled().streets)
SETTINGS = CoverageSettings(cell_m=4.0)


def _access_point(nth: int, lon: float | None, lat: float | None) -> Device:
    host = f"192.0.2.{nth}"
    return Device(
        f"ap-{nth}", DeviceKind.ACCESS_POINT, f"AP {nth}", "bruul", host, lon=lon, lat=lat
    )


def _along_bruul(count: int) -> list[Device]:
    line = STREETS.geometry[0]
    points = [line.interpolate((nth + 0.5) / count, normalized=True) for nth in range(count)]
    return [_access_point(nth, each.x, each.y) for nth, each in enumerate(points, 1)]


DEVICES = _along_bruul(6)
RADIO = RadioMap(Inventory((), tuple(DEVICES)), STREETS, None, SETTINGS)
SUBSETS = st.frozensets(st.sampled_from(sorted(RADIO.ids)))


def _at(working, level=ServiceClass.PAGES, street="bruul"):
    (row,) = [each for each in RADIO.street_figures(working) if each.id == street]
    (found,) = [each for each in row.classes if each.level is level]
    return row, found


def test_with_all_access_points_the_whole_street_is_covered_and_without_any_nothing():
    row, found = _at(RADIO.ids)
    assert row.length_m == pytest.approx(to_metric(STREETS).geometry[0].length)
    assert found.length_m.planning == pytest.approx(row.length_m)
    assert found.area_m2.planning == pytest.approx(row.area_m2)
    assert _at(frozenset())[1].length_m.optimistic == 0


@settings(max_examples=30, deadline=None)
@given(SUBSETS, SUBSETS)
def test_more_access_points_never_cover_less_nor_a_worse_class_less_than_a_better(some, more):
    few, many = RADIO.street_figures(some), RADIO.street_figures(some | more)
    for before, after in zip(few, many, strict=True):
        for one, other in zip(before.classes, after.classes, strict=True):
            assert one.length_m.planning <= other.length_m.planning + 1e-9
            assert one.area_m2.planning <= one.area_m2.optimistic + 1e-9
        better_first = [each.area_m2.planning for each in after.classes]
        assert better_first == sorted(better_first)


@settings(max_examples=30, deadline=None)
@given(SUBSETS)
def test_all_streets_together_are_their_sum_and_squares_are_those_of_the_map(working):
    *rows, whole = RADIO.street_figures(working)
    assert whole.area_m2 == pytest.approx(sum(each.area_m2 for each in rows))
    for nth, found in enumerate(whole.classes):
        assert found.area_m2.planning == pytest.approx(
            sum(each.classes[nth].area_m2.planning for each in rows)
        )
    heard = RADIO.coverage(working).planning_dbm >= ServiceClass.PAGES
    square = to_metric(STREETS).set_index("id").geometry["veemarkt"]
    inside = RADIO.grid.within(square)
    (row,) = [each for each in rows if each.id == "veemarkt"]
    share = heard[inside].mean()
    assert row.classes[1].area_m2.planning / row.area_m2 == pytest.approx(share, abs=0.02)


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(SUBSETS, st.integers(1, 1000), min_size=1, max_size=4))
def test_a_window_is_the_mean_of_its_spells_and_splitting_one_changes_nothing(spells):
    total_s = sum(spells.values())
    whole = RADIO.figures_over(spells)[-1]
    parts = [(RADIO.street_figures(each)[-1], lasted_s) for each, lasted_s in spells.items()]
    for nth, found in enumerate(whole.classes):
        mean = sum(each.classes[nth].length_m.planning * s for each, s in parts) / total_s
        assert found.length_m.planning == pytest.approx(mean)


def test_a_window_without_time_is_refused():
    with pytest.raises(ValueError, match="found none"):
        RADIO.figures_over({})


def test_each_stretch_of_the_street_is_served_by_the_access_point_that_hangs_in_it():
    serving = RADIO.serving(is_optimistic=False)
    assert list(serving) == [each.id for each in RADIO.stretches]
    assert "ap-1" in serving["bruul:02"] and "ap-6" in serving["bruul:19"]
    assert "ap-6" not in serving["bruul:01"]
    best = RADIO.serving(is_optimistic=True)
    assert all(serving[each] <= best[each] for each in serving)
    strict = RADIO.serving(-67, is_optimistic=False)
    assert all(strict[each] <= serving[each] for each in serving)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(range(len(RADIO.stretches))), st.sampled_from(sorted(RADIO.ids)))
def test_a_stretch_is_served_at_just_the_level_that_half_of_it_hears(nth, name):
    places = samples_of(RADIO.stretches, RADIO.grid, shapely.Polygon())
    own = (places.stretch == nth) & (places.area_m2 > 0)
    levels = np.sort(heard(RADIO.layers[name], places).planning_dbm[own])[::-1]
    half = float(levels[(len(levels) + 1) // 2 - 1])
    key = RADIO.stretches[nth].id
    if not np.isfinite(half):
        assert name not in RADIO.serving(-80, is_optimistic=False)[key]
        return
    assert name in RADIO.serving(half, is_optimistic=False)[key]
    assert name not in RADIO.serving(half + 1e-4, is_optimistic=False)[key]


def test_of_a_stretch_that_is_all_houses_nothing_is_served():
    here = to_metric(STREETS).geometry[0].interpolate(0.5, normalized=True)
    block = here.buffer(60.0, quad_segs=1)
    houses = gpd.GeoDataFrame(
        {"precision_m": [2.0], "synthetic": [False]}, geometry=[block], crs="EPSG:3812"
    )
    built = RadioMap(Inventory((), tuple(DEVICES)), STREETS, houses, SETTINGS)
    within = {each.id for each in built.stretches if block.contains(each.area)}
    serving = built.serving(is_optimistic=True)
    assert within
    assert {served for each in within for served in serving[each]} == set()


def test_what_if_gives_what_an_inventory_with_that_change_gives():
    fewer = RadioMap(Inventory((), tuple(DEVICES[:-1])), STREETS, None, SETTINGS)
    added = fewer.changed(added=[fewer.at("ap-6", DEVICES[5].lon, DEVICES[5].lat)])
    assert added.street_figures(added.ids) == RADIO.street_figures(RADIO.ids)
    removed = RADIO.changed(removed=["ap-6"])
    assert removed.serving(is_optimistic=False) == fewer.serving(is_optimistic=False)
    assert RADIO.ids == {each.id for each in DEVICES}, "the map itself stays as it is"
    assert added.is_synthetic


def test_moved_away_an_access_point_serves_elsewhere():
    gone = RADIO.changed(moved=[RADIO.at("ap-6", DEVICES[0].lon, DEVICES[0].lat)])
    assert "ap-6" in gone.serving(is_optimistic=False)["bruul:02"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"removed": ["nobody"]}, "expected access points of the map, found nobody"),
        ({"moved": [RADIO.at("nobody", 4.48, 51.02)]}, "expected access points of the map"),
        ({"added": [RADIO.at("ap-1", 4.48, 51.02)]}, "expected new ids, found ap-1"),
    ],
)
def test_a_change_of_what_is_not_there_is_refused(change, expected):
    with pytest.raises(ValueError, match=expected):
        RADIO.changed(**change)


def test_what_it_is_made_of_is_told():
    assert (RADIO.walls, RADIO.is_synthetic, RADIO.is_calibrated) == (
        WallsOf.CORRIDORS,
        False,
        False,
    )
    assert RADIO.precision_m == max(STREETS["precision_m"])
    lost = [*DEVICES, _access_point(9, None, None)]
    invented = [replace(each, synthetic=True) for each in lost]
    radio = RadioMap(Inventory((), tuple(invented)), STREETS, None, SETTINGS)
    assert (radio.unplaced, radio.is_synthetic) == (("ap-9",), True)


def test_houses_hide_what_the_edges_of_the_streets_do_not_and_nobody_walks_in_them():
    here = to_metric(STREETS).geometry[0].interpolate(0.5, normalized=True)
    house = gpd.GeoDataFrame(
        {"precision_m": [2.0], "synthetic": [False]},
        geometry=[shapely.box(here.x - 30, here.y - 6, here.x + 30, here.y + 6)],
        crs="EPSG:3812",
    )
    built = RadioMap(Inventory((), tuple(DEVICES)), STREETS, house, SETTINGS)
    assert built.walls is WallsOf.BUILDINGS
    assert not built.outdoors.all()
    assert np.isneginf(built.coverage(built.ids).optimistic_dbm[~built.outdoors]).all()
    bruul, before = built.street_figures(built.ids)[0], RADIO.street_figures(RADIO.ids)[0]
    assert bruul.area_m2 < before.area_m2 - 100


def test_an_access_point_on_a_map_inside_a_house_is_moved_out_and_told():
    lon, lat = DEVICES[2].lon, DEVICES[2].lat
    x_m, y_m = shapely.get_coordinates(
        gpd.GeoSeries([shapely.Point(lon, lat)], crs="EPSG:4326").to_crs("EPSG:3812").iloc[0]
    )[0]
    house = gpd.GeoDataFrame(
        {"precision_m": [2.0], "synthetic": [True]},
        geometry=[shapely.box(x_m - 5, y_m - 5, x_m + 5, y_m + 5)],
        crs="EPSG:3812",
    )
    built = RadioMap(Inventory((), tuple(DEVICES)), STREETS, house, SETTINGS)
    assert (built.moved, built.is_synthetic) == (("ap-3",), True)


def test_without_streets_there_is_nothing_to_plan():
    with pytest.raises(Exception, match="expected a Wi-Fi street, found none"):
        RadioMap(Inventory((), ()), STREETS[:0], None, SETTINGS)
