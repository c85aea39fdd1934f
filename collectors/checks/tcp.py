"""TCP (RFC 9293): whether anything accepts a connection on a port."""

import time
from datetime import UTC, datetime

from pydantic import BaseModel, Field

from collectors.base import Check
from collectors.observation import Measurement, Observation, Outcome
from collectors.target import Target
from collectors.web.connection import connected
from collectors.web.failure import WebFailure
from collectors.web.guarded import Allowance


class Params(BaseModel, extra="forbid", frozen=True):
    """Which port to connect to."""

    port: int = Field(default=80, ge=1, le=65_535)


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """Connect and hang up; `connect_s` is the time it took, the look-up of a name included."""
    at, began = datetime.now(UTC), time.monotonic()
    try:
        connected(target.host, params.port, Allowance(began + deadline_s, 0)).close()
    except WebFailure as failure:
        return Observation(target.id, CHECK.kind, at, failure.outcome, (), failure.detail)
    took = Measurement("connect_s", time.monotonic() - began)
    return Observation(target.id, CHECK.kind, at, Outcome.OK, (took,))


CHECK = Check(kind="tcp", params=Params, observe=observe)
