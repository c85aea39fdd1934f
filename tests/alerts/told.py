"""Messages to tell, as a route makes them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from netmon.alerts.description import Description, Loss
from netmon.alerts.message import Happening, Message, Problem, Severity
from netmon.domain.incidents import Audience
from netmon.domain.model import DeviceKind, Status

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(minutes=58)

SWITCH = Problem(
    key="sw-bruul-1@20261014T080200Z",
    subject_id="sw-bruul-1",
    subject_name="sw-bruul-1",
    place_id="bruul",
    place_name="Bruul",
    is_street=True,
    kind=DeviceKind.SWITCH,
    status=Status.DOWN,
    reason="timeout",
    severity=Severity.CRITICAL,
    audience=Audience.IT,
    owner="",
    began_at=BEGAN,
    affected=("ap-1", "ap-2", "ap-3"),
)

KNOWN = Description(
    losses=(
        Loss("bruul", "Bruul", DeviceKind.SWITCH, frozenset({"sw-bruul-1"}), 1),
        Loss("bruul", "Bruul", DeviceKind.ACCESS_POINT, frozenset(SWITCH.affected), 9),
    ),
    lost_m=183.4,
    next_spot="Het Predikheren",
    next_spot_until=datetime(2026, 10, 14, 15, 0, tzinfo=UTC),
)


def message(
    *problems: Problem, happening: Happening = Happening.PROBLEM, number: int = 1
) -> Message:
    return Message("bruul/it", number, happening, "it", ("mail",), NOW, problems)


def ended(problem: Problem = SWITCH, after_s: float = 11_520) -> Problem:
    return replace(problem, ended_at=problem.began_at + timedelta(seconds=after_s))


def unknown(_key: str) -> None:
    """Describe nothing."""
