"""What a ledger was made from, as numbers and digests of what could matter to it."""

from collections.abc import Sequence
from dataclasses import asdict, astuple

from netmon.analysis.ledger_report import LedgerProvenance
from netmon.analysis.offered import Offering, Reading
from netmon.analysis.people import People
from netmon.analysis.provenance import digest, provenance
from netmon.analysis.radio import RadioMap


def made_from(
    reading: Reading, people: People, radio: RadioMap | None, offerings: Sequence[Offering]
) -> LedgerProvenance:
    """Return it; what a month's report is made from is among it."""
    base = provenance(reading.stores, [reading.month], 0, ())
    offers = [
        [asdict(point), [astuple(span) for span in each.spans[point.id]]]
        for each in offerings
        for point in each.points
    ]
    heard = None if radio is None else _heard(radio)
    return LedgerProvenance(
        base.revisions,
        base.inventory_digest,
        base.hours_digest,
        base.announcements_digest,
        base.runs,
        base.runs_digest,
        base.settings_digest,
        digest(offers),
        people.digest,
        tuple(f"{each.name}: {each.source}, {each.vintage}" for each in people.provenance),
        "" if heard is None else digest(heard),
    )


def _heard(radio: RadioMap) -> list[object]:
    return [
        {name: sorted(each) for name, each in radio.serving(is_optimistic=edge).items()}
        for edge in (False, True)
    ]
