"""One picture of the record from which the list, the feed and the sentence are all made."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from geopandas import GeoDataFrame

from netmon.analysis.feed import as_of, spots_geojson
from netmon.analysis.rows import SpotRow
from web.prepared import Prepared
from web.views import Clock, Views
from web.words import listed

PAUSE = timedelta(seconds=1)
"""The record is asked at most this often, however many residents look."""

STALE = timedelta(minutes=5)
"""When the newest look is older than this, pages say how old it is."""

BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What residents see, at one instant; `as_of` is the newest look, None before the first."""

    now: datetime
    spots: tuple[SpotRow, ...]
    feed: Prepared
    as_of: datetime | None

    @property
    def is_stale(self) -> bool:
        """Whether the newest look at the network is too long ago to be called "now"."""
        return self.as_of is None or self.now - self.as_of > STALE


@dataclass(slots=True)
class Snapshots:
    """
    Makes snapshots only when there is something new to see.

    A demo shows everything; otherwise synthetic spots are left out (they would promise
    residents a place that does not exist).
    """

    views: Views
    streets: GeoDataFrame
    clock: Clock
    is_demo: bool
    _lock: Lock = field(default_factory=Lock)
    _asked_at: datetime = BEGINNING
    _key: object = None
    _last: Snapshot | None = None

    def latest(self) -> Snapshot:
        """Return the snapshot that holds now, at most one second old."""
        now = self.clock()
        with self._lock:
            if self._last is None or abs(now - self._asked_at) >= PAUSE:
                self._asked_at = now
                self._renew(now)
            assert self._last is not None  # noqa: S101 - `_renew` made it, or had it made before
            return self._last

    def _renew(self, now: datetime) -> None:
        """Rebuild if the record changed, or the minute did: hours open and close by the minute."""
        key = (self.views.version(), now.replace(second=0, microsecond=0))
        if self._last is None or key != self._key:
            self._last, self._key = self._snapshot(now), key

    def _snapshot(self, now: datetime) -> Snapshot:
        rows = self.views.spots(now)
        spots = listed(row for row in rows if self.is_demo or not row.synthetic)
        body = spots_geojson(spots, self.streets)
        feed = Prepared.of(body, "application/geo+json")
        return Snapshot(now, spots, feed, as_of(spots))
