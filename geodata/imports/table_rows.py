"""A table as rows within the city: read piece by piece, only what is in the city is kept."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.crs import EXCHANGE
from geodata.imports.columns import FIELDS, matched
from geodata.imports.formats import Format, refused
from geodata.imports.kinds import LARGEST_LAYER, LAYERS, Family, Kind
from geodata.imports.points import Placed, positions
from geodata.imports.raw import Asked, Raw
from geodata.imports.table import ROWS_AT_ONCE, pieces
from geodata.imports.text import clean, is_formula
from geodata.imports.within import is_within

_UNPLACED = frozenset({Kind.PLACES})
"""Kinds whose rows may lack a position: they wait to be located."""


def read_table(path: Path, found: Format, asked: Asked) -> Raw:
    """
    Read a table into rows with text and, where the kind has places, a point.

    Raises
    ------
    DataError
        If it is no table, has too many rows, or lacks the columns that say where rows are.
    """
    frames, read, outside = [], 0, 0
    for piece in pieces(path, found, asked):
        read += len(piece)
        if read > LARGEST_LAYER:
            raise refused(path, "rows", f"at most {LARGEST_LAYER}", "more")
        frame, elsewhere = _kept(piece, path, asked)
        frames.append(frame)
        outside += elsewhere
        if len(piece) == ROWS_AT_ONCE:
            asked.tell(f"{read} rows read, {sum(map(len, frames))} kept")
    if not read:
        raise refused(path, "rows", "at least one", "none")
    return Raw(pd.concat(frames), read, outside, crs=EXCHANGE)


def _kept(piece: pd.DataFrame, path: Path, asked: Asked) -> tuple[gpd.GeoDataFrame, int]:
    """Return the rows in the city with the fields of the kind, and how many lie elsewhere."""
    piece = piece.set_axis(pd.Index([int(row) for row in piece.index], dtype=object))
    nowhere = gpd.GeoSeries([None] * len(piece), index=piece.index, crs=EXCHANGE)
    points, keeps, elsewhere = nowhere, np.ones(len(piece), dtype=bool), 0
    if LAYERS[asked.kind].family is not Family.NONE:
        placed = positions(piece, asked.columns, asked.journal)
        _require_places(placed, path, asked)
        if placed is not None:
            points = placed.points
            keeps, elsewhere = _in_city(placed, asked)
    texts = _texts(piece[keeps], asked)
    frame = gpd.GeoDataFrame(texts, geometry=points[keeps], crs=EXCHANGE)
    return frame[_is_plain(texts, asked)], elsewhere


def _in_city(placed: Placed, asked: Asked) -> tuple[NDArray[np.bool_], int]:
    """Return which rows to keep, and how many lie outside the city."""
    is_placed = placed.points.notna().to_numpy()
    if asked.area is None:
        return is_placed, 0
    inside = is_within(placed.points.to_numpy(), asked.area)
    waits = ~is_placed & ~placed.is_refused if asked.kind in _UNPLACED else False
    return inside | waits, int((is_placed & ~inside).sum())


def _texts(piece: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    fields = matched(piece.columns, FIELDS[asked.kind], asked.columns)
    texts = {name: piece[header].map(clean) for name, header in fields.items()}
    return pd.DataFrame(texts, index=piece.index, dtype=object)


def _require_places(placed: Placed | None, path: Path, asked: Asked) -> None:
    family = LAYERS[asked.kind].family
    if family is not Family.POINTS:
        raise refused(path, "file", f"{family} for {asked.kind}", "a table, which has none")
    if placed is None and asked.kind not in _UNPLACED:
        expected = "columns for lon and lat, or x and y"
        raise refused(path, "header", f"{expected} (`--column`)", "none of them")


def _is_plain(texts: pd.DataFrame, asked: Asked) -> "pd.Series[bool]":
    """Tell which rows hold text only; a formula would be computed by whoever opens an export."""
    is_plain = pd.Series(data=True, index=texts.index)
    for name in texts.columns:
        suspects = texts[name].str.startswith(("=", "+", "-", "@"))
        for row, text in texts.loc[suspects, name].items():
            if is_formula(text):
                asked.journal.refuse(row, name, "text", f"a formula: {text[:20]}")
                is_plain[row] = False
    return is_plain
