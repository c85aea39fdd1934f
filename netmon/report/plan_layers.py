"""What the planner's page tells, as layers that a geographic information system opens."""

import json
import tempfile
from dataclasses import fields
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio  # type: ignore[import-untyped]  # it ships no types
from shapely.geometry import Point

from geodata.contract import HONESTY
from geodata.crs import EXCHANGE
from geodata.imports.writing import undated
from netmon.analysis.plan_rows import WHOLE_CITY, OutreachRow, PlanRows
from netmon.report.ledger_parts import LEDGER
from netmon.report.plan_paper import EVERYBODY, LEVEL_DBM


def layers(
    rows: PlanRows, areas: gpd.GeoDataFrame, streets: gpd.GeoDataFrame
) -> dict[str, pd.DataFrame]:
    """
    Return layers by name: `areas`, `streets`, `target_places` and `ledger`, without geometry.

    Parameters
    ----------
    rows
        What may be told: see `netmon.report.plan_told`.
    areas, streets
        With `id`, `name` and the five columns of the honesty contract, EPSG:4326.

    Returns
    -------
    In EPSG:4326. What was invented stays marked; a result made with invented people is too.
    """
    honesty = rows.honesty
    made = {"made_synthetic": honesty.is_synthetic, "made_precision_m": honesty.precision_m}
    shown = {
        "areas": _joined(areas, _area_facts(rows)),
        "streets": _joined(streets, _street_facts(rows)),
        "target_places": _places(rows),
    }
    spatial = {name: frame.assign(**made) for name, frame in shown.items() if len(frame)}
    return {**spatial, "ledger": _ledger(rows).assign(**made)}


def as_geopackage(shown: dict[str, pd.DataFrame], versions: dict[str, str]) -> bytes:
    """Return layers as one GeoPackage; the same layers give the same bytes."""
    with tempfile.TemporaryDirectory(prefix="netmon-") as folder, undated():
        path = Path(folder) / "plan.gpkg"
        for number, (name, frame) in enumerate(shown.items()):
            pyogrio.write_dataframe(
                frame,
                path,
                layer=name,
                driver="GPKG",
                append=number > 0,
                layer_metadata={"netmon": json.dumps(versions, ensure_ascii=False)},
            )
        return path.read_bytes()


def as_geojson(shown: dict[str, pd.DataFrame], versions: dict[str, str]) -> bytes:
    """Return layers as one GeoJSON collection; `layer` tells them apart."""
    features = []
    for name, frame in shown.items():
        if isinstance(frame, gpd.GeoDataFrame):
            for feature in json.loads(frame.to_json(drop_id=True, na="null"))["features"]:
                feature["properties"]["layer"] = name
                features.append(feature)
    whole = {"type": "FeatureCollection", "made_with": versions, "features": features}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False).encode()


def _joined(frame: gpd.GeoDataFrame, facts: dict[str, dict[str, float]]) -> gpd.GeoDataFrame:
    known = [name for name in HONESTY if name in frame]
    kept = frame[["id", "name", *known, "geometry"]].to_crs(EXCHANGE)
    told = pd.DataFrame.from_dict(facts, orient="index")
    joined = kept.join(told, on="id") if len(told) else kept
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=EXCHANGE)


def _area_facts(rows: PlanRows) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in rows.ledger:
        if row.group == EVERYBODY and row.area != WHOLE_CITY:
            facts = found.setdefault(row.area, {"people": row.people})
            for part in LEDGER:
                facts[f"{row.service}_{part.name}_h"] = getattr(row.parts, f"{part.name}_h")
    return found


def _street_facts(rows: PlanRows) -> dict[str, dict[str, float]]:
    return {
        row.id: {
            "length_m": row.length_m,
            "lost_m": row.lost_m.planning,
            "lost_at_best_m": row.lost_m.optimistic,
            **{
                f"covered_m_{-int(level)}_{edge}": getattr(metres, edge)
                for level, metres in row.covered_m.items()
                if level == LEVEL_DBM
                for edge in ("planning", "optimistic")
            },
        }
        for row in rows.streets
    }


def _places(rows: PlanRows) -> gpd.GeoDataFrame:
    facts = [
        {"name": row.place, "group": row.group, "area": row.area_name, **_nearest(row)}
        for row in rows.outreach
    ]
    at = [(row.lon, row.lat) for row in rows.outreach]
    return gpd.GeoDataFrame(facts, geometry=[Point(each) for each in at], crs=EXCHANGE)


def _nearest(row: OutreachRow) -> dict[str, str | float | None]:
    facts: dict[str, str | float | None] = {}
    for service, found in row.nearest.items():
        facts[f"{service}_nearest"], facts[f"{service}_walk_m"] = found or (None, None)
    return facts


def _ledger(rows: PlanRows) -> pd.DataFrame:
    facts = [
        {
            "service": row.service.value,
            "group": row.group,
            "area": row.area,
            "people": row.people,
            **{each.name: getattr(row.parts, each.name) for each in fields(row.parts)},
        }
        for row in rows.ledger
    ]
    return pd.DataFrame(facts)
