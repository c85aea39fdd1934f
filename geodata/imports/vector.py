"""Features through GDAL: GeoPackage, Shapefile, GML, GeoJSON and OpenStreetMap extracts."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import NDArray
from pyogrio import errors

from geodata.crs import EXCHANGE
from geodata.errors import DataError, Finding, shown
from geodata.imports.columns import FIELDS, matched
from geodata.imports.formats import Format, refused
from geodata.imports.kinds import LARGEST_LAYER, Kind
from geodata.imports.osm import CONFIGURATION, LAYERS_OF
from geodata.imports.raw import Asked, Raw
from geodata.imports.repair import repaired
from geodata.imports.text import clean, header_key
from geodata.imports.within import box_in, crs_of, is_within

DRIVERS = {
    Format.OSM: {"OSM"},
    Format.GPKG: {"GPKG"},
    Format.SHAPEFILE: {"ESRI Shapefile"},
    Format.GML: {"GML"},
    Format.GEOJSON: {"GeoJSON"},
}
_OPTIONS: dict[Format, dict[str, str]] = {
    # Nothing is written beside the file, nothing is fetched that it names.
    Format.GML: {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"},
}
_USUAL_LAYERS: dict[Kind, tuple[str, ...]] = {
    Kind.BUILDINGS: ("gbg", "grbgebgbg", "gebouw", "gebouwen", "buildings", "building"),
    Kind.STREETS: ("wegsegment", "wegsegmenten", "wbn", "streets", "roads"),
    Kind.ADDRESSES: ("adres", "adressen", "addresses", "address", "adp", "tbladpadr"),
    Kind.SECTORS: ("sectors", "sh_statbel_statistical_sectors", "statsec", "sectoren"),
    Kind.NEIGHBOURHOODS: ("wijken", "neighbourhoods"),
    Kind.PLACES: ("places", "poi", "voorzieningen"),
}
_SIGNS = "!?#;"
_ERRORS = (
    errors.CRSError,
    errors.DataLayerError,
    errors.DataSourceError,
    errors.FeatureError,
    errors.FieldError,
    errors.GeometryError,
    UnicodeDecodeError,
    ValueError,
)


def read_vector(path: Path, found: Format, asked: Asked) -> Raw:
    """
    Read the features of one layer, or of the layers of an OpenStreetMap extract.

    Raises
    ------
    DataError
        If GDAL cannot read the file, it is in another CRS than it says, or holds no layer that
        could be meant.
    """
    _require_plain_name(path)
    try:
        with _remarking(asked), _options(found) as options:
            parts = [
                _layer(path, found, layer, options, asked) for layer in _layers(path, found, asked)
            ]
    except _ERRORS as error:
        raise refused(path, "file", f"{found} that can be read", shown(str(error))) from error
    frames = [part.frame for part in parts if len(part.frame)]
    frame = pd.concat(frames).fillna("") if frames else parts[0].frame
    read, outside = sum(part.read for part in parts), sum(part.outside for part in parts)
    return Raw(frame, read, outside, is_osm=found is Format.OSM, crs=parts[0].crs)


def read_cells(path: Path, sheet: str | None, tell_of: Asked) -> pd.DataFrame:
    """Return a sheet of a workbook as text, its first row as headers; the first one usually."""
    _require_plain_name(path)
    options = {"HEADERS": "FORCE", "FIELD_TYPES": "STRING"}
    try:
        with _remarking(tell_of):
            names = [str(name) for name, _ in pyogrio.list_layers(path)]
            layer = sheet if sheet is not None else next(iter(names), "")
            if layer not in names:
                raise refused(path, "sheet", f"one of {shown(names)}", shown(layer))
            info = pyogrio.read_info(path, layer=layer, **options)
            if info["driver"] != "XLSX":
                raise refused(path, "file", "a workbook (XLSX)", shown(info["driver"]))
            frame = pyogrio.read_dataframe(path, layer=layer, read_geometry=False, **options)
    except _ERRORS as error:
        raise refused(path, "file", "a workbook that can be read", shown(str(error))) from error
    return frame.fillna("").astype(str)


def _require_plain_name(path: Path) -> None:
    """Refuse what would be read as an address or as a way into an archive."""
    if any(sign in str(path) for sign in _SIGNS):
        raise refused(path, "file", f"a name without any of {_SIGNS}", shown(str(path)))


@contextmanager
def _remarking(asked: Asked) -> Iterator[None]:
    """Turn what GDAL warns of into remarks."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        yield
    for warning in heard:
        asked.journal.remark(str(warning.message))


@contextmanager
def _options(found: Format) -> Iterator[dict[str, str]]:
    if found is not Format.OSM:
        yield _OPTIONS.get(found, {})
        return
    with TemporaryDirectory(prefix="netmon-osm-") as folder:
        file = Path(folder) / "osm.ini"
        file.write_text(CONFIGURATION, encoding="utf-8")
        yield {"CONFIG_FILE": str(file)}


def _layers(path: Path, found: Format, asked: Asked) -> list[str]:
    if found is Format.OSM:
        if asked.kind not in LAYERS_OF:
            others = ", ".join(LAYERS_OF)
            raise refused(path, "kind", f"{others} from OpenStreetMap", asked.kind)
        return list(LAYERS_OF[asked.kind])
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if asked.layer is not None:
        chosen = [name for name in names if name == asked.layer]
    elif len(names) == 1:
        chosen = names
    else:
        usual = _USUAL_LAYERS.get(asked.kind, ())
        chosen = [name for name in names if name.lower() in usual]
    if len(chosen) != 1:
        expected = "one layer that is meant (`--layer`)"
        raise refused(path, "layer", expected, shown(asked.layer or names))
    return chosen


def _layer(path: Path, found: Format, layer: str, options: Mapping[str, str], asked: Asked) -> Raw:
    info = pyogrio.read_info(path, layer=layer, **options)
    if info["driver"] not in DRIVERS[found]:
        raise refused(path, "file", found, shown(info["driver"]))
    if info["features"] > LARGEST_LAYER:
        raise refused(path, layer, f"at most {LARGEST_LAYER} features", str(info["features"]))
    fields = _fields(info["fields"], asked)
    box, crs = _box_and_crs(info, path.name, asked, is_osm=found is Format.OSM)
    asked.tell(f"reading {shown(layer)}")
    meta, numbers, shapes, values = pyogrio.raw.read(
        path,
        layer=layer,
        columns=list(fields.values()),
        force_2d=True,
        bbox=box,
        return_fids=True,
        **options,
    )
    by_header = dict(zip(meta["fields"], values, strict=True))
    texts = {name: texts_of(by_header[header]) for name, header in fields.items()}
    rows = _row_names(numbers, texts, is_osm=found is Format.OSM)
    geometries = repaired(shapes, rows, asked.journal)
    frame = gpd.GeoDataFrame(
        texts, geometry=geometries, crs=crs, index=pd.Index(rows, dtype=object)
    )
    total = max(info["features"], len(rows))
    return _inside(frame.to_crs(EXCHANGE), total, crs, asked)


def _fields(headers: NDArray[np.object_], asked: Asked) -> dict[str, str]:
    by_key = {header_key(str(header)): str(header) for header in headers}
    found = matched(by_key, FIELDS[asked.kind], asked.columns)
    return {name: by_key[key] for name, key in found.items()}


def _box_and_crs(
    info: dict[str, Any], file: str, asked: Asked, *, is_osm: bool
) -> tuple[tuple[float, float, float, float] | None, str]:
    """Return what to read of a layer, and its CRS."""
    bounds = info["total_bounds"]
    if is_osm or bounds is None:
        return None, info["crs"] or EXCHANGE
    if not np.isfinite(bounds).all():
        raise DataError([Finding(file, "", "geometry", "finite coordinates", shown(bounds))])
    west, south, east, north = (float(edge) for edge in bounds)
    crs = crs_of((west, south, east, north), file, info["crs"])
    return (None if asked.area is None else box_in(asked.area, crs)), crs


def _row_names(
    numbers: NDArray[np.int64], texts: Mapping[str, list[str]], *, is_osm: bool
) -> list[object]:
    """Return what each row is called: its element in OpenStreetMap, else its number."""
    if not is_osm:
        return [int(number) for number in numbers]
    own = texts.get("id") or [""] * len(numbers)
    ways = texts.get("way") or [""] * len(numbers)
    pairs = zip(own, ways, strict=True)
    return [f"way/{way}" if way else f"osm/{one}" for one, way in pairs]


def _inside(frame: gpd.GeoDataFrame, read: int, crs: str, asked: Asked) -> Raw:
    if asked.area is None:
        return Raw(frame, read, 0, crs=crs)
    placed = frame[frame.geometry.notna()]
    inside = placed[is_within(placed.geometry.to_numpy(), asked.area)]
    unplaced = len(frame) - len(placed)
    return Raw(inside, read, read - unplaced - len(inside), crs=crs)


def texts_of(values: NDArray[Any]) -> list[str]:
    """Return the values of a column as clean text, empty where there is none."""
    return [_text(value) for value in values.tolist()]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return clean(value)
        case float():
            return "" if value != value else f"{value:.15g}"  # noqa: PLR0124 - NaN alone differs from itself
    return clean(str(value))
