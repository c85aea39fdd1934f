"""Looks of access points as six pings and one SNMP poll a minute give them."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from collectors.observation import Measurement, Observation, Outcome
from netmon.domain.state import Run
from netmon.domain.verdict import UP
from netmon.storage.record import Step

START = datetime(2026, 11, 2, tzinfo=UTC)
PINGS = 6
LOST_RATIO = 0.001
RADIOS = ("wifi0", "wifi1")
NETWORKS = ("Mechelen", "Mechelen-5G", "staff")
PORTS = tuple(f"eth{n}" for n in range(8))


def minute(devices: range, number: int, chance: random.Random) -> Iterator[Step]:
    """Yield the looks at all devices in one minute after `START`."""
    at = START + timedelta(minutes=number)
    for device in devices:
        name = f"ap-{device:04}"
        for turn in range(PINGS):
            seen = at + timedelta(seconds=turn * 60 // PINGS)
            yield _step(name, "icmp", seen, _ping(chance))
        yield _step(name, "snmp", at, tuple(_poll(number, chance)))


def _step(device: str, check: str, at: datetime, values: tuple[Measurement, ...]) -> Step:
    seen = Observation(device, check, at, Outcome.OK, values)
    return Step(seen, Run(device, check, UP, at, at))


def _ping(chance: random.Random) -> tuple[Measurement, ...]:
    is_lost = chance.random() < LOST_RATIO
    rtt_s = 0.002 + chance.expovariate(1000)
    return Measurement("rtt_s", rtt_s), Measurement("loss_ratio", float(is_lost))


def _poll(number: int, chance: random.Random) -> Iterator[Measurement]:
    yield Measurement("uptime_s", 60.0 * number + 1e5)
    yield Measurement("stations", chance.randint(0, 40))
    yield Measurement("cpu_ratio", chance.randint(5, 60) / 100)
    yield Measurement("memory_ratio", chance.randint(400, 600) / 1000)
    yield Measurement("interfaces_up", len(PORTS) - 1)
    yield Measurement("interfaces_total", len(PORTS))
    for label in RADIOS:
        yield Measurement("radio_stations", chance.randint(0, 20), label)
        yield Measurement("radio_channel", 36, label)
        yield Measurement("radio_utilization_ratio", chance.randint(5, 80) / 100, label)
        yield Measurement("radio_noise_dbm", chance.randint(-96, -90), label)
        yield Measurement("radio_tx_power_dbm", 20, label)
    for label in NETWORKS:
        yield Measurement("ssid_stations", chance.randint(0, 20), label)
    for label in PORTS:
        for name in ("rx_bytes", "tx_bytes"):
            yield Measurement(name, number * 6e7 + chance.randint(0, 50_000_000), label)
