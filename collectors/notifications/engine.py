"""
The SNMP engine behind the listener: pysnmp, fed one datagram at a time.

It belongs to one event loop, and every call is made there. v3 keys are localised: those of an
inform to our engine, those of a trap to its sender's (RFC 3414 §2.6). So a user is first
known for our engine alone; the first authentic trap of another engine adds it there, too.
"""

import asyncio
import os
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from collectors.notifications.allowance import Bucket, Rate
from collectors.snmp.pysnmp_engine import _AUTH, _PRIV
from collectors.target import Community, SnmpCredentials, UsmUser

with warnings.catch_warnings():
    # Where pysmi is installed, pysnmp 7.1 asks it for a function by a deprecated name.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyasn1.codec.ber.decoder import decode
    from pyasn1.type.univ import OctetString
    from pysnmp.carrier.asyncio.dgram.udp import DOMAIN_NAME
    from pysnmp.carrier.base import AbstractTransportDispatcher
    from pysnmp.entity import config
    from pysnmp.entity.engine import SnmpEngine
    from pysnmp.entity.rfc3413.ntfrcv import NotificationReceiver
    from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message
    from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

MAX_ENGINES = 1024
"""Senders' engines whose localised users are kept; the longest unheard go first."""

LESSONS = Rate(per_s=5, burst=50)
"""How often an unknown engine is tried: it costs six milliseconds, and anyone can name one."""

_TICK_S = 0.5
_ENTERPRISE = bytes.fromhex("80007ed905")  # RFC 3411 §5: a private engine id, 32473 of RFC 5612
_LONGEST_ENGINE_ID = 32
_SHORTEST_ENGINE_ID = 5
_USM = 3
_AUTH_LEVEL, _PRIV_LEVEL = 2, 3  # SnmpSecurityLevel (RFC 3411 §5)

_MALFORMED = (
    ("__SNMPv2-MIB", "snmpInASNParseErrs"),
    ("__SNMPv2-MIB", "snmpInBadVersions"),
    ("__SNMP-MPD-MIB", "snmpInvalidMsgs"),
)
_HANDSHAKE = (
    ("__SNMP-USER-BASED-SM-MIB", "usmStatsUnknownEngineIDs"),
    ("__SNMP-USER-BASED-SM-MIB", "usmStatsNotInTimeWindows"),
)
_STRANGER = (("__SNMP-USER-BASED-SM-MIB", "usmStatsUnknownUserNames"),)

SendTo = Callable[[bytes, tuple[Any, ...]], None]


class Heard(StrEnum):
    """What a datagram was."""

    HEARD = "heard"
    REFUSED = "refused"
    MALFORMED = "malformed"
    HANDSHAKE = "handshake"


class NotificationEngine:
    """
    Reads notifications and answers informs.

    Parameters
    ----------
    credentials
        The communities and users that are believed.
    loop
        The running loop; the engine forgets what is old as its time passes.
    send_to
        Sends (datagram, address), for answers to informs.
    """

    def __init__(
        self,
        credentials: Iterable[SnmpCredentials],
        loop: asyncio.AbstractEventLoop,
        send_to: SendTo,
    ) -> None:
        self._engine = SnmpEngine()
        self._mib = self._engine.get_mib_builder()
        self._set_engine_id()
        self._answers = _Answers(send_to)
        self._engine.register_transport_dispatcher(self._answers)
        self._users: dict[bytes, tuple[UsmUser, dict[str, Any]]] = {}
        self._engines: OrderedDict[tuple[bytes, bytes], None] = OrderedDict()
        for number, credential in enumerate(dict.fromkeys(credentials)):
            self._add(number, credential)
        self._lessons = Bucket(LESSONS, time.monotonic())
        self._was_heard = False
        _Receiver(self._engine, self._hear, self._level_of)
        self._loop = loop
        self._tick()

    def receive(self, datagram: bytes, address: tuple[Any, ...]) -> Heard:
        """Read one datagram; whatever it holds, this returns."""
        what, is_stranger = self._feed(datagram, address)
        if what is Heard.REFUSED and is_stranger and (key := self._learn(datagram)):
            what, _ = self._feed(datagram, address)
            if what is Heard.REFUSED:
                self._forget(key)
        return what

    def close(self) -> None:
        """Forget everything."""
        self._ticking.cancel()
        self._engine.close_dispatcher()

    def __len__(self) -> int:
        return len(self._engines)

    def _feed(self, datagram: bytes, address: tuple[Any, ...]) -> tuple[Heard, bool]:
        """Return what a datagram was, and whether its engine does not know its user."""
        self._was_heard = False
        before = [self._sum(names) for names in (_MALFORMED, _HANDSHAKE, _STRANGER)]
        try:
            self._engine.message_dispatcher.receive_message(
                self._engine, DOMAIN_NAME, address, datagram
            )
        except Exception:  # noqa: BLE001 - hostile bytes raise errors of a dozen families in pysnmp
            return Heard.MALFORMED, False
        malformed, handshake, stranger = (
            self._sum(names) - was
            for names, was in zip((_MALFORMED, _HANDSHAKE, _STRANGER), before, strict=True)
        )
        if self._was_heard:
            return Heard.HEARD, False
        if malformed:
            return Heard.MALFORMED, False
        return (Heard.HANDSHAKE if handshake else Heard.REFUSED), bool(stranger)

    def _sum(self, names: Iterable[tuple[str, str]]) -> int:
        return sum(int(self._mib.import_symbols(*name)[0].syntax) for name in names)

    def _hear(self, *_: Any) -> None:  # noqa: ANN401 - pysnmp's, and nothing in it is used
        self._was_heard = True

    def _level_of(self, name: bytes) -> int:
        """Return the least security level that is believed of a user: what it is set up with."""
        user, _ = self._users[name]
        return _PRIV_LEVEL if user.priv else _AUTH_LEVEL if user.auth else 0

    def _add(self, number: int, credential: SnmpCredentials) -> None:
        if isinstance(credential, Community):
            config.add_v1_system(self._engine, f"community-{number}", credential.value)
            return
        keys = _keys(credential)
        self._users[credential.name.encode()] = credential, keys
        config.add_v3_user(self._engine, credential.name, **keys)

    def _learn(self, datagram: bytes) -> tuple[bytes, bytes] | None:
        """Know a user of ours on the engine that a datagram names; None where there is none."""
        key = _who(datagram)
        if key is None or key in self._engines or key[1] not in self._users:
            return None
        if not self._lessons.take(time.monotonic()):
            return None  # its next trap may be believed; its next look comes anyway
        user, keys = self._users[key[1]]
        config.add_v3_user(self._engine, user.name, **keys, securityEngineId=OctetString(key[0]))
        self._engines[key] = None
        if len(self._engines) > MAX_ENGINES:
            self._forget(next(iter(self._engines)))
        return key

    def _forget(self, key: tuple[bytes, bytes]) -> None:
        del self._engines[key]
        name = self._users[key[1]][0].name
        config.delete_v3_user(self._engine, name, OctetString(key[0]))

    def _set_engine_id(self) -> None:
        """
        Take an engine id that was never used before.

        Boots and time begin anew at each start; senders that remember them of another life
        would be told that their informs are outside of the time window.
        """
        (engine_id,) = self._mib.import_symbols("__SNMP-FRAMEWORK-MIB", "snmpEngineID")
        engine_id.syntax = engine_id.syntax.clone(_ENTERPRISE + os.urandom(8))
        self._engine.snmpEngineID = engine_id.syntax

    def _tick(self) -> None:
        self._answers.handle_timer_tick(time.time())
        self._ticking = self._loop.call_later(_TICK_S, self._tick)


class _Receiver(NotificationReceiver):  # type: ignore[misc]  # pysnmp is untyped
    """Hears notifications; pysnmp itself would believe a user without its pass phrase."""

    def __init__(
        self, engine: SnmpEngine, hear: Callable[..., None], level_of: Callable[[bytes], int]
    ) -> None:
        super().__init__(engine, hear)
        self._level_of = level_of

    def process_pdu(self, engine: Any, *message: Any) -> None:  # noqa: ANN401 - untyped
        """Take, and if it is an inform answer, what has at least its user's security level."""
        _, model, name, level = message[:4]
        if int(model) != _USM or int(level) >= self._level_of(bytes(name)):
            super().process_pdu(engine, *message)


class _Answers(AbstractTransportDispatcher):  # type: ignore[misc]  # pysnmp is untyped
    """The way out of the engine; the way in is `receive_message`."""

    def __init__(self, send_to: SendTo) -> None:
        super().__init__()
        self._send_to = send_to

    def send_message(
        self, outgoing: bytes, transport_domain: tuple[int, ...], address: tuple[Any, ...]
    ) -> None:
        """Send an answer to where the question came from."""
        del transport_domain
        self._send_to(bytes(outgoing), address)


def _who(datagram: bytes) -> tuple[bytes, bytes] | None:
    """Return (engine id, user name) of a v3 message, None where it names none."""
    try:
        message, _ = decode(datagram, asn1Spec=SNMPv3Message())
        security, _ = decode(
            message.getComponentByPosition(2).asOctets(), asn1Spec=UsmSecurityParameters()
        )
        engine_id = security.getComponentByPosition(0).asOctets()
        name = security.getComponentByPosition(3).asOctets()
    except Exception:  # noqa: BLE001 - hostile bytes, as above
        return None
    fits = _SHORTEST_ENGINE_ID <= len(engine_id) <= _LONGEST_ENGINE_ID
    return (engine_id, name) if fits else None


def _keys(user: UsmUser) -> dict[str, Any]:
    """Return the user's master keys: making them takes milliseconds, localising them none."""
    auth, priv = _AUTH[user.auth], _PRIV[user.priv]
    service = config.AUTH_SERVICES[auth]
    keys: dict[str, Any] = {"authProtocol": auth, "privProtocol": priv}
    if user.auth:
        keys["authKey"] = service.hash_passphrase(user.auth_passphrase.encode())
        keys["authKeyType"] = config.USM_KEY_TYPE_MASTER
    if user.priv:
        privacy = config.PRIV_SERVICES[priv]
        keys["privKey"] = privacy.hash_passphrase(auth, user.priv_passphrase.encode())
        keys["privKeyType"] = config.USM_KEY_TYPE_MASTER
    return keys
