"""Which route a problem takes, and what makes a route wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from netmon.alerts.message import OWN_SIGHT, Problem, Severity
from netmon.config.alert_settings import OF_PLACE, SITES, STREETS
from netmon.domain.incidents import Audience
from netmon.domain.intervals import Windows, epoch_s


class Misfit(StrEnum):
    """Why a route is not for a problem."""

    SILENCED = "another tool alerts on it"
    KIND = "kind"
    PLACE = "place"
    OWNER = "owner"
    SEVERITY = "severity"
    AUDIENCE = "audience"
    HOURS = "hours"


class Hold(StrEnum):
    """Why a problem is not told now, though its route is for it; its end always is."""

    SILENCED = "another tool alerts on it"
    ACKNOWLEDGED = "acknowledged"
    BLIND = "netmon itself sees nothing"
    CLOSED = "its place is closed"
    QUIET = "quiet hours"


@dataclass(frozen=True, slots=True)
class Route:
    """
    Who is told what, and with how much patience.

    What it is for: empty means any. `hours` is when it is used, None always; `quiet` is when
    it waits, None never. Where it `waits_for_opening`, what is about a closed place is told
    when that opens. `critical_passes` both. `escalate_after_s` is None where it never
    does. A problem that one route takes is shown to the next ones only where it `goes_on`.
    """

    name: str
    channels: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    severities: frozenset[Severity] = frozenset()
    audiences: frozenset[Audience] = frozenset()
    hours: Windows | None = None
    quiet: Windows | None = None
    waits_for_opening: bool = False
    critical_passes: bool = True
    holds_flapping: bool = True
    group_wait_s: float = 30.0
    group_interval_s: float = 300.0
    repeat_s: float = 14_400.0
    escalate_after_s: float | None = None
    escalate_to: tuple[str, ...] = ()
    goes_on: bool = False


def misfit(route: Route, problem: Problem, at: datetime) -> Misfit | None:
    """Return the first reason why a route is not for a problem at an instant, None if it is."""
    return next(_misfits(route, problem, at), None)


def taken_by(routes: Sequence[Route], problem: Problem, at: datetime) -> list[Route]:
    """Return the routes that tell of a problem: the first that fits, and more where it goes on."""
    taken = []
    for route in routes:
        if misfit(route, problem, at) is None:
            taken.append(route)
            if not route.goes_on:
                break
    return taken


def held(route: Route, problem: Problem, at: datetime, *, is_blind: bool) -> Hold | None:
    """Return why a problem is not told now, None where it is."""
    if problem.silenced:
        return Hold.SILENCED
    until = problem.acknowledged_until
    if until is not None and at < until:
        return Hold.ACKNOWLEDGED
    if is_blind and problem.subject_id != OWN_SIGHT:
        return Hold.BLIND
    if problem.severity is Severity.CRITICAL and route.critical_passes:
        return None
    if route.waits_for_opening and problem.is_open_now is False:
        return Hold.CLOSED
    is_quiet = route.quiet is not None and route.quiet.contain(epoch_s(at))
    return Hold.QUIET if is_quiet else None


def is_blind(problems: Sequence[Problem], at: datetime, patience_s: float) -> bool:
    """Tell whether netmon sees nothing, or saw nothing until less than `patience_s` ago."""
    ends = [each.ended_at for each in problems if each.subject_id == OWN_SIGHT]
    patience = timedelta(seconds=patience_s)
    return any(end is None or timedelta() <= at - end < patience for end in ends)


def _misfits(route: Route, problem: Problem, at: datetime) -> Iterator[Misfit]:
    if problem.silenced:
        yield Misfit.SILENCED
    if problem.subject_id != OWN_SIGHT:  # that concerns all devices of all places
        yield from _misfits_of_subject(route, problem)
    if route.severities and problem.severity not in route.severities:
        yield Misfit.SEVERITY
    if route.audiences and problem.audience not in route.audiences:
        yield Misfit.AUDIENCE
    if route.hours is not None and not route.hours.contain(epoch_s(at)):
        yield Misfit.HOURS


def _misfits_of_subject(route: Route, problem: Problem) -> Iterator[Misfit]:
    if route.kinds and (problem.kind or OF_PLACE) not in route.kinds:
        yield Misfit.KIND
    sort = STREETS if problem.is_street else SITES
    if route.places and not route.places & {problem.place_id, sort}:
        yield Misfit.PLACE
    if route.owners and problem.owner not in route.owners:
        yield Misfit.OWNER
