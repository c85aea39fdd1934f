"""The charts of a month: what became of each day, and long bars side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netmon.domain.figures import Figures
from netmon.report.drawing import PARTS, TEXT_PX, Drawing, Part

WIDTH = 640
LEFT, RIGHT = 44, 8
DAY_HEIGHT, TOP, FOOT = 110, 8, 42
LEAST_PX = 2.0
"""A part that is there at all is drawn at least so high: an hour lost in a month is seen."""

ROW_PX = 22
NAME_PX = 230
FIGURE_PX = 90
LONGEST_NAME = 36


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar that lies: its name, its parts in any one unit, and what is written behind it."""

    name: str
    parts: Mapping[Part, float]
    figure: str


def day_chart(
    key: str, days: Sequence[Figures], words: Mapping[Part, str], target: float | None
) -> str:
    """
    Return one bar a day as SVG: how its promised time divides.

    Parameters
    ----------
    key
        Names the chart: letters, digits, hyphens.
    days
        Of a whole month, in order; a day on which nothing was promised is left empty.
    words
        What each part is called.
    target
        A ratio to draw a line at, None for no line.
    """
    drawing = Drawing(key, WIDTH, TOP + DAY_HEIGHT + FOOT)
    step = (WIDTH - LEFT - RIGHT) / len(days)
    for share in (0.0, 0.5, 1.0):
        y = TOP + DAY_HEIGHT * (1 - share)
        drawing.line(LEFT, y, WIDTH - RIGHT, y)
        drawing.text(LEFT - 6, y + 4, f"{share:.0%}".replace("%", " %"), anchor="end")
    for number, figures in enumerate(days):
        _stack(drawing, LEFT + number * step + 1, step - 2, figures)
        if number % 7 == 0:
            middle = LEFT + (number + 0.5) * step
            drawing.text(middle, TOP + DAY_HEIGHT + 14, str(number + 1), anchor="middle")
    if target is not None:
        y = TOP + DAY_HEIGHT * (1 - target)
        drawing.line(LEFT, y, WIDTH - RIGHT, y, is_dashed=True)
    drawing.legend(LEFT, TOP + DAY_HEIGHT + FOOT - 8, words.items())
    return drawing.svg()


def _stack(drawing: Drawing, x: float, width: float, figures: Figures) -> None:
    seconds = {part: part.seconds(figures) for part in PARTS}
    whole = sum(seconds.values())
    if not whole:
        return
    heights = _heights([DAY_HEIGHT * seconds[part] / whole for part in PARTS])
    y = float(TOP + DAY_HEIGHT)
    for part, height in zip(PARTS, heights, strict=True):
        y -= height
        if height:
            drawing.rectangle(x, y, width, height, part)


def _heights(true: Sequence[float]) -> list[float]:
    """Return heights of the same sum in which whatever is there can be seen."""
    raised = [max(each, LEAST_PX) if each else 0.0 for each in true]
    largest = max(range(len(true)), key=raised.__getitem__)
    raised[largest] -= sum(raised) - sum(true)
    return raised


def bar_chart(key: str, bars: Sequence[Bar], words: Mapping[Part, str]) -> str:
    """Return bars below one another as SVG, all to the scale of the longest."""
    drawing = Drawing(key, WIDTH, TOP + ROW_PX * len(bars) + FOOT / 2)
    longest = max((sum(bar.parts.values()) for bar in bars), default=0.0)
    room = WIDTH - NAME_PX - FIGURE_PX - RIGHT
    for number, bar in enumerate(bars):
        y, x = TOP + number * ROW_PX, float(NAME_PX)
        drawing.text(NAME_PX - 8, y + TEXT_PX + 1, _short(bar.name), anchor="end")
        for part, amount in bar.parts.items():
            width = room * amount / longest if longest else 0.0
            if width:
                drawing.rectangle(x, y, max(width, LEAST_PX), ROW_PX - 6, part)
            x += width
        drawing.text(x + 8, y + TEXT_PX + 1, bar.figure)
    drawing.legend(NAME_PX, TOP + ROW_PX * len(bars) + 12, words.items())
    return drawing.svg()


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
