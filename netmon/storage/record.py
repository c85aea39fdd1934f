"""The record: runs, and the newest look of each check. One process writes it."""

from netmon.storage.record_reader import RecordReader
from netmon.storage.record_rows import FILE, OPEN_S, Key, LatestLook, Runs, Step, Strangers
from netmon.storage.record_writer import RecordWriter

__all__ = [
    "FILE",
    "OPEN_S",
    "Key",
    "LatestLook",
    "RecordReader",
    "RecordWriter",
    "Runs",
    "Step",
    "Strangers",
]
