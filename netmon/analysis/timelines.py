"""
The record of every device, read with its parents, maintenance and hours around it.

This is the one place where runs, revisions and settings meet; live status, availability
and incidents are all read from what it returns, so they can never disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from netmon.analysis.hours import OpeningHours
from netmon.analysis.recorded import looks_by_check, spans_by_device
from netmon.config.calendar import device_rule
from netmon.config.settings import Settings
from netmon.domain.dependencies import ancestors
from netmon.domain.intervals import ALWAYS, Interval, Span, Windows, epoch_s, intersection, union
from netmon.domain.model import Device, Place, Revision, Status
from netmon.domain.timeline import behind, device_spans, failing, read_spans
from netmon.storage.desk import Maintenance
from netmon.storage.record import LatestLook, RecordedRun

FOREVER_S = 2**40


@dataclass(frozen=True, slots=True)
class Material:
    """
    Everything that timelines are made of, as rows of the two stores.

    `revisions` are oldest first, at least one; `runs` are sorted by device, check and start.
    """

    revisions: Sequence[Revision]
    runs: Iterable[RecordedRun]
    latest: Sequence[LatestLook]
    maintenance: Sequence[Maintenance] = ()


@dataclass(frozen=True)
class DeviceTimeline:
    """
    One device over time.

    `recorded` has parents and maintenance laid over it. `windows` is None where nobody
    published when it should be on. `ancestors` are all devices that it depends on today.
    """

    device: Device
    place: Place
    recorded: Sequence[Span]
    windows: Windows | None
    until_s: int
    ancestors: frozenset[str]

    @cached_property
    def read(self) -> Sequence[Span]:
        """Return what is recorded with the service windows laid over it too."""
        return read_spans(self.recorded, windows=self.windows, until_s=self.until_s)


class Timelines:
    """
    Reads the devices of the newest revision up to one instant.

    Parameters
    ----------
    material
        Rows of the stores.
    settings, hours
        Which check decides, how long a look is good for, when places are open.
    bounds
        `(start_s, end_s)`: open runs and windows are cut at the end, nothing at the start.
    """

    def __init__(
        self, material: Material, settings: Settings, hours: OpeningHours, bounds: Interval
    ) -> None:
        self._settings, self._hours, self._bounds = settings, hours, bounds
        inventory = material.revisions[-1].inventory
        self._places = {place.id: place for place in inventory.places}
        self._devices = {device.id: device for device in inventory.devices}
        self._looks = looks_by_check(material.latest)
        self._runs = spans_by_device(material.runs, self._looks, self._devices, settings, bounds[1])
        self._parents = _parents_over_time(material.revisions)
        self._maintenance = material.maintenance
        self._recorded: dict[str, list[Span]] = {}

    def all(self) -> dict[str, DeviceTimeline]:
        """Return every device's timeline, in the order of the inventory."""
        return {device_id: self._timeline(device_id) for device_id in self._devices}

    def _timeline(self, device_id: str) -> DeviceTimeline:
        device = self._devices[device_id]
        place = self._places[device.place_id]
        recorded = self._read_recorded(device_id)
        windows = self._hours.windows(device_rule(device, place), *self._bounds)
        above = ancestors(device_id, self._parents_now)
        return DeviceTimeline(device, place, recorded, windows, self._bounds[1], above)

    def _read_recorded(self, device_id: str) -> list[Span]:
        """Lay parents and maintenance over a device's runs; its parents are read before it."""
        if device_id not in self._recorded:
            deciding = self._deciding(device_id)
            self._recorded[device_id] = read_spans(
                device_spans(self._runs.get(device_id, {}), deciding),
                unreachable=self._behind(device_id),
                maintenance=self._in_maintenance(device_id),
                windows=ALWAYS,
                until_s=self._bounds[1],
            )
        return self._recorded[device_id]

    def _behind(self, device_id: str) -> list[Interval]:
        """Return when all parents failed, at each time those that the inventory named then."""
        slack_s = self._settings.dependency_slack_s()
        found: list[Interval] = []
        for start_s, end_s, parents in self._parents.get(device_id, ()):
            known = [self._failing(parent) for parent in parents if parent in self._devices]
            found += intersection(behind(known, slack_s), [(start_s, end_s)])
        return union(found)

    def _failing(self, device_id: str) -> list[Interval]:
        """Return when a device failed; one that looks down but is not yet sure counts too."""
        confirmed = failing(self._read_recorded(device_id))
        look = self._looks.get((device_id, self._deciding(device_id)))
        recent = look.recent if look else ()
        down = [epoch_s(each.at) for each in recent if each.verdict.status is Status.DOWN]
        softly = [(down[0], self._bounds[1])] if down else []
        return union([*confirmed, *softly])

    def _in_maintenance(self, device_id: str) -> list[Interval]:
        above = ancestors(device_id, self._parents_now) if self._maintenance else ()
        subjects = {device_id, self._devices[device_id].place_id, *above}
        return union(
            (each.start_s, each.end_s) for each in self._maintenance if each.subject in subjects
        )

    def _deciding(self, device_id: str) -> str:
        return self._settings.kind(self._devices[device_id].kind).deciding

    def _parents_now(self, device_id: str) -> Iterable[str]:
        device = self._devices.get(device_id)
        return device.parents if device else ()


def _parents_over_time(
    revisions: Sequence[Revision],
) -> Mapping[str, list[tuple[int, int, tuple[str, ...]]]]:
    """Return (start_s, end_s, parents) of each device that ever had any."""
    # What was recorded before the first revision is read with the first one.
    starts = [0, *(epoch_s(revision.since) for revision in revisions[1:])]
    ends = [*starts[1:], FOREVER_S]
    found: dict[str, list[tuple[int, int, tuple[str, ...]]]] = {}
    for revision, start_s, end_s in zip(revisions, starts, ends, strict=True):
        for device in revision.inventory.devices:
            if device.parents and start_s < end_s:
                found.setdefault(device.id, []).append((start_s, end_s, device.parents))
    return found
