"""The page for residents: one sentence, the list, the map."""

from collections.abc import Callable

from flask import Blueprint, Response, render_template

from netmon.domain.model import Status
from web.layers import CityLayers
from web.maps import MapParts
from web.prepared import Prepared
from web.snapshot import Snapshot, Snapshots
from web.words import GROUPS, sentence

HTML = "text/html; charset=utf-8"


def blueprint(snapshots: Snapshots, city: CityLayers, drawn: MapParts) -> Blueprint:
    """Return the public page, its list alone (for updates in place), and the map's script."""
    room = Blueprint("public", __name__)
    unplaced = [word for group, word in GROUPS.items() if group not in city.groups]
    surroundings = {
        "map": drawn,
        "layers": city,
        "statuses": tuple(Status),
        "unplaced": unplaced,
    }

    def view(snapshot: Snapshot) -> dict[str, object]:
        return {"snapshot": snapshot, "sentence": sentence(snapshot.spots, city.name)}

    @_once_per_snapshot
    def whole(snapshot: Snapshot) -> str:
        return render_template("public.html", **view(snapshot), **surroundings)

    @_once_per_snapshot
    def list_alone(snapshot: Snapshot) -> str:
        return render_template("spots.html", **view(snapshot))

    @room.get("/")
    def page() -> Response:
        return whole(snapshots.latest()).answer()

    @room.get("/spots")
    def spots() -> Response:
        return list_alone(snapshots.latest()).answer()

    @room.get("/map.js")
    def script() -> Response:
        return drawn.script.answer()

    return room


def _once_per_snapshot(write: Callable[[Snapshot], str]) -> Callable[[Snapshot], Prepared]:
    """Keep the last page: as long as the snapshot is the same one, so is the page."""
    last: tuple[Snapshot, Prepared] | None = None

    def kept(snapshot: Snapshot) -> Prepared:
        nonlocal last
        seen = last
        if seen is None or seen[0] is not snapshot:
            # Replaced whole: two threads at once write it twice, and nobody sees a half.
            last = seen = (snapshot, Prepared.of(write(snapshot).encode(), HTML))
        return seen[1]

    return kept
