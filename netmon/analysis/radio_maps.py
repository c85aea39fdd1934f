"""The radio map of whatever the inventory is now: made once, kept while no access point changes."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Self

from geodata.imported import load_buildings
from geodata.layers import load_layer
from netmon.analysis.radio import RadioMap
from netmon.config.coverage_settings import CoverageSettings
from netmon.config.settings import Settings
from netmon.domain.model import Device, DeviceKind, Inventory
from netmon.storage.calibrations import StoredCalibration, stored_calibration

KEPT = 4
"""Maps kept: that of now, and those of what was just before or is asked of another time."""


class RadioMaps:
    """
    Makes maps from the streets and the houses in a city's folder; safe to call from any thread.

    Layers are read once: a running netmon sees an imported one when it starts again. Of a stored
    calibration an offset counts while its access point hangs where it hung, with the same radio,
    among walls of the same kind.
    """

    def __init__(
        self, folder: Path, settings: CoverageSettings, stored: StoredCalibration | None = None
    ) -> None:
        self._folder, self._settings, self._stored = folder, settings, stored
        self._bare: RadioMap | None = None
        self._lock = threading.Lock()
        self._kept: dict[tuple[object, ...], RadioMap] = {}

    @classmethod
    def of_settings(cls, settings: Settings) -> Self:
        """Return maps with the calibration that is kept; raises `StoreError` for a broken one."""
        stored = stored_calibration(settings.store.folder)
        return cls(settings.city.folder, settings.coverage, stored)

    def of(self, devices: Iterable[Device]) -> RadioMap:
        """
        Return the map of the access points among devices.

        Raises
        ------
        DataError
            If the layer of streets or houses cannot be used.
        """
        every = [each for each in devices if each.kind is DeviceKind.ACCESS_POINT]
        key = tuple(sorted(map(_facts, every), key=repr))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._made(every)
                for oldest in list(self._kept)[:-KEPT]:
                    del self._kept[oldest]
            return self._kept[key]

    def _made(self, every: list[Device]) -> RadioMap:
        bare = self._planned(Inventory((), tuple(every)))
        if self._stored is None:
            return bare
        now_as, made_for = bare.measured_as, self._stored.made_for
        made = self._stored.calibration
        held = {
            name: db
            for name, db in made.offsets_db.items()
            if name in now_as and now_as[name] == made_for.get(name)
        }
        used = replace(made, offsets_db=held)
        return bare.calibrated(used, is_synthetic=self._stored.is_synthetic)

    def _planned(self, inventory: Inventory) -> RadioMap:
        if self._bare is None:
            streets = load_layer(self._folder / "streets.geojson")
            houses = load_buildings(self._folder)
            self._bare = RadioMap(inventory, streets, houses, self._settings)
            return self._bare
        return self._bare.of_inventory(inventory)


def _facts(device: Device) -> tuple[object, ...]:
    """Return what a map depends on."""
    radio = (device.band, device.eirp_dbm, device.azimuth_deg)
    return device.id, device.lon, device.lat, device.synthetic, *radio
