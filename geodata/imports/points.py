"""Where the rows of a table are: lon and lat, x and y, or both in one column."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.crs import EXCHANGE, LAMBERT_72, METRIC, lambert_of
from geodata.imports.columns import POSITIONS, matched
from geodata.imports.journal import Journal
from geodata.imports.text import number_of

Numbers = NDArray[np.float64]

_LARGEST = 180.0
_PAIRS = (("lon", "lat"), ("x", "y"))


@dataclass(frozen=True, slots=True)
class Placed:
    """
    A point per row in EPSG:4326, None where a row has no position.

    `is_refused` says which rows have one that cannot be used.
    """

    points: gpd.GeoSeries
    is_refused: NDArray[np.bool_]


def positions(table: pd.DataFrame, chosen: Mapping[str, str], journal: Journal) -> Placed | None:
    """
    Return where the rows of a table are; None where it has no columns for it.

    A row whose numbers are none, or lie in no CRS that is known, is refused in the journal.
    """
    headers = matched(table.columns, POSITIONS, chosen)
    pair = next((pair for pair in _PAIRS if headers.keys() >= set(pair)), None)
    if pair is not None:
        first, second = (table[headers[name]] for name in pair)
    elif "lat_lon" in headers:
        split = table[headers["lat_lon"]].str.strip("()[] ").str.split(r"[,;]\s*", n=1, regex=True)
        first, second = (split.str[at].fillna("") for at in (1, 0))
    else:
        return None
    return _points(first, second, journal, pair or ("lon", "lat"))


def _points(
    first: "pd.Series[str]", second: "pd.Series[str]", journal: Journal, names: tuple[str, str]
) -> Placed:
    x, y = numbers(first), numbers(second)
    is_written = (first.str.strip() != "").to_numpy() | (second.str.strip() != "").to_numpy()
    made = gpd.GeoSeries(np.full(len(x), None, dtype=object), index=first.index, crs=EXCHANGE)
    is_placed = np.zeros(len(x), dtype=bool)
    codes = _crs_of_each(x, y)
    for crs in (EXCHANGE, LAMBERT_72, METRIC):
        rows = codes == crs
        if rows.any():
            points = gpd.GeoSeries(gpd.points_from_xy(x[rows], y[rows]), crs=crs)
            made[rows] = points.to_crs(EXCHANGE).to_numpy()
            is_placed |= rows
    is_refused = is_written & ~is_placed
    for at in np.flatnonzero(is_refused):
        row = first.index[at]
        expected = "degrees, or metres of Belgian Lambert 72 or 2008"
        journal.refuse(row, ",".join(names), expected, f"{first.iloc[at]}, {second.iloc[at]}")
    return Placed(made, is_refused)


def _crs_of_each(x: Numbers, y: Numbers) -> NDArray[np.str_]:
    """Return the CRS of each pair, empty where it is in none; 0, 0 is nowhere."""
    codes = np.full(len(x), "", dtype="U10")
    known = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    degrees = known & (np.abs(x) <= _LARGEST) & (np.abs(y) <= _LARGEST / 2)
    codes[degrees] = EXCHANGE
    for row in np.flatnonzero(known & ~degrees):
        codes[row] = lambert_of(x[row], y[row]) or ""
    return codes


def numbers(texts: "pd.Series[str]") -> Numbers:
    """Return a column as numbers; NaN where a text is none."""
    quick: Numbers = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float, copy=True)
    quick[~np.isfinite(quick)] = np.nan
    for row in np.flatnonzero(np.isnan(quick)):
        value = number_of(texts.iloc[row])
        quick[row] = np.nan if value is None else value
    return quick
