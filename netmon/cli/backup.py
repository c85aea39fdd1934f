"""`netmon backup`: both stores into one file, while netmon runs."""

from importlib.metadata import version
from pathlib import Path

import click

from netmon.cli.output import print_json
from netmon.cli.wiring import config_option, json_option, now
from netmon.config.settings_file import load_settings
from netmon.storage.backup import back_up


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@config_option
@json_option
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
def backup(file: Path, config: Path, *, as_json: bool, force: bool) -> None:
    """Write a backup of both stores to FILE; netmon may go on running.

    FILE is a ZIP archive that only its owner can read. It holds the record and the desk as of
    one moment; configuration and inventory files are not in it.
    """
    folder = load_settings(config).store.folder
    manifest = back_up(folder, file, version=version("netmon"), at=now(), force=force)
    size_bytes = file.stat().st_size
    if as_json:
        facts = manifest.model_dump(mode="python")
        print_json({"file": str(file), "size_bytes": size_bytes, **facts})
        return
    click.echo(f"{file}: {size_bytes / 1e6:.1f} MB, {manifest.origin}, both stores checked")
