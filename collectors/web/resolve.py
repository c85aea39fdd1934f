"""Names to addresses, within a deadline: the system's resolver has none of its own."""

import ipaddress
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout

from collectors.observation import Outcome
from collectors.web.failure import WebFailure

_RESOLVERS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="web-resolve")


def addresses(host: str, until: float) -> tuple[str, ...]:
    """
    Return the addresses of `host`, those to try first in front; at least one.

    `until` is an instant of `time.monotonic()`. Raises `WebFailure` (dns) where there is none
    in time.
    """
    if _is_address(host):
        return (host,)
    asked = _RESOLVERS.submit(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM)
    try:
        found = asked.result(max(until - time.monotonic(), 0))
    except (OSError, UnicodeError) as error:
        if isinstance(error, FutureTimeout) and not asked.done():
            asked.cancel()
            detail = "the name server did not answer in time"
            raise WebFailure(Outcome.DNS, detail) from error
        raise WebFailure(Outcome.DNS, "the name has no address") from error
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
