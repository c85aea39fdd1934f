"""
Whether netmon itself can see: when many fail together, its own line is the likelier cause.

Two signs, either is enough. No *witness* answers: addresses that are always there. Or a *quorum*:
most of the devices that depend on no other begin to fail within one window. While netmon is
blind, silence proves nothing; an answer still does.

A device that has a parent is no independent sign: where its parent answers the fault lies
beyond it, and where its parent fails so does everything behind. Nor is one that never answered,
or was dead before. An answer of anything behind a device shows that the way to it is open.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from netmon.domain.model import Status
from netmon.domain.state import Policy, Run, Transition
from netmon.domain.verdict import Verdict

OWN_SIGHT = "own_sight"
BLINDED = Verdict(Status.UNKNOWN, OWN_SIGHT, is_usable=False)
"""What every check is while netmon itself sees nothing."""

SIGHT = ("netmon", "sight")
"""Under which (device, check) the record keeps when netmon could see; no check is called so."""

SIGHT_POLICY = Policy(interval_s=60.0)
"""It is kept every minute: after 2.5 of them without, nobody looked."""

WITNESS_MISSES = 2
"""Of each witness, one after the other, before they count as silent."""


@dataclass(frozen=True, slots=True)
class SightRule:
    """
    When failures are netmon's own.

    At least `quorum_ratio` of the independent devices, and never fewer than `least_devices`, must
    begin to fail within `window_s`. For as long after sight returned no failure is believed.
    """

    quorum_ratio: float = 0.8
    window_s: float = 60.0
    least_devices: int = 5

    def needed(self, independent: int) -> int:
        """Return how many of so many independent devices must fail together."""
        # A share such as 0.8 of 10 must be 8, whatever its binary digits are.
        return max(self.least_devices, math.ceil(round(self.quorum_ratio * independent, 9)))

    @property
    def window(self) -> timedelta:
        """Return the window as a length of time."""
        return timedelta(seconds=self.window_s)


@dataclass(frozen=True, slots=True)
class Witness:
    """What is known of one witness; `silent_since` is the first of `misses` in a row."""

    answered_at: datetime | None = None
    silent_since: datetime | None = None
    misses: int = 0

    def heard(self, at: datetime, *, has_answered: bool) -> "Witness":
        """Return it after one more look that began at `at`."""
        if has_answered:
            return Witness(at)
        return replace(self, silent_since=self.silent_since or at, misses=self.misses + 1)

    @property
    def is_silent(self) -> bool:
        """Return whether it missed often enough."""
        return self.misses >= WITNESS_MISSES


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What speaks for and against netmon's own sight.

    `failing` holds since when each device that is asked fails, from its first look without an
    answer; `seen` when it, or anything that depends on it, last answered. `independent` are those
    that depend on nothing and worked before. `witnesses` are those that were asked.
    """

    failing: Mapping[str, datetime]
    seen: Mapping[str, datetime]
    independent: AbstractSet[str]
    witnesses: Collection[Witness] = field(default=())


def blind_since(
    evidence: Evidence, rule: SightRule, now: datetime, *, is_grace: bool = False
) -> datetime | None:
    """
    Return the first failure of the wave by which netmon lost its sight, None where it sees.

    In the grace after sight returned, only witnesses count.
    """
    found = (_unwitnessed(evidence, rule, now), None if is_grace else _quorum(evidence, rule))
    return min((each for each in found if each is not None), default=None)


def sees_again(evidence: Evidence, rule: SightRule, since: datetime) -> bool:
    """Return whether netmon, blind since an instant, was seen to see: a witness, and a quorum."""
    if _all_silent(evidence) and not _is_contradicted(evidence, rule, since):
        return False
    unseen = [
        each
        for each in evidence.independent
        if evidence.seen.get(each, since) <= max(since, evidence.failing.get(each, since))
    ]
    return len(unseen) < rule.needed(len(evidence.independent))


def is_ruled_out(
    evidence: Evidence, rule: SightRule, since: datetime, way: Iterable[str] = ()
) -> bool:
    """
    Return whether a failure that began at `since` cannot be netmon's own any more.

    Parameters
    ----------
    evidence, rule
        As of now.
    since
        The first look without an answer; only answers that were asked for later count.
    way
        What the device depends on, near and far: an answer from there shows its way open.
    """
    witnessed = [each.answered_at for each in evidence.witnesses]
    is_witnessed = any(at is not None and at > since for at in witnessed)
    if witnessed and not is_witnessed and not _is_contradicted(evidence, rule, since):
        return False
    is_open = any(_is_seen_since(evidence, each, since) for each in way)
    return is_open or len(unproven(evidence, since)) < rule.needed(len(evidence.independent))


def unproven(evidence: Evidence, since: datetime) -> frozenset[str]:
    """Return the independent devices that have not answered since an instant."""
    return frozenset(
        each for each in evidence.independent if not _is_seen_since(evidence, each, since)
    )


def frozen(run: Run, at: datetime) -> tuple[Run, Transition | None]:
    """
    Return a run as it stands when netmon cannot see it any more, from `at` on.

    What was not known stays so for its own reason; looks that spoke against the run speak no
    more. Incidents do not end by it: only what is seen to work ends them.
    """
    if run.status is Status.UNKNOWN:
        return replace(run, recent=()), None
    at = max(at, run.since)
    blind = Run(run.device_id, run.check, BLINDED, at, run.last_at)
    return blind, Transition(run.device_id, run.check, at, run.status, BLINDED)


def _quorum(evidence: Evidence, rule: SightRule) -> datetime | None:
    """Return the first of enough failures of independent devices that lie within one window."""
    began = sorted(
        at
        for each in evidence.independent
        if (at := evidence.failing.get(each)) is not None and not _is_seen_since(evidence, each, at)
    )
    needed = rule.needed(len(evidence.independent))
    pairs = zip(began, began[needed - 1 :], strict=False)
    return next((first for first, last in pairs if last - first <= rule.window), None)


def _unwitnessed(evidence: Evidence, rule: SightRule, now: datetime) -> datetime | None:
    """Return since when devices and all witnesses fail; silent witnesses alone hide nothing."""
    if not evidence.failing or not _all_silent(evidence):
        return None
    silent = min(each.silent_since for each in evidence.witnesses if each.silent_since is not None)
    wave = [at for at in evidence.failing.values() if at >= silent - rule.window]
    began = min(wave, default=silent)
    # Long silent while devices answered, witnesses prove little: then those are given time to.
    is_stale = began - silent > rule.window
    if (is_stale and now - began < rule.window) or _is_contradicted(evidence, rule, began):
        return None
    return began if is_stale else min(silent, began)


def _all_silent(evidence: Evidence) -> bool:
    return bool(evidence.witnesses) and all(each.is_silent for each in evidence.witnesses)


def _is_contradicted(evidence: Evidence, rule: SightRule, since: datetime) -> bool:
    """Return whether more devices answer than fail: then the witnesses are the ones at fault."""
    answering = sum(
        at > since for each, at in evidence.seen.items() if each not in evidence.failing
    )
    return answering >= max(rule.least_devices, len(evidence.failing) + 1)


def _is_seen_since(evidence: Evidence, device_id: str, since: datetime) -> bool:
    at = evidence.seen.get(device_id)
    return at is not None and at > since
