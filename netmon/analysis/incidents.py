"""Incidents of the whole city, with their causes and those they took along."""

from collections.abc import Mapping

from netmon.analysis.rows import IncidentRow
from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.incidents import Incident, incidents_of, with_affected
from netmon.domain.intervals import Interval, instant
from netmon.domain.model import Status


def incident_rows(timelines: Mapping[str, DeviceTimeline], bounds: Interval) -> list[IncidentRow]:
    """Return the incidents that touch an interval, newest first, open ones before closed."""
    own = [
        incident
        for device_id, each in timelines.items()
        for incident in incidents_of(device_id, each.read)
        if _touches(incident, bounds)
    ]
    unreachable = {
        device_id: [span for span in each.read if span.status is Status.UNREACHABLE]
        for device_id, each in timelines.items()
    }
    above = {device_id: each.ancestors for device_id, each in timelines.items()}
    rows = [
        _row(each, timelines[each.subject]) for each in with_affected(own, unreachable, above)
    ]
    return sorted(rows, key=lambda row: (row.ended_at is not None, -row.began_at.timestamp()))


def _touches(incident: Incident, bounds: Interval) -> bool:
    start_s, end_s = bounds
    return incident.began_s < end_s and (incident.ended_s is None or incident.ended_s > start_s)


def _row(incident: Incident, timeline: DeviceTimeline) -> IncidentRow:
    return IncidentRow(
        id=incident.id,
        device_id=incident.subject,
        device_name=timeline.device.name,
        place_id=timeline.place.id,
        place_name=timeline.place.name,
        status=incident.status,
        reason=incident.reason,
        began_at=instant(incident.began_s),
        ended_at=None if incident.ended_s is None else instant(incident.ended_s),
        promised_s=float(incident.promised_s),
        affected=incident.affected,
    )
