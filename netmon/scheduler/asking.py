"""Having devices asked, so many at a time, and hearing of each how it went."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from collectors.concurrent_check import ConcurrentCheck, PanicError
from collectors.observation import Observation
from netmon.scheduler.duties import Duty

logger = logging.getLogger(__name__)

MAX_THREADS = 64
"""Threads for the checks that need one each; the others share one."""

GRACE_S = 2.0
"""How long after its deadline a look may end on a busy machine."""

Heard = Callable[[Duty, Observation | Exception], None]


@dataclass(slots=True, eq=False)
class _Look:
    """A look under way, and the instant at which it should have ended at the latest."""

    duty: Duty
    ends_s: float


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
        self._looks: set[_Look] = set()
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

    def overdue(self, now_s: float) -> list[tuple[Duty, float]]:
        """Return the looks that should have ended before `now_s`, and by how many seconds."""
        with self._changed:
            late = [each for each in self._looks if each.ends_s < now_s]
        return [(each.duty, now_s - each.ends_s) for each in late]

    def stop(self) -> None:
        """
        Begin nothing more and wait for what is under way; stopping twice does no harm.

        A look that does not end at its deadline is told and left alone.
        """
        self._is_stopped = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._changed:
            self._waiting.clear()
            latest_s = max((each.ends_s for each in self._looks), default=0.0)
            patience_s = max(0.0, latest_s - time.monotonic())
            self._changed.wait_for(lambda: not self._looks, patience_s)
            left = [each.duty for each in self._looks]
        for duty in left:
            logger.error("check=%s device=%s did not end, given up", *reversed(duty.key))
        if not left:
            self._pool.shutdown(wait=True)

    def _begin(self) -> None:
        while (look := self._next()) is not None:
            duty, check = look.duty, look.duty.check
            assert isinstance(check, ConcurrentCheck)  # noqa: S101 - only such wait here
            check.begin(duty.target, duty.params, duty.deadline_s, partial(self._ended, look))

    def _next(self) -> _Look | None:
        with self._changed:
            if not self._waiting or self._under_way >= self._concurrency:
                return None
            self._under_way += 1
            return self._noted(self._waiting.popleft())

    def _noted(self, duty: Duty) -> _Look:
        look = _Look(duty, time.monotonic() + duty.deadline_s + GRACE_S)
        self._looks.add(look)
        return look

    def _ended(self, look: _Look, seen: Observation | Exception) -> None:
        self._heard(look.duty, seen)
        with self._changed:
            self._under_way -= 1
            self._looks.discard(look)
            self._changed.notify_all()
        self._begin()

    def _observe(self, duty: Duty) -> None:
        with self._changed:
            look = self._noted(duty)
        self._heard(duty, _seen(duty))
        with self._changed:
            self._looks.discard(look)
            self._changed.notify_all()


def _seen(duty: Duty) -> Observation | Exception:
    try:
        return duty.check.observe(duty.target, duty.params, duty.deadline_s)
    except Exception as error:  # noqa: BLE001 - a bug of a check: told with its target by who hears
        return error
    except BaseException as error:  # noqa: BLE001 - a panic of a Rust library is no Exception
        return PanicError(repr(error))
