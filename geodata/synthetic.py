"""
The invented inventory of the demo: what stands where, made the same on every machine.

Nobody has published where Mechelen's access points and public computers are. So that the
product can be seen, this module invents them around the real streets and sites, and says
`synthetic` on each. Choices come from SHA-256 of a seed and a name, never from a clock,
a random generator or the order of a set.
"""

import sys
from pathlib import Path

from geodata.city import City
from geodata.errors import DataError, Finding
from geodata.files import read_collection, write_collection
from geodata.layers import load_layer
from geodata.synthetic_devices import MARKET, devices, write_devices
from geodata.synthetic_sites import STATION, with_surfpunten, with_synthetic_offers


def write_inventory(city_dir: Path, out_dir: Path) -> None:
    """
    Write `sites.geojson` and `devices.csv` of the demo.

    Parameters
    ----------
    city_dir
        The folder of a city, as `City.open` takes it.
    out_dir
        Where to write; made if it is not there. Existing files are replaced.

    Raises
    ------
    DataError
        If the city lacks a file, or one of them breaks the contract.
    """
    city = City.open(city_dir)
    streets = load_layer(city.streets)
    if missing := {STATION, MARKET} - set(streets["id"]):
        file = city.streets.name
        raise DataError([Finding(file, "", "id", i, "no such street") for i in sorted(missing)])
    load_layer(city.sites)  # the contract is kept, or nothing is written
    sites = with_synthetic_offers(read_collection(city.sites))
    sites = with_surfpunten(sites, load_layer(city.neighbourhoods), streets)
    out_dir.mkdir(parents=True, exist_ok=True)
    write_collection(out_dir / "sites.geojson", sites)
    write_devices(out_dir / "devices.csv", devices(sites, streets))


def main(arguments: list[str]) -> int:
    """Write the demo inventory of the bundled city to the folder named; return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m geodata.synthetic OUT_DIR\n")
        return 2
    try:
        write_inventory(City.bundled().folder, Path(arguments[0]))
    except (DataError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
