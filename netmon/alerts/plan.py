"""
What is told now: the one place that decides it, pure.

Laws, each a property in the tests: what was told is told to have ended, once, to everyone who
was told; nothing else is; problems of one place that come together are one message; and
neither a restart nor a clock that jumps changes that.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from netmon.alerts.message import Happening, Message, Problem
from netmon.alerts.policy import Route
from netmon.alerts.state import Group, State, Tracked, settled
from netmon.alerts.tracking import Now, followed, is_over, retired, sticks, waited


def plan(
    state: State, problems: Sequence[Problem], at: datetime, routes: Sequence[Route]
) -> tuple[State, list[Message]]:
    """
    Return what is remembered from now on, and what is to be told now.

    Parameters
    ----------
    state
        What the last call returned; `NOTHING` at first.
    problems
        All that are open, and those that ended of late: what was told and is not among them
        any more is withdrawn after a while. No two have the same key.
    at
        Now; may be earlier than the last time.
    routes
        In the order in which they are asked; no two have the same name.
    """
    now = Now(problems, at, routes)
    state = followed(settled(state, at), now)
    groups: list[Group] = []
    messages: list[Message] = []
    for group in state.groups:
        happening = _happening(group, now)
        if happening is None:
            groups.append(group)
            continue
        opened, message = _message(group, happening, now, state.opened + 1)
        state = replace(state, opened=max(state.opened, opened))
        messages.append(message)
        groups += _after(group, message, now)
    return replace(state, groups=tuple(groups)), messages


def _route(group: Group, now: Now) -> Route:
    return now.route(group.route) or retired(group.route)


def _happening(group: Group, now: Now) -> Happening | None:
    """Return why a group is told now, None where it is not."""
    route, told = _route(group, now), group.told
    if not told:
        return Happening.PROBLEM if _has_ready(group, route, now) else None
    if all(is_over(each) for each in told):
        return Happening.RESOLVED
    if _has_changed(group, route, now):
        return Happening.CHANGED
    if _escalates(group, route, now):
        # Who is told only now must not hear of the end of what they never heard of.
        has_ended = any(is_over(each) for each in told)
        return Happening.CHANGED if has_ended else Happening.ESCALATION
    return Happening.REMINDER if _is_to_remind(group, route, now) else None


def _has_ready(group: Group, route: Route, now: Now) -> bool:
    return any(
        waited(each.waits_since, now.at, route.group_wait_s) and not now.holds(route, each.problem)
        for each in group.untold
    )


def _has_changed(group: Group, route: Route, now: Now) -> bool:
    if group.last_at is None or not waited(group.last_at, now.at, route.group_interval_s):
        return False
    news = [each.news_since for each in group.told if each.news_since is not None]
    has_ripe = any(waited(since, now.at, route.group_wait_s) for since in news)
    return has_ripe or _has_ready(group, route, now)


def _escalates(group: Group, route: Route, now: Now) -> bool:
    after_s = route.escalate_after_s
    if after_s is None or group.is_escalated:
        return False
    return any(
        each.told_at is not None and waited(each.told_at, now.at, after_s)
        for each in _pressing(group, route, now)
    )


def _is_to_remind(group: Group, route: Route, now: Now) -> bool:
    if group.last_at is None or not waited(group.last_at, now.at, route.repeat_s):
        return False
    return bool(_pressing(group, route, now))


def _pressing(group: Group, route: Route, now: Now) -> list[Tracked]:
    """Return what was told, goes on, and nothing keeps from being told again."""
    return [
        each
        for each in group.told
        if not is_over(each)
        and not sticks(route, each.problem)
        and not now.holds(route, each.problem)
    ]


def _message(group: Group, happening: Happening, now: Now, next_opened: int) -> tuple[int, Message]:
    """Return the message, and how many groups were ever told with this one."""
    route = _route(group, now)
    problems = sorted(
        (each.problem for each in _subjects(group, happening, now)),
        key=lambda each: (each.began_at, each.key),
    )
    key = group.key or f"{group.route}/{problems[0].key}/{next_opened}"
    message = Message(
        key=key,
        number=group.number + 1,
        happening=happening,
        route=group.route,
        channels=_channels(group, happening, route),
        at=now.at,
        problems=tuple(problems),
    )
    return (0 if group.key else next_opened), message


def _subjects(group: Group, happening: Happening, now: Now) -> list[Tracked]:
    """Return what a message speaks of: all that was told, and what nothing holds back."""
    if happening is Happening.RESOLVED:
        return list(group.told)
    route = _route(group, now)
    return [
        each
        for each in group.problems
        if each.told_at is not None or not now.holds(route, each.problem)
    ]


def _channels(group: Group, happening: Happening, route: Route) -> tuple[str, ...]:
    """Return who is told: whoever was told before, and at an escalation more."""
    told = group.channels or route.channels
    more = route.escalate_to if happening is Happening.ESCALATION else ()
    return (*told, *(each for each in more if each not in told))


def _after(group: Group, message: Message, now: Now) -> list[Group]:
    """Return the group as it is once it was told; one that is over is no more."""
    if message.happening is Happening.RESOLVED:
        rest = Group(group.route, group.place_id, group.untold)
        return [rest] if rest.problems else []
    spoken_of = _subjects(group, message.happening, now)
    rest_of = [
        _told(each, now.at) if each in spoken_of else each
        for each in group.problems
        if not (each in spoken_of and is_over(each))
    ]
    return [
        replace(
            group,
            problems=tuple(rest_of),
            key=message.key,
            channels=message.channels,
            last_at=now.at,
            number=message.number,
            is_escalated=group.is_escalated or message.happening is Happening.ESCALATION,
        )
    ]


def _told(each: Tracked, at: datetime) -> Tracked:
    return replace(
        each,
        told_at=each.told_at or at,
        told_severity=each.problem.severity,
        told_flapping=each.problem.is_flapping,
        news_since=None,
    )
