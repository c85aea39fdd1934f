"""Starting `bench.agents` and `bench.poller` beside the measuring process."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.poller import Report

READY_WITHIN_S = 30.0

Order = Callable[[str], None]
"""Takes one line for the agents."""


@contextmanager
def agents(folder: Path, count: int, dead: int = 0) -> Iterator[Path]:
    """Run so many agents, of which some never answer; give the file with their ports."""
    with obedient(folder, count, dead) as (ports, _):
        yield ports


@contextmanager
def obedient(folder: Path, count: int, dead: int = 0) -> Iterator[tuple[Path, Order]]:
    """Run agents like `agents`; give what takes `fail PORT` and `heal PORT`, too."""
    folder.mkdir(exist_ok=True)
    ports = folder / f"ports-{count}.json"
    command = [sys.executable, "-m", "bench.agents", "--count", str(count), "--dead", str(dead)]
    with subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--ports-out", str(ports)],
        stdin=subprocess.PIPE,
        # Ctrl-C is for the measurement: they have to answer until it is over.
        start_new_session=True,
    ) as process:

        def order(line: str) -> None:
            assert process.stdin is not None  # noqa: S101 - asked for above
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()

        try:
            _await(ports, process)
            yield ports, order
        finally:
            process.communicate()  # its standard input ends, and so does it


def _await(ports: Path, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_WITHIN_S
    while not ports.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit("bench: the simulated agents did not start")
        time.sleep(0.05)


def polled(
    ports: Path, folder: Path, *, interval_s: float, seconds: float, core: int | None = None
) -> Report:
    """Poll the agents with netmon in a process of its own, on one core if one is given."""
    folder.mkdir()
    given = {"--ports": ports, "--folder": folder, "--interval": interval_s, "--seconds": seconds}
    command = [sys.executable, "-m", "bench.poller"]
    command += [str(word) for pair in given.items() for word in pair]
    if core is not None:
        command = ["taskset", "-c", str(core), *command]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603 - our own command
    if not done.stdout:
        raise SystemExit("bench: the poller ended without a word")
    return Report(**json.loads(done.stdout))
