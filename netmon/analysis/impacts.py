"""What each open incident means for residents, from the record and the map."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import geopandas as gpd
import shapely

from netmon.analysis.impact import (
    Band,
    Impact,
    Piece,
    Standing,
    hit_place,
    lost_services,
    lost_stretches,
    metres_lost,
    middle_of,
    out_by,
    standing,
)
from netmon.analysis.next_spot import Candidate, NextSpot, Ways, Where, candidates, next_spot
from netmon.analysis.rows import DeviceRow, IncidentRow, SpotRow
from netmon.domain.model import Inventory


class Live(Protocol):
    """The record as it is now."""

    def spots(self, now: datetime) -> tuple[SpotRow, ...]:
        """Return every place that residents may use."""

    def devices(self, now: datetime) -> tuple[DeviceRow, ...]:
        """Return every device with its status."""

    def incidents(self, now: datetime) -> tuple[IncidentRow, ...]:
        """Return open incidents and those that ended lately."""


class Signal(Protocol):
    """Which access points reach which stretch of street, see `netmon.analysis.radio.RadioMap`."""

    @property
    def stretches(self) -> tuple[Piece, ...]:
        """Return the stretches of all streets."""

    @property
    def is_synthetic(self) -> bool:
        """Return whether anything that went into it is invented."""

    def serving(self, *, is_optimistic: bool) -> Mapping[str, frozenset[str]]:
        """Return by stretch the access points that reach the service level there."""


@dataclass(frozen=True, slots=True)
class City:
    """What does not change with the record; `signal` is None where no street is known."""

    where: Where
    ways: Ways
    signal: Signal | None = None


CityOf = Callable[[], City]
"""Returns the city as its newest inventory is."""


def where_in(inventory: Inventory, streets: gpd.GeoDataFrame) -> Where:
    """Return where devices hang and streets run, as far as the inventory and the layer say."""
    devices = {
        each.id: (each.lon, each.lat)
        for each in inventory.devices
        if each.lon is not None and each.lat is not None
    }
    return Where(
        devices,
        {
            str(key): tuple(map(tuple, shapely.get_coordinates(shape).tolist()))
            for key, shape in zip(streets["id"], streets.geometry, strict=True)
        },
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    """Everything that open incidents of one instant share."""

    city: City
    spots: Mapping[str, SpotRow]
    devices: tuple[DeviceRow, ...]
    now: Standing
    able: list[Candidate]
    lost: tuple[dict[str, frozenset[str]], ...]


class Impacts:
    """
    Works out what open incidents mean.

    Parameters
    ----------
    live
        The record.
    city
        The map; asked only where something is broken, as it takes time and memory.
    """

    def __init__(self, live: Live, city: CityOf) -> None:
        self._live, self._city = live, city

    def at(self, now: datetime) -> dict[str, Impact]:
        """Return what each incident that is open at an instant means, by its id."""
        rows = [row for row in self._live.incidents(now) if row.ended_at is None]
        if not rows:
            return {}
        scene = self._scene(now)
        return {row.id: _impact(row, scene) for row in rows}

    def _scene(self, now: datetime) -> _Scene:
        city, spots, devices = self._city(), self._live.spots(now), self._live.devices(now)
        stands = standing(devices)
        return _Scene(
            city,
            {spot.id: spot for spot in spots},
            devices,
            stands,
            candidates(spots, devices, city.where),
            _lost(city.signal, stands),
        )


def _lost(signal: Signal | None, stands: Standing) -> tuple[dict[str, frozenset[str]], ...]:
    if signal is None:
        return ()
    return tuple(
        lost_stretches(signal.serving(is_optimistic=is_optimistic), stands)
        for is_optimistic in (False, True)
    )


def _impact(row: IncidentRow, scene: _Scene) -> Impact:
    out = out_by(row, scene.now.failed)
    lost_m, lost_m2 = _metres(scene, out)
    signal = scene.city.signal
    return Impact(
        lost_m=lost_m,
        lost_m2=lost_m2,
        next_spot=_next_spot(row, scene, out),
        synthetic=signal is not None and signal.is_synthetic,
    )


def _metres(scene: _Scene, out: frozenset[str]) -> tuple[Band | None, Band | None]:
    if scene.city.signal is None:
        return None, None
    return metres_lost(scene.city.signal.stretches, scene.lost, out)


def _next_spot(row: IncidentRow, scene: _Scene, out: Collection[str]) -> NextSpot | None:
    """Return where to go instead; nobody has to where an incident took nothing from residents."""
    wanted = lost_services(scene.devices, out)
    place = scene.spots.get(hit_place(row, scene.devices, out))
    origin = middle_of(place, out, scene.city.where)
    if not wanted or origin is None:
        return None
    return next_spot(origin, wanted, scene.able, scene.city.ways, (row.place_id, *row.places))
