"""
How far the Wi-Fi of the inventory's access points reaches along the Wi-Fi streets.

Every access point is planned once; which of them work is said with each question, so nothing is
planned anew when one fails. Always a band: what walls hide is heard at least as planned and at best
as the optimistic edge says.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Self

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from geodata.calibration import Calibration
from geodata.coverage import AccessPoint, Coverage, Layer, combined, layer, sent_levels
from geodata.crs import EXCHANGE, METRIC
from geodata.grid import Grid, Mask
from geodata.link import UNCALIBRATED_DB, Antenna, Transmitter
from geodata.obstacles import WallsOf
from geodata.samples import Heard, best, heard
from geodata.stretches import Stretch
from netmon.analysis.radio_ground import ground_of
from netmon.analysis.street_figures import StreetFigures, street_figures
from netmon.config.coverage_settings import CoverageSettings
from netmon.domain.model import Device, DeviceKind, Inventory

SERVED_SHARE = 0.5
"""An access point serves a stretch of which half, by surface, hears it at the level."""

_ROUNDING = 1e-9
"""Of sums of squares: just half of them is half."""

_TO_METRIC = Transformer.from_crs(EXCHANGE, METRIC, always_xy=True)


@dataclass(frozen=True, slots=True)
class _Planned:
    """One access point: where it hangs, what it gives, and whether it is invented or measured."""

    point: AccessPoint
    layer: Layer
    heard: Heard
    is_moved: bool
    is_synthetic: bool
    is_calibrated: bool = False


class RadioMap:
    """
    The planned coverage of an inventory; which access points work comes with each question.

    Never changed: `changed` returns another that shares what stays. `level` is from where on
    Wi-Fi counts as offered. Devices without a place are in `unplaced` and give nothing; those in
    `moved` hang where no wall leaves room and were moved to the nearest wall.

    Parameters
    ----------
    inventory
        Its access points count, as far as they have a place.
    streets
        The layer of Wi-Fi streets with the columns of the honesty contract, any CRS.
    footprints
        Houses, any CRS; None where they are not known: then the edges of the streets are walls.
    settings
        What is taken of a radio of which nothing is said.

    Raises
    ------
    DataError
        If a street cannot be cut, see `geodata.stretches.cut`.
    """

    def __init__(
        self,
        inventory: Inventory,
        streets: gpd.GeoDataFrame,
        footprints: gpd.GeoDataFrame | None,
        settings: CoverageSettings,
    ) -> None:
        self._settings = settings
        self.level = settings.level_dbm
        self._ground = ground_of(streets, footprints, settings.cell_m)
        self._rmse_db = 0.0
        self._plan_inventory(inventory)

    def of_inventory(self, inventory: Inventory) -> Self:
        """Return the map of another inventory in the same streets."""
        other = copy(self)
        other._plan_inventory(inventory)  # noqa: SLF001 - of its own class
        return other

    def _plan_inventory(self, inventory: Inventory) -> None:
        every = [each for each in inventory.devices if each.kind is DeviceKind.ACCESS_POINT]
        placed = [each for each in every if each.lon is not None and each.lat is not None]
        self.unplaced = tuple(each.id for each in every if each not in placed)
        self._planned = {each.id: self._plan_device(each) for each in placed}

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Return the stretches of all streets, in their order."""
        return self._ground.stretches

    @property
    def grid(self) -> Grid:
        """Return the squares of `coverage`, EPSG:3812."""
        return self._ground.grid

    @property
    def outdoors(self) -> Mask:
        """Return which squares are not in houses."""
        return self._ground.outdoors

    @property
    def walls(self) -> WallsOf:
        """Return what walls are made from: `buildings` or, not knowing these, `corridors`."""
        return self._ground.obstacles.made_from

    @property
    def is_synthetic(self) -> bool:
        """Return whether anything that went into it is invented."""
        planned = any(each.is_synthetic for each in self._planned.values())
        return planned or self._ground.is_synthetic

    @property
    def is_calibrated(self) -> bool:
        """Return whether a walk test measured every access point."""
        planned = self._planned.values()
        return bool(planned) and all(each.is_calibrated for each in planned)

    @property
    def error_db(self) -> tuple[float, float]:
        """Return how far single places may be off, at best and usually: measured, or published."""
        return (self._rmse_db, self._rmse_db) if self.is_calibrated else UNCALIBRATED_DB

    @property
    def precision_m(self) -> float:
        """Return the worst precision of streets and houses, in metres."""
        return self._ground.precision_m

    @property
    def ids(self) -> frozenset[str]:
        """Return the access points that are on the map."""
        return frozenset(self._planned)

    @property
    def moved(self) -> tuple[str, ...]:
        """Return those that had to be moved to a wall."""
        return tuple(name for name, each in self._planned.items() if each.is_moved)

    @property
    def measured(self) -> tuple[str, ...]:
        """Return those that a walk test measured."""
        return tuple(name for name, each in self._planned.items() if each.is_calibrated)

    @property
    def measured_as(self) -> dict[str, str]:
        """Return of each access point all that an offset depends on, as text."""
        bare = {name: _with_offset(each.point, 0.0, 0.0) for name, each in self._planned.items()}
        return {name: f"{point}, walls of {self.walls}" for name, point in bare.items()}

    @property
    def layers(self) -> dict[str, Layer]:
        """Return what each access point alone gives, by its id."""
        return {name: each.layer for name, each in self._planned.items()}

    @property
    def points(self) -> tuple[AccessPoint, ...]:
        """Return where the access points hang, and their radios."""
        return tuple(each.point for each in self._planned.values())

    def serving(
        self, level_dbm: float | None = None, *, is_optimistic: bool
    ) -> dict[str, frozenset[str]]:
        """
        Return which access points alone reach a level in half of each stretch or more.

        Every stretch is a key. `level_dbm` None is that of the settings; nothing below −80 dBm
        is known.
        """
        asked_dbm = self.level if level_dbm is None else level_dbm
        samples = self._ground.samples
        needed_m2 = SERVED_SHARE * samples.by_stretch(samples.area_m2) * (1 - _ROUNDING)
        found: dict[str, set[str]] = {each.id: set() for each in self.stretches}
        for name, each in self._planned.items():
            dbm = each.heard.optimistic_dbm if is_optimistic else each.heard.planning_dbm
            reached_m2 = samples.by_stretch(samples.area_m2 * (dbm >= asked_dbm))
            # Of a surface that is all houses nothing is served.
            for nth in np.flatnonzero((reached_m2 >= needed_m2) & (needed_m2 > 0)):
                found[self.stretches[nth].id].add(name)
        return {name: frozenset(each) for name, each in found.items()}

    def coverage(self, working: Collection[str]) -> Coverage:
        """Return the whole map while exactly these work; unknown ids give nothing."""
        return combined(self.grid, [self._planned[each].layer for each in self._known(working)])

    def street_figures(self, working: Collection[str]) -> tuple[StreetFigures, ...]:
        """Return metres and m² of each street by service class while exactly these work."""
        return self.figures_over({frozenset(working): 1.0})

    def figures_over(self, spells: Mapping[frozenset[str], float]) -> tuple[StreetFigures, ...]:
        """
        Return mean metres and m² over a time.

        Parameters
        ----------
        spells
            For how long, in seconds, exactly these access points worked.

        Raises
        ------
        ValueError
            If the spells last no time together.
        """
        places = len(self._ground.samples.row)
        heard_then = (
            (best([self._planned[each].heard for each in self._known(working)], places), lasted_s)
            for working, lasted_s in spells.items()
        )
        return street_figures(self._ground.streets, self._ground.samples, heard_then)

    def calibrated(self, calibration: Calibration, *, is_synthetic: bool = False) -> Self:
        """
        Return the map with the offsets of a walk test; what it does not name stays as it is.

        `is_synthetic` where the walk was invented: so is the map then.
        """
        slope = calibration.slope_db_per_decade
        placed = dict(self._planned)
        for name in calibration.offsets_db.keys() & placed.keys():
            point = _with_offset(placed[name].point, calibration.offsets_db[name], slope)
            made = self._plan(point, is_synthetic=is_synthetic or placed[name].is_synthetic)
            placed[name] = replace(made, is_moved=placed[name].is_moved, is_calibrated=True)
        other = copy(self)
        vars(other).update(_planned=placed, _rmse_db=calibration.rmse_db)
        return other

    def point(self, device_id: str) -> AccessPoint:
        """Return where an access point of the map hangs, and its radio."""
        return self._planned[device_id].point

    def metres(self, lon_lat: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
        """Return places (EPSG:4326) in metres, `(n, 2)`."""
        lon, lat = np.array(lon_lat, float).reshape(-1, 2).T
        return np.column_stack(_TO_METRIC.transform(lon, lat))

    def expected(
        self, device_id: str, places_m: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        Return how far places are from an access point, in space, and what a phone would hear there.

        What is sent counts, not what a phone can answer; `(n,)` in metres and in dBm, by the
        model as planned, without any calibration.
        """
        point = self._planned[device_id].point
        return sent_levels(point, places_m, self._ground.obstacles.walls)

    def at(
        self, device_id: str, lon: float, lat: float, sender: Transmitter | None = None
    ) -> AccessPoint:
        """
        Return an access point that there might be, for `changed`.

        It hangs at lon, lat (EPSG:4326); its radio, see `transmitter`, is that of the settings
        where None is given.
        """
        x_m, y_m = _TO_METRIC.transform(lon, lat)
        return AccessPoint(device_id, x_m, y_m, sender or transmitter(self._settings))

    def changed(
        self,
        added: Iterable[AccessPoint] = (),
        moved: Iterable[AccessPoint] = (),
        removed: Collection[str] = (),
    ) -> Self:
        """
        Return the map as it would be; only what is added or moved is planned anew.

        What is added counts as invented: it is not there.

        Raises
        ------
        ValueError
            If what is moved or removed is not on the map, or what is added is.
        """
        new, elsewhere = {each.id: each for each in added}, {each.id: each for each in moved}
        missing = (elsewhere.keys() | set(removed)) - self._planned.keys()
        if missing or new.keys() & self._planned.keys():
            wrong = sorted(missing) or sorted(new.keys() & self._planned.keys())
            expected = "access points of the map" if missing else "new ids"
            raise ValueError(f"access points: expected {expected}, found {', '.join(wrong)}")
        placed = {**new, **elsewhere}.values()
        planned = {each.id: self._plan(each, is_synthetic=True) for each in placed}
        left = {name: each for name, each in self._planned.items() if name not in removed}
        other = copy(self)
        vars(other).update(_planned={**left, **planned})
        return other

    def _known(self, working: Collection[str]) -> list[str]:
        return sorted(self._planned.keys() & set(working))

    def _plan_device(self, device: Device) -> _Planned:
        x_m, y_m = _TO_METRIC.transform(device.lon, device.lat)
        radio = (device.band, device.eirp_dbm, device.azimuth_deg)
        point = AccessPoint(device.id, x_m, y_m, transmitter(self._settings, *radio))
        return self._plan(point, is_synthetic=device.synthetic)

    def _plan(self, point: AccessPoint, *, is_synthetic: bool) -> _Planned:
        ground = self._ground
        x_m, y_m, is_moved = ground.obstacles.hung(point.x_m, point.y_m)
        hung = AccessPoint(point.id, x_m, y_m, point.sender)
        made = layer(hung, ground.grid, ground.outdoors, ground.obstacles.walls)
        return _Planned(hung, made, heard(made, ground.samples), is_moved, is_synthetic)


def transmitter(
    settings: CoverageSettings,
    band: str | None = None,
    eirp_dbm: float | None = None,
    azimuth_deg: float | None = None,
) -> Transmitter:
    """Return a radio; what is None is as the settings say."""
    width_deg = 360.0 if azimuth_deg is None else settings.beamwidth_deg
    antenna = Antenna(settings.antenna_gain_dbi, azimuth_deg, width_deg)
    power_dbm = settings.eirp_dbm if eirp_dbm is None else eirp_dbm
    return Transmitter(band or settings.band, power_dbm, antenna)


def _with_offset(point: AccessPoint, offset_db: float, slope: float) -> AccessPoint:
    return replace(
        point, sender=replace(point.sender, offset_db=offset_db, slope_db_per_decade=slope)
    )
