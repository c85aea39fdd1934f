"""A small synthetic city, and the simulator process that plays it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from netmon.demo import launch, roster
from netmon.demo.launch import Simulator
from netmon.demo.roster import Simulated

COMMUNITY = "demo-test"
DEVICES_CSV = """\
id,kind,name,place_id,host,port,parents,credential,power,lon,lat,renamed_from,synthetic
gw-city,gateway,City gateway,grote-markt,127.0.0.1,,,demo,always_on,4.48,51.02,,true
sw-ijzerenleen,switch,Switch IJzerenleen,ijzerenleen,127.0.0.1,,gw-city,demo,always_on,,,,true
ap-ijzerenleen-01,access_point,AP 1,ijzerenleen,127.0.0.1,,sw-ijzerenleen,demo,always_on,,,,true
ap-hoogstraat-02,access_point,AP 2,hoogstraat,127.0.0.1,,gw-city,demo,always_on,,,,true
pc-surfpunt-station-01,public_pc,PC 1,surfpunt-station,127.0.0.1,,gw-city,demo,always_on,,,,true
pc-library-01,public_pc,PC 2,library,127.0.0.1,,gw-city,demo,with_site,,,,true
"""


@pytest.fixture(scope="session")
def devices_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("city") / "devices.csv"
    path.write_text(DEVICES_CSV, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def devices(devices_csv: Path) -> tuple[Simulated, ...]:
    return roster.read(devices_csv)


@pytest.fixture(scope="module")
def simulator(devices_csv: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """The simulator with no scenario, so that only the test breaks something."""
    folder = tmp_path_factory.mktemp("demo")
    with launch.start(devices_csv, folder, COMMUNITY, scenario=False) as running:
        yield running
