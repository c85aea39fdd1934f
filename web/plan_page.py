"""Everything that the planner's page shows of one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from geodata.link import ServiceClass
from netmon.analysis.ledger import Parts
from netmon.analysis.outreach import FARTHEST_M
from netmon.analysis.plan_rows import WHOLE_CITY, Edges, LedgerRow, OutreachRow, PlanRows, StreetRow
from netmon.domain.model import Service
from netmon.words.planning import SERVICES
from web.plan_figures import Whole, in_order, measure, metres, share, together, total
from web.plan_question import Question, Show

MOSTLY = 0.5
"""Where more than this is not known, a map says that and nothing else."""

LEAST_KNOWN = 0.1
"""Of the hours in which something should work; of less, shares would say nothing of a city."""


@dataclass(frozen=True)
class PlanPage:
    """
    The figures of a window, and which of them the map shows.

    `now` is aware. `is_too_early`: next to nothing was measured in the window that is asked for.
    """

    question: Question
    rows: PlanRows
    now: datetime
    is_too_early: bool = False

    @property
    def is_promise(self) -> bool:
        """Tell whether these are figures of an ordinary week instead of the window's."""
        return self.question.basis == "promise"

    @cached_property
    def wholes(self) -> list[Whole]:
        """Return the city by service and group."""
        return together(self.rows.ledger)

    @property
    def services(self) -> list[Service]:
        """Return the services of which there is a ledger, in their order."""
        there = {row.service for row in self.rows.ledger}
        return [service for service in SERVICES if service in there]

    @property
    def groups(self) -> list[str]:
        """Return the groups of the ledger, everybody first."""
        return in_order(row.group for row in self.rows.ledger)

    def wholes_of(self, service: Service) -> list[Whole]:
        """Return the small multiples of a service, everybody first."""
        found = {each.group: each for each in self.wholes if each.service == service}
        return [found[group] for group in in_order(found)]

    def areas_of(self, service: Service, group: str) -> list[LedgerRow]:
        """Return the rows of one service and group by the name of their area."""
        found = (row for row in self.rows.ledger if (row.service, row.group) == (service, group))
        return sorted(
            (row for row in found if row.area != WHOLE_CITY), key=lambda row: row.area_name
        )

    @property
    def areas(self) -> list[LedgerRow]:
        """Return the rows of the areas that are asked for."""
        return self.areas_of(self.question.service, self.question.group)

    def ratio(self, row: LedgerRow) -> float | None:
        """Return the part that is asked for, of an area."""
        return share(self.parts(row), self.question.part)

    def parts(self, row: LedgerRow) -> Parts:
        """Return the parts of an area at the edge that is asked for."""
        best = row.parts_optimistic if self.question.is_optimistic else None
        return best or row.parts

    @property
    def places(self) -> list[OutreachRow]:
        """Return the places of the groups by area."""
        return outreach(self.rows.outreach)

    @property
    def place_groups(self) -> list[str]:
        """Return the groups of which a place is known."""
        return sorted({row.group for row in self.rows.outreach})

    @property
    def farthest(self) -> str:
        """Return how far from a place an offer is looked for."""
        return metres(FARTHEST_M)

    def covered(self, row: StreetRow) -> float | None:
        """Return which ratio of a street is at the service level, at the edge that is asked for."""
        size = measure(row)
        found = size.covered.get(ServiceClass.PAGES)
        return None if found is None else size.ratio(self._edge(found))

    def served(self, row: StreetRow) -> float | None:
        """Return which ratio of metres and time was served in the window; None: not known."""
        return None if row.share is None else self._edge(row.share)

    def untold(self, row: StreetRow) -> float | None:
        """Return which ratio of it nobody knows."""
        return None if row.unknown_share is None else self._edge(row.unknown_share)

    def street_ratio(self, row: StreetRow) -> float | None:
        """Return what the map shows of a street; None where most of it is not known."""
        if self.question.show is Show.PERIOD and (self.untold(row) or 0.0) > MOSTLY:
            return None
        return self.served(row) if self.question.show is Show.PERIOD else self.covered(row)

    def _edge(self, edges: Edges) -> float:
        return edges.optimistic if self.question.is_optimistic else edges.planning


def is_too_early(rows: PlanRows) -> bool:
    """Tell whether of the hours in which something should work, next to nothing is known."""
    parts = total(row.parts for row in rows.ledger)
    known_h = parts.delivered_h + parts.outage_h
    return known_h < LEAST_KNOWN * (known_h + parts.unverified_h)


def outreach(rows: Sequence[OutreachRow]) -> list[OutreachRow]:
    """Return places in the order in which somebody walks a list: by area, then by name."""
    return sorted(rows, key=lambda row: (row.area_name, row.place))
