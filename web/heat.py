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


def per_cent(ratio: float) -> str:
    """Return a ratio as a number of per cents that never rounds up to all, nor down to nothing."""
    found = f"{100 * ratio:.1f}"
    if ratio < 1 and found == "100.0":
        found = "99.9"
    if ratio > 0 and found == "0.0":
        found = "0.1"
    return found.removesuffix(".0").replace(".", ",")


def _cell(day: str, hour: int, cell: Cell) -> HeatCell:
    ratio, when = cell.availability, _when(day, hour)
    if ratio is None:
        return HeatCell(NOTHING, "–", f"{when}: niets beloofd of niets gemeten")
    shade = next(n for n, (least, _) in enumerate(SHADES) if ratio >= least)
    return HeatCell(str(shade), per_cent(ratio), f"{when}: {per_cent(ratio)} %")


def _worst(cells: Sequence[Cell]) -> str:
    known = [
        (cell.availability, n) for n, cell in enumerate(cells) if cell.availability is not None
    ]
    if not known:
        return ""
    ratio, place = min(known)
    day, hour = divmod(place, HOURS_OF_DAY)
    return f"{_when(DAYS[day], hour)}: {per_cent(ratio)} %"


def _when(day: str, hour: int) -> str:
    return f"{day} {hour}–{hour + 1} uur"
