"""Series of snmp_exporter (IF-MIB, SNMPv2-MIB) in the house's names."""

from collections.abc import Iterable, Iterator

from collectors.observation import Measurement
from collectors.sources.prometheus_answer import Sample

SERIES = ("sysUpTime", "ifOperStatus", "ifHCInOctets", "ifHCOutOctets")
"""The objects asked for: names of the MIB, as snmp_exporter exposes them."""

_UP = 1.0  # IF-MIB::ifOperStatus, RFC 2863
_TICKS_PER_S = 100
_OCTETS = {"ifHCInOctets": "rx_bytes", "ifHCOutOctets": "tx_bytes"}
INTERFACE_LABELS = ("ifName", "ifDescr", "ifIndex")
"""Labels that name an interface, the best first."""

MAX_INTERFACES = 64
"""Interfaces of one device whose octets are kept; a switch of three units has more ports."""


def measurements(samples: Iterable[Sample]) -> tuple[Measurement, ...]:
    """Return the measurements of one device; a series that it lacks gives none."""
    found: dict[str, list[Sample]] = {name: [] for name in SERIES}
    for each in samples:
        found.get(each.labels.get("__name__", ""), []).append(each)
    return (*_uptime(found["sysUpTime"]), *_interfaces(found["ifOperStatus"]), *_octets(found))


def _uptime(samples: list[Sample]) -> Iterator[Measurement]:
    if samples:
        yield Measurement("uptime_s", samples[0].value / _TICKS_PER_S)


def _interfaces(samples: list[Sample]) -> Iterator[Measurement]:
    if samples:
        yield Measurement("interfaces_up", sum(each.value == _UP for each in samples))
        yield Measurement("interfaces_total", len(samples))


def _octets(found: dict[str, list[Sample]]) -> Iterator[Measurement]:
    for series, name in _OCTETS.items():
        seen: set[str] = set()
        for each in found[series][:MAX_INTERFACES]:
            label = next((v for key in INTERFACE_LABELS if (v := each.labels.get(key))), "")
            if label not in seen:
                seen.add(label)
                yield Measurement(name, each.value, label)
