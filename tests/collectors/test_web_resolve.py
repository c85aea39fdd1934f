"""Names to addresses, also where the name server is slow: in a network of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from collectors.observation import Outcome
from collectors.web.failure import WebFailure
from collectors.web.resolve import addresses
from tests.conftest import require

ROOT = Path(__file__).parents[2]
ALONE = ["unshare", "--map-root-user", "--net", "--mount", "--"]
SCRIPT = """
import json, socket, subprocess, sys, time
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
subprocess.run(["mount", "--bind", sys.argv[1], "/etc/resolv.conf"], check=True)
mute = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
mute.bind(("127.0.0.1", 53))
from collectors.checks.tcp import CHECK
from collectors.target import Target
began = time.monotonic()
seen = CHECK.observe(Target("x", "some-name.example"), CHECK.params(), 0.5)
took_s = time.monotonic() - began
asked = mute.recv(512)
mute.close()
elsewhere = CHECK.observe(Target("x", "192.0.2.1"), CHECK.params(), 5)
print(json.dumps([seen.outcome, seen.detail, took_s, b"some-name" in asked, elsewhere.outcome]))
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "fe80::1%lo"])
def test_an_address_is_itself(host: str) -> None:
    assert addresses(host, time.monotonic()) == (host,)


def test_a_name_gives_each_of_its_addresses_once() -> None:
    found = addresses("localhost", time.monotonic() + 5)
    assert "127.0.0.1" in found and len(set(found)) == len(found)


@pytest.mark.parametrize("host", ["no-such-name.invalid", "", "a" * 70, "a\x00b", "\ud800"])
def test_what_has_no_address_is_dns(host: str) -> None:
    with pytest.raises(WebFailure, match="the name has") as caught:
        addresses(host, time.monotonic() + 5)
    assert caught.value.outcome is Outcome.DNS


def test_a_name_server_that_is_silent_ends_at_the_deadline_and_delays_no_stop(
    tmp_path: Path,
) -> None:
    """
    glibc alone would wait ten seconds, and again before the process could end.

    The network of its own has no way out either, which is `no_route`.
    """
    trial = subprocess.run([*ALONE, "true"], capture_output=True, check=False)
    require("the right to make network namespaces", trial.returncode == 0)
    require("iproute2", shutil.which("ip") is not None)
    servers = tmp_path / "resolv.conf"
    servers.write_text("nameserver 127.0.0.1\n")
    began = time.monotonic()
    done = subprocess.run(
        [*ALONE, sys.executable, "-c", SCRIPT, str(servers)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    outcome, detail, took_s, was_asked, elsewhere = json.loads(done.stdout)
    assert outcome == Outcome.DNS and "in time" in detail and was_asked
    assert elsewhere == Outcome.NO_ROUTE
    assert 0.5 <= took_s < 1.5 and time.monotonic() - began < 8
