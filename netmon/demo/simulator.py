"""
The simulator process: `python -m netmon.demo.simulator --devices FILE --ports-out FILE`.

One UDP socket on 127.0.0.1 for each device, all in one event loop. It ends with exit
code 0 on SIGTERM or SIGINT, or as soon as the process that started it is gone.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from netmon.demo import hours, roster, scenario, world
from netmon.demo.agent import Agent
from netmon.demo.control import Control
from netmon.demo.network import Network
from netmon.demo.roster import Simulated
from netmon.demo.row import Moment
from netmon.demo.table import Table
from netmon.domain.errors import ConfigError

COMMUNITY_VARIABLE = "NETMON_DEMO_COMMUNITY"
LOCAL_TIME = ZoneInfo("Europe/Brussels")
PARENT_CHECK_S = 0.5


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line and the environment said; `parent` is the process to outlive not."""

    devices: Path
    ports_out: Path
    control: Path | None
    scenario: Path | None
    hours: Path | None
    seed: int
    parent: int
    community: bytes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulator; returns 0 when it was told to end, 2 when its input is bad."""
    parser = argparse.ArgumentParser(prog="netmon.demo.simulator", description=__doc__)
    parser.add_argument("--devices", type=Path, required=True, help="devices.csv")
    parser.add_argument("--ports-out", type=Path, required=True, help="JSON {device: port}")
    parser.add_argument("--control", type=Path, help="unix datagram socket that takes orders")
    parser.add_argument("--scenario", default=str(scenario.BUNDLED), help="TOML file, or none")
    parser.add_argument("--hours", type=Path, help="JSON {device: [[from_s, to_s], …]}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parent", type=int, default=os.getppid(), help="end when it is gone")
    given = parser.parse_args(arguments)
    community = os.environ.get(COMMUNITY_VARIABLE, "")
    if not community:
        _say(f"{COMMUNITY_VARIABLE}: expected the community in the environment, found nothing")
        return 2
    script = None if given.scenario == "none" else Path(given.scenario)
    known = {**vars(given), "scenario": script, "community": community.encode()}
    try:
        asyncio.run(serve(Options(**known)))
    except (ConfigError, OSError) as error:
        _say(str(error))
        return 2
    return 0


async def serve(options: Options) -> None:
    """
    Bind every agent, tell the ports, and answer until told to end.

    Raises
    ------
    ConfigError
        If the devices, the scenario or the hours cannot be used.
    OSError
        If a socket cannot be bound or the ports cannot be written.
    """
    network = _network(options)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    started_s = time.monotonic()
    with ExitStack() as open_sockets:
        ports = {
            device.id: await _bind(network, device, options, started_s, open_sockets)
            for device in network.devices
        }
        if options.control is not None:
            await Control.bind(options.control, network, started_s, open_sockets)
        _write_atomically(options.ports_out, json.dumps(ports, indent=1))
        _say(f"ready devices={len(ports)}")
        await _until_told_or_orphaned(stopping, options.parent)
    # A closed transport lets go of its socket in the next turn of the loop.
    await asyncio.sleep(0)
    _say("ended")


def _network(options: Options) -> Network:
    devices = roster.read(options.devices)
    script = scenario.NOTHING_HAPPENS
    if options.scenario is not None:
        script = scenario.read(options.scenario, devices)
    windows = hours.ALWAYS_ON if options.hours is None else hours.read(options.hours)
    local = datetime.now(LOCAL_TIME)
    return Network(devices, script, windows, local.hour + local.minute / 60)


async def _bind(
    network: Network,
    device: Simulated,
    options: Options,
    started_s: float,
    open_sockets: ExitStack,
) -> int:
    """Put one device on a free port, and return that."""

    def moment() -> Moment | None:
        return network.moment(device, time.monotonic() - started_s, time.time())

    agent = Agent(Table(world.rows(device, options.seed)), options.community, moment)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: agent, local_addr=("127.0.0.1", 0)
    )
    open_sockets.callback(transport.close)
    port: int = transport.get_extra_info("sockname")[1]
    return port


async def _until_told_or_orphaned(stopping: asyncio.Event, parent: int) -> None:
    while not stopping.is_set() and os.getppid() == parent:
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), PARENT_CHECK_S)


def _write_atomically(path: Path, text: str) -> None:
    """Write a file that is never seen half full."""
    draft = path.with_name(path.name + ".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _say(line: str) -> None:
    sys.stderr.write(f"netmon.demo.simulator: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
