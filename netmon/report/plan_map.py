"""The neighbourhoods of a city as one picture, for paper and for a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from netmon.domain.model import Service
from netmon.report.drawing import Drawing, Part
from netmon.report.paper import Chart
from netmon.report.plan_texts_nl import OFFERS

WIDTH, LEGEND_PX, MARGIN_PX = 640, 30, 6
TALLEST_PX = 230
CLASSES = tuple(
    Part(f"class-{number}", colour, is_outlined=True)
    for number, colour in enumerate(("#00224e", "#434e6c", "#7d7c78", "#bcae6c", "#fee838"))
)
"""From the least to the most, cividis: told apart by the colour-blind, and in grey."""

NOTHING_KNOWN = Part("class-none", "#ffffff", is_outlined=True)
_DARK = CLASSES[:2]


@dataclass(frozen=True, slots=True)
class City:
    """A city's name, and its areas by id, in a metric CRS."""

    name: str
    areas: Mapping[str, BaseGeometry]


def city_map(
    city: City, figures: Sequence[tuple[str, float | None]], say: Callable[..., str]
) -> Chart:
    """
    Return the map of a ratio by area; each area wears the number of its row in the table.

    Parameters
    ----------
    city
        What is drawn; an area without a figure is drawn empty.
    figures
        Area and ratio (None: not known), in the order of the table.
    say
        Turns a key into words.
    """
    known = [ratio for _, ratio in figures if ratio is not None]
    edges = (min(known, default=0.0), max(known, default=0.0))
    height = _height(city)
    drawing = Drawing("areas-map", WIDTH, height + LEGEND_PX, ())
    to_picture = _projection(city, height)
    for number, (area, ratio) in enumerate(figures, 1):
        if area in city.areas:
            _draw_area(drawing, to_picture(city.areas[area]), number, _class(ratio, edges))
    _legend(drawing, height, edges, say)
    words = say("map_caption", offer=OFFERS[Service.COMPUTER])
    return Chart(words, words, drawing.svg())


def _class(ratio: float | None, edges: tuple[float, float]) -> Part:
    if ratio is None:
        return NOTHING_KNOWN
    width = (edges[1] - edges[0]) / len(CLASSES)
    place = int((ratio - edges[0]) / width) if width else len(CLASSES) - 1
    return CLASSES[min(place, len(CLASSES) - 1)]


def _draw_area(drawing: Drawing, shape: BaseGeometry, number: int, look: Part) -> None:
    drawing.shape(_path(shape), look.colour)
    inside = shape.representative_point()
    drawing.text(inside.x, inside.y + 4, str(number), anchor="middle", is_light=look in _DARK)


def _legend(
    drawing: Drawing, height: float, edges: tuple[float, float], say: Callable[..., str]
) -> None:
    step = (edges[1] - edges[0]) / len(CLASSES)
    words = [
        (look, f"{_whole(edges[0] + n * step)}–{_whole(edges[0] + (n + 1) * step)} %")
        for n, look in enumerate(CLASSES)
    ]
    drawing.legend(
        MARGIN_PX, height + LEGEND_PX - 8, [*words, (NOTHING_KNOWN, say("legend_nothing"))]
    )


def _whole(ratio: float) -> str:
    return f"{ratio * 100:.1f}".replace(".", ",")


def _height(city: City) -> float:
    west, south, east, north = _bounds(city)
    return min(TALLEST_PX, WIDTH * (north - south) / max(east - west, 1.0))


def _bounds(city: City) -> tuple[float, float, float, float]:
    if not city.areas:
        return 0.0, 0.0, 1.0, 1.0
    west, south, east, north = shapely.total_bounds(list(city.areas.values()))
    return float(west), float(south), float(east), float(north)


def _projection(city: City, height: float) -> Callable[[BaseGeometry], BaseGeometry]:
    """Return what puts metres, north up, into the middle of the picture."""
    west, south, east, north = _bounds(city)
    room = (WIDTH - 2 * MARGIN_PX, height - 2 * MARGIN_PX)
    scale = min(room[0] / max(east - west, 1.0), room[1] / max(north - south, 1.0))
    left = (WIDTH - (east - west) * scale) / 2

    def to_picture(shape: BaseGeometry) -> BaseGeometry:
        moved: BaseGeometry = shapely.transform(
            shape, lambda at: (at - (west, north)) * (scale, -scale) + (left, MARGIN_PX)
        )
        return moved.simplify(0.3)

    return to_picture


def _path(shape: BaseGeometry) -> str:
    polygons = (part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon))
    return "".join(map(_ring, (ring for part in polygons for ring in _rings(part))))


def _rings(part: shapely.Polygon) -> Iterator[BaseGeometry]:
    yield part.exterior
    yield from part.interiors


def _ring(line: BaseGeometry) -> str:
    corners = (f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line).tolist())
    return f"M{'L'.join(corners)}Z"
