"""What an outage is lost to: the incidents of each device over time, and what they come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from netmon.analysis.incidents import city_incidents
from netmon.analysis.timelines import FOREVER_S, DeviceTimeline
from netmon.domain.incidents import Audience, Incident
from netmon.domain.intervals import Interval, intersection
from netmon.domain.model import DeviceKind
from netmon.domain.offers import MAINTENANCE, UNEXPLAINED
from netmon.domain.reasons import OWN_SERVICE

Blame = tuple[Interval, str]
"""When, and the id of what is to blame."""


class Cause(StrEnum):
    """What an outage comes from; what no incident explains is told as that."""

    DEVICE = "device"
    UPLINK = "uplink"
    SITE = "site"
    MAINTENANCE = "maintenance"
    UNEXPLAINED = "unexplained"


_SERVING = frozenset({*OWN_SERVICE, DeviceKind.PROBE})


@dataclass(frozen=True, slots=True)
class Origin:
    """What something that broke a promise comes from, and the place to which it is charged."""

    cause: Cause
    place_id: str


class Blamed:
    """
    The incidents of some timelines, by the devices that they took along.

    Parameters
    ----------
    timelines
        Those of the city, places that were not opened included.
    """

    def __init__(self, timelines: Mapping[str, DeviceTimeline]) -> None:
        self._timelines = timelines
        self.origins: dict[str, Origin] = {}
        self._of: dict[str, list[Blame]] = {}
        for each in city_incidents(timelines):
            self._add(each)

    def of_device(self, device_id: str) -> Sequence[Blame]:
        """Return when a device failed because of which incident."""
        return self._of.get(device_id, ())

    def _add(self, incident: Incident) -> None:
        place_id = self._place_id(incident)
        self.origins[incident.id] = Origin(self._cause(incident), place_id)
        lasted = [(incident.began_s, incident.ended_s or FOREVER_S)]
        if incident.audience is not Audience.OWNER:
            self._blame(incident, incident.subject, lasted)
        for device_id in incident.affected:
            self._blame(incident, device_id, intersection(self._lost(incident, device_id), lasted))

    def _lost(self, incident: Incident, device_id: str) -> Sequence[Interval]:
        timeline = self._timelines[device_id]
        if incident.audience is Audience.OWNER:
            return timeline.not_opened
        return [
            (each.start_s, each.end_s)
            for each in timeline.lost
            if incident.subject in each.carriers
        ]

    def _blame(self, incident: Incident, device_id: str, times: Iterable[Interval]) -> None:
        self._of.setdefault(device_id, []).extend((each, incident.id) for each in times)

    def _place_id(self, incident: Incident) -> str:
        if incident.audience is Audience.OWNER:
            return incident.subject
        return self._timelines[incident.subject].place.id

    def _cause(self, incident: Incident) -> Cause:
        if incident.audience is Audience.OWNER:
            return Cause.SITE
        kind = self._timelines[incident.subject].device.kind
        return Cause.DEVICE if kind in _SERVING else Cause.UPLINK


def told_apart(blamed: tuple[str, ...], place_id: str) -> tuple[str, ...]:
    """
    Return what is to blame, with the place where no incident names one.

    Announced work at two places is two losses, each charged to its own place.
    """
    apart = {MAINTENANCE, UNEXPLAINED}
    return tuple(f"{each}:{place_id}" if each in apart else each for each in blamed)


def origin_apart(blamed: str) -> Origin | None:
    """Return where what `told_apart` gave comes from, None for what is an incident."""
    cause, _, place_id = blamed.partition(":")
    is_apart = bool(place_id) and cause in {MAINTENANCE, UNEXPLAINED}
    return Origin(Cause(cause), place_id) if is_apart else None
