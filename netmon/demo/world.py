"""
What every simulated device says, as pure functions of device, seed, time and hour.

Nothing here is a recording: no value was taken from a real device, and every name says
that it is synthetic.
"""

from collections.abc import Callable

from netmon.demo import access_point, network_device, public_pc
from netmon.demo.roster import Simulated
from netmon.demo.row import Row
from netmon.domain.model import DeviceKind

_ROWS_OF_KIND: dict[DeviceKind, Callable[[Simulated, int], list[Row]]] = {
    DeviceKind.ACCESS_POINT: access_point.rows,
    DeviceKind.PUBLIC_PC: public_pc.rows,
    DeviceKind.SWITCH: network_device.rows,
    DeviceKind.GATEWAY: network_device.rows,
}


def rows(device: Simulated, seed: int) -> list[Row]:
    """Return all that a device answers, ascending by object identifier."""
    return sorted(_ROWS_OF_KIND[device.kind](device, seed), key=lambda row: row.oid)
