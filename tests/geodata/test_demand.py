"""People are divided among points without losing any, and small counts are never told."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.crs import EXCHANGE, METRIC
from geodata.demand import SMALLEST_SHOWN, grid_points, spread, suppressed
from geodata.errors import DataError
from geodata.layers import load_layer, to_metric

MECHELEN = Path(__file__).parents[2] / "geodata" / "mechelen"
AREAS = to_metric(load_layer(MECHELEN / "neighbourhoods.geojson"))
POINTS = grid_points(AREAS, 100.0)
NAMES = sorted(set(POINTS["area"]))

COUNTS = st.dictionaries(
    st.sampled_from(["all", "older", "young"]),
    st.dictionaries(st.sampled_from(NAMES), st.floats(0, 20_000)),
    min_size=1,
)


@given(counts=COUNTS, by_homes=st.booleans())
def test_every_area_keeps_its_count(counts: dict[str, dict[str, float]], *, by_homes: bool) -> None:
    homes = np.random.default_rng(3).integers(0, 4, len(POINTS)).astype(float)
    found = spread(POINTS, counts, homes=homes if by_homes else None)
    assert found.is_synthetic is not by_homes
    for number, group in enumerate(found.groups):
        for area in NAMES:
            kept = found.people[found.area == area, number].sum()
            assert kept == pytest.approx(counts[group].get(area, 0.0), rel=1e-9, abs=1e-9)


def test_mechelen_has_a_point_for_each_hectare_and_each_lies_in_its_area() -> None:
    hectares = AREAS.geometry.area.sum() / 10_000
    assert len(POINTS) == pytest.approx(hectares, rel=0.02)
    joined = POINTS.sjoin(AREAS[["id", "geometry"]], predicate="within")
    assert (joined["area"] == joined["id"]).all()
    assert set(NAMES) == set(AREAS["id"])


def test_an_area_smaller_than_the_grid_still_has_a_point() -> None:
    tiny = gpd.GeoDataFrame(
        {"id": ["tiny"]}, geometry=[shapely.box(650_003, 650_003, 650_009, 650_008)], crs=METRIC
    )
    assert len(grid_points(tiny, 100.0)) == 1


def test_where_no_home_is_known_an_area_is_divided_evenly() -> None:
    found = spread(POINTS, {"all": {NAMES[0]: 100.0}}, homes=np.zeros(len(POINTS)))
    here = found.people[found.area == NAMES[0], 0]
    assert np.allclose(here, 100.0 / len(here))


def test_everything_that_is_wrong_with_counts_is_told_at_once() -> None:
    with pytest.raises(DataError) as refused:
        spread(POINTS, {"all": {"nowhere": 5.0, NAMES[0]: -1.0}, "older": {NAMES[1]: np.nan}})
    assert len(refused.value.findings) == 3


def test_degrees_are_no_metres() -> None:
    with pytest.raises(DataError, match=r"crs: expected EPSG:3812"):
        grid_points(AREAS.to_crs(EXCHANGE), 100.0)
    with pytest.raises(ValueError, match="step_m: expected more than 0, found 0"):
        grid_points(AREAS, 0)


TABLES = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=6).map(
    lambda rows: pd.DataFrame(rows, columns=["all", "older", "young"])
)


def _is_small(people: "pd.Series[float]") -> "pd.Series[bool]":
    return (people > 0) & (people < SMALLEST_SHOWN)


@given(TABLES)
def test_no_small_count_is_told_or_follows_from_the_total(counts: pd.DataFrame) -> None:
    told = suppressed(counts)
    for group in counts.columns:
        shown, true = told[group], counts[group]
        others = counts["all"] - true
        small = _is_small(true) | _is_small(others)
        assert shown[small].isna().all()
        assert (shown.dropna() == true[shown.notna()]).all()
        if shown.isna().any() and (shown > 0).any():
            missing = true[shown.isna() & (true > 0)]
            assert len(missing) != 1
            assert missing.sum() == 0 or missing.sum() >= SMALLEST_SHOWN
        if not small.any():
            assert shown.notna().all()


def test_the_few_who_are_not_of_a_group_are_not_told_either() -> None:
    counts = pd.DataFrame({"all": [100, 90, 80], "older": [97, 40, 30]}, index=["a", "b", "c"])
    told = suppressed(counts)
    assert told["all"].notna().all()
    assert told["older"].isna().tolist() == [True, False, True]


def test_several_few_who_together_are_few_are_hidden_behind_more() -> None:
    counts = pd.DataFrame({"all": [100, 100, 100, 100], "young": [3, 4, 40, 50]}, index=[*"abcd"])
    assert suppressed(counts)["young"].isna().tolist() == [True, True, True, False]
