"""Interfaces, disks, memory, sensors and printers, in the raw answers of any device. Pure."""

from collectors.snmp.profile import Profile
from collectors.snmp.reading import Interface, Storage, Supply
from collectors.snmp.snapshot import Row, Snapshot, fact_number, fact_words, rows
from collectors.snmp.sums import ratio
from collectors.snmp.tables import IGNORED

_YOTTA = 24
_MOST_PLACES = 9


def interface(row: Row) -> Interface:
    """Return one row of ifTable."""
    return Interface(
        index=row.index,
        name=row.text("name") or row.index,
        type=row.text("type"),
        status=row.text("status"),
        rx_bytes=row.integer("rx_bytes"),
        tx_bytes=row.integer("tx_bytes"),
        speed_bps=row.integer("speed_bps"),
    )


def disks(profile: Profile, snapshot: Snapshot) -> tuple[Storage, ...]:
    """Return the fixed disks."""
    found = rows(snapshot, profile.storage)
    return tuple(_disk(row) for row in found if row.text("type") == "disk")


def _disk(row: Row) -> Storage:
    size, used, unit = row.number("size"), row.number("used"), row.integer("unit_bytes")
    return Storage(
        descr=row.text("descr") or row.index,
        used_ratio=ratio(used / size) if size and size > 0 and used is not None else None,
        size_bytes=round(size * unit) if size is not None and size >= 0 and unit else None,
    )


def memory_ratio(profile: Profile, snapshot: Snapshot) -> float | None:
    """
    Return the share of RAM used, of the storage table, else the profile's fact.

    Of several rows of RAM the largest is all of it (FreeBSD adds one for a part). Buffers and
    cache are taken off where the table tells how much they are.
    """
    ram, cache = [], 0.0
    for row in rows(snapshot, profile.storage):
        unit, used, size = (row.number(name) for name in ("unit_bytes", "used", "size"))
        if unit is None or used is None or size is None:
            continue
        if row.text("type") == "ram":
            ram.append((size * unit, used * unit))
        elif row.text("type") == "cache":
            cache += used * unit
    size, used = max(ram, default=(0.0, 0.0))
    if size <= 0:
        return ratio(fact_number(snapshot, profile.facts.memory_ratio))
    return ratio((used - cache if used >= cache else used) / size)


def temperature_c(profile: Profile, snapshot: Snapshot) -> float | None:
    """Return the profile's fact, else what the hottest working sensor says."""
    said = fact_number(snapshot, profile.facts.temperature_c)
    found = [_celsius(row) for row in rows(snapshot, profile.sensors)]
    return max((c for c in found if c is not None), default=None) if said is None else said


def _celsius(row: Row) -> float | None:
    value = row.number("value")
    if value is None or row.text("type") != "celsius" or row.text("status") != "ok":
        return None
    # RFC 3433: SensorDataScale in powers of ten, SensorPrecision as decimal places.
    power = (row.number("exponent") or 0) - (row.number("precision") or 0)
    return value * 10.0**power if abs(power) <= _YOTTA + _MOST_PLACES else None


def supplies(profile: Profile, snapshot: Snapshot) -> tuple[Supply, ...]:
    """
    Return what a printer has left.

    prtMarkerSuppliesLevel is what remains, also of the room in a waste box; below zero it
    means "other", "unknown" or "some" (RFC 3805), which is no ratio.
    """
    return tuple(
        Supply(row.text("descr") or row.index, _left(row.number("level"), row.number("size")))
        for row in rows(snapshot, profile.supplies)
    )


def _left(level: float | None, size: float | None) -> float | None:
    known = level is not None and size is not None and level >= 0 and size > 0
    return ratio(level / size) if known and level is not None and size else None


def printer_errors(profile: Profile, snapshot: Snapshot) -> tuple[str, ...] | None:
    """Return what a printer complains of, None where it is none or does not say."""
    bits = fact_words(snapshot, profile.facts.printer_errors)
    alerts = [
        row.text("word")
        for row in rows(snapshot, profile.alerts)
        if row.text("severity") not in {None, IGNORED}
    ]
    words = {word for word in [*(bits or ()), *alerts] if word}
    return tuple(sorted(words)) if bits is not None or alerts else None
