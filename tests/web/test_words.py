"""Dutch for residents: true, short, in local time."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.observation import Measurement, Outcome
from netmon.domain.model import Service, Status
from netmon.domain.reasons import STOPS
from netmon.words.clean import clean
from tests.web.conftest import MECHELEN, NOW, spot
from web import words
from web.figures import SWITCHES, figures, figures_of, written
from web.localtime import LocalTime
from web.reasons import WORDS, Reason, reason

MEASUREMENTS = Path(__file__).parents[2] / "docs" / "measurements.md"
CHECKS = MEASUREMENTS.with_name("checks.md")
WIFI = (Service.WIFI,)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "van geen enkele plek"),
        (1, "1 plek is nu open en werkt."),
        (14, "14 plekken zijn nu open en werken."),
    ],
)
def test_the_sentence_counts_what_is_open_and_works(count: int, said: str):
    others = [spot(status=Status.DOWN), spot(open_now=False), spot(open_now=None)]
    assert said in words.sentence([*others, *(spot() for _ in range(count))], "Mechelen")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (spot(), "Open tot 12.00 uur"),
        (spot(changes_at=None), "Dag en nacht open"),
        (spot(open_now=None), "Uren niet bekend: bel eerst"),
        (spot(open_now=False, changes_at=None), "Gesloten"),
        (spot(open_now=False), "Gesloten, opent om 12.00 uur"),
        (
            spot(open_now=False, changes_at=NOW + timedelta(days=1)),
            "Gesloten, opent morgen om 10.42 uur",
        ),
        (
            spot(open_now=False, changes_at=NOW + timedelta(days=3)),
            "Gesloten, opent zaterdag om 10.42 uur",
        ),
        (
            spot(open_now=False, changes_at=NOW + timedelta(days=9)),
            "Gesloten, opent op 4 december om 10.42 uur",
        ),
    ],
)
def test_hours_are_said_as_one_would(row, said: str):
    assert words.hours(row, NOW, LocalTime(MECHELEN)) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (spot(working=3), "3 van 5 computers werken"),
        (spot(working=1), "1 van 5 computers werkt"),
        (spot(total=1, working=0, status=Status.DOWN), "De computer werkt niet"),
        (spot(total=1, working=1), "De computer werkt"),
        (spot(total=0, working=0), ""),
        (spot(status=Status.UNKNOWN), "5 computers: we weten niet of ze werken"),
        (spot(status=Status.EXPECTED_OFF, working=0), "5 computers"),
        (spot(services=WIFI, working=2), "2 van 5 zenders werken"),
        (spot(services=(*WIFI, Service.COMPUTER)), "5 van 5 toestellen werken"),
    ],
)
def test_devices_are_counted_in_words_that_fit(row, said: str):
    assert words.counted(row) == said


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.EXPECTED_OFF, Status.MAINTENANCE])
def test_what_is_not_known_is_never_called_broken(status: Status):
    assert "werkt niet" not in words.counted(spot(status=status, working=0))
    assert "werkt niet" not in words.counted(spot(status=status, working=0, total=1))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "minder dan 1 min"), (90, "1 min"), (11_520, "3 u 12 min"), (90_000, "1 d 1 u")],
)
def test_lengths_of_time_have_two_units(seconds: float, said: str):
    assert words.duration(seconds) == said


def test_open_and_working_is_listed_first():
    rows = [spot("dicht", open_now=False), spot("stuk", status=Status.DOWN), spot("goed")]
    assert words.listed(rows)[0].id == "goed"


@given(st.permutations([spot("a", name="B"), spot("b", name="A"), spot("c", open_now=None)]))
def test_the_order_of_the_list_does_not_depend_on_the_order_of_the_rows(rows):
    assert [row.id for row in words.listed(rows)] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("stations", 12, "verbonden 12"),
        ("cpu_ratio", 0.08, "processor 8 %"),
        ("rtt_s", 0.0031, "antwoordtijd 3,1 ms"),
        ("uptime_s", 90_061, "staat aan 1 d 1 h"),
        ("temperature_c", 41.5, "temperatuur 41,5 °C"),
        ("rx_bytes", 2_500_000, "ontvangen 2,5 MB"),
        ("rx_bytes_per_s", 1500, "ontvangen 1,5 kB/s"),
        ("noise_dbm", -95, "noise -95 dBm"),
        ("band_ghz", 2.4, "band 2,4 GHz"),
    ],
)
def test_a_measurement_is_written_with_its_unit(name: str, value: float, said: str):
    assert spaced([written(name, value)]) == [said]


def test_a_number_and_its_unit_stay_on_one_line():
    assert written("rtt_s", 0.0031).endswith(" 3,1\N{NO-BREAK SPACE}ms")


def spaced(lines: list[str]) -> list[str]:
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def test_the_telling_measurements_stand_first():
    values = (Measurement("rx_bytes", 1), Measurement("cpu_ratio", 0.5), Measurement("stations", 3))
    assert spaced(figures(values)) == ["verbonden 3", "processor 50 %", "ontvangen 1 B"]


def test_every_measurement_of_the_manual_has_a_dutch_name():
    manual = "\n".join(page.read_text(encoding="utf-8") for page in (MEASUREMENTS, CHECKS))
    named = re.findall(r"^\| `(\w+_(?:s|ratio|bytes|c|dbm)|users|load1)` \|", manual, re.MULTILINE)
    rows = {*named, *SWITCHES, *re.findall(r"^\| `(\w+)` \| count", manual, re.MULTILINE)}
    assert len(rows) > 35
    for name in rows:
        said = written(name, 1)
        assert not said.startswith(name.replace("_", " ")), name


@pytest.mark.parametrize("code", [*Outcome, *STOPS, "never_seen", "not_listed", "site_not_opened"])
def test_every_way_to_fail_has_words_and_keeps_its_code(code: str):
    if code != Outcome.OK:
        assert reason(code) == Reason(WORDS[code], code)


def test_what_is_behind_a_failed_switch_says_so():
    assert reason("behind sw-ijzerenleen") == Reason("achter sw-ijzerenleen")


@given(st.text(max_size=300))
def test_whatever_a_device_gives_as_a_reason_is_fit_to_show(code: str):
    told = reason(code)
    assert told.said == clean(told.said) and told.code in {"", clean(code)}


def test_wifi_says_whether_anybody_got_online():
    assert "nagemeten" not in words.checked(spot(services=(Service.COMPUTER,))).lower()
    assert words.checked(spot(services=WIFI, working=0)) == ""
    said = {v: words.checked(spot(services=WIFI, verified=v)) for v in (True, False, None)}
    assert len(set(said.values())) == 3
    assert "niet op internet" in said[False]
    assert "meten we niet" in said[None]


def test_a_street_where_no_page_comes_is_on_and_does_not_work_now():
    street = spot(services=WIFI, verified=False, status=Status.DEGRADED, working=3, total=4)
    assert not words.is_working_now(street)
    assert words.counted(street) == "3 van 4 zenders staan aan"
    assert words.counted(replace(street, working=1, total=1)) == "De zender staat aan"
    assert words.is_working_now(replace(street, verified=None))
    assert words.counted(replace(street, verified=None)) == "3 van 4 zenders werken"


def test_the_desk_tells_only_what_is_not_as_it_should_be():
    assert figures_of({}) == []
    well = {"poll_lag_s": 0.0, "unwritten": 0.0, "looks_ok": 900.0, "looks_malformed": 0.0}
    assert spaced(figures_of(well)) == ["achterstand 0 s"]
    ill = {**well, "looks_malformed": 3.0, "notifications_refused": 2.0}
    said = spaced(figures_of(ill))
    assert said == ["onleesbare antwoorden 3", "geweigerd 2", "achterstand 0 s"]
