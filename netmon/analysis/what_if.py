"""What a scenario changes: an ordinary week of a city as it is, and as it would be."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from geodata.coverage import AccessPoint
from netmon.analysis.equity import equity_rows
from netmon.analysis.hours import OpeningHours
from netmon.analysis.ordinary_week import (
    OrdinaryWeek,
    Promised,
    ordinary_week,
    wifi_points,
    with_seats,
)
from netmon.analysis.people import OfferPoint, People
from netmon.analysis.plan_ledger import Access, access_of, gained_h, plan_rows, promised_rows
from netmon.analysis.plan_rows import Honesty, PlanRows, Scenario, WhatIf
from netmon.analysis.plan_streets import rows_promised
from netmon.analysis.radio import RadioMap
from netmon.analysis.scenario_steps import AT_SITES, Changed, Ground, Position, applied
from netmon.config.calendar import Calendar
from netmon.domain.groups import Target
from netmon.domain.intervals import Interval, instant
from netmon.domain.model import Inventory, Place, Service
from netmon.words import scenario as words

MOST_KEPT = 64
"""Of maps that scenarios have asked for: somebody who adds steps asks for each map again."""

Seconds = Callable[[], float]
"""Returns seconds that only go on, to tell how long something took."""


Worth = Callable[[Sequence[OfferPoint], RadioMap | None], Honesty]
"""Returns what a result made of these offers and this map is worth."""


@dataclass(frozen=True, slots=True)
class City:
    """A city at one moment: its inventory, and the map of its Wi-Fi (None: there is none)."""

    inventory: Inventory
    radio: RadioMap | None


class WhatIfs:
    """
    Works scenarios out; for one thread at a time.

    Parameters
    ----------
    people
        Who is where, and what they can walk to.
    calendar
        Of the city.
    targets
        What the city has promised to its groups.
    seconds
        Tells how long it took.
    """

    def __init__(
        self,
        people: People,
        calendar: Calendar,
        targets: Sequence[Target] = (),
        seconds: Seconds = time.perf_counter,
    ) -> None:
        self._people, self._calendar = people, calendar
        self._targets, self._seconds = targets, seconds
        self._hours = OpeningHours(calendar)
        self._known: dict[object, Promised] = {}
        self._maps: dict[tuple[object, ...], RadioMap] = {}
        self._of: tuple[City, Interval] | None = None

    def of(
        self, scenario: Scenario, city: City, ground: Ground, now: datetime, worth: Worth
    ) -> WhatIf:
        """
        Return what a scenario changes; steps that cannot be are left out and told.

        What was worked out for the same city and week is used again. `worth` returns what a
        result made of some offers and a map is worth.
        """
        began_s = self._seconds()
        bounds = ordinary_week(now, self._calendar)
        self._forget_other_than(city, bounds)
        changed = applied(scenario.steps, city.inventory, ground, _day(now, self._calendar))
        before = self._rows(Changed.of(city.inventory), city, bounds, worth)
        after = _noted(self._rows(changed, city, bounds, worth), self._idle(changed, city))
        return WhatIf(
            scenario,
            before,
            after,
            gained_h(before.ledger, after.ledger),
            self._seconds() - began_s,
            tuple(changed.problems),
        )

    def _idle(self, changed: Changed, city: City) -> list[str]:
        """Tell which access points a scenario puts where they reach no Wi-Fi street at all."""
        if city.radio is None:
            return []
        serving = self._map(changed, city.radio).serving(is_optimistic=True).values()
        useful = {name for each in serving for name in each}
        put = [
            name
            for name, at in changed.access_points.items()
            if at is not None and at != changed.placed.get(name)
        ]
        return [words.idle_access_point(name) for name in put if name not in useful]

    def _rows(self, changed: Changed, city: City, bounds: Interval, worth: Worth) -> PlanRows:
        week = OrdinaryWeek(self._people, self._hours, bounds, self._calendar)
        places = with_seats(changed.places.values(), city.inventory)
        radio = None if city.radio is None else self._map(changed, city.radio)
        promised = [self._at_sites(week, places, service) for service in AT_SITES]
        if radio is not None:
            promised.insert(0, self._in_streets(week, radio, places))
        rows = promised_rows(promised, self._people)
        year = instant(bounds[0]).astimezone(self._calendar.timezone).year
        points = [point for each in promised for point in each.points]
        return PlanRows(
            instant(bounds[0]),
            instant(bounds[1]),
            () if radio is None else rows_promised(radio),
            plan_rows(rows, self._people, self._access(promised), self._targets, year),
            equity_rows(rows, self._targets, year),
            (),
            (),
            worth(points, radio),
            is_promise=True,
        )

    def _access(self, promised: Sequence[Promised]) -> Access:
        found: dict[tuple[Service, str, str], float | None] = {}
        for each in promised:
            if each.seat_h:
                found |= access_of(self._people, each.service, each.points, each.seat_h)
        return found

    def _at_sites(self, week: OrdinaryWeek, places: Sequence[Place], service: Service) -> Promised:
        own = tuple(each for each in places if any(o.service is service for o in each.offers))
        return self._once((service, own), lambda: week.at_sites(own, service))

    def _in_streets(self, week: OrdinaryWeek, radio: RadioMap, places: Sequence[Place]) -> Promised:
        streets = {each.id: each for each in places if each.is_street}
        points, best = (
            tuple(wifi_points(radio, streets, is_optimistic=edge)) for edge in (False, True)
        )
        at_best = None if radio.is_calibrated else best
        # What serves the same stretches promises the same, wherever it hangs.
        key = ("wifi", points, at_best, tuple(streets.values()))
        return self._once(key, lambda: week.in_streets(points, at_best, streets.values()))

    def _once(self, key: object, make: Callable[[], Promised]) -> Promised:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _map(self, changed: Changed, radio: RadioMap) -> RadioMap:
        """Return the map with what a scenario does to access points; each of its steps once."""
        there = changed.access_points
        removed = radio.ids - {name for name, at in there.items() if at is not None}
        key: tuple[object, ...] = (frozenset(removed),)
        found = self._kept(key, lambda: radio.changed(removed=removed) if removed else radio)
        was = changed.placed
        for name, at in there.items():
            if at is None or at == was.get(name):
                continue
            key = (*key, (name, at))
            found = self._kept(key, _with(found, name, at))
        return found

    def _kept(self, key: tuple[object, ...], make: Callable[[], RadioMap]) -> RadioMap:
        if key not in self._maps:
            self._maps[key] = make()
        return self._maps[key]

    def _forget_other_than(self, city: City, bounds: Interval) -> None:
        is_full = len(self._maps) > MOST_KEPT or len(self._known) > 4 * MOST_KEPT
        if is_full or self._of is None or self._of[1] != bounds or not _same(self._of[0], city):
            self._known.clear()
            self._maps.clear()
            self._of = (city, bounds)


def _noted(rows: PlanRows, notes: Sequence[str]) -> PlanRows:
    if not notes:
        return rows
    honesty = replace(rows.honesty, notes=(*notes, *rows.honesty.notes))
    return replace(rows, honesty=honesty)


def _same(one: City, other: City) -> bool:
    return one.radio is other.radio and one.inventory is other.inventory


def _with(radio: RadioMap, name: str, at: Position) -> Callable[[], RadioMap]:
    def made() -> RadioMap:
        point: AccessPoint = radio.at(name, *at)
        if name in radio.ids:
            return radio.changed(moved=[point])
        return radio.changed(added=[point])

    return made


def _day(now: datetime, calendar: Calendar) -> date:
    return now.astimezone(calendar.timezone).date()
