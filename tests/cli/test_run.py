"""A real netmon over real agents: one process, two processes, reload, and what it refuses."""

import csv
import http.client
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geodata.city import City
from netmon.demo.launch import Simulator, start
from netmon.domain.errors import StoreError
from netmon.storage.desk import DeskReader
from netmon.storage.record import RecordReader
from tests.cli.conftest import Netmon
from tests.waiting import wait_for

COMMUNITY = "a-secret-canary-8c1f"
STOPS_WITHIN_S = 5
"""Looks under way are waited for; these end within their deadline of 2 s."""
SECRETS = {"NETMON_TEST_COMMUNITY": COMMUNITY}
COLUMNS = "id,kind,name,place_id,host,port,parents,credential,power,lon,lat,renamed_from,synthetic"
DEVICES = (
    "sw-a,switch,Switch A,bruul,127.0.0.1,,,lab,always_on,,,,false",
    "ap-a,access_point,Access point A,bruul,127.0.0.1,,sw-a,lab,always_on,,,,false",
    "ap-s,access_point,Made-up access point,bruul,127.0.0.1,,sw-a,lab,always_on,,,,true",
)
CONFIGURATION = """
[city]
folder = {city}
[credentials.lab]
community_env = "NETMON_TEST_COMMUNITY"
[checks.snmp]
interval_s = 2
retry_interval_s = 1
deadline_s = 2
params = {{ timeout_s = 0.5, retries = 1 }}
[kinds.switch]
checks = ["snmp"]
deciding = "snmp"
[kinds.access_point]
checks = ["snmp", "icmp"]
deciding = "snmp"
"""


@pytest.fixture
def agents(tmp_path: Path) -> Iterator[Simulator]:
    devices = tmp_path / "simulated.csv"
    # The simulator takes invented devices only; the inventory below calls two of them real.
    invented = [row.replace("false", "true") for row in DEVICES]
    devices.write_text("\n".join([COLUMNS, *invented]) + "\n", encoding="utf-8")
    with start(devices, tmp_path / "sim", COMMUNITY, scenario=False) as simulator:
        yield simulator


@pytest.fixture
def config(tmp_path: Path, agents: Simulator) -> Path:
    """Return the configuration of a real network with three agents."""
    city = City.bundled()
    shutil.copy(city.sites, tmp_path / "sites.geojson")
    write_devices(tmp_path / "devices.csv", agents)
    path = tmp_path / "netmon.toml"
    text = CONFIGURATION.format(city=json.dumps(str(city.folder)))
    path.write_text(text, encoding="utf-8")
    return path


def write_devices(path: Path, agents: Simulator, extra: str = "") -> None:
    rows = list(csv.reader(DEVICES))
    for row in rows:
        row[5] = str(agents.ports[row[0]])
    lines = [COLUMNS, *(",".join(row) for row in rows)]
    path.write_text("\n".join([*lines, extra]).strip() + "\n", encoding="utf-8")


def run(start_netmon: Callable[..., Netmon], config: Path, *arguments: str) -> Netmon:
    return start_netmon("run", "-c", str(config), "--port", "0", *arguments, environment=SECRETS)


def seen_devices(folder: Path) -> set[str]:
    try:
        reader = RecordReader(folder)
    except StoreError:
        return set()  # not made yet, or not yet whole
    seen = {look.observation.target for look in reader.latest()}
    reader.close()
    return seen


def test_a_real_network_is_collected_and_its_synthetic_devices_stay_private(
    start_netmon: Callable[..., Netmon], config: Path
) -> None:
    netmon = run(start_netmon, config)
    wait_for(
        lambda: netmon.spot("bruul")["status"] == "up", within_s=30, what="Bruul's device is up"
    )
    assert netmon.spot("bruul")["total"] == 1, "the made-up access point counts for nobody"
    wait_for(
        lambda: seen_devices(config.parent / "var") >= {"sw-a", "ap-a", "ap-s"},
        within_s=10,
        what="all three were looked at",
    )
    assert netmon.stop(signal.SIGTERM) == 0
    assert not any(COMMUNITY in line for line in netmon.said)


def test_sighup_with_a_bad_file_keeps_the_good_revision_and_says_so(
    start_netmon: Callable[..., Netmon], config: Path, agents: Simulator
) -> None:
    netmon = run(start_netmon, config)
    netmon.wait_until_said("netmon: http")
    devices = config.parent / "devices.csv"
    good = devices.read_text(encoding="utf-8")
    devices.write_text(good + "ap-b,access_point,B,nowhere,127.0.0.1,,,lab,,,,,false\n", "utf-8")
    netmon.process.send_signal(signal.SIGHUP)
    netmon.wait_until_said("reload refused: revision 1 stays")
    assert "line 5, ap-b: place_id" in netmon.wait_until_said("found nowhere")
    write_devices(devices, agents, "gw-b,gateway,B,bruul,127.0.0.1,9,,lab,,,,,false")
    netmon.process.send_signal(signal.SIGHUP)
    netmon.wait_until_said("inventory: revision 2")
    reader = DeskReader(config.parent / "var")
    assert len(reader.revisions()[-1].inventory.devices) == 4
    reader.close()


def test_nothing_starts_on_a_bad_inventory(
    start_netmon: Callable[..., Netmon], config: Path
) -> None:
    (config.parent / "devices.csv").write_text(COLUMNS + "\nx,y,z\n", encoding="utf-8")
    netmon = run(start_netmon, config)
    assert netmon.process.wait(20) == 2
    netmon.stop()
    assert not (config.parent / "var").exists()
    assert len(netmon.said) == 1 and "devices.csv" in netmon.said[0]


def test_a_second_netmon_on_the_same_store_refuses_to_start(
    start_netmon: Callable[..., Netmon], config: Path
) -> None:
    run(start_netmon, config).wait_until_said("netmon: http")
    second = run(start_netmon, config)
    assert second.process.wait(20) == 2
    second.stop()
    assert "another netmon" in second.said[-1]


def test_two_processes_share_the_work(start_netmon: Callable[..., Netmon], config: Path) -> None:
    """The collecting one starts first; the web one then owns the desk and its reloads."""
    collecting = run(start_netmon, config, "--no-web")
    wait_for(
        lambda: "ap-a" in seen_devices(config.parent / "var"), within_s=20, what="ap-a was seen"
    )
    web = run(start_netmon, config, "--no-collect")
    wait_for(lambda: web.spot("bruul")["status"] == "up", within_s=20, what="the web sees it")
    devices = config.parent / "devices.csv"
    extra = "gw-b,gateway,B,bruul,127.0.0.1,9,,lab,,,,,false\n"
    devices.write_text(devices.read_text(encoding="utf-8") + extra, encoding="utf-8")
    web.process.send_signal(signal.SIGHUP)
    collecting.wait_until_said("inventory: revision 2")
    assert collecting.stop() == 0
    assert web.stop() == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_browser_that_stays_connected_does_not_keep_it_from_stopping(
    start_netmon: Callable[..., Netmon], config: Path, host: str
) -> None:
    netmon = run(start_netmon, config, "--host", host)
    _, _, place = netmon.address.partition("//")
    browser = http.client.HTTPConnection(place, timeout=10)
    browser.request("GET", "/api/v1/spots.geojson")
    assert browser.getresponse().read()
    began_s = time.monotonic()
    assert netmon.stop() == 0
    assert time.monotonic() - began_s < STOPS_WITHIN_S
    browser.close()


def test_run_refuses_a_demo_store(demo: tuple[Netmon, Path]) -> None:
    netmon, folder = demo
    netmon.wait_until_said("netmon: http")
    done = subprocess.run(
        [sys.executable, "-m", "netmon", "run", "-c", str(folder / "netmon.toml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "expected real, found demo" in done.stderr


def test_collecting_does_not_import_what_only_the_map_needs() -> None:
    heavy = {"flask", "folium", "geopandas", "pandas", "pyproj", "waitress", "web", "pysnmp"}
    script = (
        "import sys, netmon.cli.run, collectors.registry as r; r.all_checks();"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
