"""Whatever happens in a city, and to netmon meanwhile, the laws of telling hold."""

import itertools
from collections import Counter
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from netmon.alerts.document import message_of, message_text, state_of, state_text
from netmon.alerts.message import Happening, Message, Problem, Severity
from netmon.alerts.plan import plan
from netmon.alerts.policy import Route
from netmon.alerts.state import NOTHING
from netmon.domain.intervals import Windows, epoch_s
from tests.alerts.problems import at, blind, problem

PLACES = {"ap-1": "bruul", "ap-2": "bruul", "ap-3": "bruul", "pc-1": "veemarkt"}
NIGHT = Windows([(epoch_s(at(20_000)), epoch_s(at(40_000)))])
ROUTES = (
    Route(
        "it",
        ("mail",),
        repeat_s=3600,
        escalate_after_s=200,
        escalate_to=("phone",),
        quiet=NIGHT,
        goes_on=True,
    ),
    Route("wall", ("screen",), critical_passes=False, quiet=NIGHT, holds_flapping=False),
)
pauses = st.sampled_from([0, 10, 40, 350, 2000, 4000, 20_000])
TURNS = 4
"""How often it is planned in a pause."""


class City(RuleBasedStateMachine):
    """Devices fail and recover, people act, netmon is blind, restarts, and its clock jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.second = 0.0
        self.routes = ROUTES
        self.state = NOTHING
        self.messages: list[Message] = []
        self.lowest: list[float] = []  # for each message: how far the clock was set back since
        self.listed: dict[str, Problem] = {}
        self.fresh = 0

    @precondition(lambda self: self._sound())
    @rule(data=st.data(), severity=st.sampled_from(Severity), then_s=pauses)
    def breaks(self, data: st.DataObject, severity: Severity, then_s: int) -> None:
        subject = data.draw(st.sampled_from(self._sound()))
        key = self._fresh(subject)
        place_id = PLACES[subject]
        self.listed[key] = problem(
            subject, self.second, key=key, place_id=place_id, severity=severity
        )
        self._wait(then_s)

    @precondition(lambda self: self._broken())
    @rule(data=st.data(), then_s=pauses)
    def works_again(self, data: st.DataObject, then_s: int) -> None:
        self._change(data, ended_at=at(self.second))
        self._wait(then_s)

    @precondition(lambda self: self._broken())
    @rule(data=st.data())
    def grows_worse(self, data: st.DataObject) -> None:
        self._change(data, severity=Severity.CRITICAL)

    @precondition(lambda self: self._broken())
    @rule(data=st.data(), for_s=st.integers(1, 10_000))
    def is_acknowledged(self, data: st.DataObject, for_s: int) -> None:
        self._change(data, acknowledged_until=at(self.second + for_s))

    @rule(subject=st.sampled_from(sorted(PLACES)), flaps=st.booleans(), then_s=pauses)
    def flaps(self, subject: str, flaps: bool, then_s: int) -> None:  # noqa: FBT001 - a strategy's name
        for key, each in list(self.listed.items()):
            if each.subject_id == subject:
                self.listed[key] = replace(each, is_flapping=flaps)
        self._wait(then_s)

    @precondition(lambda self: self._broken())
    @rule(data=st.data(), then_s=pauses)
    def vanishes(self, data: st.DataObject, then_s: int) -> None:
        del self.listed[data.draw(st.sampled_from(self._broken())).key]
        self._wait(then_s)

    @precondition(lambda self: self._broken())
    @rule(data=st.data(), then_s=pauses)
    def is_away_for_a_moment(self, data: st.DataObject, then_s: int) -> None:
        gone = self.listed.pop(data.draw(st.sampled_from(self._broken())).key)
        self._wait(then_s)
        self.listed[gone.key] = gone
        self._wait(30)

    @precondition(lambda self: self._broken())
    @rule(data=st.data())
    def began_at_another_time(self, data: st.DataObject) -> None:
        moved = self.listed.pop(data.draw(st.sampled_from(self._broken())).key)
        key = self._fresh(moved.subject_id)
        self.listed[key] = replace(moved, key=key)

    @rule(then_s=pauses)
    def sees_nothing(self, then_s: int) -> None:
        self.listed["netmon"] = replace(blind(self.second), key="netmon")
        self._wait(then_s)

    @precondition(lambda self: "netmon" in self.listed)
    @rule(then_s=pauses)
    def sees_again(self, then_s: int) -> None:
        del self.listed["netmon"]
        self._wait(then_s)

    @rule(is_removed=st.booleans())
    def route_is_taken_away(self, is_removed: bool) -> None:  # noqa: FBT001 - a strategy's name
        self.routes = ROUTES[:1] if is_removed else ROUTES

    @rule(then_s=pauses)
    def time_passes(self, then_s: int) -> None:
        self._wait(then_s)

    @rule(by_s=st.sampled_from([1, 60, 3600, 90_000]))
    def clock_is_set_back(self, by_s: int) -> None:
        self.second -= by_s
        self._plan()

    @precondition(lambda self: self.messages)
    @invariant()
    def every_group_begins_with_its_problem_and_ends_once(self) -> None:
        for key in {message.key for message in self.messages}:
            told = [message for message in self.messages if message.key == key]
            happenings = [message.happening for message in told]
            assert happenings[0] is Happening.PROBLEM
            assert happenings.count(Happening.PROBLEM) == 1
            assert Happening.RESOLVED not in happenings[:-1]
            assert [message.number for message in told] == list(range(1, len(told) + 1))
            assert happenings.count(Happening.ESCALATION) <= 1
            for message in told:
                is_over = all(each.is_over for each in message.problems)
                assert is_over == (message.happening is Happening.RESOLVED)

    @invariant()
    def nobody_hears_an_end_without_a_beginning(self) -> None:
        self._heard()

    def _heard(self) -> Counter[tuple[str, str, str]]:
        """Return 1 for what a channel heard that it is broken, 0 once it heard that it ended."""
        heard: Counter[tuple[str, str, str]] = Counter()
        for message in self.messages:
            assert message.problems, "a message speaks of something"
            for channel, each in itertools.product(message.channels, message.problems):
                about = (message.route, channel, each.key)
                assert not each.is_over or heard[about], "an end follows a beginning, once"
                heard[about] = int(not each.is_over)
        return heard

    @invariant()
    def what_was_told_and_lasts_is_remembered(self) -> None:
        remembered = {
            (group.route, each.problem.key) for group in self.state.groups for each in group.told
        }
        latest: dict[tuple[str, str], bool] = {}
        for message in self.messages:
            for each in message.problems:
                latest[message.route, each.key] = not each.is_over
        assert remembered == {about for about, lasts in latest.items() if lasts}

    def teardown(self) -> None:
        """When all works and time goes on, everybody who was told knows it, and nothing is left."""
        for key, each in list(self.listed.items()):
            ended = each.ended_at or at(self.second)
            self.listed[key] = replace(each, ended_at=ended, is_flapping=False)
        for _ in range(4):
            self.second += 400
            self._plan()
        assert self.state.groups == ()
        last = {message.key: message.happening for message in self.messages}
        assert set(last.values()) <= {Happening.RESOLVED}
        assert not any(self._heard().values()), "whoever was told knows that it is over"

    def _plan(self) -> None:
        self.lowest = [min(each, self.second) for each in self.lowest]
        listed = list(self.listed.values())
        before = state_of(state_text(self.state))  # killed at any time, it goes on from there
        assert before == self.state
        self.state, told = plan(before, listed, at(self.second), self.routes)
        assert [message_of(message_text(each)) for each in told] == told
        self._nothing_new_in_the_dark(told)
        self._seldom_reminded(told)
        self.messages += told
        self.lowest += [self.second] * len(told)

    def _nothing_new_in_the_dark(self, told: list[Message]) -> None:
        if "netmon" in self.listed and self.listed["netmon"].ended_at is None:
            new = [m for m in told if m.happening in {Happening.PROBLEM, Happening.REMINDER}]
            assert all("netmon" in {p.key for p in m.problems} for m in new)

    def _seldom_reminded(self, told: list[Message]) -> None:
        for message in told:
            if message.happening is Happening.REMINDER:
                keys = [each.key for each in self.messages]
                last_s = self.lowest[len(keys) - 1 - keys[::-1].index(message.key)]
                route = next(each for each in ROUTES if each.name == message.route)
                assert self.second - last_s >= route.repeat_s

    def _wait(self, wait_s: int) -> None:
        for _ in range(TURNS):
            self.second += wait_s / TURNS
            self._plan()

    def _broken(self) -> list[Problem]:
        listed = self.listed.values()
        return [each for each in listed if each.ended_at is None and each.key != "netmon"]

    def _sound(self) -> list[str]:
        return sorted(set(PLACES) - {each.subject_id for each in self._broken()})

    def _fresh(self, subject: str) -> str:
        self.fresh += 1
        return f"{subject}@{self.fresh}"

    def _change(self, data: st.DataObject, **facts: object) -> None:
        each = data.draw(st.sampled_from(self._broken()))
        self.listed[each.key] = replace(each, **facts)  # type: ignore[arg-type]  # names of fields


TestCity = City.TestCase
TestCity.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
