"""Names to addresses, within a deadline: the system's resolver has none of its own."""

import ipaddress
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout

from collectors.observation import Outcome
from collectors.snmp.engine import Patience, SnmpFailure

_RESOLVERS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolve")


def resolve(host: str, port: int, patience: Patience) -> str:
    """Return the address of `host`; raises `SnmpFailure` (dns) where there is none in time."""
    if _is_address(host):
        return host
    left_s = max(patience.until - time.monotonic(), 0)
    asked = _RESOLVERS.submit(socket.getaddrinfo, host, port, type=socket.SOCK_DGRAM)
    try:
        return str(asked.result(left_s)[0][4][0])
    except (socket.gaierror, UnicodeError) as error:
        raise SnmpFailure(Outcome.DNS, "the name has no address") from error
    except FutureTimeout as error:
        asked.cancel()
        raise SnmpFailure(Outcome.DNS, "the name server did not answer in time") from error


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
