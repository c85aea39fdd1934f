"""Names to addresses, within a deadline: the system's resolver has none of its own."""

import ipaddress
import socket
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout

from collectors.observation import Outcome
from collectors.web.failure import WebFailure

_AT_ONCE = threading.BoundedSemaphore(16)
"""Look-ups under way: a dead name server holds each for half a minute."""

_LATE = "the name server did not answer in time"
_UNKNOWN = "no name server could say whether the name has an address"
_NONE = "the name has no address"


def addresses(host: str, until: float) -> tuple[str, ...]:
    """
    Return the addresses of `host`, those to try first in front; at least one.

    `until` is an instant of `time.monotonic()`. Raises `WebFailure` (dns) where there is none
    in time.
    """
    if _is_address(host):
        return (host,)
    if not _AT_ONCE.acquire(timeout=max(until - time.monotonic(), 0)):
        raise WebFailure(Outcome.DNS, _LATE)
    found: Future[tuple[str, ...]] = Future()
    # A thread that is not waited for: neither at the deadline nor when the process stops.
    threading.Thread(target=_look_up, args=(host, found), daemon=True).start()
    try:
        return found.result(max(until - time.monotonic(), 0))
    except FutureTimeout as error:
        raise WebFailure(Outcome.DNS, _LATE) from error
    except (OSError, UnicodeError) as error:
        is_unknown = getattr(error, "errno", None) == socket.EAI_AGAIN
        raise WebFailure(Outcome.DNS, _UNKNOWN if is_unknown else _NONE) from error


def _look_up(host: str, found: "Future[tuple[str, ...]]") -> None:
    try:
        rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        found.set_result(tuple(dict.fromkeys(str(address[0]) for *_, address in rows)))
    except BaseException as error:  # noqa: BLE001 - whoever waits raises it
        found.set_exception(error)
    finally:
        _AT_ONCE.release()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
