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


Credentials = Community | UsmUser


@dataclass(frozen=True, slots=True)
class Target:
    """
    One device as a collector sees it.

    `id` is echoed in the observation and means nothing here. `host` is a name or an
    address; `port` is the UDP port of its SNMP agent. `credentials` is None where the
    check needs none (ICMP).
    """

    id: str
    host: str
    port: int = 161
    credentials: Credentials | None = None
