"""
The citizen's check: what a resident's device goes through on the public Wi-Fi, step by step.

Lies beside `agent.py`; needs nothing but psutil. Everything goes through the one radio,
never through another network that the probe may have. No hardware address is kept.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import secrets
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import time
from typing import Any, Callable, Sequence  # noqa: UP035 - as old as 3.9
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]  # it brings no types

WINDOWS = sys.platform == "win32"
ASK_WITHIN_S = 5.0
DNS_PORT = 53
DNS_TRIES, DNS_WITHIN_S = 2, 2.0
A, AAAA = 1, 28
_BIND_TO_DEVICE = getattr(socket, "SO_BINDTODEVICE", 25)
_ESCAPED = re.compile(rb"\\(x[0-9a-fA-F]{2}|[\\\"enrt])")
_LETTERS = {b"\\": b"\\", b'"': b'"', b"e": b"\x1b", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_NETWORK_AUTHENTICATION_REQUIRED = 511


class _Failed(Exception):  # noqa: N818 - it carries a reason
    def __init__(self, reason: str) -> None:
        self.reason = reason


def missing(page: str) -> str:
    """Return what keeps this computer from being a probe, empty where nothing does."""
    host = urlsplit(page).hostname or ""
    if _is_address(host):
        return "--page: expected a name: an address needs no DNS, and that is a step of its own"
    tools = ("netsh",) if WINDOWS else ("iw", "wpa_cli")
    if not any(map(shutil.which, tools)):
        return f"--wifi: expected {' or '.join(tools)} on this computer, found none"
    return ""


def walk(options: Any, fetch: Callable[..., Any], dial: Callable[..., Any]) -> Any:  # noqa: ANN401 - `Options` of agent.py, which may not be imported from here
    """
    Go through all steps and end at the first that fails.

    `fetch` and `dial` are those of `agent.py`. Returns a list of step, seconds and reason
    (None: it worked), or None where the radio could not be asked.
    """
    network = network_of(options.interface)
    if network is None:
        return None
    addresses: list[str] = []

    def find() -> None:
        addresses.extend(lookup(options))

    steps = (
        ("association", lambda: _must(network == options.wifi.encode(), "no_association")),
        ("address", lambda: _must(bool(addresses_of(options.interface)), "no_address")),
        ("dns", find),
        ("page", lambda: load(options, addresses, fetch, dial)),
    )
    return list(_legs(steps))


def _legs(steps: Sequence[tuple[str, Callable[[], None]]]) -> Any:  # noqa: ANN401 - an iterator of plain JSON
    for step, take in steps:
        began = time.monotonic()
        reason = None
        try:
            take()
        except _Failed as failed:
            reason = failed.reason
        yield {"step": step, "seconds": round(time.monotonic() - began, 3), "reason": reason}
        if reason:
            return


def _must(holds: bool, reason: str) -> None:  # noqa: FBT001 - reads as a claim
    if not holds:
        raise _Failed(reason)


def network_of(interface: str) -> bytes | None:
    """Return the SSID that a radio is associated with, empty: with none; None: nobody knows."""
    if WINDOWS:
        said = _said_by("netsh", "wlan", "show", "interfaces")
        return None if said is None else ssid_of_netsh(said, interface)
    said = _said_by("iw", "dev", interface, "link")
    if said is not None:
        return ssid_of_iw(said)
    said = _said_by("wpa_cli", "-i", interface, "status")
    return None if said is None else ssid_of_wpa(said)


def ssid_of_iw(said: bytes) -> bytes:
    """Read `iw dev IF link`: `Connected to …` and an indented `SSID: NAME`, or nothing of it."""
    if not said.startswith(b"Connected to "):
        return b""
    found = re.search(rb"^\s+SSID: (.*)$", said, re.MULTILINE)
    return _unescaped(found[1]) if found else b""


def ssid_of_wpa(said: bytes) -> bytes:
    """Read `wpa_cli status`: `key=value` lines; the SSID counts once the state is COMPLETED."""
    facts = dict(line.partition(b"=")[::2] for line in said.splitlines())
    return _unescaped(facts.get(b"ssid", b"")) if facts.get(b"wpa_state") == b"COMPLETED" else b""


def ssid_of_netsh(said: bytes, interface: str) -> bytes:
    """
    Read `netsh wlan show interfaces`, in any language.

    The first row of each block names the interface; the row `SSID` is there, and called so
    everywhere, while it is associated.
    """
    name = b""
    for line in said.splitlines():
        key, colon, value = line.partition(b":")
        if not colon:
            name = b"" if not line.strip() else name
        elif not name:
            name = value.strip()
        elif key.strip() == b"SSID" and name == interface.encode():
            return value.strip()
    return b""


def _unescaped(text: bytes) -> bytes:
    """Undo how both programs print bytes that are not plain ASCII: backslash, x, two digits."""
    return _ESCAPED.sub(
        lambda found: (
            bytes.fromhex(found[1][1:].decode()) if found[1][:1] == b"x" else _LETTERS[found[1]]
        ),
        text,
    )


def _said_by(*command: str) -> bytes | None:
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ASK_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def addresses_of(interface: str) -> list[str]:
    """Return the addresses that a network gave to an interface, none that it made up itself."""
    rows = psutil.net_if_addrs().get(interface, [])
    written = [row.address.partition("%")[0] for row in rows if row.family in _FAMILIES]
    return [each for each in written if not ipaddress.ip_address(each).is_link_local]


_FAMILIES = (socket.AF_INET, socket.AF_INET6)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def binder(interface: str) -> Callable[[socket.socket], None]:
    """Return what ties a socket to an interface: by device on Linux, by its address elsewhere."""

    def bind(sock: socket.socket) -> None:
        if not WINDOWS:
            sock.setsockopt(socket.SOL_SOCKET, _BIND_TO_DEVICE, interface.encode() + b"\0")
            return
        is_v6 = sock.family == socket.AF_INET6
        own = [each for each in addresses_of(interface) if (":" in each) == is_v6]
        sock.bind((own[0] if own else "", 0))

    return bind


def lookup(options: Any) -> list[str]:  # noqa: ANN401 - `Options` of agent.py
    """Return the addresses of the page's host, as the name servers of this network give them."""
    host = urlsplit(options.page).hostname or ""
    if WINDOWS and not options.dns:
        return _lookup_by_system(host)
    bind = binder(options.interface)
    for server in (options.dns or name_servers(options.interface)) * DNS_TRIES:
        for kind in (A, AAAA):
            try:
                if found := _ask(server, host, kind, bind):
                    return found
            except (OSError, ValueError, struct.error, IndexError):
                break  # this server does not answer, or answers nonsense
    raise _Failed("no_dns")


def _lookup_by_system(host: str) -> list[str]:
    try:
        rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _Failed("no_dns") from None
    return [str(row[4][0]) for row in rows]


def name_servers(interface: str) -> tuple[str, ...]:
    """Return the name servers that the network gave; those on this machine are of no use here."""
    said = _said_by("resolvectl", "dns", interface) or b""
    found = said.decode("ascii", "replace").partition("): ")[2].split()
    if not found:
        try:
            with open("/etc/resolv.conf", encoding="ascii", errors="replace") as lines:  # noqa: PTH123 - one file, no path to reckon with
                rows = [line.split() for line in lines]
        except OSError:
            rows = []
        found = [row[1] for row in rows if row[:1] == ["nameserver"] and len(row) > 1]
    return tuple(each for each in found if _is_address(each) and not _is_local(each))


def _is_local(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def _ask(server: str, host: str, kind: int, bind: Callable[[socket.socket], None]) -> list[str]:
    """Ask one name server (RFC 1035) by UDP; the socket hears nobody else."""
    number = secrets.randbelow(65_536)
    name = b"".join(bytes([len(part)]) + part for part in host.encode("idna").split(b"."))
    asked = struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + name + struct.pack("!BHH", 0, kind, 1)
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        bind(sock)
        sock.connect((server, DNS_PORT))
        sock.send(asked)
        until = time.monotonic() + DNS_WITHIN_S
        while True:
            sock.settimeout(max(0.01, until - time.monotonic()))
            answer = sock.recv(4096)
            # Answers to other questions, and guesses, are passed over.
            if answer[:2] == asked[:2] and answer[12 : len(asked)] == asked[12:]:
                return addresses_in(answer, len(asked), kind)


def addresses_in(answer: bytes, start: int, kind: int) -> list[str]:
    """Return the addresses of an answer whose records begin at `start`; raises on nonsense."""
    if answer[3] & 15:  # RCODE
        raise ValueError("the name server refused")
    found, at = [], start
    for _ in range(struct.unpack_from("!H", answer, 6)[0]):
        at = _after_name(answer, at)
        sort, _class, _ttl, length = struct.unpack_from("!HHIH", answer, at)
        at += 10
        if sort == kind:
            found.append(str(ipaddress.ip_address(answer[at : at + length])))
        at += length
    return found


def _after_name(answer: bytes, at: int) -> int:
    while answer[at]:
        if answer[at] >= 192:  # noqa: PLR2004 - a pointer, RFC 1035 section 4.1.4
            return at + 2
        at += answer[at] + 1
    return at + 1


def load(
    options: Any,  # noqa: ANN401 - `Options` of agent.py
    addresses: Sequence[str],
    fetch: Callable[..., Any],
    dial: Callable[..., Any],
) -> None:
    """Load the known page through the radio; whatever else answers is a captive portal."""
    bind = binder(options.interface)

    def connect(_host: str, port: int, within_s: float) -> Any:  # noqa: ANN401 - a socket
        return dial([(each, port) for each in addresses], time.monotonic() + within_s, bind)

    try:
        answer = fetch(options.page, 2 * options.page_within_s, dial=connect)
    except ssl.SSLCertVerificationError:
        raise _Failed("captive_portal") from None
    except (OSError, http.client.HTTPException):
        raise _Failed("no_page") from None
    _judge(answer, options)


def _judge(answer: Any, options: Any) -> None:  # noqa: ANN401 - `Answer` and `Options` of agent.py
    is_ours = answer.status == 200 and options.page_text.encode() in answer.body  # noqa: PLR2004 - RFC 9110
    is_broken = answer.status >= 500 and answer.status != _NETWORK_AUTHENTICATION_REQUIRED  # noqa: PLR2004 - RFC 6585, section 6
    _must(not is_broken, "no_page")
    _must(is_ours, "captive_portal")
    _must(answer.seconds <= options.page_within_s, "slow_page")
