"""Alerts in a running netmon: every few seconds it is planned what is told, and it is sent."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from netmon.alerts.document import message_text, state_of, state_text
from netmon.alerts.message import Happening, Message, Problem
from netmon.alerts.plan import plan
from netmon.alerts.policy import Route
from netmon.alerts.sending import Sending
from netmon.alerts.state import NOTHING, State
from netmon.domain.intervals import epoch_s
from netmon.storage.connection import UNWRITABLE
from netmon.storage.outbox import OutboxWriter, Outgoing

logger = logging.getLogger(__name__)

TURN_S = 3.0
"""How often it is planned."""

LATE_AFTER_S = 60.0
"""Without a plan for so long, alerts do not work."""

STUCK_AFTER_S = 1800
"""What waits for so long waits for a channel that is broken."""


class AlertService:
    """
    Tells of problems until it is stopped; nothing of it is lost when it is killed.

    Parameters
    ----------
    outbox
        Where plans and messages are kept.
    problems
        Returns what is broken at an instant, and what ended within the last day.
    routes
        Returns the routes as they are at an instant.
    sending
        Sends what is kept; stopped with this.
    clock
        Tells the present instant.
    """

    def __init__(
        self,
        outbox: OutboxWriter,
        problems: Callable[[datetime], Sequence[Problem]],
        routes: Callable[[datetime], Sequence[Route]],
        sending: Sending,
        clock: Callable[[], datetime],
    ) -> None:
        self._outbox, self._problems, self._routes = outbox, problems, routes
        self._sending, self._clock = sending, clock
        self._state = _remembered(outbox)
        self._is_full = False
        self._planned_at: datetime | None = clock()

    def turn(self) -> None:
        """Plan what is told now, keep it, and let it be sent; returns without waiting for that."""
        at = self._clock()
        try:
            self._plan(at)
        except UNWRITABLE as error:
            if not self._is_full:
                logger.error("outbox: cannot be written, trying on: %s", error)  # noqa: TRY400 - the disk is full, not the code wrong
            self._is_full = True
        else:
            self._is_full = False
            self._planned_at = at
        self._sending.wake()

    def counts(self) -> Mapping[str, float]:
        """Return how many deliveries wait and how many failed within a day, by name."""
        waiting, failed = self._outbox.counts(epoch_s(self._clock()))
        return {"alerts_waiting": waiting, "alerts_failed": failed}

    def complaint(self) -> str:
        """Say in a few words what keeps people from being told, nothing where all is well."""
        at = self._clock()
        planned = self._planned_at
        if planned is None or abs((at - planned).total_seconds()) > LATE_AFTER_S:
            return "alerts are not planned"
        waits_since_s = self._outbox.oldest_waiting_s()
        is_stuck = waits_since_s is not None and epoch_s(at) - waits_since_s > STUCK_AFTER_S
        return "alerts wait that no channel takes" if is_stuck else ""

    def stop(self) -> None:
        """End, after the messages that are being sent."""
        self._sending.stop()

    def _plan(self, at: datetime) -> None:
        state, messages = plan(self._state, self._problems(at), at, self._routes(at))
        if state == self._state and not messages:
            return
        self._outbox.keep(state_text(state), [_outgoing(each) for each in messages])
        self._state = state
        for each in messages:
            logger.warning(
                "alert=%s route=%s key=%s problems=%d",
                each.happening,
                each.route,
                each.key,
                len(each.problems),
            )


def _remembered(outbox: OutboxWriter) -> State:
    text = outbox.state()
    if text is None:
        return NOTHING
    try:
        return state_of(text)
    except ValueError as error:
        # Better to tell what is broken once more than nothing from now on.
        logger.error("outbox: what was told cannot be read, beginning anew: %s", error)  # noqa: TRY400 - the file is wrong, not the code
        return NOTHING


def _outgoing(message: Message) -> Outgoing:
    return Outgoing(
        key=message.key,
        is_end=message.happening is Happening.RESOLVED,
        at_s=epoch_s(message.at),
        channels=message.channels,
        document=message_text(message),
    )
