"""Recorded runs as tests like to compare them: one flat row each."""

from pathlib import Path
from typing import NamedTuple

from netmon.domain.model import Status
from netmon.storage.record import OPEN_S, RecordReader


class StoredRun(NamedTuple):
    """A run as it lies in the record; `end_s` is None while it is open."""

    device_id: str
    check: str
    start_s: int
    end_s: int | None
    status: Status
    is_usable: bool
    reason: str


def stored_runs(folder: Path) -> list[StoredRun]:
    """Return every run of a store, by device, check and start."""
    reader = RecordReader(folder)
    runs = [
        StoredRun(*key, span.start_s, None if span.end_s == OPEN_S else span.end_s, *span[2:])
        for key, spans in reader.runs_between(0, OPEN_S).items()
        for span in spans
    ]
    reader.close()
    return runs
