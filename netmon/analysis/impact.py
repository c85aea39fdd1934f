"""
What an incident means for residents: where to go instead, and how much street has no signal.

An incident is charged with what would come back if it alone were repaired. A stretch of street
that two incidents took counts in full for each, as either repair brings it back: so metres and
people of several incidents do not add up to those of the city. Only the cost in person-hours does:
that is divided in the ledger.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geodata.stretches import Stretch
from netmon.analysis.next_spot import NextSpot, Where, is_usable
from netmon.analysis.on_foot import Point
from netmon.analysis.rows import DeviceRow, IncidentRow, SpotRow
from netmon.domain.model import SERVICE_OF_KIND, Service, Status

_FAILED = frozenset({Status.DOWN, Status.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Band:
    """
    A number that is known as a range.

    `planned` is what is told where there is room for one: the planning value, which lies between
    `low` and `high`.
    """

    low: float
    planned: float
    high: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Person-hours of everybody that an incident cost a service, as the ledger divides them."""

    service: Service
    person_h: float


@dataclass(frozen=True, slots=True)
class Impact:
    """
    What an incident means for residents now; None: not known.

    Parameters
    ----------
    lost_m
        Metres of street without signal because of it.
    lost_m2
        Likewise of squares.
    people
        Residents with no other free internet in reach that is open and works, or might.
    costs
        What it cost each service since it began; services are never added up.
    next_spot
        Where to go instead.
    synthetic
        Whether anything invented went into the figures.
    """

    lost_m: Band | None = None
    lost_m2: Band | None = None
    people: Band | None = None
    costs: tuple[Cost, ...] | None = None
    next_spot: NextSpot | None = None
    synthetic: bool = False


NOTHING_KNOWN = Impact()


@dataclass(frozen=True, slots=True)
class Standing:
    """Ids of devices that serve residents, by how they stand; in neither: nobody knows, or off."""

    failed: frozenset[str]
    usable_or_unknown: frozenset[str]


def standing(devices: Iterable[DeviceRow]) -> Standing:
    """Return which devices failed and which work, or might."""
    serving = [row for row in devices if row.kind in SERVICE_OF_KIND]
    works = {row.id for row in serving if is_usable(row)}
    might = {row.id for row in serving if row.status is Status.UNKNOWN}
    failed = {
        row.id
        for row in serving
        if row.status in _FAILED or (row.status is Status.DEGRADED and row.id not in works)
    }
    return Standing(frozenset(failed), frozenset(works | might))


def out_by(row: IncidentRow, failed: Collection[str]) -> frozenset[str]:
    """Return the devices serving residents that are out because of an incident, now."""
    if row.ended_at is not None:
        return frozenset()
    return frozenset({row.subject_id, *row.affected} & set(failed))


def lost_stretches(
    serving: Mapping[str, frozenset[str]], now: Standing
) -> dict[str, frozenset[str]]:
    """
    Return the stretches without signal, each with the failed devices that would serve it.

    Parameters
    ----------
    serving
        By stretch, the access points that reach the service level there.
    """
    return {
        stretch: failed
        for stretch, ids in serving.items()
        if (failed := ids & now.failed) and not ids & now.usable_or_unknown
    }


def metres_lost(
    pieces: Iterable[Stretch],
    lost: Sequence[Mapping[str, frozenset[str]]],
    out: frozenset[str],
) -> tuple[Band, Band]:
    """
    Return the metres of street and the m² of square that come back with some devices.

    Parameters
    ----------
    lost
        See `lost_stretches`: as planned first, then at best.
    out
        The devices of the incident.
    """
    by_edge = [{key for key, ids in each.items() if ids & out} for each in lost]
    known = list(pieces)
    lengths = [sum(each.length_m for each in known if each.id in ids) for ids in by_edge]
    fields = [each for each in known if not each.length_m]
    areas = [sum(each.area.area for each in fields if each.id in ids) for ids in by_edge]
    return band_of(lengths), band_of(areas)


def band_of(values: Sequence[float]) -> Band:
    """Return a range from its edges, the planned one first."""
    return Band(min(values), values[0], max(values))


def hit_place(row: IncidentRow, devices: Iterable[DeviceRow], out: Collection[str]) -> str:
    """Return the place where an incident took most devices that serve residents."""
    counts = dict.fromkeys((row.place_id, *row.places), 0)
    for each in devices:
        if each.id in out and each.place_id in counts:
            counts[each.place_id] += 1
    return max(counts, key=lambda place: counts[place])


def lost_services(devices: Iterable[DeviceRow], out: Collection[str]) -> frozenset[Service]:
    """Return what residents cannot have because these are out."""
    return frozenset(SERVICE_OF_KIND[each.kind] for each in devices if each.id in out)


def middle_of(place: SpotRow | None, out: Iterable[str], where: Where) -> Point | None:
    """Return where a service was lost: amid the devices that are out, else at the place."""
    known = [where.devices[each] for each in sorted(out) if each in where.devices]
    points = known or ([] if place is None else list(where.met_at(place, ())))
    if not points:
        return None
    lon, lat = np.mean(points, axis=0)
    return float(lon), float(lat)
