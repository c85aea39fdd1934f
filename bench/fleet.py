"""A fleet of simulated devices of any size, and the configuration that watches it."""

import csv
import json
from pathlib import Path

CITY = Path(__file__).parents[1] / "geodata" / "mechelen"
CREDENTIAL = "demo"
CONFIG = """\
[city]
folder = {city}

[inventory]
sites = {sites}
devices = {devices}

[store]
folder = {store}

[credentials.{credential}]
community_env = {variable}

[checks.snmp]
interval_s = {interval_s}

[checks.icmp]
interval_s = {interval_s}
"""

Row = dict[str, str]


def rows(count: int) -> list[Row]:
    """Return so many devices of the bundled demo city, which repeats where it is too small."""
    with (CITY / "demo" / "devices.csv").open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    repeated = (
        {**row, "id": f"{row['id']}-again-{turn}", "name": f"{row['name']} again {turn}"}
        for turn in range(1, 1 + count // len(known))
        for row in known
    )
    return [*known, *repeated][:count]


def write_devices(path: Path, devices: list[Row]) -> None:
    """Write a `devices.csv`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(devices[0]))
        writer.writeheader()
        writer.writerows(devices)


def write_config(folder: Path, variable: str, interval_s: float) -> Path:
    """Write `netmon.toml` for the `devices.csv` in a folder; the community is in `variable`."""
    path = folder / "netmon.toml"
    # A JSON string is a TOML string too, whatever a path is made of.
    text = CONFIG.format(
        city=json.dumps(str(CITY)),
        sites=json.dumps(str(CITY / "demo" / "sites.geojson")),
        devices=json.dumps(str(folder / "devices.csv")),
        store=json.dumps(str(folder / "store")),
        credential=CREDENTIAL,
        variable=json.dumps(variable),
        interval_s=interval_s,
    )
    path.write_text(text, encoding="utf-8")
    return path
