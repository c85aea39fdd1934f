"""The demo network as a whole: who is silent now, and what a person presenting has broken."""

from collections.abc import Callable
from typing import ClassVar

from netmon.demo.hours import Hours
from netmon.demo.roster import Simulated, cut_off
from netmon.demo.row import Moment
from netmon.demo.scenario import NOTHING_HAPPENS, Scenario
from netmon.domain.model import DeviceKind, Power

FULL_DISK_RATIO = 0.98
COMMANDS = "fail DEVICE, heal DEVICE, fill-disk DEVICE, scenario off"


class Network:
    """
    The state of the simulated network; it reads no clock.

    `start_hour` is the local hour (0 to 24) at which `elapsed_s` is zero.
    """

    def __init__(
        self, devices: tuple[Simulated, ...], scenario: Scenario, hours: Hours, start_hour: float
    ) -> None:
        self.devices = devices
        self._by_id = {device.id: device for device in devices}
        self._scenario = scenario
        self._hours = hours
        self._start_hour = start_hour
        self._failing: frozenset[str] = frozenset()
        self._full: frozenset[str] = frozenset()
        self._known = (self._failing, self._failing)

    def moment(self, device: Simulated, elapsed_s: float, epoch_s: float) -> Moment | None:
        """
        Return the moment a device answers with, or None while it is silent.

        A device is silent while it fails, while all it depends on does, and, unless it is
        always on, outside its hours. `epoch_s` is the time now in s since 1970 (UTC).
        """
        if device.power is not Power.ALWAYS_ON and not self._hours.is_on(device.id, epoch_s):
            return None
        if device.id in self.silent(elapsed_s):
            return None
        if device.id in self._full:
            return Moment(elapsed_s, self._start_hour, FULL_DISK_RATIO)
        ratio = self._scenario.disk_ratio(device.id, elapsed_s)
        return Moment(elapsed_s, self._start_hour, ratio)

    def silent(self, elapsed_s: float) -> frozenset[str]:
        """Return the ids of all that fail or are cut off, by the script or by hand."""
        failing = self._failing | self._scenario.failing(elapsed_s)
        # Asked for every datagram and changed every minute: the last answer is kept.
        if failing != self._known[0]:
            self._known = (failing, cut_off(failing, self.devices))
        return self._known[1]

    def control(self, line: str, elapsed_s: float) -> str:
        """
        Obey one line and return `ok`, possibly with a remark, or `error:` and the reason.

        The lines are `fail DEVICE`, `heal DEVICE`, `fill-disk DEVICE`, `scenario off`.
        """
        match line.split():
            case ["scenario", "off"]:
                self._scenario = NOTHING_HAPPENS
                return "ok"
            case [("fail" | "heal" | "fill-disk") as verb, device_id]:
                if device_id not in self._by_id:
                    return f"error: no device is called {device_id[:80]!r}"
                return self._orders[verb](self, device_id, elapsed_s)
        return f"error: expected {COMMANDS}; found {line[:80]!r}"

    def _fail(self, device_id: str, _elapsed_s: float) -> str:
        self._failing |= {device_id}
        return "ok"

    def _heal(self, device_id: str, elapsed_s: float) -> str:
        self._failing -= {device_id}
        self._full -= {device_id}
        if device_id in self.silent(elapsed_s):
            return "ok, but the scenario or a failed parent keeps it silent for now"
        return "ok"

    def _fill_disk(self, device_id: str, _elapsed_s: float) -> str:
        if self._by_id[device_id].kind is not DeviceKind.PUBLIC_PC:
            return f"error: {device_id} has no disk: it is no public computer"
        self._full |= {device_id}
        return "ok"

    _orders: ClassVar[dict[str, Callable[["Network", str, float], str]]] = {
        "fail": _fail,
        "heal": _heal,
        "fill-disk": _fill_disk,
    }
