"""
The thorough engine: pysnmp, some fifty times dearer, which reads what gufo-snmp cannot.

Its event loop lives in one thread of its own, started at the first question; at most
`IN_FLIGHT` questions wait at once, for beyond that it loses answers to its own time-outs.
"""

import asyncio
import logging
import threading
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import Future
from functools import cache
from typing import Any

from collectors.loop import shared
from collectors.observation import Outcome
from collectors.snmp.engine import Patience, Rows, SnmpFailure, Subtree, TooBig
from collectors.snmp.values import Value
from collectors.target import Community, SnmpCredentials, UsmUser

with warnings.catch_warnings():
    # Where pysmi is installed, pysnmp 7.1 asks it for a function by a deprecated name.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyasn1.error import PyAsn1Error
    from pyasn1.type.univ import ObjectIdentifier
    from pysnmp.entity.rfc3413 import cmdgen
    from pysnmp.error import PySnmpError
    from pysnmp.hlapi.v3arch import asyncio as api
    from pysnmp.hlapi.v3arch.asyncio.lcd import CommandGeneratorLcdConfigurator
    from pysnmp.proto import errind
    from pysnmp.proto.rfc1902 import IpAddress, Null, ObjectName, OctetString
    from pysnmp.proto.rfc1905 import EndOfMibView, NoSuchInstance, NoSuchObject, UnSpecified

logger = logging.getLogger(__name__)

IN_FLIGHT = 32

_GRACE_S = 0.2
_PYSNMP_TIMEOUT_S = 60
"""Beyond any of ours: its own clock ticks in half seconds, so the waiting is done here."""
_TARGETS = CommandGeneratorLcdConfigurator()
_TOO_BIG = 1
_NO_SUCH_NAME = 2
_ABSENT = (NoSuchObject, NoSuchInstance, EndOfMibView, UnSpecified)
_AUTH = {
    "": api.USM_AUTH_NONE,
    "md5": api.USM_AUTH_HMAC96_MD5,
    "sha1": api.USM_AUTH_HMAC96_SHA,
    "sha224": api.USM_AUTH_HMAC128_SHA224,
    "sha256": api.USM_AUTH_HMAC192_SHA256,
    "sha384": api.USM_AUTH_HMAC256_SHA384,
    "sha512": api.USM_AUTH_HMAC384_SHA512,
}
_PRIV = {"": api.USM_PRIV_NONE, "des": api.USM_PRIV_CBC56_DES, "aes128": api.USM_PRIV_CFB128_AES}
_AUTH_ERRORS = (
    errind.AuthenticationError,
    errind.AuthenticationFailure,
    errind.DecryptionError,
    errind.UnknownSecurityName,
    errind.UnknownUserName,
    errind.UnsupportedSecurityLevel,
    errind.WrongDigest,
)

Reply = tuple[Any, ...]
"""Error indication, error-status, error-index, bindings."""


class _Loop:
    """The event loop and its thread; there is one in the process."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(_unreadable)
        self.turns = asyncio.Semaphore(IN_FLIGHT)
        threading.Thread(target=self.loop.run_forever, name="pysnmp", daemon=True).start()


def _unreadable(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell in one line what pysnmp lets escape; a hostile device must not fill the log."""
    error = type(context.get("exception")).__name__
    logger.debug("pysnmp: %s: %s", str(context.get("message"))[:60], error)


@cache
def _the_loop() -> _Loop:
    return _Loop()


class PysnmpEngine:
    """An agent asked through pysnmp."""

    def __init__(self, address: str, port: int, credentials: SnmpCredentials) -> None:
        self._where = (address, port)
        self._auth = _auth(credentials)
        self._engine: api.SnmpEngine | None = None

    async def get(self, oids: Sequence[str], patience: Patience) -> dict[str, Value]:
        """See `Engine.get`."""
        found = await self._ask(cmdgen.GetCommandGenerator(), (_bindings(oids),), patience)
        return {oid: value for oid, value in found if value is not None}

    async def walk(
        self,
        root: str,
        max_repetitions: int,
        patience: Patience,
        at_most: int | None = None,
        expected: Sequence[str] = (),
    ) -> Rows:
        """See `Engine.walk`."""
        found, place = Subtree(root, at_most, expected), root
        while True:
            arguments = (0, max_repetitions, _bindings([place]))
            page = await self._ask(cmdgen.BulkCommandGenerator(), arguments, patience)
            goes_on = found.takes([(oid, value) for oid, value in page if value is not None])
            if not goes_on or page[-1][1] is None:
                return found.rows
            place = page[-1][0]

    def close(self) -> None:
        """See `Engine.close`."""
        engine, self._engine = self._engine, None
        if engine is not None:
            _the_loop().loop.call_soon_threadsafe(engine.close_dispatcher)

    async def _ask(
        self,
        generator: Any,  # noqa: ANN401 - a pysnmp object, untyped
        arguments: tuple[Any, ...],
        patience: Patience,
    ) -> list[tuple[str, Value | None]]:
        for ends_at in patience.attempts():
            question = self._in_turn(generator, arguments, ends_at)
            reply = asyncio.run_coroutine_threadsafe(question, _the_loop().loop)
            # Its loop ends the question at that instant; ours only waits to hear of it.
            if not await shared().finished(reply, ends_at + _GRACE_S):
                reply.cancel()
            elif (found := _result(reply, ends_at)) is not None:
                return _judged(found)
        raise SnmpFailure(Outcome.TIMEOUT, "no answer")

    async def _in_turn(
        self,
        generator: Any,  # noqa: ANN401 - a pysnmp object, untyped
        arguments: tuple[Any, ...],
        ends_at: float,
    ) -> Reply:
        async with asyncio.timeout(ends_at - time.monotonic()), _the_loop().turns:
            if self._engine is None:
                self._engine = api.SnmpEngine()
            kind = api.Udp6TransportTarget if ":" in self._where[0] else api.UdpTransportTarget
            target = await kind.create(self._where, timeout=_PYSNMP_TIMEOUT_S, retries=0)
            name, _ = _TARGETS.configure(self._engine, self._auth, target, b"")
            reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

            def answered(_engine: Any, _handle: Any, *found: Any) -> None:  # noqa: ANN401 - untyped
                if not reply.done():
                    reply.set_result(found[:4])

            generator.send_varbinds(self._engine, name, None, b"", *arguments, answered, None)
            return await reply


def _result(future: Future[Reply], ends_at: float) -> Reply | None:
    """Return the reply, None where none came until `ends_at`."""
    try:
        return future.result(max(ends_at - time.monotonic(), 0) + _GRACE_S)
    except TimeoutError:
        future.cancel()
        return None
    except (PySnmpError, PyAsn1Error, ValueError, OverflowError, OSError) as error:
        # Values out of their range have escaped pysnmp's own family of errors.
        raise TooBig(type(error).__name__) from error


def _judged(reply: Reply) -> list[tuple[str, Value | None]]:
    indication, status, _, found = reply
    if indication:
        raise _failure(indication)
    if int(status) == _TOO_BIG:
        raise TooBig("tooBig")
    if int(status) == _NO_SUCH_NAME:
        return []
    if int(status):
        raise SnmpFailure(Outcome.MALFORMED, f"the agent answered error-status {int(status)}")
    return [(str(name), _value(value)) for name, value in found]


def _failure(indication: object) -> Exception:
    if isinstance(indication, _AUTH_ERRORS):
        return SnmpFailure(Outcome.AUTH, "the agent refuses this user, pass phrase or community")
    if isinstance(indication, errind.EncryptionError):
        return SnmpFailure(Outcome.MALFORMED, "pysnmp cannot encrypt without `cryptography`")
    if isinstance(indication, errind.RequestTimedOut):
        return SnmpFailure(Outcome.TIMEOUT, "no answer")
    return TooBig(type(indication).__name__)


def _value(value: Any) -> Value | None:  # noqa: ANN401 - a pyasn1 object, untyped
    if isinstance(value, _ABSENT):
        return None
    if isinstance(value, IpAddress):
        return ".".join(map(str, value.asOctets()))
    if isinstance(value, OctetString):
        return bytes(value.asOctets())
    if isinstance(value, ObjectIdentifier):
        return str(value)
    try:
        return int(value)
    except (TypeError, ValueError):
        return bytes(value.asOctets()) if hasattr(value, "asOctets") else None


def _bindings(oids: Sequence[str]) -> list[Any]:
    """Return what is asked, without the MIB compiler that pysnmp's own comfort starts."""
    return [(ObjectName(oid), Null("")) for oid in oids]


def _auth(credentials: SnmpCredentials) -> Any:  # noqa: ANN401 - a pysnmp object, untyped
    if isinstance(credentials, Community):
        return api.CommunityData(credentials.value, mpModel=1)  # noqa: S508 - many agents know no v3
    return _usm(credentials)


def _usm(user: UsmUser) -> Any:  # noqa: ANN401 - a pysnmp object, untyped
    return api.UsmUserData(
        user.name,
        user.auth_passphrase or None,
        user.priv_passphrase or None,
        authProtocol=_AUTH[user.auth],
        privProtocol=_PRIV[user.priv],
    )
