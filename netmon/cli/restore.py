"""`netmon restore`: both stores back from a backup, once all of it was checked."""

from pathlib import Path

import click

from netmon.cli.output import print_json
from netmon.cli.wiring import config_option, json_option, now
from netmon.config.settings_file import load_settings
from netmon.storage.restore import restore as put_back


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@config_option
@json_option
@click.option("--force", is_flag=True, help="Move the stores that are there aside.")
def restore(file: Path, config: Path, *, as_json: bool, force: bool) -> None:
    """Put both stores back as FILE holds them; netmon must not run meanwhile.

    Checksums, integrity, origin and schema are checked before anything is touched. Stores
    that are there already are moved into a folder beside and never deleted.
    """
    store = load_settings(config).store
    done = put_back(file, store.folder, origin=store.origin, at=now(), force=force)
    if as_json:
        moved_to = None if done.moved_to is None else str(done.moved_to)
        facts = done.manifest.model_dump(mode="python")
        print_json({"folder": str(store.folder), "moved_to": moved_to, **facts})
        return
    made = done.manifest.made_at.isoformat(timespec="seconds")
    click.echo(f"{store.folder}: as it was at {made}, netmon {done.manifest.netmon}")
    if done.moved_to is not None:
        click.echo(f"{done.moved_to}: the stores of before")
