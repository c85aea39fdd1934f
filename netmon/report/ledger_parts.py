"""The parts of the access ledger, always in one order and with one look each."""

from collections.abc import Mapping
from typing import Final

from netmon.analysis.ledger import Parts
from netmon.report.drawing import Part

DELIVERED = Part("delivered", "#4477aa")
UNVERIFIED = Part("unverified", "#bbbbbb", "M2 2h1.5M6 6h1.5")
OUTAGE = Part("outage", "#ee6677", "M0 8L8 0M-2 2L2 -2M6 10L10 6")
SCHEDULE = Part("schedule", "#ffffff", "M1 2h1.2M5 6h1.2", is_outlined=True)
PLANNING = Part("planning", "#ffffff", is_outlined=True)

LEDGER: Final[Mapping[Part, str]] = {
    DELIVERED: "open en werkt",
    UNVERIFIED: "weten we niet",
    OUTAGE: "stuk",
    SCHEDULE: "gesloten",
    PLANNING: "geen plek dichtbij",
}
"""What each is called, from what was delivered to what nobody planned."""


def shares(parts: Parts) -> dict[Part, float]:
    """Return each part as a ratio of all person-hours; nothing where nobody is counted."""
    if not parts.total_h:
        return {}
    return {part: getattr(parts, f"{part.name}_h") / parts.total_h for part in LEDGER}


def share(parts: Parts, part: Part) -> float | None:
    """Return one part as a ratio, None where nobody is counted."""
    return shares(parts).get(part)
