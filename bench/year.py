"""A year of a synthetic city as the record would hold it, computers off at night."""

import random
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from collectors.observation import Observation, Outcome
from netmon.config.calendar import Calendar
from netmon.config.settings import KindSettings, Settings, StoreSettings
from netmon.domain.intervals import Interval, epoch_s, instant
from netmon.domain.model import Device, DeviceKind, Inventory, Place, Power, Status
from netmon.domain.state import Run, Transition
from netmon.domain.verdict import UP, Verdict
from netmon.storage.desk import DeskWriter
from netmon.storage.record import RecordWriter, Step

LOCAL_TIME = ZoneInfo("Europe/Brussels")
YEAR = 2026
CHECK = "snmp"
DEVICES_PER_PLACE = 10
ACCESS_POINT_SHARE = 0.6
OUTAGES_PER_YEAR = 60
MINUTE_S = 60
OPENING_HOURS = (
    "Mo-Fr 09:00-17:00",
    "Tu,Th 09:00-12:00",
    "Mo-Sa 10:00-18:00; PH off",
    "Mo,We 13:30-16:30",
    "24/7",
)
DOWN = Verdict(Status.DOWN, "timeout", is_usable=False)


@dataclass(frozen=True, slots=True)
class City:
    """What has to be known to read the year back; `size_bytes` is what its runs take."""

    folder: Path
    settings: Settings
    calendar: Calendar
    inventory: Inventory
    runs: int
    size_bytes: int


def months() -> list[Interval]:
    """Return the twelve local months of the year, in epoch seconds."""
    starts = [datetime(YEAR, month, 1, tzinfo=LOCAL_TIME) for month in range(1, 13)]
    edges = [epoch_s(at) for at in (*starts, datetime(YEAR + 1, 1, 1, tzinfo=LOCAL_TIME))]
    return list(pairwise(edges))


def build(folder: Path, devices: int, seed: int = 1) -> City:
    """
    Write the year into an empty folder.

    Six in ten devices are access points, always on; the computers are switched off at
    night. Each fails besides for some minutes about once a week. All edges fall on whole
    minutes, so that samples by the minute know the same.
    """
    inventory = city_of(devices)
    start_s, steps = months()[0][0], year_of(inventory, seed)
    record, desk = RecordWriter(folder, origin="demo"), DeskWriter(folder, origin="demo")
    try:
        record.write(steps)
        desk.import_inventory(inventory, start_s)
    finally:
        record.close()
        desk.close()
    kind = KindSettings(checks=(CHECK,), deciding=CHECK)
    settings = Settings(
        store=StoreSettings(folder=folder, origin="demo"),
        kinds={DeviceKind.PUBLIC_PC: kind, DeviceKind.ACCESS_POINT: kind},
    )
    calendar = Calendar(LOCAL_TIME, "BE", frozenset(), ())
    runs = sum(len(step.transitions) for step in steps)
    size_bytes = (folder / "record.db").stat().st_size
    return City(folder, settings, calendar, inventory, runs, size_bytes)


def year_of(inventory: Inventory, seed: int = 1) -> list[Step]:
    """Return the year of each device in one step, all its edges in it."""
    chance = random.Random(seed)  # noqa: S311 - the same year each time, no secret
    start_s, end_s = months()[0][0], months()[-1][1]
    return [_year_of(device, start_s, end_s, chance) for device in inventory.devices]


def city_of(devices: int) -> Inventory:
    """Return an inventory of so many devices, ten at each place."""
    count = -(-devices // DEVICES_PER_PLACE)
    places = tuple(
        Place(
            f"place-{n}",
            f"Synthetic place {n}",
            is_street=False,
            lon=None,
            lat=None,
            opening_hours=OPENING_HOURS[n % len(OPENING_HOURS)],
            synthetic=True,
        )
        for n in range(count)
    )
    access_points = round(devices * ACCESS_POINT_SHARE)
    watched = tuple(
        Device(
            f"device-{n:03}",
            kind := DeviceKind.ACCESS_POINT if n < access_points else DeviceKind.PUBLIC_PC,
            f"Synthetic device {n}",
            places[n // DEVICES_PER_PLACE].id,
            "127.0.0.1",
            power=Power.WITH_SITE if kind is DeviceKind.PUBLIC_PC else Power.ALWAYS_ON,
            synthetic=True,
        )
        for n in range(devices)
    )
    return Inventory(places, watched)


def _year_of(device: Device, start_s: int, end_s: int, chance: random.Random) -> Step:
    """Return all edges of one device's year in one step."""
    device_id = device.id
    nights = _nights(start_s, end_s) if device.power is Power.WITH_SITE else []
    downs = sorted([*nights, *_outages(start_s, end_s, chance)])
    edges = [(start_s, UP)]
    for from_s, to_s in downs:
        if from_s > edges[-1][0]:
            edges += [(from_s, DOWN), (to_s, UP)]
    transitions = tuple(
        Transition(device_id, CHECK, instant(at_s), Status.UNKNOWN, verdict)
        for at_s, verdict in edges
    )
    last_s, verdict = edges[-1]
    seen = Observation(device_id, CHECK, instant(end_s - MINUTE_S), Outcome.OK)
    return Step(seen, Run(device_id, CHECK, verdict, instant(last_s), seen.at), transitions)


def _nights(start_s: int, end_s: int) -> list[Interval]:
    """Return when the computers are switched off: eleven hours of each day, ending in time."""
    return [
        (day_s + 20 * 3600, day_s + 31 * 3600) for day_s in range(start_s, end_s - 172_800, 86_400)
    ]


def _outages(start_s: int, end_s: int, chance: random.Random) -> list[Interval]:
    minutes = (end_s - start_s) // MINUTE_S - 3000
    return [
        (from_s, from_s + MINUTE_S * chance.randint(1, 240))
        for from_s in (
            start_s + MINUTE_S * chance.randint(1, minutes) for _ in range(OUTAGES_PER_YEAR)
        )
    ]
