"""Whether netmon itself is well, for whoever watches the watcher."""

import json
from dataclasses import asdict

from flask import Blueprint, Response

from web.views import Clock, Views


def blueprint(views: Views, clock: Clock) -> Blueprint:
    """
    Return `/healthz`: 200 while observations keep coming in, 503 otherwise.

    One that is cut off itself is `blind`, and 200: to start it anew would mend nothing.
    """
    room = Blueprint("health", __name__)

    @room.get("/healthz")
    def healthz() -> Response:
        health = views.health(clock())
        facts = asdict(health)
        is_ok = facts.pop("is_ok")
        seeing = "ok" if health.blind_since is None else "blind"
        document = {"status": seeing if is_ok else "failing", **facts}
        document["blind_since"] = health.blind_since and health.blind_since.isoformat()
        response = Response(json.dumps(document), 200 if is_ok else 503)
        response.content_type = "application/json"
        response.headers["Cache-Control"] = "no-store"
        return response

    return room
