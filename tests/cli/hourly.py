"""A store of two devices that were looked at every hour around the days of the clock change."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from collectors.observation import Measurement, Observation, Outcome
from netmon.cli.wiring import Loaded
from netmon.domain.intervals import epoch_s
from netmon.domain.model import Device
from netmon.domain.state import Policy, lapse, step
from netmon.storage.desk import DeskWriter
from netmon.storage.record import RecordWriter, Step

BRUSSELS = ZoneInfo("Europe/Brussels")
HOURLY = """
[checks.snmp]
interval_s = 3600
retry_interval_s = 1200
[kinds.switch]
checks = ["snmp"]
deciding = "snmp"
[kinds.public_pc]
checks = ["snmp"]
deciding = "snmp"
"""
LONG_NAME = "Bibliotheek " + "x" * 150 + " einde"


def write_store(loaded: Loaded) -> None:
    """Import the inventory and fold the looks, as a running netmon would have."""
    folder = loaded.settings.store.folder
    with closing(DeskWriter(folder, origin=loaded.settings.store.origin)) as desk:
        desk.import_inventory(loaded.inventory, epoch_s(local("2025-03-01")))
    with closing(RecordWriter(folder, origin=loaded.settings.store.origin)) as record:
        for each in loaded.inventory.devices:
            record.write(_steps(each, loaded.settings.policy(each.kind, "snmp")))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def _steps(asked: Device, policy: Policy) -> list[Step]:
    run, folded = None, []
    for at in _looks(asked.id):
        is_broken = asked.id == "sw-1" and local("2025-03-30T12:00") <= at < local(
            "2025-03-30T14:00"
        )
        values = (Measurement("cpu_ratio", 0.25),)
        seen = Observation(
            asked.id, "snmp", at, *((Outcome.TIMEOUT,) if is_broken else (Outcome.OK, values))
        )
        edges = []
        if run is not None:
            run, edge = lapse(run, at, policy)
            edges += [edge] if edge else []
        run, edge = step(run, seen, policy)
        edges += [edge] if edge else []
        folded.append(Step(seen, run, tuple(edges)))
    return folded


def _looks(device_id: str) -> Iterator[datetime]:
    """Yield the instants of looks (UTC): hourly, and every 20 minutes around the outage."""
    for first, last in (("2025-03-29", "2025-04-01"), ("2025-10-25", "2025-10-28")):
        at, end = local(first).astimezone(UTC), local(last).astimezone(UTC)
        dense = [local(f"2025-03-30T{hour}").astimezone(UTC) for hour in ("12:00", "15:00")]
        while at <= end:
            yield at
            is_dense = device_id == "sw-1" and dense[0] <= at < dense[1]
            at += timedelta(minutes=20 if is_dense else 60)
