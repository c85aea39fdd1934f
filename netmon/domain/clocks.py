"""Two clocks: the wall clock dates what is seen, the running clock says how long it really took."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from netmon.domain.state import Run

STEP_S = 2.0
"""A wall clock that moved by more than this against the running one was set."""

AHEAD_S = 300
"""A date that is further ahead of the wall clock is refused; a nearer one counts as now."""


@dataclass(frozen=True, slots=True)
class Reading:
    """
    Both clocks at one moment.

    `wall` is aware, in UTC, and may be set at any time; `running_s` only ever counts, also
    while the machine sleeps, from an instant that means nothing.
    """

    wall: datetime
    running_s: float


def step_between(before: Reading, after: Reading) -> timedelta:
    """Return by how much the wall clock was set, negative for back; zero for what is no step."""
    step = after.wall - before.wall - timedelta(seconds=after.running_s - before.running_s)
    return step if abs(step.total_seconds()) > STEP_S else timedelta()


def set_forward(run: Run, step: timedelta) -> Run:
    """
    Return an open run as it stands after the wall clock was set forward by `step`.

    Nobody was silent in the hour that the clock left out. What is not recorded yet, the looks
    that speak against the run, is dated by the clock as it is now.
    """
    recent = tuple(replace(look, at=look.at + step) for look in run.recent)
    return replace(run, last_at=run.last_at + step, recent=recent)
