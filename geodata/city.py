"""Where the files of a city are."""

from dataclasses import dataclass
from pathlib import Path

from geodata.errors import DataError, Finding

FILES = (
    "boundary.geojson",
    "neighbourhoods.geojson",
    "streets.geojson",
    "sites.geojson",
    "target_groups.geojson",
    "basemap_streets.geojson",
    "basemap_water.geojson",
    "basemap_rail.geojson",
    "holidays.toml",
)
"""Every file that a city's folder holds."""


@dataclass(frozen=True, slots=True)
class City:
    """
    The folder of one city, all its files present.

    Make it with `City.open`; the properties are paths and read nothing.
    """

    folder: Path

    @classmethod
    def open(cls, folder: Path) -> "City":
        """
        Return the city in a folder.

        Raises
        ------
        DataError
            With one finding for each file that is missing.
        """
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            where = str(folder)
            raise DataError([Finding(where, "", name, "a file", "nothing") for name in missing])
        return cls(folder)

    @classmethod
    def bundled(cls) -> "City":
        """Return the example that comes with netmon: Mechelen."""
        return cls.open(Path(__file__).parent / "mechelen")

    @property
    def boundary(self) -> Path:
        """The outline: one polygon."""
        return self.folder / "boundary.geojson"

    @property
    def neighbourhoods(self) -> Path:
        """The official neighbourhoods: polygons that tile the outline, key `id`."""
        return self.folder / "neighbourhoods.geojson"

    @property
    def streets(self) -> Path:
        """The Wi-Fi streets and squares: lines with a width, or areas, key `id`."""
        return self.folder / "streets.geojson"

    @property
    def sites(self) -> Path:
        """The places with computers or guided help: points or null, key `id`."""
        return self.folder / "sites.geojson"

    @property
    def target_groups(self) -> Path:
        """Where the seven target groups can be met: points or null, key `id`."""
        return self.folder / "target_groups.geojson"

    @property
    def basemap_streets(self) -> Path:
        """Streets to draw: lines, no key."""
        return self.folder / "basemap_streets.geojson"

    @property
    def basemap_water(self) -> Path:
        """Rivers, canals and streams to draw: lines, no key."""
        return self.folder / "basemap_water.geojson"

    @property
    def basemap_rail(self) -> Path:
        """Railways to draw: lines, no key."""
        return self.folder / "basemap_rail.geojson"

    @property
    def holidays(self) -> Path:
        """Public and school holidays (TOML)."""
        return self.folder / "holidays.toml"

    @property
    def demo_sites(self) -> Path:
        """Synthetic: the sites of the demo; absent where nobody generated it."""
        return self.folder / "demo" / "sites.geojson"

    @property
    def demo_devices(self) -> Path:
        """Synthetic: the devices of the demo; absent where nobody generated it."""
        return self.folder / "demo" / "devices.csv"
