"""One incident as a terminal shows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from netmon.analysis.rows import AnnotationRow, IncidentDetail, Named, Strip
from netmon.cli.incidents import WHOSE, acknowledged_text
from netmon.cli.output import duration_text, local_text, print_table, status_cell
from netmon.config.complaints import printable

if TYPE_CHECKING:  # they know shapes, which few commands need
    from netmon.analysis.impact import Band, Impact


def print_detail(
    found: IncidentDetail, zone: ZoneInfo, now: datetime, impact: "Impact | None" = None
) -> None:
    """
    Print an incident: facts, then what happened when, then what is said and announced.

    `impact` is what it means for residents, None where that is not known.
    """
    meant = [] if impact is None else _meant(impact, zone)
    print_table(("incident", found.row.id), [*_facts(found, zone, now), *meant])
    _head("what happened")
    print_table(("when", "device", "status", "reason"), _moments(found.strips, zone))
    if found.announced:
        _head("announced")
        print_table(
            ("from", "to", "what", "subjects", "note"),
            (
                (
                    local_text(each.starts_at, zone),
                    local_text(each.ends_at, zone),
                    each.effect,
                    ", ".join(each.subjects),
                    each.note,
                )
                for each in found.announced
            ),
        )
    for title, said in (("said", found.said), ("said of no incident", found.orphans)):
        if said:
            _head(title)
            print_said(said, zone)


def print_said(said: Iterable[AnnotationRow], zone: ZoneInfo) -> None:
    """Print what was said, in the order given."""
    print_table(
        ("uid", "what", "of", "by", "entered", "until", "text"),
        (
            (
                each.uid,
                each.kind,
                each.subject.id,
                each.author or "–",
                local_text(each.entered_at, zone),
                local_text(each.until, zone),
                f"{each.text} {each.url}".strip(),
            )
            for each in said
        ),
    )


def _facts(found: IncidentDetail, zone: ZoneInfo, now: datetime) -> Iterable[tuple[str, object]]:
    row = found.row
    lasts = ((row.ended_at or now) - row.began_at).total_seconds()
    yield "cause", f"{row.subject_name} ({row.subject_id}), at {row.place_name}"
    yield "whose", WHOSE[row.audience]
    yield "status", status_cell(row.status)
    yield "reason", row.reason or "–"
    yield "began", local_text(row.began_at, zone)
    yield "ended", local_text(row.ended_at, zone)
    yield "lasted" if row.ended_at else "lasts", duration_text(lasts)
    yield "broken for", f"{duration_text(row.promised_s)} of the time promised"
    yield "behind", _names(found.carriers)
    yield "also hit", _names(found.affected)
    yield "places", _names(found.places)
    yield "acknowledged", acknowledged_text(row.acknowledged, zone)
    yield "30 days before", _before(found)


def _meant(impact: "Impact", zone: ZoneInfo) -> Iterable[tuple[str, object]]:
    mark = " (made-up data)" if impact.synthetic else ""
    bands = (
        ("street without signal", impact.lost_m, "m"),
        ("square without signal", impact.lost_m2, "m²"),
        ("people with no other", impact.people, ""),
    )
    for name, band, unit in bands:
        if band is not None:
            yield name, f"{_range(band)} {unit}".strip() + mark
    for cost in impact.costs or ():
        yield f"{cost.service} so far", f"{cost.person_h:.1f} person-hours{mark}"
    spot = impact.next_spot
    if spot is not None:
        until = f", open until {local_text(spot.until, zone)}" if spot.until else ""
        way = "on foot" if spot.method == "network" else "in a straight line"
        away = f"about {spot.distance_m:.0f} m {way}"
        yield "next free internet", f"{spot.name} ({spot.id}): {spot.service}{until}, {away}"


def _range(band: "Band") -> str:
    low, high = f"{band.low:.0f}", f"{band.high:.0f}"
    return low if low == high else f"{low} to {high}"


def _before(found: IncidentDetail) -> str:
    count = len(found.earlier)
    if found.mean_repair_s is None:
        return f"{count} incidents" if count else "none"
    mean = duration_text(found.mean_repair_s)
    return f"{count} incident{'s' * (count != 1)}, lasting {mean} on average"


def _names(things: Iterable[Named]) -> str:
    told = (each.id if each.name == each.id else f"{each.name} ({each.id})" for each in things)
    return ", ".join(told) or "–"


def _moments(strips: Iterable[Strip], zone: ZoneInfo) -> list[tuple[object, ...]]:
    told = sorted(
        ((piece, strip.device.id) for strip in strips for piece in strip.pieces),
        key=lambda each: each[0].starts_at,
    )
    return [
        (local_text(piece.starts_at, zone), device, status_cell(piece.status), piece.reason)
        for piece, device in told
    ]


def _head(title: str) -> None:
    click.echo(f"\n{printable(title)}")
