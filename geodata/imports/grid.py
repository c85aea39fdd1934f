"""As many digits as a layer keeps, and no geometry that vanishes between two of them."""

import geopandas as gpd
import numpy as np
import shapely

from geodata.files import DECIMALS
from geodata.imports.journal import Journal

PACKAGE_DEGREES = 1e-7
"""What OpenStreetMap writes, about a centimetre: streets must still meet in one vertex."""


def on_grid(frame: gpd.GeoDataFrame, file: str, journal: Journal) -> gpd.GeoDataFrame:
    """Return the frame with its coordinates rounded; what is smaller than that is refused."""
    step = PACKAGE_DEGREES if file.endswith(".gpkg") else 10.0**-DECIMALS
    shapes = frame.geometry.to_numpy()
    is_area = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 - an area has two dimensions
    made = shapes.copy()
    made[is_area] = shapely.set_precision(shapes[is_area], step)
    made[~is_area] = shapely.set_precision(shapes[~is_area], step, mode="pointwise")
    is_lost = ~shapely.is_missing(made) & shapely.is_empty(made)
    for at in np.flatnonzero(is_lost):
        journal.refuse(str(frame["id"].iloc[at]), "geometry", f"more than {step} degrees", "less")
    return frame.set_geometry(made)[~is_lost].reset_index(drop=True)
