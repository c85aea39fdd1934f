"""
What the planner's page asks, put together from coverage, people and the ledger.

Layers, walks and the first map take seconds: `prepare` makes them once, in a thread of its own,
and until then `waits` says so. Answers are kept for a minute, for a record that is written every
second would else be read anew for everybody who looks.
"""

import logging
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geodata.boundary import Boundary
from geodata.city import City as CityFolder
from geodata.coverage import Levels
from geodata.crs import EXCHANGE, METRIC
from geodata.errors import DataError
from geodata.grid import Grid
from netmon.analysis.accounts import LedgerViews
from netmon.analysis.coverage_map import class_polygons, gap_polygons, picture
from netmon.analysis.coverage_views import CoverageViews
from netmon.analysis.equity import equity_rows, supply_of
from netmon.analysis.ledger_report import LedgerReport
from netmon.analysis.ordinary_week import SERVICES, wifi_points, with_seats
from netmon.analysis.outreach import Outreach, outreach
from netmon.analysis.people import OfferPoint, People, site_points
from netmon.analysis.plan_costs import cost_rows
from netmon.analysis.plan_honesty import of_promise, of_record
from netmon.analysis.plan_ledger import Access, access_of, plan_rows
from netmon.analysis.plan_rows import (
    Changeable,
    Honesty,
    Picture,
    PlanRows,
    Scenario,
    Step,
    WhatIf,
)
from netmon.analysis.plan_streets import rows_now
from netmon.analysis.radio import RadioMap
from netmon.analysis.radio_maps import RadioMaps
from netmon.analysis.scenario_steps import AT_SITES, Ground, is_access_point
from netmon.analysis.scenarios import Scenarios
from netmon.analysis.views import RecordViews
from netmon.analysis.what_if import City, WhatIfs
from netmon.config.calendar import Calendar
from netmon.config.settings import Settings
from netmon.domain.errors import ConfigError, StoreError
from netmon.domain.intervals import Interval, epoch_s, instant
from netmon.domain.model import Place, Revision, Service
from netmon.words import plan_notes as words
from netmon.words.clean import clean

logger = logging.getLogger(__name__)

KEPT_S = 60
"""How long an answer about a record that goes on is good enough."""

_MOST_KEPT = 16
_NEAR_OUTDOORS_M = 5.0
"""Who points at a wall means its outside."""

T = TypeVar("T")


class Kept:
    """Keeps the newest answers; whoever asks the same at once waits for the one who makes it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[Hashable, object] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key, else make it."""
        with self._lock:
            if key not in self._answers:
                self._answers[key] = make()
                for oldest in list(self._answers)[:-_MOST_KEPT]:
                    del self._answers[oldest]
            return self._answers[key]  # type: ignore[return-value]  # a key stands for one type


@dataclass(frozen=True, slots=True)
class _Ready:
    """
    What was prepared.

    What-ifs have people of their own: a long ledger must not keep a short question waiting.
    """

    folder: CityFolder
    boundary: Boundary
    people: People
    maps: RadioMaps
    coverage: CoverageViews
    ledgers: LedgerViews
    own_people: People
    what_ifs: WhatIfs


class PlanViews:
    """
    Answers the planner's page; safe from any thread.

    Parameters
    ----------
    settings, calendar
        Of the city.
    views
        The record and the desk.
    scenarios
        Where scenarios are kept.
    """

    def __init__(
        self, settings: Settings, calendar: Calendar, views: RecordViews, scenarios: Scenarios
    ) -> None:
        self._settings, self._calendar, self._views = settings, calendar, views
        self._scenarios = scenarios
        self._ready: _Ready | None = None
        self._fault = ""
        self._rows, self._drawn, self._outreach = Kept(), Kept(), Kept()
        self._trying = threading.Lock()

    def prepare(self, now: datetime) -> None:
        """Read all layers and work out the week as it is; once, from any thread."""
        try:
            ready = self._prepared()
            if self._revisions():
                self._tried(ready, Scenario("", "", ()), now)
            self._ready = ready
        except (DataError, ConfigError, StoreError, OSError) as error:
            logger.error("plan: %s", error)  # noqa: TRY400 - a layer is wrong, not the code
            self._fault = words.CANNOT_PLAN.format(fault=clean(str(error)))
        except BaseException:
            self._fault = words.CANNOT_PLAN.format(fault=words.A_FAULT)
            raise

    def waits(self) -> str | None:
        """Return why there is nothing to plan with yet, as a Dutch sentence; None once there is."""
        if self._fault:
            return self._fault
        if self._ready is None:
            return words.PREPARING
        return None if self._views.stores.desk.revisions() else words.NO_INVENTORY

    def rows(self, bounds: Interval, now: datetime) -> PlanRows:
        """Return all figures of a window (epoch seconds, half-open), coverage as it is now."""
        key = (bounds, epoch_s(now) // KEPT_S, self._newest().number)
        return self._rows.get(key, lambda: self._made(bounds, now))

    def areas(self) -> bytes:
        """Return the areas of the ledger as GeoJSON; each has its `id`, which rows call `area`."""
        frame = self._get().people.areas.to_crs(EXCHANGE)
        return self._drawn.get("areas", lambda: str(frame.to_json(drop_id=True)).encode())

    def coverage_png(self, *, is_optimistic: bool, now: datetime) -> Picture:
        """Return coverage now, as a picture; see `netmon.analysis.coverage_map`."""
        return self._draw("png", picture, now, is_optimistic=is_optimistic)

    def coverage_geojson(self, *, is_optimistic: bool, now: datetime) -> bytes:
        """Return coverage now as GeoJSON, one feature for each class, `level_dbm` its level."""
        return self._draw("classes", class_polygons, now, is_optimistic=is_optimistic)

    def gaps_geojson(self, *, is_optimistic: bool, now: datetime) -> bytes:
        """
        Return as GeoJSON what of each Wi-Fi street is below the service level now.

        For sure: not even access points of which nothing is known would reach it. What is neither
        covered nor a gap is unknown.
        """
        radio = self._radio(now)

        def made(grid: Grid, dbm: Levels) -> bytes:
            return gap_polygons(grid, dbm, float(radio.level), surfaces(radio))

        return self._draw("gaps", made, now, is_optimistic=is_optimistic, with_unknown=True)

    def changeable(self) -> Sequence[Changeable]:
        """Return what a scenario may move, remove or open at other hours, in reading order."""
        inventory = self._newest().inventory
        points = [each for each in inventory.devices if is_access_point(each)]
        sites = [each for each in inventory.places if not each.is_street]
        found = [Changeable(each.id, each.name, False, each.lon, each.lat) for each in points]  # noqa: FBT003 - a field of the row
        return [
            *sorted(found, key=lambda each: (each.name.casefold(), each.id)),
            *sorted(map(_site, sites), key=lambda each: (each.name.casefold(), each.id)),
        ]

    def what_if(self, scenario: Scenario, now: datetime) -> WhatIf:
        """Return what a scenario changes; what is wrong with its steps is in `problems`."""
        return self._tried(self._get(), scenario, now)

    def scenarios(self) -> Sequence[Scenario]:
        """Return what was saved, the newest first."""
        return self._scenarios.all()

    def scenario(self, key: str) -> Scenario | None:
        """Return a saved scenario, None where there is none of that key."""
        return self._scenarios.of(key)

    def save(self, name: str, steps: Sequence[Step], now: datetime) -> Scenario:
        """Keep steps under a name; see `netmon.analysis.scenarios.Scenarios.save`."""
        return self._scenarios.save(name, steps, now)

    def _tried(self, ready: _Ready, scenario: Scenario, now: datetime) -> WhatIf:
        revision = self._newest()
        radio = ready.maps.of(revision.inventory.devices)
        ground = Ground(ready.boundary, lambda lon, lat: is_built(radio, lon, lat))

        def worth(points: Sequence[OfferPoint], map_then: RadioMap | None) -> Honesty:
            return of_promise(ready.own_people, revision, points, map_then)

        with self._trying:
            city = City(revision.inventory, radio)
            return ready.what_ifs.of(scenario, city, ground, now, worth)

    def _prepared(self) -> _Ready:
        settings, views = self._settings, self._views
        folder = CityFolder.open(settings.city.folder)
        people, own_people = People.load(settings), People.load(settings)
        maps = RadioMaps.of_settings(settings)
        targets = [each.target() for each in settings.targets]
        return _Ready(
            folder,
            Boundary.load(folder.boundary),
            people,
            maps,
            CoverageViews(views, maps),
            LedgerViews(views.stores, people, maps.of),
            own_people,
            WhatIfs(own_people, self._calendar, targets),
        )

    def _get(self) -> _Ready:
        if self._ready is None:
            raise RuntimeError(f"plan: expected it prepared, found: {self.waits()}")
        return self._ready

    def _revisions(self) -> Sequence[Revision]:
        return self._views.stores.desk.revisions()[-1:]

    def _newest(self) -> Revision:
        (revision,) = self._revisions()
        return revision

    def _radio(self, now: datetime) -> RadioMap:
        timelines = self._views.timelines_now(now)
        return self._get().maps.of(each.device for each in timelines.values())

    def _draw(
        self,
        kind: str,
        make: Callable[[Grid, Levels], T],
        now: datetime,
        *,
        is_optimistic: bool,
        with_unknown: bool = False,
    ) -> T:
        """Return a drawing of coverage now, kept while the same access points of a map work."""
        radio = self._radio(now)
        key = (epoch_s(now) // KEPT_S, self._newest().number)
        report = self._drawn.get(("now", *key), lambda: self._get().coverage.now(now))

        working = (*report.working, *(report.unknown if with_unknown else ()))

        def made() -> tuple[RadioMap, T]:
            cover = radio.coverage(working)
            dbm = cover.optimistic_dbm if is_optimistic else cover.planning_dbm
            return radio, make(radio.grid, dbm)

        # The map stays with its drawing, so that no other one ever has its identity.
        return self._drawn.get((kind, is_optimistic, id(radio), working), made)[1]

    def _made(self, bounds: Interval, now: datetime) -> PlanRows:
        ready = self._get()
        coverage = ready.coverage.now(now)
        has_begun = bounds[0] < epoch_s(now)
        window = ready.coverage.between(bounds, now) if has_begun else None
        report = ready.ledgers.between(bounds, now)
        lists = self._outreach.get(self._newest().number, self._listed)
        incidents = self._views.incident_views.between(bounds, epoch_s(now))
        names = {each.id: each.name for each in self._newest().inventory.places}
        year = instant(bounds[0]).astimezone(self._calendar.timezone).year
        targets = [each.target() for each in self._settings.targets]
        access = self._access(report)
        return PlanRows(
            instant(bounds[0]),
            instant(bounds[1]),
            rows_now(coverage, window),
            plan_rows(report.rows, ready.people, access, targets, year),
            equity_rows(report.rows, targets, year),
            cost_rows(report, incidents, names),
            lists.rows,
            of_record(report, coverage, len(lists.to_locate)),
        )

    def _access(self, report: LedgerReport) -> Access:
        """Return what falls to one person of what was promised in a window, but for Wi-Fi."""
        people = self._get().people
        found: dict[tuple[Service, str, str], float | None] = {}
        for service in AT_SITES:
            points = [each for each in self._points() if each.service is service]
            found |= access_of(people, service, points, supply_of(report.places, points))
        return found

    def _points(self) -> list[OfferPoint]:
        """Return every offer of the city as it is."""
        inventory = self._newest().inventory
        places = with_seats(inventory.places, inventory)
        streets = {each.id: each for each in places if each.is_street}
        radio = self._get().maps.of(inventory.devices)
        at_sites = [each for each in site_points(places) if each.service in SERVICES]
        return [*at_sites, *wifi_points(radio, streets, is_optimistic=False)]

    def _listed(self) -> Outreach:
        ready = self._get()
        names = {each.id: each.name for each in self._newest().inventory.places}
        # What the page tells is exported too: it must not name a refuge.
        return outreach(ready.folder, ready.people, self._points(), names, is_public=True)


def surfaces(radio: RadioMap) -> dict[str, BaseGeometry]:
    """Return the surface of each street of a map, EPSG:3812."""
    found: dict[str, list[BaseGeometry]] = {}
    for each in radio.stretches:
        found.setdefault(each.street_id, []).append(each.area)
    return {name: shapely.union_all(areas) for name, areas in found.items()}


def is_built(radio: RadioMap, lon: float, lat: float) -> bool:
    """Tell whether a place (EPSG:4326) lies deep in a house that a map knows."""
    x_m, y_m = Transformer.from_crs(EXCHANGE, METRIC, always_xy=True).transform(lon, lat)
    rows, columns = radio.grid.window(x_m, y_m, _NEAR_OUTDOORS_M)
    around = radio.outdoors[rows, columns]
    return bool(around.size) and not around.any()


def _site(place: Place) -> Changeable:
    hours = dict.fromkeys(each.opening_hours or place.opening_hours or "" for each in place.offers)
    services = tuple(dict.fromkeys(each.service for each in place.offers))
    # Hours that differ by service are no one's to show as those of the site.
    told = next(iter(hours)) if len(hours) == 1 else ""
    return Changeable(place.id, place.name, True, place.lon, place.lat, services, told)  # noqa: FBT003 - a field of the row
