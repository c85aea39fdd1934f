"""Which devices and places a month is about, and since and until when each was among them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from netmon.analysis.announced import Announced, newest_names
from netmon.analysis.timelines import FOREVER_S, devices_by_any_id
from netmon.domain.intervals import Interval, epoch_s, instant, intersection, union
from netmon.domain.model import Device, Inventory, Place, Revision


@dataclass(frozen=True, slots=True)
class MonthCity:
    """
    What the inventory held in a month.

    `inventory` holds every device and place that it had at any time of it, as they last were before
    the month ended; only opening hours are those that are known now, for whoever corrects
    them corrects what was promised. `present` tells when it had each device, sorted and
    disjoint. `known` are the revisions that began before the month ended, `names` each
    newest id by every older one, later ones too.
    """

    inventory: Inventory
    present: Mapping[str, Sequence[Interval]]
    known: Sequence[Revision]
    names: Mapping[str, str]

    def revisions(self, until_s: int) -> Sequence[Revision]:
        """Return what timelines are made of: the known ones, and this city as the newest."""
        return (*self.known, Revision(0, instant(until_s), self.inventory))

    def ids(self, name: str) -> list[str]:
        """Return every id that a device has had, and may be recorded under."""
        newest = self.names.get(name, name)
        return [name, *(old for old, new in self.names.items() if new == newest and old != name)]

    def announced(self, said: Announced) -> Announced:
        """Return what was announced, by the ids that devices and places had in the month."""
        ever = {each.id for revision in self.known for each in _all(revision.inventory)}
        newest = {name: self.names.get(name, name) for name in sorted(ever)}
        return Announced(
            {
                name: said.maintenance[key]
                for name, key in newest.items()
                if key in said.maintenance
            },
            {name: said.changes[key] for name, key in newest.items() if key in said.changes},
        )


def city_of(
    revisions: Sequence[Revision],
    bounds: Interval,
    known_before_s: int,
    *,
    with_synthetic: bool,
) -> MonthCity:
    """
    Return what the inventory held in `bounds`.

    Parameters
    ----------
    revisions
        Oldest first, at least one.
    bounds
        Epoch seconds of the month.
    known_before_s
        What was changed from then on is not looked at, opening hours aside.
    with_synthetic
        Whether invented places and devices count; they do in a demo only.
    """
    known = [each for each in revisions if epoch_s(each.since) < known_before_s]
    known = known or list(revisions[:1])
    devices, places = devices_by_any_id(known), _places(known, revisions)
    present = _present(known, devices)
    there = {name: shared for name in present if (shared := intersection(present[name], [bounds]))}
    held = {each.id: _renamed(each, known) for each in devices.values() if each.id in there}
    standing = _standing(known, bounds, places)
    real = {name: each for name, each in standing.items() if with_synthetic or not each.synthetic}
    kept = [
        each
        for each in held.values()
        if each.place_id in real and (with_synthetic or not each.synthetic)
    ]
    inventory = Inventory(tuple(real.values()), tuple(sorted(kept, key=lambda each: each.id)))
    return MonthCity(inventory, there, known, newest_names(revisions))


def places_present(city: MonthCity) -> dict[str, list[Interval]]:
    """Return when the inventory had each place, sorted and disjoint, by the ids of `city`."""
    then = newest_names(city.known)
    found: dict[str, list[Interval]] = {}
    for interval, revision in _periods(city.known):
        for place in revision.inventory.places:
            found.setdefault(then.get(place.id, place.id), []).append(interval)
    return {name: union(intervals) for name, intervals in found.items()}


def _present(known: Sequence[Revision], devices: Mapping[str, Device]) -> dict[str, list[Interval]]:
    found: dict[str, list[Interval]] = {}
    for interval, revision in _periods(known):
        for device in revision.inventory.devices:
            found.setdefault(devices[device.id].id, []).append(interval)
    return {name: union(intervals) for name, intervals in found.items()}


def _periods(known: Sequence[Revision]) -> Iterable[tuple[Interval, Revision]]:
    """Yield when each revision held; what was before the first one is read with that."""
    starts = [0, *(epoch_s(each.since) for each in known[1:])]
    yield from zip(zip(starts, [*starts[1:], FOREVER_S], strict=True), known, strict=True)


def _places(known: Sequence[Revision], revisions: Sequence[Revision]) -> dict[str, Place]:
    """Return places by every id known in the month, with the opening hours known now."""
    then, now = newest_names(known), newest_names(revisions)
    last = {each.id: each for revision in known for each in revision.inventory.places}
    newest = {each.id: each for revision in revisions for each in revision.inventory.places}
    found = {}
    for name in last:
        place = last[then.get(name, name)]
        found[name] = _with_hours(place, newest[now.get(place.id, place.id)])
    return found


def _with_hours(place: Place, newest: Place) -> Place:
    hours = {each.service: each.opening_hours for each in reversed(newest.offers)}
    return replace(
        place,
        opening_hours=newest.opening_hours,
        lead_s=newest.lead_s,
        lag_s=newest.lag_s,
        offers=tuple(
            replace(each, opening_hours=hours.get(each.service, each.opening_hours))
            for each in place.offers
        ),
    )


def _standing(
    known: Sequence[Revision], bounds: Interval, places: Mapping[str, Place]
) -> dict[str, Place]:
    """Return the places that any revision of the month held, by name."""
    there = {
        place.id: place
        for (start_s, end_s), revision in _periods(known)
        if start_s < bounds[1] and bounds[0] < end_s
        for place in (places[each.id] for each in revision.inventory.places)
    }
    return dict(sorted(there.items(), key=lambda pair: (pair[1].name, pair[0])))


def _renamed(device: Device, known: Sequence[Revision]) -> Device:
    """Return a device that names its place and parents by the ids that they had last."""
    names = newest_names(known)
    parents = tuple(names.get(each, each) for each in device.parents)
    return replace(device, place_id=names.get(device.place_id, device.place_id), parents=parents)


def _all(inventory: Inventory) -> Iterable[Device | Place]:
    yield from inventory.devices
    yield from inventory.places
