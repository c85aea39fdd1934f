"""The traps in what devices say: each is set by an agent on loopback, or by a recording."""

import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.observation import Outcome
from collectors.snmp.assemble import host_uptime_s
from collectors.snmp.library import bundled
from collectors.snmp.measurements import measurements
from collectors.snmp.privacy import CLIENT_TABLES, client_table
from collectors.snmp.probe import ProbeError, probe
from collectors.snmp.reading import ApStatus
from collectors.snmp.snapshot import as_number
from collectors.snmp.sources import Share, Source
from tests.collectors import ber
from tests.collectors.conftest import Agent, serving
from tests.collectors.crafted import DAY_S, E, Start, Table, column, device, read

WRAP_TICKS = 2**32


def source(**options: object) -> Source:
    return Source.model_validate({"object": "ACME-MIB::acme", "oid": f"{E}.32473.1", **options})


INSTANT, RADIO = f"{E}.14823.1.2.59", "14823.2.3.3.1.2.2.1"
AP = "2.0.0.0.0.1"


def instant(noise: int, channel: str) -> Table:
    return {
        **device(INSTANT),
        **column("14823.2.3.3.1.2.1.1.2", {AP: "AP Bruul"}),
        **column("14823.2.3.3.1.2.1.1.11", {AP: 1}),
        **column(f"{RADIO}.4", {f"{AP}.0": channel}),
        **column(f"{RADIO}.6", {f"{AP}.0": noise}),
    }


@pytest.mark.parametrize(("said", "dbm"), [(95, -95), (-95, -95), (0, None)])
def test_noise_is_below_zero_whatever_its_sign_and_zero_is_none(
    agent: Start, said: int, dbm: float | None
) -> None:
    (radio,) = read(agent, instant(said, "44")).radios
    assert radio.noise_dbm == dbm


@pytest.mark.parametrize(
    ("said", "channel", "mhz"),
    [("44E", 44, 5220), ("149+", 149, 5745), ("36-", 36, 5180), ("161", 161, 5805)],
)
def test_a_channel_with_its_width_in_letters_is_the_number_before_them(
    agent: Start, said: str, channel: int, mhz: int
) -> None:
    (radio,) = read(agent, instant(95, said)).radios
    assert (radio.channel, radio.frequency_mhz) == (channel, mhz)


@pytest.mark.parametrize("said", ["", "auto", "\x1b[2J", "N/A"])
def test_a_channel_that_is_no_number_is_none(agent: Start, said: str) -> None:
    (radio,) = read(agent, instant(95, said)).radios
    assert (radio.channel, radio.frequency_mhz, radio.band_ghz) == (None, None, 5)


def test_a_radio_that_is_off_has_channel_zero_and_no_frequency(agent: Start) -> None:
    (radio,) = read(agent, instant(0, "0")).radios
    assert (radio.channel, radio.frequency_mhz, radio.status) == (None, None, "off")
    names = {m.name for m in measurements(read(agent, instant(0, "0")))}
    assert "radio_channel" not in names


def test_an_unsigned_byte_is_a_noise_below_zero() -> None:
    assert as_number(source(signed_byte=True), 161) == -95
    assert as_number(source(signed_byte=True), -95) == -95


@given(st.integers(-128, -1))
def test_a_noise_comes_back_from_its_unsigned_byte_and_from_its_amount(dbm: int) -> None:
    assert as_number(source(signed_byte=True), dbm % 256) == dbm
    assert as_number(source(negative=True), -dbm) == as_number(source(negative=True), dbm) == dbm


def test_airtime_as_text_is_a_share(agent: Start) -> None:
    table = {
        **device(f"{E}.25053.3.1.4.71"),
        **column("25053.1.1.12.1.1.1.3.1.2", {"1": 1, "2": 0}),
        **column("25053.1.1.12.1.1.1.3.1.50", {"1": "3.7", "2": "n/a"}),
    }
    first, second = read(agent, table).radios
    assert first.utilization_ratio == pytest.approx(0.037)
    assert (second.utilization_ratio, second.band_ghz) == (None, 5)


CISCO = f"{E}.9.1.1069"


def test_a_power_level_is_no_dbm_and_is_not_even_asked(agent: Start) -> None:
    table = {
        **device(CISCO),
        **column("14179.2.2.1.1.3", {AP: "AP Bruul"}),
        **column("14179.2.2.2.1.4", {f"{AP}.0": 6, f"{AP}.1": 44}),
        **column("14179.2.2.2.1.6", {f"{AP}.0": 1, f"{AP}.1": 8}),
    }
    started = agent(serving(table))
    reading = probe(started.target)
    assert [r.tx_power_dbm for r in reading.radios] == [None, None]
    asked = {oid for request in started.asked for oid in request.oids}
    assert not [oid for oid in asked if oid.startswith(f"{E}.14179.2.2.2.1.6")]


def test_of_the_noise_on_every_scanned_channel_that_of_the_radios_own_is_taken(
    agent: Start,
) -> None:
    table = {
        **device(CISCO),
        **column("14179.2.2.1.1.3", {AP: "AP Bruul"}),
        **column("14179.2.2.2.1.4", {f"{AP}.0": 6, f"{AP}.1": 44}),
        **column(
            "14179.2.2.15.1.21",
            {f"{AP}.0.1": -80, f"{AP}.0.6": -91, f"{AP}.0.11": -70, f"{AP}.1.36": -99},
        ),
    }
    assert [r.noise_dbm for r in read(agent, table).radios] == [-91, None]


@pytest.mark.parametrize(
    ("operation", "admin", "status"),
    [(1, 1, "up"), (2, 1, "down"), (3, 1, "upgrading"), (9, 1, "unknown"), (1, 2, "down")],
)
def test_an_access_point_is_what_its_controller_and_its_switch_say(
    agent: Start, operation: int, admin: int, status: str
) -> None:
    table = {
        **device(CISCO),
        **column("14179.2.2.1.1.3", {AP: "AP Bruul"}),
        **column("14179.2.2.1.1.6", {AP: operation}),
        **column("14179.2.2.1.1.37", {AP: admin}),
    }
    reading = read(agent, table)
    assert [a.status for a in reading.access_points] == [ApStatus(status)]
    assert (reading.access_points_up, reading.access_points_total) == (int(status == "up"), 1)


VAP = "41112.1.6.1.2.1"


def unifi(ssids: dict[str, str], stations: dict[str, int]) -> Table:
    return {
        **device(f"{E}.41112"),
        "1.3.6.1.2.1.1.1.0": ber.octets(b"U6-Lite 6.5.28"),
        **column("41112.1.6.1.1.1.3", {"1": "ng"}),
        **column(f"{VAP}.3", dict.fromkeys(ssids, 991)),
        **column(f"{VAP}.6", ssids),
        **column(f"{VAP}.8", stations),
        **column(f"{VAP}.9", dict.fromkeys(ssids, "ng")),
    }


def test_the_uplink_of_a_mesh_and_a_network_without_name_serve_no_resident(agent: Start) -> None:
    ssids = {"1": "Mechelen Gratis", "2": "vwire-d4aebb3212a82cd8", "3": ""}
    reading = read(agent, unifi(ssids, {"1": 4, "2": 1, "3": 2}))
    assert [(s.name, s.stations) for s in reading.ssids] == [("Mechelen Gratis", 4)]
    assert (reading.stations, reading.radios[0].stations) == (4, 4)


@pytest.mark.parametrize(
    ("up", "status"),
    [({"1": 1, "2": 2}, "up"), ({"1": 2, "2": 2}, "down"), ({"3": 1, "1": 2}, "down"), ({}, None)],
)
def test_a_radio_is_up_where_a_network_of_residents_is(
    agent: Start, up: dict[str, int], status: str | None
) -> None:
    ssids = {"1": "Mechelen Gratis", "2": "Stad", "3": "vwire-1"}
    table = {**unifi(ssids, {}), **column(f"{VAP}.22", up)}
    assert read(agent, table).radios[0].status == status


def test_client_connection_quality_times_ten_is_a_ratio(agent: Start) -> None:
    (radio,) = read(agent, unifi({"1": "Mechelen Gratis"}, {"1": 4})).radios
    assert radio.ccq_ratio == pytest.approx(0.991)


def test_a_redundant_copy_is_neither_up_nor_down_and_not_counted(agent: Start) -> None:
    state = {"1": 7, "2": 10}
    table = {**device(f"{E}.14525.3.3.2"), **column("14525.4.5.1.1.2.1.5", state)}
    reading = read(agent, table)
    assert [a.status for a in reading.access_points] == ["up", "redundant"]
    assert (reading.access_points_up, reading.access_points_total) == (1, 1)


def test_of_totals_that_disagree_the_controllers_own_is_reported(agent: Start) -> None:
    table = {
        **device(f"{E}.14823.1.1.32"),
        **column("14823.2.2.1.1.3", {"1.0": 1, "2.0": 67}),
        **column("14823.2.2.1.5.2.1.5.1.3", {f"{AP}.1": 36, f"{AP}.2": 1}),
        **column("14823.2.2.1.5.2.1.5.1.7", {f"{AP}.1": 40, f"{AP}.2": 29}),
        **column("14823.2.2.1.5.2.1.8.1.2", {"4.83.116.97.100": 66}),
    }
    reading = read(agent, table)
    assert (reading.stations, reading.ssids[0].stations) == (67, 66)
    assert sum(r.stations or 0 for r in reading.radios) == 69
    del table[f"{E}.14823.2.2.1.1.3.2.0"]
    assert read(agent, table).stations == 66, "then the networks, and only then the radios"


def test_two_access_points_of_one_name_keep_their_own_radios(agent: Start) -> None:
    other = "2.0.0.0.0.2"
    table = {
        **device(CISCO),
        **column("14179.2.2.1.1.3", {AP: "RuckusAP", other: "RuckusAP"}),
        **column("14179.2.2.2.1.4", {f"{AP}.0": 6, f"{other}.0": 11}),
        **column("14179.2.2.2.1.15", {f"{AP}.0": 3, f"{other}.0": 5}),
    }
    found = read(agent, table).access_points
    assert [a.stations for a in found] == [3, 5]
    assert len({a.name for a in found}) == 2


def clock(ticks: int, engine_s: int, boots: int, host_ticks: int) -> Table:
    return {
        **device(f"{E}.32473"),
        "1.3.6.1.2.1.1.3.0": ber.number(ticks % WRAP_TICKS, ber.TICKS),
        "1.3.6.1.2.1.25.1.1.0": ber.number(host_ticks % WRAP_TICKS, ber.TICKS),
        "1.3.6.1.6.3.10.2.1.2.0": ber.number(boots),
        "1.3.6.1.6.3.10.2.1.3.0": ber.number(engine_s),
    }


def test_a_clock_that_wraps_after_497_days_is_told_from_a_restart(agent: Start) -> None:
    """A wrap goes on and counts no start; a restart of the agent leaves its computer up."""
    before, wrapped = 497 * DAY_S, 498 * DAY_S
    rows = [(before, 3, before), (wrapped, 3, wrapped), (60, 4, wrapped + 60), (30, 5, 45)]
    seen: list[tuple[float | None, ...]] = []
    for uptime, boots, host in rows:
        reading = read(agent, clock(uptime * 100, uptime, boots, host * 100))
        seen.append((reading.identity.uptime_s, reading.engine_boots, reading.host_uptime_s))
    assert seen[:2] == [(before, 3, before), (wrapped, 3, wrapped)]
    assert seen[2][:2] == (60, 4), "the agent"
    assert seen[3] == (30, 5, 45), "the computer"
    assert {"engine_boots", "host_uptime_s"} <= {m.name for m in measurements(reading)}


@given(st.integers(0, 10 * 497 * DAY_S), st.integers(0, 3600))
def test_a_computer_is_never_younger_than_its_agent(agent_s: int, older_s: int) -> None:
    said_s = (agent_s + older_s) * 100 % WRAP_TICKS / 100
    assert host_uptime_s(said_s, agent_s) == pytest.approx(agent_s + older_s)
    assert host_uptime_s(None, agent_s) is None


def test_counters_come_home_as_they_are_before_and_after_they_wrap(agent: Start) -> None:
    """64 bits where there are any; what is below the last look is for whoever takes rates."""
    table = {
        **device(f"{E}.32473"),
        "1.3.6.1.2.1.2.2.1.8.1": ber.number(1),
        "1.3.6.1.2.1.2.2.1.8.2": ber.number(1),
        "1.3.6.1.2.1.2.2.1.10.1": ber.number(7, ber.COUNTER32),
        "1.3.6.1.2.1.2.2.1.10.2": ber.number(2**32 - 1, ber.COUNTER32),
        "1.3.6.1.2.1.31.1.1.1.6.1": ber.number(2**64 - 1, ber.COUNTER64),
    }
    assert [i.rx_bytes for i in read(agent, table).interfaces] == [2**64 - 1, 2**32 - 1]
    table["1.3.6.1.2.1.2.2.1.10.2"] = ber.number(0, ber.COUNTER32)
    table["1.3.6.1.2.1.31.1.1.1.6.1"] = ber.number(4, ber.COUNTER64)
    assert [i.rx_bytes for i in read(agent, table).interfaces] == [4, 0]


@pytest.mark.parametrize(
    "name",
    [b"\xff\xfe\x00AP", b"\x1b[31mAP", "\u202eAP\u2066".encode(), b"AP\r\n\x00", b"A" * 9000],
)
def test_names_that_are_no_text_come_out_clean(agent: Start, name: bytes) -> None:
    table = {**instant(95, "44"), **column("14823.2.3.3.1.2.1.1.2", {AP: name})}
    (found,) = read(agent, table).access_points
    assert found.name.isprintable() and 0 < len(found.name) <= 255


def test_a_name_of_nothing_gives_way_to_the_address(agent: Start) -> None:
    table = {**instant(95, "44"), **column("14823.2.3.3.1.2.1.1.2", {AP: b"\x00\x00"})}
    assert read(agent, table).access_points[0].name == "02:00:00:00:00:01"


IF_STATUS = "1.3.6.1.2.1.2.2.1.8"


@pytest.mark.parametrize("order", [["1", "3", "2"], ["1", "1"], ["2", "1"]])
def test_rows_out_of_order_or_twice_are_malformed(agent: Start, order: list[str]) -> None:
    honest = serving(device(f"{E}.32473"))

    def shuffled(request: ber.Request) -> list[bytes]:
        if request.kind == ber.GET or not request.oids[0].startswith(IF_STATUS):
            return honest(request)
        rows = [(f"{IF_STATUS}.{index}", ber.number(1)) for index in order]
        return [ber.response(request, rows)]

    with pytest.raises(ProbeError) as error:
        probe(agent(shuffled).target)
    assert error.value.outcome is Outcome.MALFORMED
    assert "do not ascend" in error.value.detail


def test_a_reply_to_another_request_is_not_believed(agent: Start) -> None:
    table = device(f"{E}.32473")
    lie = {**table, "1.3.6.1.2.1.1.5.0": ber.octets(b"somebody else")}

    def twice(request: ber.Request) -> list[bytes]:
        forged = [(oid, lie.get(oid, (ber.NO_SUCH_INSTANCE, b""))) for oid in request.oids]
        other = ber.response(request, forged, request_id=request.request_id ^ 1)
        return [other, *serving(table)(request)]

    assert probe(agent(twice).target).identity.sys_name == "ap-bruul-1"


class Overheard(Agent):
    """An agent whose every question a stranger answers first, from another port."""

    def _serve(self) -> None:
        lie = {**device(f"{E}.32473"), "1.3.6.1.2.1.1.5.0": ber.octets(b"a stranger")}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.1", 0))
            while True:
                datagram, sender = self._socket.recvfrom(65_535)
                if not datagram:
                    return
                request = ber.parse(datagram)
                stranger.sendto(serving(lie)(request)[0], sender)
                self._socket.sendto(self.handler(request)[0], sender)


def test_a_reply_from_another_address_is_not_believed() -> None:
    overheard = Overheard(serving(device(f"{E}.32473")))
    began = time.monotonic()
    try:
        assert probe(overheard.target).identity.sys_name == "ap-bruul-1"
    finally:
        overheard.close()
    assert time.monotonic() - began < 5


def sources_of(fact: object) -> list[Source]:
    parts = (fact.used, fact.free, fact.total) if isinstance(fact, Share) else (fact,)
    return [part for part in parts if isinstance(part, Source)]


def test_no_profile_asks_for_a_table_that_lists_peoples_devices() -> None:
    for profile in (bundled().base, *bundled().known):
        asked = [
            cell for t in profile.tables().values() for c in t.columns().values() for cell in c
        ]
        for name in type(profile.facts).model_fields:
            asked += [s for fact in getattr(profile.facts, name) for s in sources_of(fact)]
        oids = [cell.oid for cell in asked if isinstance(cell, Source)]
        assert oids
        assert [oid for oid in oids if client_table(oid)] == [], profile.name


@given(st.sampled_from(sorted(CLIENT_TABLES)), st.lists(st.integers(0, 255), max_size=4))
def test_a_client_table_is_known_by_all_that_is_in_it_and_all_that_holds_it(
    root: str, tail: list[int]
) -> None:
    assert client_table(".".join([root, *map(str, tail)])) is not None
    assert client_table(root.rpartition(".")[0]) is not None
    assert client_table(f"{root}9") is None or f"{root}9" in CLIENT_TABLES


@pytest.mark.parametrize(
    ("oid", "table"),
    [
        ("6486.802.1.1.2.1.2.19.1.4.1.1.2", "apClientInfoTable"),
        ("6486.802.1.1.2.1.2.7.1", "apClientInfoTable"),
        ("6486.802.1.1.2.1.2.19.1.2.1.1.4", None),
        ("890.1.15.3.5.2.1.1", "wlanStationTable"),
        ("890.1.15.3.5", "wlanStationTable"),
        ("890.1.15.3.5.1.1.2", None),
    ],
)
def test_a_client_table_that_stands_below_each_model_is_known_too(
    oid: str, table: str | None
) -> None:
    found = client_table(f"{E}.{oid}")
    assert (found is None) if table is None else (found is not None and table in found)


def test_of_what_is_asked_nothing_lists_peoples_devices(agent: Start) -> None:
    """A walk may end one row beyond its column; it never begins within a client table."""
    for table in (device(f"{E}.14988.1"), unifi({"1": "Stad"}, {"1": 1}), instant(95, "44")):
        started = agent(serving(table))
        probe(started.target)
        asked = {oid for request in started.asked for oid in request.oids}
        assert [oid for oid in asked if client_table(oid)] == []
