"""The ledger as JSON: what is printed for machines, and kept of a month."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from netmon.analysis.ledger import Parts
from netmon.analysis.ledger_report import CITY, LedgerReport, LedgerRow, PlaceRow
from netmon.domain.groups import EVERYBODY
from netmon.domain.intervals import instant
from netmon.domain.model import Service
from netmon.domain.offers import SeatSeconds

UNIT = "person-hours"
_HOUR_PARTS = (
    "delivered_h",
    "unverified_h",
    "outage_h",
    "timetable_h",
    "announced_h",
    "distance_h",
    "eligibility_h",
)

Document = dict[str, Any]


def ledger_document(report: LedgerReport) -> Document:
    """Return everything that a ledger says; hours of the week of the whole city only."""
    seats = {str(name): _seats(each) for name, each in report.seats.items()}
    return {
        "from": instant(report.bounds[0]),
        "to": instant(report.bounds[1]),
        "unit": UNIT,
        "rows": [_row(each) for each in report.rows],
        "incidents": [
            {
                "id": each.id,
                "cost_h": each.cost_h,
                "service": each.service,
                "group": each.group,
                "cause": each.cause,
                "place": each.place_id,
            }
            for each in report.incidents
        ],
        "seats": _headline(seats),
        "places": [_place(each) for each in report.places],
        "hours": [row for each in _whole(report) for row in _hours(each)],
        "areas": [{"id": key, "name": name} for key, name in report.areas.items()],
        "notes": [str(each) for each in report.notes],
        "synthetic": report.is_synthetic,
        "complete": report.is_complete,
        "precision_m": report.precision_m,
        "walks": report.walks,
        "walls": report.walls,
        "to_be_located": list(report.to_be_located),
        "unpublished": list(report.unpublished),
        "made_from": asdict(report.made_from),
    }


def picked(
    document: Document,
    services: Collection[str],
    groups: Collection[str],
    areas: Collection[str],
) -> Document:
    """
    Return the part of a document about some services, groups and areas; empty is all.

    What incidents cost is told of everybody where no group is named: groups overlap.
    """
    charged = groups or {EVERYBODY}

    def is_meant(row: Mapping[str, Any]) -> bool:
        return all(
            not wanted or key not in row or row[key] in wanted
            for key, wanted in (("service", services), ("group", groups), ("area", areas))
        )

    lists = ("rows", "incidents", "places", "hours")
    found = {key: [row for row in document[key] if is_meant(row)] for key in lists}
    found["incidents"] = [each for each in found["incidents"] if each["group"] in charged]
    by_service = document["seats"]["by_service"]
    seats = {name: each for name, each in by_service.items() if not services or name in services}
    return {**document, **found, "seats": _headline(seats)}


def areas_by_word(document: Document) -> dict[str, str]:
    """Return the ids of the areas that have rows, by id and by name (casefolded)."""
    found = {row["area"]: row["area"] for row in document["rows"]}
    named = {each["name"].casefold(): each["id"] for each in document["areas"]}
    return {name: key for name, key in named.items() if key in found} | found


def _headline(seats: Mapping[str, Document]) -> Document:
    """Return the seats of computers, else of the first service: those of several never add up."""
    name = Service.COMPUTER if Service.COMPUTER in seats else next(iter(seats), None)
    told = _seats(SeatSeconds()) if name is None else seats[name]
    return {**told, "service": name, "by_service": dict(seats)}


def _row(row: LedgerRow) -> Document:
    return {
        "service": row.service,
        "group": row.group,
        "area": row.area,
        "people": row.people,
        **_parts(row.parts),
        "outage_by_cause": {str(cause): cost for cause, cost in row.outage_by_cause_h.items()},
        "optimistic": None if row.optimistic is None else _parts(row.optimistic),
        "synthetic": row.is_synthetic,
    }


def _parts(parts: Parts) -> Document:
    return {
        "total_h": parts.total_h,
        "delivered_h": parts.delivered_h,
        "unverified_h": parts.unverified_h,
        "outage_h": parts.outage_h,
        "schedule_h": parts.schedule_h,
        "planning_h": parts.planning_h,
        "announced_h": parts.announced_h,
        "timetable_h": parts.timetable_h,
        "distance_h": parts.distance_h,
        "eligibility_h": parts.eligibility_h,
    }


def _seats(seats: SeatSeconds) -> Document:
    return {
        "promised_h": seats.promised_s / 3600,
        "working_h": seats.working_s / 3600,
        "failed_h": seats.failed_s / 3600,
        "unknown_h": seats.unknown_s / 3600,
    }


def _place(row: PlaceRow) -> Document:
    return {
        "service": row.service,
        "place": row.place_id,
        "name": row.name,
        "street": row.is_street,
        **_seats(row.seats),
        "cost_h": dict(row.cost_h),
        "synthetic": row.is_synthetic,
    }


def _whole(report: LedgerReport) -> list[LedgerRow]:
    whole = [each for each in report.rows if each.area == CITY]
    return whole or list(report.rows)


def _hours(row: LedgerRow) -> list[Document]:
    """Return each hour of the local week in which somebody was active; 0 is Monday midnight."""
    return [
        {
            "service": row.service,
            "group": row.group,
            "hour_of_week": hour,
            "total_h": sum(parts),
            **dict(zip(_HOUR_PARTS, parts, strict=True)),
        }
        for hour, parts in enumerate(row.by_hour_h.tolist())
        if any(parts)
    ]
