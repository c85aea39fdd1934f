"""Series of points beside the record: taken from looks, written a minute later, summed up."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import apsw

from collectors.observation import Observation
from netmon.domain.intervals import Interval
from netmon.domain.pointing import MOST_PER_DEVICE, Pointing
from netmon.domain.week import DAY_S, HOUR_S
from netmon.storage import raw, rollups
from netmon.storage.connection import UNWRITABLE, WriterLock
from netmon.storage.points import Worked
from netmon.storage.record import Step
from netmon.storage.rollups import Redone, rollup_path
from netmon.storage.series_files import (
    DAMAGED,
    day_of,
    folder_of,
    newest_day_s,
    opened,
    raw_days,
    raw_path,
    second_try,
    unlink,
)
from netmon.storage.waiting import Waiting

logger = logging.getLogger(__name__)

WRITE_S = 60
"""How long points wait in memory: each write takes up the newest blocks of all series again."""

SETTLED_S = 300
"""How long after its end an hour is summed up; what comes later still makes it be done again."""

MOST_LOOKS = 100_000
MOST_POINTS = 500_000
"""What waits at most (of points about 60 MB); the oldest are dropped first."""

FOREVER_S = 2**40

Result = TypeVar("Result")

NOT_KEPT = (*UNWRITABLE, apsw.CantOpenError, OSError)
"""What the disk, and no bug of ours, keeps from being written; series open files all the time."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept and for how long: whole days of points, and of hours by radio or interface."""

    raw_days: int = 14
    per_radio_days: int = 90
    left_out: frozenset[str] = frozenset()


class SeriesWriter:
    """
    Writes the series of a store; raises `StoreError` where another process does.

    `take` costs the collecting thread next to nothing and never fails. All else is for one thread
    of housekeeping: `turn` every few seconds, `roll` every few minutes. What a disk keeps
    from being written waits in memory; when that is too much, the oldest points are lost. Both is
    told once.
    """

    def __init__(self, store: Path, *, origin: str, keeping: Keeping) -> None:
        self._folder, self._origin, self._keeping = folder_of(store), origin, keeping
        self._lock = WriterLock(rollup_path(self._folder))
        self._pointing = Pointing(keeping.left_out)
        self._told: deque[Observation] = deque(maxlen=MOST_LOOKS)
        self._waiting = Waiting(MOST_POINTS)
        self._written_s = 0
        self._settled: set[int] = set()
        self._refused: set[str] = set()
        self._is_full = self._is_new = False
        self._working = threading.Lock()

    def take(self, steps: Iterable[Step]) -> None:
        """Take looks that the record holds; from any thread."""
        self._told.extend(step.observation for step in steps if step.observation is not None)

    def turn(self, now_s: int) -> None:
        """Make points of what was taken, and write them where the last write is a minute ago."""
        with self._working:
            self._digest()
            if not 0 <= now_s - self._written_s < WRITE_S:
                self._written_s = now_s
                self._pointing.forget(now_s)
                self._write()

    def roll(self, now_s: int) -> None:
        """Sum up the hours that are over and changed since, and forget what is too old."""
        with self._working:
            try:
                self._forget(now_s)
                is_all, self._is_new = self._is_new or not self._rollups.exists(), False
                for day_s in raw_days(self._folder):
                    with suppress(*DAMAGED):  # told, and set aside
                        self._roll_day(day_s, now_s, is_all=is_all)
            except NOT_KEPT as error:
                self._tell_full(error)

    def keep_worked(self, bounds: Interval, rows: Mapping[tuple[int, str], Worked]) -> Redone:
        """Keep, by (day, device), how much was worked in whole UTC days, in place of the old."""
        with self._working:
            return self._on_rollups(partial(rollups.write_worked, bounds=bounds, rows=rows))

    def rebuild(self, now_s: int) -> Redone:
        """Work out every hour again of which there are points, and say what that changed."""
        done = Redone()
        with self._working:
            for day_s in raw_days(self._folder):
                with suppress(*DAMAGED):  # told, and set aside
                    done += self._rebuilt(day_s, now_s)
        return done

    def __len__(self) -> int:
        """Return how many points are in memory only."""
        return len(self._waiting)

    @property
    def lost(self) -> int:
        """Return how many points were dropped because too many waited."""
        return self._waiting.lost

    def close(self) -> None:
        """Write what was taken, and let another process write."""
        with self._working:
            self._digest()
            self._write()
        self._lock.release()

    @property
    def _rollups(self) -> Path:
        return rollup_path(self._folder)

    def _digest(self) -> None:
        lost = self._waiting.lost
        while self._told:
            self._waiting.add(self._pointing.points(self._told.popleft()))
        if self._waiting.lost > lost == 0:
            logger.error("series: more points wait than fit into memory: the oldest are lost")
        for device_id in self._pointing.refused - self._refused:
            logger.warning("series: device=%s: only %d of its series", device_id, MOST_PER_DEVICE)
        self._refused |= self._pointing.refused

    def _write(self) -> None:
        for day_s, blocks in self._waiting.days().items():
            try:
                raw.write_points(raw_path(self._folder, day_s), self._origin, blocks)
            except NOT_KEPT as error:
                self._tell_full(error)
                return
            self._waiting.forget(blocks)
            self._settled.discard(day_s)
        if self._is_full:
            logger.warning("series: writing again")
        self._is_full = False

    def _tell_full(self, error: Exception) -> None:
        if not self._is_full:
            logger.error("series: cannot write, points wait in memory: %s", error)
        self._is_full = True

    def _roll_day(self, day_s: int, now_s: int, *, is_all: bool) -> None:
        if day_s in self._settled and not is_all:
            return
        if is_all:
            self._on_raw(day_s, raw.unsettle)
        for hour_s in self._on_raw(day_s, lambda db: raw.stale_hours(db, now_s - SETTLED_S)):
            found = {hour_s: self._on_raw(day_s, partial(raw.summaries, hour_s=hour_s))}
            self._on_rollups(partial(rollups.write_hours, hours=found))
            self._on_raw(day_s, partial(raw.settle, hours=[hour_s]))
        if not self._on_raw(day_s, lambda db: raw.stale_hours(db, FOREVER_S)):
            self._settled.add(day_s)

    def _rebuilt(self, day_s: int, now_s: int) -> Redone:
        hours = [each for each in self._on_raw(day_s, raw.all_hours) if each + HOUR_S <= now_s]
        found = {each: self._on_raw(day_s, partial(raw.summaries, hour_s=each)) for each in hours}
        done = self._on_rollups(partial(rollups.write_hours, hours=found))
        self._on_raw(day_s, partial(raw.settle, hours=hours))
        return done

    def _forget(self, now_s: int) -> None:
        today_s = newest_day_s(now_s)
        for path in self._folder.glob("raw-*"):
            day_s = day_of(path)
            if day_s is not None and day_s < today_s - self._keeping.raw_days * DAY_S:
                unlink(path)
                logger.info("series: forgot %s", path.name)
        if self._rollups.exists():
            oldest_s = today_s - self._keeping.per_radio_days * DAY_S
            self._on_rollups(partial(rollups.forget_hours, before_s=oldest_s))

    def _on_raw(self, day_s: int, work: Callable[[apsw.Connection], Result]) -> Result:
        with opened(raw_path(self._folder, day_s), self._origin) as db:
            return work(db)

    def _on_rollups(self, work: Callable[[apsw.Connection], Result]) -> Result:
        def once() -> Result:
            # Where it is not there, or was damaged, all of it has to be worked out again.
            self._is_new = self._is_new or not self._rollups.exists()
            with opened(self._rollups, self._origin) as db:
                return work(db)

        return second_try(once)
