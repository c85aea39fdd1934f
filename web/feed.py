"""The public feed over HTTP: one prepared snapshot, many readers."""

from flask import Blueprint, Response

from web.snapshot import Snapshots


def blueprint(snapshots: Snapshots) -> Blueprint:
    """Return the route of the public feed; a reader that has it gets 304 and no body."""
    room = Blueprint("feed", __name__)

    @room.get("/api/v1/spots.geojson")
    def spots() -> Response:
        return snapshots.latest().feed.answer()

    return room
