"""`netmon agent`: the same agent that runs alone on computers without netmon."""

import sys

import click

from collectors.agent import main


@click.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def agent(arguments: tuple[str, ...]) -> None:
    """Say every minute how this computer does: `netmon agent --help` has the options.

    With `--wifi` it is a probe of the public Wi-Fi. Exit code 1 where `--once` could not
    deliver.
    """
    sys.exit(main(arguments, "netmon agent"))
