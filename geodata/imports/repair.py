"""Rings that are open, degenerate or cross themselves: repaired, or told and left out."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.validation import explain_validity

from geodata.imports.journal import Journal


def repaired(
    written: NDArray[np.object_] | None, rows: Sequence[object], journal: Journal
) -> NDArray[np.object_]:
    """
    Return valid geometries from well-known binary; None where there is none to be had.

    What had to be changed is counted as repaired; what cannot be is refused in the journal.
    """
    if written is None:
        return np.full(len(rows), None, dtype=object)
    strict = shapely.from_wkb(written, on_invalid="ignore")
    was_written = np.array([each is not None for each in written], dtype=bool)
    is_broken = was_written & shapely.is_missing(strict)
    made = strict.copy()
    made[is_broken] = [_closed(each) for each in written[is_broken]]
    return valid(made, rows, journal, was_written=was_written, was_open=is_broken)


def valid(
    shapes: NDArray[np.object_],
    rows: Sequence[object],
    journal: Journal,
    *,
    was_written: NDArray[np.bool_],
    was_open: NDArray[np.bool_],
) -> NDArray[np.object_]:
    """Return the shapes made valid; what is empty, not finite or beyond repair is refused."""
    made = shapes.copy()
    is_finite = np.array([_is_finite(each) for each in made], dtype=bool)
    is_bad = is_finite & ~shapely.is_valid(made) & ~shapely.is_missing(made)
    before = made[is_bad]
    made[is_bad] = shapely.make_valid(before, method="structure", keep_collapsed=False)
    is_lost = was_written & (shapely.is_missing(made) | shapely.is_empty(made) | ~is_finite)
    for row in np.flatnonzero(is_lost):
        journal.refuse(rows[int(row)], "geometry", "one that can be repaired", _fault(shapes[row]))
    made[is_lost] = None
    journal.repaired += int(((is_bad | was_open) & ~is_lost).sum())
    return made


def _closed(written: bytes) -> shapely.Geometry | None:
    """Return a geometry whose rings were open, closed; None where it cannot be read at all."""
    found: shapely.Geometry | None = shapely.from_wkb([written], on_invalid="fix")[0]
    return found


def _is_finite(shape: shapely.Geometry | None) -> bool:
    return shape is None or bool(np.isfinite(shapely.get_coordinates(shape)).all())


def _fault(shape: shapely.Geometry | None) -> str:
    if shape is None:
        return "rings that do not close, or too few corners"
    if not _is_finite(shape):
        return "coordinates that are no numbers"
    return "nothing" if shape.is_empty else str(explain_validity(shape))
