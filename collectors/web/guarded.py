"""Sockets that end: one deadline cuts every wait, one allowance every answer."""

import socket
import ssl
import time
from typing import TYPE_CHECKING

from collectors.observation import Outcome
from collectors.web.failure import WebFailure, out_of_time

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


class Allowance:
    """
    What one exchange may cost: `until` is an instant of `time.monotonic()`.

    A time-out per read is no deadline: who sends one byte a second never exceeds it.
    """

    __slots__ = ("_bytes_left", "until")

    def __init__(self, until: float, max_bytes: int) -> None:
        self.until = until
        self._bytes_left = max_bytes

    def left_s(self) -> float:
        """Return the seconds that are left, more than none; raises `WebFailure` (timeout)."""
        left_s = self.until - time.monotonic()
        if left_s <= 0:
            raise out_of_time()
        return left_s

    def take(self, received: int) -> int:
        """Count bytes that came in; raises `WebFailure` (malformed) where they are too many."""
        self._bytes_left -= received
        if self._bytes_left < 0:
            raise WebFailure(Outcome.MALFORMED, "the answer is longer than it may be")
        return received


class GuardedSocket(socket.socket):
    """A TCP socket with an allowance; set `allowance` before it is used."""

    allowance: Allowance

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int | None = 0, flags: int = 0) -> int:
        """Receive; raises `WebFailure` where time or bytes run out."""
        self.settimeout(self.allowance.left_s())
        return self.allowance.take(super().recv_into(buffer, nbytes or 0, flags))

    def send(self, data: "ReadableBuffer", flags: int = 0) -> int:
        """Send what fits; raises `WebFailure` where time runs out."""
        self.settimeout(self.allowance.left_s())
        return super().send(data, flags)

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        """Send all of it; raises `WebFailure` where time runs out."""
        self.settimeout(self.allowance.left_s())
        super().sendall(data, flags)


class GuardedTlsSocket(GuardedSocket, ssl.SSLSocket):
    """The same over TLS; `ssl` makes it (`SSLContext.sslsocket_class`)."""
