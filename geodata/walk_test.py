"""
Walk tests: what a phone heard where, as CSV or GPX that anybody may have written.

GPX has no word for Wi-Fi: what a point's `extensions` say of `bssid` and `rssi`, in any namespace,
is taken. GDAL's driver knows extensions but gives no values of these, so expat reads them; it
refuses a DOCTYPE before it could define anything.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.parsers import expat

from geodata.errors import Finding, shown
from geodata.imports.formats import refused, size_of
from geodata.imports.text import header_key, number_of

LARGEST_BYTES = 64 * 2**20
MOST_READINGS = 1_000_000
MOST_FINDINGS = 20
_CHUNK_BYTES = 2**16
_LONGEST_TEXT = 100

COLUMNS = {
    "lon": ("lon", "longitude", "lng", "currentlongitude"),
    "lat": ("lat", "latitude", "currentlatitude"),
    "bssid": ("bssid", "mac", "netid"),
    "rssi_dbm": ("rssi_dbm", "rssi", "signal", "signal_dbm", "level"),
    "frequency_mhz": ("frequency_mhz", "frequency", "freq"),
    "time": ("time", "timestamp", "firstseen"),
}
_NEEDED = ("lon", "lat", "bssid", "rssi_dbm")
_MAC = re.compile(r"[0-9a-f]{12}")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """One look: where (EPSG:4326), which sender, how strong; None where it was not said."""

    lon: float
    lat: float
    bssid: str
    rssi_dbm: float
    frequency_mhz: float | None = None
    day: date | None = None


@dataclass(slots=True)
class Walk:
    """The readings of one file, and what was wrong with others: counted all, the first kept."""

    readings: list[Reading] = field(default_factory=list)
    refused: int = 0
    findings: list[Finding] = field(default_factory=list)


def read_walk(path: Path) -> Walk:
    """
    Read a walk test.

    Returns
    -------
    Readings in the order of the file; rows that cannot be understood are refused one by one.

    Raises
    ------
    DataError
        If it is no regular file, too large, neither CSV nor GPX, or nothing in it is a reading.
    """
    size = size_of(path)
    if size > LARGEST_BYTES:
        raise refused(path, "file", f"at most {LARGEST_BYTES} bytes", f"{size} bytes")
    with path.open("rb") as file:
        is_xml = file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    walk = Walk()
    for number, row in enumerate(_gpx_rows(path) if is_xml else _csv_rows(path), 1):
        if number > MOST_READINGS:
            raise refused(path, "file", f"at most {MOST_READINGS} readings", "more")
        _take(walk, path, number, row)
    if not walk.readings:
        why = f", the first: {walk.findings[0]}" if walk.findings else ""
        raise refused(path, "file", "readings with lon, lat, bssid, rssi_dbm", f"none{why}")
    return walk


def _take(walk: Walk, path: Path, number: int, row: dict[str, str]) -> None:
    fault = _fault(row)
    if fault is None:
        walk.readings.append(_reading(row))
        return
    walk.refused += 1
    if len(walk.findings) < MOST_FINDINGS:
        key, expected = fault
        found = shown(row.get(key, ""))
        walk.findings.append(
            Finding(shown(path.name).strip("'"), f"#{number}", key, expected, found)
        )


def _fault(row: dict[str, str]) -> tuple[str, str] | None:
    """Return the key that cannot be understood, and what was expected there."""
    for key, low, high in (("lon", -180, 180), ("lat", -90, 90), ("rssi_dbm", -120, -1)):
        value = number_of(row.get(key, ""))
        if value is None or not low <= value <= high:
            return key, f"a number from {low} to {high}"
    if not _MAC.fullmatch(_plain(row.get("bssid", ""))):
        return "bssid", "a hardware address"
    if (text := row.get("frequency_mhz", "")) and number_of(text) is None:
        return "frequency_mhz", "MHz or nothing"
    return None


def _reading(row: dict[str, str]) -> Reading:
    lon, lat, rssi_dbm = (number_of(row[key]) or 0.0 for key in ("lon", "lat", "rssi_dbm"))
    digits = _plain(row["bssid"])
    bssid = ":".join(digits[at : at + 2] for at in range(0, 12, 2))
    frequency_mhz = number_of(row.get("frequency_mhz", ""))
    return Reading(lon, lat, bssid, rssi_dbm, frequency_mhz, _day(row.get("time", "")))


def _plain(bssid: str) -> str:
    return re.sub(r"[:.\- ]", "", bssid[:_LONGEST_TEXT]).lower()


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text[:_LONGEST_TEXT])
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _csv_rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            header = lines.readline(_CHUNK_BYTES)
            delimiter = max(";,\t", key=header.count)
            names = _names(path, next(csv.reader([header], delimiter=delimiter), []))
            for cells in csv.reader(lines, delimiter=delimiter):
                if cells:
                    yield {name: cells[at].strip() for name, at in names if at < len(cells)}
    except (UnicodeDecodeError, csv.Error) as error:
        raise refused(path, "file", "CSV in UTF-8, or GPX", shown(str(error))) from error


def _names(path: Path, header: Iterable[str]) -> list[tuple[str, int]]:
    """Return our name of each column that is known, and which one it is."""
    keys = [header_key(each) for each in header]
    found: list[tuple[str, int]] = []
    for name, aliases in COLUMNS.items():
        present = [alias for alias in aliases if alias in keys]
        found += [(name, keys.index(alias)) for alias in present[:1]]
    missing = [name for name in _NEEDED if name not in dict(found)]
    if missing:
        expected = f"a column {missing[0]} (also {', '.join(COLUMNS[missing[0]][1:])})"
        raise refused(path, "columns", expected, shown(", ".join(keys)))
    return found


def _gpx_rows(path: Path) -> Iterator[dict[str, str]]:
    parser = _GpxParser()
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK_BYTES):
                yield from parser.feed(piece)
        yield from parser.feed(b"", is_last=True)
    except (expat.ExpatError, ValueError) as error:
        raise refused(path, "file", "GPX, or CSV in UTF-8", shown(str(error))) from error


class _GpxParser:
    """Gathers waypoints and track points with what their extensions say."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._data
        self._parser.EndElementHandler = self._end
        self._row: dict[str, str] | None = None
        self._text = ""
        self._rows: list[dict[str, str]] = []
        self._is_gpx = False

    def feed(self, piece: bytes, *, is_last: bool = False) -> list[dict[str, str]]:
        """Return the points that ended within a piece of the file."""
        self._parser.Parse(piece, is_last)
        ready, self._rows = self._rows, []
        return ready

    def _refuse(self, *_: object) -> None:
        raise ValueError("a DOCTYPE")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _local(name)
        if not self._is_gpx and tag != "gpx":
            raise ValueError(f"<{tag[:_LONGEST_TEXT]}> where <gpx> was expected")
        self._is_gpx = True
        if tag in {"trkpt", "wpt"}:
            self._row = {key: attributes.get(key, "") for key in ("lon", "lat")}
        self._text = ""

    def _data(self, text: str) -> None:
        if len(self._text) <= _LONGEST_TEXT:
            self._text += text[: _LONGEST_TEXT + 1]

    def _end(self, name: str) -> None:
        tag = _local(name)
        if self._row is None:
            return
        if tag in {"trkpt", "wpt"}:
            # Most points of a track carry no Wi-Fi: they are no readings, and no faults.
            if "bssid" in self._row or "rssi_dbm" in self._row:
                self._rows.append(self._row)
            self._row = None
            return
        for key, aliases in COLUMNS.items():
            if tag in aliases and key not in {"lon", "lat"}:
                self._row[key] = self._text.strip()


def _local(name: str) -> str:
    return header_key(name.rpartition(":")[2])
