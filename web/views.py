"""What the face asks of the record: read-only, and ready to show."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from netmon.analysis.impact import Impact
from netmon.analysis.plan_rows import Changeable, Picture, PlanRows, Scenario, Step, WhatIf
from netmon.analysis.rows import (
    AnnouncedRow,
    DeviceRow,
    HealthRow,
    IncidentDetail,
    IncidentRow,
    SpotRow,
)
from netmon.analysis.series_views import ChartRow, WeekRow
from netmon.domain.intervals import Interval
from netmon.domain.series import Series
from netmon.domain.sightings import Stranger

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC; handed in by whoever starts the server."""


class Views(Protocol):
    """The record as pages show it; each call may come from another thread."""

    def spots(self, now: datetime) -> tuple[SpotRow, ...]:
        """Return every place that residents may use, as it stands at `now`."""

    def devices(self, now: datetime) -> tuple[DeviceRow, ...]:
        """Return every device that is watched, with its last values."""

    def incidents(self, now: datetime) -> tuple[IncidentRow, ...]:
        """Return open incidents and those that ended lately, the gravest first."""

    def incident(self, key: str, now: datetime) -> IncidentDetail | None:
        """Return one incident by its id, or by one that it had; None where there is none."""

    def announced(self, now: datetime) -> tuple[AnnouncedRow, ...]:
        """Return announced work and other hours, of now and the next seven days, soonest first."""

    def health(self, now: datetime) -> HealthRow:
        """Return how netmon itself does."""

    def strangers(self) -> tuple[Stranger, ...]:
        """Return what controllers and other monitors see and the inventory lacks."""

    def version(self) -> object:
        """Return a value that differs (`!=`) whenever the record has changed; cheap."""


class ImpactViews(Protocol):
    """What open incidents mean for residents."""

    def within(self, now: datetime, wait_s: float) -> Mapping[str, Impact]:
        """Return it by the incident's id, none where it takes longer; never fails."""


class SeriesViews(Protocol):
    """What was measured over time, as pages show it; `is_kept` where new points come."""

    @property
    def is_kept(self) -> bool:
        """Return whether new points come."""

    def measured(self, device_id: str, now: datetime) -> Sequence[Series]:
        """Return of what there may be points of a device in the last day."""

    def charts(self, wanted: Collection[Series], now: datetime) -> Sequence[ChartRow]:
        """Return series of one device over the last day; those without points left out."""

    def week(self, now: datetime, device_id: str | None = None) -> WeekRow:
        """Return the year before `now` by hour of the week: of one device, or of all together."""

    def incidents_of(self, device_id: str, now: datetime) -> Sequence[IncidentRow]:
        """Return the incidents of one device in the last thirty days, the newest first."""


class PlanViews(Protocol):
    """What the planner's page asks; each call may come from another thread."""

    def waits(self) -> str | None:
        """
        Return why there is nothing to plan with yet, as a Dutch sentence; None once there is.

        The other calls are made only after that, apart from those on scenarios.
        """

    def rows(self, bounds: Interval, now: datetime) -> PlanRows:
        """Return all figures of a window (epoch seconds, half-open), coverage as it is now."""

    def areas(self) -> bytes:
        """Return the areas of the ledger as GeoJSON; each has its `id`, which rows call `area`."""

    def coverage_png(self, *, is_optimistic: bool, now: datetime) -> Picture:
        """Return coverage now in five classes, transparent where nothing is heard."""

    def coverage_geojson(self, *, is_optimistic: bool, now: datetime) -> bytes:
        """Return coverage now as GeoJSON, one feature for each class, `level_dbm` its level."""

    def gaps_geojson(self, *, is_optimistic: bool, now: datetime) -> bytes:
        """Return as GeoJSON what of each Wi-Fi street is below the service level now."""

    def changeable(self) -> Sequence[Changeable]:
        """Return what a scenario may move, remove or open at other hours, in reading order."""

    def what_if(self, scenario: Scenario, now: datetime) -> WhatIf:
        """Return what a scenario changes; what is wrong with its steps is in `problems`."""

    def scenarios(self) -> Sequence[Scenario]:
        """Return what was saved, the newest first."""

    def scenario(self, key: str) -> Scenario | None:
        """Return a saved scenario, None where there is none of that key."""

    def save(self, name: str, steps: Sequence[Step], now: datetime) -> Scenario:
        """
        Keep steps under a name and return them with their key; the same ones have the same key.

        Raises
        ------
        ValueError
            Where it is too much to keep; a Dutch sentence.
        """
