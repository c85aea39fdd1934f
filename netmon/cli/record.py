"""`netmon record`: keep what one device says of itself, without saying whose it is."""

import os
import sys
import tempfile
import time
from pathlib import Path

import click

from collectors.recording.scrub import Scrubbed, scrub
from collectors.recording.snmprec import dump
from collectors.recording.typed_walk import TypedWalk
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.pysnmp_engine import PysnmpEngine
from collectors.snmp.resolve import resolve
from collectors.target import Community, SnmpCredentials
from netmon.cli.snmp_options import Seconds, credentials_of, snmp_options, split_address
from netmon.config.complaints import printable

_SHOW_EVERY_S = 0.5


class _Progress:
    """Tells how many variables there are so far, on a terminal only and on one line."""

    def __init__(self) -> None:
        self._shown_s = 0.0
        self._is_shown = sys.stderr.isatty()

    def __call__(self, count: int) -> None:
        now_s = time.monotonic()
        if self._is_shown and now_s - self._shown_s >= _SHOW_EVERY_S:
            self._shown_s = now_s
            click.echo(f"\r{count} variables", nl=False, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._shown_s:
            click.echo(err=True)


@click.command()
@click.argument("address", metavar="HOST[:PORT]")
@snmp_options
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write, such as acme.snmprec.",
)
@click.option(
    "--keep",
    multiple=True,
    metavar="WORD",
    help="A word that may stay though nothing says it is harmless, such as a model's name.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=Seconds(),
    default=5.0,
    show_default=True,
    help="Seconds to wait for one reply.",
)
@click.option(
    "--deadline",
    "deadline_s",
    type=Seconds(),
    default=900.0,
    show_default=True,
    help="Seconds that the whole may take.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def record(  # noqa: PLR0913, PLR0917 - one argument for each option
    address: str,
    output: Path,
    community: str,
    user: str | None,
    auth: str | None,
    priv: str | None,
    keep: tuple[str, ...],
    timeout_s: float,
    deadline_s: float,
    *,
    force: bool,
) -> None:
    """Walk one device and write a recording of it, scrubbed, for a test or a new profile.

    Names, addresses, serial numbers, SSIDs and everything else that is not known to be
    harmless is replaced; the same thing by the same pseudonym. Tables of clients are left
    out. Read the file before you give it away. Exit code 1 where the device does not answer.
    """
    if output.exists() and not force:
        raise click.BadParameter(f"--output: expected a new file, or --force; found {output}")
    host, port = split_address(address)
    credentials = credentials_of(community, user, auth, priv)
    patience = Patience(timeout_s, 2, time.monotonic() + deadline_s)
    try:
        made = _recorded(host, port, credentials, patience, keep)
    except SnmpFailure as failure:
        line = f"{failure.outcome.value}: {host}:{port}: {failure.detail}"
        click.echo(printable(line), err=True)
        sys.exit(1)
    if not made.variables:
        click.echo(printable(f"content: {host}:{port}: the agent shows nothing"), err=True)
        sys.exit(1)
    _write(output, dump(made.variables))
    click.echo(f"{output}: {len(made.variables)} variables, {made.left_out} left out")


def _recorded(
    host: str, port: int, credentials: SnmpCredentials, patience: Patience, keep: tuple[str, ...]
) -> Scrubbed:
    engine = PysnmpEngine(resolve(host, port, patience), port, credentials)
    walk, progress = TypedWalk(engine, patience), _Progress()
    try:
        variables = walk.everything(progress)
    finally:
        progress.end()
        engine.close()
    for line in walk.odd:
        click.echo(printable(f"{host}:{port}: OIDs do not ascend: {line}"), err=True)
    return scrub(variables, _told(host, credentials), keep=keep)


def _told(host: str, credentials: SnmpCredentials) -> list[str]:
    """Return what the device may repeat of the question."""
    if isinstance(credentials, Community):
        return [host, credentials.value]
    return [host, credentials.name]


def _write(output: Path, text: str) -> None:
    """Write the whole file or none: Ctrl-C leaves what was there."""
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).replace(output)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
