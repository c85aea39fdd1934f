"""Who may speak: the devices of the newest inventory."""

from netmon.storage.desk import DeskReader


class KnownDevices:
    """The devices of the newest inventory, for a receiver that asks from many threads."""

    def __init__(self, desk: DeskReader) -> None:
        self._desk = desk
        self._known: tuple[int, frozenset[str]] = (0, frozenset())

    def __contains__(self, device_id: object) -> bool:
        newest = self._desk.revisions()[-1:]
        if newest and newest[0].number != self._known[0]:
            ids = frozenset(device.id for device in newest[0].inventory.devices)
            self._known = (newest[0].number, ids)
        return device_id in self._known[1]
