"""MikroTik: virtual access points, bridges, 60 GHz, and CAPsMAN."""

import pytest

from tests.collectors.crafted import E, Start, Table, column, device, read, standard

IF_NAME = "1.3.6.1.2.1.31.1.1.1.1"
AP, CAP, REMOTE = "14988.1.1.1.3.1", "14988.1.1.1.7.1", "14988.1.1.1.11.1"


@pytest.fixture
def router() -> Table:
    return {
        **device(f"{E}.14988.1"),
        **standard(IF_NAME, {"1": "wlan1", "2": "wlan2-staff", "7": "cap1", "9": "w60g"}),
    }


def test_a_virtual_access_point_is_no_radio_but_its_network_counts(
    agent: Start, router: Table
) -> None:
    router |= column(f"{AP}.4", {"1": "Mechelen Gratis", "2": "Staff"})
    router |= column(f"{AP}.6", {"1": 7, "2": 4})
    router |= column(f"{AP}.7", {"1": 2412, "2": 0})
    router |= column(f"{AP}.8", {"1": "2412/20-Ce/gn(18dBm)", "2": ""})
    router |= column(f"{AP}.9", {"1": -117, "2": 0})
    router |= column(f"{AP}.10", {"1": 70, "2": 0})
    reading = read(agent, router)
    (radio,) = reading.radios
    assert (radio.id, radio.channel, radio.stations, radio.noise_dbm) == ("wlan1", 1, 7, -117)
    assert (radio.tx_power_dbm, radio.ccq_ratio) == (18, pytest.approx(0.7))
    assert {s.name: s.stations for s in reading.ssids} == {"Mechelen Gratis": 7, "Staff": 4}
    assert reading.stations == 11


def test_radios_stand_in_several_tables(agent: Start, router: Table) -> None:
    router |= column("14988.1.1.1.1.1.7", {"2": 5745})
    router |= column("14988.1.1.1.8.1.6", {"9": 58320})
    assert [(r.id, r.band_ghz, r.channel) for r in read(agent, router).radios] == [
        ("wlan2-staff", 5, 149),
        ("w60g", 60, 1),
    ]


def test_a_capsman_lists_its_access_points_and_counts_their_stations(
    agent: Start, router: Table
) -> None:
    router |= column("14988.1.1.1.6", {"0": 12})
    router |= column(f"{CAP}.2", {"7": 12})
    router |= column(f"{CAP}.4", {"7": "running-ap"})
    router |= column(f"{CAP}.5", {"7": "5180/20-Ceee/ac(21dBm)"})
    router |= column(f"{REMOTE}.2", {"1": "AP Bruul", "2": "AP Vismarkt"})
    router |= column(f"{REMOTE}.3", {"1": "Run", "2": "Join"})
    router |= column(f"{REMOTE}.4", {"1": "192.0.2.1:40000", "2": "02:00:00:00:00:0A"})
    reading = read(agent, router)
    assert [(a.name, a.status, a.ip, a.mac) for a in reading.access_points] == [
        ("AP Bruul", "up", "192.0.2.1", None),
        ("AP Vismarkt", "unknown", None, "02:00:00:00:00:0a"),
    ]
    (radio,) = reading.radios
    assert (radio.id, radio.channel, radio.frequency_mhz, radio.tx_power_dbm) == (
        "cap1",
        36,
        5180,
        21,
    )
    assert (reading.stations, reading.access_points_up, reading.access_points_total) == (12, 1, 2)
