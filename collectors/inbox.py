"""Where checks that wait to be told find what was said: filled by the web side, read here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collectors.base import CannotAskError
from collectors.observation import Measurement, Outcome


class NoVerdictError(CannotAskError):
    """Nothing can be said of this device just now; it stays, or becomes, unknown."""


@dataclass(frozen=True, slots=True)
class Beat:
    """
    The newest heartbeat of a device, already read.

    `at` is when it was taken and never later than its arrival; `interval_s` is how often
    its sender means to beat; `outcome` and `detail` are what it says of the service.
    """

    at: datetime
    interval_s: float
    outcome: Outcome
    measurements: tuple[Measurement, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Listening:
    """From when until when, without a break, somebody listened for heartbeats."""

    since: datetime
    until: datetime


class Source(Protocol):
    """The memory of the receiver; each call may come from another thread."""

    def newest(self, device_id: str) -> Beat | None:
        """Return the newest heartbeat of a device, None where none ever came."""

    def listening(self) -> Listening | None:
        """Return when the receiver last listened, None where it never did."""


class Inbox:
    """What the check asks; connected to a source by whoever starts the collecting side."""

    def __init__(self) -> None:
        self._source: Source | None = None

    def connect(self, source: Source | None) -> None:
        """Read from this source from now on; None: from nowhere."""
        self._source = source

    @property
    def source(self) -> Source:
        """Return the source; raises `NoVerdictError` where there is none."""
        if self._source is None:
            raise NoVerdictError("heartbeats are not received: [heartbeats] names no secret")
        return self._source
