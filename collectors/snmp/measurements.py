"""A reading as a flat list of numbers: what is stored, drawn and alarmed on."""

from collections import Counter
from collections.abc import Iterable, Iterator

from collectors.observation import Measurement
from collectors.snmp.reading import Interface, Radio, Reading, Storage

MEASUREMENTS = {
    "uptime_s": "time since the agent started",
    "host_uptime_s": "time since the computer below the agent started",
    "engine_boots": "starts of the agent that it remembers; a wrapped clock adds none",
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
    "radio_ccq_ratio": "client connection quality of one radio, as its vendor reckons it",
    "ssid_stations": "stations on one network, all radios together",
    "storage_used_ratio": "share of a fixed disk that is used",
    "processes": "processes running or loaded",
    "users": "sessions that users have open",
    "printer_errors": "kinds of fault that a printer reports; 0 where it says that all is well",
    "supply_ratio": "what is left of a printer's supply, or of the room in its waste box",
    "interfaces_up": "interfaces whose ifOperStatus is up",
    "interfaces_total": "interfaces",
    "rx_bytes": "octets received on one interface, a counter",
    "tx_bytes": "octets sent on one interface, a counter",
}
"""Every measurement of the check `snmp`, and what it says; `docs/measurements.md` repeats it."""


Number = tuple[str, float | None, str]
"""Name, value (None: not known), label."""


def measurements(reading: Reading) -> tuple[Measurement, ...]:
    """Flatten a reading; what is not known gives no measurement. Name and label are unique."""
    return known(_numbers(reading))


def known(numbers: Iterable[Number]) -> tuple[Measurement, ...]:
    """Return those numbers as measurements that are known."""
    return tuple(
        Measurement(name, float(value), label)
        for name, value, label in numbers
        if value is not None
    )


def _numbers(reading: Reading) -> Iterator[Number]:
    yield "uptime_s", reading.identity.uptime_s, ""
    yield "host_uptime_s", reading.host_uptime_s, ""
    yield "engine_boots", reading.engine_boots, ""
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
    labels = distinct(radio.id for radio in reading.radios)
    for label, radio in zip(labels, reading.radios, strict=True):
        yield from of_radio(radio, label)
    for ssid in reading.ssids:
        yield "ssid_stations", ssid.stations, ssid.name
    yield from _of_disks(reading.storage)
    if reading.printer_errors is not None:
        yield "printer_errors", len(reading.printer_errors), ""
    labels = distinct(supply.descr for supply in reading.supplies)
    for label, supply in zip(labels, reading.supplies, strict=True):
        yield "supply_ratio", supply.ratio, label
    if reading.interfaces:
        yield "interfaces_up", reading.interfaces_up, ""
        yield "interfaces_total", len(reading.interfaces), ""
    yield from _of_interfaces(reading.interfaces)


def of_radio(radio: Radio, label: str) -> Iterator[Number]:
    """Yield name, value and label of what is measured on one radio; None where not known."""
    yield "radio_stations", radio.stations, label
    yield "radio_channel", radio.channel, label
    yield "radio_utilization_ratio", radio.utilization_ratio, label
    yield "radio_noise_dbm", radio.noise_dbm, label
    yield "radio_tx_power_dbm", radio.tx_power_dbm, label
    yield "radio_ccq_ratio", radio.ccq_ratio, label


def _of_disks(disks: tuple[Storage, ...]) -> Iterator[Number]:
    for label, disk in zip(distinct(disk.descr for disk in disks), disks, strict=True):
        yield "storage_used_ratio", disk.used_ratio, label


def _of_interfaces(rows: tuple[Interface, ...]) -> Iterator[Number]:
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
