"""What one look says by itself: how bad it is, for what reason, and whether residents can go on."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.model import Status


class Severity(IntEnum):
    """
    How bad a verdict is for a resident; the order in which states are confirmed.

    What proves nothing is not on the way from up to down: it is no step towards either.
    """

    UNPROVEN = -1
    UP = 0
    USABLE = 1
    UNUSABLE = 2
    DOWN = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one look says: status, the reason for people, and whether the service is usable."""

    status: Status
    reason: str = ""
    is_usable: bool = True

    @property
    def severity(self) -> Severity:
        """Return where this stands between up and down."""
        if self.status is Status.UNKNOWN:
            return Severity.UNPROVEN
        if self.status is Status.UP:
            return Severity.UP
        if self.status is Status.DOWN:
            return Severity.DOWN
        return Severity.USABLE if self.is_usable else Severity.UNUSABLE


UP = Verdict(Status.UP)
UNSEEN = Verdict(Status.UNKNOWN, "never_seen", is_usable=False)
SILENT = Verdict(Status.UNKNOWN, "not_observed", is_usable=False)

ANSWERED = {
    Outcome.AUTH: Verdict(Status.DEGRADED, "auth"),
    Outcome.MALFORMED: Verdict(Status.DEGRADED, "malformed"),
    Outcome.TLS: Verdict(Status.DEGRADED, "tls", is_usable=False),
    Outcome.CONTENT: Verdict(Status.DEGRADED, "content", is_usable=False),
}
"""Failures in which something did answer: the device lives, and that is worth knowing."""

UNRESOLVED = Verdict(Status.UNKNOWN, Outcome.DNS.value, is_usable=False)
"""A name without an address says nothing of the device: netmon's own resolver may be ill."""

NO_PAGE = Verdict(Status.DEGRADED, "no_page", is_usable=False)
"""A computer says itself that it cannot load a page."""

SELF_REPORT = "heartbeat"
"""The check in which a computer speaks of itself: its `content` means `no_page`."""


@dataclass(frozen=True, slots=True)
class Limit:
    """
    A measurement from which on a device that answers is degraded for `reason`.

    `at_least` or `at_most`, the other is None. Both edges belong to what is degraded.
    """

    measurement: str
    at_least: float | None
    reason: str
    is_usable: bool = True
    at_most: float | None = None

    def is_broken_by(self, measured: Measurement) -> bool:
        """Tell whether a measurement is beyond this limit; what is no number never is."""
        if measured.name != self.measurement:
            return False
        is_high = self.at_least is not None and measured.value >= self.at_least
        return is_high or (self.at_most is not None and measured.value <= self.at_most)


def judge(observation: Observation, limits: Iterable[Limit]) -> Verdict:
    """Return what one observation says by itself, the worst limit first."""
    if observation.outcome is not Outcome.OK:
        return _failed(observation)
    breached = [
        Verdict(Status.DEGRADED, limit.reason, limit.is_usable)
        for limit in limits
        if any(map(limit.is_broken_by, observation.measurements))
    ]
    return max(breached, key=lambda verdict: verdict.severity, default=UP)


def _failed(observation: Observation) -> Verdict:
    """Return what a look says that did not end well."""
    outcome = observation.outcome
    if outcome is Outcome.DNS:
        return UNRESOLVED
    if outcome is Outcome.CONTENT and observation.check == SELF_REPORT:
        return NO_PAGE
    return ANSWERED.get(outcome, Verdict(Status.DOWN, outcome.value, is_usable=False))
