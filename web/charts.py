"""A day of one series as a drawing: paths for the browser, words and a table for everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from netmon.analysis.series_views import ChartRow
from netmon.domain.intervals import epoch_s
from netmon.domain.summaries import Stretch, Summary, together
from netmon.domain.week import DAY_S, HOUR_S
from web import scale

WIDTH, HEIGHT = 300, 100
"""Of the drawing, in its own units; it is stretched to the room that there is."""

QUARTER = timedelta(hours=6)
_THIN = 0.5
"""What a lone point is drawn as, to either side."""


@dataclass(frozen=True, slots=True)
class Chart:
    """
    What a page shows of one series.

    `band` lies between the least and the greatest, `line` is the mean, both SVG path data.
    `marks` are the numbers at the top, the middle and the bottom, `times` the instants at five
    places from left to right. `hours` has a summary of each hour of which there is one.
    """

    row: ChartRow
    band: str
    line: str
    marks: tuple[float, float, float]
    times: tuple[datetime, ...]
    hours: tuple[tuple[datetime, Summary], ...]
    silent_s: int
    """Seconds of the day up to now of which there is nothing: gaps, and what came before."""


def drawn(row: ChartRow, now: datetime) -> Chart:
    """Return the drawing of one series."""
    bottom, top = scale.ends(row.low, row.high)
    place = _Place(epoch_s(row.starts_at), bottom, top)
    known_s = sum(run[-1].end_s - run[0].start_s for run in row.runs)
    return Chart(
        row,
        "".join(_band(run, place) for run in row.runs),
        "".join(_line(run, place) for run in row.runs),
        (top, fmean((bottom, top)), bottom),
        tuple(row.starts_at + n * QUARTER for n in range(5)),
        tuple(_hours(row)),
        max(0, epoch_s(now) - epoch_s(row.starts_at) - known_s),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an instant and a number are in the drawing."""

    start_s: int
    bottom: float
    top: float

    def x(self, run: Sequence[Stretch]) -> list[float]:
        scale = WIDTH / DAY_S / 2
        found = [round((each[0] + each[1] - 2 * self.start_s) * scale, 1) for each in run]
        return found if len(found) > 1 else [round(found[0] + side, 1) for side in (-_THIN, _THIN)]

    def y(self, values: Iterable[float]) -> list[float]:
        scale = HEIGHT / (self.top - self.bottom)
        found = [round((self.top - value) * scale, 1) for value in values]
        return found if len(found) > 1 else found * 2


def _band(run: Sequence[Stretch], place: _Place) -> str:
    x = place.x(run)
    upper = zip(x, place.y(each.summary.high for each in run), strict=True)
    lower = zip(x, place.y(each.summary.low for each in run), strict=True)
    return f"M{_points([*upper, *reversed([*lower])])}Z"


def _line(run: Sequence[Stretch], place: _Place) -> str:
    means = place.y(each.summary.mean for each in run)
    return f"M{_points(zip(place.x(run), means, strict=True))}"


def _points(points: Iterable[tuple[float, float]]) -> str:
    return "L".join([f"{x} {y}" for x, y in points])


def _hours(row: ChartRow) -> Iterable[tuple[datetime, Summary]]:
    start_s = epoch_s(row.starts_at)
    parts: dict[int, list[Summary]] = {}
    for run in row.runs:
        for each in run:
            parts.setdefault((each.start_s - start_s) // HOUR_S, []).append(each.summary)
    for hour, found in sorted(parts.items()):
        yield row.starts_at + timedelta(hours=hour), together(found)
