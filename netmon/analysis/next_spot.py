"""
Where to go instead: the nearest free internet that is open and works.

Pure. What is not known counts for nothing: unknown hours are not open, a device of which nothing
is known does not work, and a place without a position is not near.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from geodata.walking import Method
from netmon.analysis.on_foot import Point, Way
from netmon.analysis.rows import DeviceRow, SpotRow
from netmon.domain.model import SERVICE_OF_KIND, Service, Status
from netmon.domain.reasons import STOPS, stays_usable

COARSE_M = 50.0
"""What is known less precisely than this is told to a hundred metres."""

_FINE_STEP_M, _COARSE_STEP_M = 10.0, 100.0

Ways = Callable[[Point, Sequence[Point]], Sequence[Way | None]]
"""Returns the way from a point to each of others, None where it is too far."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a service can be had now, and where it is met: at one point or at several."""

    spot: SpotRow
    service: Service
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """
    Where things are, as far as that is known, in degrees.

    `devices` are by their own id; `shapes` are the corners of streets and squares, by id.
    """

    devices: Mapping[str, Point]
    shapes: Mapping[str, tuple[Point, ...]]

    def met_at(self, spot: SpotRow, ids: Iterable[str]) -> tuple[Point, ...]:
        """Return where devices at a place are met: a street's each for itself, a site's inside."""
        if spot.is_street:
            known = tuple(self.devices[each] for each in ids if each in self.devices)
            return known or self.shapes.get(spot.id, ()) or _point_of(spot)
        return _point_of(spot)


def _point_of(spot: SpotRow) -> tuple[Point, ...]:
    return () if spot.lon is None or spot.lat is None else ((spot.lon, spot.lat),)


@dataclass(frozen=True, slots=True)
class NextSpot:
    """
    The nearest place that is open and works.

    Parameters
    ----------
    service
        What can be had there.
    is_same
        Whether that is what broke; else it is another way to be online.
    distance_m
        To ten metres, to a hundred where `is_coarse`: where it is, is not known better.
    method
        Whether that is a walk or a straight line.
    until
        When it closes (aware), None where it does not, or nobody knows.
    """

    id: str
    name: str
    service: Service
    is_same: bool
    distance_m: float
    method: Method
    is_coarse: bool
    until: datetime | None
    synthetic: bool


def is_usable(row: DeviceRow) -> bool:
    """
    Tell whether a device is known to serve residents.

    One that is degraded for a reason of a city's own might not, and is not counted on.
    """
    service = SERVICE_OF_KIND.get(row.kind)
    if service is None or row.status is not Status.DEGRADED:
        return service is not None and row.status is Status.UP
    return row.reason in STOPS and stays_usable(row.reason, service)


def candidates(
    spots: Iterable[SpotRow], devices: Iterable[DeviceRow], where: Where
) -> list[Candidate]:
    """
    Return what is open and works now.

    The Wi-Fi of a street is met at its access points, everything else at its place.

    Parameters
    ----------
    spots, devices
        As they are now.
    where
        Where they are.
    """
    there: dict[tuple[str, Service], list[str]] = {}
    for row in devices:
        if is_usable(row):
            there.setdefault((row.place_id, SERVICE_OF_KIND[row.kind]), []).append(row.id)
    return [
        Candidate(spot, service, points)
        for spot in spots
        if spot.open_now is True
        for service in SERVICE_OF_KIND.values()
        if (ids := there.get((spot.id, service))) and not _is_refuted(spot, service)
        if (points := where.met_at(spot, ids))
    ]


def next_spot(
    origin: Point,
    wanted: Collection[Service],
    able: Iterable[Candidate],
    ways: Ways,
    besides: Collection[str] = (),
) -> NextSpot | None:
    """
    Return where to go instead, None where nothing is known to be open and to work.

    Parameters
    ----------
    origin
        Where the service was lost.
    wanted
        What broke there. The nearest spot that has one of these is told; only where there is
        none, the nearest with any other.
    able
        What can be had now.
    ways
        Measures how far it is.
    besides
        Ids of places that are not the answer: those with the problem.
    """
    left = [each for each in able if each.spot.id not in set(besides)]
    points = [(candidate, point) for candidate in left for point in candidate.points]
    if not points:
        return None
    measured = zip(points, ways(origin, [point for _, point in points]), strict=True)
    found = [(candidate, way) for (candidate, _), way in measured if way is not None]
    nearest = min(found, key=lambda each: _rank(each[0], each[1], wanted), default=None)
    return None if nearest is None else _told(*nearest, wanted)


def _rank(candidate: Candidate, way: Way, wanted: Collection[Service]) -> tuple[object, ...]:
    """Rank what broke first, then the nearest; of two as near, the same one every time."""
    return candidate.service not in wanted, way.effort_m, candidate.spot.id, candidate.service


def _told(candidate: Candidate, way: Way, wanted: Collection[Service]) -> NextSpot:
    spot = candidate.spot
    is_coarse = spot.precision_m is None or spot.precision_m > COARSE_M
    step_m = _COARSE_STEP_M if is_coarse else _FINE_STEP_M
    return NextSpot(
        id=spot.id,
        name=spot.name,
        service=candidate.service,
        is_same=candidate.service in wanted,
        distance_m=max(step_m, round(way.distance_m / step_m) * step_m),
        method=way.method,
        is_coarse=is_coarse,
        until=spot.changes_at,
        synthetic=spot.synthetic,
    )


def _is_refuted(spot: SpotRow, service: Service) -> bool:
    """Tell whether a probe tried the Wi-Fi and got no page."""
    return service is Service.WIFI and spot.verified is False
