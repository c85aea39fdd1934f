"""The calibration of the radio map: one small file beside the stores, whole or as it was before."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from geodata.calibration import Calibration
from netmon.domain.errors import StoreError
from netmon.storage.archive import new_file, sync_folder

FILE = "calibration.json"
LARGEST_BYTES = 2**22


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """
    A calibration and where it is from; the track itself is not kept.

    `made_for` says of each device what it was measured as: an offset holds for nothing else.
    `vintage` is the days of the walk, `sha256` that of its file. `is_synthetic` where the walk
    or the access points were invented.
    """

    calibration: Calibration
    made_for: Mapping[str, str]
    vintage: str
    sha256: str
    fitted_at: datetime
    readings: int
    is_synthetic: bool


_STORED = TypeAdapter(StoredCalibration)


def keep_calibration(folder: Path, stored: StoredCalibration) -> Path:
    """Replace the calibration in a data folder; return its file."""
    path = folder / FILE
    passing = folder / f".{FILE}"
    passing.unlink(missing_ok=True)
    with new_file(passing) as file:
        file.write(_STORED.dump_json(stored, indent=1) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    passing.replace(path)
    sync_folder(folder)
    return path


def stored_calibration(folder: Path) -> StoredCalibration | None:
    """
    Return the calibration of a data folder, None where there is none.

    Raises
    ------
    StoreError
        If the file is not one that netmon wrote.
    """
    path = folder / FILE
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        return None
    expected = f"{path}: calibration: expected what `netmon calibrate` wrote, found"
    if len(content) > LARGEST_BYTES:
        raise StoreError(f"{expected} more than {LARGEST_BYTES} bytes")
    try:
        stored = _STORED.validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise StoreError(f"{expected} {first['type']} at {where[:80] or 'its beginning'}") from None
    made = stored.calibration
    numbers = (*made.offsets_db.values(), made.slope_db_per_decade, made.rmse_db, made.before_db)
    if not all(map(math.isfinite, numbers)):
        raise StoreError(f"{expected} a number that is not finite")
    return stored
