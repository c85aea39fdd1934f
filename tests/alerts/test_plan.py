"""Who is told what when: the planner's answers, one situation each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from netmon.alerts.message import Happening, Message, Problem, Severity
from netmon.alerts.plan import plan
from netmon.alerts.policy import Route
from netmon.alerts.state import NOTHING, State
from netmon.alerts.text import compose
from netmon.domain.incidents import Audience
from netmon.domain.intervals import Windows, epoch_s
from netmon.domain.model import DeviceKind
from netmon.words.language import Language
from tests.alerts.problems import MAIL, at, blind, problem

PROBLEM, CHANGED, REMINDER, ESCALATION, RESOLVED = Happening


class Evening:
    """Plans again and again, and keeps what was told as (second, happening, subjects)."""

    def __init__(self, *routes: Route) -> None:
        self.routes: Sequence[Route] = routes or (MAIL,)
        self.state: State = NOTHING
        self.messages: list[Message] = []

    def go(self, seconds: Iterable[float], *problems: Problem) -> "Evening":
        for second in seconds:
            self.state, told = plan(self.state, problems, at(second), self.routes)
            self.messages += told
        return self

    @property
    def told(self) -> list[tuple[float, Happening]]:
        return [((each.at - at(0)).total_seconds(), each.happening) for each in self.messages]


def every(step: int, start: int, end: int) -> range:
    return range(start, end, step)


def test_a_problem_is_told_after_the_wait_and_its_end_at_once() -> None:
    evening = Evening().go(every(5, 0, 100), problem())
    evening.go(every(5, 100, 200), problem(ended_at=at(95)))
    assert evening.told == [(30, PROBLEM), (100, RESOLVED)]
    first, last = evening.messages
    assert first.key == last.key and (first.number, last.number) == (1, 2)
    assert last.problems[0].ended_at == at(95)
    assert evening.state.groups == ()


def test_what_ends_while_it_waits_is_never_told() -> None:
    evening = Evening().go(every(5, 0, 30), problem())
    evening.go(every(5, 30, 600), problem(ended_at=at(28)))
    assert evening.told == []


def test_what_happens_at_one_place_within_the_wait_is_one_message() -> None:
    first, second, third = (problem(f"ap-{n}", 10 * n) for n in range(3))
    elsewhere = problem("ap-9", place_id="veemarkt")
    evening = Evening().go([0], first).go([10], first, second)
    evening.go(every(5, 20, 600), first, second, third, elsewhere)
    told = [[each.subject_id for each in message.problems] for message in evening.messages]
    assert told == [["ap-0", "ap-1", "ap-2"], ["ap-9"]]


def test_what_joins_later_is_told_as_a_change_after_the_interval() -> None:
    one, two = problem("ap-1"), problem("ap-2", 60)
    evening = Evening().go(every(5, 0, 60), one).go(every(5, 60, 900), one, two)
    assert evening.told == [(30, PROBLEM), (330, CHANGED)]
    assert len(evening.messages[1].problems) == 2


def test_an_end_among_several_is_told_once() -> None:
    one, two = problem("ap-1"), problem("ap-2")
    evening = Evening().go(every(5, 0, 60), one, two)
    evening.go(every(5, 60, 900), replace(one, ended_at=at(55)), two)
    evening.go([900], replace(one, ended_at=at(55)), replace(two, ended_at=at(899)))
    assert evening.told == [(30, PROBLEM), (330, CHANGED), (900, RESOLVED)]
    ends = [[each.subject_id for each in m.problems if each.ended_at] for m in evening.messages]
    assert ends == [[], ["ap-1"], ["ap-2"]]


def test_it_is_repeated_for_as_long_as_it_lasts_and_nobody_is_at_it() -> None:
    route = replace(MAIL, repeat_s=3600)
    evening = Evening(route).go(every(30, 0, 7300), problem())
    assert evening.told == [(30, PROBLEM), (3630, REMINDER), (7230, REMINDER)]


def test_an_acknowledgement_stops_repeats_and_escalation_until_it_expires() -> None:
    route = replace(MAIL, repeat_s=600, escalate_after_s=900, escalate_to=("phone",))
    evening = Evening(route).go(every(30, 0, 120), problem())
    evening.go(every(30, 120, 4000), problem(acknowledged_until=at(3600)))
    assert evening.told == [(30, PROBLEM), (3600, ESCALATION)]
    assert evening.messages[1].channels == ("mail", "phone")


def test_the_end_of_what_is_acknowledged_is_told_to_all_who_know_of_it() -> None:
    route = replace(MAIL, escalate_after_s=600, escalate_to=("phone",))
    evening = Evening(route).go(every(30, 0, 900), problem())
    evening.go([930], problem(acknowledged_until=at(9000), ended_at=at(929)))
    assert evening.told == [(30, PROBLEM), (630, ESCALATION), (930, RESOLVED)]
    assert evening.messages[-1].channels == ("mail", "phone")


def test_who_is_told_only_now_hears_of_no_end_of_what_they_never_heard_of() -> None:
    route = replace(MAIL, escalate_after_s=600, escalate_to=("phone",))
    one, two = problem("ap-1"), problem("ap-2")
    evening = Evening(route).go(every(30, 0, 630), one, two)
    evening.go([630, 660], replace(one, ended_at=at(629)), two)
    assert evening.told == [(30, PROBLEM), (630, CHANGED), (660, ESCALATION)]
    told = [({p.subject_id for p in m.problems}, m.channels) for m in evening.messages]
    assert told[1:] == [({"ap-1", "ap-2"}, ("mail",)), ({"ap-2"}, ("mail", "phone"))]


def test_what_somebody_is_at_before_it_is_told_is_not() -> None:
    evening = Evening().go(every(30, 0, 600), problem(acknowledged_until=at(300)))
    assert evening.told == [(300, PROBLEM)]


def test_what_is_listed_no_more_is_withdrawn_after_the_interval() -> None:
    switch = problem("sw-1", 100, subject_name="sw-bruul-1", affected=("ap-1",))
    evening = Evening().go(every(5, 0, 100), problem()).go(every(5, 100, 700), switch)
    assert evening.told == [(30, PROBLEM), (330, CHANGED), (630, CHANGED)]
    gone = evening.messages[-1].problems[0]
    assert (gone.subject_id, gone.is_withdrawn, gone.explained_by) == ("ap-1", True, "sw-bruul-1")


def test_what_was_withdrawn_is_not_said_to_work_again() -> None:
    """Nobody saw it come back: the inventory changed, or its parent is the cause."""
    evening = Evening().go(every(5, 0, 100), problem()).go(every(5, 100, 700))
    assert evening.told == [(30, PROBLEM), (400, RESOLVED)]
    last = evening.messages[-1]
    assert last.problems[0].ended_at is None
    said = compose(last, lambda _key: None, ZoneInfo("Europe/Brussels"), Language.EN)
    assert "withdrawn" in said.subject and "works again" not in said.subject + said.body


def test_what_is_away_for_a_moment_is_still_the_same() -> None:
    evening = Evening().go(every(5, 0, 100), problem()).go(every(5, 100, 300))
    evening.go(every(5, 300, 900), problem())
    assert evening.told == [(30, PROBLEM)]


def test_an_incident_whose_beginning_moved_keeps_its_key() -> None:
    """Work announced afterwards moves the beginning of an incident, and so its id."""
    evening = Evening().go(every(5, 0, 100), problem()).go(every(5, 100, 900), problem(began=50))
    evening.go([900], problem(began=50, ended_at=at(899)))
    assert evening.told == [(30, PROBLEM), (900, RESOLVED)]
    assert {each.key for m in evening.messages for each in m.problems} == {problem().key}


def test_what_flaps_faster_than_the_route_waits_is_told_once_too() -> None:
    evening = Evening()
    for n in range(20):
        down = problem(began=n * 20, is_flapping=True)
        evening.go(every(5, n * 20, n * 20 + 10), down)
        up = replace(down, ended_at=at(n * 20 + 10))
        evening.go(every(5, n * 20 + 10, n * 20 + 20), up)
    evening.go([900], replace(up, is_flapping=False))
    assert evening.told == [(30, PROBLEM), (900, RESOLVED)]
    assert evening.messages[0].problems[0].is_flapping


def test_what_flaps_is_told_once_and_once_when_it_is_calm_again() -> None:
    evening = Evening()
    for n in range(20):
        down = problem(began=n * 200, is_flapping=True)
        evening.go(every(10, n * 200, n * 200 + 100), down)
        up = replace(down, ended_at=at(n * 200 + 100))
        evening.go(every(10, n * 200 + 100, n * 200 + 200), up)
    evening.go(every(10, 4000, 4100), replace(up, is_flapping=False))
    assert evening.told == [(30, PROBLEM), (4000, RESOLVED)]
    assert evening.messages[0].problems[0].is_flapping


def test_what_begins_to_flap_says_so_once() -> None:
    evening = Evening().go(every(10, 0, 100), problem())
    evening.go(every(10, 100, 9000), problem(is_flapping=True))
    assert evening.told == [(30, PROBLEM), (330, CHANGED)]


def test_what_grows_worse_is_told() -> None:
    mild = problem(severity=Severity.WARNING)
    evening = Evening().go(every(10, 0, 100), mild).go(every(10, 100, 900), problem())
    assert evening.told == [(30, PROBLEM), (330, CHANGED)]


def test_a_blind_netmon_tells_that_alone_and_looks_again_afterwards() -> None:
    """What only looked broken is not told when sight is back; what is broken is."""
    ghost, real = problem("ap-1", 2), problem("ap-2", 2, place_id="veemarkt")
    evening = Evening().go(every(10, 0, 600), blind(0), ghost, real)
    evening.go(every(10, 600, 1200), blind(0, 600), replace(ghost, ended_at=at(640)), real)
    subjects = [[each.subject_id for each in message.problems] for message in evening.messages]
    assert subjects == [["netmon"], ["netmon"], ["ap-2"]]
    assert evening.told == [(30, PROBLEM), (600, RESOLVED), (920, PROBLEM)]


def test_a_netmon_that_sees_nothing_is_told_by_routes_of_certain_places_too() -> None:
    route = replace(MAIL, kinds=frozenset({"switch"}), places=frozenset({"veemarkt"}))
    assert Evening(route).go(every(10, 0, 60), blind(0)).told == [(30, PROBLEM)]


def test_quiet_hours_wait_and_what_is_critical_may_pass() -> None:
    quiet = Windows([(epoch_s(at(0)), epoch_s(at(3600)))])
    route = replace(MAIL, quiet=quiet)
    mild = problem("ap-2", severity=Severity.WARNING)
    assert Evening(route).go(every(30, 0, 300), problem()).told == [(30, PROBLEM)]
    evening = Evening(route).go(every(30, 0, 4000), mild)
    assert evening.told == [(3600, PROBLEM)]
    strict = replace(route, critical_passes=False)
    assert Evening(strict).go(every(30, 0, 4000), problem()).told == [(3600, PROBLEM)]


def test_the_end_of_what_was_told_is_told_in_quiet_hours_too() -> None:
    quiet = Windows([(epoch_s(at(60)), epoch_s(at(9000)))])
    route = replace(MAIL, quiet=quiet, critical_passes=False)
    evening = Evening(route).go(every(10, 0, 100), problem()).go([100], problem(ended_at=at(99)))
    assert evening.told == [(30, PROBLEM), (100, RESOLVED)]


def test_what_is_about_a_closed_place_waits_until_it_opens() -> None:
    route = replace(MAIL, waits_for_opening=True)
    mild = problem(severity=Severity.WARNING, is_open_now=False)
    evening = Evening(route).go(every(30, 0, 600), mild)
    evening.go(every(30, 600, 900), replace(mild, is_open_now=True))
    assert [happening for _, happening in evening.told] == [PROBLEM]
    assert evening.told[0][0] >= 600


def test_a_route_of_certain_hours_leaves_the_night_to_the_next() -> None:
    day = Windows([(epoch_s(at(600)), epoch_s(at(9000)))])
    routes = Route("day", ("mail",), hours=day), Route("night", ("phone",))
    early = Evening(*routes).go(every(30, 0, 500), problem())
    late = Evening(*routes).go(every(30, 600, 900), problem(began=600))
    assert [each.route for each in early.messages] == ["night"]
    assert [each.route for each in late.messages] == ["day"]


@pytest.mark.parametrize(
    "route",
    [
        Route("r", ("mail",), kinds=frozenset({DeviceKind.SWITCH})),
        Route("r", ("mail",), places=frozenset({"veemarkt"})),
        Route("r", ("mail",), places=frozenset({"sites"})),
        Route("r", ("mail",), owners=frozenset({"OCMW"})),
        Route("r", ("mail",), severities=frozenset({Severity.WARNING})),
        Route("r", ("mail",), audiences=frozenset({Audience.OWNER})),
    ],
    ids=["kind", "place", "sort of place", "owner", "severity", "audience"],
)
def test_a_route_that_is_for_others_is_not_used(route: Route) -> None:
    assert Evening(route).go(every(10, 0, 100), problem()).told == []


def test_the_first_route_that_fits_tells_and_the_next_only_where_it_goes_on() -> None:
    first, second = Route("a", ("mail",)), Route("b", ("phone",))
    assert [m.route for m in Evening(first, second).go([0, 30], problem()).messages] == ["a"]
    both = Evening(replace(first, goes_on=True), second).go([0, 30], problem())
    assert [m.route for m in both.messages] == ["a", "b"]


def test_what_another_tool_alerts_on_is_not_told() -> None:
    assert Evening().go(every(10, 0, 100), problem(silenced=True)).told == []


def test_a_route_that_was_taken_away_still_tells_how_things_ended() -> None:
    evening = Evening().go(every(10, 0, 100), problem())
    evening.routes = ()
    evening.go(every(600, 600, 90_000), problem()).go([90_600], problem(ended_at=at(90_500)))
    assert evening.told == [(30, PROBLEM), (90_600, RESOLVED)]
    assert evening.messages[-1].channels == ("mail",)


def test_a_clock_that_is_set_back_delays_nothing_by_more_than_the_wait() -> None:
    evening = Evening().go([3600, 3605], problem())
    evening.go(every(5, 0, 100), problem())
    assert evening.told == [(30, PROBLEM)]


def test_what_holds_only_some_of_a_place_does_not_hold_the_rest() -> None:
    known = problem("ap-1", acknowledged_until=at(9000))
    evening = Evening().go(every(5, 0, 100), known, problem("ap-2"))
    assert [[p.subject_id for p in m.problems] for m in evening.messages] == [["ap-2"]]


def test_no_route_no_message() -> None:
    state, told = plan(NOTHING, [problem()], datetime.fromtimestamp(0, at(0).tzinfo), [])
    assert (state, told) == (NOTHING, [])
