"""What can be imported, and what becomes of it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A layer of the city that a file can replace."""

    STREETS = "streets"
    BUILDINGS = "buildings"
    PLACES = "places"
    SECTORS = "sectors"
    POPULATION = "population"
    INCOME = "income"
    ADDRESSES = "addresses"
    NEIGHBOURHOODS = "neighbourhoods"


class Family(StrEnum):
    """What the geometries of a layer are."""

    LINES = "lines"
    AREAS = "areas"
    POINTS = "points"
    NONE = "no geometry"


@dataclass(frozen=True, slots=True)
class Layer:
    """
    A layer as it lies in the city's folder.

    `margin_m` is how far outside the city's outline a feature may lie. `precision_m` is what
    holds unless the importer says otherwise: the radius that holds the true position.
    """

    file: str
    family: Family
    margin_m: float
    precision_m: float


LAYERS = {
    Kind.STREETS: Layer("street_network.gpkg", Family.LINES, 1000.0, 10.0),
    Kind.BUILDINGS: Layer("buildings.gpkg", Family.AREAS, 500.0, 5.0),
    Kind.PLACES: Layer("target_groups.geojson", Family.POINTS, 0.0, 50.0),
    Kind.SECTORS: Layer("sectors.geojson", Family.AREAS, 0.0, 10.0),
    Kind.POPULATION: Layer("population.geojson", Family.NONE, 0.0, 0.0),
    Kind.INCOME: Layer("income.geojson", Family.NONE, 0.0, 0.0),
    Kind.ADDRESSES: Layer("addresses.gpkg", Family.POINTS, 0.0, 10.0),
    Kind.NEIGHBOURHOODS: Layer("neighbourhoods.geojson", Family.AREAS, 0.0, 10.0),
}
"""Many features go into a GeoPackage, few into GeoJSON, which people can read."""

LARGEST_LAYER = 5_000_000
"""Features in one file that are still read: all addresses of a region."""
