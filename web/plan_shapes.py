"""What the planner's map draws: its script, shapes as GeoJSON, coverage as a picture."""

from flask import Blueprint, Response, request

from web.layers import MEDIA_TYPE
from web.plan import Planner
from web.prepared import Prepared


def blueprint(planner: Planner) -> Blueprint:
    """Return one address for each; `?edge=optimistic` asks for Wi-Fi at its best."""
    room = planner.room("plan_shapes", is_quick=True)
    views, frame = planner.views, planner.city.streets
    streets = Prepared.of(frame[["id", "name", "geometry"]].to_json().encode(), MEDIA_TYPE)

    @room.get("/plan/map.js")
    def script() -> Response:
        return planner.drawn.script.answer()

    @room.get("/plan/streets.geojson")
    def street_shapes() -> Response:
        return streets.answer()

    @room.get("/plan/areas.geojson")
    def areas() -> Response:
        return Prepared.of(views.areas(), MEDIA_TYPE).answer()

    @room.get("/plan/gaps.geojson")
    def gaps() -> Response:
        found = views.gaps_geojson(is_optimistic=_is_best(), now=planner.clock())
        return Prepared.of(found, MEDIA_TYPE).answer()

    @room.get("/plan/coverage.geojson")
    def coverage() -> Response:
        found = views.coverage_geojson(is_optimistic=_is_best(), now=planner.clock())
        return Prepared.of(found, MEDIA_TYPE).answer()

    @room.get("/plan/coverage.png")
    def picture() -> Response:
        found = views.coverage_png(is_optimistic=_is_best(), now=planner.clock())
        return Prepared.of(found.png, "image/png").answer()

    return room


def _is_best() -> bool:
    return request.args.get("edge") == "optimistic"
