"""
The access ledger of a city over the real record: what became of every person-hour, and why.

Offers over time (`netmon.analysis.offered`) meet the people who can walk to them
(`netmon.analysis.people`) here. A ledger is kept for each service and each group, and these are
never added up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from netmon.analysis.blamed import Cause
from netmon.analysis.ledger import Account, Demand, Stage, ledger
from netmon.analysis.ledger_made_from import made_from
from netmon.analysis.ledger_report import (
    CITY,
    SERVICES,
    IncidentCost,
    LedgerNote,
    LedgerReport,
    LedgerRow,
    PlaceRow,
    parts_together,
)
from netmon.analysis.month_reading import Stores, read_between
from netmon.analysis.offered import NO_SEATS, Offering, Reading, added, at_sites, reading_of
from netmon.analysis.people import People, to_be_located
from netmon.analysis.radio import RadioMap
from netmon.analysis.stages import stage_of
from netmon.analysis.streets_offered import in_streets
from netmon.domain.intervals import Interval
from netmon.domain.model import Device, Service
from netmon.domain.offers import OfferSpan, SeatSeconds

_Key = TypeVar("_Key")

RadioOf = Callable[[Iterable[Device]], RadioMap]
"""Plans the Wi-Fi of an inventory's devices; whoever gives it keeps what was planned before."""


class LedgerViews:
    """
    Answers what pages and commands ask of the ledger; safe from any thread.

    Parameters
    ----------
    stores
        The record and the desk, with hours and announcements.
    people
        Who is where, and what they can walk to.
    radio_of
        Plans the Wi-Fi; None leaves Wi-Fi out.
    """

    def __init__(self, stores: Stores, people: People, radio_of: RadioOf | None = None) -> None:
        self._stores, self._people, self._radio_of = stores, people, radio_of

    def between(
        self,
        bounds: Interval,
        now: datetime,
        services: Sequence[Service] | None = None,
        groups: Sequence[str] | None = None,
    ) -> LedgerReport:
        """
        Return the ledger of an interval; what lies after `now` is unverified.

        Parameters
        ----------
        bounds
            Epoch seconds, half-open.
        now
            Until when anything can be known.
        services, groups
            Which; None are all that there are.

        Raises
        ------
        KeyError
            For a group that nobody knows.
        """
        wanted = [each for each in SERVICES if services is None or each in services]
        with self._stores.record.at_one_moment():
            month = read_between(self._stores, bounds, now)
            reading = reading_of(month, self._stores, bounds)
        radio = None
        if self._radio_of is not None and Service.WIFI in wanted:
            radio = self._radio_of(month.city.inventory.devices)
        offerings = [self._offering(each, reading, radio) for each in wanted]
        names = list(self._people.groups) if groups is None else list(groups)
        return _Book(reading, self._people, radio, offerings, names).report()

    def _offering(
        self, service: Service, reading: Reading, radio: RadioMap | None
    ) -> tuple[Offering, Offering | None]:
        """Return a service as it was offered, and as it may have been at best."""
        if service is not Service.WIFI:
            return at_sites(reading, service), None
        if radio is None:
            return Offering(service, (), {}, {}), None
        best = None if radio.is_calibrated else in_streets(reading, radio, is_optimistic=True)
        return in_streets(reading, radio, is_optimistic=False), best


class _Book:
    """Writes one report."""

    def __init__(
        self,
        reading: Reading,
        people: People,
        radio: RadioMap | None,
        offerings: Sequence[tuple[Offering, Offering | None]],
        groups: Sequence[str],
    ) -> None:
        self._reading, self._people, self._radio = reading, people, radio
        # A service that nobody offers has no ledger: it would only say that it is not there.
        self._offerings = [pair for pair in offerings if pair[0].points]
        self._groups = groups
        self._has_areas = len(people.areas) > 1
        zone: ZoneInfo = reading.stores.zone
        self._stages = {
            name: stage_of(people.groups[name], reading.bounds, zone) for name in groups
        }

    def report(self) -> LedgerReport:
        rows = [row for pair in self._offerings for row in self._rows(*pair)]
        offerings = [each for each, _ in self._offerings]
        points = [point for each in offerings for point in each.points]
        is_synthetic = any(row.is_synthetic for row in rows)
        lost = to_be_located(points)
        unpublished = tuple(sorted({place for each in offerings for place in each.unpublished}))
        return LedgerReport(
            bounds=self._reading.bounds,
            rows=tuple(rows),
            incidents=tuple(self._costs(rows)),
            seats={each.service: _together(each) for each in offerings},
            places=tuple(self._places(rows)),
            notes=tuple(self._notes(lost, unpublished, is_synthetic=is_synthetic)),
            is_synthetic=is_synthetic,
            is_complete=self._reading.month.is_over,
            precision_m=self._people.precision_m(points),
            walks=str(self._people.method),
            walls=None if self._radio is None else str(self._radio.walls),
            made_from=made_from(self._reading, self._people, self._radio, offerings),
            to_be_located=lost,
            unpublished=unpublished,
            areas=dict(zip(self._people.areas["id"], self._people.areas["name"], strict=True)),
        )

    def _rows(self, offering: Offering, best: Offering | None) -> list[LedgerRow]:
        accounts = self._accounts(offering)
        at_best = {} if best is None else {_key(each): each for each in self._accounts(best)}
        rows = []
        for name in self._groups:
            own = [each for each in accounts if each.group == name]
            told = [self._row(offering, each, at_best.get(_key(each))) for each in own]
            rows += [self._city(told), *told] if self._has_areas and told else told
        return rows

    def _accounts(self, offering: Offering) -> list[Account]:
        spans, alike = _alike(offering.spans)
        found: list[Account] = []
        for stage, names in _by_stage(self._stages):
            demands = [
                _over(each, alike)
                for name in names
                for each in self._people.demands(offering.points, name)
            ]
            found += ledger(spans, demands, stage)
        return found

    def _row(self, offering: Offering, account: Account, best: Account | None) -> LedgerRow:
        by_cause = dict.fromkeys(Cause, 0.0)
        for blamed, cost_h in account.cost_h.items():
            by_cause[self._reading.origin(blamed).cause] += cost_h
        is_invented = self._people.is_synthetic(account.group)
        return LedgerRow(
            offering.service,
            account.group,
            account.area,
            account.people,
            account.parts,
            None if best is None else best.parts,
            account.cost_h,
            by_cause,
            account.by_hour_h,
            offering.is_synthetic or is_invented,
        )

    def _city(self, rows: Sequence[LedgerRow]) -> LedgerRow:
        """Return all areas of one group and service together."""
        best = [each.optimistic for each in rows if each.optimistic is not None]
        return LedgerRow(
            rows[0].service,
            rows[0].group,
            CITY,
            sum(each.people for each in rows),
            parts_together(each.parts for each in rows),
            parts_together(best) if best else None,
            _summed([each.cost_h for each in rows]),
            _summed([each.outage_by_cause_h for each in rows]),
            sum((each.by_hour_h for each in rows[1:]), rows[0].by_hour_h),
            any(each.is_synthetic for each in rows),
        )

    def _costs(self, rows: Sequence[LedgerRow]) -> list[IncidentCost]:
        """Return what everything cost each group; groups overlap, so these never add up."""
        found = []
        for row in _whole(rows):
            for blamed, cost_h in row.cost_h.items():
                origin = self._reading.origin(blamed)
                found.append(
                    IncidentCost(
                        blamed, row.service, row.group, cost_h, origin.cause, origin.place_id
                    )
                )
        return sorted(found, key=lambda each: (-each.cost_h, each.id, each.service, each.group))

    def _places(self, rows: Sequence[LedgerRow]) -> list[PlaceRow]:
        known = {each.id: each for each in self._reading.month.city.inventory.places}
        charged: dict[tuple[Service, str], dict[str, float]] = {}
        for row in _whole(rows):
            for blamed, cost_h in row.cost_h.items():
                key = (row.service, self._reading.origin(blamed).place_id)
                costs = charged.setdefault(key, {})
                costs[row.group] = costs.get(row.group, 0.0) + cost_h
        seats = {
            (offering.service, place_id): (offering, each)
            for offering, _ in self._offerings
            for place_id, each in offering.seats.items()
        }
        found = []
        for service, place_id in sorted({*charged, *seats}):
            offering, counted = seats.get((service, place_id), (None, NO_SEATS))
            place = known.get(place_id)
            found.append(
                PlaceRow(
                    service,
                    place_id,
                    place.name if place else place_id,
                    bool(place and place.is_street),
                    counted,
                    charged.get((service, place_id), {}),
                    bool(offering and offering.is_synthetic),
                )
            )
        return found

    def _notes(
        self, lost: Sequence[str], unpublished: Sequence[str], *, is_synthetic: bool
    ) -> list[LedgerNote]:
        month, radio = self._reading.month, self._radio
        guided = [each for each, _ in self._offerings if each.service is Service.GUIDED]
        told = {
            LedgerNote.SYNTHETIC: is_synthetic,
            LedgerNote.PRECISION: True,
            LedgerNote.STRAIGHT: self._people.method == "straight",
            LedgerNote.TO_BE_LOCATED: bool(lost),
            LedgerNote.UNPUBLISHED: bool(unpublished),
            LedgerNote.NO_HOST_SAID: bool(guided) and not self._reading.hosts,
            LedgerNote.CORRIDORS: radio is not None and radio.walls == "corridors",
            LedgerNote.UNCALIBRATED: radio is not None and not radio.is_calibrated,
            LedgerNote.NOT_OVER: not month.is_over,
            LedgerNote.BEGINS_LATER: month.began_s > month.bounds[0],
        }
        return [note for note, is_so in told.items() if is_so]


def _alike(
    spans: Mapping[str, Sequence[OfferSpan]],
) -> tuple[dict[str, Sequence[OfferSpan]], dict[str, str]]:
    """Return one of all offers that stood alike all the time, and which that is for each."""
    first: dict[tuple[OfferSpan, ...], str] = {}
    alike = {offer: first.setdefault(tuple(told), offer) for offer, told in spans.items()}
    return {offer: spans[offer] for offer in first.values()}, alike


def _over(demand: Demand, alike: Mapping[str, str]) -> Demand:
    reach = frozenset(alike[each] for each in demand.reach)
    return Demand(demand.group, demand.area, demand.people, reach, demand.is_refused)


def _by_stage(stages: Mapping[str, Stage]) -> list[tuple[Stage, list[str]]]:
    """Return the groups that are active at the same times together."""
    found: list[tuple[Stage, list[str]]] = []
    for name, stage in stages.items():
        same = next((names for other, names in found if other == stage), None)
        if same is None:
            found.append((stage, [name]))
        else:
            same.append(name)
    return found


def _whole(rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    """Return one row of each service and group: the whole city, or its only area."""
    found: dict[tuple[Service, str], LedgerRow] = {}
    for row in rows:
        found.setdefault((row.service, row.group), row)
    return list(found.values())


def _together(offering: Offering) -> SeatSeconds:
    seats = NO_SEATS
    for each in offering.seats.values():
        seats = added(seats, each)
    return seats


def _summed(tables: Sequence[Mapping[_Key, float]]) -> dict[_Key, float]:
    found: dict[_Key, float] = {}
    for table in tables:
        for key, value in table.items():
            found[key] = found.get(key, 0.0) + value
    return found


def _key(account: Account) -> tuple[str, str]:
    return account.group, account.area
