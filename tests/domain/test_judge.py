"""What one look says by itself: outcomes, and limits that measurements break."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.model import Status
from netmon.domain.state import Limit, Policy, Verdict, judge

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
    }
    verdict = judge(seen(outcome), Policy())
    assert (verdict.status, verdict.is_usable) == answered.get(outcome, (Status.DOWN, False))
    assert verdict.reason == ("" if outcome is Outcome.OK else outcome.value)


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
    assert judge(seen(values=values), policy) == expected
    assert judge(seen(values=dict(reversed(values.items()))), policy) == expected


def test_one_of_several_disks_is_enough_to_break_a_limit() -> None:
    disks = (Measurement("disk_ratio", 0.2, "C:"), Measurement("disk_ratio", 0.99, "D:"))
    observation = Observation("pc-1", "snmp", BEGIN, Outcome.OK, disks)
    assert judge(observation, Policy(limits=(FULL,))).reason == "disk_full"


def test_a_device_that_does_not_answer_is_down_whatever_it_measured_before() -> None:
    verdict = judge(seen(Outcome.TIMEOUT, {"disk_ratio": 1.0}), Policy(limits=(FULL,)))
    assert verdict.status is Status.DOWN
