"""Starting the simulator beside another process, and holding on to it."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from netmon.demo import control
from netmon.demo.simulator import COMMUNITY_VARIABLE

READY_WITHIN_S = 10.0
LOOK_EVERY_S = 0.02
END_WITHIN_S = 5.0


class SimulatorError(Exception):
    """The simulator did not start; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Simulator:
    """
    A running simulator.

    `ports` holds the UDP port on 127.0.0.1 of each device; `control_path` is the socket
    that takes orders. Use it as a context manager, or call `stop`.
    """

    ports: dict[str, int]
    control_path: Path
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def control(self, line: str) -> str:
        """Send one order (`fail DEVICE`, …); the answer begins with `ok` or `error:`."""
        return control.send(self.control_path, line)

    def stop(self) -> None:
        """End the process and wait for it; stopping twice does no harm."""
        self.process.terminate()
        try:
            self.process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start(
    devices_csv: Path,
    folder: Path,
    community: str,
    *,
    scenario: bool = True,
    site_hours: Path | None = None,
) -> Simulator:
    """
    Start the simulator and wait until every agent answers.

    Parameters
    ----------
    devices_csv
        The devices to simulate.
    folder
        Where `ports.json`, `control.sock` and `simulator.log` go; made where missing.
    community
        The SNMP v2c community that the agents answer to. It travels in the environment,
        never on the command line, where every user of the machine could read it.
    scenario
        Whether the bundled scenario runs.
    site_hours
        JSON {device: [[from_s, to_s], …]} of when devices are on (UTC, s since 1970); None
        means always.

    Raises
    ------
    SimulatorError
        If it is not ready within 10 s; the message is what it said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ports_path, control_path = folder / "ports.json", folder / "control.sock"
    ports_path.unlink(missing_ok=True)
    options = ["--devices", str(devices_csv), "--ports-out", str(ports_path)]
    options += ["--control", str(control_path)]
    options += ["--parent", str(os.getpid())]
    options += [] if scenario else ["--scenario", "none"]
    options += [] if site_hours is None else ["--hours", str(site_hours)]
    with (folder / "simulator.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-m", "netmon.demo.simulator", *options],
            env={**os.environ, COMMUNITY_VARIABLE: community},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C in a terminal reaches every process of a group at once: agents that fall
            # silent before the collector stops would look like an outage of the whole city.
            start_new_session=True,
        )
    _wait_for(ports_path, process, folder / "simulator.log")
    return Simulator(json.loads(ports_path.read_text(encoding="utf-8")), control_path, process)


def _wait_for(ports_path: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the ports are told; raise with what it said where they are not."""
    deadline_s = time.monotonic() + READY_WITHIN_S
    while not ports_path.exists():
        if process.poll() is not None:
            said = log.read_text(encoding="utf-8", errors="replace").strip() or "nothing"
            raise SimulatorError(f"the simulator ended (exit {process.returncode}): {said}")
        if time.monotonic() > deadline_s:
            process.kill()
            process.wait()
            raise SimulatorError(
                f"the simulator was not ready within {READY_WITHIN_S:.0f} s: see {log}"
            )
        time.sleep(LOOK_EVERY_S)
