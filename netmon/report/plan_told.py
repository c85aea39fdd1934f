"""What may leave the house: small groups of people, and what gives them away, are left out."""

from dataclasses import replace

import pandas as pd

from geodata.demand import suppressed
from netmon.analysis.plan_rows import WHOLE_CITY, LedgerRow, PlanRows


def told(rows: PlanRows) -> PlanRows:
    """
    Return rows without those of groups so small in an area that a person could be known.

    Fewer than ten people of a group in an area are never told, nor is the next smallest area
    where the total of the city would give them away. What is left out of one service is left
    out of all. Rows of the whole city are told where they count at least ten.
    """
    kept = _told_cells(rows.ledger)
    return replace(
        rows, ledger=tuple(each for each in rows.ledger if (each.group, each.area) in kept)
    )


def left_out(rows: PlanRows) -> int:
    """Return how many groups of areas are not told."""
    cells = {(each.group, each.area) for each in rows.ledger}
    return len(cells - _told_cells(rows.ledger))


def _told_cells(ledger: tuple[LedgerRow, ...]) -> frozenset[tuple[str, str]]:
    people = {(each.area, each.group): each.people for each in ledger}
    found = set()
    for is_city in (True, False):
        cells = {key: count for key, count in people.items() if (key[0] == WHOLE_CITY) is is_city}
        table = pd.Series(cells, dtype=float).unstack(fill_value=0.0) if cells else pd.DataFrame()
        shown = suppressed(table)
        found |= {(group, area) for area, group in cells if pd.notna(shown.loc[area, group])}
    return frozenset(found)
