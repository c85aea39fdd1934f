"""What netmon and the process that runs Apprise say to each other: one JSON line each way."""

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class AppriseRequest:
    """
    One message for one address.

    `tone` is Apprise's word for how it looks (`failure warning success info`). `delivery_id`
    and `thread` are for media that have headers; empty is none. `attachments` are paths.
    """

    url: str
    subject: str
    body: str
    tone: str = "info"
    delivery_id: str = ""
    thread: str = ""
    attachments: tuple[str, ...] = ()
    timeout_s: float = 30.0

    def line(self) -> str:
        """Return the request as it goes through the pipe; never through arguments, which show."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, line: str) -> Self:
        """Read what `line` wrote."""
        fields = json.loads(line)
        return cls(**{**fields, "attachments": tuple(fields["attachments"])})


@dataclass(frozen=True, slots=True)
class AppriseAnswer:
    """Whether it was taken; `reason` is empty then, and one clean line otherwise."""

    reason: str

    def line(self) -> str:
        """Return the answer as it goes through the pipe."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, line: str) -> Self:
        """Read what `line` wrote."""
        return cls(**json.loads(line))
