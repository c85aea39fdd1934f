"""Access points, radios and networks, as a profile finds them in the raw answers. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from collectors.snmp.channels import (
    BANDS_GHZ,
    band_of_channel,
    band_of_frequency,
    channel_of_frequency,
    frequency_mhz,
)
from collectors.snmp.profile import Profile
from collectors.snmp.reading import AccessPoint, ApStatus, Radio, Ssid
from collectors.snmp.snapshot import Row, Snapshot, rows
from collectors.snmp.sums import first, ratio, total
from collectors.snmp.tables import Radios

_LOWEST_MHZ = 1000
"""No channel has a number this high: some agents give MHz where the channel should be."""
_HIGHEST_DBM = -1.0
"""A noise floor of 0 dBm or more is no measurement: radios answer 0 while they are off."""


@dataclass(frozen=True, slots=True)
class Wireless:
    """What a device says of Wi-Fi; `stations` is its best total, None where it counts none."""

    access_points: tuple[AccessPoint, ...]
    radios: tuple[Radio, ...]
    ssids: tuple[Ssid, ...]
    stations: int | None


def wireless(profile: Profile, snapshot: Snapshot) -> Wireless:
    """
    Return what the tables of a profile hold.

    Totals may disagree within one walk, for stations roam while it lasts. Networks go before
    radios, because virtual access points may stand apart from every radio, and both before
    what a controller sums per access point, which it does at its leisure.
    """
    vaps = rows(snapshot, profile.vaps)
    listed = _named(rows(snapshot, profile.access_points))
    radios = _radios(profile, snapshot, listed, vaps)
    ssids = _ssids(profile, snapshot, vaps)
    on_radios = _by_access_point(radios)
    access_points = tuple(_access_point(name, row, on_radios.get(name)) for name, row in listed)
    counts = (
        total(row.integer("stations") for row in _public(profile, vaps)),
        total(ssid.stations for ssid in ssids),
        total(radio.stations for radio in radios),
        total(access_point.stations for access_point in access_points),
    )
    return Wireless(access_points, radios, ssids, first(counts))


def _named(listed: list[Row]) -> list[tuple[str, Row]]:
    """Name the access points; two of one name (fresh from the box) are told apart by address."""
    names = [row.text("name") or row.mac("mac") or row.index for row in listed]
    seen = Counter(names)
    return [
        (f"{name} ({row.mac('mac') or row.index})" if seen[name] > 1 else name, row)
        for name, row in zip(names, listed, strict=True)
    ]


def _by_access_point(radios: tuple[Radio, ...]) -> dict[str | None, int | None]:
    """Return the stations on the radios of each access point."""
    found: dict[str | None, list[int | None]] = {}
    for radio in radios:
        found.setdefault(radio.access_point, []).append(radio.stations)
    return {name: total(parts) for name, parts in found.items()}


def _access_point(name: str, row: Row, on_radios: int | None) -> AccessPoint:
    status = row.text("status")
    return AccessPoint(
        name=name,
        mac=row.mac("mac"),
        ip=row.address("ip"),
        model=row.text("model"),
        status=ApStatus(status) if status in set(ApStatus) else None,
        stations=first((row.integer("stations"), on_radios)),
        uptime_s=row.number("uptime_s"),
        location=row.text("location"),
    )


def _radios(
    profile: Profile, snapshot: Snapshot, listed: list[tuple[str, Row]], vaps: list[Row]
) -> tuple[Radio, ...]:
    names = _Names.of(listed)
    return tuple(
        _radio(row, table, _place(row, table, names), _vaps_of(row, profile, vaps), profile)
        for table in profile.radios
        for row in rows(snapshot, table)
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of a controller's access points, by what a radio may call its own."""

    by_index: dict[str, str]
    by_name: dict[str, str]
    by_mac: dict[str | None, str]

    @classmethod
    def of(cls, listed: list[tuple[str, Row]]) -> "_Names":
        """Gather them; of two that are called alike the first counts."""
        first_wins = listed[::-1]
        return cls(
            {row.index: name for name, row in first_wins},
            {name: name for name, _ in listed},
            {row.mac("mac"): name for name, row in first_wins},
        )


def _place(row: Row, table: Radios, names: _Names) -> tuple[str | None, str]:
    """Return the name of a radio's access point and the radio's own part of the index."""
    head, tail = _split(row.index, table.own_arcs)
    if head in names.by_index:
        return names.by_index[head], tail
    said = row.text("access_point")
    found = names.by_name.get(said or "") or names.by_index.get(said or "")
    if found is None and (address := row.mac("access_point")) is not None:
        found = names.by_mac.get(address)
    return found or said, tail


def _radio(
    row: Row, table: Radios | None, place: tuple[str | None, str], vaps: list[Row], profile: Profile
) -> Radio:
    channel, mhz = _tuned([row, *vaps])
    band = _band_ghz(row, channel, mhz, table.bands_ghz if table else BANDS_GHZ)
    access_point, tail = place
    if mhz is None and channel and band is not None:
        mhz = frequency_mhz(channel, band)
    name = row.text("id") or tail
    public = _public(profile, vaps)
    return Radio(
        id=f"{access_point}/{name}" if access_point else name,
        access_point=access_point,
        band_ghz=band,
        channel=channel or None,
        frequency_mhz=mhz,
        stations=first((row.integer("stations"), total(v.integer("stations") for v in public))),
        tx_power_dbm=first(r.number("tx_power_dbm") for r in [row, *vaps]),
        utilization_ratio=ratio(row.number("utilization_ratio")),
        noise_dbm=_noise_dbm(row),
        status=_status(row, channel, public),
        ccq_ratio=ratio(first(r.number("ccq_ratio") for r in [row, *public])),
    )


def _band_ghz(
    row: Row, channel: int | None, mhz: int | None, possible: frozenset[float]
) -> float | None:
    said = row.number("band_ghz")
    if said is not None:
        return said or None
    if mhz:
        return band_of_frequency(mhz)
    return band_of_channel(channel, possible) if channel else None


def _status(row: Row, channel: int | None, vaps: list[Row]) -> str | None:
    """Return the radio's own word; else `off` on channel 0; else whether a network is up."""
    if said := row.text("status"):
        return said
    if channel == 0:
        return "off"
    networks = {word for vap in vaps if (word := vap.text("status"))}
    return "up" if "up" in networks else "down" if networks else None


def _noise_dbm(row: Row) -> float | None:
    said = row.number("noise_dbm")
    return said if said is not None and said <= _HIGHEST_DBM else None


def _tuned(said: list[Row]) -> tuple[int | None, int | None]:
    """
    Return channel and frequency in MHz, the one from the other where only one is said.

    The channel 0 is returned as such: that radio is off.
    """
    mhz = said[0].integer("frequency_mhz") or None
    channel = first(row.integer("channel") for row in said)
    if channel is not None and channel >= _LOWEST_MHZ:
        channel, mhz = None, channel
    if channel is None and mhz is not None:
        channel = channel_of_frequency(mhz)
    return channel if channel is None or channel > 0 else 0, mhz


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
    hidden = re.compile(profile.ssids.hidden if profile.ssids else "")
    named = [(v.text("ssid"), v.integer("stations")) for v in _public(profile, vaps)]
    counted = [(r.text("name"), r.integer("stations")) for r in rows(snapshot, profile.ssids)]
    named += [(name, stations) for name, stations in counted if not hidden.fullmatch(name or "")]
    by_name: dict[str, list[int | None]] = {}
    for name, stations in named:
        if name:
            by_name.setdefault(name, []).append(stations)
    return tuple(Ssid(name, total(parts)) for name, parts in sorted(by_name.items()))


def interface_radios(found: Iterable[Row]) -> tuple[Radio, ...]:
    """Return the interfaces of type `wifi`: the radios of a device that no profile knows."""
    return tuple(
        replace(
            _radio(row, None, (None, row.text("name") or row.index), [], _NOBODYS), stations=None
        )
        for row in found
        if row.text("type") == "wifi"
    )


_NOBODYS = Profile.model_construct(name="")
