"""The charts of a month: what became of each day, and long bars side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from netmon.domain.figures import Figures
from netmon.report.drawing import Drawing, Part, legend_px

WIDTH = 640
LEFT, RIGHT = 44, 8
DAY_HEIGHT, TOP, FOOT = 96, 14, 42
LEAST_PX = 1.0
"""A part that is there at all is drawn at least so large: what happened is seen."""

SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Upper edges of the charts of days; where none is high enough, all of the time."""

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
    key: str,
    days: Sequence[Figures],
    words: Mapping[Part, str],
    top: float,
    *,
    allowed: float | None = None,
) -> str:
    """
    Return one bar a day as SVG: what of its promised time was missing, and why.

    Parameters
    ----------
    key
        Names the chart: letters, digits, hyphens.
    days
        Of a whole month, in order; a day on which nothing was promised is marked as such.
    words
        What each part is called, in the order in which they are piled up.
    top
        The ratio at the upper edge, see `scale`.
    allowed
        The ratio that may fail without a target being missed, drawn as a line; None for none.
    """
    drawing = Drawing(key, WIDTH, TOP + DAY_HEIGHT + FOOT)
    step = (WIDTH - LEFT - RIGHT) / len(days)
    for ratio in (0.0, top / 2, top):
        _rule(drawing, ratio, top)
    for number, figures in enumerate(days):
        _pile(drawing, LEFT + number * step + 1, step - 2, _shares(figures, words), top)
        if number % 7 == 0:
            middle = LEFT + (number + 0.5) * step
            drawing.text(middle, TOP + DAY_HEIGHT + 14, str(number + 1), anchor="middle")
    if allowed is not None and allowed <= top:
        y = TOP + DAY_HEIGHT * (1 - allowed / top)
        drawing.line(LEFT, y, WIDTH - RIGHT, y, is_dashed=True)
    drawing.legend(LEFT, TOP + DAY_HEIGHT + FOOT - 8, words.items())
    return drawing.svg()


def scale(several: Iterable[Sequence[Figures]], parts: Iterable[Part]) -> float:
    """Return the ratio at the upper edge with which all days of several charts fit and compare."""
    shown = tuple(parts)
    worst = max(
        (sum(_shares(figures, shown).values()) for days in several for figures in days),
        default=0.0,
    )
    return next((edge for edge in SCALES if worst <= edge), 1.0)


def _shares(figures: Figures, parts: Iterable[Part]) -> dict[Part, float]:
    """Return each part as a ratio of promised time; nothing where nothing was promised."""
    whole = figures.promised_s + figures.maintenance_s
    return {part: part.seconds(figures) / whole for part in parts} if whole else {}


def _rule(drawing: Drawing, ratio: float, top: float) -> None:
    y = TOP + DAY_HEIGHT * (1 - ratio / top)
    drawing.line(LEFT, y, WIDTH - RIGHT, y)
    words = f"{ratio * 100:g} %".replace(".", ",")
    drawing.text(LEFT - 6, y + 4, words, anchor="end")


def _pile(
    drawing: Drawing, x: float, width: float, shares: Mapping[Part, float], top: float
) -> None:
    if not shares:
        drawing.text(x + width / 2, TOP + DAY_HEIGHT - 4, "–", anchor="middle")
    y = float(TOP + DAY_HEIGHT)
    for part, share in shares.items():
        if share:
            height = max(DAY_HEIGHT * share / top, LEAST_PX)
            y -= height
            drawing.rectangle(x, y, width, height, part)


def bar_chart(
    key: str, bars: Sequence[Bar], words: Mapping[Part, str], *, row_px: int = ROW_PX
) -> str:
    """Return bars below one another as SVG, all to the scale of the longest."""
    drawing = Drawing(key, WIDTH, TOP + row_px * len(bars) + FOOT / 2, words)
    longest = max((sum(bar.parts.values()) for bar in bars), default=0.0)
    room = WIDTH - NAME_PX - FIGURE_PX - RIGHT
    for number, bar in enumerate(bars):
        y, x = TOP + number * row_px, float(NAME_PX)
        drawing.text(NAME_PX - 8, y + row_px / 2 + 1, _short(bar.name), anchor="end")
        for part, amount in bar.parts.items():
            width = room * amount / longest if longest else 0.0
            if width:
                drawing.rectangle(x, y, max(width, LEAST_PX), row_px - 6, part)
            x += width
        drawing.text(x + 8, y + row_px / 2 + 1, bar.figure)
    left = NAME_PX if NAME_PX + legend_px(words.values()) <= WIDTH else RIGHT
    drawing.legend(left, TOP + row_px * len(bars) + 12, words.items())
    return drawing.svg()


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
