"""`netmon import`: one file becomes one layer of the city."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from geodata.city import City
from geodata.errors import DataError, Finding
from geodata.imports.columns import FIELDS, POSITIONS
from geodata.imports.importing import Imported, Wish, import_layer
from geodata.imports.kinds import Kind
from netmon.cli.output import print_json
from netmon.cli.wiring import config_option, json_option
from netmon.config.complaints import printable
from netmon.config.settings_file import load_settings

_FARTHEST_M = 100_000.0


@click.command("import")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--city-folder",
    type=click.Path(path_type=Path),
    help="The folder of the city; without it `[city] folder` of the configuration.",
)
@click.option("--source", default="", help="Whose data it is, and where it was found.")
@click.option("--licence", default="", help="The licence under which it may be passed on.")
@click.option("--vintage", default="", help="When it held, such as 2025-01-01 or `before 2019`.")
@click.option(
    "--precision",
    "precision_m",
    type=click.FloatRange(0, _FARTHEST_M),
    help="Metres that hold the true position; by default what is usual for the kind.",
)
@click.option("--synthetic", "is_synthetic", is_flag=True, help="Anything in it is invented.")
@click.option("--layer", help="The layer or sheet, where the file holds several.")
@click.option(
    "--column",
    "columns",
    metavar="FIELD=HEADER",
    multiple=True,
    help="The header of a field, where it is none of the known ones; may be repeated.",
)
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Read and tell, replace nothing.")
@config_option
@json_option
def import_command(  # noqa: PLR0913 - one argument for each option
    kind: str,
    file: Path,
    *,
    city_folder: Path | None,
    source: str,
    licence: str,
    vintage: str,
    precision_m: float | None,
    is_synthetic: bool,
    layer: str | None,
    columns: Sequence[str],
    is_dry_run: bool,
    config: Path,
    as_json: bool,
) -> None:
    """Replace the layer KIND of the city by what FILE holds, or change nothing at all.

    What lies outside the city is left out. Rows that cannot be used are told one by one, the
    first twenty of them, and left out; where they are most, the file is refused. A running
    netmon serves the new layer when it starts again.
    """
    if precision_m is not None and not math.isfinite(precision_m):
        raise click.BadParameter("expected metres, found no number", param_hint="--precision")
    wish = Wish(
        Kind(kind),
        file,
        _folder(city_folder, config),
        source,
        licence,
        vintage,
        precision_m,
        is_synthetic=is_synthetic,
        columns=_chosen(Kind(kind), columns),
        layer=layer,
        is_dry_run=is_dry_run,
    )
    done = _imported(wish)
    if as_json:
        print_json(_document(done))
    else:
        _tell(done)


def _folder(said: Path | None, config: Path) -> Path:
    """Return the folder to write to; the example that comes with netmon is not to be changed."""
    folder = said if said is not None else load_settings(config).city.folder
    if folder.resolve() == City.bundled().folder.resolve():
        expected = "a city's own folder: copy the example first"
        raise DataError([Finding(str(folder), "", "folder", expected, "the bundled example")])
    return folder


def _chosen(kind: Kind, columns: Sequence[str]) -> dict[str, str]:
    known = {**FIELDS[kind], **POSITIONS}
    chosen = {}
    for written in columns:
        name, is_pair, header = written.partition("=")
        if not is_pair or name not in known or not header:
            expected = f"FIELD=HEADER, FIELD one of {', '.join(known)}"
            raise click.BadParameter(f"expected {expected}, found {written[:80]!r}")
        chosen[name] = header
    return chosen


def _imported(wish: Wish) -> Imported:
    """Import with a line that says how far it is, where somebody watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return import_layer(wish, lambda _: None)
    with console.status("starting") as status:
        return import_layer(wish, lambda line: status.update(printable(line)))


def _tell(done: Imported) -> None:
    for finding in done.findings:
        click.echo(printable(str(finding)), err=True)
    if (rest := done.refused - len(done.findings)) > 0:
        click.echo(f"and {rest} more", err=True)
    for remark in done.remarks:
        click.echo(printable(remark), err=True)
    what = "replaced" if done.is_replaced else "would be replaced (dry run)"
    click.echo(f"{done.layer}: {what}, {done.kept} {done.kind}")
    click.echo(
        f"read {done.read} ({done.format}), {done.outside} elsewhere, "
        f"{done.repaired} repaired, {done.refused} refused"
    )
    told = done.told
    click.echo(printable(f"{told.source} · {told.licence} · {told.vintage}"))
    if "ODbL" in told.licence:
        click.echo("ODbL: pass it on under the same licence, with its attribution")


def _document(done: Imported) -> dict[str, Any]:
    return {
        "kind": done.kind,
        "layer": str(done.layer),
        "replaced": done.is_replaced,
        "format": done.format,
        "crs": done.crs,
        "read": done.read,
        "outside": done.outside,
        "kept": done.kept,
        "repaired": done.repaired,
        "refused": done.refused,
        "findings": [asdict(finding) for finding in done.findings],
        "remarks": list(done.remarks),
        **done.told.defaults(),
        "sha256": done.sha256,
    }
