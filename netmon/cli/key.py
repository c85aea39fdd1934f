"""`netmon key`: what a computer needs to sign its heartbeats."""

import os
from pathlib import Path

import click

from netmon.cli.wiring import config_option, load
from netmon.config.secrets import heartbeat_secret
from netmon.domain.errors import ConfigError, Problem
from netmon.domain.heartbeat import device_key


@click.command()
@click.argument("device", metavar="DEVICE")
@config_option
def key(device: str, config: Path) -> None:
    """Print the key of one device; it goes into the file that `netmon agent` reads.

    It is the same every time, follows from the secret of `[heartbeats]`, and opens nothing
    but the inbox of this one device.
    """
    loaded = load(config, with_secrets=False)
    if device not in {each.id for each in loaded.inventory.devices}:
        raise click.BadParameter(f"DEVICE: expected a device of the inventory, found {device!r}")
    secret, problems = heartbeat_secret(loaded.settings, os.environ, str(config))
    if secret is None:
        expected = "secret_env or secret_file"
        raise ConfigError(problems or [Problem(str(config), "", "heartbeats", expected, "neither")])
    click.echo(device_key(secret, device).hex())
