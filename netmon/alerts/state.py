"""What is told and what waits to be: all that planning remembers from one time to the next."""

from dataclasses import dataclass, replace
from datetime import datetime

from netmon.alerts.message import Problem, Severity


@dataclass(frozen=True, slots=True)
class Tracked:
    """
    One problem in the care of one route.

    `problem` is its newest state, under the key that it was first seen with; `listed_as` is
    the key that it is listed under now. `waits_since` is since when nothing holds it back.
    `told_at` is None until it is told, `told_severity` and `told_flapping` what was told last.
    `missing_since` is since when it is listed no more; `news_since` since when
    there is something to tell of it beside that it is broken.
    """

    problem: Problem
    listed_as: str
    waits_since: datetime
    told_at: datetime | None = None
    told_severity: Severity | None = None
    told_flapping: bool = False
    missing_since: datetime | None = None
    news_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """
    Problems of one place that one route tells together.

    `key` is empty and `last_at` None until something is told; `channels` are those that were
    told so far, and `number` how many messages there were.
    """

    route: str
    place_id: str
    problems: tuple[Tracked, ...]
    key: str = ""
    channels: tuple[str, ...] = ()
    last_at: datetime | None = None
    number: int = 0
    is_escalated: bool = False

    @property
    def told(self) -> tuple[Tracked, ...]:
        """Return the problems that were told."""
        return tuple(each for each in self.problems if each.told_at is not None)

    @property
    def untold(self) -> tuple[Tracked, ...]:
        """Return the problems that wait to be told."""
        return tuple(each for each in self.problems if each.told_at is None)


@dataclass(frozen=True, slots=True)
class State:
    """All groups, and how many were ever told: no two have the same key."""

    groups: tuple[Group, ...] = ()
    opened: int = 0


NOTHING = State()


def settled(state: State, at: datetime) -> State:
    """
    Return the state with no instant after `at`.

    A clock that was set back would else make everything wait until it has caught up; so
    nothing waits longer than it would have from now on.
    """
    return replace(state, groups=tuple(_settled_group(each, at) for each in state.groups))


def _settled_group(group: Group, at: datetime) -> Group:
    problems = tuple(_settled_problem(each, at) for each in group.problems)
    return replace(group, problems=problems, last_at=_not_after(group.last_at, at))


def _settled_problem(each: Tracked, at: datetime) -> Tracked:
    return replace(
        each,
        waits_since=min(each.waits_since, at),
        told_at=_not_after(each.told_at, at),
        missing_since=_not_after(each.missing_since, at),
        news_since=_not_after(each.news_since, at),
    )


def _not_after(instant: datetime | None, at: datetime) -> datetime | None:
    return None if instant is None else min(instant, at)
