"""
The citizen's check: each step on the public Wi-Fi, and the first that fails is the reason.

Address, DNS and page go through real network namespaces, real servers and a real interface.
The radio alone is played: `iw` is a program of ours in PATH, which prints what iw prints.
"""

import json
import os
import secrets
import shutil
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors import agent, agent_wifi
from tests.conftest import require

REACHED = [("association", None), ("address", None), ("dns", None)]
SSID = "Mechelen Gratis é"
ASSOCIATED = """\
Connected to 02:00:5e:10:00:01 (on wlan0)
	SSID: Mechelen Gratis \\xc3\\xa9
	freq: 5180
	RX: 123456 bytes (789 packets)
	signal: -61 dBm
	tx bitrate: 6.0 MBit/s
"""
COMPLETED = """\
bssid=02:00:5e:10:00:01
freq=5180
ssid=Mechelen Gratis \\xc3\\xa9
id=0
wpa_state=COMPLETED
ip_address=10.77.0.2
"""
NETSH = """\

There are 2 interfaces on the system:

    Name                   : Wi-Fi
    Description            : Some Adapter
    Physical address       : 02:00:5e:10:00:02
    State                  : disconnected

    Name                   : Wi-Fi 2
    Description            : Some Adapter #2
    State                  : connected
    SSID                   : Mechelen Gratis
    BSSID                  : 02:00:5e:10:00:01
    Profile                : Mechelen Gratis
"""
WORDS = {"Name  ": "Naam  ", "State  ": "Status ", "connected": "verbonden"}
DUTCH = NETSH
for english, dutch in WORDS.items():
    DUTCH = DUTCH.replace(english, dutch)


def read(parse: Any, said: str) -> str:
    return parse(said.encode()).decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("said", "ssid"),
    [
        (ASSOCIATED, SSID),
        ("Not connected.\n", ""),
        ("", ""),
        ("Connected to 02:00:5e:10:00:01 (on wlan0)\n\tfreq: 5180\n", ""),
        ("Connected to 02:00:5e:10:00:01 (on wlan0)\n\tSSID: \\x20a b\\x20\n", " a b "),
        ("Connected to x\n\tSSID: SSID: Mechelen\n", "SSID: Mechelen"),
        ("Connected to x\n\tSSID: back\\x5cslash\n", "back\\slash"),
        ("\tSSID: Mechelen\n", ""),
    ],
)
def test_what_iw_says_is_read(said: str, ssid: str) -> None:
    assert read(agent_wifi.ssid_of_iw, said) == ssid


@pytest.mark.parametrize(
    ("said", "ssid"),
    [
        (COMPLETED, SSID),
        (COMPLETED.replace("COMPLETED", "SCANNING"), ""),
        ("wpa_state=COMPLETED\n", ""),
        ('ssid=a\\"b\\\\c\\td\nwpa_state=COMPLETED\n', 'a"b\\c\td'),
        ("ssid=a=b\nwpa_state=COMPLETED\n", "a=b"),
    ],
)
def test_what_wpa_cli_says_is_read(said: str, ssid: str) -> None:
    assert read(agent_wifi.ssid_of_wpa, said) == ssid


@pytest.mark.parametrize("said", [NETSH, DUTCH], ids=["English", "Dutch"])
def test_what_netsh_says_is_read_in_any_language(said: str) -> None:
    assert agent_wifi.ssid_of_netsh(said.encode(), "Wi-Fi 2") == b"Mechelen Gratis"
    assert agent_wifi.ssid_of_netsh(said.encode(), "Wi-Fi") == b""
    assert agent_wifi.ssid_of_netsh(said.encode(), "Ethernet") == b""


@given(st.binary(max_size=200))
def test_garbage_from_a_program_is_no_association_and_no_crash(said: bytes) -> None:
    for text in (said, b"Connected to " + said, b"wpa_state=COMPLETED\nssid=" + said):
        assert isinstance(agent_wifi.ssid_of_iw(text), bytes)
        assert isinstance(agent_wifi.ssid_of_wpa(text), bytes)
        assert isinstance(agent_wifi.ssid_of_netsh(text, "wlan0"), bytes)


@given(st.binary(max_size=32))
def test_every_ssid_that_iw_prints_is_read_back(ssid: bytes) -> None:
    """As iw prints it: plain ASCII as it is, all else, a backslash and outer spaces as digits."""
    last = len(ssid) - 1
    shown = b"".join(
        bytes([byte])
        if (32 < byte < 127 and byte != 92) or (byte == 32 and 0 < place < last)
        else b"\\x%02x" % byte
        for place, byte in enumerate(ssid)
    )
    said = b"Connected to 02:00:5e:10:00:01 (on wlan0)\n\tSSID: " + shown + b"\n\tfreq: 2412\n"
    assert agent_wifi.ssid_of_iw(said) == ssid


@given(st.binary(max_size=300), st.integers(0, 40))
def test_garbage_from_a_name_server_is_an_error_that_is_expected(junk: bytes, count: int) -> None:
    answer = b"ab" + struct.pack("!5H", 0x8180, 1, count, 0, 0) + junk
    try:
        found = agent_wifi.addresses_in(answer, 12, 1)
    except (ValueError, struct.error, IndexError):
        return
    assert all(isinstance(each, str) for each in found)


def test_a_page_by_address_cannot_prove_dns() -> None:
    assert "needs no DNS" in agent_wifi.missing("http://192.0.2.1/")


def test_without_a_program_for_the_radio_it_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "expected iw or wpa_cli" in agent_wifi.missing("http://www.example.org/")


def put(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_the_name_servers_are_those_of_the_radio(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "Link 3 (wlan0): 192.0.2.53 2001:db8::53 127.0.0.53 192.0.2.54#dns.example"
    put(tmp_path, "resolvectl", f'[ "$*" = "dns wlan0" ] && echo "{said}"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert agent_wifi.name_servers("wlan0") == ("192.0.2.53", "2001:db8::53")


class Welcome(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"Welkom")

    def log_message(self, *_: object) -> None:
        pass


def test_on_windows_it_goes_out_from_the_address_of_the_radio(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`netsh` is played, loopback stands in for the radio; names and page are real."""
    monkeypatch.setattr(agent_wifi, "WINDOWS", True)
    put(tmp_path, "netsh", "printf '    Name : lo\\n    SSID : Gratis\\n'")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Welcome)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    page = f"http://localhost:{server.server_port}/"
    told = agent.Options("", "", b"", 60.0, page, "Welkom", 5.0, "Gratis", "lo", ())
    try:
        assert agent_wifi.missing(page) == ""
        legs = agent_wifi.walk(told, agent.fetch, agent.dial_first)
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
    assert [(leg["step"], leg["reason"]) for leg in legs] == [*REACHED, ("page", None)]


# In namespaces of their own


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


class Town:
    """A probe with a radio and a cable, and the public network on the far end of the radio."""

    def __init__(self, folder: Path) -> None:
        mark = secrets.token_hex(3)
        self.probe, self.net, self.cable = (f"netmon-{each}-{mark}" for each in "pnc")
        self.folder = folder
        self._servers: list[subprocess.Popen[str]] = []
        for name in (self.probe, self.net, self.cable):
            run("ip", "netns", "add", name)
        self._link("wlan0", "10.77.0", self.net)
        self._link("eth0", "10.78.0", self.cable)
        run("ip", "-n", self.probe, "route", "add", "default", "via", "10.78.0.1")
        self.says(ASSOCIATED)

    def _link(self, name: str, prefix: str, to: str) -> None:
        pair = ("link", "add", name, "type", "veth", "peer", "name", name, "netns", to)
        run("ip", "-n", self.probe, *pair)
        for end, place in ((2, self.probe), (1, to)):
            run("ip", "-n", place, "addr", "add", f"{prefix}.{end}/24", "dev", name)
            run("ip", "-n", place, "link", "set", name, "up")

    def says(self, text: str, code: int = 0) -> None:
        """Let `iw` print this."""
        (self.folder / "said").write_text(text, encoding="utf-8")
        program = self.folder / "iw"
        asked = '[ "$*" = "dev wlan0 link" ] || exit 9'
        program.write_text(f"#!/bin/sh\n{asked}\ncat {self.folder}/said\nexit {code}\n")
        program.chmod(0o755)

    def serve(self, *behaviour: str) -> None:
        """Let the public network behave so."""
        self._serve(self.net, "10.77.0.1", *behaviour)

    def serve_by_cable(self) -> None:
        """Let all be well on the other network of the probe."""
        self._serve(self.cable, "10.78.0.1")

    def _serve(self, where: str, address: str, *behaviour: str) -> None:
        script = Path(__file__).parent / "public_network.py"
        server = subprocess.Popen(
            ["ip", "netns", "exec", where, sys.executable, str(script), address, *behaviour],
            stdout=subprocess.PIPE,
            text=True,
        )
        self._servers.append(server)
        assert server.stdout is not None and server.stdout.readline() == "ready\n"

    def beat(self, dns: str = "10.77.0.1") -> dict[str, Any]:
        """Return the body that a probe in this town would send now."""
        key = self.folder / "key"
        key.write_text("0" * 64)
        key.chmod(0o600)
        given = ["--url", "http://127.0.0.1:1", "--device", "probe-1", "--key-file", str(key)]
        given += ["--wifi", SSID, "--page", "http://www.mechelen.example/", "--page-within", "1"]
        given += ["--page-text", "Welkom in Mechelen", "--dns", dns, "--json"]
        done = subprocess.run(
            ["ip", "netns", "exec", self.probe, sys.executable, str(agent.__file__), *given],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"},
        )
        assert done.returncode == 0, done.stderr
        body: dict[str, Any] = json.loads(done.stdout)["body"]
        return body

    def close(self) -> None:
        for server in self._servers:
            server.kill()
            server.wait()
            assert server.stdout is not None
            server.stdout.close()
        for name in (self.probe, self.net, self.cable):
            run("ip", "netns", "del", name)


def namespaces_are_allowed() -> bool:
    if shutil.which("ip") is None or os.geteuid() != 0:
        return False
    tried = subprocess.run(
        ["unshare", "--net", "--mount", "true"], capture_output=True, check=False
    )
    return tried.returncode == 0


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    require("the right to make network namespaces (root, iproute2)", namespaces_are_allowed())
    made = Town(tmp_path)
    yield made
    made.close()


def reasons(body: dict[str, Any]) -> list[tuple[str, str | None]]:
    assert body["role"] == "probe" and body["page_s"] is None
    return [(leg["step"], leg["reason"]) for leg in body["service"]]


def test_a_network_that_works_passes_every_step(town: Town) -> None:
    town.serve()
    body = town.beat()
    assert reasons(body) == [*REACHED, ("page", None)]
    assert all(0 <= leg["seconds"] < 5 for leg in body["service"])


def test_a_name_server_whose_answers_are_guessed_by_others_is_still_heard(town: Town) -> None:
    town.serve("--names", "guesses")
    assert reasons(town.beat()) == [*REACHED, ("page", None)]


@pytest.mark.parametrize(
    "said", ["Not connected.\n", ASSOCIATED.replace("Gratis", "Kantoor")], ids=["none", "another"]
)
def test_a_radio_on_no_or_another_network_is_no_association(town: Town, said: str) -> None:
    town.says(said)
    assert reasons(town.beat()) == [("association", "no_association")]


def test_a_radio_that_cannot_be_asked_says_nothing_of_the_service(town: Town) -> None:
    town.says("Operation not permitted\n", code=1)
    assert town.beat()["service"] is None


def test_a_radio_without_an_address_is_no_address(town: Town) -> None:
    run("ip", "-n", town.probe, "addr", "flush", "dev", "wlan0")
    assert reasons(town.beat())[-1] == ("address", "no_address")


def test_an_address_that_it_made_up_itself_is_none(town: Town) -> None:
    run("ip", "-n", town.probe, "addr", "flush", "dev", "wlan0")
    run("ip", "-n", town.probe, "addr", "add", "169.254.7.7/16", "dev", "wlan0")
    assert reasons(town.beat())[-1] == ("address", "no_address")


@pytest.mark.parametrize("names", ["absent", "refuses"])
def test_a_name_server_that_does_not_answer_is_no_dns(town: Town, names: str) -> None:
    town.serve("--names", names)
    assert reasons(town.beat()) == [*REACHED[:2], ("dns", "no_dns")]


@pytest.mark.parametrize("page", ["portal", "redirect", "511"])
def test_something_else_in_place_of_the_page_is_a_captive_portal(town: Town, page: str) -> None:
    town.serve("--page", page)
    assert reasons(town.beat()) == [*REACHED, ("page", "captive_portal")]


def test_a_page_that_takes_too_long_is_a_slow_page(town: Town) -> None:
    town.serve("--page", "slow")
    body = town.beat()
    assert reasons(body) == [*REACHED, ("page", "slow_page")]
    assert body["service"][-1]["seconds"] > 1.4


@pytest.mark.parametrize("page", ["absent", "error"])
def test_a_page_that_does_not_come_is_no_page(town: Town, page: str) -> None:
    town.serve("--page", page)
    assert reasons(town.beat()) == [*REACHED, ("page", "no_page")]


def test_the_cable_never_stands_in_for_the_radio(town: Town) -> None:
    """Everything works by the other network of the probe, and nothing by the public one."""
    town.serve_by_cable()
    assert reasons(town.beat(dns="10.78.0.1"))[-1] == ("dns", "no_dns")
