"""What a what-if changes, beside what it changes it from."""

from dataclasses import dataclass
from typing import Any

from geodata.link import ServiceClass
from netmon.analysis.plan_rows import Edges, PlanRows, StreetRow, WhatIf
from netmon.domain.model import Service
from netmon.words.planning import SERVICES
from web.plan_figures import Whole, in_order, measure, share, together

LEAST = 0.5
"""Less than this of a street, in m or m², is no change."""

NONE = Edges(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class StreetChange:
    """
    How much of a street is at the service level, before and after, as planned and at best.

    `unit` is that of all figures: m, or m² of a square.
    """

    id: str
    name: str
    whole: float
    unit: str
    before: Edges
    after: Edges

    @property
    def gained(self) -> float:
        """Return how much more is served, as planned."""
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
    changes = [_change(before.get(row.id), row) for row in found.after.streets]
    told = [each for each in changes if _differs(each)]
    return sorted(told, key=lambda each: (-each.gained, each.name))


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
    """Return the answer for programs: hours a week, and streets at the service level as planned."""
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
            {
                "id": one.id,
                "unit": one.unit,
                "before": one.before.planning,
                "after": one.after.planning,
            }
            for one in streets(found)
        ],
    }


def _wholes(rows: PlanRows) -> dict[tuple[Service, str], Whole]:
    return {(each.service, each.group): each for each in together(rows.ledger)}


def _change(before: StreetRow | None, after: StreetRow) -> StreetChange:
    size = measure(after)
    served = [
        measure(row).covered.get(ServiceClass.PAGES, NONE) if row else NONE
        for row in (before, after)
    ]
    return StreetChange(after.id, after.name, size.whole, size.unit, *served)


def _differs(each: StreetChange) -> bool:
    best = each.after.optimistic - each.before.optimistic
    return max(abs(each.gained), abs(best)) >= LEAST
