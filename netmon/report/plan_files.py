"""The files that a planner takes along: one function, five formats."""

import json
from dataclasses import dataclass
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

import geopandas as gpd

from geodata.crs import METRIC
from netmon.analysis.plan_rows import PlanRows
from netmon.report.pdf import as_pdf, typefaces
from netmon.report.plan_layers import as_geojson, as_geopackage, layers
from netmon.report.plan_map import City
from netmon.report.plan_paper import compose_plan
from netmon.report.plan_sheet import COLUMNS, rows_of
from netmon.report.plan_told import told
from netmon.report.sheet import written

MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "png": "image/png",
}
"""By ending, all that can be made."""

DOTS_PER_INCH = 200.0


@dataclass(frozen=True, slots=True)
class Ground:
    """A city's name, its areas and its Wi-Fi streets as layers (EPSG:4326)."""

    name: str
    areas: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame

    def drawn(self) -> City:
        """Return what the map draws, in metres."""
        areas = self.areas.to_crs(METRIC)
        shapes = dict(zip(areas["id"], areas.geometry, strict=True))
        return City(self.name, shapes)


def plan_file(ending: str, rows: PlanRows, ground: Ground, zone: ZoneInfo) -> bytes:
    """
    Return what the planner's page tells as a file; small groups of people are left out of all.

    The same rows give the same bytes. Raises `KeyError` for an ending that is not in
    `MEDIA_TYPES`.
    """
    shown, versions = told(rows), dict(rows.honesty.versions)
    makers = {
        "pdf": lambda: as_pdf(compose_plan(rows, ground.drawn(), zone)),
        "csv": lambda: written(COLUMNS, rows_of(shown), zone),
        "gpkg": lambda: as_geopackage(layers(shown, ground.areas, ground.streets), versions),
        "geojson": lambda: as_geojson(layers(shown, ground.areas, ground.streets), versions),
        "png": lambda: _as_png(rows, ground, zone),
    }
    return makers[ending]()


def _as_png(rows: PlanRows, ground: Ground, zone: ZoneInfo) -> bytes:
    import typst  # noqa: PLC0415 - 7 MB that only who sets a picture needs

    paper = compose_plan(rows, ground.drawn(), zone)
    areas = next(each for each in paper.sections if each.key == "areas")
    chart, lines = areas.charts[0], areas.tables[0].rows
    picture = {
        "title": paper.title,
        "caption": f"{paper.subtitle}. {chart.caption}",
        "svg": chart.svg,
        "lines": [
            f"{name.text}: {figures[1].text}" for line in lines for name, *figures in [line.cells]
        ],
        "marks": paper.marks,
    }
    with typefaces() as fonts:
        made = typst.compile(
            resources.files("netmon.report").joinpath("picture.typ").read_bytes(),
            format="png",
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"picture": json.dumps(picture, ensure_ascii=False)},
            ppi=DOTS_PER_INCH,
        )
    if not isinstance(made, bytes):
        raise TypeError("picture: expected one page")
    return made
