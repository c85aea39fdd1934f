"""`netmon availability`: what is smoothed and what was aimed at, to people and to machines."""

from contextlib import closing

import pytest

from collectors.observation import Observation, Outcome
from netmon.domain.intervals import instant
from netmon.domain.model import Status
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import UP, Verdict
from netmon.storage.record import RecordWriter, Step
from tests.cli.asking import Answer, Call
from tests.cli.hourly import local
from tests.config.conftest import CityFiles

MARCH = ("--from", "2025-03-01", "--to", "2025-04-01")
DOWN = Verdict(Status.DOWN, "timeout", is_usable=False)


def aim(stored: CityFiles, *tables: str) -> None:
    text = stored.config.read_text("utf-8")
    stored.settings(text + "".join(f"\n[[objectives]]\n{table}\n" for table in tables))


@pytest.fixture
def blinking(stored: CityFiles) -> CityFiles:
    """Let the switch of the city fail for two minutes at noon, once."""
    noon = int(local("2025-05-05T12:00").timestamp())
    edges = [(noon - 86_400, UP), (noon, DOWN), (noon + 120, UP)]
    turns = tuple(
        Transition("sw-1", "snmp", instant(at_s), Status.UP, verdict) for at_s, verdict in edges
    )
    seen = Observation("sw-1", "snmp", instant(noon + 86_400), Outcome.OK)
    run = Run("sw-1", "snmp", UP, turns[-1].at, seen.at)
    with closing(RecordWriter(stored.load().settings.store.folder, origin="real")) as record:
        record.write([Step(seen, run, turns)])
    return stored


def asked(netmon: Call, stored: CityFiles, *more: str) -> Answer:
    day = ("--from", "2025-05-05", "--to", "2025-05-06")
    return netmon("availability", "-c", stored.config, *day, *more)


@pytest.mark.parametrize(
    ("length", "down_s"), [("0", 120), ("120s", 120), ("121", 0), ("150s", 0), ("3m", 0)]
)
def test_what_is_shorter_is_left_out(
    netmon: Call, blinking: CityFiles, length: str, down_s: int
) -> None:
    document = asked(netmon, blinking, "--json", "--smooth", length).document
    assert document["rows"][0]["down_s"] == down_s
    assert document.get("smoothing_s", 0) == {"0": 0, "121": 121, "3m": 180}.get(
        length, int(length.rstrip("sm"))
    )


def test_a_table_says_how_it_was_smoothed(netmon: Call, blinking: CityFiles) -> None:
    plain, smooth = asked(netmon, blinking), asked(netmon, blinking, "--smooth", "150s")
    assert "2 min 0 s" in plain.out and "smoothed" not in plain.out
    assert "2 min 0 s" not in smooth.out
    assert smooth.out.splitlines()[-1].startswith("smoothed: states shorter than 150 s")


@pytest.mark.parametrize(
    "length", ["-1", "2h", "61m", "3601", "1d", "", "150 s", "1e3", "٣", "9" * 99]
)
def test_what_is_no_length_is_refused(netmon: Call, stored: CityFiles, length: str) -> None:
    refused = asked(netmon, stored, f"--smooth={length}").refused()
    assert "expected 150s or 5m, at most an hour, found " in refused


def test_objectives_tell_what_may_still_be_lost(netmon: Call, stored: CityFiles) -> None:
    """The switch was seen for three days, of 71 hours together, and failed for two of them."""
    aim(stored, 'target = 0.99\nkind = "switch"', 'target = 0.5\nsite = "bib"')
    answer = netmon("availability", "-c", stored.config, *MARCH, "--objectives", "--json")
    assert answer.code == 1, "a target is missed"
    told = answer.document["objectives"]
    assert (told["month"], told["is_complete"], told["smoothing_s"]) == ("2025-03", True, 0)
    switch, library = told["rows"]
    seen_s = 71 * 3600
    assert switch == {
        "grouping": "kind",
        "id": "switch",
        "service": None,
        "devices": 1,
        "availability": pytest.approx(69 / 71),
        "target": 0.99,
        "budget_s": seen_s // 100,
        "budget_left_s": seen_s // 100 - 7200,
        "is_met": False,
    }
    assert (library["id"], library["service"], library["is_met"]) == ("bib", "computer", True)


def test_a_table_of_objectives(netmon: Call, stored: CityFiles) -> None:
    aim(stored, 'target = 0.99\nkind = "switch"')
    answer = netmon("availability", "-c", stored.config, *MARCH, "--objectives")
    head, row, last = answer.out.splitlines()
    assert head.split() == ["for", "service", "target", "availability", "budget", "left", "met"]
    assert row.split()[:5] == ["switch", "–", "99.000%", "97.183%", "42"]
    assert "−1 h 17 min" in row and row.endswith("✕ no")
    assert last == "2025-03, not smoothed"
    assert answer.code == 1


def test_without_objectives_nothing_is_missed(netmon: Call, stored: CityFiles) -> None:
    answer = netmon("availability", "-c", stored.config, *MARCH, "--objectives", "--json")
    assert (answer.code, answer.document["objectives"]["rows"]) == (0, [])


def test_contradicting_objectives_are_told_by_check(netmon: Call, stored: CityFiles) -> None:
    aim(stored, "target = 0.9", "target = 0.8")
    answer = netmon("check", "-c", stored.config)
    assert answer.code == 2
    assert "objectives.1.target: expected one objective for the same" in answer.err
