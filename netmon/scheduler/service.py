"""The collecting side of a running netmon: rounds, a bounded pool, one commit a tick."""

import logging
import queue
import threading
import time
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor

import apsw
from apscheduler.schedulers.background import BackgroundScheduler

from collectors.base import CannotAskError
from collectors.observation import Observation
from netmon.domain.model import Device
from netmon.scheduler.duties import Duty
from netmon.scheduler.judge import Consequence, Judge, Key
from netmon.scheduler.rota import Rota

logger = logging.getLogger(__name__)

TICK_S = 1.0
Round = tuple[str, float]
"""A class of check and its interval: APScheduler runs one job for each."""


class CollectingService:
    """
    Runs every duty at its interval until it is stopped.

    Parameters
    ----------
    judge
        Folds and keeps what is seen; used by one thread at a time.
    concurrency
        How many devices are asked at the same time, at most.
    """

    def __init__(self, judge: Judge, *, concurrency: int) -> None:
        self._judge = judge
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="look")
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._seen: queue.SimpleQueue[tuple[Duty, Observation]] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._duties: dict[Key, Duty] = {}
        self._rotas: dict[Round, Rota] = {}
        self._scheduled: set[Round] = set()
        self._is_full = False
        self._told: frozenset[str] = frozenset()

    def serve(self, duties: Iterable[Duty], devices: Iterable[Device]) -> None:
        """Serve exactly these duties from now on; called again when the inventory changes."""
        by_round: dict[Round, list[Key]] = {}
        with self._guard:
            self._duties = {duty.key: duty for duty in duties}
            self._judge.know(devices)
            for duty in self._duties.values():
                by_round.setdefault(_round_of(duty), []).append(duty.key)
            self._schedule(by_round.keys())
            for each, rota in self._rotas.items():
                rota.replace(by_round.get(each, []), time.monotonic())

    def start(self) -> None:
        """Begin; returns at once."""
        self._scheduler.add_job(self._keep, "interval", seconds=TICK_S, id="keep")
        self._scheduler.start()

    def stop(self) -> None:
        """End: no new looks, wait for those under way, keep what they saw."""
        self._scheduler.shutdown(wait=True)
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._keep()

    def lateness_s(self) -> float:
        """Return how long the most overdue look has been waiting."""
        now_s = time.monotonic()
        with self._guard:
            return max((rota.lateness_s(now_s) for rota in self._rotas.values()), default=0.0)

    def _schedule(self, rounds: AbstractSet[Round]) -> None:
        """Have one job for each round; a rota stays without one, it knows who is away."""
        for each in rounds - self._scheduled:
            self._rotas.setdefault(each, Rota(each[1]))
            self._scheduler.add_job(
                self._look, "interval", [each], seconds=TICK_S, id=_job_id(each)
            )
        for each in self._scheduled - rounds:
            self._scheduler.remove_job(_job_id(each))
        self._scheduled = set(rounds)

    def _look(self, each: Round) -> None:
        with self._guard:
            due = self._rotas[each].take_due(time.monotonic())
            duties = [self._duties[key] for key in due]
        for duty in duties:
            self._pool.submit(self._ask, duty)

    def _ask(self, duty: Duty) -> None:
        try:
            self._seen.put((duty, duty.check.observe(duty.target, duty.params, duty.deadline_s)))
        except CannotAskError as error:
            self._tell_once(duty.check.kind, str(error))
            self._skip(duty)
        except Exception:
            # The one place where a bug in a check is caught: told with its target, and
            # the device is asked again at its next turn.
            logger.exception("check=%s device=%s failed", duty.check.kind, duty.target.id)
            self._skip(duty)

    def _skip(self, duty: Duty) -> None:
        """Let a turn pass without a look; a device that is never looked at is unknown."""
        with self._guard:
            self._put_back(Consequence(duty.key, duty.policy.interval_s, frozenset()))

    def _tell_once(self, kind: str, what: str) -> None:
        with self._guard:
            is_new, self._told = kind not in self._told, self._told | {kind}
        if is_new:
            logger.error("check=%s cannot run, its devices stay unknown: %s", kind, what)

    def _keep(self) -> None:
        with self._guard:
            for duty, seen in self._drained():
                self._put_back(self._judge.hear(seen, duty.policy))
            self._write()

    def _drained(self) -> Iterable[tuple[Duty, Observation]]:
        while True:
            try:
                yield self._seen.get_nowait()
            except queue.Empty:
                return

    def _write(self) -> None:
        try:
            kept = self._judge.keep()
        except (apsw.FullError, apsw.IOError, apsw.BusyError) as error:
            if not self._is_full:
                logger.error("store: cannot write, going on in memory: %s", error)  # noqa: TRY400 - no trace: the disk is full, not the code wrong
            self._is_full = True
            return
        if self._is_full:
            logger.warning("store: writing again, kept=%d", kept)
            self._is_full = False

    def _put_back(self, consequence: Consequence) -> None:
        now_s = time.monotonic()
        for each, rota in self._rotas.items():
            if each[0] == consequence.key[1]:
                rota.put_back(consequence.key, consequence.wait_s, now_s)
            for device_id in consequence.hurry:
                rota.hurry((device_id, each[0]), now_s)


def _round_of(duty: Duty) -> Round:
    return duty.check.kind, duty.policy.interval_s


def _job_id(each: Round) -> str:
    return f"{each[0]}@{each[1]:g}s"
