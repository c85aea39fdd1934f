"""From a file to a layer in the city's folder: read, shape, judge, replace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd

from geodata.errors import DataError, Finding, shown
from geodata.imports.columns import NEEDED
from geodata.imports.formats import Format, format_of, refused
from geodata.imports.grid import on_grid
from geodata.imports.journal import Journal
from geodata.imports.kinds import LAYERS, Family, Kind
from geodata.imports.osm import LICENCE, SOURCE
from geodata.imports.overpass import read_overpass
from geodata.imports.publish import note, only_import, replace_layer, sha256_of
from geodata.imports.raw import Asked, Raw, Tell
from geodata.imports.shaping.choose import SHAPING
from geodata.imports.shaping.counts import newest_year
from geodata.imports.table_rows import read_table
from geodata.imports.text import clean, header_key
from geodata.imports.told import Told
from geodata.imports.vector import read_vector
from geodata.imports.within import city_area
from geodata.imports.writing import write_layer

MOST_REFUSED_RATIO = 0.5
"""Where more rows than this are refused, the file is not what it was taken for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What a person asks to have imported.

    `source`, `licence` and `vintage` may be empty where the file is OpenStreetMap's and says
    so itself. `precision_m` None is what is usual for the kind. `columns` gives the header of
    a field where it is none of the known ones, `layer` the layer or sheet of several.
    """

    kind: Kind
    file: Path
    folder: Path
    source: str = ""
    licence: str = ""
    vintage: str = ""
    precision_m: float | None = None
    is_synthetic: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    layer: str | None = None
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: counts of features, and what was wrong with single rows."""

    kind: Kind
    layer: Path
    format: Format
    crs: str
    read: int
    outside: int
    kept: int
    repaired: int
    refused: int
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]
    told: Told
    sha256: str
    is_replaced: bool


def import_layer(wish: Wish, tell: Tell) -> Imported:
    """
    Replace one layer of a city by what a file holds; nothing changes if anything raises.

    Raises
    ------
    DataError
        If the file cannot be used, holds nothing of the city, mostly holds what is refused, or
        nobody said where it is from; or another import is at work.
    """
    layer = LAYERS[wish.kind]
    found = format_of(wish.file)
    journal = Journal(shown(wish.file.name).strip("'"))
    with only_import(wish.folder) as work:
        raw = _read(wish, found, journal, tell)
        if raw.frame.empty:
            _require_most(raw.frame, raw, journal)
        told = _told(wish, raw)
        tell(f"shaping {len(raw.frame)} rows")
        frame = SHAPING[wish.kind](raw, wish.folder, journal)
        frame = on_grid(frame, layer.file, journal)
        _require_most(frame, raw, journal)
        checksum = sha256_of(wish.file)
        done = _done(wish, found, raw, frame, journal, told, checksum)
        if not wish.is_dry_run:
            tell(f"writing {layer.file}")
            made = replace_layer(
                work,
                wish.folder,
                layer.file,
                lambda path: write_layer(path, wish.kind, frame, told),
            )
            note(work, wish.folder, wish.kind, _facts(done, made))
    return done


def _read(wish: Wish, found: Format, journal: Journal, tell: Tell) -> Raw:
    layer = LAYERS[wish.kind]
    has_place = layer.family is not Family.NONE
    area = city_area(wish.folder, layer.margin_m) if has_place else None
    columns = {name: header_key(header) for name, header in wish.columns.items()}
    asked = Asked(wish.kind, area, journal, tell, columns, wish.layer)
    tell(f"reading {journal.file}: {found}")
    match found:
        case Format.CSV | Format.XLSX:
            raw = read_table(wish.file, found, asked)
        case Format.OVERPASS:
            raw = read_overpass(wish.file, asked)
        case _:
            raw = read_vector(wish.file, found, asked)
    _require_columns(wish, raw)
    return newest_year(raw)[0] if layer.family is Family.NONE else raw


def _require_columns(wish: Wish, raw: Raw) -> None:
    needed = () if raw.is_osm else NEEDED[wish.kind]
    if missing := [name for name in needed if name not in raw.frame]:
        expected = f"a column for {', '.join(missing)} (`--column FIELD=HEADER`)"
        raise refused(wish.file, "header", expected, "none that is known")


def _told(wish: Wish, raw: Raw) -> Told:
    """Return the answers; raises `DataError` with all that are missing."""
    known = (f"{SOURCE}, {wish.file.name}", LICENCE) if raw.is_osm else ("", "")
    usual = (*known, raw.vintage)
    said = (wish.source, wish.licence, wish.vintage)
    texts = [clean(own or other) for own, other in zip(said, usual, strict=True)]
    names = ("source", "licence", "vintage")
    missing = [name for name, text in zip(names, texts, strict=True) if not text]
    if missing:
        where = shown(wish.file.name).strip("'")
        raise DataError(
            [Finding(where, "", name, f"it told with `--{name}`", "nothing") for name in missing]
        )
    layer = LAYERS[wish.kind]
    precision_m = layer.precision_m if wish.precision_m is None else wish.precision_m
    has_place = layer.family is not Family.NONE
    source, licence, vintage = texts
    place_m = precision_m if has_place else None
    return Told(source, licence, vintage, place_m, wish.is_synthetic)


def _require_most(frame: gpd.GeoDataFrame, raw: Raw, journal: Journal) -> None:
    """Raise `DataError` if nothing is left, or most of what was met is refused."""
    if len(frame) and journal.refused <= MOST_REFUSED_RATIO * (journal.refused + len(frame)):
        return
    found = (
        f"{len(frame)} of {raw.read}, {raw.outside} of them elsewhere, {journal.refused} refused"
    )
    whole = Finding(journal.file, "", "rows", "most to be usable and in the city", found)
    raise DataError([whole, *journal.findings])


def _done(  # noqa: PLR0913, PLR0917 - all that is known, once
    wish: Wish,
    found: Format,
    raw: Raw,
    frame: gpd.GeoDataFrame,
    journal: Journal,
    told: Told,
    checksum: str,
) -> Imported:
    return Imported(
        wish.kind,
        wish.folder / LAYERS[wish.kind].file,
        found,
        raw.crs,
        raw.read,
        raw.outside,
        len(frame),
        journal.repaired,
        journal.refused,
        tuple(journal.findings),
        tuple(journal.remarks),
        told,
        checksum,
        is_replaced=not wish.is_dry_run,
    )


def _facts(done: Imported, made: str) -> dict[str, object]:
    return {
        "layer": done.layer.name,
        "layer_sha256": made,
        "sha256": done.sha256,
        "format": str(done.format),
        "features": done.kept,
        **done.told.defaults(),
    }
