"""
Traps and informs (SNMPv2c, v3): a listener that says who called, and nothing of what they said.

A notification is UDP from anyone: it may be forged, old, or lost. It is a reason to ask its
sender at once, never an answer. What is not let in costs a few microseconds and no memory.
"""

import asyncio
import ipaddress
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from collectors.notifications.allowance import Allowance, Rate
from collectors.notifications.engine import Heard, NotificationEngine
from collectors.target import SnmpCredentials

EACH = Rate(per_s=5, burst=20)
TOGETHER = Rate(per_s=50, burst=200)
"""Decoding one takes a millisecond or two: at most a tenth of a core is spent on it."""

COUNTS = ("heard", "unknown_sender", "refused", "malformed", "dropped")
_START_S = 10.0
_ROOM_BYTES = 1 << 20
"""What the kernel keeps of a flood while one datagram is decoded, if it may."""


class Listener:
    """
    Listens for notifications in a thread of its own until it is closed.

    Parameters
    ----------
    host, port
        Where to listen; port 0 takes a free one. Raises `OSError` where that cannot be had.
    credentials
        By name, the communities and users whose notifications are believed. A v3 trap comes
        with the engine id of its sender, which is learnt from the first that is authentic.
    heard
        Is called in the listener's thread with the sender's address, for each notification
        that is authentic; it must return at once.
    knows
        Says of an address whether anything from it is worth decoding; others are counted as
        `unknown_sender`. None: every sender is.
    """

    def __init__(
        self,
        host: str,
        port: int,
        credentials: Mapping[str, SnmpCredentials],
        heard: Callable[[str], None],
        *,
        knows: Callable[[str], bool] | None = None,
    ) -> None:
        self._heard, self._knows = heard, knows
        self._counts: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
        self._allowance = Allowance(EACH, TOGETHER, time.monotonic())
        self._socket = _bound(host, port)
        self.port = int(self._socket.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="notifications", daemon=True)
        self._thread.start()
        opening = self._open(tuple(credentials.values()))
        try:
            asyncio.run_coroutine_threadsafe(opening, self._loop).result(_START_S)
        except BaseException:
            self._end()
            self._socket.close()
            raise

    def counts(self) -> Mapping[str, int]:
        """
        Return what became of the datagrams so far, by `COUNTS`.

        `heard` were authentic; `unknown_sender` came from an address that is nobody's;
        `refused` had a wrong community, user or pass phrase; `malformed` were none;
        `dropped` were too many. A v3 sender's questions for our engine are not counted.
        """
        return MappingProxyType({name: self._counts[name] for name in COUNTS})

    def close(self) -> None:
        """Stop listening, and end the thread; may be called twice."""
        if not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(_START_S)
            self._end()

    def take(self, datagram: bytes, address: tuple[Any, ...]) -> None:
        """Judge one datagram; the listener's own thread alone calls this."""
        sender = plain_address(str(address[0]))
        if self._knows is not None and not self._knows(sender):
            self._counts["unknown_sender"] += 1
        elif not self._allowance.admits(sender, time.monotonic()):
            self._counts["dropped"] += 1
        else:
            what = self._engine.receive(datagram, address)
            if what is not Heard.HANDSHAKE:
                self._counts[what.value] += 1
            if what is Heard.HEARD:
                self._heard(sender)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _open(self, credentials: tuple[SnmpCredentials, ...]) -> None:
        self._engine = NotificationEngine(credentials, self._loop, self._send)
        self._transport, _ = await self._loop.create_datagram_endpoint(
            lambda: _Door(self.take), sock=self._socket
        )

    async def _shut(self) -> None:
        self._transport.close()
        self._engine.close()
        await asyncio.sleep(0)  # asyncio closes the socket in its next turn

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_S)
        self._loop.close()

    def _send(self, datagram: bytes, address: tuple[Any, ...]) -> None:
        self._transport.sendto(datagram, address)


class _Door(asyncio.DatagramProtocol):
    """Where datagrams come in."""

    def __init__(self, take: Callable[[bytes, tuple[Any, ...]], None]) -> None:
        self._take = take

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Hand a datagram on."""
        self._take(data, addr)

    def error_received(self, exc: Exception) -> None:
        """Ignore that an answer could not be delivered: who asked is gone."""


def plain_address(address: str) -> str:
    """Return an address as the inventory writes it: IPv4 where it is mapped, no zone."""
    plain = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(plain, "ipv4_mapped", None)
    return str(mapped or plain)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_DGRAM)
    try:
        taken.setblocking(False)  # noqa: FBT003 - the socket's own signature
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM_BYTES)
        taken.bind((host, port))
    except BaseException:
        taken.close()
        raise
    return taken
