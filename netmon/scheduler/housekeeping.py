"""What has to be done from time to time beside the looks, each job at its own interval."""

import logging
from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

logger = logging.getLogger(__name__)


class Housekeeping:
    """
    Runs jobs until it is stopped; one that is late runs once, and never twice at a time.

    A job that fails is logged and runs again at its next turn. Each has a thread of its own: none
    waits for another that sends mail, and what it opens for itself it opens once.
    """

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def every(self, interval_s: float, name: str, job: Callable[[], None]) -> None:
        """Run a job every `interval_s` seconds; the first time after one interval."""
        self._scheduler.add_executor(ThreadPoolExecutor(max_workers=1), alias=name)
        self._scheduler.add_job(
            _logged(name, job), "interval", seconds=interval_s, id=name, executor=name
        )

    def start(self) -> None:
        """Begin; returns at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """End, after the jobs under way; stopping twice, or before the start, does no harm."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def _logged(name: str, job: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            job()
        except Exception:
            logger.exception("job=%s failed", name)

    return run
