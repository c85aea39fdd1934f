"""Coverage of the Wi-Fi streets as people ask for it: now, over a past window, and what is lost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from geodata.link import ServiceClass
from geodata.obstacles import WallsOf
from netmon.analysis.radio import RadioMap
from netmon.analysis.radio_maps import RadioMaps
from netmon.analysis.spells import Standing, spells
from netmon.analysis.street_figures import Band, StreetFigures
from netmon.analysis.timelines import DeviceTimeline
from netmon.analysis.views import RecordViews
from netmon.domain.intervals import Interval, epoch_s
from netmon.domain.model import DeviceKind


@dataclass(frozen=True, slots=True)
class StreetCoverage:
    """
    A street as planned (all access points work), for sure, and perhaps.

    `sure` counts the access points that worked, `perhaps` those too of which nobody knew. All
    three are means over the time that was asked for.
    """

    planned: StreetFigures
    sure: StreetFigures
    perhaps: StreetFigures

    def lost_m(self, level: ServiceClass) -> Band:
        """Return the metres that are lost for sure: those that work, or might, do not reach."""
        planned, now = (each.at(level).length_m for each in (self.planned, self.perhaps))
        return _less(planned, now)

    def lost_m2(self, level: ServiceClass) -> Band:
        """Return the square metres that are lost for sure."""
        planned, now = (each.at(level).area_m2 for each in (self.planned, self.perhaps))
        return _less(planned, now)


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """
    Coverage of all streets, with what it was made of.

    `streets` are in the order of their layer, all together as the last one. `bounds` is the
    window, None for now. `failed` and `unknown` are the access points that do not work, or of
    which nobody knows, at the end of it. `unplaced` give nothing: nobody said where they are;
    `moved` were moved to the nearest wall, `measured` by a walk test. `error_db` is how far single
    places may be off.
    """

    at: datetime
    bounds: Interval | None
    level: ServiceClass
    streets: tuple[StreetCoverage, ...]
    working: tuple[str, ...]
    failed: tuple[str, ...]
    unknown: tuple[str, ...]
    unplaced: tuple[str, ...]
    moved: tuple[str, ...]
    walls: WallsOf
    is_calibrated: bool
    is_synthetic: bool
    precision_m: float
    error_db: tuple[float, float]
    measured: tuple[str, ...]


class CoverageViews:
    """Answers what is covered, from the record and the radio maps; safe from any thread."""

    def __init__(self, views: RecordViews, maps: RadioMaps) -> None:
        self._views, self._maps = views, maps

    def now(self, at: datetime) -> CoverageReport:
        """Return what is covered now; raises `DataError` where a layer cannot be used."""
        timelines = self._views.timelines_now(at)
        # Where somebody set the clock back, what is newest is later than now.
        until_s = max((each.until_s for each in timelines.values()), default=epoch_s(at) + 1)
        return self._report(timelines, (until_s - 1, until_s), at, is_now=True)

    def between(self, bounds: Interval, at: datetime) -> CoverageReport:
        """
        Return what was covered in a window on average, over every second of it.

        Raises
        ------
        DataError
            Where a layer cannot be used.
        ValueError
            If the window lies in the future.
        """
        known = (bounds[0], min(bounds[1], epoch_s(at)))
        if known[0] >= known[1]:
            raise ValueError("coverage: expected a window that has begun, found the future")
        return self._report(self._views.timelines(known, at), known, at, is_now=False)

    def _report(
        self,
        timelines: Mapping[str, DeviceTimeline],
        bounds: Interval,
        at: datetime,
        *,
        is_now: bool,
    ) -> CoverageReport:
        radio = self._maps.of(each.device for each in timelines.values())
        points = [
            each for each in timelines.values() if each.device.kind is DeviceKind.ACCESS_POINT
        ]
        lasted = spells(points, bounds)
        last = spells(points, (bounds[1] - 1, bounds[1]))
        (standing,) = last
        every = {each.device.id for each in points}
        return CoverageReport(
            at=at,
            bounds=None if is_now else bounds,
            level=radio.level,
            streets=_streets(radio, lasted),
            working=_sorted(standing.working),
            failed=_sorted(every - standing.perhaps),
            unknown=_sorted(standing.unknown),
            unplaced=radio.unplaced,
            moved=radio.moved,
            walls=radio.walls,
            is_calibrated=radio.is_calibrated,
            is_synthetic=radio.is_synthetic,
            precision_m=radio.precision_m,
            error_db=radio.error_db,
            measured=radio.measured,
        )


def _streets(radio: RadioMap, lasted: Mapping[Standing, int]) -> tuple[StreetCoverage, ...]:
    sure: dict[frozenset[str], float] = {}
    perhaps: dict[frozenset[str], float] = {}
    for standing, seconds in lasted.items():
        sure[standing.working] = sure.get(standing.working, 0) + seconds
        perhaps[standing.perhaps] = perhaps.get(standing.perhaps, 0) + seconds
    known = radio.figures_over(sure)
    # Mostly nothing is unknown, and a month has a thousand ways in which things stood.
    at_best = known if perhaps == sure else radio.figures_over(perhaps)
    rows = zip(radio.street_figures(radio.ids), known, at_best, strict=True)
    return tuple(StreetCoverage(*row) for row in rows)


def _less(one: Band, other: Band) -> Band:
    return Band(one.planning - other.planning, one.optimistic - other.optimistic)


def _sorted(ids: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))
