"""Which runs incidents need: what was broken at an instant, from its beginning, and all after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from netmon.analysis.announced import newest_names
from netmon.analysis.presence import site_slack_s
from netmon.domain.dependencies import ancestors
from netmon.domain.model import Device, DeviceKind, Power, Revision
from netmon.storage.record import OPEN_S, RecordReader, Runs

NOTHING_FURTHER: Mapping[str, int] = {}

Related = Mapping[str, frozenset[str]]
"""Ids of other devices, by that of a device."""


@dataclass(frozen=True, slots=True)
class Tails:
    """Runs, and the earliest second from which any device is read."""

    runs: Runs
    from_s: int


def radius_s(dependency_slack_s: int) -> int:
    """
    Return how far around an instant the record can bear on how that instant is judged.

    A device is explained by its parents, and its place by its computers and by what carries
    them, each within a slack before and after.
    """
    return 1 + site_slack_s(dependency_slack_s) + 2 * dependency_slack_s


def tails(  # noqa: PLR0913 - what is read, and from when until when
    record: RecordReader,
    revisions: Sequence[Revision],
    since_s: int,
    slack_s: int,
    *,
    further: Mapping[str, int] = NOTHING_FURTHER,
    until_s: int = OPEN_S,
) -> Tails:
    """
    Return the runs from which all incidents that touch the time from an instant on are read.

    Each device comes from when it was last wholly well; with all that may explain what it
    did since, and all that it may have taken along. So an incident has its beginning, cause
    and extent from wherever it is read. `slack_s` is that of dependencies. `further` are
    devices that are read, likewise, from an earlier instant on. What began at `until_s` or
    later is left out.
    """
    around_s, names = radius_s(slack_s), newest_names(revisions)
    with record.at_one_moment():
        broken = {**record.broken_since(since_s, names), **further}
        needed = _needed_since(broken, revisions, names)
        begins = {
            device_id: min(start_s, since_s) - around_s for device_id, start_s in needed.items()
        }
        begins |= {old: begins[new] for old, new in names.items() if new in begins}
        runs = record.runs_since_last_up(since_s - around_s, begins, until_s)
    return Tails(runs, min([since_s - around_s, *begins.values()]))


def _needed_since(
    broken: Mapping[str, int], revisions: Sequence[Revision], names: Mapping[str, str]
) -> dict[str, int]:
    parents = _parents_ever(revisions, names)
    explains, children = _explains(revisions[-1:], parents), _turned_round(parents)
    needed = dict(broken)
    for device_id, start_s in broken.items():
        hit = {device_id, *_all_of(device_id, children)}
        for other in hit.union(*(_all_of(each, explains) for each in hit)):
            needed[other] = min(start_s, needed.get(other, start_s))
    return needed


def _all_of(device_id: str, related: Related) -> frozenset[str]:
    return ancestors(device_id, lambda each: related.get(each, frozenset()))


def _explains(newest: Sequence[Revision], parents: Related) -> Related:
    """Return what may explain that a device is silent: its parents, and its place's silence."""
    explains = dict(parents)
    for devices in _devices_by_place(newest).values():
        witnesses = frozenset(each.id for each in devices if _is_witness(each))
        for device in (each for each in devices if each.power is Power.WITH_SITE):
            explains[device.id] = explains.get(device.id, frozenset()) | witnesses
    return explains


def _devices_by_place(revisions: Iterable[Revision]) -> dict[str, list[Device]]:
    found: dict[str, list[Device]] = {}
    for revision in revisions:
        for device in revision.inventory.devices:
            found.setdefault(device.place_id, []).append(device)
    return found


def _is_witness(device: Device) -> bool:
    is_network = device.kind in {DeviceKind.GATEWAY, DeviceKind.SWITCH}
    is_computer = device.kind is DeviceKind.PUBLIC_PC
    return is_network or (is_computer and device.power is Power.WITH_SITE)


def _parents_ever(revisions: Iterable[Revision], names: Mapping[str, str]) -> Related:
    ever: dict[str, frozenset[str]] = {}
    for revision in revisions:
        for device in revision.inventory.devices:
            if device.parents:
                name = names.get(device.id, device.id)
                above = (names.get(each, each) for each in device.parents)
                ever[name] = ever.get(name, frozenset()).union(above)
    return ever


def _turned_round(related: Related) -> Related:
    found: dict[str, frozenset[str]] = {}
    for device_id, others in related.items():
        for other in others:
            found[other] = found.get(other, frozenset()) | {device_id}
    return found
