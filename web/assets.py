"""Browser files by a fixed table: ours, Leaflet's and the typeface's; nothing else is served."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from flask import Blueprint, Response, abort

from web.prepared import FOREVER, Prepared

LEAFLET = ("js_lib_leaflet", "static/js_lib_leaflet")
TYPEFACE = ("fontpkg_atkinson_hyperlegible", "files")
OURS = ("web", "static")

CSS = "text/css; charset=utf-8"
SCRIPT = "text/javascript; charset=utf-8"
PNG = "image/png"
SVG = "image/svg+xml"
FONT = "font/ttf"

TABLE: Mapping[str, tuple[str, str, str]] = {
    "leaflet.js": (*LEAFLET, SCRIPT),
    "leaflet.css": (*LEAFLET, CSS),
    # Leaflet's style sheet names these by relative address.
    "images/layers.png": (*LEAFLET, PNG),
    "images/layers-2x.png": (*LEAFLET, PNG),
    "images/marker-icon.png": (*LEAFLET, PNG),
    "AtkinsonHyperlegible-Regular.ttf": (*TYPEFACE, FONT),
    "AtkinsonHyperlegible-Bold.ttf": (*TYPEFACE, FONT),
    "tokens.css": (*OURS, CSS),
    "page.css": (*OURS, CSS),
    "map.css": (*OURS, CSS),
    "desk.css": (*OURS, CSS),
    "series.css": (*OURS, CSS),
    "plan.css": (*OURS, CSS),
    "plan.js": (*OURS, SCRIPT),
    "planmap.js": (*OURS, SCRIPT),
    "whatif.js": (*OURS, SCRIPT),
    "layers.js": (*OURS, SCRIPT),
    "live.js": (*OURS, SCRIPT),
    "spread.js": (*OURS, SCRIPT),
    "spots.js": (*OURS, SCRIPT),
    "popups.js": (*OURS, SCRIPT),
    "poll.js": (*OURS, SCRIPT),
    "patch.js": (*OURS, SCRIPT),
    "desk.js": (*OURS, SCRIPT),
    "icon.svg": (*OURS, SVG),
}
"""Name in the address → package, folder in it, media type."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Every browser file, read and compressed once; `version` is the hash of them all."""

    version: str
    prepared: Mapping[str, Prepared]

    @classmethod
    def load(cls) -> "Assets":
        """Read the table; raises `FileNotFoundError` where a package lost a file."""
        prepared = {name: _read(name) for name in TABLE}
        whole = hashlib.sha256("".join(file.tag for file in prepared.values()).encode())
        return cls(whole.hexdigest()[:12], prepared)

    def url(self, name: str) -> str:
        """Return the address of a file; raises `KeyError` for a name not in the table."""
        self.prepared[name]
        # One hash for all, in front: a style sheet's relative addresses keep working.
        return f"/assets/{self.version}/{name}"


def _read(name: str) -> Prepared:
    package, folder, media_type = TABLE[name]
    return Prepared.of(files(package).joinpath(folder, name).read_bytes(), media_type)


def blueprint(assets: Assets) -> Blueprint:
    """Return the one route for browser files; an unknown name or version is 404."""
    room = Blueprint("assets", __name__)

    @room.get("/assets/<version>/<path:name>")
    def asset(version: str, name: str) -> Response:
        found = assets.prepared.get(name) if version == assets.version else None
        return abort(404) if found is None else found.answer(FOREVER)

    return room
