"""An answer that nobody waits for longer than agreed, and that never fails who asks."""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

KEPT_S = 5.0
"""An answer so old is given again although the record has grown: it does with every look."""

RECENT_S = 60.0
"""An answer so old is given where a newer one is not there in time."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Made(Generic[Answer]):
    key: object
    at: datetime
    found: Mapping[str, Answer]


class InTime(Generic[Answer]):
    """
    Works out answers by id, one at a time, in a thread of its own; safe from any thread.

    Parameters
    ----------
    work_out
        Returns the answers as of an instant (aware); may take long, and may fail. Failures are
        told in the log, each kind once.
    version
        Returns what differs when the answers may.
    """

    def __init__(
        self,
        work_out: Callable[[datetime], Mapping[str, Answer]],
        version: Callable[[], object],
    ) -> None:
        self._work_out, self._version = work_out, version
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="impact")
        self._running: Future[_Made[Answer]] | None = None
        self._last: _Made[Answer] | None = None
        self._told: set[type[BaseException]] = set()

    def within(self, now: datetime, wait_s: float) -> Mapping[str, Answer]:
        """
        Return the answers as of an instant, none where they are not there in time.

        Parameters
        ----------
        now
            An answer of up to `KEPT_S` before is one of now.
        wait_s
            How long it may take; 0 takes what is there, and lets the next be worked out.
        """
        try:
            made = self._asked(now).result(timeout=wait_s)
        except TimeoutError:
            return self._lately(now)
        except Exception as error:  # noqa: BLE001 - a bug in what is nice to know ends no alert
            self._tell(error)
            return {}
        return made.found

    def close(self) -> None:
        """End, after what is being worked out."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _lately(self, now: datetime) -> Mapping[str, Answer]:
        """Return the last answer where it is of a minute ago: better than none."""
        last = self._last
        is_recent = last is not None and abs((now - last.at).total_seconds()) <= RECENT_S
        return last.found if last is not None and is_recent else {}

    def _asked(self, now: datetime) -> "Future[_Made[Answer]]":
        with self._lock:
            running = self._running
            if running is None or (running.done() and not self._still_holds(running, now)):
                running = self._pool.submit(self._make, now)
                self._running = running
            return running

    def _still_holds(self, done: "Future[_Made[Answer]]", now: datetime) -> bool:
        return done.exception() is None and self._is_fresh(done.result(), now)

    def _is_fresh(self, made: _Made[Answer], now: datetime) -> bool:
        is_young = abs((now - made.at).total_seconds()) < KEPT_S
        minute = now.replace(second=0, microsecond=0)
        return is_young or made.key == (self._version(), minute)

    def _make(self, now: datetime) -> _Made[Answer]:
        # What is read may be newer than its key says; never older.
        key = (self._version(), now.replace(second=0, microsecond=0))
        self._last = _Made(key, now, self._work_out(now))
        return self._last

    def _tell(self, error: BaseException) -> None:
        if type(error) not in self._told:
            self._told.add(type(error))
            logger.error("impact: cannot be worked out, incidents do without", exc_info=error)
