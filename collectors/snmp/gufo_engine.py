"""
The fast engine: gufo-snmp, whose protocol is Rust, driven with our own clock.

Its blocking session waits anew after every datagram that is not the answer, so that a device
which keeps sending rubbish would hold a thread for ever. Hence its socket is made non-blocking
and the waiting is done in our loop, to one instant (ADR 2, ADR 13).
"""

import os
import select
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from gufo.snmp import (
    Aes128Key,
    DesKey,
    Md5Key,
    NoSuchInstance,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    SnmpAuthError,
    SnmpDecodeError,
    SnmpError,
    User,
)
from gufo.snmp._fast import GetIter, SnmpV2cClientSocket, SnmpV3ClientSocket

from collectors.loop import Readable
from collectors.observation import Outcome
from collectors.snmp.engine import Patience, Rows, SnmpFailure, Subtree, TooBig
from collectors.snmp.failures import from_errno
from collectors.snmp.values import Value
from collectors.target import Community, SnmpCredentials, UsmUser

T = TypeVar("T")

_AUTH = {
    "md5": Md5Key,
    "sha1": Sha1Key,
    "sha224": Sha224Key,
    "sha256": Sha256Key,
    "sha384": Sha384Key,
    "sha512": Sha512Key,
}
_PRIV = {"des": DesKey, "aes128": Aes128Key}
_BUFFER_BYTES = 65_536
_STRAYS = 256
"""Datagrams read for one question: a device that keeps talking past it gets no further hearing."""
_STALE_S = 120.0
"""RFC 3414 §2.2.3 allows an engine's clock to be 150 s off; after this the time is asked anew."""


class GufoEngine:
    """An agent asked through gufo-snmp."""

    def __init__(self, address: str, port: int, credentials: SnmpCredentials) -> None:
        where = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        self._socket: SnmpV2cClientSocket | SnmpV3ClientSocket
        self._user = _user(credentials) if isinstance(credentials, UsmUser) else None
        self._is_private = isinstance(credentials, UsmUser) and bool(credentials.priv)
        self._socket = (
            _v2c(where, credentials) if isinstance(credentials, Community) else _v3(where)
        )
        self._fd = self._socket.get_fd()
        os.set_blocking(self._fd, False)
        self._readable = Readable(self._fd, 0.0)
        self._is_keyed = False
        self._has_strayed = False
        self._was_read = False
        self._heard_at = float("-inf")

    async def get(self, oids: Sequence[str], patience: Patience) -> dict[str, Value]:
        """See `Engine.get`."""
        wanted = list(oids)
        sock = await self._ready(patience)
        found = await self._ask(partial(sock.send_get_many, wanted), sock.recv_get_many, patience)
        self._was_read = True
        return {oid: value for oid, value in found.items() if value is not None}

    async def walk(
        self,
        root: str,
        max_repetitions: int,
        patience: Patience,
        at_most: int | None = None,
        expected: Sequence[str] = (),
    ) -> Rows:
        """See `Engine.walk`."""
        sock = await self._ready(patience)
        found, place = Subtree(root, at_most, expected), GetIter(root, max_repetitions)
        send, receive = partial(sock.send_get_bulk, place), partial(sock.recv_get_bulk, place)
        while True:
            try:
                page = await self._ask(send, receive, patience)
            except (StopAsyncIteration, NoSuchInstance):
                return found.rows
            self._was_read = True
            if found.is_as_expected(page):
                return found.rows
            rows = [(oid, value) for oid, value in filter(None, page) if value is not None]
            if not found.takes(rows) or page[-1] is None:
                return found.rows

    def close(self) -> None:
        """See `Engine.close`; the descriptor goes with the session that holds it."""
        del self._socket

    async def _ready(self, patience: Patience) -> SnmpV2cClientSocket | SnmpV3ClientSocket:
        """Learn the agent's engine and clock (RFC 3414 §4) where there is no fresh knowledge."""
        sock = self._socket
        if self._user is None or isinstance(sock, SnmpV2cClientSocket):
            return sock
        if not self._is_keyed:
            await self._ask(sock.send_refresh, sock.recv_refresh, patience)
            user = self._user
            sock.set_keys(
                user.name,
                user.get_auth_alg(),
                user.get_auth_key(),
                user.get_priv_alg(),
                user.get_priv_key(),
            )
            self._is_keyed = True
            self._heard_at = float("-inf")
        if time.monotonic() - self._heard_at > _STALE_S and self._user.require_auth():
            await self._ask(sock.send_refresh, sock.recv_refresh, patience)
        return sock

    async def _ask(
        self, send: Callable[[], None], receive: Callable[[], T], patience: Patience
    ) -> T:
        self._has_strayed = False
        try:
            for ends_at in patience.attempts():
                _sent(send)
                for _ in range(_STRAYS):
                    self._readable.until = ends_at
                    events = await self._readable
                    if not events:
                        break
                    self._raise_icmp(events)
                    try:
                        answer = receive()
                    except BlockingIOError:  # it answered an earlier question
                        self._has_strayed = True
                        continue
                    self._heard_at = time.monotonic()
                    return answer
        except (StopAsyncIteration, NoSuchInstance):
            raise
        except BaseException as error:
            raise _meant(error) from error
        raise self._silence()

    def _raise_icmp(self, events: int) -> None:
        """Raise what ICMP reported: gufo-snmp would take it for silence."""
        if events & select.EPOLLERR:
            with socket.socket(fileno=os.dup(self._fd)) as probe:
                code = probe.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            raise OSError(code, os.strerror(code))

    def _silence(self) -> SnmpFailure:
        """
        Tell a device that is silent from one that cannot read us (RFC 3414 §3.2).

        With another privacy pass phrase it does not answer at all (step 8). One that restarted,
        or was replaced, reports that our clock or its name is wrong, of which gufo-snmp says no
        more than of a datagram that is not for us: it has to be met anew.
        """
        is_unread = self._has_strayed or (not self._was_read and self._is_private)
        if self._is_keyed and is_unread:
            return SnmpFailure(Outcome.AUTH, "it answers, but not to us: wrong privacy pass phrase")
        return SnmpFailure(Outcome.TIMEOUT, "no answer")


def _sent(send: Callable[[], None]) -> None:
    """Send; what ICMP said of an earlier question comes up here, once, and is no word of now."""
    try:
        send()
    except OSError:
        send()


def _meant(error: BaseException) -> BaseException:
    """
    Return what an error stands for: `SnmpFailure`, or `TooBig` for what cannot be read.

    Rubbish makes the Rust decoder raise more than its own errors: a panic, which no `except
    Exception` would catch, and for a value that it cannot turn into one of Python's a
    `RuntimeError` or `ValueError`. All else is a bug and stays what it is.
    """
    if isinstance(error, OSError):
        return from_errno(error.errno)
    if isinstance(error, SnmpAuthError):
        return SnmpFailure(Outcome.AUTH, "the agent refuses this user, pass phrase or community")
    if isinstance(error, SnmpDecodeError):
        return TooBig(str(error))
    if isinstance(error, SnmpError):
        return SnmpFailure(Outcome.MALFORMED, f"the agent answered {error}")
    is_rubbish = isinstance(error, RuntimeError | ValueError | OverflowError)
    is_panic = type(error).__name__ == "PanicException"
    return TooBig("rubbish") if is_rubbish or is_panic else error


def _v2c(where: str, community: Community) -> SnmpV2cClientSocket:
    return SnmpV2cClientSocket(where, community.value, 0, 0, _BUFFER_BYTES, 0)


def _v3(where: str) -> SnmpV3ClientSocket:
    nobody = User.default()
    return SnmpV3ClientSocket(
        where,
        b"",
        nobody.name,
        nobody.get_auth_alg(),
        nobody.get_auth_key(),
        nobody.get_priv_alg(),
        nobody.get_priv_key(),
        0,
        0,
        _BUFFER_BYTES,
        0,
    )


def _user(user: UsmUser) -> User:
    try:
        return User(
            user.name,
            auth_key=_AUTH[user.auth](user.auth_passphrase.encode()) if user.auth else None,
            priv_key=_PRIV[user.priv](user.priv_passphrase.encode()) if user.priv else None,
        )
    except (KeyError, ValueError) as error:
        raise SnmpFailure(Outcome.AUTH, f"unusable SNMPv3 protocols: {error}") from error
