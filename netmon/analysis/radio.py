"""
How far the Wi-Fi of the inventory's access points reaches along the Wi-Fi streets.

Every access point is planned once; which of them work is said with each question, so nothing is
planned anew when one fails. Always a band: what walls hide is heard at least as planned and at best
as the optimistic edge says.
"""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Self

import geopandas as gpd
import numpy as np
from pyproj import Transformer

from geodata.coverage import AccessPoint, Coverage, Layer, combined, layer
from geodata.crs import EXCHANGE, METRIC
from geodata.errors import DataError, Finding
from geodata.grid import Grid, Mask, grid_over
from geodata.layers import to_metric
from geodata.link import Antenna, Transmitter
from geodata.obstacles import Obstacles, WallsOf, from_buildings, from_corridors
from geodata.samples import Heard, Samples, best, heard, samples_of
from geodata.stretches import Stretch, corridor, cut
from netmon.analysis.street_figures import StreetFigures, Streets, street_figures
from netmon.config.coverage_settings import CoverageSettings
from netmon.domain.model import Device, DeviceKind, Inventory

SERVED_SHARE = 0.5
"""An access point serves a stretch of which half, by surface, hears it at the level."""

MARGIN_M = 50.0
"""How much of the surroundings a map shows."""

_BEYOND_M = 300.0
"""Farther houses stand behind every access point that is near enough to be heard."""

_TO_METRIC = Transformer.from_crs(EXCHANGE, METRIC, always_xy=True)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What does not change with the access points."""

    stretches: tuple[Stretch, ...]
    streets: Streets
    grid: Grid
    outdoors: Mask
    obstacles: Obstacles
    samples: Samples
    precision_m: float
    is_synthetic: bool


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
        self._ground = _ground(streets, footprints, settings.cell_m)
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
        needed_m2 = SERVED_SHARE * samples.by_stretch(samples.area_m2)
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


def _ground(
    streets: gpd.GeoDataFrame, footprints: gpd.GeoDataFrame | None, cell_m: float
) -> _Ground:
    if streets.empty:
        raise DataError([Finding("streets", "", "features", "a Wi-Fi street", "none")])
    metric = to_metric(streets)
    stretches = cut(metric)
    surfaces = [
        corridor(str(row.id), row.geometry, getattr(row, "width_m", None))
        for row in metric.itertuples()
    ]
    west, south, east, north = np.array([each.bounds for each in surfaces]).T
    bounds = (west.min(), south.min(), east.max(), north.max())
    grid = grid_over(_wider(bounds, MARGIN_M), cell_m)
    if footprints is None:
        obstacles = from_corridors(surfaces)
    else:
        obstacles = from_buildings(to_metric(footprints), _wider(bounds, _BEYOND_M))
    frames = [metric] if footprints is None else [metric, footprints]
    return _Ground(
        stretches,
        Streets.of(metric, stretches),
        grid,
        ~grid.within(obstacles.closed),
        obstacles,
        samples_of(stretches, grid, obstacles.closed),
        max(float(frame["precision_m"].max()) for frame in frames),
        any(bool(frame["synthetic"].any()) for frame in frames),
    )


def _wider(bounds: tuple[float, ...], by_m: float) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return west - by_m, south - by_m, east + by_m, north + by_m
