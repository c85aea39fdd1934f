"""Folds observations into runs, keeps them, and says who should be looked at next."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from collectors.observation import Observation
from netmon.domain.clocks import set_forward
from netmon.domain.model import Device, DeviceKind, Status
from netmon.domain.sightings import Stranger
from netmon.domain.state import LAPSE_INTERVALS, Policy, Run, Transition, lapse, next_look_s, step
from netmon.scheduler.dating import AsTold, Clocks, Dating
from netmon.scheduler.reports import Reports
from netmon.storage.record import Step, Strangers

logger = logging.getLogger(__name__)

Key = tuple[str, str]

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
    is taken as it comes. What could not be written (a full disk) is kept in memory and written
    with the next batch, in order; monitoring goes on.
    """

    def __init__(
        self,
        memory: Memory,
        reported_policy: Callable[[DeviceKind], Policy] = lambda _: Policy(),
        may_be_silent: Callable[[str, datetime], bool] = lambda *_: False,
        clocks: Clocks | None = None,
    ) -> None:
        self._memory = memory
        self._reported_policy = reported_policy
        self._may_be_silent = may_be_silent
        self._runs = memory.open_runs()
        self._dating = Dating(self._runs, clocks) if clocks else AsTold()
        self._reports = Reports(memory.sources())
        self._kinds: dict[str, DeviceKind] = {}
        self._unwritten: list[Step] = []
        self._strangers: dict[str, tuple[Stranger, ...]] = {}
        self._parents: Mapping[str, tuple[str, ...]] = {}
        self._children: Mapping[str, tuple[str, ...]] = {}

    def know(self, devices: Iterable[Device]) -> None:
        """Learn what depends on what."""
        devices = list(devices)
        self._kinds = {device.id: device.kind for device in devices}
        self._reports.know(devices)
        self._parents = {device.id: device.parents for device in devices}
        children: dict[str, list[str]] = {}
        for device in devices:
            for parent in device.parents:
                children.setdefault(parent, []).append(device.id)
        self._children = {parent: tuple(found) for parent, found in children.items()}

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
            self._fold(each, self._reported_policy(self._kinds[each.target]))
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
        edges: list[Transition] = []
        run = before
        if run is not None:
            run, edge = lapse(run, seen.at, policy)
            edges += [edge] if edge else []
        run, edge = step(run, seen, policy)
        edges += [edge] if edge else []
        self._runs[key] = run
        self._unwritten.append(Step(seen, run, tuple(edges)))
        for each in edges:
            _tell(each, is_expected=self._may_be_silent(each.device_id, each.at))
        hurry = self._hurried(before, run, edges)
        return Consequence(key, next_look_s(run, policy), hurry, is_sure=not run.is_doubted)

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
        kept = [self._kept_alone(each.observation.target, [each], {}) for each in steps]
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
            hurried.update(self._parents.get(run.device_id, ()))
        if any(edge.before is Status.DOWN and edge.after.status in _CARRIES for edge in edges):
            hurried.update(self._children.get(run.device_id, ()))
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
        key = (each.observation.target, each.observation.check)
        if each.transitions or key not in newest:
            needed.append(each)
        newest.add(key)
    return needed[::-1]


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
