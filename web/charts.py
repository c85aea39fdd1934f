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

    def x(self, stretch: Stretch) -> float:
        middle_s = (stretch.start_s + stretch.end_s) / 2 - self.start_s
        return round(middle_s / DAY_S * WIDTH, 1)

    def y(self, value: float) -> float:
        return round((self.top - value) / (self.top - self.bottom) * HEIGHT, 1)


def _band(run: Sequence[Stretch], place: _Place) -> str:
    upper = [(x, place.y(each.summary.high)) for each in run for x in _sides(run, each, place)]
    lower = [(x, place.y(each.summary.low)) for each in run for x in _sides(run, each, place)]
    return f"M{_points([*upper, *reversed(lower)])}Z"


def _line(run: Sequence[Stretch], place: _Place) -> str:
    means = [(x, place.y(each.summary.mean)) for each in run for x in _sides(run, each, place)]
    return f"M{_points(means)}"


def _sides(run: Sequence[Stretch], each: Stretch, place: _Place) -> tuple[float, ...]:
    x = place.x(each)
    return (x,) if len(run) > 1 else (round(x - _THIN, 1), round(x + _THIN, 1))


def _points(points: Iterable[tuple[float, float]]) -> str:
    return "L".join(f"{x:g} {y:g}" for x, y in points)


def _hours(row: ChartRow) -> Iterable[tuple[datetime, Summary]]:
    start_s = epoch_s(row.starts_at)
    parts: dict[int, list[Summary]] = {}
    for run in row.runs:
        for each in run:
            parts.setdefault((each.start_s - start_s) // HOUR_S, []).append(each.summary)
    for hour, found in sorted(parts.items()):
        yield row.starts_at + timedelta(hours=hour), together(found)
