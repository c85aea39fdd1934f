"""How the commands that ask one device by hand are told where it is and what it wants to hear."""

import math
import os
import re
from collections.abc import Callable
from functools import reduce
from typing import Any

import click

from collectors.target import Community, SnmpCredentials, UsmUser

SNMP_PORT = 161
LAST_PORT = 65_535
_ADDRESS = re.compile(r"(?:\[([^\[\]]+)\]|([^:\[\]]+))(?::([^:]*))?|([^\[\]]*:[^\[\]]*:[^\[\]]*)")

Command = Callable[..., Any]


class Seconds(click.FloatRange):
    """A length of time in seconds; more than an hour is a mistake."""

    def __init__(self) -> None:
        super().__init__(min=0, max=3600, min_open=True)

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the seconds; `nan` is within every range and no length of time."""
        length_s: float = super().convert(value, param, ctx)
        if math.isnan(length_s):
            self.fail(f"expected seconds, found {value!r}", param, ctx)
        return length_s


_OPTIONS = (
    click.option(
        "--community",
        envvar="NETMON_COMMUNITY",
        default="public",
        show_default=True,
        help="SNMP v2c community; better given by the variable NETMON_COMMUNITY.",
    ),
    click.option("--user", help="SNMPv3 user: then v3 is spoken, with the options below."),
    click.option(
        "--auth",
        type=click.Choice(["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]),
        help="Authentication; its pass phrase is read from the variable NETMON_AUTH.",
    ),
    click.option(
        "--priv",
        type=click.Choice(["des", "aes128"]),
        help="Privacy; its pass phrase is read from the variable NETMON_PRIV.",
    ),
)


def snmp_options(command: Command) -> Command:
    """Give a command `--community`, `--user`, `--auth` and `--priv`."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), command)


def split_address(address: str) -> tuple[str, int]:
    """Return (host, port) of `host`, `host:port`, `[v6]:port` or a bare IPv6 address."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        expected = "HOST, HOST:PORT, [IPV6]:PORT or an IPv6 address"
        raise click.BadParameter(f"HOST[:PORT]: expected {expected}, found {address!r}")
    bracketed, plain, port, bare = match.groups()
    if port is not None and not (re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) <= LAST_PORT):
        expected = f"a port from 1 to {LAST_PORT}"
        raise click.BadParameter(f"HOST[:PORT]: expected {expected}, found {port!r}")
    return bracketed or plain or bare, SNMP_PORT if port is None else int(port)


def credentials_of(
    community: str, user: str | None, auth: str | None, priv: str | None
) -> SnmpCredentials:
    """Return what the options say; pass phrases come from the environment."""
    if user is None:
        if auth or priv:
            raise click.UsageError("expected --user with --auth and --priv, found none")
        return Community(community)
    if priv and not auth:
        raise click.UsageError("expected --auth with --priv (RFC 3414), found none")
    return UsmUser(
        user,
        auth or "",
        _passphrase("NETMON_AUTH", auth),
        priv or "",
        _passphrase("NETMON_PRIV", priv),
    )


def _passphrase(variable: str, protocol: str | None) -> str:
    if protocol is None:
        return ""
    if not (secret := os.environ.get(variable)):
        raise click.UsageError(f"expected the pass phrase in the variable {variable}, found none")
    return secret
