"""The web side's ear for heartbeats: whose it believes, and the mark that it listens."""

from netmon.cli.wiring import now
from netmon.domain.intervals import epoch_s
from netmon.storage.desk import DeskWriter


class Receiving:
    """
    Keeps heartbeats of the devices that it was told of.

    Parameters
    ----------
    desk
        Where they are kept.
    secret
        What device keys are made from; never shown.
    """

    def __init__(self, desk: DeskWriter, secret: str) -> None:
        self.inbox, self.secret = desk.inbox(), secret
        self._known: frozenset[str] = frozenset()

    def knows(self, device_id: str) -> bool:
        """Tell whether the inventory has this device."""
        return device_id in self._known

    def know(self, device_ids: frozenset[str]) -> None:
        """Believe these devices and no others from now on; forget what others said."""
        self._known = device_ids
        self.inbox.forget_others(device_ids)

    def begin(self) -> None:
        """Note that somebody listens from now on."""
        self.inbox.begin_listening(epoch_s(now()))

    def go_on(self) -> None:
        """Note that somebody still listens; to be called every few seconds."""
        self.inbox.still_listening(epoch_s(now()))
