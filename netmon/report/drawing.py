"""Drawing as SVG text: the same on paper and on the page, where style sheets may recolour it."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from netmon.domain.figures import Figures

TEXT_PX = 11
INK, QUIET, LINE, PAPER = "#1b1f24", "#454b53", "#d9d6cf", "#ffffff"


@dataclass(frozen=True, slots=True)
class Part:
    """
    A part of promised time that was missing, and its look: a pattern tells it without colour.

    `strokes` is the path of one tile of 8 by 8 that is drawn over the colour, empty for a plain
    surface. One that `is_outlined` has an edge of ink: it shows on paper though it is empty.
    """

    name: str
    colour: str
    strokes: str = ""
    is_outlined: bool = False

    def seconds(self, figures: Figures) -> int:
        """Return how much of some figures it is."""
        return int(getattr(figures, f"{self.name}_s"))


MAINTENANCE = Part("maintenance", "#66ccee", "M0 4H8")
UNKNOWN = Part("unknown", "#bbbbbb", "M2 2h1.5M6 6h1.5")
UNREACHABLE = Part("unreachable", "#aa3377", "M0 0L8 8M8 0L0 8")
FAILED = Part("failed", "#ee6677", "M0 8L8 0M-2 2L2 -2M6 10L10 6")
PARTS = (FAILED, UNREACHABLE, UNKNOWN, MAINTENANCE)
"""From the bottom up: what counts stands on the ground. The colours are those of the states."""


class Drawing:
    """
    One picture of a fixed size, in pixels from the top left; `key` keeps its patterns' ids apart.

    Everything that is handed in as text is escaped. `parts` are all that may be drawn.
    """

    def __init__(
        self, key: str, width: float, height: float, parts: Iterable[Part] = PARTS
    ) -> None:
        self._key, self._width, self._height = key, width, height
        self._parts = tuple(parts)
        self._inside: list[str] = []

    def rectangle(self, x: float, y: float, width: float, height: float, part: Part) -> None:
        """Draw a surface of one part."""
        box = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
        look = f'fill="{part.colour}"' + f' stroke="{INK}" stroke-width="0.7"' * part.is_outlined
        self._inside.append(f'<rect class="part-{part.name}" {box} {look}/>')
        if part.strokes:
            fill = f"url(#{self._key}-{part.name})"
            self._inside.append(f'<rect {box} fill="{fill}"/>')

    def shape(self, path: str, colour: str) -> None:
        """Draw a surface with an edge of ink; `path` is what stands in an SVG path."""
        edge = f'stroke="{INK}" stroke-width="1" stroke-linejoin="round"'
        self._inside.append(f'<path d="{path}" fill="{colour}" fill-rule="evenodd" {edge}/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, *, is_dashed: bool = False) -> None:
        """Draw a thin line, dashed where it is a target."""
        ends = f'x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"'
        look = f'stroke="{INK}" stroke-dasharray="5 3"' if is_dashed else f'stroke="{LINE}"'
        name = "target" if is_dashed else "rule"
        self._inside.append(f'<line class="{name}" {ends} {look} stroke-width="1"/>')

    def text(
        self, x: float, y: float, words: str, *, anchor: str = "start", is_light: bool = False
    ) -> None:
        """Write a few words; `y` is their base line, `anchor` start, middle or end."""
        colour = PAPER if is_light else INK
        face = f'font-family="Atkinson Hyperlegible" font-size="{TEXT_PX}" fill="{colour}"'
        place = f'x="{x:.2f}" y="{y:.2f}" text-anchor={quoteattr(anchor)}'
        self._inside.append(f"<text {place} {face}>{escape(words)}</text>")

    def legend(self, x: float, y: float, parts: Iterable[tuple[Part, str]]) -> None:
        """Write what each pattern means, on one line."""
        for part, word in parts:
            self.rectangle(x, y - 9, 14, 10, part)
            self.text(x + 19, y, word)
            x += legend_px([word])

    def svg(self) -> str:
        """Return the picture; hidden from readers of the screen, for its words stand beside it."""
        patterns = "".join(map(self._pattern, self._parts))
        size = f'viewBox="0 0 {self._width:g} {self._height:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {size}'
        body = "".join(self._inside)
        return f'{head} aria-hidden="true" focusable="false"><defs>{patterns}</defs>{body}</svg>'

    def _pattern(self, part: Part) -> str:
        tile = 'width="8" height="8" patternUnits="userSpaceOnUse"'
        strokes = f'<path d="{part.strokes}" stroke="{INK}" stroke-width="1.2" fill="none"/>'
        return f'<pattern id="{self._key}-{part.name}" {tile}>{strokes}</pattern>' * bool(
            part.strokes
        )


def legend_px(words: Iterable[str]) -> float:
    """Return how wide a legend of these words is."""
    return sum(34 + 6.2 * len(word) for word in words)
