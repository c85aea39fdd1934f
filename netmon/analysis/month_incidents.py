"""The incidents that touch a month, as they were known when it ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from netmon.analysis.incidents import Said, city_incidents, incident_row
from netmon.analysis.month_reading import MonthReading
from netmon.analysis.month_report import MonthIncident
from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.annotations import Annotation, hung
from netmon.domain.incidents import BROKEN, Audience, Incident
from netmon.domain.intervals import Interval, intersection
from netmon.domain.presence import SITE_NOT_OPENED, when


def month_incidents(
    reading: MonthReading, annotations: Iterable[Annotation] = ()
) -> tuple[MonthIncident, ...]:
    """
    Return the incidents of a month, by their beginning, then by id.

    `annotations` go by the newest ids of devices and places. Those that hang on an instant
    after the month do not count: the month is told as it was known when it ended.
    """
    start_s, end_s = reading.counted
    if start_s >= end_s:
        return ()
    told = city_incidents(reading.ended)
    said = _said(reading, told, annotations)
    # What works again in the first second of a month is a repair of that month.
    touching = [each for each in told if each.ended_s is None or each.ended_s >= start_s]
    found = [_incident(each, reading, said) for each in touching]
    return tuple(sorted(found, key=lambda each: (each.began_at, each.id)))


def _said(
    reading: MonthReading, told: Sequence[Incident], annotations: Iterable[Annotation]
) -> Said:
    then = {reading.city.names.get(each, each): each for each in _subjects(told)}
    known = (
        replace(each, subject=then[each.subject])
        for each in annotations
        if each.subject in then and each.at_s < reading.counted[1]
    )
    return hung(told, known).by_incident


def _subjects(told: Iterable[Incident]) -> list[str]:
    return sorted({each.subject for each in told})


def _incident(incident: Incident, reading: MonthReading, said: Said) -> MonthIncident:
    timelines, is_place = reading.ended, incident.audience is Audience.OWNER
    row = incident_row(incident, timelines, said.get(incident.id, ()), reading.counted[1])
    hit = [
        timelines[each] for each in (*incident.affected, *([] if is_place else [row.subject_id]))
    ]
    others = {each.place.name for each in hit if each.place.id != row.place_id}
    return MonthIncident(
        id=row.id,
        subject_id=row.subject_id,
        subject_name=row.subject_name or row.subject_id,
        kind=None if is_place else timelines[row.subject_id].device.kind,
        place_id=row.place_id,
        place_name=row.place_name,
        status=row.status,
        reason=row.reason,
        audience=row.audience,
        began_at=row.began_at,
        ended_at=row.ended_at,
        promised_s=incident.promised_s,
        in_month_s=_in_month_s(incident, timelines, reading.counted),
        affected=tuple(sorted(row.affected)),
        places=(row.place_name, *sorted(others)),
        notes=row.notes,
        synthetic=any(each.device.synthetic or each.place.synthetic for each in hit),
    )


def _in_month_s(
    incident: Incident, timelines: Mapping[str, DeviceTimeline], counted: Interval
) -> int:
    """Return how much of an incident's promised time lies in the month."""
    if incident.audience is Audience.OWNER:
        broken = timelines[incident.affected[0]].not_opened
    else:
        spans = timelines[incident.subject].judged
        broken = when((span for span in spans if span.reason != SITE_NOT_OPENED), BROKEN)
    last_s = counted[1] if incident.ended_s is None else min(incident.ended_s, counted[1])
    first_s = max(incident.began_s, counted[0])
    parts = intersection(broken, [(first_s, last_s)]) if first_s < last_s else []
    return sum(end_s - start_s for start_s, end_s in parts)
