"""What was read of a file, before anybody asked what it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd

from geodata.imports.journal import Journal
from geodata.imports.kinds import Kind

Tell = Callable[[str], None]
"""Takes one line of progress for the person who waits."""


@dataclass(frozen=True, slots=True)
class Raw:
    """
    Rows of a source within the city.

    `frame` is in EPSG:4326, its index says which row of the file each is, its columns are the
    fields that were found, all text, empty where there is nothing. `read` counts the features
    of the file, `outside` those that lie elsewhere. `vintage` is what the file says of its age.
    """

    frame: gpd.GeoDataFrame
    read: int
    outside: int
    is_osm: bool = False
    crs: str = ""
    vintage: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is looked for in a file.

    `area` is the city with the margin of the kind; None where rows have no place. `columns`
    gives headers (as `header_key` has them) by field, `layer` the one of several layers.
    """

    kind: Kind
    area: gpd.GeoSeries | None
    journal: Journal
    tell: Tell
    columns: Mapping[str, str] = field(default_factory=dict)
    layer: str | None = None
