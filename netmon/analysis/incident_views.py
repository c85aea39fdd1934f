"""Incidents as pages and commands ask for them: of a time, one by its name, and orphans."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from netmon.analysis.annotated import Notebook, all_said, said_of
from netmon.analysis.announced import Agenda, newest_names
from netmon.analysis.incident_detail import (
    EARLIER_S,
    Around,
    annotation_rows,
    incident_detail,
)
from netmon.analysis.incident_pieces import IncidentPieces
from netmon.analysis.incidents import annotated, city_incidents, incident_rows, touches, touching
from netmon.analysis.rows import AnnotationRow, IncidentDetail, IncidentRow
from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.annotations import REACH_S, Annotation, hung
from netmon.domain.incidents import Incident
from netmon.domain.intervals import Interval, epoch_s
from netmon.storage.desk import DeskReader

FIRST_YEAR = 2000
"""Nothing was seen before; an id that says so is none of ours."""

_ID = re.compile(r"(.+)@(\d{8}T\d{6}Z)", re.DOTALL)

Timelines = Mapping[str, DeviceTimeline]

ReadSince = Callable[[int, int], Timelines]
"""Reads the timelines of everything `(since_s, now_s)`, places included."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The incidents of some timelines; all that touch the time from `since_s` on are there."""

    timelines: Timelines
    incidents: Sequence[Incident]
    since_s: int
    now_s: int


class IncidentViews:
    """Answers from both stores; safe to call from any thread."""

    def __init__(
        self, desk: DeskReader, agenda: Agenda, read_since: ReadSince, pieces: IncidentPieces
    ) -> None:
        self._desk, self._agenda = desk, agenda
        self._read_since, self._pieces = read_since, pieces
        self._notebook = Notebook(desk)

    def between(self, bounds: Interval, now_s: int) -> list[IncidentRow]:
        """Return the incidents that touch an interval, open ones first, newest first."""
        known = self._pieces.since(bounds[0], now_s)
        shown = [each for each in known.told if touches(each.incident, bounds)]
        notes = self._notebook.read()
        if not notes:
            return [row for _, row in shown]
        said = said_of(
            [each.incident for each in shown],
            [each.incident for each in known.told],
            known.since_s,
            notes,
            lambda at_s: [each.incident for each in self._pieces.since(at_s, now_s).told],
        )
        return [
            annotated(row, incident, said.get(incident.id, ()), now_s) for incident, row in shown
        ]

    def rows(self, timelines: Timelines, bounds: Interval) -> list[IncidentRow]:
        """Return the incidents of timelines that were read for an interval."""
        told = _Told(timelines, city_incidents(timelines), bounds[0], bounds[1])
        return self._rows(told, bounds)

    def find(self, key: str, now_s: int) -> IncidentDetail | None:
        """
        Return one incident by its id, None where there is none.

        Where incidents were worked out anew and none has that id any more, it is the one of
        the same subject that holds the instant in the id, or is near it: a link that was sent
        by mail goes on leading somewhere.
        """
        named = _ID.fullmatch(key)
        at_s = _instant_s(named[2]) if named else None
        if named is None or at_s is None:
            return None
        subject = self._names().get(named[1], named[1])
        told = self._told(at_s - EARLIER_S - 2 * REACH_S, now_s)
        own = [each for each in told.incidents if each.subject == subject]
        exact = [each for each in own if each.began_s == at_s]
        found = exact or [each for each in own if _is_near(each, at_s)]
        nearest = min(found, key=lambda each: abs(each.began_s - at_s), default=None)
        return None if nearest is None else self._detail(nearest, told)

    def matching(self, word: str, now_s: int) -> list[str]:
        """
        Return the ids of all incidents that a word may mean, newest first.

        An id, or the instant of one that moved since; a device or place with an open incident;
        the beginning of ids.
        """
        exact = self.find(word, now_s)
        if exact is not None:
            return [exact.row.id]
        rows = self.between((0, now_s + 1), now_s)
        subject = self._names().get(word, word)
        is_open = [each.id for each in rows if each.ended_at is None and each.subject_id == subject]
        return is_open or [each.id for each in rows if word and each.id.startswith(word)]

    def orphans(self, now_s: int) -> tuple[AnnotationRow, ...]:
        """Return what was said of incidents that are no more, oldest first."""
        told: list[_Told] = []

        def since(at_s: int) -> Sequence[Incident]:
            told.append(self._told(at_s, now_s))
            return told[-1].incidents

        found = all_said(self._notebook.read(), since).orphans
        return annotation_rows(found, self._around(told[-1])) if found else ()

    def annotation(self, uid: str) -> Annotation | None:
        """Return one thing that was said and stands, None where there is none of that name."""
        said = (each for each in self._desk.annotations() if each.withdrawn_s is None)
        return next((each for each in said if each.uid == uid), None)

    def _told(self, since_s: int, now_s: int) -> _Told:
        timelines = self._read_since(since_s, now_s)
        return _Told(timelines, city_incidents(timelines), since_s, now_s)

    def _rows(self, told: _Told, bounds: Interval) -> list[IncidentRow]:
        shown = touching(told.incidents, bounds)
        said = said_of(
            shown,
            told.incidents,
            told.since_s,
            self._notebook.read(),
            lambda at_s: self._told(at_s, told.now_s).incidents,
        )
        return incident_rows(shown, told.timelines, said, told.now_s)

    def _detail(self, incident: Incident, told: _Told) -> IncidentDetail:
        # What began long before what was read has its beginning told, and all of its notes.
        since_s = incident.began_s - EARLIER_S - 2 * REACH_S
        told = told if told.since_s <= since_s else self._told(since_s, told.now_s)
        same = [each for each in told.incidents if each.id == incident.id]
        return incident_detail((same or [incident])[0], self._around(told))

    def _around(self, told: _Told) -> Around:
        lately = [each for each in self._notebook.read() if each.at_s >= told.since_s]
        return Around(
            told.timelines,
            told.incidents,
            hung(told.incidents, lately),
            self._desk.announcements(),
            self._agenda,
            self._desk.revisions()[-1].inventory,
            self._names(),
            told.now_s,
        )

    def _names(self) -> Mapping[str, str]:
        return newest_names(self._desk.revisions())


def _instant_s(text: str) -> int | None:
    try:
        at = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return epoch_s(at) if at.year >= FIRST_YEAR else None


def _is_near(incident: Incident, at_s: int) -> bool:
    is_after = incident.ended_s is not None and at_s >= incident.ended_s + REACH_S
    return incident.began_s - REACH_S <= at_s and not is_after
