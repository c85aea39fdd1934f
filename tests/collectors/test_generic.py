"""A device that no profile knows still says what the common MIBs hold."""

import pytest

from collectors.snmp.measurements import measurements
from collectors.snmp.reading import Radio, Supply
from tests.collectors.crafted import E, Start, Table, column, device, read, standard

UNKNOWN = f"{E}.32473.99"
IF, DOT11, SENSOR = "1.3.6.1.2.1.2.2.1", "1.2.840.10036.4", "1.3.6.1.2.1.99.1.1.1"
PRINTER, SUPPLY = "1.3.6.1.2.1.25.3.5.1", "1.3.6.1.2.1.43.11.1.1"
ALERT = "1.3.6.1.2.1.43.18.1.1"


def test_interfaces_of_the_type_ieee80211_are_its_radios(agent: Start) -> None:
    table = {
        **device(UNKNOWN),
        **standard(f"{IF}.2", {"1": "eth0", "2": "ath0", "3": "ath1"}),
        **standard(f"{IF}.3", {"1": 6, "2": 71, "3": 71}),
        **standard(f"{IF}.8", {"1": 1, "2": 1, "3": 2}),
        **standard(f"{DOT11}.5.1.1", {"2": 6}),
        **standard(f"{DOT11}.11.1.1", {"3": 44}),
    }
    reading = read(agent, table)
    assert reading.radios == (
        Radio("ath0", None, 2.4, 6, 2437, status="up"),
        Radio("ath1", None, 5.0, 44, 5220, status="down"),
    ), "the frequency of OFDM holds a channel number in practice"
    assert (reading.stations, reading.identity.profile) == (None, "generic")


@pytest.mark.parametrize(
    ("scale", "precision", "value", "celsius"),
    [(9, 0, 41, 41), (9, 1, 415, 41.5), (8, 0, 41500, 41.5)],
)
def test_a_sensor_is_read_in_its_scale_and_precision(
    agent: Start, scale: int, precision: int, value: int, celsius: float
) -> None:
    table = {
        **device(UNKNOWN),
        **standard(f"{SENSOR}.1", {"1": 8, "2": 10, "3": 8}),
        **standard(f"{SENSOR}.2", {"1": scale, "2": 9, "3": 9}),
        **standard(f"{SENSOR}.3", {"1": precision, "2": 0, "3": 0}),
        **standard(f"{SENSOR}.4", {"1": value, "2": 5000, "3": 99}),
        **standard(f"{SENSOR}.5", {"1": 1, "2": 1, "3": 2}),
    }
    assert read(agent, table).temperature_c == pytest.approx(celsius), "no fan, none out of order"


def test_of_several_sensors_the_hottest_counts(agent: Start) -> None:
    table = {
        **device(UNKNOWN),
        **standard(f"{SENSOR}.1", {"1": 8, "2": 8}),
        **standard(f"{SENSOR}.4", {"1": 38, "2": 61}),
        **standard(f"{SENSOR}.5", {"1": 1, "2": 1}),
    }
    assert read(agent, table).temperature_c == 61


def test_a_processor_that_only_counts_its_idle_time_is_busy_for_the_rest(agent: Start) -> None:
    table = {
        **device(UNKNOWN),
        **column("2021.11.11", {"0": 93}),
        **column("2021.4", {"5.0": 1000, "6.0": 100, "14.0": 50, "15.0": 250}),
    }
    reading = read(agent, table)
    assert reading.cpu_ratio == pytest.approx(0.07)
    assert reading.memory_ratio == pytest.approx(0.6), "buffers and cache are not used up"


def printer(**columns: dict[str, int | str | bytes]) -> Table:
    return {
        **device(UNKNOWN),
        **standard(f"{PRINTER}.1", {"1": 3}),
        **standard(f"{PRINTER}.2", {"1": columns.get("bits", {"1": b"\x00"})["1"]}),
        **standard(f"{ALERT}.2", columns.get("severity", {})),
        **standard(f"{ALERT}.7", columns.get("code", {})),
    }


@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (b"\x00\x00", ()),
        (b"", ()),
        (b"\x40", ("no_paper",)),
        (b"\x84\x04", ("input_tray_empty", "jammed", "low_paper")),
        (b"\x00\x01\xff", ()),
    ],
)
def test_what_a_printer_detects_is_said_in_words(
    agent: Start, bits: bytes, words: tuple[str, ...]
) -> None:
    reading = read(agent, printer(bits={"1": bits}))
    assert reading.printer_errors == words
    found = {m.name: m.value for m in measurements(reading)}
    assert found["printer_errors"] == len(words)


def test_alerts_of_a_printer_count_where_they_are_grave_and_each_kind_once(agent: Start) -> None:
    table = printer(
        bits={"1": b"\x40"},
        severity={"1.1": 3, "1.2": 4, "1.3": 1, "1.4": 3},
        code={"1.1": 808, "1.2": 1104, "1.3": 8, "1.4": 4711},
    )
    assert read(agent, table).printer_errors == ("low_toner", "no_paper", "other")


def test_supplies_say_what_is_left_where_they_know(agent: Start) -> None:
    """Below zero a level means "other", "unknown" or "some" (RFC 3805)."""
    table = {
        **device(UNKNOWN),
        **standard(
            f"{SUPPLY}.6",
            {"1.1": "Black Toner, PN 6R1;SN48178", "1.2": "Drum", "1.3": "Waste", "1.4": ""},
        ),
        **standard(f"{SUPPLY}.8", {"1.1": 100, "1.2": 12000, "1.3": -2, "1.4": 0}),
        **standard(f"{SUPPLY}.9", {"1.1": 20, "1.2": -3, "1.3": 5, "1.4": 0}),
    }
    reading = read(agent, table)
    assert reading.supplies == (
        Supply("Black Toner", 0.2),
        Supply("Drum"),
        Supply("Waste"),
        Supply("1.4"),
    ), "numbers of parts are left out"
    found = [(m.label, m.value) for m in measurements(reading) if m.name == "supply_ratio"]
    assert found == [("Black Toner", 0.2)]


def test_what_is_no_printer_complains_of_nothing_and_is_not_counted(agent: Start) -> None:
    reading = read(agent, device(UNKNOWN))
    assert (reading.printer_errors, reading.supplies) == (None, ())
    assert "printer_errors" not in {m.name for m in measurements(reading)}
