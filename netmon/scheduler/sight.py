"""Watches whether netmon itself can see, from the looks of the judge and those at witnesses."""

import sys
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from collectors.observation import Observation, Outcome
from netmon.domain.dependencies import ancestors
from netmon.domain.model import REPORTED, UNASKED, Device, Power, Status
from netmon.domain.sight import (
    BLINDED,
    SIGHT,
    SIGHT_POLICY,
    Evidence,
    SightRule,
    Witness,
    blind_since,
    is_ruled_out,
    sees_again,
    unproven,
)
from netmon.domain.state import Policy, Run, Transition, lapse
from netmon.domain.verdict import UP, Verdict
from netmon.storage.record import Step

Key = tuple[str, str]

ALL_SEEING = SightRule(least_devices=sys.maxsize)
"""Without witnesses: every failure is believed."""

TOLD_OF_OTHERS = frozenset({REPORTED})
"""What is said by who looked himself: netmon's own line has no part in it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Sight was lost (`is_blind`) or returned; of what was lost, since when."""

    is_blind: bool
    since: datetime


class OwnSight:
    """
    Holds the evidence of this process, and the run that the record has of it.

    Parameters
    ----------
    rule
        When failures are netmon's own.
    deciding
        Names the check that decides a device; only where netmon asks it itself it is evidence.
    """

    def __init__(self, rule: SightRule, deciding: Callable[[Device], str]) -> None:
        self._rule, self._deciding = rule, deciding
        self._asked: dict[str, str] = {}
        self._above: dict[str, frozenset[str]] = {}
        self._voters: frozenset[str] = frozenset()
        self._alive: set[str] = set()
        self._failing: dict[str, datetime] = {}
        self._seen: dict[str, datetime] = {}
        self._answered: dict[Key, datetime] = {}
        self._witnesses: dict[str, Witness] = {}
        self._run: Run | None = None
        self._returned_at: datetime | None = None

    def begin(self, runs: Mapping[Key, Run], dead: AbstractSet[Key]) -> None:
        """Go on from the record: `dead` were down when it was last blind, and still may be."""
        self._run = runs.get(SIGHT)
        self._alive = {
            device_id
            for (device_id, check), run in runs.items()
            if (run.status in {Status.UP, Status.DEGRADED} or run.verdict == BLINDED)
            and (device_id, check) not in dead
        }

    def know(self, devices: Iterable[Device]) -> None:
        """Learn whom netmon asks, and what depends on nothing."""
        devices = list(devices)
        parents = {each.id: each.parents for each in devices}
        asked = {each.id: self._deciding(each) for each in devices}
        not_ours = UNASKED | TOLD_OF_OTHERS
        self._asked = {key: check for key, check in asked.items() if check not in not_ours}
        self._above = {
            each.id: ancestors(each.id, lambda of: parents.get(of, ())) for each in devices
        }
        # What people switch off says nothing of netmon's line.
        self._voters = frozenset(
            each.id
            for each in devices
            if each.id in self._asked and not each.parents and each.power is Power.ALWAYS_ON
        )
        self._failing = {key: at for key, at in self._failing.items() if key in self._asked}

    @property
    def blind_since(self) -> datetime | None:
        """Return since when netmon sees nothing, None where it sees."""
        is_blind = self._run is not None and self._run.verdict == BLINDED
        return self._run.since if is_blind and self._run is not None else None

    @property
    def is_doubtful(self) -> bool:
        """Return whether witnesses are wanted often."""
        missed = any(each.misses for each in self._witnesses.values())
        return bool(self._failing) or self.blind_since is not None or missed

    def heard(self, seen: Observation, verdict: Verdict, run: Run | None) -> None:
        """Take a look for evidence; `run` is the open run before it."""
        key, at = (seen.target, seen.check), seen.at
        if verdict.status is Status.UNKNOWN:
            return
        if verdict.status is not Status.DOWN:
            self._answered[key] = at
        if self._asked.get(seen.target) != seen.check:
            return
        if verdict.status is not Status.DOWN:
            self._alive.add(seen.target)
            self._failing.pop(seen.target, None)
            for each in {seen.target, *self._above.get(seen.target, ())}:
                self._seen[each] = max(at, self._seen.get(each, at))
        elif run is None or run.status is not Status.DOWN:
            self._failing.setdefault(seen.target, at)

    def died(self, device_id: str, check: str) -> None:
        """Learn that a device is surely down: it has no voice until it answers."""
        if self._asked.get(device_id) == check:
            self._alive.discard(device_id)
            self._failing.pop(device_id, None)

    def witnessed(self, address: str, at: datetime, *, has_answered: bool) -> None:
        """Take a look at a witness for evidence."""
        known = self._witnesses.get(address, Witness())
        self._witnesses[address] = known.heard(at, has_answered=has_answered)

    def is_void(self, check: str) -> bool:
        """Return whether a look without an answer proves nothing now."""
        return self.blind_since is not None and check not in TOLD_OF_OTHERS

    def wait_s(self, device_id: str, policy: Policy) -> float:
        """Return when to look again while blind: by its voice netmon may see that it sees."""
        is_voter = device_id in self._voters and device_id in self._alive
        return policy.retry_interval_s if is_voter else policy.interval_s

    def believes(self, device_id: str, check: str, since: datetime, now: datetime) -> bool:
        """Return whether a failure that began at `since` is surely not netmon's own."""
        if check in TOLD_OF_OTHERS:
            return True
        way = self._above.get(device_id, frozenset())
        is_ours = self._is_grace(now) or self.blind_since is not None
        return not is_ours and is_ruled_out(self._evidence(), self._rule, since, way)

    def to_ask(self, since: datetime) -> frozenset[str]:
        """Return whom to ask so that a failure since then can be told from netmon's own."""
        silent = any(each.is_silent for each in self._witnesses.values())
        evidence = self._evidence()
        if is_ruled_out(evidence, self._rule, since):
            return frozenset()
        others = frozenset(self._asked) if silent else unproven(evidence, since)
        asked_since = (key for key in others if self._seen.get(key, since) <= since)
        return frozenset(asked_since) - self._failing.keys()

    def known_until(self, key: Key, since: datetime) -> datetime:
        """Return until when a check is known by an answer, `since` at the least."""
        return max(since, self._answered.get(key, since))

    def turn(self, now: datetime) -> Turn | None:
        """Return what the evidence changes: sight is lost, or returned; None where it stays."""
        since = self.blind_since
        if since is None:
            if not self._failing:
                return None  # asked with every look: while all is well it costs nothing
            grace = self._is_grace(now)
            lost = blind_since(self._evidence(), self._rule, now, is_grace=grace)
            return None if lost is None else Turn(is_blind=True, since=lost)
        if not sees_again(self._evidence(), self._rule, since):
            return None
        self._returned_at = now
        self._failing.clear()
        return Turn(is_blind=False, since=since)

    def step(self, now: datetime, turn: Turn | None = None) -> Step | None:
        """
        Return what the record is to keep of netmon's sight, None where it knows that already.

        That it sees is kept every minute, or a time in which it was off would read as seen.
        """
        run, edges = self._run, list[Transition]()
        if (
            turn is None
            and run is not None
            and (now - run.last_at).total_seconds() < (SIGHT_POLICY.interval_s)
        ):
            return None
        if run is not None:
            run, edge = lapse(run, now, SIGHT_POLICY)
            edges += [edge] if edge else []
        verdict = self._verdict(run, turn)
        if run is None or run.verdict != verdict:
            at = _date(run, turn, now)
            before = Status.UNKNOWN if run is None else run.status
            edges.append(Transition(*SIGHT, at, before, verdict))
            run = Run(*SIGHT, verdict, at, now)
        self._run = replace(run, last_at=max(now, run.last_at))
        return Step(self._look(now), self._run, tuple(edges))

    def _verdict(self, run: Run | None, turn: Turn | None) -> Verdict:
        if turn is not None:
            return BLINDED if turn.is_blind else UP
        return BLINDED if run is not None and run.verdict == BLINDED else UP

    def _look(self, now: datetime) -> Observation:
        if self.blind_since is None:
            return Observation(*SIGHT, now, Outcome.OK)
        independent = len(self._voters & self._alive)
        silent = sum(each.is_silent for each in self._witnesses.values())
        failing = len(self._failing.keys() & self._voters)
        detail = (
            f"{failing} of {independent} independent devices and"
            f" {silent} of {len(self._witnesses)} witnesses do not answer"
        )
        return Observation(*SIGHT, now, Outcome.TIMEOUT, (), detail)

    def _is_grace(self, now: datetime) -> bool:
        return self._returned_at is not None and now - self._returned_at < self._rule.window

    def _evidence(self) -> Evidence:
        alive = self._voters & self._alive
        return Evidence(self._failing, self._seen, alive, tuple(self._witnesses.values()))


def _date(run: Run | None, turn: Turn | None, now: datetime) -> datetime:
    """Return the edge of a new run: the first failure of the wave, or now."""
    at = turn.since if turn is not None and turn.is_blind else now
    return at if run is None else max(at, run.since)
