"""
How evenly the offers fall to people: by neighbourhood, by group against the city, by target.

Two measures stand beside each other. The ledger's hours say what somebody could use when; the
floating catchments (E2SFCA, `geodata.access`) say how much of what is offered falls to a person
when everybody near shares it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.access import Steps, gini, palma, two_step_access
from geodata.city import City
from geodata.demand import suppressed
from geodata.equity import concentration
from geodata.imported import load_income, load_sectors
from geodata.layers import load_layer, to_metric
from netmon.analysis.inhabitants import areas_at
from netmon.analysis.ledger_report import CITY, LedgerRow, PlaceRow
from netmon.analysis.people import OfferPoint, People
from netmon.analysis.plan_rows import EquityRow
from netmon.domain.groups import EVERYBODY, Target
from netmon.domain.model import Service


@dataclass(frozen=True, slots=True)
class GroupAccess:
    """
    What falls to one person of a group in the city, and how evenly.

    `against_city` is the ratio to everybody's; `gini` 0 where all have the same; `palma` the best
    tenth over the worst four; `concentration` below 0 where the poorer have more, None where no
    income was imported. Each is None where nobody has anything.
    """

    group: str
    access: float | None
    against_city: float | None
    gini: float | None
    palma: float | None
    concentration: float | None


def supply_of(places: Iterable[PlaceRow], offers: Sequence[OfferPoint]) -> Mapping[str, float]:
    """
    Return the seat-hours that were promised at each offer, by id.

    `places` are of a ledger's report. The stretches of a street share its access points evenly; an
    offer of which no seats are known has nothing.
    """
    held = {(each.service, each.place_id): each.seats.promised_s / 3600 for each in places}
    points = Counter((each.service, each.place_id) for each in offers)
    keys = {each.id: (each.service, each.place_id) for each in offers}
    return {name: held.get(key, 0.0) / points[key] for name, key in keys.items()}


def access_at_points(
    people: People,
    offers: Sequence[OfferPoint],
    supply: Mapping[str, float],
    decay: Steps | None = None,
) -> NDArray[np.float64]:
    """
    Return what falls to one person at each point of `people.points`.

    All who live within walking distance share an offer, whatever group they are of; city staff
    at work takes nothing away.

    Parameters
    ----------
    offers
        Of one service; those that are not located give nothing.
    supply
        What each has, by id, such as seat-hours a week; one that is not named has nothing.
    decay
        How much a distance counts; by default 1 up to 400 m, 0.68 up to 800 m, 0.22 up to 1200 m.
    """
    decay = decay or Steps()
    ways = people.ways(offers, decay.upto_m[-1]).metres
    metres = np.full(ways.shape, np.inf)
    row = np.repeat(np.arange(ways.shape[0]), np.diff(ways.indptr))
    metres[row, ways.indices] = ways.data
    held = [supply.get(each.id, 0.0) for each in offers]
    return two_step_access(held, _people(people, EVERYBODY), metres, decay)


def area_access(
    people: People, access: NDArray[np.float64]
) -> Mapping[tuple[str, str], float | None]:
    """
    Return what falls to one person by group and area, from what does at each point.

    The areas are the neighbourhoods, and `city`; None where nobody of the group is there.
    """
    found: dict[tuple[str, str], float | None] = {}
    for group in people.groups:
        own = _people(people, group)
        found[group, CITY] = _mean(access, own)
        for area in sorted(people.areas["id"]):
            found[group, area] = _mean(access, np.where(people.points.area == area, own, 0.0))
    return found


def group_access(
    people: People, access: NDArray[np.float64], income: NDArray[np.float64] | None = None
) -> list[GroupAccess]:
    """
    Return what falls to each group in the city; `income` (n,) is as `income_at` gives it.

    A group that is taken to be the same share of the people everywhere is not set against the city:
    they would be equal because that was taken to be so.
    """
    city = _mean(access, _people(people, EVERYBODY))
    found = []
    for group in people.groups:
        weights = _people(people, group)
        mean = _mean(access, weights)
        found.append(
            GroupAccess(
                group,
                mean,
                None if group in people.inhabitants.alike else _ratio(mean, city),
                gini(access, weights),
                palma(access, weights),
                None if income is None else concentration(access, weights, income),
            )
        )
    return found


def income_at(people: People, city: City) -> NDArray[np.float64] | None:
    """
    Return the income (euro a year and declaration) where each point is, NaN where unknown.

    The median of its sector or neighbourhood, else the mean; None where nobody imported incomes,
    or those are of areas that are not on the map.
    """
    table = load_income(city.folder)
    if table is None:
        return None
    column = next((each for each in ("income_median_eur", "income_mean_eur") if each in table), "")
    sectors = load_sectors(city.folder)
    for areas in (sectors, load_layer(city.neighbourhoods)):
        if column and areas is not None and set(areas["id"]) & set(table["id"]):
            by_area = pd.to_numeric(table.set_index("id")[column], errors="coerce")
            names = areas_at(shapely.points(people.points.at), to_metric(areas))
            incomes: NDArray[np.float64] = pd.Series(names).map(by_area).to_numpy(float)
            return incomes
    return None


def equity_rows(
    ledger: Iterable[LedgerRow], targets: Iterable[Target], year: int
) -> tuple[EquityRow, ...]:
    """
    Return how each group does beside the city, and beside what it was promised.

    Parameters
    ----------
    ledger
        Of one interval, by service, group and area; Wi-Fi counts as planned.
    targets
        Of all years.
    year
        The calendar year (local) of the interval.
    """
    promised = {(each.service, each.group): each.share for each in targets if each.year == year}
    own: dict[tuple[Service, str], list[LedgerRow]] = {}
    for each in ledger:
        if each.area != CITY:
            own.setdefault((each.service, each.group), []).append(each)
    return tuple(
        EquityRow(
            *(service, group, _delivered(rows)),
            _delivered(own.get((service, EVERYBODY), [])),
            _gini(rows),
            promised.get((service, group)),
            _kept(rows),
        )
        for (service, group), rows in own.items()
    )


def hidden(people: Mapping[tuple[str, str], float]) -> frozenset[tuple[str, str]]:
    """
    Return the (group, area) of which no figure may be exported, for few people are there.

    Person-hours divided by hours are people: with a count, everything of it is left out.
    """
    if not people:
        return frozenset()
    # Without a group in an area there is nobody of it: nothing to hide.
    table = pd.Series(people).unstack(0, fill_value=0.0)  # noqa: PD010 - pivots an index of pairs
    missing = suppressed(table).isna()
    return frozenset(
        (str(group), str(area))
        for group in missing.columns
        for area in missing.index[missing[group]]
        if (group, area) in people
    )


def _people(people: People, group: str) -> NDArray[np.float64]:
    return people.points.people[:, people.points.groups.index(group)]


def _mean(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float | None:
    total = weights.sum()
    return float((values * weights).sum() / total) if total > 0 else None


def _ratio(mean: float | None, city: float | None) -> float | None:
    return mean / city if city and mean is not None else None


def _delivered(own: Sequence[LedgerRow]) -> float | None:
    """Return the share of all person-hours in which something was open and worked."""
    total_h = sum(each.parts.total_h for each in own)
    return sum(each.parts.delivered_h for each in own) / total_h if total_h else None


def _kept(own: Sequence[LedgerRow]) -> float | None:
    """Return the share delivered of the promised person-hours of which that is known."""
    delivered_h = sum(each.parts.delivered_h for each in own)
    known_h = delivered_h + sum(each.parts.outage_h for each in own)
    return delivered_h / known_h if known_h else None


def _gini(own: Sequence[LedgerRow]) -> float | None:
    """Return how unevenly the hours that a person got are spread over neighbourhoods."""
    there = [each for each in own if each.people > 0]
    hours = [each.parts.delivered_h / each.people for each in there]
    return gini(hours, [each.people for each in there])
