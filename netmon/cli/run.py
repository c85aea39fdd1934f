"""`netmon run`: collectors and web, until it is told to stop."""

import logging
import signal
from pathlib import Path

import click

from netmon.cli.instance import Instance, Parts
from netmon.cli.wiring import config_option, configure_logging
from netmon.domain.errors import StoreError

host_option = click.option("--host", help="Address to listen on, instead of the configured one.")
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), help="TCP port to listen on; 0 takes any free one."
)


@click.command()
@config_option
@host_option
@port_option
@click.option("--no-web", is_flag=True, help="Only collect; serve no pages.")
@click.option("--no-collect", is_flag=True, help="Only serve pages; ask no device.")
@click.option("-v", "--verbose", is_flag=True, help="Log every check.")
def run(  # noqa: PLR0913 - one argument for each option
    config: Path,
    host: str | None,
    port: int | None,
    *,
    no_web: bool,
    no_collect: bool,
    verbose: bool,
) -> None:
    """Collect and serve the pages until Ctrl-C.

    SIGHUP reads inventory and credentials again; where a file is wrong, the good revision
    stays. One process does everything by default; `--no-web` and `--no-collect` make two.
    """
    if no_web and no_collect:
        raise click.UsageError("expected at most one of --no-web and --no-collect, found both")
    configure_logging(logging.DEBUG if verbose else logging.INFO)
    instance = Instance(config, Parts(not no_collect, not no_web, host, port), tell)
    if instance.settings.store.origin == "demo":
        folder = instance.settings.store.folder
        raise StoreError(f"{folder}: origin: expected real, found demo: use `netmon demo`")
    run_until_stopped(instance)


def run_until_stopped(instance: Instance) -> None:
    """Run an instance; SIGINT and SIGTERM stop it, SIGHUP makes it read its files again."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: instance.request_stop())
    signal.signal(signal.SIGHUP, lambda *_: instance.request_reload())
    instance.run()


def tell(line: str) -> None:
    """Print one line for the person who waits, at once."""
    click.echo(line)
