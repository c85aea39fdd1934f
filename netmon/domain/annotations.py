"""
What people say of an incident: that somebody is at it, a note, a link to elsewhere.

It hangs on (subject, instant), never on the id of an incident: incidents are worked out anew
whenever they are read, and may begin and end elsewhere once a strike was entered or a late
look came in. What was said then stays with the incident that holds its instant, else with the
nearest one of its subject within `REACH_S`, and is an orphan otherwise: shown, never lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from netmon.domain.incidents import Incident

REACH_S = 3600
"""How far outside an incident, in seconds, a note of it may come to lie."""

UNTIL_IT_ENDS_S = 2**37
"""Later than any expiry, and still a date: an acknowledgement that only ends with its incident."""


class AnnotationKind(StrEnum):
    """What an annotation is; only an acknowledgement does anything."""

    ACKNOWLEDGEMENT = "acknowledgement"
    NOTE = "note"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Annotation:
    """
    One thing that somebody said of an incident.

    `subject` is that of the incident, a device or a place, and `at_s` an instant inside it
    when it was said. `text` may be empty for an acknowledgement, and is the title of a link,
    whose address is `url` (empty otherwise). `until_s` is when an acknowledgement expires, None
    where it ends with its incident. `withdrawn_s` is None where it still stands.
    """

    uid: str
    subject: str
    at_s: int
    kind: AnnotationKind
    author: str
    entered_s: int
    text: str = ""
    url: str = ""
    until_s: int | None = None
    withdrawn_s: int | None = None


@dataclass(frozen=True, slots=True)
class Hung:
    """Annotations by the id of the incident that they are of, and those of none."""

    by_incident: Mapping[str, tuple[Annotation, ...]]
    orphans: tuple[Annotation, ...]


def instant_inside(began_s: int, ended_s: int | None, now_s: int) -> int:
    """
    Return the instant on which what is said now of an incident should hang.

    While it is open that is now: whoever speaks of it speaks of what is broken now. In one
    that has ended it is the middle, where it takes the most to leave it.
    """
    if ended_s is None:
        return max(now_s, began_s)
    return (began_s + ended_s - 1) // 2


def of_incident(incident: Incident, annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    """Return what still stands of all that was said inside an incident, oldest first."""
    return _in_order(
        each
        for each in annotations
        if each.subject == incident.subject and _distance_s(each, incident) == 0
    )


def hung(incidents: Iterable[Incident], annotations: Iterable[Annotation]) -> Hung:
    """
    Give every annotation that still stands to its incident; none is lost or doubled.

    Parameters
    ----------
    incidents
        All of the subjects in question, from `2 * REACH_S` before what is asked for: with one
        of them missing, another might be given its notes.
    annotations
        Of any subjects, withdrawn ones too.
    """
    by_subject: dict[str, list[Incident]] = {}
    for incident in incidents:
        by_subject.setdefault(incident.subject, []).append(incident)
    given: dict[str, list[Annotation]] = {}
    orphans: list[Annotation] = []
    for each in _in_order(annotations):
        nearest = _nearest(each, by_subject.get(each.subject, ()))
        (orphans if nearest is None else given.setdefault(nearest.id, [])).append(each)
    return Hung({key: tuple(said) for key, said in given.items()}, tuple(orphans))


def acknowledgement(
    incident: Incident, annotations: Iterable[Annotation], now_s: int
) -> Annotation | None:
    """
    Return the acknowledgement that holds longest, None where none holds now.

    It speaks for the incident that its instant lies in and for no other: notes go to the
    nearest one, but who acknowledged one outage has not seen the next. It ends when it
    expires, when it is withdrawn, and with its incident.
    """
    if incident.ended_s is not None and incident.ended_s <= now_s:
        return None
    holding = [each for each in of_incident(incident, annotations) if _holds(each, now_s)]
    return max(holding, key=lambda each: (_expires_s(each), each.entered_s), default=None)


def acknowledged_until(
    incident: Incident, annotations: Iterable[Annotation], now_s: int
) -> int | None:
    """Return until when, `UNTIL_IT_ENDS_S` for the end of it; None: not acknowledged now."""
    found = acknowledgement(incident, annotations, now_s)
    return None if found is None else _expires_s(found)


def to_keep(said: Annotation, before: Annotation | None) -> Annotation | None:
    """
    Return what is to be kept of an annotation, None where it brings nothing new.

    What was said is never changed, only withdrawn, and that for good.
    """
    if before is None:
        return said if said.withdrawn_s is None else None
    is_withdrawal = before.withdrawn_s is None and said.withdrawn_s is not None
    return replace(before, withdrawn_s=said.withdrawn_s) if is_withdrawal else None


def within_reach(annotation: Annotation, incident: Incident) -> bool:
    """Tell whether something may have been said of an incident, or of a nearer one."""
    is_same = annotation.subject == incident.subject
    return is_same and _distance_s(annotation, incident) <= REACH_S


def _nearest(said: Annotation, incidents: Sequence[Incident]) -> Incident | None:
    near = [each for each in incidents if within_reach(said, each)]
    # Of two as near the earlier one: it was there when this was said.
    return min(near, key=lambda each: (_distance_s(said, each), each.began_s), default=None)


def _distance_s(said: Annotation, incident: Incident) -> int:
    if said.at_s < incident.began_s:
        return incident.began_s - said.at_s
    last_s = said.at_s if incident.ended_s is None else incident.ended_s - 1
    return max(0, said.at_s - last_s)


def _holds(said: Annotation, now_s: int) -> bool:
    is_one = said.kind is AnnotationKind.ACKNOWLEDGEMENT
    return is_one and said.entered_s <= now_s < _expires_s(said)


def _expires_s(said: Annotation) -> int:
    return UNTIL_IT_ENDS_S if said.until_s is None else said.until_s


def _in_order(annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    standing = (each for each in annotations if each.withdrawn_s is None)
    return tuple(sorted(standing, key=lambda each: (each.entered_s, each.uid)))
