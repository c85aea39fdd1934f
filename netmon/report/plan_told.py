"""What may leave the house: small groups of people, and what gives them away, are left out."""

from dataclasses import replace

from netmon.analysis.equity import hidden
from netmon.analysis.plan_rows import WHOLE_CITY, LedgerRow, PlanRows


def told(rows: PlanRows) -> PlanRows:
    """
    Return rows without those of groups so small in an area that a person could be known.

    Fewer than ten people of a group in an area are never told, nor are all but fewer than ten
    of those who live there, nor is the next smallest area
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
    city = {key: count for key, count in people.items() if key[0] == WHOLE_CITY}
    areas = {key: count for key, count in people.items() if key not in city}
    return _told_of(city) | _told_of(areas)


def _told_of(people: dict[tuple[str, str], float]) -> frozenset[tuple[str, str]]:
    """Return group and area of what may be told, of people by area and group."""
    cells = {(group, area): count for (area, group), count in people.items()}
    return frozenset(cells.keys() - hidden(cells))
