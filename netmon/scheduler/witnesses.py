"""Asks the witnesses of netmon's own sight: seldom while all is well, often while in doubt."""

from collections.abc import Iterable

from collectors.base import Check
from collectors.target import Target
from netmon.domain.state import Policy
from netmon.scheduler.duties import Duty

CALM_S = 60.0
DOUBT_S = 2.0
"""Two lost answers of every witness are known before any device can be sure."""

DEADLINE_S = 3.0


class Witnesses:
    """
    Whose turn it is, in seconds on the monotonic clock.

    Parameters
    ----------
    addresses
        None: there are no witnesses.
    check
        How they are asked: a ping. They are no devices, and nothing of them is recorded.
    """

    def __init__(self, addresses: Iterable[str], check: Check) -> None:
        self._check = check
        self._addresses = tuple(dict.fromkeys(addresses))
        self._away: set[str] = set()
        self._asked_s: dict[str, float] = {}

    def due(self, now_s: float, *, is_doubtful: bool) -> list[Duty]:
        """Return those to be asked now; none is asked twice at a time."""
        wait_s = DOUBT_S if is_doubtful else CALM_S
        due = [
            each
            for each in self._addresses
            if each not in self._away and now_s - self._asked_s.get(each, -CALM_S) >= wait_s
        ]
        self._away.update(due)
        self._asked_s.update(dict.fromkeys(due, now_s))
        return [self._duty(each) for each in due]

    def took_back(self, duty: Duty) -> bool:
        """Take back who was asked; False where that is no witness of ours."""
        if duty.check is not self._check or duty.target.id not in self._away:
            return False
        self._away.discard(duty.target.id)
        return True

    def _duty(self, address: str) -> Duty:
        params = self._check.params()
        return Duty(Target(address, address), self._check, params, DEADLINE_S, Policy())
