"""Which runs live pages need: what broke lately, from its beginning, with what explains it."""

from collections.abc import Iterable, Mapping, Sequence

from netmon.domain.dependencies import ancestors
from netmon.domain.model import Device, DeviceKind, Power, Revision
from netmon.storage.record import RecordReader, Runs

NOTHING_FURTHER: Mapping[str, int] = {}


def tails(
    record: RecordReader,
    revisions: Sequence[Revision],
    since_s: int,
    slack_s: int,
    further: Mapping[str, int] = NOTHING_FURTHER,
) -> Runs:
    """
    Return all runs from the last `up` of each check at or before an instant.

    What is broken comes with every check of its device, and with all that may explain it,
    from `slack_s` before it broke: read a week later, an outage is dated and explained as it
    was on its day. `further` are devices that are read, likewise, from an earlier instant on.
    """
    with record.at_one_moment():
        broken = {**record.broken_since(since_s), **further}
        needed = _needed_since(broken, _explains(revisions))
        begins = {device_id: start_s - slack_s for device_id, start_s in needed.items()}
        return record.runs_since_last_up(since_s, begins)


def _needed_since(
    broken: Mapping[str, int], explains: Mapping[str, frozenset[str]]
) -> dict[str, int]:
    needed = dict(broken)
    for device_id, start_s in broken.items():
        for other in ancestors(device_id, lambda each: explains.get(each, frozenset())):
            needed[other] = min(start_s, needed.get(other, start_s))
    return needed


def _explains(revisions: Sequence[Revision]) -> dict[str, frozenset[str]]:
    """Return what may explain that a device is silent: its parents, and its place's silence."""
    explains = _parents_ever(revisions)
    for devices in _devices_by_place(revisions[-1:]).values():
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


def _parents_ever(revisions: Iterable[Revision]) -> dict[str, frozenset[str]]:
    ever: dict[str, frozenset[str]] = {}
    for revision in revisions:
        for device in revision.inventory.devices:
            if device.parents:
                ever[device.id] = ever.get(device.id, frozenset()).union(device.parents)
    return ever
