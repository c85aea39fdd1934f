"""`netmon demo`: a simulated Mechelen, watched by a real netmon."""

import csv
import json
import logging
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

import geodata
from geodata.synthetic import write_inventory
from netmon.analysis.hours import OpeningHours
from netmon.cli.instance import Instance, Parts
from netmon.cli.run import host_option, port_option, run_until_stopped, tell
from netmon.cli.wiring import city_calendar, configure_logging, now
from netmon.config.calendar import device_rule
from netmon.config.inventory import load_inventory
from netmon.config.settings import Settings
from netmon.config.settings_file import load_settings
from netmon.demo.launch import Simulator, start
from netmon.domain.intervals import epoch_s

CITY = Path(geodata.__file__).parent / "mechelen"
HOURS_AHEAD_S = 14 * 86_400

CONFIGURATION = """\
# A simulated network: everything in it is synthetic. Written anew at every start.
[city]
name = "Mechelen"
folder = {city}

[store]
folder = "store"
origin = "demo"

[web]
port = 8080

[credentials.demo]
community_file = "community"

# Faster than real life, so that a failure shows within half a minute.
[checks.snmp]
interval_s = 10
retry_interval_s = 3
deadline_s = 5
params = {{ timeout_s = 1.0, retries = 1 }}
{kinds}"""

KIND = """
[kinds.{kind}]
checks = ["snmp"]
deciding = "snmp"
"""
DISK_LIMIT = """\
limits = [{ measurement = "storage_used_ratio", at_least = 0.95, reason = "disk_full" }]
"""


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Data folder of the demo; real data never goes there.",
)
@host_option
@port_option
@click.option("--no-scenario", is_flag=True, help="Let nothing fail by itself.")
@click.option("-v", "--verbose", is_flag=True, help="Log every check.")
def demo(
    folder: Path, host: str | None, port: int | None, *, no_scenario: bool, verbose: bool
) -> None:
    """Watch a simulated Mechelen: real SNMP agents on loopback, failing and recovering.

    Within five minutes an access point dies, the uplink of the IJzerenleen switch fails
    for two minutes, and a computer fills its disk; then it begins again. Everything shown
    is synthetic and marked so. Ctrl-C stops all that was started.
    """
    configure_logging(logging.DEBUG if verbose else logging.WARNING)
    with prepared(folder, scenario=not no_scenario):
        run_until_stopped(Instance(folder / "netmon.toml", Parts(host=host, port=port), tell))


def prepared(folder: Path, *, scenario: bool) -> Simulator:
    """
    Write the demo's inventory and configuration and start its devices.

    Returns
    -------
    The running simulator, to be used as a context manager.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tell("writing the synthetic inventory")
    write_inventory(CITY, folder)
    _write_configuration(folder)
    community = _write_community(folder / "community")
    settings = load_settings(folder / "netmon.toml")
    devices = folder / "devices.csv"
    (folder / "hours.json").write_text(json.dumps(_hours(settings)), encoding="utf-8")
    started_s = time.monotonic()
    simulator = start(
        devices, folder, community, scenario=scenario, site_hours=folder / "hours.json"
    )
    _write_ports(devices, simulator.ports)
    tell(f"simulating {len(simulator.ports)} devices ({time.monotonic() - started_s:.1f} s)")
    return simulator


def _write_configuration(folder: Path) -> None:
    kinds = ("access_point", "public_pc", "switch", "gateway")
    written = "".join(
        KIND.format(kind=kind) + (DISK_LIMIT if kind == "public_pc" else "") for kind in kinds
    )
    text = CONFIGURATION.format(city=json.dumps(str(CITY)), kinds=written)
    (folder / "netmon.toml").write_text(text, encoding="utf-8")


def _write_community(path: Path) -> str:
    community = secrets.token_urlsafe(12)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(community)
    return community


def _hours(settings: Settings) -> dict[str, Sequence[tuple[int, int]]]:
    """Return when the devices that go on and off with their site are on, in epoch seconds."""
    calendar = city_calendar(settings)
    inventory = load_inventory(settings, calendar)
    places = {place.id: place for place in inventory.places}
    opened = OpeningHours(calendar)
    start_s = epoch_s(now())
    found: dict[str, Sequence[tuple[int, int]]] = {}
    for device in inventory.devices:
        rule = device_rule(device, places[device.place_id])
        windows = opened.windows(rule, start_s, start_s + HOURS_AHEAD_S)
        if windows is not None and rule is not None and rule.opening_hours != "24/7":
            found[device.id] = windows.intervals
    return found


def _write_ports(path: Path, ports: Mapping[str, int]) -> None:
    """Fill in the UDP port on which each simulated device listens this time."""
    with path.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines)
        columns, rows = list(reader.fieldnames or []), list(reader)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "port": ports[row["id"]]} for row in rows)
