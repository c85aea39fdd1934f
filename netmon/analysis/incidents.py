"""Incidents of the whole city, with their causes, those they took along, and what is said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from netmon.analysis.presence import is_computer
from netmon.analysis.rows import Acknowledged, IncidentRow
from netmon.analysis.tails import radius_s
from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.annotations import REACH_S, Annotation, AnnotationKind, acknowledgement
from netmon.domain.incidents import (
    Audience,
    Incident,
    incidents_of,
    incidents_of_site,
    with_affected,
)
from netmon.domain.intervals import Interval, epoch_s, instant

Timelines = Mapping[str, DeviceTimeline]
"""Of every device, by id."""

Said = Mapping[str, Sequence[Annotation]]
"""What is said, by the id of the incident."""


def city_incidents(timelines: Timelines) -> list[Incident]:
    """
    Return every incident that the timelines tell of, open ones first, newest first.

    A place that nobody opened is one incident of its own; `timelines` know of it where they
    come from `with_sites`.
    """
    own = [
        incident
        for device_id, each in timelines.items()
        for incident in incidents_of(device_id, each.judged)
    ]
    lost = {device_id: each.lost for device_id, each in timelines.items()}
    found = [*with_affected(own, lost), *_of_sites(timelines.values())]
    return sorted(found, key=order)


def order(incident: Incident) -> tuple[bool, int, str]:
    """Return what sorts incidents, open ones first, newest first."""
    return incident.ended_s is not None, -incident.began_s, incident.subject


def touches(incident: Incident, bounds: Interval) -> bool:
    """Return whether an incident touches an interval."""
    is_before = incident.began_s < bounds[1]
    return is_before and (incident.ended_s is None or incident.ended_s > bounds[0])


def touching(incidents: Iterable[Incident], bounds: Interval) -> list[Incident]:
    """Return the incidents that touch an interval."""
    return [each for each in incidents if touches(each, bounds)]


def incident_rows(
    incidents: Iterable[Incident], timelines: Timelines, said: Said, now_s: int
) -> list[IncidentRow]:
    """Return incidents in their order, as people read them at `now_s`."""
    return [incident_row(each, timelines, said.get(each.id, ()), now_s) for each in incidents]


def incident_row(
    incident: Incident, timelines: Timelines, said: Sequence[Annotation], now_s: int
) -> IncidentRow:
    """Return one incident as people read it, with what is said of it."""
    is_place = incident.audience is Audience.OWNER
    hit = [timelines[each] for each in ([] if is_place else [incident.subject])]
    hit += [timelines[each] for each in incident.affected]
    place = hit[0].place
    bare = IncidentRow(
        id=incident.id,
        device_id=None if is_place else hit[0].device.id,
        device_name=None if is_place else hit[0].device.name,
        place_id=place.id,
        place_name=place.name,
        status=incident.status,
        reason=incident.reason,
        began_at=instant(incident.began_s),
        ended_at=None if incident.ended_s is None else instant(incident.ended_s),
        promised_s=float(incident.promised_s),
        affected=incident.affected,
        audience=incident.audience,
        places=tuple(dict.fromkeys(each.place.id for each in hit)),
        acknowledged=None,
        notes=0,
    )
    return annotated(bare, incident, said, now_s)


def annotated(
    row: IncidentRow, incident: Incident, said: Sequence[Annotation], now_s: int
) -> IncidentRow:
    """Return how an incident reads with what is said of it, from how it reads without."""
    if not said:
        return row
    return replace(
        row,
        acknowledged=_acknowledged(incident, said, now_s),
        notes=sum(1 for each in said if each.kind is not AnnotationKind.ACKNOWLEDGEMENT),
    )


def _acknowledged(
    incident: Incident, said: Sequence[Annotation], now_s: int
) -> Acknowledged | None:
    found = acknowledgement(incident, said, now_s)
    if found is None:
        return None
    until = None if found.until_s is None else instant(found.until_s)
    return Acknowledged(found.author, instant(found.entered_s), until, found.text)


def all_settled_s(
    rows: Iterable[IncidentRow], bounds: Interval, dependency_slack_s: int
) -> int | None:
    """
    Return the instant after which nothing that happens changes these rows, None while one is open.

    `bounds` are those that the rows were asked for. What a device is seen to do is explained
    by what its parents did, and its place by what its computers and what carries them did,
    each some time before and after; and a note may be of the next incident, if that is nearer.
    """
    ends = [row.ended_at for row in rows]
    if None in ends:
        return None
    last_s = max([bounds[1], *(epoch_s(end) for end in ends if end is not None)])
    return last_s + radius_s(dependency_slack_s) + 2 * REACH_S


def _of_sites(timelines: Iterable[DeviceTimeline]) -> list[Incident]:
    closed: dict[str, list[DeviceTimeline]] = {}
    for each in timelines:
        if each.not_opened and is_computer(each):
            closed.setdefault(each.place.id, []).append(each)
    return [
        incident
        for place_id, computers in closed.items()
        for incident in incidents_of_site(
            place_id, {each.device.id: each.judged for each in computers}, computers[0].not_opened
        )
    ]
