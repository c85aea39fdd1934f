"""From raw answers to a reading: the profile says where, this says what it adds up to. Pure."""

import re
from collections.abc import Iterable

from collectors.snmp.channels import (
    band_of_channel,
    band_of_frequency,
    channel_of_frequency,
    frequency_mhz,
)
from collectors.snmp.library import Choice
from collectors.snmp.profile import Profile
from collectors.snmp.reading import AccessPoint, Identity, Interface, Radio, Reading, Ssid, Storage
from collectors.snmp.snapshot import Row, Snapshot, fact_number, fact_text, rows
from collectors.snmp.values import number, text

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
SYS_NAME = "1.3.6.1.2.1.1.5.0"
ENGINE_TIME = "1.3.6.1.6.3.10.2.1.3.0"

_TICK_S = 0.01
_WRAP_S = 2**32 * _TICK_S
_LOWEST_MHZ = 1000
"""No channel has a number this high: some agents give MHz where the channel should be."""


def assemble(choice: Choice, snapshot: Snapshot) -> Reading:
    """Return the reading of a device whose profile is known."""
    profile = choice.profile
    access_points = _access_points(profile, snapshot)
    vaps = rows(snapshot, profile.vaps)
    radios = _radios(profile, snapshot, vaps)
    ssids = _ssids(profile, snapshot, vaps)
    counted = (
        _total(row.integer("stations") for row in _public(profile, vaps)),
        _total(radio.stations for radio in radios),
        _total(ssid.stations for ssid in ssids),
        _total(access_point.stations for access_point in access_points),
    )
    up = sum(a.status == "up" for a in access_points) if access_points else None

    def whole(name: str, *others: int | None) -> int | None:
        found = fact_number(snapshot, getattr(profile.facts, name))
        return round(found) if found is not None else _first(others)

    return Reading(
        identity=identity(choice, snapshot),
        stations=whole("stations", *counted),
        access_points=access_points,
        access_points_up=whole("access_points_up", up),
        access_points_total=whole("access_points_total", len(access_points) or None),
        radios=radios,
        ssids=ssids,
        cpu_ratio=_ratio(fact_number(snapshot, profile.facts.cpu_ratio)),
        memory_ratio=_memory_ratio(profile, snapshot),
        temperature_c=fact_number(snapshot, profile.facts.temperature_c),
        interfaces=tuple(_interface(row) for row in rows(snapshot, profile.interfaces)),
        storage=tuple(
            _disk(row) for row in rows(snapshot, profile.storage) if row.text("type") == "disk"
        ),
        processes=whole("processes"),
        users=whole("users"),
        printer_status=fact_text(snapshot, profile.facts.printer_status),
    )


def identity(choice: Choice, snapshot: Snapshot) -> Identity:
    """Return who answered; objects of the device go before what its sysDescr says."""
    facts = choice.profile.facts
    said = snapshot.scalars
    return Identity(
        vendor=choice.profile.vendor,
        profile=choice.profile.name,
        model=fact_text(snapshot, facts.model) or choice.model,
        version=fact_text(snapshot, facts.version) or choice.version,
        sys_name=text(said.get(SYS_NAME)),
        sys_descr=text(said.get(SYS_DESCR)),
        sys_object_id=text(said.get(SYS_OBJECT_ID)),
        uptime_s=uptime_s(said),
    )


def uptime_s(said: dict[str, int | float | bytes | str]) -> float | None:
    """
    Return the seconds since the agent started, None where it does not say.

    sysUpTime counts 1/100 s in 32 bits and starts anew after 497 days, which would look like a
    restart. snmpEngineTime (RFC 3411) counts seconds for 68 years, but some agents start it
    minutes later: so it decides how often sysUpTime wrapped, and sysUpTime gives the rest.
    """
    ticks = number(said.get(SYS_UP_TIME))
    engine_s = number(said.get(ENGINE_TIME))
    if ticks is None:
        return engine_s
    wraps = round(((engine_s or 0.0) - ticks * _TICK_S) / _WRAP_S)
    return ticks * _TICK_S + max(wraps, 0) * _WRAP_S


def _access_points(profile: Profile, snapshot: Snapshot) -> tuple[AccessPoint, ...]:
    return tuple(
        AccessPoint(
            name=_name(row),
            mac=row.mac("mac"),
            ip=row.address("ip"),
            model=row.text("model"),
            status=row.text("status"),
            stations=row.integer("stations"),
            uptime_s=row.number("uptime_s"),
        )
        for row in rows(snapshot, profile.access_points)
    )


def _name(row: Row) -> str:
    return row.text("name") or row.mac("mac") or row.index


def _radios(profile: Profile, snapshot: Snapshot, vaps: list[Row]) -> tuple[Radio, ...]:
    if profile.radios is None:
        return ()
    own = profile.radios.own_arcs
    names = {row.index: _name(row) for row in rows(snapshot, profile.access_points)}
    found = []
    for row in rows(snapshot, profile.radios):
        head, tail = _split(row.index, own)
        access_point = names.get(head) if own else None
        mine = _vaps_of(row, profile, vaps)
        found.append(_radio(row, access_point, tail, mine, _public(profile, mine)))
    return tuple(found)


def _radio(
    row: Row, access_point: str | None, tail: str, vaps: list[Row], public: list[Row]
) -> Radio:
    channel, mhz = _tuned([row, *vaps])
    band = row.number("band_ghz") or (band_of_frequency(mhz) if mhz else None)
    if band is None and channel is not None:
        band = band_of_channel(channel)
    if mhz is None and channel is not None and band is not None:
        mhz = frequency_mhz(channel, band)
    name = row.text("id") or tail
    return Radio(
        id=f"{access_point}/{name}" if access_point else name,
        access_point=access_point,
        band_ghz=band,
        channel=channel,
        frequency_mhz=mhz,
        stations=_first((row.integer("stations"), _total(v.integer("stations") for v in public))),
        tx_power_dbm=_first(r.number("tx_power_dbm") for r in [row, *vaps]),
        utilization_ratio=_ratio(row.number("utilization_ratio")),
        noise_dbm=row.number("noise_dbm"),
        status=row.text("status"),
    )


def _tuned(said: list[Row]) -> tuple[int | None, int | None]:
    """Return channel and frequency in MHz, the one from the other where only one is said."""
    mhz = said[0].integer("frequency_mhz")
    channel = _first(row.integer("channel") for row in said)
    if channel is not None and channel >= _LOWEST_MHZ:
        channel, mhz = None, channel
    if channel is None and mhz is not None:
        channel = channel_of_frequency(mhz)
    return channel, mhz


def _vaps_of(radio: Row, profile: Profile, vaps: list[Row]) -> list[Row]:
    if profile.vaps is None:
        return []
    if profile.vaps.own_arcs is not None:
        return [v for v in vaps if _split(v.index, profile.vaps.own_arcs)[0] == radio.index]
    name = radio.text("id")
    return [vap for vap in vaps if name is not None and vap.text("radio") == name]


def _split(index: str, own_arcs: int | None) -> tuple[str, str]:
    if own_arcs is None:
        return "", index
    arcs = index.split(".")
    return ".".join(arcs[:-own_arcs]), ".".join(arcs[-own_arcs:])


def _public(profile: Profile, vaps: list[Row]) -> list[Row]:
    hidden = re.compile(profile.vaps.hidden if profile.vaps else "")
    return [vap for vap in vaps if not hidden.fullmatch(vap.text("ssid") or "")]


def _ssids(profile: Profile, snapshot: Snapshot, vaps: list[Row]) -> tuple[Ssid, ...]:
    named = [(v.text("ssid"), v.integer("stations")) for v in _public(profile, vaps)]
    named += [(r.text("name"), r.integer("stations")) for r in rows(snapshot, profile.ssids)]
    by_name: dict[str, list[int | None]] = {}
    for name, stations in named:
        if name:
            by_name.setdefault(name, []).append(stations)
    return tuple(Ssid(name, _total(parts)) for name, parts in sorted(by_name.items()))


def _interface(row: Row) -> Interface:
    return Interface(
        index=row.index,
        name=row.text("name") or row.index,
        type=row.text("type"),
        status=row.text("status"),
        rx_bytes=row.integer("rx_bytes"),
        tx_bytes=row.integer("tx_bytes"),
        speed_bps=row.integer("speed_bps"),
    )


def _disk(row: Row) -> Storage:
    size, used, unit = row.number("size"), row.number("used"), row.integer("unit_bytes")
    return Storage(
        descr=row.text("descr") or row.index,
        used_ratio=_ratio(used / size) if size and size > 0 and used is not None else None,
        size_bytes=round(size * unit) if size is not None and size >= 0 and unit else None,
    )


def _memory_ratio(profile: Profile, snapshot: Snapshot) -> float | None:
    """Return the profile's fact, else used RAM less buffers and cache, of the storage table."""
    said = fact_number(snapshot, profile.facts.memory_ratio)
    sums = dict.fromkeys(("ram", "cache", "size"), 0.0)
    for row in rows(snapshot, profile.storage):
        kind, unit = row.text("type"), row.number("unit_bytes") or 0.0
        used, size = row.number("used"), row.number("size")
        if kind in sums and used is not None and size is not None:
            sums[kind] += used * unit
            sums["size"] += size * unit if kind == "ram" else 0.0
    if sums["size"] <= 0:
        return said
    used_ram = sums["ram"] - sums["cache"] if sums["ram"] >= sums["cache"] else sums["ram"]
    return _ratio(used_ram / sums["size"])


def _ratio(value: float | None) -> float | None:
    return None if value is None else min(max(value, 0.0), 1.0)


def _total(parts: Iterable[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _first(values: Iterable[float | None]) -> int | None:
    return next((value for value in values if value is not None), None)  # type: ignore[return-value]
