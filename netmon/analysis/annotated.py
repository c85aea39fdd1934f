"""What is said on the desk, by the incidents and the devices of today."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from netmon.analysis.announced import newest_names
from netmon.domain.annotations import REACH_S, Annotation, Hung, hung, of_incident, within_reach
from netmon.domain.incidents import Incident
from netmon.storage.desk import DeskReader

Since = Callable[[int], Sequence[Incident]]
"""Returns all incidents that touch the time from an instant on."""


class Notebook:
    """
    Reads what was said; safe from any thread.

    What was said of a device or place that has another id since goes with it.
    """

    def __init__(self, desk: DeskReader) -> None:
        self._desk = desk
        self._last: tuple[object, tuple[Annotation, ...]] = (None, ())

    def read(self) -> tuple[Annotation, ...]:
        """Return all that was said, withdrawn or not, by the newest ids."""
        said, revisions = self._desk.annotations(), self._desk.revisions()
        key = (said, len(revisions))
        seen, found = self._last
        if seen != key:
            names = newest_names(revisions)
            found = tuple(
                replace(each, subject=names.get(each.subject, each.subject)) for each in said
            )
            self._last = (key, found)
        return found


def said_of(
    shown: Sequence[Incident],
    known: Sequence[Incident],
    known_since_s: int,
    said: Sequence[Annotation],
    since: Since,
) -> Mapping[str, tuple[Annotation, ...]]:
    """
    Return what is said of some incidents, by their ids; the same whatever else was read.

    Parameters
    ----------
    shown
        The incidents in question.
    known, known_since_s
        Those that were read, and from when on these are all.
    said
        All that was said.
    since
        Reads further back, where something may be of an incident that is not known.
    """
    if not said:
        return {}
    shown_of, known_of = _by_subject(shown), _by_subject(known)
    near = [
        each
        for each in said
        if any(within_reach(each, other) for other in shown_of.get(each.subject, ()))
    ]
    strays = [
        each.at_s
        for each in near
        if not any(of_incident(other, [each]) for other in known_of.get(each.subject, ()))
    ]
    from_s = min(strays, default=known_since_s + REACH_S) - REACH_S
    return hung(known if from_s >= known_since_s else since(from_s), near).by_incident


def all_said(said: Sequence[Annotation], since: Since) -> Hung:
    """Return everything that was said and stands, by incident, and what belongs to none."""
    if not said:
        return Hung({}, ())
    return hung(since(min(each.at_s for each in said) - REACH_S), said)


def _by_subject(incidents: Iterable[Incident]) -> dict[str, list[Incident]]:
    found: dict[str, list[Incident]] = {}
    for each in incidents:
        found.setdefault(each.subject, []).append(each)
    return found
