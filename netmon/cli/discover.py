"""`netmon discover`: who answers SNMP in a network, as rows that an inventory could have."""

import csv
import io
import ipaddress
import re
import sys
import time
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from collectors.discover import MAX_ADDRESSES, Found, Manner, TooManyError, addresses
from collectors.discover import discover as ask
from collectors.target import Community, SnmpCredentials, UsmUser
from netmon.cli.output import print_json, print_table
from netmon.cli.snmp_options import LAST_PORT, SNMP_PORT, Seconds
from netmon.cli.wiring import Loaded, config_option, json_option, load
from netmon.config.complaints import printable
from netmon.config.devices_file import COLUMNS
from netmon.domain.model import Device

LONGEST_ID = 40
FASTEST_PER_S = 1000.0
HIGHEST_LIMIT = 65_536
NOTE = "place_id is empty: netmon never guesses where a device stands; fill it in"
_SHOW_EVERY_S = 0.5
_SHOWN = ("id", "kind", "host", "port", "credential", "mac", "name")


@click.command()
@click.argument("cidr", metavar="CIDR")
@config_option
@click.option(
    "--credential",
    "names",
    multiple=True,
    metavar="NAME",
    help="Entry of [credentials] to try; may be repeated. Without: all SNMP ones in turn.",
)
@click.option(
    "--community",
    envvar="NETMON_COMMUNITY",
    help="Community to try instead; better given by the variable NETMON_COMMUNITY.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, HIGHEST_LIMIT),
    default=MAX_ADDRESSES,
    show_default=True,
    help="Addresses that the network may have.",
)
@click.option(
    "--rate",
    "per_s",
    type=click.FloatRange(0, FASTEST_PER_S, min_open=True),
    default=50.0,
    show_default=True,
    help="Addresses asked per second, at most.",
)
@click.option(
    "--port",
    type=click.IntRange(1, LAST_PORT),
    default=SNMP_PORT,
    show_default=True,
    help="UDP port of the agents.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=Seconds(),
    default=1.0,
    show_default=True,
    help="Seconds to wait for one reply.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print rows for devices.csv.")
@json_option
def discover(  # noqa: PLR0913, PLR0917 - one argument for each option
    cidr: str,
    config: Path,
    names: tuple[str, ...],
    community: str | None,
    limit: int,
    per_s: float,
    port: int,
    timeout_s: float,
    *,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Ask every address of a network who it is, and propose rows for the inventory.

    Nothing else in netmon ever asks an address that it was not given. Devices that the inventory
    has already are not asked. Kinds are guesses; places are never guessed. Exit code 1 where
    nobody answers.
    """
    if as_csv and as_json:
        raise click.UsageError("expected one of --csv and --json, found both")
    hosts = _hosts(cidr, limit)
    loaded = load(config)
    credentials = _credentials(loaded, names, community)
    new = [host for host in hosts if (host, port) not in _known(loaded.inventory.devices)]
    manner = Manner(timeout_s=timeout_s, per_s=per_s, port=port)
    found = sorted(
        ask(new, credentials, manner, _Progress(len(new))),
        key=lambda each: ipaddress.ip_address(each.host).packed,
    )
    rows = _rows(found, {device.id for device in loaded.inventory.devices})
    _show(rows, as_csv=as_csv, as_json=as_json)
    skipped = len(hosts) - len(new)
    click.echo(
        f"{len(new)} asked, {len(found)} answered, {skipped} in the inventory already", err=True
    )
    if rows:
        click.echo(NOTE, err=True)
    else:
        sys.exit(1)


def slug(name: str) -> str:
    """Return an id made of a name: small letters, digits and single dashes; may be empty."""
    plain = unicodedata.normalize("NFKD", name.partition(".")[0]).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_ID].strip("-")


class _Progress:
    """Tells how many addresses are done, on a terminal only and on one line."""

    def __init__(self, total: int) -> None:
        self._total, self._shown_s = total, time.monotonic()
        self._is_shown = sys.stderr.isatty()

    def __call__(self, done: int) -> None:
        now_s = time.monotonic()
        if self._is_shown and (now_s - self._shown_s >= _SHOW_EVERY_S or done == self._total):
            self._shown_s = now_s
            click.echo(f"\r{done} of {self._total}", nl=done == self._total, err=True)


def _hosts(cidr: str, limit: int) -> list[str]:
    try:
        return addresses(cidr, limit)
    except TooManyError as error:
        raise click.BadParameter(f"CIDR: expected a smaller network, or --limit; {error}") from None
    except ValueError:
        expected = "a network such as 192.0.2.0/24"
        raise click.BadParameter(f"CIDR: expected {expected}, found {cidr[:60]!r}") from None


def _credentials(
    loaded: Loaded, names: tuple[str, ...], community: str | None
) -> Mapping[str, SnmpCredentials]:
    if community and not names:
        return {"": Community(community)}
    usable = {
        name: each
        for name, each in loaded.credentials.items()
        if isinstance(each, Community | UsmUser)
    }
    if unknown := sorted(set(names) - usable.keys()):
        known = ", ".join(usable) or "none"
        found = ", ".join(map(repr, unknown))
        raise click.BadParameter(f"--credential: expected SNMP ones of {known}; found {found}")
    if not usable:
        raise click.UsageError(
            "expected [credentials] in the file, or NETMON_COMMUNITY; found none"
        )
    return {name: usable[name] for name in names or usable}


def _known(devices: Iterable[Device]) -> set[tuple[str, int]]:
    """Return the addresses of the inventory as `ipaddress` writes them."""
    return {(_plain(device.host), device.port) for device in devices}


def _plain(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host


def _rows(found: Iterable[Found], taken: set[str]) -> list[dict[str, Any]]:
    ids, rows = set(taken), []
    for each in found:
        wanted = slug(each.sys_name) or slug(each.host.replace(".", "-").replace(":", "-"))
        device_id = next(
            name
            for n in range(len(ids) + 2)
            if (name := f"{wanted}-{n}" if n else wanted) not in ids
        )
        ids.add(device_id)
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "")
        row |= {"id": device_id, "kind": each.kind, "name": each.sys_name or each.host}
        row |= {"host": each.host, "port": each.port, "credential": each.credential}
        row |= {"synthetic": "false", "mac": each.mac or ""}
        extra = {"sys_descr": each.sys_descr, "sys_object_id": each.sys_object_id}
        rows.append(row | extra | {"profile": each.profile})
    return rows


def _show(rows: list[dict[str, Any]], *, as_csv: bool, as_json: bool) -> None:
    if as_json:
        print_json({"devices": [{k: (v if v != "" else None) for k, v in r.items()} for r in rows]})
    elif as_csv:
        click.echo(_csv(rows), nl=False)
    else:
        print_table((*_SHOWN, "profile", "sys_descr"), (_cells(row) for row in rows))


def _cells(row: Mapping[str, Any]) -> list[object]:
    return [row[key] if row[key] != "" else "–" for key in (*_SHOWN, "profile", "sys_descr")]


def _csv(rows: list[dict[str, Any]]) -> str:
    """Return the rows as a file that netmon reads and that a spreadsheet does not run."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _inert(str(value)) for key, value in row.items()})
    return file.getvalue()


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: devices choose their names."""
    return printable(cell).lstrip("=+-@\t ")
