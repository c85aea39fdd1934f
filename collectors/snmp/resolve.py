"""Names to addresses, within a deadline: the system's resolver has none of its own."""

import ipaddress
import socket
import time
from concurrent import futures
from functools import lru_cache, partial
from typing import Any

from collectors.loop import shared
from collectors.observation import Outcome
from collectors.snmp.engine import Patience, SnmpFailure

_RESOLVERS = futures.ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolve")
_KEPT_S = 86_400.0
"""How long an address is used on while no name server answers (RFC 8767 §5)."""
_PATIENT_S = 1.0
"""How long a name server is waited for where the last address is known."""
_MOST_KEPT = 8192


class _UnsureError(SnmpFailure):
    """No name server said anything, good or bad."""


class _Names:
    """The last address of each name, and since when it was the last."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, float]] = {}

    def last(self, host: str, now_s: float) -> str | None:
        """Return the address that a name had, None where that is not known or long ago."""
        address, at_s = self._known.get(host, (None, now_s))
        return address if now_s - at_s <= _KEPT_S else None

    def note(self, host: str, address: str, now_s: float) -> None:
        """Remember the address that a name has now."""
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[host] = address, now_s


_NAMES = _Names()


def resolve(host: str, port: int, patience: Patience) -> str:
    """Return the address of `host`; raises `SnmpFailure` (dns) where there is none in time."""
    if is_address(host):
        return host
    asked = _asked(host, port)
    futures.wait([asked], max(patience.until - time.monotonic(), 0))
    return _answer(asked)


async def resolve_in_loop(host: str, port: int, patience: Patience) -> str:
    """
    Do the same as `resolve` for a coroutine.

    While name servers are silent the last known address is returned: that they fail says
    nothing of the device. A name that is told not to exist has none.
    """
    if is_address(host):
        return host
    now = time.monotonic()
    last = _NAMES.last(host, now)
    asked = _asked(host, port)
    asked.add_done_callback(partial(_note, host))
    await shared().finished(
        asked, min(patience.until, now + _PATIENT_S) if last else patience.until
    )
    try:
        return _answer(asked)
    except _UnsureError:
        if last is None:
            raise
        return last


def _note(host: str, asked: "futures.Future[list[Any]]") -> None:
    """Remember an answer, also one that came too late for whoever asked."""
    if not asked.cancelled() and asked.exception() is None:
        _NAMES.note(host, _answer(asked), time.monotonic())


def _asked(host: str, port: int) -> "futures.Future[list[Any]]":
    return _RESOLVERS.submit(socket.getaddrinfo, host, port, type=socket.SOCK_DGRAM)


def _answer(asked: "futures.Future[list[Any]]") -> str:
    if not asked.done():
        asked.cancel()
        raise _UnsureError(Outcome.DNS, "the name server did not answer in time")
    try:
        return str(asked.result()[0][4][0])
    except (OSError, UnicodeError) as error:
        if getattr(error, "errno", None) == socket.EAI_AGAIN:
            raise _UnsureError(Outcome.DNS, "no name server answered") from error
        raise SnmpFailure(Outcome.DNS, "the name has no address") from error


@lru_cache(maxsize=8192)
def is_address(host: str) -> bool:
    """Say whether a host is given by its address, and not by a name that may move."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
