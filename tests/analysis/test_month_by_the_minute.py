"""A month's figures equal a count of every minute, over small random towns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netmon.analysis.month_report import Line, MonthReport
from netmon.domain.model import Service
from netmon.domain.verdict import SILENT, UP, Verdict
from tests.analysis.month_town import (
    AP,
    DOWN,
    NO_PAGE,
    PRINTER_LOW,
    SWITCH,
    MonthTown,
    computer,
    line,
    local,
)
from tests.analysis.town import only_icmp

MINUTE_S = 60
MONTHS = {"2026-10": "2026-11", "2027-03": "2027-04", "2027-02": "2027-03"}
DEVICES = (SWITCH, AP, computer("pc"))
LETTERS = {UP: "u", DOWN: "d", SILENT: "?", PRINTER_LOW: "p", NO_PAGE: "n"}
SLACK = 2
"""Minutes by which a parent's failure may be dated apart: twice the interval."""

Story = list[tuple[int, Verdict]]


@dataclass
class Town:
    """What hypothesis drew: minutes are counted from two days before the month."""

    month: str
    stories: dict[str, Story]
    came: int
    work: tuple[int, int]
    smoothing: int
    begin_s: int = 0
    minutes: int = 0
    first: int = 2 * 1440
    past: int = 0

    @cached_property
    def states(self) -> dict[str, str]:
        """What each device says of itself, a letter a minute."""
        return {name: own_states(story, self.minutes) for name, story in self.stories.items()}


def stories() -> st.SearchStrategy[Story]:
    gaps = st.sampled_from([1, 1, 2, 3, 5, 20, 90, 700, 4000])
    return st.lists(st.tuples(gaps, st.sampled_from(list(LETTERS))), max_size=40)


@st.composite
def towns(draw: st.DrawFn) -> Town:
    month = draw(st.sampled_from(list(MONTHS)))
    town = Town(
        month,
        {each.id: draw(stories()) for each in DEVICES},
        came=draw(st.sampled_from([0, 3000, 20_000])),
        work=draw(st.sampled_from([(0, 0), (9000, 9100), (2800, 3500)])),
        smoothing=draw(st.sampled_from([0, 3, 10])),
    )
    town.begin_s = local(f"{month}-01") - town.first * MINUTE_S
    end_s = local(f"{MONTHS[month]}-01")
    town.past = (end_s - town.begin_s) // MINUTE_S
    town.minutes = town.past + 180
    return town


def edges(story: Story, minutes: int) -> list[tuple[int, Verdict]]:
    """Return (minute, verdict) wherever the verdict changes; up at the beginning."""
    found, at = [(0, UP)], 0
    for gap, verdict in story:
        at += gap
        if at < minutes and verdict is not found[-1][1]:
            found.append((at, verdict))
    return found


def own_states(story: Story, minutes: int) -> str:
    states = ["u"] * minutes
    for at, verdict in edges(story, minutes):
        states[at:] = [LETTERS[verdict]] * (minutes - at)
    return "".join(states)


def read_states(town: Town, name: str) -> str:
    """Lay the switch and announced work over what the device says, minute by minute."""
    states = list(town.states[name])
    if name == "ap":
        carrier = town.states["sw"]
        states = [
            "r" if own == "d" and "d" in carrier[max(at - SLACK, 0) : at + SLACK + 1] else own
            for at, own in enumerate(states)
        ]
    if name == "pc":
        first, last = town.work
        states = ["m" if first <= at < last else own for at, own in enumerate(states)]
    return "".join(states)


def without_blinks(states: str, limit: int) -> str:
    """Look at all blocks again after every change."""
    while True:
        blocks = [(letter, len(list(run))) for letter, run in groupby(states)]
        short = [
            (length, at)
            for at, (letter, length) in enumerate(blocks[1:-1], 1)
            if length < limit
            and blocks[at - 1][0] == blocks[at + 1][0]
            and "m" not in {letter, blocks[at - 1][0]}
        ]
        if not short:
            return states
        _, at = min(short)
        blocks[at] = (blocks[at - 1][0], blocks[at][1])
        states = "".join(letter * length for letter, length in blocks)


def is_open(at_s: int) -> bool:
    now = datetime.fromtimestamp(at_s, UTC).astimezone(ZoneInfo("Europe/Brussels"))
    return now.weekday() < 5 and 9 <= now.hour < 17 and now.date().isoformat() != "2026-11-11"


def counted(town: Town, name: str) -> str:
    """Return the letters of a device for each minute of the month in which it was there."""
    states = without_blinks(read_states(town, name), town.smoothing)
    came = max(town.first, town.came if name == "ap" else 0)
    return "".join(
        "o" if name == "pc" and not is_open(town.begin_s + at * MINUTE_S) else states[at]
        for at in range(came, town.past)
    )


def seconds(report_line: Line) -> dict[str, int]:
    figures = report_line.figures
    return {
        "usable": figures.usable_s,
        "failed": figures.failed_s,
        "r": figures.unreachable_s,
        "?": figures.unknown_s,
        "m": figures.maintenance_s,
        "o": figures.expected_off_s,
    }


def expected(letters: str) -> dict[str, int]:
    count = Counter(letters)
    usable, failed = count["u"] + count["p"], count["d"] + count["n"]
    rest = {letter: count[letter] * MINUTE_S for letter in "r?mo"}
    return {"usable": usable * MINUTE_S, "failed": failed * MINUTE_S, **rest}


def report_of(town: Town, folder: pytest.TempPathFactory) -> MonthReport:
    timing = only_icmp(checks={"icmp": {"interval_s": 60, "retry_interval_s": 20}})
    end_s = town.begin_s + town.minutes * MINUTE_S
    with MonthTown(folder.mktemp("town"), timing) as stored:
        if town.came:
            stored.hold([SWITCH, DEVICES[2]], town.begin_s)
        stored.hold(DEVICES, town.begin_s + town.came * MINUTE_S)
        for name, story in town.stories.items():
            told = [
                (town.begin_s + at * MINUTE_S, verdict)
                for at, verdict in edges(story, town.minutes)
            ]
            stored.recorded(name, *told, seen_s=end_s)
        first, last = town.work
        if first < last:
            work = (town.begin_s + at * MINUTE_S for at in town.work)
            stored.work("pc", *work)
        return stored.report(town.month, end_s, town.smoothing * MINUTE_S)


SLOW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SLOW
@given(town=towns())
def test_figures_equal_a_count_of_every_minute(
    tmp_path_factory: pytest.TempPathFactory, town: Town
) -> None:
    report = report_of(town, tmp_path_factory)
    letters = {each.id: counted(town, each.id) for each in DEVICES}
    assert seconds(line(report, "switch")) == expected(letters["sw"])
    assert seconds(line(report, "bruul")) == expected(letters["ap"])
    assert seconds(line(report, "library", Service.COMPUTER)) == expected(letters["pc"])
    assert seconds(report.total) == expected("".join(letters.values()))
    assert report.unknown.unknown_s == report.total.figures.unknown_s
    days = Counter[str]()
    for day in report.days:
        days.update(seconds(replace(report.total, figures=day.total)))
    assert {**dict.fromkeys(days, 0), **seconds(report.total)} == dict(days)


def outages(town: Town, name: str) -> list[tuple[int, int | None, int, int]]:
    """Return (began, ended, broken minutes, of these in the month), by walking the minutes."""
    states, own = without_blinks(read_states(town, name), town.smoothing), town.states[name]
    found: list[tuple[int, int | None, int, int]] = []
    began, broken, within = None, 0, 0
    for at in range(town.past):
        letter = "u" if states[at] == "m" and own[at] == "u" else states[at]
        if name == "pc" and not is_open(town.begin_s + at * MINUTE_S):
            letter = "u" if letter == "u" else "o"
        if letter in "dpn":
            began = at if began is None else began
            broken, within = broken + 1, within + (at >= town.first)
        elif letter == "u" and began is not None:
            found.append((began, at, broken, within))
            began, broken, within = None, 0, 0
    if began is not None:
        found.append((began, None, broken, within))
    return [each for each in found if each[1] is None or each[1] >= town.first]


def when(town: Town, at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(town.begin_s + at * MINUTE_S, UTC)


@SLOW
@given(town=towns())
def test_incidents_and_their_means_equal_a_walk_over_every_minute(
    tmp_path_factory: pytest.TempPathFactory, town: Town
) -> None:
    town = replace(town, came=0)
    report = report_of(town, tmp_path_factory)
    for name, key in (("sw", "switch"), ("ap", "access_point"), ("pc", "public_pc")):
        walked = outages(town, name)
        told = [each for each in report.incidents if each.subject_id == name]
        assert [
            (each.began_at, each.ended_at, each.promised_s, each.in_month_s) for each in told
        ] == [
            (when(town, began), when(town, ended), broken * MINUTE_S, within * MINUTE_S)
            for began, ended, broken, within in walked
        ]
        kind = line(report, key)
        repairs = [broken for _, ended, broken, _ in walked if ended is not None]
        assert kind.open == len(walked) - len(repairs)
        assert kind.failures == sum(1 for began, *_ in walked if began >= town.first)
        assert (kind.mttr_s is None) == (not repairs)
        if kind.mttr_s is not None:
            assert kind.mttr_s == pytest.approx(sum(repairs) * MINUTE_S / len(repairs))
        if kind.mtbf_s is not None:
            assert kind.mtbf_s == pytest.approx(kind.figures.usable_s / kind.failures)


def spells(letters: Sequence[str]) -> list[int]:
    return sorted(
        (
            len(list(run))
            for letter, run in groupby(each for each in letters if each != "o")
            if letter == "?"
        ),
        reverse=True,
    )


@SLOW
@given(town=towns())
def test_unknown_spells_equal_those_of_every_promised_minute(
    tmp_path_factory: pytest.TempPathFactory, town: Town
) -> None:
    report = report_of(town, tmp_path_factory)
    walked = sorted(
        (length for each in DEVICES for length in spells(counted(town, each.id))), reverse=True
    )
    assert [each.promised_s // MINUTE_S for each in report.unknown.longest] == walked[:10]
