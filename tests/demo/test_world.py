"""What devices say: counters that only grow, stations that follow the day, nothing real."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.demo import access_point, world
from netmon.demo.message import value
from netmon.demo.roster import Simulated
from netmon.demo.row import Moment, Syntax, oid
from netmon.domain.model import DeviceKind

KINDS = (DeviceKind.ACCESS_POINT, DeviceKind.PUBLIC_PC, DeviceKind.SWITCH, DeviceKind.GATEWAY)
AP_STATIONS = oid("1.3.6.1.4.1.41112.1.6.1.2.1.8")
HR_STORAGE_USED = oid("1.3.6.1.2.1.25.2.3.1.6")

simulated = st.builds(
    Simulated,
    id=st.sampled_from(["x-01", "x-02", "x-03", "x-04"]),
    kind=st.sampled_from(KINDS),
    name=st.just("Synthetic"),
    place_id=st.just("somewhere"),
)
access_points = simulated.filter(lambda device: device.kind is DeviceKind.ACCESS_POINT)
seeds = st.integers(0, 5)
milliseconds = st.integers(0, 10**9)  # eleven days
start_hours = st.floats(0, 24)


@cache
def rows(device: Simulated, seed: int):
    return tuple(world.rows(device, seed))


def stations(device: Simulated, seed: int, moment: Moment) -> list[int]:
    return [row.at(moment) for row in rows(device, seed) if row.oid[:-1] == AP_STATIONS]


@given(simulated, seeds, start_hours, milliseconds, milliseconds)
def test_a_counter_never_goes_back(device, seed, start_hour, one_ms, other_ms):
    early, late = (Moment(ms / 1000, start_hour) for ms in sorted((one_ms, other_ms)))
    for row in rows(device, seed):
        if row.syntax is Syntax.COUNTER64:
            assert row.at(early) <= row.at(late), row.oid


@given(simulated, seeds, start_hours, milliseconds)
def test_a_32_bit_counter_is_the_rest_of_its_64_bit_counter(device, seed, start_hour, ms):
    moment = Moment(ms / 1000, start_hour)
    values = {row.oid: row.at(moment) for row in rows(device, seed)}
    pairs = [
        ((*oid("1.3.6.1.2.1.2.2.1"), low, index), (*oid("1.3.6.1.2.1.31.1.1.1"), high, index))
        for low, high in ((10, 6), (16, 10))
        for index in range(1, values[oid("1.3.6.1.2.1.2.1.0")] + 1)
    ]
    for low, high in pairs:
        assert values[low] == values[high] % 2**32


@given(access_points, seeds, start_hours, milliseconds)
def test_stations_are_never_negative_and_a_mesh_has_none(device, seed, start_hour, ms):
    first, mesh, second, other_mesh = stations(device, seed, Moment(ms / 1000, start_hour))
    assert first >= 0 and second >= 0
    assert mesh == other_mesh == 0


@given(access_points, seeds, milliseconds)
def test_there_are_more_stations_at_four_in_the_afternoon_than_at_four_at_night(device, seed, ms):
    elapsed_s = ms / 1000
    to_start = (elapsed_s / 3600) % 24
    night, day = (
        sum(stations(device, seed, Moment(elapsed_s, (hour - to_start) % 24))) for hour in (4, 16)
    )
    assert night < day


@given(access_points, seeds)
def test_stations_come_and_go_within_a_demo_of_ten_minutes(device, seed):
    seen = {sum(stations(device, seed, Moment(10.0 * n, 15.0))) for n in range(60)}
    assert len(seen) > 1


@given(access_points, seeds, start_hours, milliseconds)
def test_octets_grow_by_what_the_stations_of_that_moment_use(device, seed, start_hour, ms):
    """The counter is the integral of the crowd: checked against the midpoint rule."""
    crowd = access_point.crowd(device, seed, 30)
    began = Moment(ms / 1000, start_hour)
    steps = [Moment(began.elapsed_s + n + 0.5, start_hour) for n in range(60)]
    ended = Moment(began.elapsed_s + 60, start_hour)
    grown = crowd.person_seconds(ended) - crowd.person_seconds(began)
    assert grown == pytest.approx(sum(map(crowd.people, steps)), rel=1e-3, abs=1e-3)


@given(simulated, seeds)
def test_rows_ascend_and_none_repeats(device, seed):
    oids = [row.oid for row in rows(device, seed)]
    assert oids == sorted(set(oids))


@given(simulated, seeds, start_hours, milliseconds)
def test_every_value_is_one_that_its_type_can_hold(device, seed, start_hour, ms):
    moment = Moment(ms / 1000, start_hour)
    for row in rows(device, seed):
        assert value(row.syntax, row.at(moment))


@given(simulated, seeds, start_hours, milliseconds)
def test_the_same_device_seed_and_moment_say_the_same(device, seed, start_hour, ms):
    moment = Moment(ms / 1000, start_hour)
    again = world.rows(device, seed)
    assert [row.at(moment) for row in again] == [row.at(moment) for row in rows(device, seed)]


@given(simulated, seeds)
def test_every_device_says_that_it_is_synthetic(device, seed):
    told = {row.oid: row.at(Moment(0, 12)) for row in rows(device, seed)}
    for number in (1, 4, 5, 6):
        assert "synthetic" in told[(*oid("1.3.6.1.2.1.1"), number, 0)].lower()


@given(simulated, seeds)
def test_no_address_belongs_to_a_manufacturer(device, seed):
    """The second bit of the first octet marks an address as locally administered."""
    column = oid("1.3.6.1.2.1.2.2.1.6")
    macs = [row.value for row in rows(device, seed) if row.oid[:-1] == column and row.value]
    assert macs and all(mac[0] & 0b11 == 0b10 for mac in macs)


@given(seeds, milliseconds, st.floats(0, 1))
def test_a_disk_is_as_full_as_the_script_says(seed, ms, ratio):
    device = Simulated("pc-01", DeviceKind.PUBLIC_PC, "Synthetic", "somewhere")
    used = next(row for row in rows(device, seed) if row.oid == (*HR_STORAGE_USED, 2))
    share = used.at(Moment(ms / 1000, 12, ratio)) / 62_500_000
    assert share == pytest.approx(ratio, abs=1e-6)
    assert 0.35 <= used.at(Moment(ms / 1000, 12)) / 62_500_000 <= 0.7


def test_uptime_wraps_where_time_ticks_do():
    """RFC 2578 §7.1.8: TimeTicks count modulo 2^32."""
    device = Simulated("pc-01", DeviceKind.PUBLIC_PC, "Synthetic", "somewhere")
    ticks = next(row for row in rows(device, 1) if row.oid == oid("1.3.6.1.2.1.1.3.0"))
    booted = ticks.at(Moment(0, 12))
    wrapped = ticks.at(Moment((2**32 - booted) / 100 + 5, 12))
    assert wrapped == pytest.approx(500, abs=100)
