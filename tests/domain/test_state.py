"""Soft and hard states: what a row of looks makes of a run, and when it is dated."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from collectors.observation import Observation, Outcome
from netmon.domain.model import Status
from netmon.domain.state import (
    BACKOFF_AFTER_S,
    Policy,
    Run,
    Transition,
    known_until,
    lapse,
    next_look_s,
    step,
)
from netmon.domain.verdict import Verdict

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
SLOT_S = 20
OUTCOMES = {
    "U": Outcome.OK,
    "g": Outcome.AUTH,
    "h": Outcome.MALFORMED,
    "G": Outcome.TLS,
    "D": Outcome.TIMEOUT,
    "R": Outcome.NO_ROUTE,
    "n": Outcome.DNS,
}

THREE_OF_THREE = Policy()
TWO_OF_TWO = Policy(fail_n=2, fail_m=2)
TWO_OF_THREE = Policy(fail_n=2, fail_m=3, recover_n=2, recover_m=3)
ONE = Policy(fail_n=1, fail_m=1, recover_n=1, recover_m=1)


def at(second: float) -> datetime:
    """Return an instant some seconds after the tests' beginning."""
    return BEGIN + timedelta(seconds=second)


def seen(second: float, outcome: Outcome = Outcome.OK) -> Observation:
    """Return an observation of the one check that these tests follow."""
    return Observation("ap-1", "icmp", at(second), outcome)


def looks(row: str) -> list[Observation]:
    """
    Read `U` up, `g` and `h` degraded, `G` unusable, `D` and `R` down, `n` a name not found.

    There is one look each 20 s, none where `.` stands.
    """
    return [
        seen(slot * SLOT_S, OUTCOMES[letter]) for slot, letter in enumerate(row) if letter != "."
    ]


def replay(observations: Iterable[Observation], policy: Policy) -> tuple[Run, list[Transition]]:
    """Fold observations as a collector must: first what silence did, then what was seen."""
    run, edges = None, []
    for observation in observations:
        if run is not None:
            run, lapsed = lapse(run, observation.at, policy)
            edges.append(lapsed)
        run, edge = step(run, observation, policy)
        edges.append(edge)
    assert run is not None
    return run, [edge for edge in edges if edge is not None]


def told(edges: Iterable[Transition]) -> str:
    """Return edges as `status@second`; an unusable degradation carries a `!`."""
    return " ".join(
        f"{edge.after.status}{'!' if _is_unusable(edge.after) else ''}"
        f"@{(edge.at - BEGIN).total_seconds():.0f}"
        for edge in edges
    )


def _is_unusable(verdict: Verdict) -> bool:
    return verdict.status is Status.DEGRADED and not verdict.is_usable


def down_since(second: float, last: float) -> Run:
    """Return a hard, dead run."""
    dead = Verdict(Status.DOWN, "timeout", is_usable=False)
    return Run("ap-1", "icmp", dead, at(second), at(last))


@pytest.mark.parametrize(
    ("row", "policy", "expected"),
    [
        pytest.param("U", THREE_OF_THREE, "up@0", id="a first look that is up is believed at once"),
        pytest.param("D", THREE_OF_THREE, "unknown@0", id="a first look down is not yet believed"),
        pytest.param("g", THREE_OF_THREE, "unknown@0", id="nor is a first look that is degraded"),
        pytest.param(
            "DDD", THREE_OF_THREE, "unknown@0 down@0", id="confirmed, it counts from the first look"
        ),
        pytest.param(
            "DDU", THREE_OF_THREE, "unknown@0 up@40", id="unconfirmed, it gives way to the first up"
        ),
        pytest.param("UDD", THREE_OF_THREE, "up@0", id="two failures of three leave no trace"),
        pytest.param(
            "UDDD", THREE_OF_THREE, "up@0 down@20", id="hard down dates from the first failure"
        ),
        pytest.param("UDDUUDD", THREE_OF_THREE, "up@0", id="a soft recovery leaves no transition"),
        pytest.param(
            "UDUDDD", THREE_OF_THREE, "up@0 down@60", id="an up in between starts the count anew"
        ),
        pytest.param(
            "UDUD", TWO_OF_THREE, "up@0 down@20", id="two of three may have an up in between"
        ),
        pytest.param("UDUUD", TWO_OF_THREE, "up@0", id="but not when it is too long ago"),
        pytest.param(
            "UDgDgDgDg",
            THREE_OF_THREE,
            "up@0 degraded@20",
            id="degraded and down in turn are degraded, once",
        ),
        pytest.param(
            "UgGgG", THREE_OF_THREE, "up@0 degraded@20", id="usable and unusable in turn are usable"
        ),
        pytest.param(
            "UGGGDDD",
            THREE_OF_THREE,
            "up@0 degraded!@20 down@80",
            id="what gets worse is confirmed again, step by step",
        ),
        pytest.param("UDDDU", THREE_OF_THREE, "up@0 down@20", id="one good look is no recovery"),
        pytest.param(
            "UDDDUU", THREE_OF_THREE, "up@0 down@20 up@80", id="two are, dated at the first"
        ),
        pytest.param(
            "UDDDUDUDUD", THREE_OF_THREE, "up@0 down@20", id="a flapping recovery is none"
        ),
        pytest.param(
            "UDDDUDU", TWO_OF_THREE, "up@0 down@20 up@80", id="unless n of m allows for it"
        ),
        pytest.param(
            "UDDDgg",
            THREE_OF_THREE,
            "up@0 down@20 degraded@80",
            id="down may get better to degraded",
        ),
        pytest.param(
            "UDUDU", ONE, "up@0 down@20 up@40 down@60 up@80", id="one of one: each look is hard"
        ),
        pytest.param(
            "DDU", ONE, "down@0 up@40", id="one of one: the first look of all is hard too"
        ),
        pytest.param(
            "UgDDD",
            THREE_OF_THREE,
            "up@0 degraded@20 down@40",
            id="failures that confirmed something milder count for the worse from the first on",
        ),
        pytest.param(
            "UDDDgUU",
            THREE_OF_THREE,
            "up@0 down@20 degraded@80 up@100",
            id="and so does an up that first confirmed degraded",
        ),
        pytest.param(
            "U" + "." * 8 + "U",
            THREE_OF_THREE,
            "up@0 unknown@150 up@180",
            id="silence is unknown from 2.5 intervals after the last look",
        ),
        pytest.param(
            "UDD" + "." * 8 + "D",
            THREE_OF_THREE,
            "up@0 unknown@190",
            id="failures before a silence do not add to those after it",
        ),
        pytest.param(
            "UDDD" + "." * 8 + "DDD",
            THREE_OF_THREE,
            "up@0 down@20 unknown@210 down@240",
            id="after silence down has to be confirmed again",
        ),
        pytest.param(
            "Unnn", THREE_OF_THREE, "up@0 unknown@20", id="a name without an address is unknown"
        ),
        pytest.param("Unn", THREE_OF_THREE, "up@0", id="once it is confirmed"),
        pytest.param(
            "UDnDnD", THREE_OF_THREE, "up@0", id="it speaks neither for a failure nor against"
        ),
        pytest.param(
            "UDDDnUnU", THREE_OF_THREE, "up@0 down@20", id="nor does it stand for a recovery"
        ),
        pytest.param(
            "UnnnDDD", THREE_OF_THREE, "up@0 unknown@20 down@80", id="found again it may be down"
        ),
        pytest.param(
            "Ugggh", THREE_OF_THREE, "up@0 degraded@20", id="one look of another reason is none"
        ),
        pytest.param(
            "Ugggghhh",
            THREE_OF_THREE,
            "up@0 degraded@20 degraded@100",
            id="another reason is confirmed as another status is",
        ),
        pytest.param(
            "UDDDRRR", THREE_OF_THREE, "up@0 down@20", id="how it is silent makes no new run"
        ),
    ],
)
def test_a_row_of_looks_becomes_dated_runs(row: str, policy: Policy, expected: str) -> None:
    assert told(replay(looks(row), policy)[1]) == expected


@pytest.mark.parametrize("second", [0, 60, 79, 80])
def test_a_late_or_repeated_observation_changes_nothing(second: int) -> None:
    run, _ = replay(looks("UDUDU"), THREE_OF_THREE)
    assert step(run, seen(second, Outcome.TIMEOUT), THREE_OF_THREE) == (run, None)


def test_a_run_says_since_when_looks_are_worse_than_it() -> None:
    soft, _ = replay(looks("UDD"), THREE_OF_THREE)
    hard, _ = replay(looks("UDDD"), THREE_OF_THREE)
    fine, _ = replay(looks("UU"), THREE_OF_THREE)
    unseen, _ = replay(looks("D"), THREE_OF_THREE)
    since = [run.failing_since for run in (soft, hard, fine, unseen)]
    assert since == [at(20), None, None, at(0)]


def test_a_status_is_known_up_to_its_last_second_and_unknown_one_later() -> None:
    run, _ = replay(looks("U"), THREE_OF_THREE)
    end = known_until(run, THREE_OF_THREE)
    assert end == at(150)
    assert lapse(run, end, THREE_OF_THREE) == (run, None)
    silent, edge = lapse(run, end + timedelta(seconds=1), THREE_OF_THREE)
    assert edge == Transition("ap-1", "icmp", end, Status.UP, silent.verdict)
    assert (silent.status, silent.since, silent.last_at) == (Status.UNKNOWN, end, at(0))


def test_silence_is_told_once() -> None:
    silent, _ = lapse(replay(looks("U"), THREE_OF_THREE)[0], at(500), THREE_OF_THREE)
    assert lapse(silent, at(5000), THREE_OF_THREE) == (silent, None)


@pytest.mark.parametrize(
    ("dead_for_s", "interval_s", "expected_s"),
    [
        pytest.param(BACKOFF_AFTER_S, 60, 60, id="five minutes dead: as ever"),
        pytest.param(BACKOFF_AFTER_S + 1, 60, 300, id="a second more: five times less often"),
        pytest.param(BACKOFF_AFTER_S + 1, 10, 50, id="five times a short interval stays short"),
        pytest.param(BACKOFF_AFTER_S + 1, 61, 300, id="never less often than every five minutes"),
        pytest.param(BACKOFF_AFTER_S + 1, 900, 900, id="nor more often than its own interval"),
    ],
)
def test_a_dead_device_is_asked_less_often_and_lapses_later(
    dead_for_s: int, interval_s: float, expected_s: float
) -> None:
    policy = Policy(interval_s=interval_s, retry_interval_s=5)
    run = down_since(0, dead_for_s)
    assert next_look_s(run, policy) == expected_s
    end = at(dead_for_s + 2.5 * expected_s)
    assert lapse(run, end, policy)[1] is None
    assert lapse(run, end + timedelta(seconds=1), policy)[1] is not None


def test_what_others_say_of_a_dead_device_is_expected_as_often_as_ever() -> None:
    """A source that falls silent leaves it unknown, however long it was dead before."""
    policy = Policy(interval_s=60, retry_interval_s=5, backs_off=False)
    run = down_since(0, 10 * BACKOFF_AFTER_S)
    assert next_look_s(run, policy) == 60
    assert known_until(run, policy) == at(10 * BACKOFF_AFTER_S + 150)


def test_only_dead_devices_are_asked_less_often() -> None:
    run, _ = replay([seen(60 * minute) for minute in range(20)], THREE_OF_THREE)
    assert next_look_s(run, THREE_OF_THREE) == 60


def test_a_contrary_look_is_checked_again_soon_even_after_a_long_death() -> None:
    run, edge = step(down_since(0, 900), seen(1200), THREE_OF_THREE)
    assert edge is None
    assert next_look_s(run, THREE_OF_THREE) == 20
    assert known_until(run, THREE_OF_THREE) == at(1350)


def test_a_new_reason_is_what_readers_see_from_its_first_look_on() -> None:
    run, edges = replay(looks("Uggghhh"), THREE_OF_THREE)
    assert [edge.after.reason for edge in edges] == ["", "auth", "malformed"]
    assert (run.since, run.verdict.reason) == (at(80), "malformed")
    assert edges[-1].before is edges[-1].after.status is Status.DEGRADED


def test_another_reason_is_looked_at_no_sooner() -> None:
    """Two faults in turn would else be asked about three times as often, for ever."""
    run, _ = replay(looks("Ugggh"), THREE_OF_THREE)
    assert run.recent
    assert next_look_s(run, THREE_OF_THREE) == THREE_OF_THREE.interval_s
    assert run.failing_since is None


def test_a_name_that_is_not_found_is_no_failure_to_hurry_for() -> None:
    run, _ = replay(looks("Unn"), THREE_OF_THREE)
    assert run.failing_since is None
    assert next_look_s(run, THREE_OF_THREE) == THREE_OF_THREE.retry_interval_s


def test_failures_before_a_silence_are_not_dated_back_over_it() -> None:
    later = [seen(86_400 + SLOT_S * look, Outcome.TIMEOUT) for look in range(3)]
    run, edges = replay([seen(0, Outcome.TIMEOUT), *later], THREE_OF_THREE)
    assert told(edges) == "unknown@0 down@86400"
    assert run.since == at(86_400)


def test_a_look_from_before_a_silence_was_recorded_rewrites_nothing() -> None:
    silent, _ = lapse(replay(looks("U"), THREE_OF_THREE)[0], at(160), THREE_OF_THREE)
    assert step(silent, seen(140), THREE_OF_THREE) == (silent, None)
    assert told([edge for edge in [step(silent, seen(170), THREE_OF_THREE)[1]] if edge]) == "up@170"
