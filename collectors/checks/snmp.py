"""SNMP: what a device says of itself (RFC 3416, RFC 3414)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import BaseModel, Field, PositiveFloat

from collectors.concurrent_check import ConcurrentCheck, concurrent
from collectors.observation import Observation, Outcome
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.library import Library, bundled
from collectors.snmp.session import Sessions
from collectors.target import Target

SESSIONS = Sessions()
"""The sessions of every device that this process polls."""


class Params(BaseModel, extra="forbid", frozen=True):
    """How patient to be: seconds to wait for a reply, and how often to ask again."""

    timeout_s: PositiveFloat = 2.0
    retries: int = Field(default=1, ge=0, le=10)


def reading_with(library: Callable[[], Library]) -> ConcurrentCheck:
    """Return the check that knows the devices of a library."""

    async def look(target: Target, params: Params, deadline_s: float) -> Observation:
        """Poll one device; whatever the network does is an outcome."""
        at = datetime.now(UTC)
        until = time.monotonic() + deadline_s
        patience = Patience(params.timeout_s, params.retries, until)
        try:
            async with SESSIONS.of(target, until) as session:
                seen = await session.look(target, library(), patience)
        except SnmpFailure as failure:
            return Observation(target.id, "snmp", at, failure.outcome, (), failure.detail)
        return Observation(
            target.id,
            "snmp",
            at,
            Outcome.OK,
            seen.measurements,
            sightings=seen.sightings,
            # An error-status looks like an empty table (ADR 2): of that nothing is concluded.
            lists_all=seen.lists_all,
        )

    return concurrent("snmp", Params, look, SESSIONS.retain)


CHECK = reading_with(bundled)
