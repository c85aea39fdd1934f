"""Tables of text: CSV as cities write it, and workbooks."""

import codecs
import csv
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from pandas.errors import ParserError, ParserWarning

from geodata.errors import shown
from geodata.imports.formats import Format, refused
from geodata.imports.raw import Asked
from geodata.imports.text import header_key
from geodata.imports.vector import read_cells

ROWS_AT_ONCE = 100_000
MOST_COLUMNS = 500
LONGEST_FIELD = 1_000_000

_DELIMITERS = ";,\t|"
_HEADER_BYTES = 65_536
_BAD_LINE = re.compile(r"line (\d+): expected (\d+) fields, saw (\d+)")


def pieces(path: Path, found: Format, asked: Asked) -> Iterator[pd.DataFrame]:
    """
    Yield a table piece by piece, all text, columns as `header_key` names them.

    The index is the number of the row, counted from 0. Lines with too many fields are refused
    in the journal and left out.

    Raises
    ------
    DataError
        If the file is no table, or two of its headers are the same.
    """
    if found is Format.XLSX:
        yield _named(read_cells(path, asked.layer, asked), path)
        return
    encoding = _encoding(path, asked)
    header = _header(path, encoding)
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always", ParserWarning)
            with pd.read_csv(
                path,
                sep=delimiter,
                dtype=str,
                keep_default_na=False,
                index_col=False,
                encoding=encoding,
                on_bad_lines="warn",
                chunksize=ROWS_AT_ONCE,
            ) as reader:
                for piece in reader:
                    yield _named(piece.fillna(""), path)
                    _tell_bad_lines(heard, asked)
            _tell_bad_lines(heard, asked)
    except (ParserError, UnicodeError, ValueError, OverflowError, csv.Error) as error:
        raise refused(path, "file", "a table (CSV)", shown(str(error))) from error


def _encoding(path: Path, asked: Asked) -> str:
    """Return UTF-8, or what Windows writes in Flanders where the file is no UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(2**20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        asked.journal.remark("no UTF-8: read as Windows-1252")
        return "cp1252"
    return "utf-8-sig"


def _header(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        header = file.readline(_HEADER_BYTES)
    if not header.endswith(("\n", "\r")) and len(header) == _HEADER_BYTES:
        raise refused(path, "header", f"a line of at most {_HEADER_BYTES} characters", "a longer")
    if header.count(max(_DELIMITERS, key=header.count)) > MOST_COLUMNS:
        raise refused(path, "header", f"at most {MOST_COLUMNS} columns", "more")
    return header


def _named(piece: pd.DataFrame, path: Path) -> pd.DataFrame:
    keys = [header_key(str(name)) for name in piece.columns]
    repeated = sorted({key for key in keys if key and keys.count(key) > 1})
    if repeated:
        raise refused(path, "header", "each name once", f"{shown(repeated[0])} twice")
    return piece.set_axis(keys, axis="columns").astype(object)


def _tell_bad_lines(heard: list[warnings.WarningMessage], asked: Asked) -> None:
    """Refuse each line that pandas skipped."""
    for warning in heard:
        for line, expected, saw in _BAD_LINE.findall(str(warning.message)):
            asked.journal.refuse(f"line {line}", "fields", f"{expected} of them", saw)
    heard.clear()
