"""What a report was made from, as numbers and digests of what could matter to it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from netmon.analysis.month_reading import MonthReading, Stores
from netmon.analysis.month_report import MonthIncident, Provenance
from netmon.domain.intervals import epoch_s, intersection
from netmon.domain.model import Device

_RADIO = frozenset({"band", "eirp_dbm", "azimuth_deg"})


def provenance(
    stores: Stores,
    readings: Sequence[MonthReading],
    smoothing_s: int,
    incidents: Sequence[MonthIncident],
) -> Provenance:
    """
    Return what the readings of a report were made of, the month itself first.

    What cannot change any figure is in none of it: a look that repeats what is known, an
    announcement for another month, a credential.
    """
    month = readings[0]
    return Provenance(
        revisions=_revisions(month),
        inventory_digest=digest([_inventory(each) for each in readings]),
        hours_digest=digest([_hours(each) for each in readings]),
        announcements_digest=digest([_announced(each) for each in readings]),
        runs=sum(len(spans) for spans in month.runs.values()),
        runs_digest=digest([_runs(each) for each in readings]),
        settings_digest=digest(_settings(stores)),
        smoothing_s=smoothing_s,
        notes_digest=digest([[each.id, each.notes] for each in incidents if each.notes]),
    )


def _revisions(month: MonthReading) -> tuple[int, ...]:
    """Return the inventory revisions that held at any time of the month."""
    known = month.city.known
    ends_s = [*(epoch_s(each.since) for each in known[1:]), month.bounds[1] + 1]
    return tuple(
        each.number for each, end_s in zip(known, ends_s, strict=True) if end_s > month.bounds[0]
    )


def _inventory(reading: MonthReading) -> list[Any]:
    devices = [{**_judged(each.device), "present": list(each.present)} for each in reading.members]
    places = [
        {"id": each.id, "name": each.name, "services": [offer.service for offer in each.offers]}
        for each in reading.city.inventory.places
    ]
    return [devices, places]


def _judged(device: Device) -> dict[str, Any]:
    """Return a device without its radio, which coverage is planned with and nothing judged by."""
    return {name: value for name, value in asdict(device).items() if name not in _RADIO}


def _hours(reading: MonthReading) -> list[Any]:
    """Return the promised windows of the month: their text may change without changing them."""
    bounds = [reading.bounds]
    return [
        [each.device.id, windows and intersection(windows.intervals, bounds)]
        for each in reading.members
        for windows in [each.timeline.windows]
    ]


def _announced(reading: MonthReading) -> list[Any]:
    """Return what was announced for the month: work, and other hours of its sites."""
    said, bounds = reading.announced, [reading.bounds]
    work: list[list[Any]] = [
        [name, intersection(each, bounds)] for name, each in sorted(said.maintenance.items())
    ]
    other: list[list[Any]] = [
        [name, change.is_open, intersection(change.times, bounds)]
        for name, changes in sorted(said.changes.items())
        for change in changes
    ]
    return [each for each in (*work, *other) if each[-1]]


def _runs(reading: MonthReading) -> list[Any]:
    """Return the recorded runs as far as they were read, by device and check."""
    return [
        [*key, [[span.start_s, min(span.end_s, reading.read[1]), *span[2:]] for span in spans]]
        for key, spans in sorted(reading.runs.items())
    ]


def _settings(stores: Stores) -> list[Any]:
    settings = stores.settings
    kept = {"checks", "kinds", "objectives"}
    told = settings.model_dump(mode="json", include=kept)
    return [settings.city.name, settings.city.timezone, told]


def digest(value: object) -> str:
    """Return the SHA-256 of a value's JSON in hexadecimal."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
