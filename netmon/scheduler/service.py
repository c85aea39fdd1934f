"""The collecting side of a running netmon: who is due is asked, one commit a tick."""

import contextlib
import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping

import apsw

from collectors.base import CannotAskError
from collectors.concurrent_check import ConcurrentCheck
from collectors.inbox import NoVerdictError
from collectors.observation import Observation, Outcome
from netmon.domain.model import Device
from netmon.scheduler.asking import Asking
from netmon.scheduler.descriptors import make_room
from netmon.scheduler.duties import Duty
from netmon.scheduler.garbage import collect_seldom
from netmon.scheduler.judge import Consequence, Judge, Key
from netmon.scheduler.rota import Rota
from netmon.scheduler.witnesses import Witnesses
from netmon.storage.connection import UNWRITABLE

logger = logging.getLogger(__name__)

TICK_S = 1.0
_UNFIT = (ValueError, TypeError, OverflowError, apsw.ConstraintError, apsw.TooBigError)
"""What it raises for something that no record can hold."""
Round = tuple[str, float]
"""A class of check and its interval; each has its rota."""


class CollectingService:
    """
    Runs every duty at its interval until it is stopped.

    Parameters
    ----------
    judge
        Folds and keeps what is seen; used by one thread at a time.
    concurrency
        How many devices are asked at the same time, at most.
    witnesses
        Who is asked whether netmon itself can see; None: nobody.
    """

    def __init__(
        self, judge: Judge, *, concurrency: int, witnesses: Witnesses | None = None
    ) -> None:
        self._judge, self._witnesses = judge, witnesses
        self._asking = Asking(concurrency, self._heard)
        self._ticking = threading.Thread(target=self._tick_until_stopped, name="collect")
        self._stopping = threading.Event()
        self._seen: queue.SimpleQueue[tuple[Duty, Observation | Exception]] = queue.SimpleQueue()
        # Two locks: a commit waits for the disk, and who hurries a device must not.
        self._judging = threading.Lock()
        self._guard = threading.Lock()
        self._duties: dict[Key, Duty] = {}
        self._rotas: dict[Round, Rota] = {}
        self._is_full = False
        self._told: set[str] = set()
        self._overdue: set[Key] = set()
        self._outcomes = Counter(dict.fromkeys(Outcome, 0))

    def serve(self, duties: Iterable[Duty], devices: Iterable[Device]) -> None:
        """Serve exactly these duties from now on; called again when the inventory changes."""
        todo = {duty.key: duty for duty in duties}
        make_room(len(todo))
        with self._judging:
            self._judge.know(devices, {duty.target.id for duty in todo.values()})
        _retain([*self._duties.values(), *todo.values()], todo)
        by_round: dict[Round, list[Key]] = {}
        for duty in todo.values():
            by_round.setdefault(_round_of(duty), []).append(duty.key)
        with self._guard:
            self._duties = todo
            for each in by_round:
                self._rotas.setdefault(each, Rota(each[1]))
            # A rota without keys stays: it knows who is away.
            for each, rota in self._rotas.items():
                rota.replace(by_round.get(each, []), time.monotonic())

    def start(self) -> None:
        """Begin; returns at once."""
        collect_seldom()
        self._ticking.start()

    def stop(self) -> None:
        """End: no new looks, wait for those under way, keep what they saw. Twice is no harm."""
        self._stopping.set()
        if self._ticking.is_alive():
            self._ticking.join()
        self._asking.stop()
        self._keep()

    def hurry(self, device_ids: Iterable[str]) -> None:
        """Bring the next look at these devices forward to the next tick; returns at once."""
        now_s = time.monotonic()
        with self._guard:
            self._hurry(device_ids, now_s)

    def lateness_s(self) -> float:
        """
        Return the seconds for which the most overdue look has been waiting for its turn.

        Or by which one that is under way has passed its deadline, where that is more: then
        whatever should ask is stuck.
        """
        now_s = time.monotonic()
        late_s = [late_s for _, late_s in self._asking.overdue(now_s)]
        with self._guard:
            late_s += [rota.lateness_s(now_s) for rota in self._rotas.values()]
        return max(late_s, default=0.0)

    def note(self, more: Mapping[str, float]) -> None:
        """Keep how collecting goes, with `more` that others count; a full disk does no harm."""
        vitals = {"poll_lag_s": self.lateness_s(), "unwritten": self._judge.waiting, **more}
        vitals |= {f"looks_{outcome}": count for outcome, count in self._outcomes.items()}
        with self._judging, contextlib.suppress(*UNWRITABLE):
            self._judge.note(vitals)

    def _tick_until_stopped(self) -> None:
        next_s = time.monotonic()
        while not self._stopping.wait(max(0.0, next_s - time.monotonic())):
            next_s = max(next_s + TICK_S, time.monotonic())
            try:
                self._look()
                self._keep()
                self._tell_overdue()
            except Exception:
                # A bug of ours must not end the watch; the next tick tries again.
                logger.exception("a tick failed")

    def _look(self) -> None:
        now_s = time.monotonic()
        with self._guard:
            due = [key for rota in self._rotas.values() for key in rota.take_due(now_s)]
            todo = [self._duties[key] for key in due]
        if self._witnesses is not None:
            todo = self._witnesses.due(now_s, is_doubtful=self._judge.is_doubtful) + todo
        self._asking.ask(todo)

    def _heard(self, duty: Duty, seen: Observation | Exception) -> None:
        self._seen.put((duty, seen))

    def _keep(self) -> None:
        with self._judging:
            consequences = [self._judged(duty, seen) for duty, seen in self._drained()]
            with self._guard:
                for each in consequences:
                    self._put_back(each)
            self._write()

    def _drained(self) -> Iterable[tuple[Duty, Observation | Exception]]:
        while True:
            try:
                yield self._seen.get_nowait()
            except queue.Empty:
                return

    def _judged(self, duty: Duty, seen: Observation | Exception) -> Consequence:
        """Fold what was seen; where nothing was, or judging fails, let the turn pass."""
        try:
            if self._witnesses is not None and self._witnesses.took_back(duty):
                return Consequence(duty.key, 0.0, self._witnessed(duty, seen))
            if not isinstance(seen, Exception):
                self._outcomes[seen.outcome] += 1
                return self._judge.hear(seen, duty.policy)
            self._tell(duty, seen)
        except Exception:
            # The one place where a bug in judging is caught: told with its target, and the
            # device is asked again at its next turn.
            logger.exception("check=%s device=%s: judging failed", *reversed(duty.key))
        return Consequence(duty.key, duty.policy.interval_s, frozenset())

    def _witnessed(self, duty: Duty, seen: Observation | Exception) -> frozenset[str]:
        """Judge a look at a witness; one that netmon may not ask is no witness."""
        if isinstance(seen, Exception):
            self._tell(duty, seen)
            return frozenset()
        return self._judge.witness(seen)

    def _tell(self, duty: Duty, error: Exception) -> None:
        """Tell of a check that cannot run once, and of one with a bug each time."""
        kind = duty.check.kind
        if isinstance(error, NoVerdictError):
            logger.debug("check=%s device=%s: %s", kind, duty.target.id, error)
        elif not isinstance(error, CannotAskError):
            logger.error("check=%s device=%s failed", kind, duty.target.id, exc_info=error)
        elif kind not in self._told:
            self._told.add(kind)
            logger.error("check=%s cannot run, its devices stay unknown: %s", kind, error)

    def _tell_overdue(self) -> None:
        """Tell once of each look that does not end: its device has no turn until it does."""
        overdue = {duty.key for duty, _ in self._asking.overdue(time.monotonic())}
        for device_id, kind in overdue - self._overdue:
            logger.error("check=%s device=%s did not end at its deadline", kind, device_id)
        self._overdue = overdue

    def _write(self) -> None:
        try:
            kept = self._judge.keep()
        except UNWRITABLE as error:
            if not self._is_full:
                logger.error("store: cannot write, going on in memory: %s", error)  # noqa: TRY400 - no trace: the disk is full, not the code wrong
            self._is_full = True
            return
        except _UNFIT:
            logger.exception("store: a batch cannot be kept, trying one by one")
            kept = self._judge.keep_one_by_one()
        if self._is_full:
            logger.warning("store: writing again, kept=%d", kept)
            self._is_full = False

    def _put_back(self, consequence: Consequence) -> None:
        now_s = time.monotonic()
        for each, rota in self._rotas.items():
            if each[0] == consequence.key[1]:
                rota.put_back(consequence.key, consequence.wait_s, now_s)
        if consequence.hurry:
            self._hurry(consequence.hurry, now_s)

    def _hurry(self, device_ids: Iterable[str], now_s: float) -> None:
        for device_id in device_ids:
            for each, rota in self._rotas.items():
                rota.hurry((device_id, each[0]), now_s)


def _retain(duties: Iterable[Duty], todo: Mapping[Key, Duty]) -> None:
    """Let each check forget whom it is to ask no more; `duties` are old and new ones."""
    checks = {duty.check.kind: duty.check for duty in duties}
    for kind, check in checks.items():
        if isinstance(check, ConcurrentCheck):
            check.retain([duty.target for duty in todo.values() if duty.check.kind == kind])


def _round_of(duty: Duty) -> Round:
    return duty.check.kind, duty.policy.interval_s
