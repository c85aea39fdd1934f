"""Where to go instead: open, known to work, nearest; and never the place that is broken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geodata.city import City
from geodata.walking import Method
from netmon.analysis.next_spot import NextSpot, Where, candidates, next_spot
from netmon.analysis.on_foot import OnFoot, Point, Way
from netmon.analysis.rows import DeviceRow, SpotRow
from netmon.domain.model import SERVICE_OF_KIND, DeviceKind, Service, Status

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
CLOSES = NOW + timedelta(hours=7)
HERE = (4.4800, 51.0280)
NOWHERE = Where({}, {})
WIFI, COMPUTER = frozenset({Service.WIFI}), frozenset({Service.COMPUTER})


def spot(key: str, lon: float | None, **more: object) -> SpotRow:
    row = SpotRow(
        id=key, name=key.title(), is_street=False, services=(Service.COMPUTER,),
        status=Status.UP, since=None, seen_at=NOW, working=1, total=1, open_now=True,
        changes_at=CLOSES, opening_hours="Mo-Fr 09:00-17:00", address=None, neighbourhood=None,
        lon=lon, lat=51.028, precision_m=10.0, source="a test", licence="CC0-1.0",
        vintage="2026", synthetic=False,
    )  # fmt: skip
    return replace(row, **more)


def device(place: str, kind: DeviceKind = DeviceKind.PUBLIC_PC, **more: object) -> DeviceRow:
    row = DeviceRow(
        id=f"{place}-{kind}", name="", kind=kind, place_id=place, place_name=place, address="",
        status=Status.UP, reason="", since=None, seen_at=NOW, values=(), synthetic=False,
    )  # fmt: skip
    return replace(row, **more)


def ways(origin: Point, targets: Sequence[Point]) -> list[Way | None]:
    return [Way(abs(lon - origin[0]) * 70_000, Method.NETWORK) for lon, _ in targets]


def found(
    spots: Sequence[SpotRow], devices: Sequence[DeviceRow], where: Where = NOWHERE,
    wanted: frozenset[Service] = COMPUTER,
) -> NextSpot | None:  # fmt: skip
    return next_spot(HERE, wanted, candidates(spots, devices, where), ways, ("broken",))


def test_the_nearest_that_is_open_and_works_is_told_with_its_closing_time() -> None:
    spots = [spot("far", 4.49), spot("near", 4.481), spot("broken", 4.48)]
    told = found(spots, [device("far"), device("near"), device("broken")])
    assert told == NextSpot(
        "near", "Near", Service.COMPUTER, is_same=True, distance_m=70.0, method=Method.NETWORK,
        is_coarse=False, until=CLOSES, synthetic=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "pc"),
    [
        ({"open_now": False}, {}),
        ({"open_now": None}, {}),
        ({"lon": None}, {}),
        ({}, {"status": Status.DOWN}),
        ({}, {"status": Status.UNKNOWN}),
        ({}, {"status": Status.EXPECTED_OFF}),
        ({}, {"status": Status.MAINTENANCE}),
        ({}, {"status": Status.DEGRADED, "reason": "no_page"}),
        ({}, {"status": Status.DEGRADED, "reason": "a_limit_of_the_city"}),
        ({}, {"kind": DeviceKind.SWITCH}),
    ],
    ids=[
        "closed", "unknown hours are not open", "nowhere", "down", "unknown does not work", "off",
        "in maintenance", "loads no page", "degraded for a reason of the city", "only a switch",
    ],
)  # fmt: skip
def test_what_is_not_known_to_be_open_and_to_work_is_not_told(
    place: dict[str, object], pc: dict[str, object]
) -> None:
    assert found([replace(spot("other", 4.481), **place)], [device("other", **pc)]) is None


def test_a_computer_with_a_full_disk_still_loads_pages() -> None:
    full = device("other", status=Status.DEGRADED, reason="disk_full")
    assert found([spot("other", 4.481)], [full]) is not None


def test_wifi_that_a_probe_could_not_use_is_not_told() -> None:
    street = spot("other", 4.481, is_street=True, verified=False)
    row = device("other", DeviceKind.ACCESS_POINT)
    assert found([street], [row], wanted=WIFI) is None
    assert found([replace(street, verified=None)], [row], wanted=WIFI) is not None


def test_the_same_service_is_told_although_another_is_nearer() -> None:
    spots = [spot("wifi", 4.4801, is_street=True), spot("pc", 4.49)]
    rows = [device("wifi", DeviceKind.ACCESS_POINT), device("pc")]
    told, other = found(spots, rows), found(spots, rows[:1])
    assert told is not None and (told.id, told.is_same) == ("pc", True)
    assert other is not None and (other.id, other.is_same) == ("wifi", False)


def test_a_street_is_as_near_as_its_nearest_working_access_point() -> None:
    street = spot("street", None, is_street=True)
    rows = [
        device("street", DeviceKind.ACCESS_POINT, id="near", status=Status.DOWN),
        device("street", DeviceKind.ACCESS_POINT, id="far"),
    ]
    hung = Where({"near": (4.4801, 51.028), "far": (4.482, 51.028)}, {"street": (HERE,)})
    told = found([street], rows, hung, WIFI)
    assert told is not None and told.distance_m == 140
    drawn = found([street], rows, Where({}, hung.shapes), WIFI)
    assert drawn is not None and drawn.distance_m == 10


@pytest.mark.parametrize(
    ("precision_m", "told_m"), [(10.0, 180), (50.0, 180), (51.0, 200), (None, 200)]
)
def test_what_is_known_coarsely_is_told_to_a_hundred_metres(
    precision_m: float | None, told_m: float
) -> None:
    told = found([spot("a", 4.48 + 183 / 70_000, precision_m=precision_m)], [device("a")])
    assert told is not None and (told.distance_m, told.is_coarse) == (told_m, told_m == 200)


STATES = st.tuples(
    st.floats(4.4, 4.6), st.sampled_from([True, False, None]), st.sampled_from(Status),
    st.sampled_from(sorted(SERVICE_OF_KIND)),
)  # fmt: skip


@given(st.lists(STATES, max_size=8), st.sampled_from([WIFI, COMPUTER]))
def test_no_open_working_spot_with_the_service_is_nearer_than_the_one_told(
    states: list[tuple[float, bool | None, Status, DeviceKind]], wanted: frozenset[Service]
) -> None:
    spots = [spot(str(n), lon, open_now=is_open) for n, (lon, is_open, _, _) in enumerate(states)]
    rows = [device(str(n), kind, status=status) for n, (_, _, status, kind) in enumerate(states)]
    told = found(spots, rows, wanted=wanted)
    good = [
        (SERVICE_OF_KIND[kind] not in wanted, abs(lon - HERE[0]), str(n))
        for n, (lon, is_open, status, kind) in enumerate(states)
        if is_open and status is Status.UP
    ]
    assert (told is None) is (not good)
    assert told is None or told.id == min(good)[2]


TO_DEGREES = Transformer.from_crs("EPSG:3812", "EPSG:4326", always_xy=True)


def streets(*lines: Sequence[Point]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.LineString(each) for each in lines], crs="EPSG:3812")


def degrees(east_m: float, north_m: float) -> Point:
    return TO_DEGREES.transform(657_000 + east_m, 691_000 + north_m)


def metric(*points: Point) -> list[Point]:
    return [(657_000 + east, 691_000 + north) for east, north in points]


def test_a_walk_follows_the_streets_and_a_line_is_told_as_a_line() -> None:
    around = OnFoot(streets(metric((0, 0), (0, 30), (100, 30), (100, 0))), is_whole=True)
    assert around.ways(degrees(0, 0), [degrees(100, 0)]) == (
        Way(pytest.approx(160, abs=0.1), Method.NETWORK),
    )
    for unknown in (None, streets(metric((0, 900), (100, 900)))):
        (line,) = OnFoot(unknown, is_whole=True).ways(degrees(0, 0), [degrees(100, 0)])
        assert line == Way(pytest.approx(100, abs=0.1), Method.STRAIGHT)


def test_where_streets_are_missing_a_long_way_round_is_not_believed() -> None:
    gap = streets(metric((0, 0), (0, 300), (100, 300), (100, 0)))
    (line,) = OnFoot(gap, is_whole=False).ways(degrees(0, 0), [degrees(100, 0)])
    assert line is not None and line.method is Method.STRAIGHT


def test_nobody_is_sent_farther_than_five_kilometres() -> None:
    far = OnFoot(None, is_whole=False).ways(degrees(0, 0), [degrees(5100, 0), degrees(4900, 0)])
    assert far[0] is None and far[1] is not None


def test_the_bundled_streets_lead_from_bruul_to_the_library() -> None:
    bruul, library = (4.481284, 51.026081), (4.480108, 51.033575)
    (way,) = OnFoot.in_city(City.bundled().folder).ways(bruul, [library])
    assert way is not None and 830 < way.distance_m < 1200
