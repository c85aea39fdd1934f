"""Dates what is heard: late, twice, from the future, or after somebody set the clock."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from netmon.domain.clocks import AHEAD_S, STEP_S, Reading, step_between
from netmon.domain.state import Run

logger = logging.getLogger(__name__)

Key = tuple[str, str]
Clocks = Callable[[], Reading]

_SECOND = timedelta(seconds=1)


def read_clocks() -> Reading:
    """Return this machine's clocks; on Linux the running one counts while it sleeps, too."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    running_s = time.monotonic() if boot is None else time.clock_gettime(boot)
    return Reading(datetime.now(UTC), running_s)


class AsTold:
    """Takes every date as it comes, as a replay must; a late look is one that `step` ignores."""

    refused = 0

    def notice(self) -> timedelta:
        """Return zero: no clock is looked at."""
        return timedelta()

    def dated(self, key: Key, at: datetime, run: Run | None) -> datetime | None:
        """Return the instant itself."""
        del key, run
        return at


class Dating(AsTold):
    """
    Says from which instant each look counts, so that no record ever overlaps itself.

    Looks are dated in whole seconds.

    Parameters
    ----------
    runs
        The open run of each check, as the record has it.
    read
        Reads both clocks.
    """

    def __init__(self, runs: Mapping[Key, Run], read: Clocks = read_clocks) -> None:
        self._read, self._now = read, read()
        # As each look dates itself, and no later than the wall clock was when it was heard.
        self._said = {key: run.last_at for key, run in runs.items()}
        self._heard = {key: min(run.last_at, self._now.wall) for key, run in runs.items()}
        self._newest = max((run.last_at for run in runs.values()), default=self._now.wall)
        self._told: set[Key] = set()
        self.refused = 0

    def notice(self) -> timedelta:
        """
        Look at both clocks; return by how much the wall clock was set since the last time.

        Negative where it was set back: what is asked from now on is new all the same.
        """
        before, self._now = self._now, self._read()
        step = step_between(before, self._now)
        if step:
            logger.warning("clock: set by %+.0f s", step.total_seconds())
        if step < timedelta():
            began = before.wall + step
            self._heard = {key: min(at, began) for key, at in self._heard.items()}
        return step

    def dated(self, key: Key, at: datetime, run: Run | None) -> datetime | None:
        """
        Return the second from which a look counts; None where it is refused.

        What is late or heard before gets an instant that `step` ignores. While the wall clock
        is behind the record, what is new counts from the highest instant recorded on.
        """
        now = self._now.wall.replace(microsecond=0)
        if (at - now).total_seconds() > AHEAD_S:
            self._refuse(key, at)
            return None
        if run is not None and (at == self._said.get(key) or at <= self._heard.get(key, run.since)):
            return min(at, run.last_at)
        self._said[key], self._heard[key] = at, min(at, now)
        counts = self._earliest(now, run, min(at, now))
        self._newest = max(self._newest, counts)
        return counts

    def _earliest(self, now: datetime, run: Run | None, at: datetime) -> datetime:
        """Return an instant, or the first one after it that the record has room for."""
        is_behind = (self._newest - now).total_seconds() > STEP_S
        if is_behind:
            at = max(at, self._newest)
        return at if run is None else max(at, max(run.last_at, run.since) + _SECOND)

    def _refuse(self, key: Key, at: datetime) -> None:
        self.refused += 1
        if key not in self._told:
            self._told.add(key)
            logger.warning(
                "check=%s device=%s: dated %s, in the future: refused", *key[::-1], at.isoformat()
            )
