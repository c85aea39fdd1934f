"""Whom to ask, and with which credentials: all that a check may know of a device."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Community:
    """An SNMP v2c community; it never shows in a repr, so it never reaches a log."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UsmUser:
    """
    An SNMPv3 user (RFC 3414).

    Protocols: `auth` one of `md5 sha1 sha224 sha256 sha384 sha512` or empty,
    `priv` one of `des aes128` or empty. Pass phrases never show in a repr.
    """

    name: str
    auth: str = ""
    auth_passphrase: str = field(default="", repr=False)
    priv: str = ""
    priv_passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A secret word that an HTTP interface wants (an API key, a bearer token)."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password for an HTTP interface."""

    user: str
    password: str = field(repr=False)


SnmpCredentials = Community | UsmUser
Credentials = SnmpCredentials | Token | Login


@dataclass(frozen=True, slots=True)
class Target:
    """
    One device as a collector sees it.

    `id` is echoed in the observation and means nothing here. `host` is a name or an
    address; `port` is the UDP port of its SNMP agent (checks over TCP have a parameter of
    their own for it). `credentials` is None where the check needs none (ICMP).
    """

    id: str
    host: str
    port: int = 161
    credentials: Credentials | None = None
