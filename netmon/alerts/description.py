"""What a problem means for residents, as the analysis tells it to the alerts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from netmon.domain.model import Device, DeviceKind


@dataclass(frozen=True, slots=True)
class Loss:
    """Devices of a kind that are out at a place: `out` are their ids, `total` how many it has."""

    place_id: str
    place_name: str
    kind: DeviceKind
    out: frozenset[str]
    total: int


@dataclass(frozen=True, slots=True)
class Description:
    """
    What one problem takes from residents; what is not known is None or empty.

    Parameters
    ----------
    losses
        Devices that are out because of it, itself included.
    lost_m
        Metres of street without signal.
    people
        Residents who have no other free internet in reach; rounded when told.
    next_spot
        Name of the nearest place that is open and works.
    next_spot_until
        When that closes (aware), None where it does not or nobody says.
    next_spot_m
        How far it is, already rounded to what is known.
    is_straight
        Whether that is a straight line, and no walk.
    is_synthetic
        Whether anything invented went into metres and people.
    """

    losses: tuple[Loss, ...] = ()
    lost_m: float | None = None
    people: int | None = None
    next_spot: str | None = None
    next_spot_until: datetime | None = None
    next_spot_m: float | None = None
    is_straight: bool = False
    is_synthetic: bool = False


Describe = Callable[[str], Description | None]
"""Returns what is known of the problem with a key (an incident's id), None where nothing is."""


def losses_of(
    out: Iterable[str], devices: Mapping[str, Device], place_names: Mapping[str, str]
) -> tuple[Loss, ...]:
    """
    Count devices that are out against all of their kind at their place, by place and kind.

    Parameters
    ----------
    out
        Ids; those that the inventory does not have are left out.
    devices
        The whole inventory by id.
    place_names
        By id of the place.
    """
    groups: dict[tuple[str, DeviceKind], set[str]] = {}
    for device in filter(None, map(devices.get, sorted(out))):
        groups.setdefault((device.place_id, device.kind), set()).add(device.id)
    totals: dict[tuple[str, DeviceKind], int] = dict.fromkeys(groups, 0)
    for device in devices.values():
        if (device.place_id, device.kind) in totals:
            totals[device.place_id, device.kind] += 1
    return tuple(
        Loss(place, place_names.get(place, place), kind, frozenset(ids), totals[place, kind])
        for (place, kind), ids in groups.items()
    )


def merged(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    """Return losses with those of one place and kind as one: a device counts once."""
    found: dict[tuple[str, DeviceKind], Loss] = {}
    for loss in losses:
        before = found.get((loss.place_id, loss.kind), loss)
        total = max(loss.total, before.total)
        found[loss.place_id, loss.kind] = Loss(
            loss.place_id, loss.place_name, loss.kind, before.out | loss.out, total
        )
    return tuple(found.values())
