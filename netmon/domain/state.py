"""
From observations to runs: soft and hard states, dated at the first contrary look.

A run is an interval in which a check kept one recorded status. `step` folds one
observation into it; `lapse` turns silence into `unknown`; `next_look_s` says when to look
again. Together they are the only way in which a recorded status changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from collectors.observation import Observation
from netmon.domain.model import Status
from netmon.domain.verdict import SILENT, UNSEEN, Limit, Severity, Verdict, judge

LAPSE_INTERVALS = 2.5
"""After this many missed intervals a status is not known any more (Checkmk's smart ping)."""

BACKOFF_AFTER_S = 300
BACKOFF_FACTOR = 5
BACKOFF_CAP_S = 300
"""Dead for five minutes, a device is asked five times less often, yet every five minutes."""


@dataclass(frozen=True, slots=True)
class Policy:
    """
    How often a check looks and how many looks make it sure.

    A worse status is hard after `fail_n` of the last `fail_m` looks, a better one after
    `recover_n` of `recover_m`; meanwhile it looks every `retry_interval_s`. What is long dead
    is looked at less often where that `backs_off`; what others say costs no look.
    """

    interval_s: float = 60.0
    retry_interval_s: float = 20.0
    fail_n: int = 3
    fail_m: int = 3
    recover_n: int = 2
    recover_m: int = 2
    limits: tuple[Limit, ...] = ()
    lapse_intervals: float = LAPSE_INTERVALS
    backs_off: bool = True


Believes = Callable[[datetime], bool]
"""Whether a failure that began at an instant can be believed yet."""


def _always(_: datetime) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Look:
    """One judged observation, kept while it speaks against the run."""

    at: datetime
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Run:
    """
    The open run of one check on one device.

    `since` is aware UTC and inclusive; `recent` holds the last looks, oldest first, while
    any of them is contrary (of another severity, or degraded for another reason), and is
    empty in a hard state.
    """

    device_id: str
    check: str
    verdict: Verdict
    since: datetime
    last_at: datetime
    recent: tuple[Look, ...] = ()

    @property
    def status(self) -> Status:
        """Return the recorded status."""
        return self.verdict.status

    @property
    def is_doubted(self) -> bool:
        """Return whether looks speak for another status, not only for another reason."""
        return any(look.verdict.severity is not self.verdict.severity for look in self.recent)

    @property
    def failing_since(self) -> datetime | None:
        """Return since when looks are worse than the run, None where they are not."""
        if self.status is Status.DOWN:
            return None
        floor = Severity.UP if self.status is Status.UNKNOWN else self.verdict.severity
        return next((look.at for look in self.recent if look.verdict.severity > floor), None)


@dataclass(frozen=True, slots=True)
class Transition:
    """The edge between two runs: from `at` on the check is in `after`."""

    device_id: str
    check: str
    at: datetime
    before: Status
    after: Verdict


def step(
    run: Run | None, observation: Observation, policy: Policy, believes: Believes = _always
) -> tuple[Run, Transition | None]:
    """
    Fold one observation into the open run.

    Parameters
    ----------
    run
        The open run, lapsed to `observation.at` (see `lapse`), or the silence before it
        would count as its status; None before the first observation of this check.
    observation
        Later than `run.last_at` and `run.since`; an earlier or equal one changes nothing.
    policy
        Confirmation counts and limits.
    believes
        Asked before a run becomes down: who cannot believe it yet is asked again at the next
        look, and nothing of it is lost: it will be dated as if it had been believed at once.

    Returns
    -------
    The run as it now stands, and the transition where one was confirmed: to another
    status, to another usability, or from one reason for being degraded to another. It is
    dated at the first look that spoke for what is new, not at the last.
    """
    look = Look(observation.at, judge(observation, policy.limits))
    if run is None:
        run, edge = _unseen(observation, look)
        first = _confirmed(run, run.recent, policy)
        if first is None or not _may_be(first, believes):
            return run, edge
        opened = replace(run, verdict=first.verdict, recent=())
        return opened, replace(edge, after=first.verdict)
    if look.at <= max(run.last_at, run.since):  # a silence already recorded stays
        return run, None
    looks, change = _next(run, look, policy)
    if change is None:
        return replace(run, last_at=look.at, recent=_still_contrary(run, looks)), None
    if not _may_be(change, believes):
        return replace(run, last_at=look.at, recent=looks), None
    ahead = _ahead(looks, change.verdict)
    opened = Run(run.device_id, run.check, change.verdict, change.at, look.at, ahead)
    return opened, Transition(run.device_id, run.check, change.at, run.status, change.verdict)


def lapse(run: Run, now: datetime, policy: Policy) -> tuple[Run, Transition | None]:
    """
    Return the run as a reader must see it at `now`: silence for too long is unknown.

    The transition is dated at `known_until`, whenever it is that somebody looks; such a
    run of silence is the only one that begins after its `last_at`.
    """
    if now <= (end := known_until(run, policy)):
        return run, None
    if run.status is Status.UNKNOWN:
        return replace(run, recent=()), None  # or an old failure would be dated over the silence
    silent = Run(run.device_id, run.check, SILENT, end, run.last_at)
    return silent, Transition(run.device_id, run.check, end, run.status, SILENT)


def known_until(run: Run, policy: Policy) -> datetime:
    """Return the instant, in whole seconds, after which the last look proves nothing."""
    patience_s = policy.lapse_intervals * max(policy.interval_s, next_look_s(run, policy))
    return run.last_at + timedelta(seconds=round(patience_s))


def next_look_s(run: Run, policy: Policy) -> float:
    """Return how many seconds after its last look a check is due again."""
    if run.is_doubted:
        return policy.retry_interval_s
    dead_for_s = (run.last_at - run.since).total_seconds()
    if policy.backs_off and run.status is Status.DOWN and dead_for_s > BACKOFF_AFTER_S:
        return max(policy.interval_s, min(BACKOFF_FACTOR * policy.interval_s, BACKOFF_CAP_S))
    return policy.interval_s


def _unseen(observation: Observation, look: Look) -> tuple[Run, Transition]:
    """Open the first run: up is believed at once, anything worse has to be confirmed."""
    run = Run(observation.target, observation.check, UNSEEN, look.at, look.at, (look,))
    return run, Transition(run.device_id, run.check, look.at, Status.UNKNOWN, UNSEEN)


def _next(run: Run, look: Look, policy: Policy) -> tuple[tuple[Look, ...], Look | None]:
    """Return the looks that count now, and what they confirm."""
    width = max(policy.fail_m, policy.recover_m)
    if run.recent and look.verdict.status is Status.DOWN:
        waiting = _confirmed(run, run.recent, policy)
        if waiting is not None and waiting.verdict.status is Status.DOWN:
            return run.recent, waiting  # sure already, and not yet believed
    looks = (*run.recent, look)[-width:]
    return looks, _confirmed(run, looks, policy)


def _may_be(change: Look, believes: Believes) -> bool:
    return change.verdict.status is not Status.DOWN or believes(change.at)


def _confirmed(run: Run, looks: tuple[Look, ...], policy: Policy) -> Look | None:
    """Return the first look of a newly confirmed status, carrying the newest such verdict."""
    newest = looks[-1].verdict.severity
    if run.status is Status.UNKNOWN and newest is Severity.UP:
        return looks[-1]
    if newest is Severity.UNPROVEN or newest is run.verdict.severity:
        return _otherwise(run, looks[-policy.fail_m :], policy.fail_n)
    if run.status is Status.UNKNOWN or newest > run.verdict.severity:
        return _worse(run, looks[-policy.fail_m :], policy.fail_n)
    if newest < run.verdict.severity:
        return _better(run, looks[-policy.recover_m :], policy.recover_n)
    return None


def _worse(run: Run, looks: tuple[Look, ...], needed: int) -> Look | None:
    """Return the worst status that `needed` looks reach, where it is worse than the run's."""
    ranked = sorted((look.verdict.severity for look in looks), reverse=True)
    floor = Severity.UP if run.status is Status.UNKNOWN else run.verdict.severity
    if len(ranked) < needed or (reached := ranked[needed - 1]) <= floor:
        return None
    return _dated(looks, [look for look in looks if look.verdict.severity >= reached], reached)


def _better(run: Run, looks: tuple[Look, ...], needed: int) -> Look | None:
    """Return the best status that `needed` looks keep to, where it is better than the run's."""
    looks = tuple(look for look in looks if look.verdict.status is not Status.UNKNOWN)
    ranked = sorted(look.verdict.severity for look in looks)
    if len(ranked) < needed or (reached := ranked[needed - 1]) >= run.verdict.severity:
        return None
    return _dated(looks, [look for look in looks if look.verdict.severity <= reached], reached)


def _otherwise(run: Run, looks: tuple[Look, ...], needed: int) -> Look | None:
    """Return the first of `needed` looks alike that say unknown, or degraded for another reason."""
    alike = [look for look in looks if look.verdict == looks[-1].verdict]
    if len(alike) < needed or not _is_contrary(alike[-1], run):
        return None
    return alike[0]


def _is_contrary(look: Look, run: Run) -> bool:
    """
    Tell whether a look speaks against the run.

    Why a device is degraded matters to people. How it is silent does not: a dead one is
    lost in a time-out now and refused by a router then, and stays one outage.
    """
    if look.verdict.severity is not run.verdict.severity:
        return True
    return run.status is not Status.DOWN and look.verdict.reason != run.verdict.reason


def _dated(looks: tuple[Look, ...], speaking: list[Look], reached: Severity) -> Look:
    verdict = next(look.verdict for look in reversed(looks) if look.verdict.severity == reached)
    return Look(speaking[0].at, verdict)


def _ahead(looks: tuple[Look, ...], reached: Verdict) -> tuple[Look, ...]:
    """Return the newest looks, all beyond what they confirmed: they count for the next step."""
    beyond = takewhile(lambda look: look.verdict.severity != reached.severity, reversed(looks))
    return tuple(beyond)[::-1]


def _still_contrary(run: Run, looks: tuple[Look, ...]) -> tuple[Look, ...]:
    """Keep the looks while any speaks against the run; a hard state remembers none."""
    if run.status is Status.UNKNOWN:
        return looks
    return looks if any(_is_contrary(look, run) for look in looks) else ()
