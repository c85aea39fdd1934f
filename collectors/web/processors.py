"""How busy processors were between two looks: counters of the last look, for some time."""

import threading
import time
from collections import OrderedDict

from collectors.web.computer import ProcessorTime, used_ratio

FORGET_AFTER_S = 900.0
"""Longer ago, and the mean says nothing of now."""


class ProcessorMemory:
    """The last counters of each computer; of `room` computers at most, the oldest go first."""

    def __init__(self, room: int = 10_000) -> None:
        self._room = room
        self._last: OrderedDict[str, tuple[float, ProcessorTime]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._last)

    def used_ratio(self, target: str, now: ProcessorTime) -> float | None:
        """
        Return the share of processor time used since the last look at `target`.

        None at the first look, after a restart, and after `FORGET_AFTER_S`.
        """
        at = time.monotonic()
        with self._lock:
            before_at, before = self._last.pop(target, (-FORGET_AFTER_S, now))
            self._last[target] = at, now
            if len(self._last) > self._room:
                self._last.popitem(last=False)
        idle_s, total_s = now.idle_s - before.idle_s, now.total_s - before.total_s
        if at - before_at > FORGET_AFTER_S or idle_s < 0:
            return None
        return used_ratio(total_s - idle_s, total_s)
