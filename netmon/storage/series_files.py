"""The files of series: one of raw points for each UTC day, and one of summaries."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import apsw

from netmon.domain.intervals import epoch_s, instant
from netmon.domain.series import Series
from netmon.domain.week import DAY_S
from netmon.storage.connection import open_writer

logger = logging.getLogger(__name__)

FOLDER = "series"
ROLLUPS = "rollup.db"
DAMAGED = (apsw.CorruptError, apsw.NotADBError)
"""What SQLite raises for a file that is none of its own, or not any more."""

SIDES = ("", "-wal", "-shm", "-journal")
_RAW = re.compile(r"raw-(\d{4}-\d{2}-\d{2})\.db(?:\.damaged-\d+)?")

Result = TypeVar("Result")


def folder_of(store: Path) -> Path:
    """Return where a store keeps its series."""
    return store / FOLDER


def raw_path(folder: Path, day_s: int) -> Path:
    """Return the file of the points of a UTC day; `day_s` is any second of it."""
    return folder / f"raw-{instant(day_s):%Y-%m-%d}.db"


def day_of(path: Path) -> int | None:
    """Return when the day of a raw file begins, None where it is no such file."""
    found = _RAW.fullmatch(path.name)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    return epoch_s(datetime(day.year, day.month, day.day, tzinfo=UTC))


def raw_days(folder: Path) -> list[int]:
    """Return the days of which there are points, in epoch seconds, ascending."""
    return sorted(day_s for path in folder.glob("raw-*.db") if (day_s := day_of(path)) is not None)


@contextmanager
def opened(path: Path, origin: str) -> Iterator[apsw.Connection]:
    """
    Open a file of series for writing; one that is damaged is set aside and begun anew.

    What is damaged may only show later; then what the block raises goes on, and the file is set
    aside, too.
    """
    try:
        db = open_writer(path, origin=origin)
    except DAMAGED as error:
        set_aside(path, error)
        db = open_writer(path, origin=origin)
    try:
        with closing(db):
            yield db
    except DAMAGED as error:
        set_aside(path, error)
        raise


def set_aside(path: Path, error: Exception) -> None:
    """Rename a damaged file and what belongs to it, and tell it in one line."""
    number = sum(1 for _ in path.parent.glob(f"{path.name}.damaged-*")) + 1
    aside = f"{path.name}.damaged-{number}"
    for side in SIDES:
        old = path.with_name(path.name + side)
        if old.exists():
            old.rename(path.with_name(aside + side))
    logger.error("series=%s is damaged, set aside as %s: %s", path, aside, error)


def unlink(path: Path) -> None:
    """Remove a file of series and what belongs to it."""
    for side in SIDES:
        path.with_name(path.name + side).unlink(missing_ok=True)


def series_ids(db: apsw.Connection, wanted: set[Series]) -> dict[Series, int]:
    """Return the number of each series in a file, those that are new there included."""
    known = _known(db)
    fresh = sorted(wanted - known.keys())
    if fresh:
        db.executemany("INSERT INTO series (device_id, measurement, label) VALUES (?, ?, ?)", fresh)
        known = _known(db)
    return known


def _known(db: apsw.Connection) -> dict[Series, int]:
    rows = db.execute("SELECT id, device_id, measurement, label FROM series")
    return {Series(*which): number for number, *which in rows}


def second_try(work: Callable[[], Result]) -> Result:
    """Do what a damaged file kept from being done once more: it was set aside meanwhile."""
    try:
        return work()
    except DAMAGED:
        return work()


def newest_day_s(now_s: int) -> int:
    """Return when the UTC day of an instant began."""
    return now_s - now_s % DAY_S
