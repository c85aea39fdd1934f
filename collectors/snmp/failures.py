"""How a socket's error becomes an outcome."""

import errno
import os
import socket

from collectors.base import CannotAskError
from collectors.observation import Outcome
from collectors.snmp.engine import SnmpFailure

_OUTCOMES = {
    errno.ECONNREFUSED: Outcome.REFUSED,
    errno.ENETUNREACH: Outcome.NO_ROUTE,
    errno.EHOSTUNREACH: Outcome.NO_ROUTE,
    errno.ENETDOWN: Outcome.NO_ROUTE,
    errno.EHOSTDOWN: Outcome.NO_ROUTE,
    errno.EADDRNOTAVAIL: Outcome.NO_ROUTE,
    errno.EAFNOSUPPORT: Outcome.NO_ROUTE,
    errno.EACCES: Outcome.NO_ROUTE,
    errno.EINVAL: Outcome.NO_ROUTE,
}

_OURS = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.ENOSPC, errno.EPERM}
)
"""What this machine lacks, or its own firewall forbids: no word of the device."""

_WORDS = {
    Outcome.REFUSED: "nothing listens on that UDP port",
    Outcome.NO_ROUTE: "no route to the address",
}


def from_errno(code: int | None) -> SnmpFailure:
    """
    Return the failure that an error of a socket stands for; `code` None is unknown.

    Raises `CannotAskError` where the fault is this machine's own.
    """
    if code in _OURS:
        raise CannotAskError(f"this machine cannot send: {os.strerror(code or 0)}")
    outcome = _OUTCOMES.get(code or 0, Outcome.TIMEOUT)
    return SnmpFailure(outcome, _WORDS.get(outcome) or os.strerror(code or errno.EIO))


def check_route(address: str, port: int) -> None:
    """Raise `SnmpFailure` where the kernel knows no way to `address`; sends nothing."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as trial:
            trial.connect((address, port))
    except OSError as error:
        raise from_errno(error.errno) from error
