"""When netmon blames itself: witnesses, a quorum of independent devices, and what contradicts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.model import Status
from netmon.domain.sight import (
    BLINDED,
    OWN_SIGHT,
    Evidence,
    SightRule,
    Witness,
    blind_since,
    frozen,
    is_ruled_out,
    sees_again,
    unproven,
)
from netmon.domain.state import Look, Run
from netmon.domain.verdict import SILENT, UP, Verdict

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
RULE = SightRule()
DOWN = Verdict(Status.DOWN, "timeout", is_usable=False)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def names(count: int) -> list[str]:
    return [f"gw-{number}" for number in range(count)]


def evidence(
    failing: dict[str, float],
    seen: dict[str, float],
    independent: int,
    *witnesses: Witness,
) -> Evidence:
    return Evidence(
        {key: at(second) for key, second in failing.items()},
        {key: at(second) for key, second in seen.items()},
        frozenset(names(independent)),
        witnesses,
    )


ANSWERS = Witness(at(50))
SILENT_WITNESS = Witness(at(-5), at(55), 2)
MISSED_ONCE = Witness(at(-5), at(55), 1)


def test_a_witness_is_silent_after_two_lost_answers_in_a_row() -> None:
    witness = Witness().heard(at(0), has_answered=False)
    assert not witness.is_silent
    assert witness.heard(at(2), has_answered=False).is_silent
    again = witness.heard(at(2), has_answered=True).heard(at(4), has_answered=False)
    assert (again.is_silent, again.silent_since, again.answered_at) == (False, at(4), at(2))


def test_silence_of_all_witnesses_blinds_from_the_first_failure_of_the_wave() -> None:
    found = evidence({"gw-0": 53}, {"gw-0": 40}, 1, SILENT_WITNESS, SILENT_WITNESS)
    assert blind_since(found, RULE, at(57)) == at(53)


@pytest.mark.parametrize(
    "witnesses",
    [(ANSWERS, SILENT_WITNESS), (MISSED_ONCE,), ()],
    ids=["one answers", "asked once only", "none configured"],
)
def test_one_gateway_above_all_that_dies_is_an_outage(witnesses: tuple[Witness, ...]) -> None:
    found = evidence({"gw-0": 53}, {"gw-0": 40}, 1, *witnesses)
    assert blind_since(found, RULE, at(57)) is None


def test_silent_witnesses_hide_nothing_while_every_device_answers() -> None:
    assert blind_since(evidence({}, {"gw-0": 60}, 1, SILENT_WITNESS), RULE, at(60)) is None


@pytest.mark.parametrize(
    ("failing", "answering", "is_blind"),
    [(1, 5, False), (1, 4, True), (6, 7, False), (6, 6, True)],
)
def test_where_more_answer_than_fail_the_witnesses_are_at_fault(
    failing: int, answering: int, *, is_blind: bool
) -> None:
    fails = {f"ap-{number}": 53.0 for number in range(failing)}
    found = evidence(fails, dict.fromkeys(names(answering), 56), 0, SILENT_WITNESS)
    assert (blind_since(found, RULE, at(57)) is not None) is is_blind


@pytest.mark.parametrize(("after", "is_blind"), [(59, False), (60, True)])
def test_witnesses_that_were_silent_before_leave_the_others_time_to_answer(
    after: int, *, is_blind: bool
) -> None:
    """A resolver that stopped answering hours ago does not hide the next outage."""
    found = evidence({"gw-0": 7200}, {"gw-0": 7100, "gw-1": 7150}, 2, SILENT_WITNESS)
    since = blind_since(found, RULE, at(7200 + after))
    assert since == (at(7200) if is_blind else None)


@pytest.mark.parametrize(
    ("independent", "failing", "spread_s", "is_blind"),
    [
        (3, 3, 10, False),
        (4, 4, 10, False),
        (5, 5, 10, True),
        (10, 7, 10, False),
        (10, 8, 10, True),
        (10, 8, 60, True),
        (10, 8, 61, False),
        (100, 80, 59, True),
        (100, 79, 59, False),
    ],
)
def test_a_quorum_of_independent_devices_within_the_window_blinds(
    independent: int, failing: int, spread_s: int, *, is_blind: bool
) -> None:
    began = dict.fromkeys(names(failing), 100.0) | {"gw-0": 100.0 + spread_s}
    found = evidence(began, dict.fromkeys(names(independent), 50), independent)
    assert blind_since(found, RULE, at(200)) == (at(100) if is_blind else None)
    assert blind_since(found, RULE, at(200), is_grace=True) is None


def test_devices_that_depend_on_others_make_no_quorum() -> None:
    """One switch with forty access points is one fault."""
    behind = {f"ap-{number}": 100.0 for number in range(40)}
    found = evidence({"gw-0": 99.0, **behind}, dict.fromkeys(names(6), 50), 6)
    assert blind_since(found, RULE, at(140)) is None


def test_an_answer_from_behind_a_device_shows_that_the_way_to_it_is_open() -> None:
    """Six gateways that refuse pings since their update carry all that is behind them."""
    failing = dict.fromkeys(names(6), 100.0)
    assert blind_since(evidence(failing, dict.fromkeys(names(6), 50), 6), RULE, at(140))
    open_way = evidence(failing, dict.fromkeys(names(6), 101), 6)
    assert blind_since(open_way, RULE, at(140)) is None


@given(
    failing=st.dictionaries(st.sampled_from(names(12)), st.integers(0, 300), max_size=12),
    seen=st.dictionaries(st.sampled_from(names(12)), st.integers(-300, 300), max_size=12),
    independent=st.integers(0, 12),
    since=st.integers(0, 300),
)
def test_a_failure_that_is_ruled_out_is_not_one_by_which_netmon_is_blind(
    failing: dict[str, float], seen: dict[str, float], independent: int, since: int
) -> None:
    """What was believed never turns out to have been the first failure of a wave."""
    found = evidence(failing, seen, independent)
    if is_ruled_out(found, RULE, at(since)):
        assert blind_since(found, RULE, at(300)) != at(since)


@given(answered=st.sets(st.sampled_from(names(12))), independent=st.integers(5, 12))
def test_sight_returns_when_no_quorum_is_silent_any_more(
    answered: set[str], independent: int
) -> None:
    voters = names(independent)
    seen = {name: 200.0 if name in answered else 50.0 for name in voters}
    found = evidence({name: 100.0 for name in voters if name not in answered}, seen, independent)
    silent = independent - len(answered & set(voters))
    assert sees_again(found, RULE, at(100)) == (silent < RULE.needed(independent))
    assert len(unproven(found, at(100))) == silent


def test_sight_does_not_return_before_a_witness_answers() -> None:
    few = {"gw-0": 200.0}
    assert not sees_again(evidence({}, few, 1, SILENT_WITNESS), RULE, at(100))
    assert sees_again(evidence({}, few, 1, SILENT_WITNESS, Witness(at(201))), RULE, at(100))


def test_a_failure_waits_for_a_witness_that_was_asked_since() -> None:
    found = evidence({"ap": 60}, {"gw-0": 61}, 1, ANSWERS)
    assert not is_ruled_out(found, RULE, at(60), ["gw-0"])
    assert is_ruled_out(evidence({"ap": 60}, {}, 1, Witness(at(61))), RULE, at(60), ["gw-0"])


def test_a_failure_behind_a_gateway_that_answers_needs_no_others() -> None:
    found = evidence({"ap": 60}, {"gw-0": 61, **dict.fromkeys(names(9)[1:], 50)}, 9)
    assert is_ruled_out(found, RULE, at(60), ["gw-0"])
    assert not is_ruled_out(found, RULE, at(60), ["gw-1"])


def run(verdict: Verdict, *looks: Look) -> Run:
    return Run("ap", "icmp", verdict, at(0), at(60), looks)


@pytest.mark.parametrize("verdict", [UP, DOWN], ids=["up", "down"])
def test_what_was_known_is_unknown_from_an_instant_on(verdict: Verdict) -> None:
    blind, edge = frozen(run(verdict, Look(at(60), DOWN)), at(30))
    assert edge is not None
    assert (blind.verdict, blind.since, blind.recent) == (BLINDED, at(30), ())
    assert (edge.at, edge.before, edge.after.reason) == (at(30), verdict.status, OWN_SIGHT)
    assert frozen(run(verdict), at(-30))[0].since == at(0), "never before its run began"


def test_what_was_not_known_keeps_its_reason_and_loses_its_doubts() -> None:
    silent = run(SILENT, Look(at(60), DOWN))
    assert frozen(silent, at(30)) == (run(SILENT), None)
