"""Ruckus: controllers that share a sysObjectID, states in numbers and in words."""

import pytest

from tests.collectors.crafted import E, Start, column, device, read

AP = "2.0.0.0.0.1"
OTHER = "2.0.0.0.0.2"


@pytest.mark.parametrize(
    ("branch", "profile"), [("2", "ruckus_zonedirector"), ("15", "ruckus_unleashed")]
)
def test_two_controllers_of_one_sys_object_id_are_told_apart_and_read_alike(
    agent: Start, branch: str, profile: str
) -> None:
    base = f"25053.1.{branch}.2.1.1"
    table = {
        **device(f"{E}.25053.3.1.5.15"),
        **column(f"25053.1.{branch}.1.1.1.15", {"1.0": 1, "2.0": 9, "13.0": 5, "15.0": 2}),
        **column(f"{base}.2.1.1.2", {AP: "AP Bruul", OTHER: "AP Vismarkt"}),
        **column(f"{base}.2.1.1.3", {AP: 1, OTHER: 3}),
        **column(f"{base}.2.2.1.4", {f"{AP}.0": 11, f"{AP}.1": 36}),
        **column(f"{base}.2.2.1.3", {f"{AP}.0": 2, f"{AP}.1": 4}),
        **column(f"{base}.2.2.1.5", {f"{AP}.0": 0, f"{AP}.1": 2}),
        **column(f"{base}.2.2.1.8", {f"{AP}.0": 4, f"{AP}.1": 5}),
        **column(f"{base}.1.1.1.1", {"1": "Mechelen Gratis"}),
        **column(f"{base}.1.1.1.12", {"1": 9}),
    }
    reading = read(agent, table)
    assert reading.identity.profile == profile
    assert [(a.name, a.status, a.mac) for a in reading.access_points] == [
        ("AP Bruul", "up", "02:00:00:00:00:01"),
        ("AP Vismarkt", "upgrading", "02:00:00:00:00:02"),
    ]
    assert [(r.id, r.band_ghz, r.channel, r.stations, r.tx_power_dbm) for r in reading.radios] == [
        ("AP Bruul/0", 2.4, 11, 4, None),
        ("AP Bruul/1", 5, 36, 5, None),
    ], "half and a quarter are no dBm"
    assert (reading.stations, reading.access_points_up, reading.access_points_total) == (9, 1, 2)
    assert [a.stations for a in reading.access_points] == [9, None]


@pytest.mark.parametrize(
    ("model", "branch", "profile"),
    [("11.1", "4", "ruckus_smartzone"), ("10", "3", "ruckus_scg")],
)
def test_states_in_words_and_radios_by_address(
    agent: Start, model: str, branch: str, profile: str
) -> None:
    access_points, radios = f"25053.1.{branch}.2.1.1.2.2.1", "25053.1.8.1.1.1.2.3.1"
    table = {
        **device(f"{E}.25053.3.1.{model}"),
        **column(f"{access_points}.5", {AP: "AP Bruul", OTHER: "AP Vismarkt"}),
        **column(f"{access_points}.16", {AP: "Connect", OTHER: "Disconnect"}),
        **column(f"{radios}.10", {f"{AP}.0": 6, f"{AP}.1": 100}),
        **column(f"{radios}.41", {f"{AP}.0": 2, f"{AP}.1": 8}),
    }
    reading = read(agent, table)
    assert reading.identity.profile == profile
    assert [(a.name, a.status, a.stations) for a in reading.access_points] == [
        ("AP Bruul", "up", 10),
        ("AP Vismarkt", "down", None),
    ]
    assert [(r.id, r.channel) for r in reading.radios] == [("AP Bruul/0", 6), ("AP Bruul/1", 100)]
