"""Having devices asked, so many at a time, and hearing of each how it went."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from collectors.concurrent_check import ConcurrentCheck
from collectors.observation import Observation
from netmon.scheduler.duties import Duty

MAX_THREADS = 64
"""Threads for the checks that need one each; the others share one."""

Heard = Callable[[Duty, Observation | Exception], None]


class Asking:
    """
    Carries duties out.

    Parameters
    ----------
    concurrency
        How many devices are asked at the same time, at most; by checks that take a thread
        each, `MAX_THREADS` at most.
    heard
        Called once for each duty, in any thread, with the observation, or with what the
        check raised. It must return soon.
    """

    def __init__(self, concurrency: int, heard: Heard) -> None:
        self._concurrency = concurrency
        self._heard = heard
        self._pool = ThreadPoolExecutor(min(concurrency, MAX_THREADS), thread_name_prefix="look")
        self._changed = threading.Condition()
        self._waiting: deque[Duty] = deque()
        self._under_way = 0
        self._is_stopped = False

    def ask(self, duties: Iterable[Duty]) -> None:
        """Begin as soon as there is room, in this order; returns at once."""
        if self._is_stopped:
            return
        for duty in duties:
            if isinstance(duty.check, ConcurrentCheck):
                self._waiting.append(duty)
            else:
                self._pool.submit(self._observe, duty)
        self._begin()

    def stop(self) -> None:
        """Begin nothing more and wait for what is under way; stopping twice does no harm."""
        self._is_stopped = True
        with self._changed:
            self._waiting.clear()
            self._changed.wait_for(lambda: self._under_way == 0)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self) -> None:
        while (duty := self._next()) is not None:
            check = duty.check
            assert isinstance(check, ConcurrentCheck)  # noqa: S101 - only such wait here
            check.begin(duty.target, duty.params, duty.deadline_s, partial(self._ended, duty))

    def _next(self) -> Duty | None:
        with self._changed:
            if not self._waiting or self._under_way >= self._concurrency:
                return None
            self._under_way += 1
            return self._waiting.popleft()

    def _ended(self, duty: Duty, seen: Observation | Exception) -> None:
        self._heard(duty, seen)
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()
        self._begin()

    def _observe(self, duty: Duty) -> None:
        try:
            seen: Observation | Exception = duty.check.observe(
                duty.target, duty.params, duty.deadline_s
            )
        except Exception as error:  # noqa: BLE001 - a bug of a check: told with its target by who hears
            seen = error
        self._heard(duty, seen)
