"""What alerts are made of: problems as they see them, and what a route says of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from netmon.domain.incidents import Audience
from netmon.domain.model import DeviceKind, Status

OWN_SIGHT = "netmon"
"""The subject of the problem that netmon itself sees nothing: it is no device and no place."""


class Severity(StrEnum):
    """How much a problem presses; what is down is critical, what is degraded a warning."""

    CRITICAL = "critical"
    WARNING = "warning"


class Happening(StrEnum):
    """
    Why a message is sent.

    Each group of problems is told as `problem` first and as `resolved` last; `changed` says
    that some of it ended, joined, grew worse or began to flap.
    """

    PROBLEM = "problem"
    CHANGED = "changed"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One broken promise as alerts see it.

    `key` is the incident's id, and stays what it was first told as. `kind` is None where a
    place is the subject; `owner` is the organisation of the place, empty where unknown;
    `affected` are ids of devices. `is_open_now` is None where nobody published the hours of the
    place. `silenced` where another tool alerts on it. `link` is a page about it, empty where
    there is none.

    `is_withdrawn` where it did not end and is no problem any more: the inventory changed, work
    was entered afterwards, or `explained_by` (the name of another problem's subject; empty
    where none) turned out to be the cause.
    """

    key: str
    subject_id: str
    subject_name: str
    place_id: str
    place_name: str
    is_street: bool
    kind: DeviceKind | None
    status: Status
    reason: str
    severity: Severity
    audience: Audience
    owner: str
    began_at: datetime
    ended_at: datetime | None = None
    affected: tuple[str, ...] = ()
    is_flapping: bool = False
    is_open_now: bool | None = None
    acknowledged_until: datetime | None = None
    silenced: bool = False
    link: str = ""
    is_withdrawn: bool = False
    explained_by: str = ""

    @property
    def is_over(self) -> bool:
        """Tell whether it is none any more."""
        return self.ended_at is not None or self.is_withdrawn


@dataclass(frozen=True, slots=True)
class Message:
    """
    What one route sends to its channels.

    `key` names the group of problems, the same from `problem` to `resolved`; `number` counts
    its messages from 1. `problems` are all of the group in their newest state: what ended
    since the last message is among them once.
    """

    key: str
    number: int
    happening: Happening
    route: str
    channels: tuple[str, ...]
    at: datetime
    problems: tuple[Problem, ...]

    @property
    def id(self) -> str:
        """Return what no other message has; a repeated delivery has it too."""
        return f"{self.key}/{self.number}"


class Undelivered(Exception):  # noqa: N818 - it says what happened; the next try may succeed
    """
    A channel did not take a message.

    Parameters
    ----------
    reason
        One clean line without secrets.
    is_final
        Whether trying again is of no use.
    retry_after_s
        How long the channel asks to be left alone, None where it does not say.
    """

    def __init__(
        self, reason: str, *, is_final: bool = False, retry_after_s: float | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.is_final, self.retry_after_s = reason, is_final, retry_after_s
