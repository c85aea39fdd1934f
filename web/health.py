"""Whether netmon itself is well, for whoever watches the watcher."""

import json
from dataclasses import asdict

from flask import Blueprint, Response

from web.views import Clock, Views


def blueprint(views: Views, clock: Clock) -> Blueprint:
    """Return `/healthz`: 200 while observations keep coming in, 503 otherwise."""
    room = Blueprint("health", __name__)

    @room.get("/healthz")
    def healthz() -> Response:
        facts = asdict(views.health(clock()))
        is_ok = facts.pop("is_ok")
        document = {"status": "ok" if is_ok else "failing", **facts}
        response = Response(json.dumps(document), 200 if is_ok else 503)
        response.content_type = "application/json"
        response.headers["Cache-Control"] = "no-store"
        return response

    return room
