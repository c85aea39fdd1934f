"""Folds observations into runs, keeps them, and says who should be looked at next."""

import logging
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from collectors.observation import Observation, Outcome
from netmon.domain.clocks import set_forward
from netmon.domain.model import Device, DeviceKind, Status
from netmon.domain.sight import BLINDED, SIGHT, frozen
from netmon.domain.sightings import Stranger
from netmon.domain.state import LAPSE_INTERVALS, Policy, Run, Transition, lapse, next_look_s, step
from netmon.domain.verdict import judge
from netmon.scheduler.dating import AsTold, Clocks, Dating
from netmon.scheduler.kinship import Kinship
from netmon.scheduler.reports import Reports
from netmon.scheduler.sight import ALL_SEEING, OwnSight, Turn
from netmon.storage.record import Step, Strangers

logger = logging.getLogger(__name__)

Key = tuple[str, str]

LOOKS_BEFORE_OTHERS = 2
"""One lost answer makes nobody ask others."""

_BROKEN = {Status.DOWN, Status.DEGRADED}
_CARRIES = {Status.UP, Status.DEGRADED}


class Memory(Protocol):
    """Where steps are kept; `write` returns only when they are safe."""

    def write(self, steps: list[Step], strangers: Strangers) -> None:
        """Keep a batch, all of it or nothing."""

    def sources(self) -> dict[str, str]:
        """Return who last told of each device that others see."""

    def keep_vitals(self, vitals: Mapping[str, float]) -> None:
        """Keep how the collecting side itself does."""

    def open_runs(self) -> dict[Key, Run]:
        """Return the open run of each (device, check)."""

    def blinded_while_down(self) -> set[Key]:
        """Return the checks that were down when netmon lost its sight, and not seen since."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """
    When to look at a check again, and which devices to look at without delay.

    `is_sure` is False while looks speak against the run and do not yet confirm another.
    """

    key: Key
    wait_s: float
    hurry: frozenset[str]
    is_sure: bool = True


class Judge:
    """
    Holds the open runs of this process; the record holds the same.

    `reported_policy` says how the word of others on a kind of device is judged, and
    `may_be_silent` whether a device may rightly be off at an instant. `clocks` tell that
    somebody set the wall clock, and what is of the future; without them (a replay) every date
    is taken as it comes. `sight` tells whether netmon itself sees; without it, it always does.
    What could not be written (a full disk) is kept in memory and written with the next batch,
    in order; monitoring goes on.
    """

    def __init__(
        self,
        memory: Memory,
        reported_policy: Callable[[DeviceKind], Policy] = lambda _: Policy(),
        may_be_silent: Callable[[str, datetime], bool] = lambda *_: False,
        clocks: Clocks | None = None,
        sight: OwnSight | None = None,
    ) -> None:
        self._memory = memory
        self._reported_policy = reported_policy
        self._may_be_silent = may_be_silent
        self._runs = memory.open_runs()
        self._sight = sight or OwnSight(ALL_SEEING, lambda _: "")
        self._sight.begin(self._runs, memory.blinded_while_down())
        self._keeps_sight = sight is not None
        self._runs.pop(SIGHT, None)
        self._dating = Dating(self._runs, clocks) if clocks else AsTold()
        self._reports = Reports(memory.sources())
        self._unwritten: list[Step] = []
        self._strangers: dict[str, tuple[Stranger, ...]] = {}
        self._kin = Kinship()

    def know(self, devices: Iterable[Device], asked: AbstractSet[str] = frozenset()) -> None:
        """Learn what depends on what, and who of them is asked by whoever calls `hear`."""
        devices = list(devices)
        self._kin.know(devices, asked)
        self._sight.know(devices)
        self._reports.know(devices)

    def hear(self, observation: Observation, policy: Policy) -> Consequence:
        """
        Fold one observation into its run, and what it says of others into theirs.

        Nothing is kept before `keep` is called. While what a source says of others is not yet
        sure, the source is asked again at its retry interval.
        """
        self._notice_step()
        own = self._fold(observation, policy)
        if not observation.sightings and not observation.lists_all:
            return own
        # What others say is expected equally often of every kind; only limits differ.
        patience_s = LAPSE_INTERVALS * self._reported_policy(DeviceKind.ACCESS_POINT).interval_s
        told = [
            self._fold(each, self._reported_policy(self._kin.kind_of(each.target)))
            for each in self._reports.heard(observation, patience_s)
        ]
        self._strangers |= self._reports.take_strangers()
        if any(not each.is_sure for each in told):
            own = replace(own, wait_s=min(own.wait_s, policy.retry_interval_s))
        return replace(own, hurry=own.hurry.union(*(each.hurry for each in told)))

    def _fold(self, observation: Observation, policy: Policy) -> Consequence:
        key = (observation.target, observation.check)
        before = self._runs.get(key)
        # Whole seconds: every share of every report then adds up exactly.
        at = self._dating.dated(key, observation.at.replace(microsecond=0), before)
        if at is None:
            return Consequence(key, policy.interval_s, frozenset())
        seen = replace(observation, at=at, sightings=())
        self._kin.looked(seen.target, at)
        verdict = judge(seen, policy.limits)
        self._sight.heard(seen, verdict, before)
        hurry = self._notice_sight(at)
        before = self._runs.get(key)
        is_void = verdict.status is Status.DOWN and self._sight.is_void(seen.check)
        run, edges = (
            _unseen(before, seen, policy) if is_void else self._stepped(before, seen, policy)
        )
        self._took(Step(seen, run, tuple(edges)))
        if is_void:
            return Consequence(key, self._sight.wait_s(seen.target, policy), hurry)
        hurry |= self._hurried(before, run, edges) | self._doubted(run, at)
        return Consequence(key, next_look_s(run, policy), hurry, is_sure=not run.is_doubted)

    def _stepped(
        self, before: Run | None, seen: Observation, policy: Policy
    ) -> tuple[Run, list[Transition]]:
        run, gap = (None, None) if before is None else lapse(before, seen.at, policy)
        run, edge = step(run, seen, policy, partial(self._believes, seen))
        return run, [each for each in (gap, edge) if each is not None]

    def _took(self, taken: Step) -> None:
        """Hold what became of a run until it is written, and tell its edges."""
        run = taken.run
        self._runs[run.device_id, run.check] = run
        self._unwritten.append(taken)
        for each in taken.transitions:
            if each.after.status is Status.DOWN:
                self._sight.died(each.device_id, each.check)
            _tell(each, is_expected=self._may_be_silent(each.device_id, each.at))

    def _believes(self, seen: Observation, since: datetime) -> bool:
        """Tell whether a failure is neither netmon's own nor, for all that is known, a parent's."""
        is_known = not self._kin.to_wait_for(seen.target, since, seen.at)
        return is_known and self._sight.believes(seen.target, seen.check, since, seen.at)

    def _doubted(self, run: Run, now: datetime) -> frozenset[str]:
        """Name whom else to ask before a failure that was seen more than once is told."""
        failed = [look.at for look in run.recent if look.verdict.status is Status.DOWN]
        if run.status is Status.DOWN or len(failed) < LOOKS_BEFORE_OTHERS:
            return frozenset()
        awaited = self._kin.to_wait_for(run.device_id, failed[0], now)
        return awaited | self._sight.to_ask(failed[0])

    def witness(self, observation: Observation) -> frozenset[str]:
        """Take a look at a witness, who is no device; return whom to look at without delay."""
        self._notice_step()
        key = (observation.target, observation.check)
        at = self._dating.dated(key, observation.at.replace(microsecond=0), None)
        if at is None:
            return frozenset()
        is_ok = observation.outcome is Outcome.OK
        self._sight.witnessed(observation.target, at, has_answered=is_ok)
        return self._notice_sight(at)

    @property
    def is_doubtful(self) -> bool:
        """Return whether something fails that may be netmon's own line."""
        return self._sight.is_doubtful

    def _notice_sight(self, now: datetime) -> frozenset[str]:
        """Freeze what cannot be seen; return whom to ask once sight is back."""
        turn = self._sight.turn(now)
        if turn is not None:
            _tell_sight(turn)
        if turn is not None and turn.is_blind:
            for key, run in list(self._runs.items()):
                blind, edge = frozen(run, self._sight.known_until(key, turn.since))
                self._took(Step(None, blind, (edge,) if edge else ()))
        if self._keeps_sight and (kept := self._sight.step(now, turn)) is not None:
            self._unwritten.append(kept)
        return self._kin.ids() if turn is not None and not turn.is_blind else frozenset()

    def _notice_step(self) -> None:
        step = self._dating.notice()
        if step > timedelta():
            self._runs = {key: set_forward(run, step) for key, run in self._runs.items()}

    def keep(self) -> int:
        """
        Write what was heard since the last time; return how many observations that was.

        What the memory raises goes on to the caller; everything that the record would
        hold is written with the next call.
        """
        self._notice_step()
        kept = len(self._unwritten)
        try:
            if kept:
                self._memory.write(self._unwritten, self._strangers)
        except BaseException:
            self._unwritten = _still_needed(self._unwritten)
            raise
        self._unwritten, self._strangers = [], {}
        return kept

    def keep_one_by_one(self) -> int:
        """
        Write each look by itself; return how many were kept.

        For a batch that the memory refuses though the disk is well: one that cannot be kept
        (half a character in a name) is told and forgotten, or nothing were ever kept again.
        """
        steps, strangers = self._unwritten, self._strangers
        self._unwritten, self._strangers = [], {}
        kept = [self._kept_alone(each.run.device_id, [each], {}) for each in steps]
        for source, seen in strangers.items():
            self._kept_alone(source, [], {source: seen})
        return sum(kept)

    def _kept_alone(self, device_id: str, steps: list[Step], strangers: Strangers) -> bool:
        try:
            self._memory.write(steps, strangers)
        except Exception:
            logger.exception("device=%s: what it said cannot be kept", device_id)
            return False
        return True

    def note(self, vitals: Mapping[str, float]) -> None:
        """Keep how the collecting side itself does; raises what the memory does."""
        self._memory.keep_vitals({**vitals, "looks_ahead": self._dating.refused})

    @property
    def waiting(self) -> int:
        """Return how many observations could not be written yet."""
        return len(self._unwritten)

    def _hurried(self, before: Run | None, run: Run, edges: Iterable[Transition]) -> frozenset[str]:
        """Name the parents of what begins to fail and the children of what carries again."""
        hurried: set[str] = set()
        began_to_fail = run.failing_since and not (before and before.failing_since)
        if began_to_fail or any(edge.after.status is Status.DOWN for edge in edges):
            hurried.update(self._kin.parents_of(run.device_id))
        if any(edge.before is Status.DOWN and edge.after.status in _CARRIES for edge in edges):
            hurried.update(self._kin.children_of(run.device_id))
        return frozenset(hurried)


def _still_needed(steps: Iterable[Step]) -> list[Step]:
    """
    Leave out looks that changed nothing and were followed by another.

    Only edges and the newest look of each check ever reach the record, so waiting for a
    full disk takes little memory.
    """
    newest: set[Key] = set()
    needed = []
    for each in reversed(list(steps)):
        key = (each.run.device_id, each.run.check)
        if each.transitions or key not in newest:
            needed.append(each)
        newest.add(key)
    return needed[::-1]


def _tell_sight(turn: Turn) -> None:
    since = turn.since.isoformat()
    if turn.is_blind:
        logger.warning("own sight lost since=%s: what does not answer is unknown", since)
    else:
        logger.warning("own sight returned, lost since=%s: everything is asked anew", since)


def _unseen(before: Run | None, seen: Observation, policy: Policy) -> tuple[Run, list[Transition]]:
    """Return the run after a look that proves nothing, for netmon itself sees nothing."""
    at = seen.at
    if before is None:
        run = Run(seen.target, seen.check, BLINDED, at, at)
        return run, [Transition(run.device_id, run.check, at, Status.UNKNOWN, BLINDED)]
    run, gap = lapse(before, at, policy)
    run, edge = frozen(run, at)
    edges = [each for each in (gap, edge) if each is not None]
    return replace(run, last_at=max(at, before.last_at)), edges


def _tell(edge: Transition, *, is_expected: bool) -> None:
    # What was found broken at a start, or after a gap, did not break just now; and what goes
    # off with its site is no news.
    was_known = not is_expected and Status.UNKNOWN not in {edge.before, edge.after.status}
    is_broken = edge.after.status in _BROKEN
    level = logging.WARNING if was_known else logging.INFO if is_broken else logging.DEBUG
    logger.log(
        level,
        "transition device=%s check=%s from=%s to=%s reason=%s at=%s",
        edge.device_id,
        edge.check,
        edge.before,
        edge.after.status,
        edge.after.reason or "-",
        edge.at.isoformat(),
    )
