"""Places and devices, read from files and checked against each other and the city."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import shapely

from collectors.registry import all_checks
from geodata.boundary import Boundary
from geodata.errors import DataError
from netmon.config.calendar import Calendar
from netmon.config.complaints import Complaints, brief
from netmon.config.devices_file import read_devices
from netmon.config.places_file import PlacesFile, check_inside
from netmon.config.settings import Settings
from netmon.domain.dependencies import ancestors
from netmon.domain.model import UNASKED, Device, Inventory, Place


def load_inventory(settings: Settings, calendar: Calendar) -> Inventory:
    """
    Read sites, streets and devices.

    Raises
    ------
    ConfigError
        With every problem of every file at once.
    """
    complaints = Complaints()
    boundary = _boundary(settings.city.folder / "boundary.geojson", complaints)
    places = PlacesFile(boundary, calendar, complaints)
    streets = places.read(settings.city.folder / "streets.geojson", is_street=True)
    sites = places.read(settings.inventory.sites, is_street=False)
    refused: set[str] = set()
    rows = read_devices(settings.inventory.devices, complaints, refused)
    files = (settings.city.folder / "streets.geojson", settings.inventory.sites)
    _check_places(zip(files, (streets, sites), strict=True), complaints)
    named = {each.id for each in (*streets, *sites)} | places.refused
    checked = _Devices(rows, settings, boundary, complaints)
    checked.check(None if places.unread else named, refused)
    complaints.raise_any()
    return Inventory((*streets, *sites), tuple(device for _, device in rows))


def _boundary(file: Path, complaints: Complaints) -> Boundary:
    try:
        return Boundary.load(file)
    except (DataError, OSError) as error:
        complaints.add((file, ""), "boundary", "the outline of the city", str(error))
        # Refused already: with the whole world for a city, all other problems are told too.
        return Boundary(shapely.box(-180, -90, 180, 90))


def _check_places(files: Iterable[tuple[Path, Sequence[Place]]], complaints: Complaints) -> None:
    seen: set[str] = set()
    for file, place in ((file, place) for file, places in files for place in places):
        at = (file, f"feature {place.id}")
        if place.id in seen:
            complaints.add(at, "id", "an id that no site or street has yet", place.id)
        if place.renamed_from == place.id:
            complaints.add(at, "renamed_from", "another id", place.id)
        seen.add(place.id)


class _Devices:
    """The rows of `devices.csv` against each other, the places and the settings."""

    def __init__(
        self,
        rows: list[tuple[str, Device]],
        settings: Settings,
        boundary: Boundary,
        complaints: Complaints,
    ) -> None:
        self._rows, self._settings = rows, settings
        self._boundary, self._complaints = boundary, complaints
        self._known = {device.id: device for _, device in rows}
        self._macs: dict[str, str] = {}

    def check(self, place_ids: set[str] | None, refused: set[str]) -> None:
        """Check every row; `place_ids` None means that the places could not be read."""
        seen: set[str] = set()
        for where, device in self._rows:
            at = (self._settings.inventory.devices, f"{where}, {device.id}")
            if device.id in seen:
                self._complaints.add(at, "id", "an id that no device has yet", device.id)
            seen.add(device.id)
            if place_ids is not None and device.place_id not in place_ids:
                self._complaints.add(at, "place_id", "a known site or street", device.place_id)
            self._check_position(at, device)
            self._check_asking(at, device)
            self._check_credential(at, device)
            self._check_parents(at, device, refused)
            self._check_seen(at, device, refused)
            self._check_name(at, device)

    def _check_position(self, at: tuple[Path, str], device: Device) -> None:
        if (device.lon is None) != (device.lat is None):
            self._complaints.add(at, "lon, lat", "both of them or neither", "one")
        elif device.lon is not None and device.lat is not None:
            check_inside(self._boundary, at, (device.lon, device.lat), self._complaints)

    def _check_asking(self, at: tuple[Path, str], device: Device) -> None:
        known = all_checks()
        for name in device.checks:
            if name not in known:
                self._complaints.add(at, "checks", f"some of {', '.join(sorted(known))}", name)
        asked = self._settings.checks_of(device)
        is_told_of = bool(device.seen_by or asked) and UNASKED.issuperset(asked)
        if not device.host and not is_told_of:
            expected = "an address, or devices in seen_by that see it"
            self._complaints.add(at, "host", expected, "none")

    def _check_seen(self, at: tuple[Path, str], device: Device, refused: set[str]) -> None:
        for source in device.seen_by:
            if source == device.id or (source not in self._known and source not in refused):
                self._complaints.add(at, "seen_by", "another device that is known", source)
        if device.mac is not None:
            other = self._macs.setdefault(device.mac, device.id)
            if other != device.id:
                expected = "an address that no device has yet"
                self._complaints.add(at, "mac", expected, f"that of {other}")

    def _check_credential(self, at: tuple[Path, str], device: Device) -> None:
        name = device.credential
        if name is not None and name not in self._settings.credentials:
            # Not shown: people write the community itself here.
            known = ", ".join(self._settings.credentials) or "none"
            expected = f"an entry of [credentials]: {brief(known)}"
            self._complaints.add(at, "credential", expected, "an unknown one")
        if name is None and "snmp" in self._settings.checks_of(device):
            self._complaints.add(at, "credential", "the name of one: SNMP is asked", "none")

    def _check_parents(self, at: tuple[Path, str], device: Device, refused: set[str]) -> None:
        for parent in device.parents:
            if parent not in self._known and parent not in refused:
                self._complaints.add(at, "parents", "a known device", parent)
        if device.id in ancestors(device.id, self._parents_of):
            found = f"{device.id} depends on itself"
            self._complaints.add(at, "parents", "no loop", found)

    def _check_name(self, at: tuple[Path, str], device: Device) -> None:
        if device.renamed_from is not None and device.renamed_from in self._known:
            expected = "an id that no device has any more"
            self._complaints.add(at, "renamed_from", expected, device.renamed_from)

    def _parents_of(self, device_id: str) -> Iterable[str]:
        return self._known[device_id].parents if device_id in self._known else ()
