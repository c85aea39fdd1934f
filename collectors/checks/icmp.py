"""ICMP echo (RFC 792, RFC 4443): whether the address answers at all, and how fast."""

import time
from datetime import UTC, datetime

from pydantic import BaseModel, Field, PositiveFloat

from collectors.base import CannotAskError
from collectors.concurrent_check import concurrent
from collectors.echo import echo
from collectors.observation import Measurement, Observation, Outcome
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.failures import check_route, from_errno
from collectors.snmp.resolve import resolve_in_loop
from collectors.target import Target

_NOT_ALLOWED = (
    "this process may not send ICMP: let net.ipv4.ping_group_range include its group, "
    "or give it CAP_NET_RAW"
)
_ANY_PORT = 7


class Params(BaseModel, extra="forbid", frozen=True):
    """How many packets to send, one after the other, and seconds to wait for each answer."""

    count: int = Field(default=1, ge=1, le=20)
    timeout_s: PositiveFloat = 1.0


async def look(target: Target, params: Params, deadline_s: float) -> Observation:
    """
    Ping one address.

    `rtt_s` is the mean over the packets that came back and absent where none did;
    `loss_ratio` is the share of those sent that did not. Raises `CannotAskError` where
    this process may not ping.
    """
    at = datetime.now(UTC)
    until = time.monotonic() + deadline_s
    try:
        address = await resolve_in_loop(target.host, _ANY_PORT, Patience(deadline_s, 0, until))
        times_s = await _ping(address, params, until)
    except SnmpFailure as failure:
        return Observation(target.id, "icmp", at, failure.outcome, (), failure.detail)
    except PermissionError as error:
        raise CannotAskError(_NOT_ALLOWED) from error
    return _observation(target.id, at, times_s)


async def _ping(address: str, params: Params, until: float) -> list[float | None]:
    """Return the round-trip time of each packet in seconds, None for one that is lost."""
    over = echo(is_ipv6=":" in address)
    times_s: list[float | None] = []
    while len(times_s) < params.count and (not times_s or time.monotonic() < until):
        try:
            times_s.append(await over.ping(address, params.timeout_s, until))
        except OSError as error:
            check_route(address, _ANY_PORT)
            raise from_errno(error.errno) from error
    if not any(times_s):
        check_route(address, _ANY_PORT)
    return times_s


def _observation(target: str, at: datetime, times_s: list[float | None]) -> Observation:
    back_s = [time_s for time_s in times_s if time_s is not None]
    lost = Measurement("loss_ratio", 1 - len(back_s) / len(times_s))
    if not back_s:
        return Observation(target, "icmp", at, Outcome.TIMEOUT, (lost,), "no answer")
    rtt = Measurement("rtt_s", sum(back_s) / len(back_s))
    return Observation(target, "icmp", at, Outcome.OK, (rtt, lost))


CHECK = concurrent("icmp", Params, look)
