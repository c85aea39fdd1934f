"""A reading as a flat list of numbers: what is stored, drawn and alarmed on."""

from collections import Counter
from collections.abc import Iterable, Iterator

from collectors.observation import Measurement
from collectors.snmp.reading import Interface, Radio, Reading, Storage

MEASUREMENTS = {
    "uptime_s": "time since the agent started",
    "stations": "associated stations, all radios together",
    "access_points_up": "access points that work, as their controller sees it",
    "access_points_total": "access points that the controller knows",
    "cpu_ratio": "processor time used, mean of all processors",
    "memory_ratio": "RAM used, without what the kernel gives back on demand",
    "temperature_c": "temperature in degrees Celsius",
    "radio_stations": "stations on one radio",
    "radio_channel": "primary channel of one radio",
    "radio_utilization_ratio": "share of time the channel was busy, whoever spoke",
    "radio_noise_dbm": "noise floor of one radio",
    "radio_tx_power_dbm": "transmit power of one radio",
    "ssid_stations": "stations on one network, all radios together",
    "storage_used_ratio": "share of a fixed disk that is used",
    "processes": "processes running or loaded",
    "users": "sessions that users have open",
    "interfaces_up": "interfaces whose ifOperStatus is up",
    "interfaces_total": "interfaces",
    "rx_bytes": "octets received on one interface, a counter",
    "tx_bytes": "octets sent on one interface, a counter",
}
"""Every measurement of the check `snmp`, and what it says; `docs/measurements.md` repeats it."""


def measurements(reading: Reading) -> tuple[Measurement, ...]:
    """Flatten a reading; what is not known gives no measurement. Name and label are unique."""
    return tuple(
        Measurement(name, float(value), label)
        for name, value, label in _numbers(reading)
        if value is not None
    )


def _numbers(reading: Reading) -> Iterator[tuple[str, float | None, str]]:
    yield "uptime_s", reading.identity.uptime_s, ""
    for name in (
        "stations",
        "access_points_up",
        "access_points_total",
        "cpu_ratio",
        "memory_ratio",
        "temperature_c",
        "processes",
        "users",
    ):
        yield name, getattr(reading, name), ""
    yield from _of_radios(reading.radios)
    for ssid in reading.ssids:
        yield "ssid_stations", ssid.stations, ssid.name
    yield from _of_disks(reading.storage)
    if reading.interfaces:
        yield "interfaces_up", reading.interfaces_up, ""
        yield "interfaces_total", len(reading.interfaces), ""
    yield from _of_interfaces(reading.interfaces)


def _of_radios(radios: tuple[Radio, ...]) -> Iterator[tuple[str, float | None, str]]:
    for label, radio in zip(distinct(radio.id for radio in radios), radios, strict=True):
        yield "radio_stations", radio.stations, label
        yield "radio_channel", radio.channel, label
        yield "radio_utilization_ratio", radio.utilization_ratio, label
        yield "radio_noise_dbm", radio.noise_dbm, label
        yield "radio_tx_power_dbm", radio.tx_power_dbm, label


def _of_disks(disks: tuple[Storage, ...]) -> Iterator[tuple[str, float | None, str]]:
    for label, disk in zip(distinct(disk.descr for disk in disks), disks, strict=True):
        yield "storage_used_ratio", disk.used_ratio, label


def _of_interfaces(rows: tuple[Interface, ...]) -> Iterator[tuple[str, float | None, str]]:
    names = (row.name for row in rows)
    for label, row in zip(distinct(names), rows, strict=True):
        yield "rx_bytes", row.rx_bytes, label
        yield "tx_bytes", row.tx_bytes, label


def distinct(names: Iterable[str]) -> list[str]:
    """Return the names, those that come again with ` #2`, ` #3`, … so that each is unique."""
    seen: Counter[str] = Counter()
    taken: set[str] = set()
    result = []
    for name in names:
        seen[name] += 1
        label = name
        while label in taken:
            label = f"{name} #{seen[name]}"
            seen[name] += label in taken
        taken.add(label)
        result.append(label)
    return result
