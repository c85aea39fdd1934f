"""
A CSV file that a Belgian Excel opens right by a double click, and that is safe to open.

UTF-8 with a byte order mark, semicolons, decimal commas, CRLF, dates as `14/10/2026 10:05`
in local time. One long table, so that a filter or a pivot table is all that it takes.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from netmon.words.clean import clean

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
DECIMALS = 6
FORMULA_STARTS = ("=", "+", "-", "@")
_QUOTES = "\"'`\u2018\u2019\u201c\u201d "

Value = str | bool | int | float | date | datetime | None
"""What a cell may hold; None is an empty one, instants are aware."""


def written(columns: Sequence[str], rows: Iterable[Mapping[str, Value]], zone: ZoneInfo) -> bytes:
    """Return a table as the bytes of a CSV file; what a row has nothing of is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(column), zone) for column in columns])
    return (BOM + text.getvalue()).encode()


def cell(value: Value, zone: ZoneInfo) -> str:
    """Return a value as Excel with Belgian settings reads it."""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%d/%m/%Y %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else _number(value)


def inert(text: str) -> str:
    """Return text from outside as text that no spreadsheet takes for a formula."""
    shown = clean(text)
    # Full-width signs count, too, and a quote before a sign may be taken off by what reads it.
    begins = unicodedata.normalize("NFKC", shown.lstrip(_QUOTES))
    return f"'{shown}" if begins.startswith(FORMULA_STARTS) else shown


def _number(value: float) -> str:
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace(".", ",")
