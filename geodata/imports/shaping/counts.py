"""People and incomes by sector or neighbourhood: tables without geometry."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from geodata.imports.columns import GROUPS
from geodata.imports.journal import Journal
from geodata.imports.raw import Raw
from geodata.imports.shaping.naming import column
from geodata.imports.text import number_of

PEOPLE = ("people", *GROUPS)
INCOMES = ("income_median_eur", "income_mean_eur", "declarations")

_LARGEST = 1e12
_WHOLE = frozenset((*PEOPLE, "declarations"))


def newest_year(raw: Raw) -> tuple[Raw, str]:
    """Return only the rows of the last year that a table holds, and that year; else all of it."""
    years = column(raw.frame, "year")
    last = max((year for year in years if year.isdigit()), default="")
    if not last:
        return raw, ""
    kept = raw.frame[np.array(years) == last]
    return Raw(kept, raw.read, raw.outside, raw.is_osm, raw.crs, last), last


def shape_counts(
    raw: Raw, fields: Sequence[str], known: frozenset[str], journal: Journal
) -> gpd.GeoDataFrame:
    """
    Return one row an area: `id` and a number (or None) for each field that the table has.

    Areas that are not the city's (`known`) are left out in silence: such tables hold a whole
    country. What is the city's and cannot be read is refused.
    """
    codes = [code.upper() for code in column(raw.frame, "id")]
    own = raw.frame[np.isin(codes, list(known))]
    present = [name for name in fields if name in own]
    rows: dict[str, dict[str, float | None]] = {}
    values = {name: column(own, name) for name in present}
    for at, (row, code) in enumerate(zip(own.index, column(own, "id"), strict=True)):
        numbers = {name: _number(name, values[name][at], row, journal) for name in present}
        if any(value != value for value in numbers.values()):  # noqa: PLR0124 - NaN: told already
            continue
        if code.upper() in rows:
            journal.refuse(row, "id", "each area once", code)
            continue
        rows[code.upper()] = numbers
    codes = sorted(rows)
    facts = {name: np.array([rows[code][name] for code in codes], dtype=object) for name in present}
    return gpd.GeoDataFrame({"id": codes, **facts}, geometry=[None] * len(codes), crs=4326)


def _number(name: str, text: str, row: object, journal: Journal) -> float | None:
    """Return a count or an amount, None where the cell is empty, NaN where it is refused."""
    if not text:
        return None
    value = number_of(text)
    if value is None or not 0 <= value <= _LARGEST:
        journal.refuse(row, name, "a number, 0 or more", text)
        return float("nan")
    if name in _WHOLE and value != int(value):
        journal.refuse(row, name, "whole people (is the point a thousands sign?)", text)
        return float("nan")
    return int(value) if name in _WHOLE else value
