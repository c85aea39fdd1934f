"""The peer: one row per device and minute, as most monitors keep their history."""

from collections.abc import Iterable, Iterator
from typing import cast

import apsw

from bench.year import MINUTE_S, City
from netmon.analysis.hours import OpeningHours
from netmon.config.calendar import device_rule
from netmon.domain.intervals import Interval, Windows
from netmon.storage.record import RecordReader

SCHEMA = """
CREATE TABLE sample (device_id TEXT, at_s INTEGER, status TEXT,
  PRIMARY KEY (device_id, at_s)) STRICT, WITHOUT ROWID;
CREATE TABLE opened (device_id TEXT, start_s INTEGER, end_s INTEGER) STRICT;
"""


class SampleStore:
    """Samples of some devices over one interval, made from the runs of the same city."""

    def __init__(self, city: City, bounds: Interval, device_ids: list[str]) -> None:
        self._bounds = bounds
        self._windows = dict(_windows(city, bounds, device_ids))
        self._path = city.folder / "samples.db"
        self._db = apsw.Connection(str(self._path))
        self._db.execute(SCHEMA)
        with self._db:
            self._db.executemany("INSERT INTO sample VALUES (?, ?, ?)", self._samples(city))
            self._db.executemany("INSERT INTO opened VALUES (?, ?, ?)", self._opened())
        self.rows = cast(int, self._db.execute("SELECT count(*) FROM sample").get)

    def by_sql(self) -> dict[str, int]:
        """Return the usable seconds of each device with one join of samples and windows."""
        sql = (
            "SELECT o.device_id, ? * sum(s.status = 'up') FROM opened AS o JOIN sample AS s"
            " ON s.device_id = o.device_id AND s.at_s >= o.start_s AND s.at_s < o.end_s"
            " GROUP BY o.device_id"
        )
        return {**dict.fromkeys(self._windows, 0), **dict(self._db.execute(sql, (MINUTE_S,)))}

    def row_by_row(self) -> dict[str, int]:
        """Return the same by looking at every sample in turn."""
        usable_s = dict.fromkeys(self._windows, 0)
        for device_id, at_s, status in self._db.execute("SELECT * FROM sample"):
            if status == "up" and self._windows[device_id].contain(at_s):
                usable_s[device_id] += MINUTE_S
        return usable_s

    def size_bytes(self) -> int:
        """Return what the samples take on disk."""
        return self._path.stat().st_size

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _samples(self, city: City) -> Iterator[tuple[str, int, str]]:
        start_s, end_s = self._bounds
        record = RecordReader(city.folder)
        try:
            for (device_id, _), spans in record.runs_between(start_s, end_s).items():
                for span in spans if device_id in self._windows else ():
                    edges = max(span.start_s, start_s), min(span.end_s, end_s)
                    for at_s in range(*edges, MINUTE_S):
                        yield device_id, at_s, span.status.value
        finally:
            record.close()

    def _opened(self) -> Iterator[tuple[str, int, int]]:
        start_s, end_s = self._bounds
        for device_id, windows in self._windows.items():
            for from_s, to_s in windows.intervals:
                if from_s < end_s and to_s > start_s:
                    yield device_id, max(from_s, start_s), min(to_s, end_s)


def _windows(
    city: City, bounds: Interval, device_ids: Iterable[str]
) -> Iterator[tuple[str, Windows]]:
    hours = OpeningHours(city.calendar)
    places = {place.id: place for place in city.inventory.places}
    devices = {device.id: device for device in city.inventory.devices}
    for device_id in device_ids:
        device = devices[device_id]
        windows = hours.windows(device_rule(device, places[device.place_id]), *bounds)
        if windows is not None:
            yield device_id, windows
