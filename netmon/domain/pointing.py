"""From looks to points: gauges as they are, counters as rates."""

from collections.abc import Iterator

from collectors.observation import Observation
from netmon.domain.intervals import epoch_s
from netmon.domain.rates import LONGEST_GAP_S, Reading, rate_per_s
from netmon.domain.series import COUNTERS, Point, Series, fit_label, is_kept
from netmon.domain.week import DAY_S

UPTIME = "uptime_s"
MOST_COUNTERS = 200_000
"""That are remembered in all: those of 1,000 switches, about 60 MB."""

MOST_PER_DEVICE = 1000
"""New series of one device in a day: a switch with 250 ports has 500 and some."""


class Pointing:
    """
    Makes points of looks, which come in any order; remembers the last reading of each counter.

    Parameters
    ----------
    left_out
        Names of measurements that never become points.
    """

    def __init__(self, left_out: frozenset[str] = frozenset()) -> None:
        self._left_out = left_out
        self._last: dict[Series, Reading] = {}
        self._known: dict[str, set[Series]] = {}
        self._day: int | None = None
        self.refused: set[str] = set()
        """Devices with more series than are kept of one."""

    def points(self, seen: Observation) -> Iterator[tuple[Series, Point]]:
        """Yield what is kept of one look."""
        at_s = epoch_s(seen.at)
        uptime_s = next((each.value for each in seen.measurements if each.name == UPTIME), None)
        for each in seen.measurements:
            series = Series(seen.target, each.name, fit_label(each.label) if each.label else "")
            value: float | None = each.value
            if each.name in COUNTERS:
                reading = Reading(at_s, each.value, uptime_s)
                series = series._replace(measurement=COUNTERS[each.name])
                value = self._rate_per_s(series, reading)
            if value is not None and self._may_keep(series, value):
                yield series, Point(at_s, value)

    def forget(self, now_s: int) -> None:
        """Forget counters that were read too long ago to make a rate with."""
        day = now_s // DAY_S
        if self._day not in {None, day}:
            self._known.clear()
        self._day = day
        self._last = {
            series: reading
            for series, reading in self._last.items()
            if now_s - reading.at_s <= LONGEST_GAP_S
        }

    def _rate_per_s(self, series: Series, reading: Reading) -> float | None:
        before = self._last.get(series)
        if before is not None and reading.at_s < before.at_s:
            return None  # late: what it grew by is in the rate that is known already
        if before is not None or len(self._last) < MOST_COUNTERS:
            self._last[series] = reading
        return None if before is None else rate_per_s(before, reading)

    def _may_keep(self, series: Series, value: float) -> bool:
        if not is_kept(series.measurement, value, self._left_out):
            return False
        known = self._of(series.device_id)
        if series in known:
            return True
        if len(known) >= MOST_PER_DEVICE:
            self.refused.add(series.device_id)
            return False
        known.add(series)
        return True

    def _of(self, device_id: str) -> set[Series]:
        return self._known.setdefault(device_id, set())
