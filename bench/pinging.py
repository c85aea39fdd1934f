"""
What pinging costs: the check `icmp` and fping ask the same 500 addresses, 50 of them dead.

`python -m bench.pinging` moves itself into a network namespace of its own (it needs root, or
unprivileged user namespaces), where 127.0.0.0/16 answers and 10.9.0.0/16 is silent; nothing
outside is touched, and all of it ends with the process.
"""

import argparse
import os
import resource
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass

from bench.peers import program
from bench.table import Figure, are_met, tell
from collectors.checks.icmp import CHECK, Params
from collectors.observation import Observation, Outcome
from collectors.target import Target

INSIDE = "NETMON_BENCH_INSIDE"
DEAD_NET = "10.9.0.0/16"
TIMEOUT_S = 1.0
RATIO = 1.2
ROUNDS = 5
PREPARE = ("ip link set lo up", f"ip route add {DEAD_NET} dev lo")
"""What is sent to the dead net comes back to this machine, which is nobody there: silence."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that one round took, and processor seconds of the process that made it."""

    wall_s: float
    cpu_s: float


def main() -> int:
    """Measure and tell; returns 1 where an aim is missed or an address was misjudged."""
    parser = argparse.ArgumentParser(prog="bench.pinging", description=__doc__)
    parser.add_argument("--addresses", type=int, default=500)
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args()
    if INSIDE not in os.environ:
        return _inside(sys.argv[1:])
    dead = given.addresses // 10
    addresses = [f"10.9.{n // 250}.{n % 250 + 1}" for n in range(dead)]
    addresses += [f"127.0.{n // 250}.{n % 250 + 1}" for n in range(given.addresses - dead)]
    ours = [_ours(addresses, dead) for _ in range(ROUNDS)]
    theirs = [_fping(addresses, dead) for _ in range(ROUNDS)]
    # The least of several rounds: what the machine does besides only ever adds.
    mine, other = (Cost(min(c.wall_s for c in s), min(c.cpu_s for c in s)) for s in (ours, theirs))
    figures = [
        Figure("netmon, wall", mine.wall_s, "s"),
        Figure("fping -i1, wall", other.wall_s, "s"),
        Figure("netmon, processor", 1000 * mine.cpu_s, "ms"),
        Figure("fping -i1, processor", 1000 * other.cpu_s, "ms"),
        Figure("netmon / fping, wall", mine.wall_s / other.wall_s, "", RATIO),
        Figure("netmon / fping, processor", mine.cpu_s / other.cpu_s, "", RATIO),
    ]
    note = f"{given.addresses} addresses, {dead} dead, one packet, {TIMEOUT_S:g} s to answer."
    tell("Pinging", figures, [note], as_json=given.as_json)
    return 0 if are_met(figures) else 1


def _inside(arguments: list[str]) -> int:
    """Run this again in a network namespace of its own."""
    own = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    script = " && ".join([*PREPARE, 'exec "$0" -m bench.pinging "$@"'])
    command = [*own, "sh", "-c", script, sys.executable, *arguments]
    environment = {**os.environ, INSIDE: "1"}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own command


def _ours(addresses: list[str], dead: int) -> Cost:
    """Ping everyone once through the check, as the scheduler does."""
    targets = [Target(address, address) for address in addresses]
    params, ended = Params(timeout_s=TIMEOUT_S), threading.Event()
    seen: list[Observation | Exception] = []

    def heard(one: Observation | Exception) -> None:
        seen.append(one)
        if len(seen) == len(targets):
            ended.set()

    began_s, cpu_s = time.monotonic(), time.process_time()
    for target in targets:
        CHECK.begin(target, params, 10.0, heard)
    ended.wait(60)
    cost = Cost(time.monotonic() - began_s, time.process_time() - cpu_s)
    outcomes = Counter(str(getattr(one, "outcome", one)) for one in seen)
    if outcomes[Outcome.OK] != len(addresses) - dead:
        raise SystemExit(f"bench.pinging: expected {dead} dead addresses, found {outcomes}")
    return cost


def _fping(addresses: list[str], dead: int) -> Cost:
    command = [program("fping", "fping"), "-i1", "-r0", f"-t{TIMEOUT_S * 1000:.0f}", "-a"]
    began_s, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        input="\n".join(addresses).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if len(done.stdout.split()) != len(addresses) - dead:
        raise SystemExit(f"bench.pinging: fping saw {len(done.stdout.split())} alive")
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - began_s, cpu_s)


if __name__ == "__main__":
    sys.exit(main())
