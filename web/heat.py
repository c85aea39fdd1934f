"""The hours of a week as a table of seven days: how much worked, in words and in five shades."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from netmon.analysis.series_views import WeekRow
from netmon.domain.week import Cell
from web.localtime import DAYS

HOURS_OF_DAY = 24
SHADES = (
    (0.999, "99,9 % of meer"),
    (0.99, "99 tot 99,9 %"),
    (0.95, "95 tot 99 %"),
    (0.9, "90 tot 95 %"),
    (0.0, "minder dan 90 %"),
)
"""From which ratio on a shade begins, and what it is called; the first one is the best."""

NOTHING = "none"


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One hour of the week: its shade, its number without a unit, and all of it in words."""

    shade: str
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Heat:
    """A week to show; `since` is None where nothing is known, and `worst` tells the worst hour."""

    days: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    since: datetime | None
    worst: str


def heat(week: WeekRow) -> Heat:
    """Return a week as a page shows it."""
    days = tuple(
        (
            name,
            tuple(
                _cell(name, hour, week.cells[day * HOURS_OF_DAY + hour])
                for hour in range(HOURS_OF_DAY)
            ),
        )
        for day, name in enumerate(DAYS)
    )
    return Heat(days, week.since, _worst(week.cells))


def per_cent(cell: Cell) -> str:
    """Return how much worked in per cents, rounded down: 100 is all of it; but never to nothing."""
    tenths = max(1000 * cell.usable_s // cell.judged_s, cell.usable_s > 0)
    return f"{tenths / 10:g}".replace(".", ",")


def _cell(day: str, hour: int, cell: Cell) -> HeatCell:
    ratio, when = cell.availability, _when(day, hour)
    if ratio is None:
        return HeatCell(NOTHING, "–", f"{when}: niets beloofd of niets gemeten")
    shade = next(n for n, (least, _) in enumerate(SHADES) if ratio >= least)
    return HeatCell(str(shade), per_cent(cell), f"{when}: {per_cent(cell)} %")


def _worst(cells: Sequence[Cell]) -> str:
    known = [
        (cell.availability, n) for n, cell in enumerate(cells) if cell.availability is not None
    ]
    if not known:
        return ""
    _, place = min(known)
    day, hour = divmod(place, HOURS_OF_DAY)
    return f"{_when(DAYS[day], hour)}: {per_cent(cells[place])} %"


def _when(day: str, hour: int) -> str:
    return f"{day} {hour}–{hour + 1} uur"
