"""The radio map of whatever the inventory is now: made once, kept while no access point changes."""

import threading
from collections.abc import Iterable
from pathlib import Path

from geodata.imported import load_buildings
from geodata.layers import load_layer
from netmon.analysis.radio import RadioMap
from netmon.config.coverage_settings import CoverageSettings
from netmon.domain.model import Device, DeviceKind, Inventory

KEPT = 4
"""Maps kept: that of now, and those of what was just before or is asked of another time."""


class RadioMaps:
    """
    Makes maps from the streets and the houses in a city's folder; safe to call from any thread.

    Layers are read once: a running netmon sees an imported one when it starts again.
    """

    def __init__(self, folder: Path, settings: CoverageSettings) -> None:
        self._folder, self._settings = folder, settings
        self._lock = threading.Lock()
        self._kept: dict[tuple[object, ...], RadioMap] = {}

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
        inventory = Inventory((), tuple(every))
        if self._kept:
            return next(iter(self._kept.values())).of_inventory(inventory)
        streets = load_layer(self._folder / "streets.geojson")
        return RadioMap(inventory, streets, load_buildings(self._folder), self._settings)


def _facts(device: Device) -> tuple[object, ...]:
    """Return what a map depends on."""
    radio = (device.band, device.eirp_dbm, device.azimuth_deg)
    return device.id, device.lon, device.lat, device.synthetic, *radio
