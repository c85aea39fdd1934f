"""The map by Folium, rendered in parts: no inline script or style, no file of others."""

from collections.abc import Iterable
from dataclasses import dataclass

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, MacroElement
from folium.map import LayerControl
from folium.utilities import JsCode
from jinja2 import Template
from markupsafe import Markup

from web.assets import SCRIPT, Assets
from web.layers import CityLayers
from web.mapparts import BaseLines, Ground, GroupPlaces, Outlines, Plan, Spots
from web.prepared import Prepared

MIN_ZOOM, MAX_ZOOM = 13, 19
FIRST_MAX_ZOOM = 16

MOTIONS = ("zoom_animation", "marker_zoom_animation", "inertia")
"""What moves of itself in Leaflet: off for readers who asked their system for less motion."""


class DeferredScript(JavascriptLink):
    """A script that lets the list be read before the map is there."""

    _template = Template('<script defer src="{{ this.url }}"></script>')


class Control(LayerControl):
    """The control of optional layers: open where there is room for it, under a name of its own."""

    def __init__(self) -> None:
        super().__init__(position="bottomleft")
        self.options["collapsed"] = JsCode("netmon.isNarrow")  # type: ignore[assignment]  # as below

    @classmethod
    def _generate_id(cls) -> str:
        return "layers"


class CityMap(folium.Map):
    """A Folium map with local browser files only, a fixed name, and nothing inline."""

    def __init__(self, assets: Assets, city: CityLayers) -> None:
        west, south, east, north = (float(edge) for edge in city.streets.total_bounds)
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            zoom_start=FIRST_MAX_ZOOM,
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            fade_animation=False,
        )
        # Folium drops these two where there are no tiles.
        self.options.update(min_zoom=MIN_ZOOM, max_zoom=MAX_ZOOM)
        for motion in MOTIONS:
            self.options[motion] = JsCode("netmon.mayMove")  # type: ignore[assignment]  # Folium writes it, its types do not say so
        self.default_js = [(name, assets.url(f"{name}.js")) for name in ("leaflet", "layers")]
        self.default_css = [(name, assets.url(f"{name}.css")) for name in ("leaflet", "map")]
        first = folium.FitBounds(
            [[south, west], [north, east]], padding=(24, 24), max_zoom=FIRST_MAX_ZOOM
        )
        # Spots that arrive while the map still glides would have their names elsewhere.
        first.options["animate"] = False
        self.add_child(first)

    @classmethod
    def _generate_id(cls) -> str:
        """Return the same id each time: equal maps then have equal scripts and tags."""
        return "city"


@dataclass(frozen=True, slots=True)
class MapParts:
    """The three parts of a rendered map; the script is to be served under its own address."""

    head: Markup
    body: Markup
    script: Prepared


def city_map(assets: Assets, city: CityLayers) -> MapParts:
    """Return the map of the city, ready to be put into a page of ours."""
    return _rendered(CityMap(assets, city), [*_ground(city), *_public(city), Control()])


def plan_map(assets: Assets, city: CityLayers) -> MapParts:
    """Return the map of the planner's pages: the ground alone, `plan.js` draws what is asked."""
    return _rendered(CityMap(assets, city), [*_ground(city), Plan()])


def _rendered(drawn: CityMap, parts: Iterable[MacroElement]) -> MapParts:
    for part in parts:
        drawn.add_child(part)
    figure: Figure = drawn.get_root()  # type: ignore[assignment]  # a map makes its own figure
    figure.render()
    # Markup: Folium rendered it from our own addresses and numbers, no text of a device.
    return MapParts(
        Markup(_head(drawn)),  # noqa: S704 - see above
        Markup(figure.html.render()),  # noqa: S704 - see above
        Prepared.of(figure.script.render().encode(), SCRIPT),
    )


def _head(drawn: CityMap) -> str:
    """Render the links, without Folium's inline style, switches and fixed viewport."""
    head = Element()
    for name, url in drawn.default_css:
        head.add_child(CssLink(url), name=f"{name}_css")
    for name, url in drawn.default_js:
        head.add_child(DeferredScript(url), name=name)
    return head.render()


def _ground(city: CityLayers) -> list[folium.map.Layer]:
    """Return the base map from the ground up."""
    west, south, east, north = city.bounds
    return [
        Ground([[south, west], [north, east]]),
        BaseLines("water", city.url("basemap_water"), ink="--map-water", width=5),
        BaseLines("streets", city.url("basemap_streets"), ink="--map-street", width=3),
        BaseLines("rail", city.url("basemap_rail"), ink="--map-rail", width=1),
        Outlines("boundary", city.url("boundary"), ink="--map-border"),
    ]


def _public(city: CityLayers) -> list[folium.map.Layer]:
    """Return what residents see above it."""
    return [
        Outlines("neighbourhoods", city.url("neighbourhoods"), "Wijken", ink="--map-border"),
        GroupPlaces("groups", city.url("target_groups"), "Plekken voor doelgroepen"),
        Spots(),
    ]
