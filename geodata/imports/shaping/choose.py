"""Which module makes which layer."""

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd

from geodata.errors import DataError, Finding
from geodata.files import read_collection
from geodata.imports.journal import Journal
from geodata.imports.kinds import LAYERS, Kind
from geodata.imports.raw import Raw
from geodata.imports.shaping.addresses import shape_addresses
from geodata.imports.shaping.areas import shape_neighbourhoods, shape_sectors
from geodata.imports.shaping.buildings import shape_buildings
from geodata.imports.shaping.counts import INCOMES, PEOPLE, shape_counts
from geodata.imports.shaping.places import shape_places
from geodata.imports.shaping.streets import shape_streets
from geodata.imports.within import city_area

Shaping = Callable[[Raw, Path, Journal], gpd.GeoDataFrame]

SHAPING: Mapping[Kind, Shaping] = {
    Kind.STREETS: lambda raw, _, __: shape_streets(raw),
    Kind.BUILDINGS: lambda raw, _, __: shape_buildings(raw),
    Kind.PLACES: lambda raw, _, told: shape_places(raw, told),
    Kind.ADDRESSES: lambda raw, _, told: shape_addresses(raw, told),
    Kind.SECTORS: lambda raw, folder, told: shape_sectors(raw, city_area(folder, 0), told),
    Kind.NEIGHBOURHOODS: lambda raw, folder, told: shape_neighbourhoods(
        raw, city_area(folder, 0), told
    ),
    Kind.POPULATION: lambda raw, folder, told: shape_counts(raw, PEOPLE, areas_of(folder), told),
    Kind.INCOME: lambda raw, folder, told: shape_counts(raw, INCOMES, areas_of(folder), told),
}
"""From raw rows, the folder of the city and the journal to features in EPSG:4326, key `id`."""


def areas_of(folder: Path) -> frozenset[str]:
    """
    Return the codes of the city's sectors and neighbourhoods, upper case.

    Raises
    ------
    DataError
        If the folder has neither.
    """
    codes: set[str] = set()
    for name in (LAYERS[Kind.SECTORS].file, LAYERS[Kind.NEIGHBOURHOODS].file):
        if (folder / name).is_file():
            for feature in read_collection(folder / name)["features"]:
                facts = feature["properties"]
                codes.update([str(facts["id"]).upper(), *map(str, facts.get("sectors") or ())])
    if not codes:
        found = "neither sectors nor neighbourhoods"
        raise DataError([Finding(str(folder), "", "areas", "imported sectors", found)])
    return frozenset(codes)
