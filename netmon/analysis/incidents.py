"""Incidents of the whole city, with their causes and those they took along."""

from collections.abc import Iterable, Mapping

from netmon.analysis.presence import is_computer
from netmon.analysis.rows import IncidentRow
from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.incidents import (
    Incident,
    incidents_of,
    incidents_of_site,
    with_affected,
)
from netmon.domain.intervals import Interval, instant
from netmon.domain.model import Place, Status


def incident_rows(timelines: Mapping[str, DeviceTimeline], bounds: Interval) -> list[IncidentRow]:
    """
    Return the incidents that touch an interval, newest first, open ones before closed.

    A place that nobody opened is one incident of its own; `timelines` know of it where they
    come from `with_sites`.
    """
    rows = [*_of_devices(timelines, bounds), *_of_sites(timelines.values(), bounds)]
    return sorted(rows, key=lambda row: (row.ended_at is not None, -row.began_at.timestamp()))


def _of_devices(timelines: Mapping[str, DeviceTimeline], bounds: Interval) -> list[IncidentRow]:
    own = [
        incident
        for device_id, each in timelines.items()
        for incident in incidents_of(device_id, each.judged)
        if _touches(incident, bounds)
    ]
    unreachable = {
        device_id: [span for span in each.read if span.status is Status.UNREACHABLE]
        for device_id, each in timelines.items()
    }
    above = {device_id: each.ancestors for device_id, each in timelines.items()}
    found = with_affected(own, unreachable, above)
    return [_row(each, timelines[each.subject].place, timelines[each.subject]) for each in found]


def _of_sites(timelines: Iterable[DeviceTimeline], bounds: Interval) -> list[IncidentRow]:
    closed: dict[str, list[DeviceTimeline]] = {}
    for each in timelines:
        if each.not_opened and is_computer(each):
            closed.setdefault(each.place.id, []).append(each)
    return [
        _row(incident, computers[0].place)
        for place_id, computers in closed.items()
        for incident in incidents_of_site(
            place_id, {each.device.id: each.judged for each in computers}, computers[0].not_opened
        )
        if _touches(incident, bounds)
    ]


def _touches(incident: Incident, bounds: Interval) -> bool:
    start_s, end_s = bounds
    return incident.began_s < end_s and (incident.ended_s is None or incident.ended_s > start_s)


def _row(incident: Incident, place: Place, cause: DeviceTimeline | None = None) -> IncidentRow:
    return IncidentRow(
        id=incident.id,
        device_id=cause.device.id if cause else None,
        device_name=cause.device.name if cause else None,
        place_id=place.id,
        place_name=place.name,
        status=incident.status,
        reason=incident.reason,
        began_at=instant(incident.began_s),
        ended_at=None if incident.ended_s is None else instant(incident.ended_s),
        promised_s=float(incident.promised_s),
        affected=incident.affected,
        audience=incident.audience,
    )
