"""What a controller says of its access points becomes a word on each of them, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.observation import Measurement, Outcome
from collectors.snmp.measurements import MEASUREMENTS
from collectors.snmp.reading import AccessPoint, ApStatus, Identity, Radio, Reading
from collectors.snmp.sightings import sightings

NAMES = st.text(min_size=1, max_size=8)


def controller(status: ApStatus | None) -> Reading:
    access_point = AccessPoint(
        "AP Bruul", "02:00:00:00:00:01", "192.0.2.1", status=status, stations=7, uptime_s=60.0
    )
    radios = (
        Radio("AP Bruul/0", "AP Bruul", 2.4, 6, 2437, 3, 18.0, 0.25, -95.0),
        Radio("AP Bruul/1", "AP Bruul", 5.0, 44, 5220, 4),
        Radio("AP Vismarkt/0", "AP Vismarkt", 2.4, 1, 2412, 9),
    )
    return Reading(Identity(), access_points=(access_point,), radios=radios)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (ApStatus.UP, Outcome.OK),
        (ApStatus.DOWN, Outcome.TIMEOUT),
        (ApStatus.UPGRADING, Outcome.CONTENT),
        (ApStatus.REDUNDANT, None),
        (ApStatus.UNKNOWN, None),
        (None, None),
    ],
)
def test_each_status_has_its_outcome_and_all_but_up_a_reason(
    status: ApStatus | None, outcome: Outcome | None
) -> None:
    (seen,) = sightings(controller(status))
    assert seen.outcome is outcome
    assert bool(seen.detail) is (status is not ApStatus.UP)
    assert (seen.name, seen.mac, seen.address) == ("AP Bruul", "02:00:00:00:00:01", "192.0.2.1")
    assert seen.at is None, "the controller answers for now"


def test_an_access_point_carries_its_own_numbers_by_the_radios_own_ids() -> None:
    (seen,) = sightings(controller(ApStatus.UP))
    assert seen.measurements == (
        Measurement("stations", 7.0),
        Measurement("uptime_s", 60.0),
        Measurement("radio_stations", 3.0, "0"),
        Measurement("radio_channel", 6.0, "0"),
        Measurement("radio_utilization_ratio", 0.25, "0"),
        Measurement("radio_noise_dbm", -95.0, "0"),
        Measurement("radio_tx_power_dbm", 18.0, "0"),
        Measurement("radio_stations", 4.0, "1"),
        Measurement("radio_channel", 44.0, "1"),
    )


@pytest.mark.parametrize("status", [ApStatus.DOWN, ApStatus.UPGRADING, ApStatus.REDUNDANT])
def test_numbers_of_one_that_does_not_serve_are_not_passed_on(status: ApStatus) -> None:
    assert sightings(controller(status))[0].measurements == ()


def test_a_device_that_controls_none_sees_none() -> None:
    assert sightings(Reading(Identity(), radios=(Radio("0", stations=3),))) == ()


@given(st.lists(NAMES, unique=True), st.lists(st.tuples(NAMES, NAMES)))
def test_every_number_has_a_known_name_and_one_place(
    names: list[str], radios: list[tuple[str, str]]
) -> None:
    reading = Reading(
        Identity(),
        access_points=tuple(AccessPoint(name, status=ApStatus.UP) for name in names),
        radios=tuple(Radio(f"{a}/{own}", a, stations=1, channel=1) for a, own in radios),
    )
    seen = sightings(reading)
    assert [s.name for s in seen] == names
    for sighting in seen:
        keys = [(m.name, m.label) for m in sighting.measurements]
        assert len(set(keys)) == len(keys)
        assert {name for name, _ in keys} <= MEASUREMENTS.keys()
    placed = sum(m.name == "radio_stations" for s in seen for m in s.measurements)
    assert placed == sum(a in names for a, _ in radios)
