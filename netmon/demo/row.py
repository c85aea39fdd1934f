"""What a simulated device can say: one row for each MIB object, and the moment it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Oid = tuple[int, ...]


class Syntax(StrEnum):
    """The SNMPv2 types in use (RFC 2578 §7.1), by their names in pysnmp."""

    INTEGER = "Integer32"
    STRING = "OctetString"
    OBJECT_ID = "ObjectIdentifier"
    ADDRESS = "IpAddress"
    COUNTER32 = "Counter32"
    COUNTER64 = "Counter64"
    GAUGE = "Gauge32"
    TICKS = "TimeTicks"


@dataclass(frozen=True, slots=True)
class Moment:
    """
    When a device is asked, and what a script has done to it.

    `elapsed_s` counts from the start of the demo; `start_hour` is the local hour of that
    start (0 to 24, with fraction). The hour is not read again later, so that a change to
    summer time in the middle of a demo never makes a counter go back. `disk_ratio`
    (0 to 1) overrides how full the first disk is; None leaves it to the device.
    """

    elapsed_s: float
    start_hour: float
    disk_ratio: float | None = None

    @property
    def hour(self) -> float:
        """Local hour of the day, 0 up to 24."""
        return (self.start_hour + self.elapsed_s / 3600) % 24


Value = int | str | bytes | Oid


@dataclass(frozen=True, slots=True)
class Row:
    """One object instance: its name, its type, and its value or how to compute that."""

    oid: Oid
    syntax: Syntax
    value: Value | Callable[[Moment], Value]

    def at(self, moment: Moment) -> Value:
        """Return the value at `moment`."""
        return self.value(moment) if callable(self.value) else self.value


def oid(dotted: str) -> Oid:
    """Return the numbers of a dotted object identifier."""
    return tuple(map(int, dotted.split(".")))
