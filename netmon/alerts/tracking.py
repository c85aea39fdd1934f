"""Which problems each route has in its care, as they are listed now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from netmon.alerts.message import Problem, Severity
from netmon.alerts.policy import Route, held, is_blind, misfit, taken_by
from netmon.alerts.state import Group, State, Tracked


@dataclass(frozen=True)
class Now:
    """
    One instant: what is broken then, as it is listed.

    Problems that ended may be listed for as long as one likes; those never told are ignored.
    """

    problems: Sequence[Problem]
    at: datetime
    routes: Sequence[Route]

    @cached_property
    def listed(self) -> Mapping[str, Problem]:
        """Return the problems by their keys."""
        return {problem.key: problem for problem in self.problems}

    def route(self, name: str) -> Route | None:
        """Return a route, None where it is configured no more."""
        return next((route for route in self.routes if route.name == name), None)

    def is_blind(self, route: Route) -> bool:
        """Tell whether a route must believe nothing new that it is told."""
        return is_blind(self.problems, self.at, route.group_interval_s)

    def holds(self, route: Route, problem: Problem) -> bool:
        """Tell whether something keeps a problem from being told."""
        return held(route, problem, self.at, is_blind=self.is_blind(route)) is not None


def sticks(route: Route, problem: Problem) -> bool:
    """Tell whether a problem's end is no news, because it flaps."""
    return route.holds_flapping and problem.is_flapping


def is_over(each: Tracked) -> bool:
    """Tell whether a problem ended, or has been gone for long enough to be none."""
    return each.problem.is_over


def waited(since: datetime, at: datetime, wait_s: float) -> bool:
    """Tell whether `wait_s` seconds have passed."""
    return (at - since).total_seconds() >= wait_s


def retired(name: str) -> Route:
    """Return what is left of a route that was taken away: it tells how things ended."""
    return Route(name, repeat_s=float("inf"))


def followed(state: State, now: Now) -> State:
    """Return every group with its problems as they are listed now, and the new ones."""
    groups = [_followed(group, state, now) for group in state.groups]
    return replace(state, groups=tuple(_with_new([each for each in groups if each.problems], now)))


def _followed(group: Group, state: State, now: Now) -> Group:
    route = now.route(group.route)
    taken = {
        each.listed_as
        for other in state.groups
        if other.route == group.route
        for each in other.problems
    }
    told = [_newest(each, route or retired(group.route), taken, now) for each in group.told]
    untold = [] if route is None else _still_waiting(group.untold, route, taken, now)
    return replace(group, problems=(*told, *untold))


def _still_waiting(
    untold: Iterable[Tracked], route: Route, taken: set[str], now: Now
) -> list[Tracked]:
    """Return those that are still broken and still this route's; what is held waits anew."""
    waiting = []
    for each in untold:
        problem = _listed(each, route, taken, now)
        if problem is None or problem.ended_at is not None or misfit(route, problem, now.at):
            continue
        since = now.at if now.holds(route, problem) else each.waits_since
        here = replace(each, problem=problem, listed_as=problem.key, waits_since=since)
        waiting.append(here)
    return waiting


def _newest(each: Tracked, route: Route, taken: set[str], now: Now) -> Tracked:
    """Return a problem that was told as it stands now, under its own key."""
    listed = _listed(each, route, taken, now)
    if listed is None:
        return _with_news(_missing(each, route, now), route, now)
    problem = replace(listed, key=each.problem.key)
    told_flapping = each.told_flapping and listed.is_flapping
    here = replace(each, problem=problem, listed_as=listed.key, missing_since=None)
    return _with_news(replace(here, told_flapping=told_flapping), route, now)


def _listed(each: Tracked, route: Route, taken: set[str], now: Now) -> Problem | None:
    """
    Return a problem as it is listed now, None where it is no more.

    One that flaps goes on while it works for a moment: else what is never out for as long as a
    route waits would be told to nobody, however often it fails.
    """
    listed = now.listed.get(each.listed_as)
    if listed is None or (listed.ended_at is not None and sticks(route, listed)):
        listed = _successor(each, taken, now.problems) or listed
    if listed is None or not sticks(route, listed):
        return listed
    return replace(listed, ended_at=None)


def _successor(each: Tracked, taken: set[str], problems: Iterable[Problem]) -> Problem | None:
    """
    Return the same subject's problem under another key.

    What is entered afterwards moves the beginning of an incident, and so its id; and one
    that flaps has an incident for each time.
    """
    for problem in problems:
        is_same = problem.subject_id == each.problem.subject_id
        if is_same and problem.ended_at is None and problem.key not in taken:
            taken.add(problem.key)
            return problem
    return None


def _missing(each: Tracked, route: Route, now: Now) -> Tracked:
    """
    Return a problem that is listed no more; after a while it is withdrawn.

    Not at once: a parent that only looks down for some seconds hides it that long.
    """
    since = each.missing_since
    if since is None or now.is_blind(route):
        return replace(each, missing_since=now.at)
    if not waited(since, now.at, route.group_interval_s):
        return each
    subject = each.problem.subject_id
    causes = (p.subject_name for p in now.problems if not p.ended_at and subject in p.affected)
    cause = next(causes, "")
    gone = replace(each.problem, is_withdrawn=True, explained_by=cause)
    return replace(each, problem=gone)


def _with_news(each: Tracked, route: Route, now: Now) -> Tracked:
    has_news = is_over(each) or _changed(each, route, now)
    since = each.news_since or now.at
    return replace(each, news_since=since if has_news else None)


def _changed(each: Tracked, route: Route, now: Now) -> bool:
    if now.holds(route, each.problem) or each.missing_since is not None:
        return False
    is_worse = each.problem.severity is Severity.CRITICAL and each.told_severity is Severity.WARNING
    begins_to_flap = sticks(route, each.problem) and not each.told_flapping
    return is_worse or begins_to_flap


def _with_new(groups: Sequence[Group], now: Now) -> list[Group]:
    """Add each open problem that a route takes and has not yet, to the group of its place."""
    found = {(group.route, group.place_id): group for group in groups}
    known = {(group.route, each.listed_as) for group in groups for each in group.problems}
    for problem in now.problems:
        if problem.ended_at is not None:
            continue
        for route in taken_by(now.routes, problem, now.at):
            if (route.name, problem.key) not in known:
                at = (route.name, problem.place_id)
                group = found.get(at, Group(*at, ()))
                new = Tracked(problem, problem.key, now.at)
                found[at] = replace(group, problems=(*group.problems, new))
    return list(found.values())
