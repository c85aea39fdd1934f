"""A real netmon, real pings, and a line that is cut: one outage is told, the cut is none."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from geodata.city import City
from netmon.domain.sight import OWN_SIGHT, SIGHT
from tests.cli.cut_line import DEVICES, WITNESSES
from tests.conftest import require

ROOT = Path(__file__).parents[2]
COLUMNS = "id,kind,name,place_id,host,port,parents,credential,power,lon,lat,renamed_from,synthetic"
CONFIGURATION = f"""
[city]
folder = {{city}}
[sight]
witnesses = {json.dumps(WITNESSES)}
window_s = 3
[checks.icmp]
interval_s = 2
retry_interval_s = 1
deadline_s = 2
params = {{{{ timeout_s = 0.5 }}}}
[kinds.gateway]
checks = ["icmp"]
"""


def configured(folder: Path) -> Path:
    city = City.bundled()
    shutil.copy(city.sites, folder / "sites.geojson")
    rows = [f"{key},gateway,{key},bruul,{host},,,,,,,,false" for key, host in DEVICES.items()]
    (folder / "devices.csv").write_text("\n".join([COLUMNS, *rows]) + "\n", "utf-8")
    path = folder / "netmon.toml"
    path.write_text(CONFIGURATION.format(city=json.dumps(str(city.folder))), "utf-8")
    return path


def test_a_device_that_dies_is_down_and_a_cut_line_is_only_unknown(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    require("unshare", unshare is not None and shutil.which("ip") is not None)
    own = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    require("network namespaces", subprocess.run([*own, "true"], check=False).returncode == 0)
    command = [*own, sys.executable, "-m", "tests.cli.cut_line", str(configured(tmp_path))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["code"] == 0
    assert found["blind_since"] is not None
    assert found["meanwhile"] == {each: ["unknown", OWN_SIGHT] for each in DEVICES}
    statuses = {each: status for each, (status, _) in found["after"].items()}
    assert statuses == dict.fromkeys(DEVICES, "up") | {"gw-2": "down"}
    down = [run for run in found["runs"] if run[4] == "down"]
    assert [run[0] for run in down] == ["gw-1", "gw-2"]
    (sight,) = [run for run in found["runs"] if (*run[:2],) == SIGHT and run[5] == OWN_SIGHT]
    assert down[0][3] <= sight[2] and sight[3] <= down[1][2], "dated before and after the cut"
    lost = "own sight lost"
    assert done.stderr.count(lost) == 1, done.stderr
