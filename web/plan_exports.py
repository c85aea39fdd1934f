"""What the planner's page tells, to take along: for the council, for a table, for a map."""

import json

import geopandas as gpd
from flask import Blueprint, Response, abort

from geodata.crs import EXCHANGE
from netmon.report.plan_files import MEDIA_TYPES, Ground, plan_file
from web.plan import Planner
from web.prepared import Prepared

FILE_WORDS = {
    "pdf": "PDF, twee bladzijden voor de raad",
    "csv": "CSV voor Excel",
    "gpkg": "GeoPackage",
    "geojson": "GeoJSON",
    "png": "PNG, de kaart van de wijken",
}


def blueprint(planner: Planner) -> Blueprint:
    """Return the one route; the files are of the window that the question names."""
    room = planner.room("plan_exports")

    @room.get("/plan/export.<ending>")
    def export(ending: str) -> Response:
        if ending not in MEDIA_TYPES:
            abort(404)
        # Only paper can say on each page that it is a promise: tables hold what was measured.
        page = planner.asked(planner.clock(), can_promise=ending == "pdf")
        made = plan_file(ending, page.rows, _ground(planner), planner.local.zone)
        answer = Prepared.of(made, MEDIA_TYPES[ending]).answer()
        days = f"{page.question.first.isoformat()}_{page.question.last.isoformat()}"
        if page.is_promise:
            days = "gewone-week"
        answer.headers.set(
            "Content-Disposition", "attachment", filename=f"netmon-plan-{days}.{ending}"
        )
        return answer

    return room


def _ground(planner: Planner) -> Ground:
    areas = json.loads(planner.views.areas())
    frame = gpd.GeoDataFrame.from_features(areas, crs=EXCHANGE)
    return Ground(planner.city.name, frame, planner.city.streets)
