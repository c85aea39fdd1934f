"""Messages out of the outbox are given to their channels, again and again until they take them."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from netmon.alerts.document import message_of
from netmon.alerts.message import Message, Undelivered
from netmon.domain.intervals import epoch_s
from netmon.storage.connection import UNWRITABLE
from netmon.storage.outbox import Delivery, OutboxWriter

logger = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 10.0, 900.0
"""Between tries: twice as long each time, a quarter of an hour at most."""

LEAST_TRIES = 5
"""A clock that jumps a day must not make one try the last."""

MOST_CHANNELS = 32
"""How many channels are written to at the same time; the others take turns."""


Deliver = Callable[[str, Message], None]
"""Gives a message to a channel by name; bounded in time; raises `Undelivered`."""


class Sending:
    """
    Sends what waits, each channel in a thread of its own: one that hangs holds no other.

    Parameters
    ----------
    outbox
        What waits; what became of it is kept there.
    deliver
        Gives one message to one channel.
    clock
        Tells the present instant.
    give_up_after_s
        How long a channel that does not take a message is tried.
    """

    def __init__(
        self,
        outbox: OutboxWriter,
        deliver: Deliver,
        clock: Callable[[], datetime],
        give_up_after_s: float,
    ) -> None:
        self._outbox, self._deliver, self._clock = outbox, deliver, clock
        self._give_up_after_s = give_up_after_s
        self._pool = ThreadPoolExecutor(MOST_CHANNELS, thread_name_prefix="alert")
        self._guard = threading.Lock()
        self._busy: set[str] = set()
        self._unsettled: dict[str, Callable[[], None]] = {}
        self._stopping = threading.Event()

    def wake(self) -> None:
        """Let every channel for which something waits be written to; returns at once."""
        for channel in self._outbox.channels():
            with self._guard:
                if channel in self._busy or self._stopping.is_set():
                    continue
                self._busy.add(channel)
            self._pool.submit(self._drain, channel)

    def stop(self) -> None:
        """End, after the messages that are being sent; the others wait for the next start."""
        with self._guard:
            self._stopping.set()
        self._pool.shutdown(wait=True)

    def _drain(self, channel: str) -> None:
        try:
            self._settle(channel)
            while not self._stopping.is_set():
                found = self._outbox.due(channel, epoch_s(self._clock()))
                if found is None:
                    break
                self._unsettled[channel] = self._sent(found)
                self._settle(channel)
        except UNWRITABLE as error:
            logger.info("channel=%s outbox cannot be written, next time: %s", channel, error)
        except Exception:
            # A bug of ours must not end alerts: the next turn tries again.
            logger.exception("channel=%s sending failed", channel)
        finally:
            with self._guard:
                self._busy.discard(channel)

    def _settle(self, channel: str) -> None:
        """
        Keep what became of the last message; nothing more is sent before that is kept.

        On a full disk the same message would else be sent again and again.
        """
        keep = self._unsettled.get(channel)
        if keep is not None:
            keep()
            del self._unsettled[channel]

    def _sent(self, each: Delivery) -> Callable[[], None]:
        """Try once; return how to keep what became of it."""
        try:
            self._deliver(each.channel, message_of(each.document))
        except Undelivered as error:
            return self._not_taken(each, error)
        except Exception as error:
            logger.exception("channel=%s message=%s: a bug", each.channel, each.number)
            return self._not_taken(each, Undelivered(type(error).__name__))
        logger.info("channel=%s message=%s key=%s delivered", each.channel, each.number, each.key)
        at_s = epoch_s(self._clock())
        return lambda: self._outbox.delivered(each, at_s)

    def _not_taken(self, each: Delivery, error: Undelivered) -> Callable[[], None]:
        at_s, tries = epoch_s(self._clock()), each.attempts + 1
        about = f"channel={each.channel} message={each.number} key={each.key} tries={tries}"
        is_late = tries >= LEAST_TRIES and at_s - each.at_s >= self._give_up_after_s
        if error.is_final or is_late:
            logger.error("%s given up: %s", about, error.reason)
            return lambda: self._outbox.failed(each, at_s, error.reason)
        logger.warning("%s not delivered: %s", about, error.reason)
        wait_s = max(wait_before(tries), error.retry_after_s or 0.0)
        return lambda: self._outbox.postponed(each, at_s, wait_s, error.reason)


def wait_before(tries: int) -> float:
    """Return the seconds between the last of so many tries and the next one."""
    return min(FIRST_WAIT_S * 2.0 ** min(tries - 1, 30), LONGEST_WAIT_S)
