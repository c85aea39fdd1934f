"""SNMP: what a device says of itself (RFC 3416, RFC 3414)."""

import time
from datetime import UTC, datetime

from pydantic import BaseModel, Field, PositiveFloat

from collectors.base import Check
from collectors.observation import Observation, Outcome
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.library import bundled
from collectors.snmp.measurements import measurements
from collectors.snmp.session import Sessions
from collectors.target import Target

SESSIONS = Sessions()
"""The sessions of every device that this process polls."""


class Params(BaseModel, extra="forbid", frozen=True):
    """How patient to be: seconds to wait for a reply, and how often to ask again."""

    timeout_s: PositiveFloat = 2.0
    retries: int = Field(default=1, ge=0, le=10)


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """Poll one device; whatever the network does is an outcome."""
    at = datetime.now(UTC)
    until = time.monotonic() + deadline_s
    try:
        with SESSIONS.of(target, until) as session:
            reading = session.read(
                target, bundled(), Patience(params.timeout_s, params.retries, until)
            )
    except SnmpFailure as failure:
        return Observation(target.id, CHECK.kind, at, failure.outcome, (), failure.detail)
    return Observation(target.id, CHECK.kind, at, Outcome.OK, measurements(reading))


CHECK = Check(kind="snmp", params=Params, observe=observe)
