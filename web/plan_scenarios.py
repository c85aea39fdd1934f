"""Scenarios that were kept: a list, one more, and two side by side."""

from flask import Blueprint, Response, abort, jsonify, render_template, request

from netmon.words.planning import NAME_AND_STEP, TWO_PLANS
from web.operations import HTML
from web.plan import Planner
from web.plan_result import shares
from web.plan_steps import Refused, refused, sent

COMPARED = 2


def blueprint(planner: Planner) -> Blueprint:
    """Return the addresses of scenarios; each one's own is `/plan/s/KEY`."""
    room = planner.room("scenarios")
    room.register_error_handler(Refused, refused)

    @room.get("/plan/scenarios")
    def listed() -> Response:
        return _listed(planner)

    @room.post("/plan/scenarios")
    def save() -> Response:
        return _saved(planner)

    @room.get("/plan/compare")
    def compare() -> Response:
        return _compared(planner, list(dict.fromkeys(request.args.getlist("key"))))

    return room


def _listed(planner: Planner, wrong: str = "") -> Response:
    text = render_template(
        "plan_scenarios.html",
        scenarios=planner.views.scenarios(),
        now=planner.clock(),
        wrong=wrong,
    )
    return Response(text, 400 if wrong else 200, content_type=HTML)


def _saved(planner: Planner) -> Response:
    asked = sent(request)
    if not asked.name or not asked.steps:
        raise Refused(422, NAME_AND_STEP)
    try:
        made = planner.views.save(asked.name, asked.steps, planner.clock())
    except ValueError as error:
        raise Refused(409, str(error)) from error
    response = jsonify({"key": made.key, "url": f"/plan/s/{made.key}"})
    response.status_code, response.headers["Location"] = 201, f"/plan/s/{made.key}"
    return response


def _compared(planner: Planner, keys: list[str]) -> Response:
    if len(keys) != COMPARED:
        return _listed(planner, TWO_PLANS)
    found = [planner.views.scenario(key) or abort(404) for key in keys]
    sides = [planner.views.what_if(each, planner.clock()) for each in found]
    rows = list(zip(*map(shares, sides), strict=True))
    text = render_template("plan_compare.html", sides=sides, rows=rows)
    return Response(text, content_type=HTML)
