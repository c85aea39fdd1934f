"""
What is on the map, each layer a small Folium element: Python says what, `layers.js` how.

The one name that a script may rely on is that of the element: `part_<key>`.
"""

from folium.map import Layer
from folium.template import Template


class Part(Layer):
    """
    A layer with a name of its own instead of a random one.

    `label` is shown in the control of optional layers; None: the layer is always there.
    """

    def __init__(self, key: str, label: str | None = None, *, is_shown: bool = True) -> None:
        super().__init__(name=label or key, overlay=True, control=label is not None, show=is_shown)
        # Set before anything asks for the name: a control that asked earlier would break.
        self._name, self._id = "part", key


class Ground(Part):
    """Prepares the map itself: panes, zoom buttons and scale with Dutch words, no motion."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = netmon.ground(
            {{ this._parent.get_name() }}, {{ this.bounds|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, bounds: list[list[float]]) -> None:
        super().__init__("ground", is_shown=False)
        self.bounds = bounds


class BaseLines(Part):
    """Quiet lines of the base map: drawn on a canvas, deaf to the pointer."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = netmon.baseLines(
            {{ this.url|tojson }}, {{ this.style|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, key: str, url: str, *, ink: str, width: float) -> None:
        super().__init__(key)
        self.url = url
        # `ink` names a colour of tokens.css; `width` is in pixels at zoom 15.
        self.style = {"ink": ink, "width": width}


class Outlines(Part):
    """Borders with a name in the middle, which shows while one is far away."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = netmon.outlines(
            {{ this.url|tojson }}, {{ this.style|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, key: str, url: str, label: str | None = None, *, ink: str) -> None:
        super().__init__(key, label)
        self.url = url
        self.style = {"ink": ink, "named": label is not None}


class GroupPlaces(Part):
    """Where the target groups can be met: small hollow signs below the spots."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = netmon.groupPlaces({{ this.url|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, key: str, url: str, label: str) -> None:
        super().__init__(key, label)
        self.url = url


class Spots(Part):
    """The layer that `live.js` fills from the feed: streets by state, a sign per place."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.layerGroup();
        netmon.spots = {map: {{ this._parent.get_name() }}, layer: {{ this.get_name() }}};
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__("spots")


class Plan(Part):
    """The layer that `plan.js` fills with what a planner asks for."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.layerGroup();
        netmon.plan = {map: {{ this._parent.get_name() }}, layer: {{ this.get_name() }}};
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__("plan")
