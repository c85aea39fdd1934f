"""What one look says by itself: outcomes, and limits that measurements break."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.model import Status
from netmon.domain.state import Policy
from netmon.domain.verdict import Limit, Verdict, judge

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def seen(outcome: Outcome = Outcome.OK, values: Mapping[str, float] | None = None) -> Observation:
    measured = tuple(Measurement(name, value) for name, value in (values or {}).items())
    return Observation("pc-1", "snmp", BEGIN, outcome, measured)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_one_verdict_and_only_ok_is_up(outcome: Outcome) -> None:
    answered = {
        Outcome.OK: (Status.UP, True),
        Outcome.AUTH: (Status.DEGRADED, True),
        Outcome.MALFORMED: (Status.DEGRADED, True),
        Outcome.TLS: (Status.DEGRADED, False),
        Outcome.CONTENT: (Status.DEGRADED, False),
        Outcome.DNS: (Status.UNKNOWN, False),
    }
    verdict = judge(seen(outcome), ())
    assert (verdict.status, verdict.is_usable) == answered.get(outcome, (Status.DOWN, False))
    assert verdict.reason == ("" if outcome is Outcome.OK else outcome.value)


def test_a_computer_that_says_it_loads_no_page_is_degraded_for_that_reason() -> None:
    beat = replace(seen(Outcome.CONTENT), check="heartbeat")
    assert judge(beat, ()) == Verdict(Status.DEGRADED, "no_page", is_usable=False)
    assert judge(seen(Outcome.CONTENT), ()).reason == "content"


FULL = Limit("disk_ratio", 0.95, "disk_full")
STUCK = Limit("page_s", 10.0, "no_page", is_usable=False)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"disk_ratio": 0.949}, Verdict(Status.UP), id="below the limit all is well"),
        pytest.param(
            {"disk_ratio": 0.95},
            Verdict(Status.DEGRADED, "disk_full"),
            id="a full disk is degraded from the limit itself on, and usable",
        ),
        pytest.param(
            {"disk_ratio": 1.0, "page_s": 12.0},
            Verdict(Status.DEGRADED, "no_page", is_usable=False),
            id="of two limits the worse wins",
        ),
        pytest.param({"cpu_ratio": 1.0}, Verdict(Status.UP), id="what has no limit breaks none"),
        pytest.param({"disk_ratio": float("nan")}, Verdict(Status.UP), id="no number breaks none"),
    ],
)
def test_limits_degrade_a_device_that_answers(values: dict[str, float], expected: Verdict) -> None:
    policy = Policy(limits=(FULL, STUCK))
    assert judge(seen(values=values), policy.limits) == expected
    assert judge(seen(values=dict(reversed(values.items()))), policy.limits) == expected


EMPTY = Limit("supply_ratio", None, "printer_empty", at_most=0.02)
WRONG = (
    Limit("clock_offset_s", 300, "clock_wrong"),
    Limit("clock_offset_s", None, "clock_wrong", at_most=-300),
)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        pytest.param({"supply_ratio": 0.021}, "", id="above its lower limit all is well"),
        pytest.param({"supply_ratio": 0.02}, "printer_empty", id="the limit itself is empty"),
        pytest.param({"supply_ratio": float("nan")}, "", id="no number is below nothing"),
        pytest.param({"clock_offset_s": 299.9}, "", id="a clock may be minutes ahead"),
        pytest.param({"clock_offset_s": 300}, "clock_wrong", id="not five"),
        pytest.param({"clock_offset_s": -300}, "clock_wrong", id="nor five behind"),
    ],
)
def test_a_limit_may_lie_below_or_on_both_sides(values: dict[str, float], reason: str) -> None:
    assert judge(seen(values=values), (EMPTY, *WRONG)).reason == reason


numbers = st.floats(allow_nan=False)


@given(numbers, numbers)
def test_a_limit_above_is_the_mirror_of_one_below(edge: float, value: float) -> None:
    above, below = Limit("x", edge, "r"), Limit("x", None, "r", at_most=-edge)
    mirrored = Measurement("x", -value)
    assert above.is_broken_by(Measurement("x", value)) == below.is_broken_by(mirrored)


def test_one_of_several_disks_is_enough_to_break_a_limit() -> None:
    disks = (Measurement("disk_ratio", 0.2, "C:"), Measurement("disk_ratio", 0.99, "D:"))
    observation = Observation("pc-1", "snmp", BEGIN, Outcome.OK, disks)
    assert judge(observation, (FULL,)).reason == "disk_full"


def test_a_device_that_does_not_answer_is_down_whatever_it_measured_before() -> None:
    verdict = judge(seen(Outcome.TIMEOUT, {"disk_ratio": 1.0}), (FULL,))
    assert verdict.status is Status.DOWN
