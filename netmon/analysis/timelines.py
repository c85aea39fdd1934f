"""
The record of every device, read with its parents, maintenance and hours around it.

This is the one place where runs, revisions and settings meet; live status, availability
and incidents are all read from what it returns, so they can never disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property

from netmon.analysis.announced import NOTHING_ANNOUNCED, Announced
from netmon.analysis.carriers import Carriers, Dated
from netmon.analysis.hours import OpeningHours
from netmon.analysis.recorded import looks_by_check, spans_by_device
from netmon.config.settings import Settings
from netmon.domain.dependencies import ancestors
from netmon.domain.incidents import Lost, hidden_recoveries
from netmon.domain.intervals import (
    ALWAYS,
    Interval,
    Span,
    Windows,
    epoch_s,
    intersection,
    overlaid,
    union,
    widened,
)
from netmon.domain.model import Device, Place, Power, Revision, Status
from netmon.domain.presence import blamed_on_site, when
from netmon.domain.smoothing import smoothed
from netmon.domain.timeline import (
    ON_DEMAND,
    behind,
    device_spans,
    failing,
    read_spans,
    unproven,
)
from netmon.storage.record import LatestLook, Runs

FOREVER_S = 2**40

NOTHING_CARRIES = Carriers({})


@dataclass(frozen=True, slots=True)
class Material:
    """
    Everything that timelines are made of, as rows of the two stores.

    `revisions` are oldest first, at least one.
    """

    revisions: Sequence[Revision]
    runs: Runs
    latest: Sequence[LatestLook]
    announced: Announced = NOTHING_ANNOUNCED


@dataclass(frozen=True)
class DeviceTimeline:
    """
    One device over time.

    `recorded` has parents and maintenance laid over it. `windows` is None where nobody
    published when it should be on. `ancestors` are all devices that it depends on today.
    `failing` is when it carried nothing, what only looks down included. `not_opened` is when
    its place was not opened, as far as that is known (`netmon.analysis.presence`): it is
    not to blame then, nor `slack_s` before and after, for devices are looked at in turn.
    `maintenance` is when work on it or on what carries it is announced, the future too.
    `worked` is when it was seen to work in that time. `carriers` know what carried it at any
    time.
    """

    device: Device
    place: Place
    recorded: Sequence[Span]
    windows: Windows | None
    until_s: int
    ancestors: frozenset[str]
    failing: Sequence[Interval] = ()
    not_opened: Sequence[Interval] = ()
    slack_s: int = 0
    maintenance: Sequence[Interval] = ()
    worked: Sequence[Interval] = ()
    carriers: Carriers = NOTHING_CARRIES

    def smoothed(self, shorter_than_s: int) -> "DeviceTimeline":
        """Return it without states that are short and lie between two equal ones."""
        if not shorter_than_s:
            return self
        return replace(self, recorded=smoothed(self.recorded, shorter_than_s))

    @cached_property
    def read(self) -> Sequence[Span]:
        """Return what is recorded with the service windows laid over it too."""
        if self.device.power is Power.ON_DEMAND:
            return unproven(self.recorded, ON_DEMAND)
        spans = read_spans(self.recorded, windows=self.windows, until_s=self.until_s)
        return blamed_on_site(spans, widened(self.not_opened, self.slack_s))

    @cached_property
    def judged(self) -> Sequence[Span]:
        """Return what is read, as incidents see it: work and closing time hide no recovery."""
        spans = overlaid(self.read, self.worked, _worked)
        return overlaid(spans, hidden_recoveries(spans, self.recorded), _worked)

    @cached_property
    def lost(self) -> Sequence[Lost]:
        """Return when it was out of reach, and what carried it then."""
        times = [span[:2] for span in self.read if span.status is Status.UNREACHABLE]
        return self.carriers.lost(self.device.id, times)


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
        self._slack_s = settings.dependency_slack_s()
        self._inventory = material.revisions[-1].inventory
        self._places = {place.id: place for place in self._inventory.places}
        self._devices = devices_by_any_id(material.revisions)
        self._looks = looks_by_check(material.latest)
        self._runs = spans_by_device(material.runs, self._looks, self._devices, settings, bounds[1])
        self._parents = _parents_over_time(material.revisions, self._devices)
        self._carriers = Carriers(self._parents)
        self._maintenance = material.announced.maintenance
        self._changes = material.announced.changes
        self._own: dict[str, list[Span]] = {}

    def all(self) -> dict[str, DeviceTimeline]:
        """Return every device's timeline, in the order of the inventory."""
        return {device.id: self._timeline(device) for device in self._inventory.devices}

    def _timeline(self, device: Device) -> DeviceTimeline:
        place = self._places[device.place_id]
        maintenance = self._in_maintenance(device.id)
        windows = self._hours.of_device(
            device, place, self._bounds, self._changes.get(place.id, ())
        )
        return DeviceTimeline(
            device,
            place,
            self._read_recorded(device.id, maintenance),
            windows,
            self._bounds[1],
            ancestors(device.id, self._parents_now),
            self._failing(device.id),
            maintenance=maintenance,
            worked=self._worked(device.id, maintenance),
            carriers=self._carriers,
        )

    def _read_recorded(self, device_id: str, maintenance: Sequence[Interval]) -> list[Span]:
        """Lay parents and maintenance over a device's runs."""
        return read_spans(
            self._own_spans(device_id),
            unreachable=self._behind(device_id),
            maintenance=maintenance,
            windows=ALWAYS,
            until_s=self._bounds[1],
        )

    def _worked(self, device_id: str, maintenance: Sequence[Interval]) -> list[Interval]:
        if not maintenance:
            return []
        return intersection(when(self._own_spans(device_id), {Status.UP}), maintenance)

    def _own_spans(self, device_id: str) -> list[Span]:
        """Return what a device's own checks say."""
        if device_id not in self._own:
            checks = self._runs.get(device_id, {})
            self._own[device_id] = device_spans(checks, self._deciding(device_id))
        return self._own[device_id]

    def _behind(self, device_id: str) -> list[Interval]:
        """Return when all parents failed, at each time those that the inventory named then."""
        found: list[Interval] = []
        for start_s, end_s, parents in self._parents.get(device_id, ()):
            failures = [self._failing(parent) for parent in parents]
            found += intersection(behind(failures, self._slack_s), [(start_s, end_s)])
        return union(found)

    def _failing(self, device_id: str) -> list[Interval]:
        """
        Return when a device failed; one that looks down but is not yet sure counts too.

        Out of reach or in maintenance, it carries nothing either: its own checks tell all,
        and parents that changed places over time are no loop.
        """
        confirmed = failing(self._own_spans(device_id))
        look = self._looks.get((device_id, self._deciding(device_id)))
        recent = look.recent if look else ()
        if not recent or recent[-1].verdict.status is not Status.DOWN:
            return confirmed
        down = [epoch_s(each.at) for each in recent if each.verdict.status is Status.DOWN]
        return union([*confirmed, (down[0], self._bounds[1])])

    def _in_maintenance(self, device_id: str) -> list[Interval]:
        """Return when work is announced for a device, its place, or all that carries it."""
        place_id = self._devices[device_id].place_id
        return union([*self._announced(place_id), *self._carried_in_maintenance(device_id)])

    def _carried_in_maintenance(self, device_id: str) -> list[Interval]:
        """Work at a parent's place stops nobody elsewhere, nor does work on one of two parents."""
        parents = [each for each in self._parents_now(device_id) if each in self._devices]
        above = behind([self._carried_in_maintenance(each) for each in parents], 0)
        return union([*self._announced(device_id), *above])

    def _announced(self, subject: str) -> Sequence[Interval]:
        return self._maintenance.get(subject, ())

    def _deciding(self, device_id: str) -> str:
        return self._settings.deciding(self._devices[device_id])

    def _parents_now(self, device_id: str) -> Iterable[str]:
        device = self._devices.get(device_id)
        return device.parents if device else ()


def devices_by_any_id(revisions: Sequence[Revision]) -> dict[str, Device]:
    """
    Return every device by every id that it ever had.

    Retired devices are among them as they last were: they still explain the past.
    """
    last = {each.id: each for revision in revisions for each in revision.inventory.devices}
    renamed = {
        each.renamed_from: each.id
        for revision in revisions
        for each in revision.inventory.devices
        if each.renamed_from
    }
    present = {device.id for device in revisions[-1].inventory.devices}
    return {name: last[_newest_id(name, renamed, present)] for name in {*last, *renamed}}


def _newest_id(name: str, renamed: Mapping[str, str], present: AbstractSet[str]) -> str:
    passed: set[str] = set()
    while name not in present and name in renamed and name not in passed:
        passed.add(name)
        name = renamed[name]
    return name


def _worked(span: Span) -> Span:
    is_muted = span.status in {Status.MAINTENANCE, Status.EXPECTED_OFF}
    return span._replace(status=Status.UP, is_usable=True, reason="") if is_muted else span


def _parents_over_time(
    revisions: Sequence[Revision], devices: Mapping[str, Device]
) -> Mapping[str, list[Dated]]:
    """Return (start_s, end_s, parents) of each device that ever had any, by their last ids."""
    # What was recorded before the first revision is read with the first one.
    starts = [0, *(epoch_s(revision.since) for revision in revisions[1:])]
    ends = [*starts[1:], FOREVER_S]
    found: dict[str, list[Dated]] = {}
    for revision, start_s, end_s in zip(revisions, starts, ends, strict=True):
        for device in revision.inventory.devices:
            if device.parents and start_s < end_s:
                parents = tuple(devices[each].id for each in device.parents if each in devices)
                found.setdefault(devices[device.id].id, []).append((start_s, end_s, parents))
    return found
