"""Names to addresses, within a deadline: the system's resolver has none of its own."""

import ipaddress
import socket
import time
from concurrent import futures
from functools import lru_cache
from typing import Any

from collectors.loop import shared
from collectors.observation import Outcome
from collectors.snmp.engine import Patience, SnmpFailure

_RESOLVERS = futures.ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolve")


def resolve(host: str, port: int, patience: Patience) -> str:
    """Return the address of `host`; raises `SnmpFailure` (dns) where there is none in time."""
    if is_address(host):
        return host
    asked = _asked(host, port)
    futures.wait([asked], max(patience.until - time.monotonic(), 0))
    return _answer(asked)


async def resolve_in_loop(host: str, port: int, patience: Patience) -> str:
    """Do the same as `resolve` for a coroutine."""
    if is_address(host):
        return host
    asked = _asked(host, port)
    await shared().finished(asked, patience.until)
    return _answer(asked)


def _asked(host: str, port: int) -> "futures.Future[list[Any]]":
    return _RESOLVERS.submit(socket.getaddrinfo, host, port, type=socket.SOCK_DGRAM)


def _answer(asked: "futures.Future[list[Any]]") -> str:
    if not asked.done():
        asked.cancel()
        raise SnmpFailure(Outcome.DNS, "the name server did not answer in time")
    try:
        return str(asked.result()[0][4][0])
    except (OSError, UnicodeError) as error:
        raise SnmpFailure(Outcome.DNS, "the name has no address") from error


@lru_cache(maxsize=8192)
def is_address(host: str) -> bool:
    """Say whether a host is given by its address, and not by a name that may move."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
