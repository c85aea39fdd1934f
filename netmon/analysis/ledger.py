"""
The access ledger: what became of each person-hour in which somebody might want to go online.

For one service. Every active second of every person falls in exactly one part; which one is
decided by the best of the offers in reach: one that works, else one of which nothing is known,
else one that failed, else one that is closed, announced or by its timetable. Seconds are whole
numbers, so the parts add up exactly; only people may be fractions, where they were spread over
an area.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from netmon.domain.intervals import Interval
from netmon.domain.offers import OfferSpan, OfferState

HOURS_IN_WEEK = 168


@dataclass(frozen=True, slots=True)
class Demand:
    """
    People of one group at places with the same offers in reach.

    Parameters
    ----------
    people
        How many, 0 or more; a fraction where they were spread over an area.
    reach
        Ids of the offers that they can walk to and may use.
    is_refused
        Whether offers are in reach though, none of which they may use.
    """

    group: str
    area: str
    people: float
    reach: frozenset[str]
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """
    Person-hours, divided among what became of them; they add up to `total_h`.

    `planning_h` counts who has no offer in reach (`distance_h`) or may use none that is
    (`eligibility_h`), `schedule_h` when all in reach are closed, by their timetable or as was
    announced a day before (`announced_h`).
    """

    delivered_h: float = 0.0
    unverified_h: float = 0.0
    outage_h: float = 0.0
    timetable_h: float = 0.0
    announced_h: float = 0.0
    distance_h: float = 0.0
    eligibility_h: float = 0.0

    @property
    def schedule_h(self) -> float:
        """Return what no timetable covers."""
        return self.timetable_h + self.announced_h

    @property
    def planning_h(self) -> float:
        """Return what no place covers."""
        return self.distance_h + self.eligibility_h

    @property
    def total_h(self) -> float:
        """Return all person-hours."""
        return (
            self.delivered_h + self.unverified_h + self.outage_h + self.schedule_h + self.planning_h
        )


@dataclass(frozen=True, slots=True)
class Account:
    """
    The ledger of one group in one area.

    `cost_h` is what each incident cost: time lost to several at once is split among them in
    equal shares, so the costs add up to the outage. `by_hour_h` is (168, 7): each hour of the
    local week, from Monday midnight on, in the order of the fields of `Parts`.
    """

    group: str
    area: str
    people: float
    parts: Parts
    cost_h: Mapping[str, float] = field(default_factory=dict)
    by_hour_h: NDArray[np.float64] = field(default_factory=lambda: np.zeros((HOURS_IN_WEEK, 7)))


@dataclass(frozen=True, slots=True)
class Stage:
    """
    When the hours of a ledger are counted.

    Parameters
    ----------
    active
        When people may want to go online, epoch seconds, sorted and disjoint.
    hours
        Local hours that cover it: (start_s, end_s, hour of the week).
    """

    active: Sequence[Interval]
    hours: Sequence[tuple[int, int, int]] = ()


_COLUMN_OF = np.array([3, 4, 2, 1, 0])
"""In which field of `Parts` an offer's state ends up."""


def ledger(
    offers: Mapping[str, Sequence[OfferSpan]], demands: Iterable[Demand], stage: Stage
) -> list[Account]:
    """
    Return the accounts of one service, by group and area.

    Parameters
    ----------
    offers
        The spans of each, sorted and disjoint; between them it is closed. All offers that any
        demand has in reach.
    demands
        Whom to count; of the same group and area there may be many.
    stage
        When.

    Raises
    ------
    KeyError
        Where a demand reaches an offer that is not among them.
    """
    board = _Board(offers, stage)
    drafts: dict[tuple[str, str], _Draft] = {}
    for each in demands:
        drafts.setdefault((each.group, each.area), _Draft()).add(each, board)
    return [drafts[key].account(*key) for key in sorted(drafts)]


class _Board:
    """All offers cut at all their edges: who reaches which is looked up once."""

    def __init__(self, offers: Mapping[str, Sequence[OfferSpan]], stage: Stage) -> None:
        self._rows = {offer: row for row, offer in enumerate(offers)}
        edges = {edge for spans in offers.values() for span in spans for edge in _edges(span)}
        edges |= {edge for interval in stage.active for edge in interval}
        edges |= {edge for start_s, end_s, _ in stage.hours for edge in (start_s, end_s)}
        self._edges = np.array(sorted(edges), np.int64)
        self._states = np.zeros((len(offers), max(len(edges) - 1, 0)), np.uint8)
        self._incidents: dict[tuple[int, int], tuple[str, ...]] = {}
        for offer, spans in offers.items():
            for span in spans:
                self._lay(self._rows[offer], span)
        self.active_s = self._seconds_in(stage.active)
        self.hour_of = np.zeros(self._states.shape[1], np.int64)
        for start_s, end_s, hour in stage.hours:
            self.hour_of[self._between(start_s, end_s)] = hour
        self._known: dict[frozenset[str], tuple[NDArray[np.float64], dict[str, float]]] = {}

    def became(self, reach: frozenset[str]) -> tuple[NDArray[np.float64], dict[str, float]]:
        """
        Return what one person with these offers in reach had, in seconds.

        By hour of the week and part (168, 7), and what each incident cost.
        """
        if reach not in self._known:
            self._known[reach] = self._worked_out(sorted(self._rows[each] for each in reach))
        return self._known[reach]

    def out_of_reach(self, column: int) -> NDArray[np.float64]:
        """Return all active seconds in one part, by hour of the week."""
        table = np.zeros((HOURS_IN_WEEK, 7))
        np.add.at(table[:, column], self.hour_of, self.active_s)
        return table

    def _worked_out(self, rows: list[int]) -> tuple[NDArray[np.float64], dict[str, float]]:
        best = self._states[rows].max(axis=0)
        table = np.zeros((HOURS_IN_WEEK, 7))
        np.add.at(table, (self.hour_of, _COLUMN_OF[best]), self.active_s)
        cost_s: dict[str, float] = {}
        for slot in np.flatnonzero((best == OfferState.FAILED) & (self.active_s > 0)).tolist():
            blamed = sorted({each for row in rows for each in self._incidents.get((row, slot), ())})
            for each in blamed:
                cost_s[each] = cost_s.get(each, 0.0) + self.active_s[slot] / len(blamed)
        return table, cost_s

    def _lay(self, row: int, span: OfferSpan) -> None:
        slots = self._between(span.start_s, span.end_s)
        self._states[row, slots] = span.state
        if span.incidents:
            for slot in range(slots.start, slots.stop):
                self._incidents[row, slot] = span.incidents

    def _seconds_in(self, active: Sequence[Interval]) -> NDArray[np.float64]:
        seconds = np.zeros(self._states.shape[1])
        for start_s, end_s in active:
            slots = self._between(start_s, end_s)
            seconds[slots] = np.diff(self._edges)[slots]
        return seconds

    def _between(self, start_s: int, end_s: int) -> slice:
        first, last = np.searchsorted(self._edges, [start_s, end_s])
        return slice(int(first), int(last))


class _Draft:
    """The account of a group in an area while people are added to it, in person-seconds."""

    def __init__(self) -> None:
        self._people = 0.0
        self._table = np.zeros((HOURS_IN_WEEK, 7))
        self._cost_s: dict[str, float] = {}

    def add(self, demand: Demand, board: _Board) -> None:
        self._people += demand.people
        if not demand.reach:
            self._table += demand.people * board.out_of_reach(6 if demand.is_refused else 5)
            return
        table, cost_s = board.became(demand.reach)
        self._table += demand.people * table
        for incident, lost_s in cost_s.items():
            self._cost_s[incident] = self._cost_s.get(incident, 0.0) + demand.people * lost_s

    def account(self, group: str, area: str) -> Account:
        by_hour_h = self._table / 3600
        parts = Parts(*(float(each) for each in self._table.sum(axis=0) / 3600))
        cost_h = {each: self._cost_s[each] / 3600 for each in sorted(self._cost_s)}
        return Account(group, area, self._people, parts, cost_h, by_hour_h)


def _edges(span: OfferSpan) -> tuple[int, int]:
    return span.start_s, span.end_s
