"""Devices given by name while name servers come and go: glibc asks a real one, which stops."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from collectors.snmp.resolve import _Names
from tests.conftest import require

ROOT = Path(__file__).parents[2]
SCRIPT = """
import socket, sys, threading, time
import dns.flags, dns.message, dns.rcode, dns.rrset
from collectors.loop import shared
from collectors.snmp.engine import Patience, SnmpFailure
from collectors.snmp.resolve import _NAMES, resolve_in_loop

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
said, slow_s = "127.0.0.2", 0.0

def serve():
    while True:
        datagram, sender = server.recvfrom(4096)
        if said == "nothing":
            continue
        time.sleep(slow_s)
        query = dns.message.from_wire(datagram)
        reply = dns.message.make_response(query)
        name, kind = query.question[0].name, query.question[0].rdtype
        if said == "no such name":
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif kind == 1:
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "A", said))
        server.sendto(reply.to_wire(), sender)

threading.Thread(target=serve, daemon=True).start()

def look(host, within_s=10.0):
    began = time.monotonic()
    try:
        found = shared().ask(resolve_in_loop(host, 161, Patience(1, 0, began + within_s)))
    except SnmpFailure as failure:
        found = failure.detail
    print(found, "quickly" if time.monotonic() - began < 2 else "slowly", sep=" | ")

look("ap-1.example")
said = "127.0.0.3"
look("ap-1.example")
said, slow_s = "127.0.0.4", 1.3
look("ap-1.example")
while _NAMES.last("ap-1.example", time.monotonic()) != said:
    threading.Event().wait(0.05)
said = "nothing"
look("ap-1.example")
look("ap-2.example", 0.5)
said, slow_s = "no such name", 0.0
look("ap-1.example")
"""


def test_the_last_address_is_used_while_name_servers_are_silent(tmp_path: Path) -> None:
    """A name that moves is followed, one that is gone is gone, an outage changes neither."""
    unshare = shutil.which("unshare")
    require("unshare", unshare is not None and shutil.which("ip") is not None)
    own = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    require("namespaces", subprocess.run([*own, "true"], check=False).returncode == 0)
    names = tmp_path / "resolv.conf"
    names.write_text("nameserver 127.0.0.1\noptions timeout:3 attempts:2\n", "utf-8")
    prepare = f"mount --bind {names} /etc/resolv.conf && ip link set lo up"
    command = [*own, "sh", "-c", f'{prepare} && exec "$0" -c "$1"', sys.executable, SCRIPT]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "127.0.0.2 | quickly",
        "127.0.0.3 | quickly",
        "127.0.0.3 | quickly",
        "127.0.0.4 | quickly",
        "the name server did not answer in time | quickly",
        "the name has no address | quickly",
    ]


@pytest.mark.parametrize("passed_s", [0.0, 86_400.0, 86_401.0])
def test_an_address_is_used_on_for_a_day(passed_s: float) -> None:
    names = _Names()
    assert names.last("ap-1", 5.0) is None
    names.note("ap-1", "192.0.2.1", 5.0)
    assert (names.last("ap-1", 5.0 + passed_s) is not None) == (passed_s <= 86_400)
