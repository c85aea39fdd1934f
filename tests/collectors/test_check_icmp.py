"""Ping, with the rights that this process has and without any."""

import json
import os
import queue
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from collectors.base import CannotAskError
from collectors.checks.icmp import Params
from collectors.concurrent_check import ConcurrentCheck
from collectors.loop import shared
from collectors.observation import Observation, Outcome
from collectors.registry import all_checks
from collectors.target import Target
from tests.conftest import require

ROOT = Path(__file__).parents[2]
RANGE = Path("/proc/sys/net/ipv4/ping_group_range")
NOBODY = 65534
SCRIPT = """
import json, os, sys
from collectors.base import CannotAskError
from collectors.checks.icmp import CHECK
from collectors.target import Target
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[1]))
    os.setuid(int(sys.argv[1]))
try:
    seen = CHECK.observe(Target("x", "127.0.0.1"), CHECK.params(), 2.0)
    print(json.dumps([seen.outcome, seen.detail]))
except CannotAskError as error:
    print(json.dumps([None, str(error)]))
"""


def may_ping() -> bool:
    low, high = map(int, RANGE.read_text().split())
    return os.geteuid() == 0 or low <= os.getegid() <= high


def observe(host: str, params: Params | None = None, deadline_s: float = 5) -> Observation:
    return all_checks()["icmp"].observe(Target("x", host), params or Params(), deadline_s)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_answers_where_pinging_is_allowed(host: str) -> None:
    if not may_ping():
        with pytest.raises(CannotAskError, match="ping_group_range"):
            observe(host)
        return
    seen = observe(host, Params(count=3))
    found = {m.name: m.value for m in seen.measurements}
    assert seen.outcome is Outcome.OK
    assert found["loss_ratio"] == 0 and 0 < found["rtt_s"] < 1


def test_without_the_right_to_ping_nothing_is_said_of_the_device() -> None:
    """The answer is what the kernel allows to this user: as root, try it as nobody."""
    low, high = map(int, RANGE.read_text().split())
    group = NOBODY if os.geteuid() == 0 else os.getegid()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(NOBODY)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    outcome, detail = json.loads(done.stdout)
    if low <= group <= high:
        assert outcome == Outcome.OK
    else:
        assert outcome is None and "net.ipv4.ping_group_range" in detail


CROWD = """
import sys, threading, time
from collectors.checks.icmp import CHECK, Params
from collectors.echo import echo
from collectors.target import Target

dead, alive = [f"10.8.{n // 250}.{n % 250 + 1}" for n in range(3000)], "127.0.0.1"
seen, all_seen = {}, threading.Event()

def heard(host):
    def told(one):
        seen[host] = getattr(one, "outcome", repr(one))
        if len(seen) == len(dead) + 1:
            all_seen.set()
    return told

began = time.monotonic()
for host in [*dead, alive]:
    CHECK.begin(Target(host, host), Params(timeout_s=0.5), 20.0, heard(host))
all_seen.wait(30)
print(seen[alive], *sorted({seen[host] for host in dead}))
print(len(echo(is_ipv6=False)._replies), time.monotonic() - began < 15)
forbidden = CHECK.observe(Target("x", "10.7.0.1"), Params(), 2.0)
print(forbidden.outcome, forbidden.detail)
"""
SEGMENT = (
    "ip link set lo up && ip link add near type veth peer name far && "
    "ip addr add 10.8.255.254/16 dev near && ip link set near up && ip link set far up && "
    "ip route add prohibit 10.7.0.0/16 && "
)


def test_thousands_of_dead_neighbours_do_not_make_the_living_look_dead() -> None:
    """While the kernel looks for neighbours it keeps their packets, and the socket is full."""
    unshare = shutil.which("unshare")
    require("unshare", unshare is not None and shutil.which("ip") is not None)
    own = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    require("network namespaces", subprocess.run([*own, "true"], check=False).returncode == 0)
    command = [*own, "sh", "-c", f'{SEGMENT} exec "$0" -c "$1"', sys.executable, CROWD]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    assert done.stdout.splitlines() == [
        f"{Outcome.OK} {Outcome.TIMEOUT}",
        "0 True",  # nothing is kept of a packet, and nobody waited beyond its time
        f"{Outcome.NO_ROUTE} no route to the address",
    ]


def test_an_answer_that_came_while_the_loop_was_busy_is_no_silence() -> None:
    require("the right to ping", may_ping())
    heard: queue.SimpleQueue[Observation | Exception] = queue.SimpleQueue()

    async def busy() -> None:
        end_s = time.monotonic() + 0.3
        while time.monotonic() < end_s:
            pass

    def both() -> None:
        check = all_checks()["icmp"]
        assert isinstance(check, ConcurrentCheck)
        check.begin(Target("x", "127.0.0.1"), Params(timeout_s=0.05), 5.0, heard.put)
        shared().start(busy())

    shared().call(both)
    seen = heard.get(timeout=5)
    assert isinstance(seen, Observation) and seen.outcome is Outcome.OK


def test_an_unknown_name_is_a_dns_failure() -> None:
    assert observe("no-such-name.invalid").outcome is Outcome.DNS


def test_the_deadline_cuts_the_packets_short() -> None:
    began = time.monotonic()
    observe("127.0.0.1", Params(count=20, timeout_s=5), deadline_s=0.5)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("kind", ["icmp", "snmp"])
def test_params_are_strict_and_have_defaults(kind: str) -> None:
    params = all_checks()[kind].params
    params()
    with pytest.raises(ValueError, match="colour"):
        params(colour=1)
    with pytest.raises(ValueError, match="timeout_s"):
        params(timeout_s=-1)
