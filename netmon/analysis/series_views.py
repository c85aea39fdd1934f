"""Series as pages show them: the last day of a device, and the week of a year."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from netmon.analysis.rows import IncidentRow
from netmon.analysis.views import RecordViews
from netmon.domain.intervals import Interval, epoch_s, instant
from netmon.domain.series import Series, Trace
from netmon.domain.summaries import MISSED, Stretch, stretches, unbroken, usual_distance_s
from netmon.domain.week import DAY_S, HOUR_S, Cell, by_hour_of_week
from netmon.storage.series_reader import SeriesReader

STEP_S = 300
"""Of one chart: 288 steps are as many as a phone has pixels, and an hour has twelve of them."""

YEAR = timedelta(days=365)
INCIDENTS_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ChartRow:
    """
    One series over one day, ready to draw.

    `runs` are the stretches between gaps; `low`, `middle` (the median), `high` and `last` are of
    all points, and `size` is how many these are.
    """

    series: Series
    starts_at: datetime
    ends_at: datetime
    runs: tuple[tuple[Stretch, ...], ...]
    size: int
    low: float
    middle: float
    high: float
    last: float


@dataclass(frozen=True, slots=True)
class WeekRow:
    """168 cells, Monday 00:00 local time first; `since` is None where nothing was judged yet."""

    cells: tuple[Cell, ...]
    since: datetime | None
    until: datetime


class SeriesViews:
    """
    Answers what pages ask of series; safe to call from any thread.

    `is_kept` where new points come.
    """

    def __init__(
        self, reader: SeriesReader, views: RecordViews, timezone: ZoneInfo, *, is_kept: bool
    ) -> None:
        self._reader, self._views, self._zone = reader, views, timezone
        self.is_kept = is_kept

    def measured(self, device_id: str, now: datetime) -> list[Series]:
        """Return of what there may be points of a device in the last day, sorted."""
        return self._reader.series(device_id, *_last_day(now))

    def charts(self, wanted: Collection[Series], now: datetime) -> list[ChartRow]:
        """Return series of one device over the last day, sorted; those without points left out."""
        bounds = _last_day(now)
        found = self._reader.traces(wanted, *bounds)
        return [_chart(series, trace, bounds) for series, trace in sorted(found.items())]

    def week(self, now: datetime, device_id: str | None = None) -> WeekRow:
        """Return the year before `now` by hour of the week: of one device, or of all together."""
        start_s, end_s = epoch_s(now - YEAR) // HOUR_S * HOUR_S, epoch_s(now)
        if device_id is None:
            hours = self._reader.fleet_hours(start_s, end_s)
        else:
            hours = self._reader.device_hours(device_id, start_s, end_s)
        first_s = next((each.hour_s for each in hours if each.judged_s), None)
        since = None if first_s is None else instant(first_s)
        return WeekRow(tuple(by_hour_of_week(hours, self._zone)), since, now)

    def incidents_of(self, device_id: str, now: datetime) -> list[IncidentRow]:
        """Return the incidents of one device in the last thirty days, the newest first."""
        bounds = (epoch_s(now - INCIDENTS_BACK), epoch_s(now) + 1)
        rows = self._views.incidents_between(bounds, now)
        own = [row for row in rows if row.device_id == device_id or device_id in row.affected]
        return sorted(own, key=lambda row: row.began_at, reverse=True)


def _last_day(now: datetime) -> Interval:
    """Return 24 whole hours, of which the last one is under way."""
    end_s = -(-(epoch_s(now) + 1) // HOUR_S) * HOUR_S
    return end_s - DAY_S, end_s


def _chart(series: Series, trace: Trace, bounds: Interval) -> ChartRow:
    values = trace.values
    gap_s = max(MISSED * usual_distance_s(trace), 2 * STEP_S)
    parts = stretches(trace, bounds[0], STEP_S)
    return ChartRow(
        series=series,
        starts_at=instant(bounds[0]),
        ends_at=instant(bounds[1]),
        runs=tuple(map(tuple, unbroken(parts, gap_s))),
        size=len(values),
        low=min(each.summary.low for each in parts),
        middle=float(np.median(values)),
        high=max(each.summary.high for each in parts),
        last=values[-1],
    )
