"""Which format a file has, by what it begins with: a name can lie, and a driver believes much."""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from geodata.errors import DataError, Finding, shown


class Format(StrEnum):
    """What is read, and by whom: GDAL except for tables and Overpass."""

    OSM = "OpenStreetMap"
    OVERPASS = "Overpass JSON"
    GEOJSON = "GeoJSON"
    GPKG = "GeoPackage"
    SHAPEFILE = "Shapefile"
    GML = "GML"
    XLSX = "XLSX"
    CSV = "CSV"


KNOWN = "OSM (.osm.pbf, .osm), Overpass JSON, GeoJSON, GeoPackage, Shapefile, GML, XLSX or CSV"

LARGEST_BYTES = 4 * 2**30
LARGEST_JSON_BYTES = 256 * 2**20
LARGEST_UNPACKED_BYTES = 512 * 2**20
MOST_MEMBERS = 1000

_HEAD_BYTES = 8192
_CHUNK_BYTES = 2**20
_MAGIC = (
    (b"SQLite format 3\0", Format.GPKG),
    (b"\x00\x00\x27\x0a", Format.SHAPEFILE),
    (b"PK\x03\x04", Format.XLSX),
)
_XML = (Format.GML, Format.OSM)
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError)
"""What `zipfile` raises of broken, encrypted and unknown archives."""

_FORBIDDEN_XML = (b"<!DOCTYPE", b"<!ENTITY")


def format_of(path: Path) -> Format:
    """
    Return the format of a file that may be read.

    Raises
    ------
    DataError
        If it is no regular file, empty, too large, of no known format, or made to harm: an
        archive that unpacks to more than `LARGEST_UNPACKED_BYTES`, XML with entities.
    """
    size = size_of(path)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    found = _by_content(head)
    if found is None:
        raise refused(path, "file", KNOWN, shown(head[:16]))
    if found in {Format.OVERPASS, Format.GEOJSON} and size > LARGEST_JSON_BYTES:
        raise refused(path, "file", f"JSON of at most {LARGEST_JSON_BYTES} bytes", f"{size} bytes")
    if found is Format.XLSX:
        _require_workbook(path)
    if found in _XML and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        _require_plain_xml(path)
    return found


def refused(path: Path, key: str, expected: str, found: str) -> DataError:
    """Return the error for a whole file."""
    return DataError([Finding(shown(path.name).strip("'"), "", key, expected, found)])


def size_of(path: Path) -> int:
    """Return the bytes of a regular file that may be read; raises `DataError` for all else."""
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:
        raise refused(path, "file", "one that can be read", shown(str(error))) from error
    if not stat.S_ISREG(facts.st_mode):
        what = "a folder" if stat.S_ISDIR(facts.st_mode) else "something else"
        raise refused(path, "file", "a regular file", what)
    if not os.access(path, os.R_OK):
        raise refused(path, "file", "one that can be read", "no permission")
    if not 0 < facts.st_size <= LARGEST_BYTES:
        raise refused(path, "file", f"1 to {LARGEST_BYTES} bytes", f"{facts.st_size} bytes")
    return facts.st_size


def _by_content(head: bytes) -> Format | None:
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if b"OSMHeader" in head[:64]:
        return Format.OSM
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return _json_format(text)
    if text.startswith(b"<"):
        return _xml_format(text)
    return None if b"\0" in head or not text else Format.CSV


def _json_format(text: bytes) -> Format | None:
    if b'"FeatureCollection"' in text:
        return Format.GEOJSON
    return Format.OVERPASS if b'"elements"' in text or b'"osm3s"' in text else None


def _xml_format(text: bytes) -> Format | None:
    """Return GML or OSM; never what tells GDAL to open other files (VRT, WFS)."""
    if b"OGRVRT" in text or b"<OGRWFS" in text:
        return None
    if b"<osm " in text:
        return Format.OSM
    return Format.GML if b"opengis.net/gml" in text else None


def _require_plain_xml(path: Path) -> None:
    """Refuse XML that defines entities, which can unpack to gigabytes or name other files."""
    for window in _windows(path):
        for word in _FORBIDDEN_XML:
            if word in window:
                raise refused(path, "file", "XML without DOCTYPE and entities", word.decode())


def _windows(path: Path) -> Iterator[bytes]:
    """Yield the file in pieces that overlap by more than a word."""
    with path.open("rb") as file:
        kept = b""
        while piece := file.read(_CHUNK_BYTES):
            yield kept + piece
            kept = piece[-16:]


def _require_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _BROKEN as error:
        raise refused(path, "file", "a workbook (XLSX)", shown(str(error))) from error
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise refused(path, "file", "a workbook (XLSX), or what the archive holds", "an archive")
    size = sum(member.file_size for member in members)
    if size > LARGEST_UNPACKED_BYTES or len(members) > MOST_MEMBERS:
        expected = f"at most {MOST_MEMBERS} parts and {LARGEST_UNPACKED_BYTES} bytes unpacked"
        raise refused(path, "file", expected, f"{len(members)} parts, {size} bytes")
    _require_plain_members(path, members)


def _require_plain_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Unpack once, bounded by what each part claims: a part that lies ends the reading."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in members:
                with archive.open(member) as part:
                    head = part.read(_HEAD_BYTES)
                    if any(word in head for word in _FORBIDDEN_XML):
                        raise refused(path, "file", "XML without entities", shown(member.filename))
                    while part.read(_CHUNK_BYTES):
                        pass
    except _BROKEN as error:
        raise refused(path, "file", "a workbook (XLSX)", shown(str(error))) from error
