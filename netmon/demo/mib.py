"""Rows that every kind of device has: the system group and the interface tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from netmon.demo.roster import Simulated
from netmon.demo.row import Moment, Row, Syntax, Value, oid

SYSTEM = oid("1.3.6.1.2.1.1")  # RFC 3418
IF_NUMBER = oid("1.3.6.1.2.1.2.1.0")  # RFC 2863
IF_ENTRY = oid("1.3.6.1.2.1.2.2.1")
IF_X_ENTRY = oid("1.3.6.1.2.1.31.1.1.1")
HR_SYSTEM = oid("1.3.6.1.2.1.25.1")  # RFC 2790
HR_STORAGE_ENTRY = oid("1.3.6.1.2.1.25.2.3.1")
HR_PROCESSOR_LOAD = oid("1.3.6.1.2.1.25.3.3.1.2")
SNMP_ENGINE_TIME = oid("1.3.6.1.6.3.10.2.1.3.0")  # RFC 3411

ETHERNET, LOOPBACK, WIRELESS = 6, 24, 71  # IANAifType
UP, DOWN = 1, 2
HIGHEST_32_BIT = 2**32

Count = Callable[[Moment], int]


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface: `received` and `sent` are its octets since the device booted."""

    name: str
    type: int
    speed_mbps: int
    mac: bytes
    received: Count
    sent: Count
    is_up: bool = True


def nothing(_moment: Moment) -> int:
    """Return the count of a counter that never moved."""
    return 0


def mac(device: Simulated, seed: int, number: int) -> bytes:
    """Return a locally administered address (IEEE 802: second bit of the first octet)."""
    middle = int(device.fraction(seed, "mac") * 2**32).to_bytes(4)
    return b"\x02" + middle + bytes([number])


def booted_before_s(device: Simulated, seed: int) -> float:
    """Return for how long the device ran when the demo began: 1 to 61 days."""
    return 86_400 * (1 + 60 * device.fraction(seed, "uptime"))


def column(
    entry: tuple[int, ...], number: int, syntax: Syntax, values: Iterable[Value]
) -> list[Row]:
    """Return a column of constants, indexed from 1."""
    return [
        Row((*entry, number, index), syntax, value) for index, value in enumerate(values, start=1)
    ]


def moving(
    entry: tuple[int, ...], number: int, syntax: Syntax, counts: Iterable[Count]
) -> list[Row]:
    """Return a column of values computed when asked, indexed from 1."""
    return [
        Row((*entry, number, index), syntax, count) for index, count in enumerate(counts, start=1)
    ]


def system(device: Simulated, seed: int, descr: str, object_id: str) -> list[Row]:
    """Return the system group; uptime grows from where the seed puts it."""
    booted_s = booted_before_s(device, seed)
    values: tuple[tuple[int, Syntax, Value | Count], ...] = (
        (1, Syntax.STRING, descr),
        (2, Syntax.OBJECT_ID, oid(object_id)),
        (3, Syntax.TICKS, lambda now: int(100 * (booted_s + now.elapsed_s)) % HIGHEST_32_BIT),
        (4, Syntax.STRING, "nobody: a synthetic device"),
        (5, Syntax.STRING, f"{device.id}.synthetic"),
        (6, Syntax.STRING, f"synthetic: {device.place_id}"),
        (7, Syntax.INTEGER, 72),
    )
    engine_time = Row(SNMP_ENGINE_TIME, Syntax.INTEGER, lambda now: int(booted_s + now.elapsed_s))
    return [Row((*SYSTEM, number, 0), syntax, value) for number, syntax, value in values] + [
        engine_time
    ]


def interfaces(ports: tuple[Interface, ...]) -> list[Row]:
    """Return ifNumber, ifTable and ifXTable; the 32-bit counters wrap, as real ones do."""
    indices = range(1, len(ports) + 1)
    states = [UP if port.is_up else DOWN for port in ports]
    received, sent = [port.received for port in ports], [port.sent for port in ports]
    mbps = [port.speed_mbps for port in ports]
    names = [port.name for port in ports]
    still = [nothing] * len(ports)
    return [
        Row(IF_NUMBER, Syntax.INTEGER, len(ports)),
        *column(IF_ENTRY, 1, Syntax.INTEGER, indices),
        *column(IF_ENTRY, 2, Syntax.STRING, names),
        *column(IF_ENTRY, 3, Syntax.INTEGER, [port.type for port in ports]),
        *column(IF_ENTRY, 4, Syntax.INTEGER, [1500 for _ in ports]),
        *column(IF_ENTRY, 5, Syntax.GAUGE, [speed * 1_000_000 for speed in mbps]),
        *column(IF_ENTRY, 6, Syntax.STRING, [port.mac for port in ports]),
        *column(IF_ENTRY, 7, Syntax.INTEGER, [UP for _ in ports]),
        *column(IF_ENTRY, 8, Syntax.INTEGER, states),
        *column(IF_ENTRY, 9, Syntax.TICKS, [0 for _ in ports]),
        *moving(IF_ENTRY, 10, Syntax.COUNTER32, map(_wrapping, received)),
        *moving(IF_ENTRY, 14, Syntax.COUNTER32, still),
        *moving(IF_ENTRY, 16, Syntax.COUNTER32, map(_wrapping, sent)),
        *moving(IF_ENTRY, 20, Syntax.COUNTER32, still),
        *column(IF_X_ENTRY, 1, Syntax.STRING, names),
        *moving(IF_X_ENTRY, 6, Syntax.COUNTER64, received),
        *moving(IF_X_ENTRY, 10, Syntax.COUNTER64, sent),
        *column(IF_X_ENTRY, 15, Syntax.GAUGE, mbps),
        *column(IF_X_ENTRY, 18, Syntax.STRING, ["" for _ in ports]),
    ]


def _wrapping(count: Count) -> Count:
    return lambda now: count(now) % HIGHEST_32_BIT


def processors(loads: Iterable[Count]) -> list[Row]:
    """Return hrProcessorLoad, in percent for each processor, indexed as net-snmp does."""
    return [
        Row((*HR_PROCESSOR_LOAD, 196_608 + number), Syntax.INTEGER, load)
        for number, load in enumerate(loads)
    ]
