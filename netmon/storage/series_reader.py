"""Series as pages and commands read them: any thread, any time, never writing."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

import apsw

from netmon.domain.errors import StoreError
from netmon.domain.series import Series, Trace
from netmon.domain.summaries import Summary
from netmon.domain.week import HourShare, days_of
from netmon.storage import raw, rollups
from netmon.storage.connection import open_reader
from netmon.storage.series_files import folder_of, raw_path

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class SeriesReader:
    """
    Reads the series of a store; what is not there, or cannot be read, is a gap.

    Each question opens the files that it needs and closes them again: they are unlinked when they
    are old, and none is held.
    """

    def __init__(self, store: Path) -> None:
        self._folder = folder_of(store)

    def series(self, device_id: str, start_s: int, end_s: int) -> list[Series]:
        """Return what was measured on a device on the days of `[start_s, end_s)`, sorted."""
        found: set[Series] = set()
        for path in self._raw(start_s, end_s):
            found.update(self._asked(path, partial(raw.series_of, device_id=device_id), {}))
        return sorted(found)

    def traces(self, wanted: Collection[Series], start_s: int, end_s: int) -> dict[Series, Trace]:
        """Return the points of series of one device in `[start_s, end_s)`."""
        ask = partial(raw.traces, wanted=wanted, start_s=start_s, end_s=end_s)
        nothing: dict[Series, Trace] = {}
        found: dict[Series, Trace] = {}
        for path in self._raw(start_s, end_s):
            for series, trace in self._asked(path, ask, nothing).items():
                earlier = found.get(series)
                found[series] = trace if earlier is None else earlier.followed_by(trace)
        return found

    def summaries(
        self, device_id: str, step_s: int, start_s: int, end_s: int
    ) -> Mapping[Series, Sequence[tuple[int, Summary]]]:
        """
        Return a device's summaries of the steps that begin in `[start_s, end_s)`, ascending.

        `step_s` is 3600, or 86400: by the UTC day, only of what has a label.
        """
        return self._asked(
            rollups.rollup_path(self._folder),
            lambda db: rollups.hours_of(db, device_id, step_s, start_s, end_s),
            {},
        )

    def fleet_hours(self, start_s: int, end_s: int) -> Sequence[HourShare]:
        """Return how much of each UTC hour in `[start_s, end_s)` all devices together worked."""
        return self._asked(
            rollups.rollup_path(self._folder),
            lambda db: rollups.fleet_hours(db, start_s, end_s),
            [],
        )

    def device_hours(self, device_id: str, start_s: int, end_s: int) -> Sequence[HourShare]:
        """Return how much of each UTC hour in `[start_s, end_s)` one device worked."""
        return self._asked(
            rollups.rollup_path(self._folder),
            lambda db: rollups.device_hours(db, device_id, start_s, end_s),
            [],
        )

    def _raw(self, start_s: int, end_s: int) -> list[Path]:
        return [raw_path(self._folder, day_s) for day_s in days_of(start_s, end_s)]

    def _asked(
        self, path: Path, ask: Callable[[apsw.Connection], Answer], nothing: Answer
    ) -> Answer:
        if not path.exists():
            return nothing
        try:
            with closing(open_reader(path)) as db:
                return ask(db)
        except (StoreError, apsw.Error) as error:
            logger.info("series=%s cannot be read: %s", path, error)
            return nothing
