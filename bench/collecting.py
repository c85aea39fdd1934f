"""
What collecting costs: CPU and memory of `netmon run --no-web` with 200 devices a minute.

`python -m bench.collecting` starts the simulator with 200 agents and the collecting
process beside it, lets it settle, and reads its counters from /proc (Linux only).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import fleet
from bench.table import Figure, are_met, tell
from netmon.demo import launch
from netmon.demo.simulator import COMMUNITY_VARIABLE
from netmon.domain.sight import SIGHT
from netmon.storage.record import LatestLook, RecordReader

COMMUNITY = "bench"
WARM_UP_S = 60.0
AIM_CPU_PERCENT = 5.0
MEMORY_AIM_MB = 150
NETMON = "import sys; from netmon.cli import main; sys.exit(main())"
STOP_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU of all threads of a process since it began, its memory, and when that was (s)."""

    at_s: float
    cpu_s: float
    rss_bytes: int


def main() -> int:
    """Measure and tell; returns 1 where the aim is missed or devices went unseen."""
    parser = argparse.ArgumentParser(prog="bench.collecting", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0, help="how long to measure")
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--interval", type=float, default=60.0, help="seconds between looks")
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="netmon-bench-") as name, ExitStack() as running:
        folder, devices = Path(name), fleet.rows(given.devices)
        fleet.write_devices(folder / "simulated.csv", devices)
        simulator = running.enter_context(
            launch.start(folder / "simulated.csv", folder / "demo", COMMUNITY, scenario=False)
        )
        known = [{**row, "port": str(simulator.ports[row["id"]])} for row in devices]
        fleet.write_devices(folder / "devices.csv", known)
        process = running.enter_context(collecting(folder, given.interval))
        pids = process.pid, simulator.process.pid
        moments = [[usage(pid) for pid in pids]]
        for seconds in (WARM_UP_S, given.seconds):
            _let_run(process, seconds, folder / "netmon.log")
            moments.append([usage(pid) for pid in pids])
        looks = _looks(folder / "store")
    netmon, agents = zip(*moments, strict=True)
    percent = _percent(netmon[1], netmon[2])
    ok = (look.observation for look in looks if look.observation.outcome == "ok")
    answered = {seen.target for seen in ok} - {SIGHT[0]}
    figures = [
        Figure("netmon, share of one core", percent, "%", AIM_CPU_PERCENT),
        Figure("netmon, first minute, start included", _percent(netmon[0], netmon[1]), "%"),
        Figure("netmon, resident memory", netmon[2].rss_bytes / 1e6, "MB", MEMORY_AIM_MB),
        Figure("simulator, share of one core", _percent(agents[1], agents[2]), "%"),
        Figure("devices that answered", len(answered), ""),
        Figure("looks in the store, newest of each check", len(looks), ""),
    ]
    note = f"{given.devices} devices every {given.interval:g} s, for {given.seconds:g} s"
    tell("Collecting", figures, [note + " after a minute's warm-up."], as_json=given.as_json)
    return 0 if are_met(figures) and len(answered) == given.devices else 1


@contextmanager
def collecting(folder: Path, interval_s: float) -> "Iterator[subprocess.Popen[bytes]]":
    """Run netmon without its web side on the `devices.csv` of a folder, and stop it after."""
    config = fleet.write_config(folder, COMMUNITY_VARIABLE, interval_s)
    environment = {**os.environ, COMMUNITY_VARIABLE: COMMUNITY}
    command = [sys.executable, "-c", NETMON, "run", "--no-web", "--config", str(config)]
    with (
        (folder / "netmon.log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,  # noqa: S603 - our own command
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()


def usage(pid: int) -> Usage:
    """Read what a process used so far, from proc(5)."""
    # The name of the command may hold anything, a parenthesis too: count from the last one.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    user_ticks, system_ticks, rss_pages = (int(fields[place]) for place in (11, 12, 21))
    cpu_s = (user_ticks + system_ticks) / os.sysconf("SC_CLK_TCK")
    return Usage(time.monotonic(), cpu_s, rss_pages * os.sysconf("SC_PAGE_SIZE"))


def _percent(began: Usage, ended: Usage) -> float:
    return 100 * (ended.cpu_s - began.cpu_s) / (ended.at_s - began.at_s)


def _let_run(process: "subprocess.Popen[bytes]", seconds: float, log: Path) -> None:
    """Wait, and say why where the process ends meanwhile."""
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
    said = log.read_text(encoding="utf-8", errors="replace").strip()
    raise SystemExit(f"bench.collecting: netmon ended with {code}: {said}")


def _looks(store: Path) -> list[LatestLook]:
    with closing(RecordReader(store)) as record:
        return record.latest()


if __name__ == "__main__":
    sys.exit(main())
