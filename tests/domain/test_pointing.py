"""What becomes a point, and what never does."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain import pointing
from netmon.domain.intervals import epoch_s
from netmon.domain.pointing import Pointing
from netmon.domain.series import ABOUT_PEOPLE, LARGEST, LONGEST_LABEL, ONLY_COUNT, Series

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
START_S = epoch_s(START)


def look(*values: Measurement, at_s: int = 0, device: str = "ap-1") -> Observation:
    return Observation(device, "snmp", START + timedelta(seconds=at_s), Outcome.OK, values)


def names(seen: Observation, maker: Pointing | None = None) -> list[tuple[str, str, float]]:
    found = (maker or Pointing()).points(seen)
    return [(series.measurement, series.label, point.value) for series, point in found]


@pytest.mark.parametrize("name", sorted(ABOUT_PEOPLE | ONLY_COUNT))
def test_what_tells_of_people_or_only_counts_becomes_no_point(name):
    assert names(look(Measurement(name, 1.0), Measurement("cpu_ratio", 0.5))) == [
        ("cpu_ratio", "", 0.5)
    ]


@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, math.nan, LARGEST, -1e300], ids=lambda value: f"{value:g}"
)
def test_a_number_that_no_file_can_hold_becomes_no_point(value):
    assert names(look(Measurement("cpu_ratio", value))) == []


@pytest.mark.parametrize("name", ["", "A", "x y", "1x", "é", "a" * 65, "a\n"])
def test_a_name_that_is_none_becomes_no_point(name):
    assert names(look(Measurement(name, 1.0))) == []


def test_what_a_city_leaves_out_becomes_no_point():
    seen = look(Measurement("cpu_ratio", 0.5), Measurement("stations", 3))
    assert names(seen, Pointing(frozenset({"cpu_ratio"}))) == [("stations", "", 3)]


@given(st.text(max_size=300))
def test_labels_are_short_and_printable(label):
    ((_, found, _),) = names(look(Measurement("ssid_stations", 3, label)))
    assert found.isprintable() and len(found) <= LONGEST_LABEL


def test_bidirectional_overrides_leave_a_label():
    assert names(look(Measurement("ssid_stations", 3, "a\u202eb\x1b[31m"))) == [
        ("ssid_stations", "ab[31m", 3)
    ]


def test_counters_become_rates_from_the_second_look_on():
    maker = Pointing()
    first = look(Measurement("uptime_s", 5), Measurement("rx_bytes", 100, "eth0"))
    second = look(Measurement("uptime_s", 15), Measurement("rx_bytes", 600, "eth0"), at_s=10)
    assert names(first, maker) == []
    assert list(maker.points(second)) == [
        (Series("ap-1", "rx_bytes_per_s", "eth0"), (START_S + 10, 50.0))
    ]


def test_a_late_look_gives_no_rate_and_spoils_none():
    maker = Pointing()
    for at_s, count, expected in ((0, 0, []), (20, 200, [10.0]), (10, 150, []), (30, 400, [20.0])):
        found = names(look(Measurement("rx_bytes", count, "eth0"), at_s=at_s), maker)
        assert [value for *_, value in found] == expected, at_s


def test_a_device_that_invents_names_gets_so_many_series_and_no_more(monkeypatch):
    monkeypatch.setattr(pointing, "MOST_PER_DEVICE", 3)
    maker = Pointing()
    for turn in range(4):
        labels = [Measurement("ssid_stations", 1, f"net-{turn}-{n}") for n in range(5)]
        names(look(*labels, at_s=turn), maker)
        maker.forget(START_S + turn)
    assert maker.refused == {"ap-1"}
    assert len(names(look(Measurement("ssid_stations", 1, "net-0-1")), maker)) == 1
    assert names(look(Measurement("ssid_stations", 1, "another")), maker) == []
    assert len(names(look(Measurement("cpu_ratio", 1), device="ap-2"), maker)) == 1
    maker.forget(START_S + 86_400)
    assert len(names(look(Measurement("ssid_stations", 1, "another")), maker)) == 1
