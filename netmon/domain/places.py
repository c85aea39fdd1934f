"""The status of a site or street, from the devices there that serve residents."""

from collections.abc import Sequence
from dataclasses import dataclass

from netmon.domain.model import Status

_SET_ASIDE = (Status.MAINTENANCE, Status.EXPECTED_OFF)


@dataclass(frozen=True, slots=True)
class PlaceState:
    """A place's status, with how many of its devices work out of those that count."""

    status: Status
    working: int
    total: int


def place_state(devices: Sequence[tuple[Status, bool]]) -> PlaceState:
    """
    Judge a place by its devices.

    Up if all work, degraded if some do, down if none does; unknown only where the unknown
    ones could change the answer. Devices in maintenance or rightly off do not count,
    unless all are.

    Parameters
    ----------
    devices
        Status and usability of each device that serves residents there.
    """
    counted = [pair for pair in devices if pair[0] not in _SET_ASIDE]
    if not counted:
        return PlaceState(_set_aside(devices), 0, len(devices))
    working = sum(1 for status, is_usable in counted if _works(status, is_usable=is_usable))
    unknown = sum(1 for status, _ in counted if status is Status.UNKNOWN)
    return PlaceState(_answer(counted, working, unknown), working, len(counted))


def _works(status: Status, *, is_usable: bool) -> bool:
    return status is Status.UP or (status is Status.DEGRADED and is_usable)


def _set_aside(devices: Sequence[tuple[Status, bool]]) -> Status:
    statuses = {status for status, _ in devices}
    return next((status for status in _SET_ASIDE if status in statuses), Status.UNKNOWN)


def _answer(counted: Sequence[tuple[Status, bool]], working: int, unknown: int) -> Status:
    at_worst, at_best = working, working + unknown
    if at_worst == len(counted):
        return Status.UP
    if at_worst > 0 and at_best < len(counted):
        return Status.DEGRADED
    if unknown:
        return Status.UNKNOWN
    lost_behind = all(status is Status.UNREACHABLE for status, _ in counted)
    return Status.UNREACHABLE if lost_behind else Status.DOWN
