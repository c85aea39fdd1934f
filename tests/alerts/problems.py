"""Problems to plan with: plain ones at first, everything else is said where it matters."""

from datetime import UTC, datetime, timedelta

from netmon.alerts.message import OWN_SIGHT, Problem, Severity
from netmon.alerts.policy import Route
from netmon.domain.incidents import Audience
from netmon.domain.model import DeviceKind, Status

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""A Wednesday, 10.00 in Mechelen."""

MAIL = Route("it", ("mail",))


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def problem(subject: str = "ap-1", began: float = 0, **more: object) -> Problem:
    facts: dict[str, object] = {
        "key": f"{subject}@{at(began):%Y%m%dT%H%M%SZ}",
        "subject_id": subject,
        "subject_name": subject,
        "place_id": "bruul",
        "place_name": "Bruul",
        "is_street": True,
        "kind": DeviceKind.ACCESS_POINT,
        "status": Status.DOWN,
        "reason": "timeout",
        "severity": Severity.CRITICAL,
        "audience": Audience.IT,
        "owner": "Stad Mechelen",
        "began_at": at(began),
    }
    return Problem(**{**facts, **more})  # type: ignore[arg-type]  # checked by the constructor's own names


def blind(began: float, ended: float | None = None) -> Problem:
    ended_at = None if ended is None else at(ended)
    return problem(OWN_SIGHT, began, place_id="", place_name="", kind=None, ended_at=ended_at)
