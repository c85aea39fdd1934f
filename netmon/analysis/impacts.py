"""What each open incident means for residents, from the record and the map."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import geopandas as gpd
import shapely

from netmon.analysis.accounts import LedgerViews
from netmon.analysis.impact import (
    Band,
    Cost,
    Impact,
    Standing,
    band_of,
    hit_place,
    lost_services,
    lost_stretches,
    metres_lost,
    middle_of,
    out_by,
    standing,
)
from netmon.analysis.next_spot import Candidate, NextSpot, Ways, Where, candidates, next_spot
from netmon.analysis.people import People
from netmon.analysis.radio import RadioMap
from netmon.analysis.rows import DeviceRow, IncidentRow, SpotRow
from netmon.analysis.without import Without, offers_of_sites, offers_of_streets
from netmon.domain.groups import EVERYBODY
from netmon.domain.intervals import epoch_s
from netmon.domain.model import DeviceKind, Inventory, Status

LONGEST = timedelta(days=7)
"""What has been open for longer has its cost in the ledger of its months: that takes longer."""

CHARGED_FOR = timedelta(minutes=1)
"""How long a cost is told before it is worked out anew."""


NEVER = datetime.min.replace(tzinfo=UTC)


class Live(Protocol):
    """The record as it is now."""

    def spots(self, now: datetime) -> tuple[SpotRow, ...]:
        """Return every place that residents may use."""

    def devices(self, now: datetime) -> tuple[DeviceRow, ...]:
        """Return every device with its status."""

    def incidents(self, now: datetime) -> tuple[IncidentRow, ...]:
        """Return open incidents and those that ended lately."""


@dataclass(frozen=True, slots=True)
class City:
    """
    What does not change with the record.

    `radio` is None where no access point has a place, `people` where nobody knows them,
    `ledger` where nobody keeps one.
    """

    where: Where
    ways: Ways
    radio: RadioMap | None = None
    people: People | None = None
    ledger: LedgerViews | None = None

    def edges(self) -> list[dict[str, frozenset[str]]]:
        """Return who serves each stretch of street: as planned first, then at best."""
        if self.radio is None:
            return []
        return [self.radio.serving(is_optimistic=each) for each in (False, True)]

    @property
    def is_synthetic(self) -> bool:
        """Return whether anything invented goes into figures."""
        is_radio = self.radio is not None and self.radio.is_synthetic
        return is_radio or (self.people is not None and self.people.is_synthetic(EVERYBODY))


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
    without: tuple[Without, ...]


@dataclass(frozen=True, slots=True)
class _Charged:
    """What incidents were last found to cost, and when."""

    ids: frozenset[str] = frozenset()
    at: datetime = NEVER
    costs: Mapping[str, tuple[Cost, ...]] = field(default_factory=dict)


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
        self._charged = _Charged()

    def at(self, now: datetime) -> dict[str, Impact]:
        """Return what each incident that is open at an instant means, by its id."""
        rows = [row for row in self._live.incidents(now) if row.ended_at is None]
        if not rows:
            return {}
        scene = self._scene(now)
        costs = self._costs(scene.city, rows, now)
        return {row.id: _impact(row, scene, costs.get(row.id)) for row in rows}

    def _costs(
        self, city: City, rows: Sequence[IncidentRow], now: datetime
    ) -> Mapping[str, tuple[Cost, ...]]:
        """Return what incidents cost; those of a minute ago will do."""
        recent = [row for row in rows if now - row.began_at <= LONGEST]
        asked = frozenset(row.id for row in recent)
        if city.ledger is None or not asked:
            return {}
        if self._charged.ids != asked or abs(now - self._charged.at) >= CHARGED_FOR:
            costs = costs_of(city.ledger, recent, now)
            self._charged = _Charged(asked, now, costs)
        return self._charged.costs

    def _scene(self, now: datetime) -> _Scene:
        city, spots, devices = self._city(), self._live.spots(now), self._live.devices(now)
        stands = standing(devices)
        return _Scene(
            city,
            {spot.id: spot for spot in spots},
            devices,
            stands,
            candidates(spots, devices, city.where),
            tuple(lost_stretches(each, stands) for each in city.edges()),
            _without(city, spots, devices, stands),
        )


def _without(
    city: City, spots: Iterable[SpotRow], devices: Sequence[DeviceRow], stands: Standing
) -> tuple[Without, ...]:
    """Return who is without: as planned first, then at best."""
    if city.people is None or city.radio is None:
        return ()
    points = city.people.points
    everybody = points.people[:, points.groups.index(EVERYBODY)]
    sites = offers_of_sites(spots, devices, stands)
    return tuple(
        Without.among(
            city.people,
            everybody,
            [*sites, *offers_of_streets(city.radio.stretches, each, stands)],
        )
        for each in city.edges()
    )


def costs_of(
    ledger: LedgerViews, rows: Sequence[IncidentRow], now: datetime
) -> dict[str, tuple[Cost, ...]]:
    """Return what each incident cost everybody since it began, by its id."""
    began_s, now_s = min(epoch_s(row.began_at) for row in rows), epoch_s(now)
    report = ledger.between((began_s, max(now_s, began_s + 1)), now, groups=[EVERYBODY])
    found: dict[str, tuple[Cost, ...]] = {row.id: () for row in rows}
    for each in report.incidents:
        if each.id in found:
            found[each.id] += (Cost(each.service, float(each.cost_h)),)
    return found


def _impact(row: IncidentRow, scene: _Scene, costs: tuple[Cost, ...] | None) -> Impact:
    if _is_any_unknown(row, scene.devices):
        return Impact(costs=costs, synthetic=scene.city.is_synthetic)
    out = out_by(row, scene.now.failed)
    lost_m, lost_m2 = _metres(scene, out)
    counted = [each.because_of(out) for each in scene.without]
    return Impact(
        lost_m=lost_m,
        lost_m2=lost_m2,
        people=band_of(counted) if counted else None,
        costs=costs,
        next_spot=_next_spot(row, scene, out),
        synthetic=scene.city.is_synthetic,
    )


def _is_any_unknown(row: IncidentRow, devices: Iterable[DeviceRow]) -> bool:
    """Tell whether nobody knows if something that an incident took still is out."""
    hit = {row.subject_id, *row.affected}
    return any(each.id in hit and each.status is Status.UNKNOWN for each in devices)


def _metres(scene: _Scene, out: frozenset[str]) -> tuple[Band | None, Band | None]:
    """Return what is dark; not known where an access point that is out is not on the map."""
    radio = scene.city.radio
    if radio is None or not _access_points(scene, out) <= radio.ids:
        return None, None
    return metres_lost(radio.stretches, scene.lost, out)


def _access_points(scene: _Scene, out: frozenset[str]) -> set[str]:
    kind = DeviceKind.ACCESS_POINT
    return {row.id for row in scene.devices if row.id in out and row.kind is kind}


def _is_made_up_for(scene: _Scene, out: frozenset[str]) -> bool:
    """Tell whether neighbours serve all that these served, in the streets, even as planned."""
    at = {row.place_id for row in scene.devices if row.id in out}
    in_streets = all(each in scene.spots and scene.spots[each].is_street for each in at)
    return in_streets and all(band is not None and band.high <= 0 for band in _metres(scene, out))


def _next_spot(row: IncidentRow, scene: _Scene, out: frozenset[str]) -> NextSpot | None:
    """Return where to go instead; nobody has to where an incident took nothing from residents."""
    wanted = lost_services(scene.devices, out)
    place = scene.spots.get(hit_place(row, scene.devices, out))
    origin = middle_of(place, out, scene.city.where)
    if not wanted or origin is None or _is_made_up_for(scene, out):
        return None
    return next_spot(origin, wanted, scene.able, scene.city.ways, (row.place_id, *row.places))
