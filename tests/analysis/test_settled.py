"""Answers kept in memory are, whatever happens, those that would be worked out anew."""

import tempfile
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from collectors.observation import Observation, Outcome
from netmon.analysis import settled
from netmon.analysis.views import RecordViews
from netmon.domain.annotations import Annotation, AnnotationKind
from netmon.domain.intervals import Interval, epoch_s
from netmon.domain.maintenance import Announcement, Effect, Timing
from netmon.domain.model import Device, Place, Power, Status
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import UP, Verdict
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader, Runs, Step
from tests.analysis.town import BRUUL, START, Town, access_point, at, calendar, only_icmp

HOUR_S, DAY_S = 3600, 86_400
DOWN = Verdict(Status.DOWN, "timeout", is_usable=False)
LIBRARY = replace(BRUUL, id="library", is_street=False, opening_hours="Mo-Su 08:00-20:00")
OTHER_HOURS = replace(LIBRARY, opening_hours="Mo-Sa 10:00-12:00")
HOURLY = only_icmp(checks={"icmp": {"interval_s": 2 * HOUR_S, "retry_interval_s": HOUR_S}})
SLACK_S = HOURLY.dependency_slack_s()
CALENDAR = calendar()
BASE_S = epoch_s(START)

SWITCH, OTHER_SWITCH = access_point("sw"), access_point("sw-2")
AP = access_point("ap", "sw")
COMPUTERS = [access_point(f"pc-{n}", "sw", place="library", power=Power.WITH_SITE) for n in "12"]
COMPUTERS = [replace(each, kind=each.kind.PUBLIC_PC) for each in COMPUTERS]
DEVICES = (SWITCH, OTHER_SWITCH, AP, *COMPUTERS)
IDS = [each.id for each in DEVICES]
INVENTORIES: list[tuple[tuple[Device, ...], Place]] = [
    (DEVICES, LIBRARY),
    (DEVICES, OTHER_HOURS),
    ((SWITCH, OTHER_SWITCH, replace(AP, parents=("sw-2",)), *COMPUTERS), LIBRARY),
    ((SWITCH, OTHER_SWITCH, replace(AP, parents=("sw", "sw-2")), *COMPUTERS), OTHER_HOURS),
    ((SWITCH, OTHER_SWITCH, *COMPUTERS), LIBRARY),
]
DAYS: list[Interval] = [(0, 1), (1, 2), (0, 3), (3, 4)]
BOUNDS = [(BASE_S + DAY_S * begin, BASE_S + DAY_S * end) for begin, end in DAYS]

_WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each step writes files: it took three minutes."""


class Counting(RecordReader):
    """A reader that knows how often it was asked for runs."""

    asked = 0

    def runs_between(self, start_s: int, end_s: int) -> Runs:
        self.asked += 1
        return super().runs_between(start_s, end_s)

    def runs_since_last_up(self, since_s: int, *begins: Any) -> Runs:
        self.asked += 1
        return super().runs_since_last_up(since_s, *begins)


def views_of(town: Town, stack: ExitStack) -> tuple[RecordViews, Counting]:
    """Return views that know nothing yet."""
    record = stack.enter_context(closing(Counting(town.folder)))
    desk = stack.enter_context(closing(DeskReader(town.folder)))
    return RecordViews(town.settings, CALENDAR, record, desk), record


def answers(views: RecordViews, bounds: Interval, now_s: float) -> tuple[list[Any], list[Any]]:
    now = START + timedelta(seconds=now_s)
    return views.availability(bounds, now), views.incidents_between(bounds, now)


class Past(RuleBasedStateMachine):
    """Whatever is seen, learnt late, announced afterwards or imported: nothing stale is told."""

    hits = 0

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.town = self.stack.enter_context(Town(Path(folder), HOURLY))
        self.town.inhabit(DEVICES, (BRUUL, LIBRARY))
        self.kept, self.reader = views_of(self.town, self.stack)
        self.now_s = 0.0
        self.go_on_well(set(IDS), 5)

    @rule(
        ids=st.sets(st.sampled_from(IDS), min_size=1),
        outcome=st.sampled_from([Outcome.OK, Outcome.OK, Outcome.TIMEOUT, Outcome.TLS]),
        times=st.integers(1, 8),
        hours=st.sampled_from([1, 1, 1, 3, 9, 30]),
    )
    def look(self, ids: set[str], outcome: Outcome, times: int, hours: int) -> None:
        for _ in range(times):
            self.now_s += hours * HOUR_S
            for each in sorted(ids):
                self.town.see(each, [self.now_s], outcome)

    @rule(ids=st.sets(st.sampled_from(IDS), min_size=1), days=st.integers(1, 5))
    def go_on_well(self, ids: set[str], days: int) -> None:
        """Looked at just often enough: runs that stay open for days can still be cut far back."""
        for _ in range(6 * days):
            self.now_s += 4 * HOUR_S
            for each in sorted(ids):
                self.town.hear(each, self.now_s, Outcome.OK)
        self.town.judge.keep()

    @rule(device=st.sampled_from(IDS), back_h=st.integers(1, 200), is_up=st.booleans())
    def learn_late(self, device: str, back_h: int, *, is_up: bool) -> None:
        """An edge within the open run, as far back as that reaches, with a look as old as it."""
        opened = [run for run in self.town.rows() if run.device_id == device and run.end_s is None]
        if not opened:
            return
        edge_s = max(opened[0].start_s - BASE_S, self.now_s - back_h * HOUR_S)
        verdict = UP if is_up else DOWN
        seen = Observation(device, "icmp", at(edge_s), Outcome.OK if is_up else Outcome.TIMEOUT)
        edge = Transition(device, "icmp", at(edge_s), opened[0].status, verdict)
        run = Run(device, "icmp", verdict, at(edge_s), at(edge_s))
        self.town.record.write([Step(seen, run, (edge,))])

    @rule(
        subject=st.sampled_from([*IDS, "library", "bruul"]),
        begin_h=st.integers(-10, 120),
        hours=st.integers(1, 40),
        effect=st.sampled_from(list(Effect)),
    )
    def announce(self, subject: str, begin_h: int, hours: int, effect: Effect) -> None:
        """Often of times that are long over; the same again takes back what was said before."""
        subject = subject if effect is Effect.MAINTENANCE else "library"
        starts = at(begin_h * HOUR_S).replace(tzinfo=None)
        timing = Timing(starts, "UTC", exact_s=hours * HOUR_S)
        said_s = epoch_s(at(begin_h * HOUR_S - DAY_S))
        said = Announcement(f"{effect}-{subject}", effect, (subject,), timing, said_s, "")
        self.town.desk.announce([said], said_s)

    @rule(
        subject=st.sampled_from([*IDS, "library"]),
        at_h=st.integers(0, 120),
        kind=st.sampled_from([AnnotationKind.NOTE, AnnotationKind.ACKNOWLEDGEMENT]),
        is_withdrawn=st.booleans(),
    )
    def say(self, subject: str, at_h: int, kind: AnnotationKind, *, is_withdrawn: bool) -> None:
        at_s, now_s = BASE_S + at_h * HOUR_S, BASE_S + int(self.now_s)
        said = Annotation(f"{subject}-{at_h}", subject, at_s, kind, "Ann", now_s, "seen")
        withdrawn_s = now_s if is_withdrawn else None
        self.town.desk.annotate([replace(said, withdrawn_s=withdrawn_s)], now_s)

    @rule(which=st.sampled_from(INVENTORIES))
    def revise(self, which: tuple[tuple[Device, ...], Place]) -> None:
        self.town.inhabit(which[0], (BRUUL, which[1]), second=self.now_s)

    @invariant()
    def is_never_stale(self) -> None:
        if not hasattr(self, "town"):
            return
        with ExitStack() as stack:
            fresh, _ = views_of(self.town, stack)
            for bounds in BOUNDS:
                asked = self.reader.asked
                again = answers(self.kept, bounds, self.now_s)
                Past.hits += asked == self.reader.asked
                assert again == answers(fresh, bounds, self.now_s)

    def teardown(self) -> None:
        self.stack.close()


def test_nothing_stale_is_ever_told() -> None:
    """And what was kept is really given again now and then, or this would prove nothing."""
    Past.hits = 0
    machine: Any = Past.TestCase
    machine.settings = settings(
        max_examples=15, stateful_step_count=14, deadline=None, phases=_WITHOUT_SHRINKING
    )
    machine("runTest").runTest()
    assert Past.hits > 100


@pytest.fixture
def town(tmp_path: Path) -> Any:
    with Town(tmp_path, HOURLY) as town:
        town.inhabit(DEVICES, (BRUUL, LIBRARY))
        for hour in range(24 * 5):
            is_dead = 30 <= hour < 40
            town.see("sw", [hour * HOUR_S], Outcome.TIMEOUT if is_dead else Outcome.OK)
        yield town


LATER_S = 5.0 * DAY_S


def test_a_past_day_is_read_once(town: Town) -> None:
    with ExitStack() as stack:
        views, record = views_of(town, stack)
        first = answers(views, BOUNDS[1], LATER_S)
        assert [row.subject_id for row in first[1]] == ["sw"]
        assert record.asked == 2
        town.see("sw", [LATER_S + HOUR_S * n for n in range(9)], Outcome.TIMEOUT)
        assert answers(views, BOUNDS[1], LATER_S + 9 * HOUR_S) == first
        assert record.asked == 2


def test_who_changes_an_answer_changes_only_his_own(town: Town) -> None:
    with ExitStack() as stack:
        views, _ = views_of(town, stack)
        first = answers(views, BOUNDS[1], LATER_S)
        rows, incidents = answers(views, BOUNDS[1], LATER_S)
        rows.clear()
        incidents.clear()
        assert answers(views, BOUNDS[1], LATER_S) == first


def test_an_interval_that_has_just_ended_is_read_until_what_may_explain_it_is_over(
    town: Town,
) -> None:
    with ExitStack() as stack:
        views, record = views_of(town, stack)
        end_s = BOUNDS[0][1] - BASE_S
        for now_s, asked in ((end_s, 1), (end_s + SLACK_S - 1, 2), (end_s + SLACK_S, 3)):
            views.availability(BOUNDS[0], at(now_s))
            assert record.asked == asked
        views.availability(BOUNDS[0], at(end_s + SLACK_S))
        assert record.asked == 3


def test_what_is_kept_is_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest answer goes first; one that is too large by itself is not kept at all."""
    monkeypatch.setattr(settled, "MOST_ROWS", 2 * len(DEVICES))
    with ExitStack() as stack:
        views, record = views_of(town, stack)
        for asked, day in enumerate((0, 1, 3, 3, 1, 0), start=1):
            views.availability(BOUNDS[day], at(LATER_S))
            assert record.asked == min(asked, 3) + (asked == 6)
        monkeypatch.setattr(settled, "MOST_ROWS", 1)
        for _ in range(2):
            views.availability(BOUNDS[2], at(LATER_S))
        assert record.asked == 6


def hourly(town: Town, device: str, hours: range, outcome: Outcome = Outcome.OK) -> None:
    town.see(device, [hour * HOUR_S for hour in hours], outcome)


@pytest.fixture
def quiet(tmp_path: Path) -> Any:
    """A town in which nothing has been looked at; midnight is fifteen hours after its start."""
    with Town(tmp_path, HOURLY) as town:
        town.inhabit(DEVICES, (BRUUL, LIBRARY))
        yield town


HALF_A_DAY = (BASE_S, BASE_S + 12 * HOUR_S)


def test_an_incident_that_is_still_open_is_never_kept(quiet: Town) -> None:
    with ExitStack() as stack:
        views, _ = views_of(quiet, stack)
        hourly(quiet, "sw", range(9))
        hourly(quiet, "sw", range(9, 40), Outcome.TIMEOUT)
        ((row,), later) = views.incidents_between(HALF_A_DAY, at(39 * HOUR_S)), at(44 * HOUR_S)
        assert row.ended_at is None
        hourly(quiet, "sw", range(40, 44))
        assert [row.ended_at for row in views.incidents_between(HALF_A_DAY, later)] == [
            at(40 * HOUR_S)
        ]


def test_what_is_found_the_day_after_explains_what_ended_the_day_before(quiet: Town) -> None:
    """The switch was seen to fail two hours after what it carries came back: within the slack."""
    with ExitStack() as stack:
        views, _ = views_of(quiet, stack)
        hourly(quiet, "sw", range(16))
        hourly(quiet, "ap", range(9))
        hourly(quiet, "ap", range(9, 14), Outcome.TIMEOUT)
        hourly(quiet, "ap", range(14, 16))
        (row,) = views.incidents_between(HALF_A_DAY, at(15 * HOUR_S))
        assert (row.subject_id, row.promised_s) == ("ap", 5 * HOUR_S)
        hourly(quiet, "sw", range(16, 20), Outcome.TIMEOUT)
        (row,) = views.incidents_between(HALF_A_DAY, at(20 * HOUR_S))
        assert (row.subject_id, row.promised_s) == ("ap", 3 * HOUR_S)


def test_a_note_shows_on_an_incident_that_is_long_over(town: Town) -> None:
    with ExitStack() as stack:
        views, record = views_of(town, stack)
        notes = [row.notes for row in views.incidents_between(BOUNDS[1], at(LATER_S))]
        at_s, now_s = BASE_S + 33 * HOUR_S, BASE_S + int(LATER_S)
        said = Annotation("n", "sw", at_s, AnnotationKind.NOTE, "Ann", now_s, "fuse")
        town.desk.annotate([said], now_s)
        notes += [row.notes for row in views.incidents_between(BOUNDS[1], at(LATER_S))]
        assert notes == [0, 1]
        assert record.asked == 2


def test_a_look_that_comes_late_and_turns_nothing_proves_more_all_the_same(quiet: Town) -> None:
    """The record has no edge of it: only the newest look says how far an open run goes."""
    with ExitStack() as stack:
        views, _ = views_of(quiet, stack)
        hourly(quiet, "sw", range(10))
        up_s = [views.availability(BOUNDS[0], at(40 * HOUR_S))[0].shares.up_s]
        hourly(quiet, "sw", range(12, 13))
        up_s.append(views.availability(BOUNDS[0], at(40 * HOUR_S))[0].shares.up_s)
        assert up_s == [14 * HOUR_S, 17 * HOUR_S]
