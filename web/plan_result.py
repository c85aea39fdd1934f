"""What a what-if changes, beside what it changes it from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from geodata.link import ServiceClass
from netmon.analysis.plan_rows import Edges, PlanRows, WhatIf
from netmon.domain.model import Service
from netmon.words.planning import SERVICES
from web.plan_figures import Whole, in_order, share, together

LEAST_M = 0.5
"""Less than this of a street is no change."""


@dataclass(frozen=True, slots=True)
class StreetChange:
    """Metres of a street at the service level, before and after, as planned and at best."""

    id: str
    name: str
    length_m: float
    before: Edges
    after: Edges

    @property
    def gained_m(self) -> float:
        """Return how many metres more are served, as planned."""
        return self.after.planning - self.before.planning


@dataclass(frozen=True, slots=True)
class ShareChange:
    """A group and a service before and after, in an ordinary week."""

    before: Whole
    after: Whole
    gained_h: float

    def share(self, part: str, *, is_after: bool) -> float | None:
        """Return the ratio of a part."""
        return share((self.after if is_after else self.before).parts, part)


def streets(found: WhatIf) -> list[StreetChange]:
    """Return the streets that change, those that gain most first."""
    before = {row.id: row for row in found.before.streets}
    changes = [
        StreetChange(row.id, row.name, row.length_m, _served(before.get(row.id)), _served(row))
        for row in found.after.streets
    ]
    told = [each for each in changes if _differs(each)]
    return sorted(told, key=lambda each: (-each.gained_m, each.name))


def shares(found: WhatIf) -> list[ShareChange]:
    """Return every group by service; those of a service stand together, everybody first."""
    before, after = _wholes(found.before), _wholes(found.after)
    order = in_order(group for _, group in after)
    keys = [(service, group) for service in SERVICES for group in order]
    return [
        ShareChange(before.get(key, after[key]), after[key], found.gained_h.get(key, 0.0))
        for key in keys
        if key in after
    ]


def document(found: WhatIf) -> dict[str, Any]:
    """Return the answer for programs: hours a week, metres at the service level as planned."""
    return {
        "seconds": round(found.seconds, 4),
        "problems": list(found.problems),
        "synthetic": found.after.honesty.is_synthetic,
        "precision_m": found.after.honesty.precision_m,
        "gained": [
            {"service": service, "group": group, "hours_per_week": hours}
            for (service, group), hours in sorted(found.gained_h.items())
        ],
        "streets": [
            {"id": one.id, "before_m": one.before.planning, "after_m": one.after.planning}
            for one in streets(found)
        ],
    }


def gains(changes: Iterable[ShareChange], service: Service, group: str) -> float | None:
    """Return the hours a week that one group gains of a service; None where it has no ledger."""
    keys = ((each, (each.after.service, each.after.group)) for each in changes)
    return next((each.gained_h for each, key in keys if key == (service, group)), None)


def _wholes(rows: PlanRows) -> dict[tuple[Service, str], Whole]:
    return {(each.service, each.group): each for each in together(rows.ledger)}


def _served(row: Any) -> Edges:  # noqa: ANN401 - a street row, or None where there was none
    return Edges(0, 0) if row is None else row.covered_m.get(ServiceClass.PAGES, Edges(0, 0))


def _differs(each: StreetChange) -> bool:
    return (
        max(
            abs(each.gained_m),
            abs(each.after.optimistic - each.before.optimistic),
        )
        >= LEAST_M
    )
