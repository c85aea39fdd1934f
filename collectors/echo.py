"""
ICMP echo (RFC 792, RFC 4443) for every device over one socket a family of addresses.

gufo-ping's socket is used without its asyncio face: it writes and reads packets in Rust, and
our loop waits (ADR 13).
"""

import time
from functools import cache
from typing import Any, cast

from gufo.ping._fast import PS_DGRAM_RAW, PS_IPV4, PS_IPV6, SocketWrapper

from collectors.base import CannotAskError
from collectors.loop import Loop, Signal, shared

_PACKET_BYTES = 64
_BUFFER_BYTES = 1 << 20
_FORGET_S = 60.0
"""After this gufo-ping forgets a packet; whoever waited for it has given up long before."""
_BURST = 16
"""Packets sent before answers are read: a socket holds some 250 of them."""
_PAUSE_S = 0.02
_IS_FULL = "this machine keeps back what it should send: too many addresses have no neighbour"
_NS = 1e-9


class _Reply(Signal):
    """The answer to one packet; `rtt_s` is None until it is there."""

    __slots__ = ("rtt_s",)

    def __init__(self, loop: Loop) -> None:
        super().__init__(loop)
        self.rtt_s: float | None = None


class Echo:
    """The packets under way of one family; used in the loop's thread."""

    def __init__(self, loop: Loop, *, is_ipv6: bool) -> None:
        # Datagram sockets need no privilege where the kernel allows them; raw ones do.
        policy = PS_DGRAM_RAW + (PS_IPV6 if is_ipv6 else PS_IPV4)
        # Its stub tells of neither `clean_ip` nor of what `send` returns.
        self._socket = cast("Any", SocketWrapper(policy, int(_FORGET_S / _NS), coarse=False))
        self._socket.set_recv_buffer_size(_BUFFER_BYTES)
        self._socket.set_send_buffer_size(_BUFFER_BYTES)
        self._loop = loop
        self._is_ipv6 = is_ipv6
        self._replies: dict[int, _Reply] = {}
        self._sent = 0
        loop.watch(self._socket.get_fd(), self._read)

    async def ping(self, address: str, timeout_s: float, until: float) -> float | None:
        """
        Return the round-trip time in seconds, None for no answer within `timeout_s`.

        Nothing outlasts `until`, an instant of `time.monotonic()`. Raises `OSError` where the
        packet could not be sent, and `CannotAskError` where there was never room for it.
        """
        number = await self._sent_in_time(self._clean(address), until)
        reply = self._replies[number] = _Reply(self._loop)
        if not await reply.wait(min(time.monotonic() + timeout_s, until)):
            self._read()  # busy with others, the loop may be late: look once more
            self._replies.pop(number, None)
        return reply.rtt_s

    def _clean(self, address: str) -> str:
        return str(self._socket.clean_ip(address)) if self._is_ipv6 else address

    async def _sent_in_time(self, address: str, until: float) -> int:
        """Send, as soon as there is room: packets to the dead of a street fill the socket."""
        while True:
            try:
                return self._send(address)
            except BlockingIOError as error:
                now = time.monotonic()
                if now + _PAUSE_S >= until:
                    raise CannotAskError(_IS_FULL) from error
            await Signal(self._loop).wait(now + _PAUSE_S)

    def _send(self, address: str) -> int:
        self._sent += 1
        if self._sent % _BURST == 0:
            self._read()
        number: int = self._socket.send(address, _PACKET_BYTES)
        return number

    def _read(self) -> None:
        for number, rtt_ns in (self._socket.recv() or {}).items():
            reply = self._replies.pop(number, None)
            if reply is not None and rtt_ns:
                reply.rtt_s = rtt_ns * _NS
                reply.happen()


@cache
def echo(*, is_ipv6: bool) -> Echo:
    """Return the socket of this process; raises `PermissionError` where it may have none."""
    return Echo(shared(), is_ipv6=is_ipv6)
