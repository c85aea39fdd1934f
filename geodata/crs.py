"""The three coordinate systems, and how to tell which one a pair of numbers is in."""

EXCHANGE = "EPSG:4326"
"""WGS 84, always written `lon, lat`: files, the web, every interface."""

METRIC = "EPSG:3812"
"""ETRS89 / Belgian Lambert 2008, metres: all measuring. It needs no datum grid."""

LAMBERT_72 = "EPSG:31370"
"""BD72 / Belgian Lambert 72, metres: only ever read, from older Flemish sources."""

_EXTENTS_M = {
    LAMBERT_72: (0.0, 0.0, 320_000.0, 280_000.0),
    METRIC: (500_000.0, 500_000.0, 820_000.0, 780_000.0),
}
"""Belgium with a margin, as west, south, east, north: 500 km of false origin lie between."""

_LARGEST_DEGREE = 180.0


def is_degrees(x: float, y: float) -> bool:
    """Return whether the pair can be degrees at all; every metric pair in Belgium cannot."""
    return abs(x) <= _LARGEST_DEGREE and abs(y) <= _LARGEST_DEGREE


def lambert_of(x: float, y: float) -> str | None:
    """
    Tell the two Belgian Lambert systems apart by their false origin.

    Parameters
    ----------
    x, y
        Easting and northing, in metres.

    Returns
    -------
    `METRIC` or `LAMBERT_72`; None where the pair lies in neither (degrees, or elsewhere).
    """
    if is_degrees(x, y):
        return None
    for crs, (west, south, east, north) in _EXTENTS_M.items():
        if west <= x <= east and south <= y <= north:
            return crs
    return None
