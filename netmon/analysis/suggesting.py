"""What a city might do next, from its inventory, its people and its streets."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geodata.candidates import STEP_M, Candidate, front_candidates, place_candidates
from geodata.city import City
from geodata.crs import EXCHANGE
from geodata.imported import load_street_network
from geodata.layers import load_layer, to_metric
from geodata.siting import Progress
from netmon.analysis.actions import (
    more_hours,
    new_access_points,
    new_sites,
    standing_sites,
    standing_streets,
)
from netmon.analysis.half_days import half_days
from netmon.analysis.hours import OpeningHours
from netmon.analysis.ordinary_week import SERVICES, ordinary_week
from netmon.analysis.people import People
from netmon.analysis.proposals import Market, Suggestion, suggest
from netmon.analysis.radio import RadioMap
from netmon.analysis.stages import stage_of
from netmon.config.calendar import Calendar
from netmon.domain.intervals import Interval
from netmon.domain.model import Inventory, Place, Service

MOST_FRONTS = 2000
"""Access points that are tried: in a city with more streets they are tried farther apart."""


class Suggesting:
    """
    Answers what would help most.

    Parameters
    ----------
    folder
        The city's.
    calendar, hours
        When places are open.
    inventory
        What there is.
    people
        Who is where.
    radio
        What the access points of the inventory reach.

    `step_m` is how far apart access points are tried along the streets, in metres.

    Raises
    ------
    DataError
        If a layer of the city cannot be read.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - a city has as many sides
        self,
        folder: Path,
        calendar: Calendar,
        hours: OpeningHours,
        inventory: Inventory,
        people: People,
        radio: RadioMap,
    ) -> None:
        self._calendar, self._hours = calendar, hours
        self._inventory, self._people, self._radio = inventory, people, radio
        streets = _streets(folder)
        self.step_m = step_m(float(streets.length.sum()))
        self._fronts = front_candidates(streets, people.areas, self.step_m)
        self._houses = place_candidates(_houses(folder, inventory), people.areas)
        areas = people.areas
        self._names = {
            **dict(zip(areas["id"].astype(str), areas["name"].astype(str), strict=True)),
            **{each.id: each.name for each in inventory.places},
        }

    @property
    def groups(self) -> Sequence[str]:
        """Return the groups whose time can be counted."""
        return tuple(self._people.groups)

    @property
    def walks(self) -> str:
        """Return how walks are measured."""
        return str(self._people.method)

    def best(  # noqa: PLR0913 - three say what, three how long
        self,
        spots: int,
        now: datetime,
        *,
        services: Sequence[Service] = SERVICES,
        group: str = "all",
        time_limit_s: float | None = None,
        progress: Progress | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Suggestion:
        """Return the best actions for a group; see `netmon.analysis.proposals.suggest`."""
        week = ordinary_week(now, self._calendar)
        stage = stage_of(self._people.groups[group], week, self._calendar.timezone)
        markets = [self._market(each, week) for each in services]
        return suggest(
            self._people,
            group,
            markets,
            stage.active,
            spots,
            time_limit_s=time_limit_s,
            progress=progress,
            is_cancelled=is_cancelled,
        )

    def _market(self, service: Service, week: Interval) -> Market:
        if service is Service.WIFI:
            streets = standing_streets(self._inventory, self._radio, self._hours, week)
            return Market(service, streets, new_access_points(self._fronts, self._names, week))
        standing = standing_sites(self._inventory, service, self._hours, week)
        halves = half_days(week, self._calendar)
        longer = more_hours(standing, self._names, halves)
        new = new_sites(self._without(service), service, self._names, halves)
        return Market(service, standing, [*longer, *new])

    def _without(self, service: Service) -> list[Candidate]:
        """Return the houses in which the service is not."""
        taken = {
            each.id
            for each in self._inventory.places
            if any(offer.service is service for offer in each.offers)
        }
        return [each for each in self._houses if each.id not in taken]


def step_m(streets_m: float) -> float:
    """Return how far apart access points are tried along so many metres of streets."""
    return max(STEP_M, streets_m / MOST_FRONTS)


_COLUMNS = ["id", "name", "precision_m", "synthetic", "public", "geometry"]


def _houses(folder: Path, inventory: Inventory) -> gpd.GeoDataFrame:
    """Return the sites of the inventory, then the places where target groups meet, EPSG:3812."""
    sites = gpd.GeoDataFrame(
        [
            (each.id, each.name, each.precision_m, each.synthetic, True, _point(each))
            for each in inventory.places
            if not each.is_street
        ],
        columns=_COLUMNS,
        geometry="geometry",
        crs=EXCHANGE,
    )
    met = load_layer(City.open(folder).target_groups).reindex(columns=_COLUMNS)
    return to_metric(gpd.GeoDataFrame(pd.concat([sites, met], ignore_index=True), crs=EXCHANGE))


def _point(place: Place) -> shapely.Point | None:
    return None if place.lon is None or place.lat is None else shapely.Point(place.lon, place.lat)


def _streets(folder: Path) -> gpd.GeoDataFrame:
    """Return the streets to hang access points in: imported ones, else those of the map."""
    imported = load_street_network(folder)
    city = City.open(folder)
    network = load_layer(city.basemap_streets, None) if imported is None else imported
    frames: Mapping[str, gpd.GeoDataFrame] = {
        "wifi": to_metric(load_layer(city.streets)),
        "network": to_metric(network),
    }
    kept = [
        each.reindex(columns=["name", "width_m", "precision_m", "synthetic", "geometry"])
        for each in frames.values()
    ]
    return gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), crs=kept[0].crs)
