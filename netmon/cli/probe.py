"""`netmon probe`: ask one device once, for everything."""

import math
import os
import re
import sys

import click
from rich.table import Table
from rich.text import Text

from collectors.snmp.probe import ProbeError
from collectors.snmp.probe import probe as ask
from collectors.snmp.reading import Reading
from collectors.target import Community, Credentials, Target, UsmUser
from netmon.cli.output import duration_text, print_json, print_table, print_whole
from netmon.cli.wiring import json_option
from netmon.config.complaints import printable

SNMP_PORT = 161
LAST_PORT = 65_535
_ADDRESS = re.compile(r"(?:\[([^\[\]]+)\]|([^:\[\]]+))(?::([^:]*))?|([^\[\]]*:[^\[\]]*:[^\[\]]*)")


class _Seconds(click.FloatRange):
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


@click.command()
@click.argument("address", metavar="HOST[:PORT]")
@click.option(
    "--community",
    envvar="NETMON_COMMUNITY",
    default="public",
    show_default=True,
    help="SNMP v2c community; better given by the variable NETMON_COMMUNITY.",
)
@click.option("--user", help="SNMPv3 user: then v3 is spoken, with the options below.")
@click.option(
    "--auth",
    type=click.Choice(["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]),
    help="Authentication; its pass phrase is read from the variable NETMON_AUTH.",
)
@click.option(
    "--priv",
    type=click.Choice(["des", "aes128"]),
    help="Privacy; its pass phrase is read from the variable NETMON_PRIV.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=_Seconds(),
    default=2.0,
    show_default=True,
    help="Seconds to wait for one reply.",
)
@click.option(
    "--retries",
    type=click.IntRange(0, 10),
    default=1,
    show_default=True,
    help="How often to ask again.",
)
@click.option(
    "--deadline",
    "deadline_s",
    type=_Seconds(),
    default=30.0,
    show_default=True,
    help="Seconds that the whole may take.",
)
@json_option
def probe(  # noqa: PLR0913, PLR0917 - one argument for each option
    address: str,
    community: str,
    user: str | None,
    auth: str | None,
    priv: str | None,
    timeout_s: float,
    retries: int,
    deadline_s: float,
    *,
    as_json: bool,
) -> None:
    """Ask one device once: identity, profile, and everything that it measures.

    What the device does not say is null, never guessed. Client tables are never read, only
    counts. Exit code 1 where it does not answer.
    """
    host, port = split_address(address)
    target = Target("probe", host, port, _credentials(community, user, auth, priv))
    try:
        reading = ask(target, deadline_s=deadline_s, timeout_s=timeout_s, retries=retries)
    except ProbeError as error:
        click.echo(printable(f"{error.outcome.value}: {error.detail}"), err=True)
        sys.exit(1)
    if as_json:
        print_json(reading.as_json())
    else:
        _show(reading)


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


def _credentials(
    community: str, user: str | None, auth: str | None, priv: str | None
) -> Credentials:
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


def _show(reading: Reading) -> None:
    document = reading.as_json()
    facts = Table(box=None, show_header=False, pad_edge=False)
    for key, value in {**document["identity"], **document}.items():
        if value is not None and not isinstance(value, (dict, list)):
            shown = duration_text(value) if key == "uptime_s" else str(value)
            facts.add_row(Text(key, style="bold"), Text(printable(shown)))
    print_whole(facts)
    tables = {**document, "interfaces": document["interfaces"]["rows"], **document["host"]}
    for name in ("radios", "ssids", "access_points", "interfaces", "storage"):
        if rows := tables[name]:
            click.echo(f"\n{name}")
            print_table(
                tuple(rows[0]),
                (["–" if each is None else each for each in row.values()] for row in rows),
            )
