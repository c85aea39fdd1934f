"""One incident as its page shows it: a strip for the eye, and the same as a table."""

import shlex
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from netmon.analysis.impact import NOTHING_KNOWN, Impact
from netmon.analysis.rows import AnnotationRow, IncidentDetail, Named, Piece, Strip
from netmon.domain.annotations import AnnotationKind
from netmon.domain.model import Status

WIDTH, HEIGHT = 1000, 24
"""Of a strip, in units of its own; a style sheet stretches it."""

MOST_STRIPS, MOST_MOMENTS = 12, 200

KINDS = {
    AnnotationKind.ACKNOWLEDGEMENT: "bevestigd",
    AnnotationKind.NOTE: "notitie",
    AnnotationKind.LINK: "link",
}

_TALL = {
    Status.DOWN: 24,
    Status.UNREACHABLE: 24,
    Status.DEGRADED: 16,
    Status.MAINTENANCE: 12,
    Status.UP: 8,
    Status.UNKNOWN: 4,
    Status.EXPECTED_OFF: 2,
}
"""The graver the taller: a strip can be read without its colours."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a strip, in its units."""

    x: float
    y: int
    width: float
    height: int
    status: Status


@dataclass(frozen=True, slots=True)
class Drawn:
    """The strip of one device."""

    device: Named
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """What began to hold of a device, and when; `is_before` where it was so before that."""

    at: datetime
    device: Named
    status: Status
    reason: str
    is_before: bool


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """
    Everything that the page of an incident shows.

    `edges` are its beginning and its end; `impact` is what it means for residents now.
    """

    now: datetime
    found: IncidentDetail
    drawn: tuple[Drawn, ...]
    edges: tuple[float, ...]
    moments: tuple[Moment, ...]
    more_moments: int
    more_strips: int
    commands: tuple[str, ...]
    impact: Impact


def page_of(found: IncidentDetail, now: datetime, impact: Impact | None = None) -> IncidentPage:
    """Return the page of an incident at `now`; `impact` is None where it is not known."""
    row, moments = found.row, _moments(found)
    ends = [at for at in (row.began_at, row.ended_at) if at is not None]
    return IncidentPage(
        now,
        found,
        tuple(_drawn(strip, found) for strip in found.strips[:MOST_STRIPS]),
        tuple(_x(at, found) for at in ends),
        tuple(moments[:MOST_MOMENTS]),
        max(0, len(moments) - MOST_MOMENTS),
        max(0, len(found.strips) - MOST_STRIPS),
        _commands(row.id, is_open=row.ended_at is None),
        impact or NOTHING_KNOWN,
    )


def address_of(incident_id: str) -> str:
    """Return the address of an incident's page; ids of devices come from files."""
    return f"/ops/incidents/{quote(incident_id, safe='@')}"


def leads_to(said: AnnotationRow) -> str:
    """Return the address of a link, empty where it is none that may be followed."""
    try:
        is_page = urlsplit(said.url).scheme in {"http", "https"}
    except ValueError:
        return ""
    return said.url if said.kind is AnnotationKind.LINK and is_page else ""


def _commands(incident_id: str, *, is_open: bool) -> tuple[str, ...]:
    name = shlex.quote(incident_id)
    ack = (f'netmon incident ack {name} "ik kijk ernaar" --for 2h',) if is_open else ()
    note = f'netmon incident note {name} "wat het was"'
    return (*ack, note, f"netmon incident link {name} https://…")


def _drawn(strip: Strip, found: IncidentDetail) -> Drawn:
    return Drawn(strip.device, tuple(_bar(each, found) for each in strip.pieces))


def _bar(piece: Piece, found: IncidentDetail) -> Bar:
    x, tall = _x(piece.starts_at, found), _TALL[piece.status]
    # What lasted a second in a week is still seen.
    width = max(1.0, round(_x(piece.ends_at, found) - x, 2))
    return Bar(x, HEIGHT - tall, width, tall, piece.status)


def _x(at: datetime, found: IncidentDetail) -> float:
    whole = (found.ends_at - found.starts_at).total_seconds()
    return round(WIDTH * (at - found.starts_at).total_seconds() / whole, 2)


def _moments(found: IncidentDetail) -> list[Moment]:
    told = [
        Moment(
            piece.starts_at,
            strip.device,
            piece.status,
            piece.reason,
            is_before=piece.starts_at <= found.starts_at,
        )
        for strip in found.strips
        for index, piece in enumerate(strip.pieces)
        # That something worked before it failed is how all of them begin.
        if index or piece.status is not Status.UP
    ]
    return sorted(told, key=lambda each: each.at)
