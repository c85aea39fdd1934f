"""Series beside the record: what the record holds becomes points; hours that are over, sums."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from netmon.analysis.series_views import SeriesViews
from netmon.analysis.views import RecordViews
from netmon.config.settings import Settings
from netmon.domain.intervals import epoch_s
from netmon.domain.state import Run
from netmon.domain.week import DAY_S
from netmon.storage.record import Key, RecordWriter, Step, Strangers
from netmon.storage.rollups import Redone
from netmon.storage.series import NOT_KEPT, Keeping, SeriesWriter
from netmon.storage.series_reader import SeriesReader

logger = logging.getLogger(__name__)

TURN_S = 10.0
"""How often looks become points; these are written once a minute."""

ROLL_S = 300.0
"""How often hours that are over are summed up."""

_CHUNK_S = 31 * DAY_S
LATELY_S = 2 * DAY_S
"""Whose hours a running netmon works out at every turn."""


def open_series(settings: Settings) -> SeriesWriter | None:
    """Open the series of a store for writing; None where none are to be kept."""
    told, store = settings.series, settings.store
    if not told.enabled:
        return None
    keeping = Keeping(told.raw_days, told.per_radio_days, frozenset(told.leave_out))
    return SeriesWriter(store.folder, origin=store.origin, keeping=keeping)


def series_views(settings: Settings, views: RecordViews) -> SeriesViews:
    """Return the series of a store as pages ask for them."""
    reader, zone = SeriesReader(settings.store.folder), ZoneInfo(settings.city.timezone)
    return SeriesViews(reader, views, zone, is_kept=settings.series.enabled)


class RecordWithSeries:
    """The memory of the judge: whatever the record holds safely is taken as points, too."""

    def __init__(self, record: RecordWriter, series: SeriesWriter) -> None:
        self._record, self._series = record, series

    def write(self, steps: list[Step], strangers: Strangers) -> None:
        """Keep a batch; returns when the record has it."""
        self._record.write(steps, strangers)
        self._series.take(steps)

    def sources(self) -> dict[str, str]:
        """Return who last told of each device that others see."""
        return self._record.sources()

    def keep_vitals(self, vitals: Mapping[str, float]) -> None:
        """Keep how the collecting side itself does."""
        self._record.keep_vitals({**vitals, "points_lost": self._series.lost})

    def open_runs(self) -> dict[Key, Run]:
        """Return the open run of each (device, check)."""
        return self._record.open_runs()

    def blinded_while_down(self) -> set[Key]:
        """Return the checks that were down when netmon lost its sight, and not seen since."""
        return self._record.blinded_while_down()


class SeriesKeeping:
    """The jobs of housekeeping that series need, for one thread at a time."""

    def __init__(
        self, series: SeriesWriter, views: RecordViews, clock: Callable[[], datetime]
    ) -> None:
        self._series, self._views, self._clock = series, views, clock
        self._known: object = None

    def turn(self) -> None:
        """Make points of what was looked at."""
        self._series.turn(epoch_s(self._clock()))

    def roll(self) -> None:
        """Sum up hours that are over, and work out how much of them was worked."""
        now = self._clock()
        self._series.roll(epoch_s(now))
        # All of the past, once a day and where it reads differently since: a strike that was
        # entered afterwards, hours that were wrong. Otherwise the end of it.
        known = (epoch_s(now) // DAY_S, self._views.basis())
        since_s = None if known != self._known else epoch_s(now) - LATELY_S
        try:
            work_out(self._series, self._views, now, since_s)
            self._known = known
        except NOT_KEPT as error:
            logger.info("series: hours not worked out, next time: %s", error)


def work_out(
    series: SeriesWriter, views: RecordViews, now: datetime, since_s: int | None = None
) -> Redone:
    """Work out anew how much of each hour was worked, from an instant on, or from the first run."""
    began_s = views.began_s()
    if began_s is None:
        return Redone()
    first_s = max(began_s, since_s or 0)
    done = Redone()
    for start_s in range(first_s - first_s % DAY_S, epoch_s(now) + 1, _CHUNK_S):
        last_s = epoch_s(now) - epoch_s(now) % DAY_S + DAY_S
        bounds = (start_s, min(start_s + _CHUNK_S, last_s))
        done += series.keep_worked(bounds, views.worked(bounds, now))
    return done
