"""What the planner's page tells as one long table, told apart by its first column."""

from collections.abc import Iterator
from dataclasses import fields

from netmon.analysis.ledger import Parts
from netmon.analysis.plan_rows import (
    CostRow,
    EquityRow,
    LedgerRow,
    OutreachRow,
    PlanRows,
    StreetRow,
)
from netmon.domain.model import Service
from netmon.report.plan_paper import group_word
from netmon.report.plan_texts_nl import SHORT
from netmon.report.sheet import Value

Row = dict[str, Value]

PARTS = {
    "delivered_h": "open en werkt (uur)",
    "unverified_h": "weten we niet (uur)",
    "outage_h": "stuk (uur)",
    "timetable_h": "gesloten (uur)",
    "announced_h": "gesloten, aangekondigd (uur)",
    "distance_h": "geen plek dichtbij (uur)",
    "eligibility_h": "mag er niet binnen (uur)",
}
"""The heads of the parts, in the order of `Parts`."""

COLUMNS = (
    "onderdeel", "van", "tot", "id", "naam", "dienst", "groep", "wijk", "mensen", "rand",
    *PARTS.values(), "alles (uur)", "toegang per mens", "doel (%)", "deel (%)", "deel stad (%)",
    "gini", "nagekomen (%)", "klasse (dBm)", "lengte (m)", "dekking (m)", "dekking (m²)",
    "kwijt (m)", "begin", "einde", "kosten (uur)", "dichtstbijzijnde", "wandelen (m)",
    "in rechte lijn", "nauwkeurig tot (m)", "voorbeeld",
)  # fmt: skip
"""Heads of the columns; their units stand in them."""

PLANNING, OPTIMISTIC = "gepland", "op zijn best"


def rows_of(rows: PlanRows) -> Iterator[Row]:
    """Yield every row, of people only what may be told: hand in what `told` returns."""
    common: Row = {
        "van": rows.starts_at,
        "tot": rows.ends_at,
        "nauwkeurig tot (m)": rows.honesty.precision_m,
        "voorbeeld": rows.honesty.is_synthetic,
    }
    for each in (
        *(edge for row in rows.ledger for edge in _ledger(row)),
        *map(_equity, rows.equity),
        *(level for street in rows.streets for level in _street(street)),
        *(part for cost in rows.costs for part in _cost(cost)),
        *(way for place in rows.outreach for way in _outreach(place)),
    ):
        yield {**common, **each}


def _ledger(row: LedgerRow) -> Iterator[Row]:
    common: Row = {
        "onderdeel": "uren",
        "id": row.area,
        "naam": row.area_name,
        "dienst": SHORT[row.service],
        "groep": group_word(row.group),
        "wijk": row.area_name,
        "mensen": row.people,
        "toegang per mens": row.access,
        "doel (%)": _percent(row.target),
    }
    yield {**common, "rand": PLANNING, **_parts(row.parts)}
    if row.parts_optimistic is not None:
        yield {**common, "rand": OPTIMISTIC, **_parts(row.parts_optimistic)}


def _parts(parts: Parts) -> Row:
    hours: Row = {PARTS[each.name]: getattr(parts, each.name) for each in fields(parts)}
    return {**hours, "alles (uur)": parts.total_h}


def _equity(row: EquityRow) -> Row:
    return {
        "onderdeel": "gelijkheid",
        "dienst": SHORT[row.service],
        "groep": group_word(row.group),
        "deel (%)": _percent(row.delivered_share),
        "deel stad (%)": _percent(row.city_share),
        "gini": row.gini,
        "nagekomen (%)": _percent(row.kept_share),
        "doel (%)": _percent(row.target),
    }


def _street(row: StreetRow) -> Iterator[Row]:
    common: Row = {
        "onderdeel": "straat",
        "id": row.id,
        "naam": row.name,
        "lengte (m)": row.length_m,
    }
    for edge, head in (("planning", PLANNING), ("optimistic", OPTIMISTIC)):
        for level, metres in row.covered_m.items():
            yield {
                **common,
                "dienst": SHORT[Service.WIFI],
                "rand": head,
                "klasse (dBm)": int(level),
                "dekking (m)": getattr(metres, edge),
                "dekking (m²)": getattr(row.covered_m2[level], edge),
                "kwijt (m)": getattr(row.lost_m, edge),
            }


def _cost(row: CostRow) -> Iterator[Row]:
    for service, cost_h in row.cost_h.items():
        yield {
            "onderdeel": "storing",
            "id": row.id,
            "naam": f"{row.name} ({row.place_name})",
            "dienst": SHORT[service],
            "begin": row.began_at,
            "einde": row.ended_at,
            "kosten (uur)": cost_h,
        }


def _outreach(row: OutreachRow) -> Iterator[Row]:
    for service, nearest in row.nearest.items():
        name, walk_m = nearest or (None, None)
        yield {
            "onderdeel": "plek van doelgroep",
            "naam": row.place,
            "groep": group_word(row.group),
            "wijk": row.area_name,
            "dienst": SHORT[service],
            "dichtstbijzijnde": name,
            "wandelen (m)": walk_m,
            "in rechte lijn": service in row.straight if nearest else None,
        }


def _percent(ratio: float | None) -> float | None:
    return None if ratio is None else ratio * 100
