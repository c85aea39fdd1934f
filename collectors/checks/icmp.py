"""ICMP echo (RFC 792, RFC 4443): whether the address answers at all, and how fast."""

import asyncio
import time
from datetime import UTC, datetime

from gufo.ping import Ping, SelectionPolicy
from pydantic import BaseModel, Field, PositiveFloat

from collectors.base import CannotAskError, Check
from collectors.observation import Measurement, Observation, Outcome
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.failures import check_route
from collectors.snmp.resolve import resolve
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


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """
    Ping one address.

    `rtt_s` is the mean over the packets that came back and absent where none did;
    `loss_ratio` is the share of those sent that did not. Raises `CannotAskError` where
    this process may not ping.
    """
    at = datetime.now(UTC)
    until = time.monotonic() + deadline_s
    try:
        address = resolve(target.host, _ANY_PORT, Patience(deadline_s, 0, until))
        check_route(address, _ANY_PORT)
        times_s = asyncio.run(_ping(address, params, until))
    except SnmpFailure as failure:
        return Observation(target.id, CHECK.kind, at, failure.outcome, (), failure.detail)
    except PermissionError as error:
        raise CannotAskError(_NOT_ALLOWED) from error
    except OSError as error:
        return Observation(target.id, CHECK.kind, at, Outcome.NO_ROUTE, (), str(error))
    return _observation(target.id, at, times_s)


async def _ping(address: str, params: Params, until: float) -> list[float | None]:
    """Return the round-trip time of each packet in seconds, None for one that is lost."""
    # Datagram sockets need no privilege where the kernel allows them; raw ones do.
    ping = Ping(policy=SelectionPolicy.DGRAM_RAW, timeout=params.timeout_s)
    times_s: list[float | None] = []
    while len(times_s) < params.count and (not times_s or time.monotonic() < until):
        wait_s = min(params.timeout_s, until - time.monotonic())
        try:
            times_s.append(await asyncio.wait_for(ping.ping(address), wait_s))
        except TimeoutError:
            times_s.append(None)
    return times_s


def _observation(target: str, at: datetime, times_s: list[float | None]) -> Observation:
    back_s = [time_s for time_s in times_s if time_s is not None]
    lost = Measurement("loss_ratio", 1 - len(back_s) / len(times_s))
    if not back_s:
        return Observation(target, CHECK.kind, at, Outcome.TIMEOUT, (lost,), "no answer")
    rtt = Measurement("rtt_s", sum(back_s) / len(back_s))
    return Observation(target, CHECK.kind, at, Outcome.OK, (rtt, lost))


CHECK = Check(kind="icmp", params=Params, observe=observe)
