"""What-if: steps in, before and after out."""

from flask import Blueprint, Response, abort, jsonify, render_template, request

from netmon.analysis.plan_rows import Scenario, WhatIf
from web.operations import HTML
from web.plan import Planner
from web.plan_result import document, shares, streets
from web.plan_steps import Refused, refused, sendable, sent


def blueprint(planner: Planner) -> Blueprint:
    """Return the page on which steps are chosen, and what answers them."""
    room = planner.room("whatif")
    room.register_error_handler(Refused, refused)

    @room.get("/plan/whatif")
    def new() -> Response:
        return _whole(planner, Scenario("", "", ()))

    @room.get("/plan/s/<key>")
    def saved(key: str) -> Response:
        return _whole(planner, planner.views.scenario(key) or abort(404))

    @room.post("/plan/whatif")
    def worked_out() -> Response:
        found = planner.views.what_if(sent(request), planner.clock())
        known = ["application/json", "text/html"]
        if request.accept_mimetypes.best_match(known) == "text/html":
            return Response(_result(found), content_type=HTML)
        return jsonify(document(found))

    return room


def _whole(planner: Planner, scenario: Scenario) -> Response:
    found = planner.views.what_if(scenario, planner.clock())
    text = render_template(
        "whatif.html",
        map=planner.drawn,
        layers=planner.city,
        scenario=scenario,
        steps=sendable(scenario),
        result=_result(found),
        rows=found.after,
        changeable=planner.views.changeable(),
        streets=planner.middles,
    )
    return Response(text, content_type=HTML)


def _result(found: WhatIf) -> str:
    return render_template(
        "whatif_result.html", found=found, streets=streets(found), shares=shares(found)
    )
