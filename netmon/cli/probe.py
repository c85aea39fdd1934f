"""`netmon probe`: ask one device once, for everything."""

import json
import os
import sys

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from collectors.snmp.probe import ProbeError
from collectors.snmp.probe import probe as ask
from collectors.snmp.reading import Reading
from collectors.target import Community, Credentials, Target, UsmUser
from netmon.cli.output import duration_text, print_table
from netmon.cli.wiring import json_option

SNMP_PORT = 161


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
@click.option("--timeout", "timeout_s", type=float, default=2.0, show_default=True, help="s")
@click.option("--retries", type=click.IntRange(0), default=1, show_default=True)
@click.option("--deadline", "deadline_s", type=float, default=30.0, show_default=True, help="s")
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
        click.echo(f"{error.outcome.value}: {error.detail}", err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(reading.as_json(), ensure_ascii=False, indent=2))
    else:
        _show(reading)


def split_address(address: str) -> tuple[str, int]:
    """Return (host, port) of `host`, `host:port`, `[v6]:port` or a bare IPv6 address."""
    host, _, port = address.rpartition(":")
    if not host or (":" in host and not address.startswith("[")):
        host, port = address, str(SNMP_PORT)
    if not port.isdigit() or not 0 < int(port) < 2**16:
        raise click.BadParameter(f"HOST[:PORT]: expected a port from 1 to 65535, found {port!r}")
    return host.strip("[]"), int(port)


def _credentials(
    community: str, user: str | None, auth: str | None, priv: str | None
) -> Credentials:
    if user is None:
        return Community(community)
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
            facts.add_row(Text(key, style="bold"), Text(shown))
    Console(soft_wrap=True).print(facts)
    tables = {**document, "interfaces": document["interfaces"]["rows"], **document["host"]}
    for name in ("radios", "ssids", "access_points", "interfaces", "storage"):
        if rows := tables[name]:
            click.echo(f"\n{name}")
            print_table(
                tuple(rows[0]),
                (["–" if each is None else each for each in row.values()] for row in rows),
            )
