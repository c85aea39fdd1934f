"""One incident with everything around it: whom it hit, what happened when, what is said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from netmon.analysis.announced import Agenda
from netmon.analysis.coming import announced_within
from netmon.analysis.incidents import incident_row
from netmon.analysis.rows import (
    AnnotationRow,
    AnnouncedRow,
    IncidentDetail,
    Named,
    Piece,
    Strip,
)
from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.annotations import Annotation, Hung
from netmon.domain.incidents import Incident
from netmon.domain.intervals import Interval, Span, clipped, instant
from netmon.domain.maintenance import Announcement
from netmon.domain.model import Inventory

EARLIER_S = 30 * 86_400
"""How far before an incident its subject's others are told."""

LEAST_MARGIN_S = 300
"""How much of what was before and after is shown, at least; else a tenth of its length."""


@dataclass(frozen=True, slots=True)
class Around:
    """
    What was read around an incident.

    `timelines` and `incidents` reach `EARLIER_S` before it began, `said` is what is said
    of them; `names` are the newest ids by older ones; all is as of `now_s`.
    """

    timelines: Mapping[str, DeviceTimeline]
    incidents: Sequence[Incident]
    said: Hung
    announcements: Sequence[Announcement]
    agenda: Agenda
    inventory: Inventory
    names: Mapping[str, str]
    now_s: int

    def called(self, subject: str) -> Named:
        """Return a device or place of today by its id, with the id as name of one that is gone."""
        if subject in self.timelines:
            return Named(subject, self.timelines[subject].device.name)
        places = {place.id: place.name for place in self.inventory.places}
        return Named(subject, places.get(subject, subject))


def incident_detail(incident: Incident, around: Around) -> IncidentDetail:
    """Return everything that people ask of one incident."""
    bounds = _bounds(incident, around.now_s)
    row = incident_row(incident, around.timelines, _said(incident, around.said), around.now_s)
    told = _devices(incident, around.timelines)
    earlier = _earlier(incident, around.incidents)
    lasted = [each.ended_s - each.began_s for each in earlier if each.ended_s is not None]
    said_of = around.said.by_incident
    return IncidentDetail(
        row=row,
        starts_at=instant(bounds[0]),
        ends_at=instant(bounds[1]),
        affected=tuple(around.called(each) for each in incident.affected),
        places=tuple(around.called(each) for each in row.places),
        carriers=_carriers(incident, around),
        strips=tuple(_strip(around.timelines[each], bounds) for each in told),
        announced=_announced(incident, row.places, around),
        said=annotation_rows(_said(incident, around.said), around),
        orphans=annotation_rows(_lately(incident, around.said.orphans), around),
        earlier=tuple(
            incident_row(each, around.timelines, said_of.get(each.id, ()), around.now_s)
            for each in earlier
        ),
        mean_repair_s=sum(lasted) / len(lasted) if lasted else None,
    )


def annotation_rows(said: Iterable[Annotation], around: Around) -> tuple[AnnotationRow, ...]:
    """Return what was said as people read it."""
    return tuple(
        AnnotationRow(
            uid=each.uid,
            subject=around.called(each.subject),
            kind=each.kind,
            author=each.author,
            entered_at=instant(each.entered_s),
            at=instant(each.at_s),
            text=each.text,
            url=each.url,
            until=None if each.until_s is None else instant(each.until_s),
        )
        for each in said
    )


def _said(incident: Incident, said: Hung) -> Sequence[Annotation]:
    return said.by_incident.get(incident.id, ())


def _bounds(incident: Incident, now_s: int) -> Interval:
    """Return an incident's time with a margin; nothing is told of what lies ahead."""
    end_s = now_s if incident.ended_s is None else incident.ended_s
    margin_s = max(LEAST_MARGIN_S, (end_s - incident.began_s) // 10)
    return incident.began_s - margin_s, max(incident.began_s + 1, min(end_s + margin_s, now_s))


def _devices(incident: Incident, timelines: Mapping[str, DeviceTimeline]) -> list[str]:
    return [each for each in (incident.subject, *incident.affected) if each in timelines]


def _strip(timeline: DeviceTimeline, bounds: Interval) -> Strip:
    pieces = tuple(
        Piece(instant(span.start_s), instant(span.end_s), span.status, span.reason)
        for span in _joined(clipped(timeline.read, *bounds))
    )
    return Strip(Named(timeline.device.id, timeline.device.name), pieces)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return neighbours that say the same as one."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if last and last.end_s == span.start_s and last[2:] == span[2:]:
            span = found.pop()._replace(end_s=span.end_s)  # noqa: PLW2901 - the two as one
        found.append(span)
    return found


def _carriers(incident: Incident, around: Around) -> tuple[Named, ...]:
    if incident.subject not in around.timelines:
        return ()
    carried = around.timelines[incident.subject].carriers.at(incident.subject, incident.began_s)
    return tuple(around.called(each) for each in sorted(carried))


def _announced(
    incident: Incident, places: Iterable[str], around: Around
) -> tuple[AnnouncedRow, ...]:
    """Return the work and other hours that overlap it, of whatever it hit."""
    hit = {incident.subject, *incident.affected, *places}
    hit |= {each.id for each in _carriers(incident, around)}
    end_s = around.now_s if incident.ended_s is None else incident.ended_s
    said = [
        each
        for each in around.announcements
        if not hit.isdisjoint(around.names.get(subject, subject) for subject in each.subjects)
    ]
    bounds = (incident.began_s, max(end_s, incident.began_s + 1))
    return announced_within(said, around.agenda, around.inventory, bounds)


def _earlier(incident: Incident, incidents: Iterable[Incident]) -> list[Incident]:
    since_s = incident.began_s - EARLIER_S
    return [
        each
        for each in incidents
        if each.subject == incident.subject and since_s <= each.began_s < incident.began_s
    ]


def _lately(incident: Incident, orphans: Iterable[Annotation]) -> list[Annotation]:
    since_s = incident.began_s - EARLIER_S
    return [each for each in orphans if each.subject == incident.subject and each.at_s >= since_s]
