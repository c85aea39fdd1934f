"""
The outline of a city, for asking whether a point lies in it.

Only shapely is imported: the process that collects asks this too, and must stay small.
"""

from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geodata.contract import require
from geodata.errors import DataError, Finding
from geodata.files import read_collection


@dataclass(frozen=True, slots=True)
class Boundary:
    """The area of a city: one valid polygon or multipolygon in EPSG:4326."""

    area: BaseGeometry

    @classmethod
    def load(cls, path: Path) -> "Boundary":
        """
        Load the outline from a GeoJSON file with exactly one feature.

        Raises
        ------
        DataError
            If the file breaks the contract or is not one polygon.
        """
        collection = read_collection(path)
        require(collection, path.name)
        features = collection["features"]
        if len(features) != 1:
            found = f"{len(features)} features"
            raise DataError([Finding(path.name, "", "features", "one outline", found)])
        area = features[0].get("geometry") and shape(features[0]["geometry"])
        kind = area.geom_type if area else "nothing"
        if kind not in {"Polygon", "MultiPolygon"}:
            raise DataError([Finding(path.name, "#0", "geometry", "a polygon", kind)])
        shapely.prepare(area)
        return cls(area)

    def contains(self, lon: float, lat: float) -> bool:
        """Return whether a point (degrees) lies in the city; its edge belongs to it."""
        return bool(shapely.intersects_xy(self.area, lon, lat))

    def looks_swapped(self, lon: float, lat: float) -> bool:
        """Return whether a point lies outside, and inside once `lon` and `lat` are exchanged."""
        return not self.contains(lon, lat) and self.contains(lat, lon)
