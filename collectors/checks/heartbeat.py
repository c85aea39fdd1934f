"""Heartbeat: what the agent on a computer, or a probe on the public Wi-Fi, says of itself."""

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, Field

from collectors.base import Check
from collectors.inbox import Beat, Inbox, Listening, NoVerdictError
from collectors.observation import Observation, Outcome
from collectors.target import Target

INBOX = Inbox()
"""The inbox of this process; the wiring connects it to the desk."""

DEAF_AFTER = timedelta(seconds=60)
"""A receiver that has left no mark for so long does not listen."""

AHEAD = timedelta(seconds=60)
"""What is dated further in the future was so by a clock that was set back since."""


class Params(BaseModel, extra="forbid", frozen=True):
    """How many of the sender's own intervals may pass before its silence means something."""

    overdue_intervals: float = Field(default=2.5, gt=1, le=100)


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """
    Return the newest heartbeat at its own instant; the same one again changes nothing.

    A beat that is overdue while the receiver listened is a `timeout`, now. Raises
    `NoVerdictError` where none ever came, nobody listened for one, or the newest is of the future.
    """
    del deadline_s  # a look into our own file
    now = datetime.now(UTC)
    beat, listening = INBOX.source.newest(target.id), INBOX.source.listening()
    if beat is None:
        raise NoVerdictError(f"{target.id} has never sent a heartbeat: start `netmon agent` on it")
    if beat.at - now > AHEAD:
        raise NoVerdictError("our clock was set back: no verdict until the next heartbeat")
    patience = timedelta(seconds=params.overdue_intervals * beat.interval_s)
    if now - beat.at <= patience:
        return _said(target, beat)
    if _heard_for(listening, beat, now) <= patience:
        raise NoVerdictError("nobody has listened for heartbeats for long enough: no verdict")
    silent = f"no heartbeat for {(now - beat.at).total_seconds():.0f} s"
    return Observation(target.id, CHECK.kind, now, Outcome.TIMEOUT, (), silent)


def _said(target: Target, beat: Beat) -> Observation:
    return Observation(target.id, CHECK.kind, beat.at, beat.outcome, beat.measurements, beat.detail)


def _heard_for(listening: Listening | None, beat: Beat, now: datetime) -> timedelta:
    """Return how long nothing came although somebody listened, up to this moment."""
    if listening is None or abs(now - listening.until) > DEAF_AFTER:
        return timedelta()
    return now - max(beat.at, listening.since)


CHECK = Check(kind="heartbeat", params=Params, observe=observe)
