"""Ask now: a notification of a device brings its next look forward, and does nothing else."""

import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from netmon.domain.model import Device

logger = logging.getLogger(__name__)

EVERY_S = 10.0
"""A device that sends many notifications is asked at most this often because of them."""

RESOLVE_EVERY_S = 600.0
"""How long the addresses of names are believed once a stranger has called."""

Hurry = Callable[[Iterable[str]], object]


class Notices:
    """
    Which devices an address stands for, and when each was last hurried.

    Parameters
    ----------
    hurry
        Brings forward the next look at these device ids; it must return at once.
    clock
        Seconds on a monotonic clock.
    """

    def __init__(self, hurry: Hurry, clock: Callable[[], float] = time.monotonic) -> None:
        self._hurry, self._clock = hurry, clock
        self._guard = threading.Lock()
        self._literal: dict[str, set[str]] = {}
        self._named: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}
        self._hurried: dict[str, float] = {}
        self._resolved_s = float("-inf")
        self._resolver = ThreadPoolExecutor(1, thread_name_prefix="notices")

    def know(self, devices: Iterable[Device]) -> None:
        """Take these devices for all there are; their names are resolved in the background."""
        literal: dict[str, set[str]] = {}
        names: dict[str, set[str]] = {}
        for device in devices:
            if not device.host:
                continue  # nothing asks it itself: its controller does
            address = _literal(device.host)
            into = names if address is None else literal
            into.setdefault(address or device.host, set()).add(device.id)
        with self._guard:
            self._literal, self._names, self._named = literal, names, {}
            known = set().union(*literal.values(), *names.values())
            self._hurried = {id_: at for id_, at in self._hurried.items() if id_ in known}
            self._resolve()

    def knows(self, address: str) -> bool:
        """Say whether an address is that of a device; asked for every datagram."""
        with self._guard:
            if address in self._literal or address in self._named:
                return True
            if self._names and self._clock() - self._resolved_s > RESOLVE_EVERY_S:
                self._resolve()
        return False

    def heard(self, address: str) -> None:
        """Hurry the devices at an address, but none twice within `EVERY_S`."""
        now_s = self._clock()
        with self._guard:
            ids = self._literal.get(address, set()) | self._named.get(address, set())
            due = sorted(id_ for id_ in ids if now_s - self._hurried.get(id_, -EVERY_S) >= EVERY_S)
            self._hurried.update(dict.fromkeys(due, now_s))
        if due:
            logger.info("notification from=%s hurried=%s", address, ",".join(due[:5]))
            self._hurry(due)

    def close(self) -> None:
        """End the thread that resolves names."""
        self._resolver.shutdown(wait=False, cancel_futures=True)

    def _resolve(self) -> None:
        """Have the names resolved; the caller holds the guard."""
        if self._names:
            self._resolved_s = self._clock()
            self._resolver.submit(self._resolve_all, self._names)

    def _resolve_all(self, names: Mapping[str, set[str]]) -> None:
        found: dict[str, set[str]] = {}
        for name, ids in names.items():
            for address in _addresses(name):
                found.setdefault(address, set()).update(ids)
        with self._guard:
            if self._names is names:  # otherwise another inventory is served by now
                self._named = found


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def _addresses(name: str) -> set[str]:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return set()
    return {str(each[4][0]).partition("%")[0] for each in found}
