"""The ledger, of the record or of an ordinary week, as rows of the planner's page."""

from collections.abc import Iterable, Mapping, Sequence

from netmon.analysis import ledger_report
from netmon.analysis.equity import access_at_points, area_access
from netmon.analysis.ledger import Account
from netmon.analysis.ledger_report import CITY, parts_together
from netmon.analysis.ordinary_week import Promised
from netmon.analysis.people import OfferPoint, People
from netmon.analysis.plan_rows import LedgerRow
from netmon.domain.groups import Target
from netmon.domain.model import Service

Access = Mapping[tuple[Service, str, str], float | None]
"""What falls to one person, by service, group and area."""


def promised_rows(promised: Iterable[Promised], people: People) -> list[ledger_report.LedgerRow]:
    """Return the accounts of a week by service, group and area, the whole city first."""
    rows: list[ledger_report.LedgerRow] = []
    for each in promised:
        at_best = {(one.group, one.area): one for one in each.at_best or ()}
        for group in people.groups:
            own = [account for account in each.accounts if account.group == group]
            told = [_row(each.service, one, at_best.get((group, one.area))) for one in own]
            rows += [_city(told), *told] if told else []
    return rows


def plan_rows(
    rows: Iterable[ledger_report.LedgerRow],
    people: People,
    access: Access,
    targets: Iterable[Target],
    year: int,
) -> tuple[LedgerRow, ...]:
    """Return rows with the names of areas, what falls to a person, and the targets of a year."""
    names = dict(zip(people.areas["id"], people.areas["name"], strict=True))
    wanted = {(each.service, each.group): each.share for each in targets if each.year == year}
    return tuple(
        LedgerRow(
            each.service,
            each.group,
            each.area,
            "" if each.area == CITY else names.get(each.area, each.area),
            each.people,
            each.parts,
            each.optimistic,
            access.get((each.service, each.group, each.area)),
            wanted.get((each.service, each.group)),
        )
        for each in rows
    )


def access_of(
    people: People, service: Service, points: Sequence[OfferPoint], seat_h: Mapping[str, float]
) -> dict[tuple[Service, str, str], float | None]:
    """
    Return what falls to one person of each group in each area and in the city, in seat-hours.

    Parameters
    ----------
    points
        The offers of one service.
    seat_h
        What each has, by its id.
    """
    found = area_access(people, access_at_points(people, points, seat_h))
    return {(service, *key): access for key, access in found.items()}


def gained_h(
    before: Iterable[LedgerRow], after: Iterable[LedgerRow]
) -> dict[tuple[Service, str], float]:
    """Return what is delivered more in the whole city, in person-hours, by service and group."""
    was, would = _delivered(before), _delivered(after)
    return {key: would.get(key, 0.0) - was.get(key, 0.0) for key in {**was, **would}}


def _row(service: Service, account: Account, best: Account | None) -> ledger_report.LedgerRow:
    return ledger_report.LedgerRow(
        *(service, account.group, account.area, account.people, account.parts),
        None if best is None else best.parts,
    )


def _city(rows: Sequence[ledger_report.LedgerRow]) -> ledger_report.LedgerRow:
    best = [each.optimistic for each in rows if each.optimistic is not None]
    return ledger_report.LedgerRow(
        *(rows[0].service, rows[0].group, CITY, sum(each.people for each in rows)),
        parts_together(each.parts for each in rows),
        parts_together(best) if best else None,
    )


def _delivered(rows: Iterable[LedgerRow]) -> dict[tuple[Service, str], float]:
    return {
        (each.service, each.group): each.parts.delivered_h for each in rows if each.area == CITY
    }
