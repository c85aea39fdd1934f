"""
What to do first: the actions that give the most people time in which they are served.

All compete for the same number: an access point, a site, a half-day more. What there is stays,
and counts as working. Rows of demand are people at a point in a time of an ordinary week in which
no offer in their reach is open; `docs/method.md` says it in words.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix, vstack

from geodata.siting import Cover, Progress, max_cover
from netmon.analysis.actions import Action, Standing
from netmon.analysis.people import OfferPoint, People
from netmon.domain.intervals import Interval, Windows
from netmon.domain.model import Service

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of the chosen actions; `gain_h` is what it adds to those before it, a week."""

    action: Action
    gain_h: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    The chosen actions, the most useful first, in person-hours of an ordinary week.

    `covered_h` counts what is served without any of them, `before_h`, too; no choice of as many
    covers more than `bound_h`. `demand_h` is all time of all people. More than one service is only
    added up to compare actions.
    """

    proposals: tuple[Proposal, ...]
    demand_h: float
    before_h: float
    cover: Cover
    precision_m: float | None
    is_synthetic: bool

    @property
    def covered_h(self) -> float:
        """Return what is served with all of them."""
        return self.before_h + self.cover.covered

    @property
    def bound_h(self) -> float:
        """Return what no choice exceeds."""
        return self.before_h + self.cover.bound


@dataclass(frozen=True, slots=True)
class Market:
    """One service: what there is, and what might be done."""

    service: Service
    standing: Sequence[Standing]
    actions: Sequence[Action]


def suggest(  # noqa: PLR0913 - three say what, three how long
    people: People,
    group: str,
    markets: Sequence[Market],
    active: Sequence[Interval],
    spots: int,
    *,
    time_limit_s: float | None = None,
    progress: Progress | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Suggestion:
    """
    Choose the best actions.

    Parameters
    ----------
    people
        Who is where.
    group
        Whose time counts.
    markets
        One for each service.
    active
        When people may want to go online, in the week that hours are of.
    spots
        How many actions at most.
    time_limit_s, progress, is_cancelled
        See `geodata.siting.max_cover`.

    Raises
    ------
    KeyError
        For a group that nobody knows.
    """
    crowd = people.points.people[:, people.points.groups.index(people.groups[group].id)]
    tables = [_table(people, group, crowd, each, active) for each in markets]
    weights = np.concatenate([each.weights for each in tables])
    reach = _beside([each.reach for each in tables])
    cover = max_cover(
        weights,
        reach,
        spots,
        time_limit_s=time_limit_s,
        progress=progress,
        is_cancelled=is_cancelled,
    )
    actions = [action for each in markets for action in each.actions]
    standing = [each.point for market in markets for each in market.standing]
    chosen = _in_order(weights, reach, cover.chosen, actions)
    total_s = sum(end_s - start_s for start_s, end_s in active)
    return Suggestion(
        chosen,
        float(crowd.sum()) * total_s / HOUR_S * len(markets),
        sum(each.before_h for each in tables),
        cover,
        people.precision_m([*standing, *(each.action.point for each in chosen)]),
        people.is_synthetic(group) or any(each.action.is_synthetic for each in chosen),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """The demand of one service that nobody serves, by action."""

    weights: NDArray[np.float64]
    reach: csr_matrix
    before_h: float


@dataclass(frozen=True, slots=True)
class _Slot:
    """All times of the week at which the same is open, and the same might be."""

    standing: tuple[int, ...]
    actions: tuple[int, ...]
    hours: float


def _table(
    people: People,
    group: str,
    crowd: NDArray[np.float64],
    market: Market,
    active: Sequence[Interval],
) -> _Table:
    standing = [each.point for each in market.standing]
    points, spot_of = _spots(market.actions)
    slots = list(_slots(market, active))
    parts: list[csr_array] = [csr_array((0, len(market.actions)))]
    weights: list[NDArray[np.float64]] = [np.zeros(0)]
    before_h = 0.0
    for share, reach in people.reach_by_age([*standing, *points], group):
        near, within = reach[:, : len(standing)], csr_array(reach[:, len(standing) :], dtype=float)
        own = crowd * share
        for slot in slots:
            is_open = np.zeros(len(standing))
            is_open[list(slot.standing)] = 1.0
            served = np.asarray(near @ is_open > 0)
            before_h += float(own[served].sum()) * slot.hours
            open_to = np.flatnonzero(~served & (own > 0))
            parts.append(within[open_to] @ _picks(slot.actions, spot_of, len(points)))
            weights.append(own[open_to] * slot.hours)
    whole = csr_matrix(vstack(parts))
    is_met = np.diff(whole.indptr) > 0  # who has nothing in reach, whatever is done, only costs
    return _Table(np.concatenate(weights)[is_met], whole[is_met], before_h)


def _spots(actions: Sequence[Action]) -> tuple[list[OfferPoint], NDArray[np.int64]]:
    """Return the different points of actions, and which is that of each."""
    first: dict[tuple[object, ...], int] = {}
    points: list[OfferPoint] = []
    numbers = []
    for each in actions:
        key = (each.point.x_m, each.point.y_m, each.point.conditions)
        if key not in first:
            first[key] = len(points)
            points.append(each.point)
        numbers.append(first[key])
    return points, np.array(numbers, np.int64)


def _picks(actions: Sequence[int], spot_of: NDArray[np.int64], spots: int) -> csr_array:
    """Return (spots, actions): which actions are on at which spot."""
    on = np.asarray(actions, np.int64)
    return csr_array((np.ones(len(on)), (spot_of[on], on)), shape=(spots, len(spot_of)))


def _slots(market: Market, active: Sequence[Interval]) -> Iterable[_Slot]:
    opened = [Windows(each.opened) for each in market.standing]
    offered = [Windows(each.opened) for each in market.actions]
    lists = [active, *(each.opened for each in market.standing)]
    lists += [each.opened for each in market.actions]
    edges = sorted({edge for intervals in lists for pair in intervals for edge in pair})
    wanted = Windows(active)
    hours: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {}
    for start_s, end_s in pairwise(edges):
        if wanted.contain(start_s):
            key = (_holding(opened, start_s), _holding(offered, start_s))
            hours[key] = hours.get(key, 0.0) + (end_s - start_s) / HOUR_S
    return [_Slot(*key, told_h) for key, told_h in hours.items()]


def _holding(windows: Sequence[Windows], at_s: int) -> tuple[int, ...]:
    return tuple(nth for nth, each in enumerate(windows) if each.contain(at_s))


def _beside(tables: Sequence[csr_matrix]) -> csr_matrix:
    """Return tables of different services as one: nobody of one is served by another."""
    columns = sum(each.shape[1] for each in tables)
    parts, before = [], 0
    for each in tables:
        rows = csr_matrix(
            (each.data, each.indices + before, each.indptr), shape=(each.shape[0], columns)
        )
        parts.append(rows)
        before += each.shape[1]
    return csr_matrix(vstack(parts)) if parts else csr_matrix((0, 0))


def _in_order(
    weights: NDArray[np.float64],
    reach: csr_matrix,
    chosen: Sequence[int],
    actions: Sequence[Action],
) -> tuple[Proposal, ...]:
    """Return the chosen with what each adds to those before it, the most useful first."""
    columns, left = reach.tocsc(), weights.copy()
    rest, found = list(chosen), []
    while rest:
        gains = [float(left[_rows(columns, each)].sum()) for each in rest]
        best = int(np.argmax(gains))
        found.append(Proposal(actions[rest[best]], gains[best]))
        left[_rows(columns, rest.pop(best))] = 0.0
    return tuple(found)


def _rows(columns: csr_matrix, column: int) -> NDArray[np.int64]:
    rows: NDArray[np.int64] = columns.indices[columns.indptr[column] : columns.indptr[column + 1]]
    return rows
