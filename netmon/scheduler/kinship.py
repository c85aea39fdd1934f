"""What depends on what, and whether a parent was asked since its child began to fail."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from netmon.domain.model import Device, DeviceKind

PATIENCE_S = 60.0
"""How long after a child began to fail an answer of its parents is waited for."""


class Kinship:
    """Knows the parents and children of every device, and when each was last looked at."""

    def __init__(self) -> None:
        self._parents: Mapping[str, tuple[str, ...]] = {}
        self._children: Mapping[str, tuple[str, ...]] = {}
        self._kinds: Mapping[str, DeviceKind] = {}
        self._asked: AbstractSet[str] = frozenset()
        self._looked_at: dict[str, datetime] = {}

    def know(self, devices: Iterable[Device], asked: AbstractSet[str]) -> None:
        """Learn what depends on what; only those `asked` are ever waited for."""
        devices = list(devices)
        self._asked = asked
        self._kinds = {device.id: device.kind for device in devices}
        self._parents = {device.id: device.parents for device in devices}
        children: dict[str, list[str]] = {}
        for device in devices:
            for parent in device.parents:
                children.setdefault(parent, []).append(device.id)
        self._children = {parent: tuple(found) for parent, found in children.items()}

    def looked(self, device_id: str, at: datetime) -> None:
        """Note that a device was asked at an instant, however that ended."""
        self._looked_at[device_id] = at

    def parents_of(self, device_id: str) -> tuple[str, ...]:
        """Return what a device depends on itself."""
        return self._parents.get(device_id, ())

    def children_of(self, device_id: str) -> tuple[str, ...]:
        """Return what depends on a device itself."""
        return self._children.get(device_id, ())

    def kind_of(self, device_id: str) -> DeviceKind:
        """Return what a device of the inventory is."""
        return self._kinds[device_id]

    def ids(self) -> frozenset[str]:
        """Return every device."""
        return frozenset(self._parents)

    def to_wait_for(self, device_id: str, since: datetime, now: datetime) -> frozenset[str]:
        """
        Return the parents that have to be asked before a child's failure is told.

        None after `PATIENCE_S`: a parent that cannot be asked must not hide its children.
        """
        if (now - since).total_seconds() >= PATIENCE_S:
            return frozenset()
        parents = (each for each in self.parents_of(device_id) if each in self._asked)
        return frozenset(each for each in parents if not self._was_looked_at(each, since))

    def _was_looked_at(self, device_id: str, since: datetime) -> bool:
        at = self._looked_at.get(device_id)
        return at is not None and at >= since
