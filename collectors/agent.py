"""
The agent of a public computer: every minute it says how the computer does, and nothing of people.

It needs Python 3.9 or newer and psutil, on Windows or Linux, and runs as `netmon agent` or
alone: `python agent.py --help`. With `--wifi` it is a citizen's probe of the public Wi-Fi;
`agent_wifi.py` then lies beside it. Names of users, addresses visited and hardware
addresses are never read. `docs/agent.md` describes what travels.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import http.client
import json
import math
import os
import random
import re
import secrets
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, NamedTuple, Sequence  # noqa: UP035 - as old as 3.9
from urllib.parse import SplitResult, urlsplit

import psutil  # type: ignore[import-untyped]  # it brings no types

VERSION = "1"
PATH = "/api/v1/heartbeats"
BUFFERED = 30
SLOW_FACTS_EVERY = 5  # asking Windows for them costs more than all the rest
SEND_WITHIN_S = 10.0
ASK_WITHIN_S = 8.0
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 60.0
CLOCK_TOLERANCE_S = 5.0
PAGE_BYTES = 65_536
OURS = {204, 400, 401, 429}
"""What the receiver answers; anything else may come from whoever stands in between."""
SYSTEM_MOUNTS = ("/", "/boot", "/home", "/opt", "/srv", "/tmp", "/usr", "/var")  # noqa: S108 - names of disks, no file is made there
"""Only these are named: where people plug in a stick, its path holds their name."""

Dial = Callable[[str, int, float], socket.socket]
Beat = Dict[str, Any]  # noqa: UP006 - Python 3.9 evaluates aliases
WINDOWS = sys.platform == "win32"
UTMP = Path("/var/run/utmp")
FIRST_PERSON = 1000  # the uid from which on accounts are people's


class Answer(NamedTuple):
    """What a server said; `seconds` is how long all of it took."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float


def fetch(
    url: str,
    within_s: float,
    *,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    dial: Dial | None = None,
) -> Answer:
    """
    Ask once, follow nothing, and end within `within_s` even where a peer drips bytes.

    Raises `OSError` (`socket.timeout` when time is up) or `http.client.HTTPException`.
    """
    parts = urlsplit(url)
    is_tls = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if is_tls else 80)
    began = time.monotonic()
    raw = (dial or dial_any)(host, port, within_s)
    left_s = max(0.01, began + within_s - time.monotonic())
    with _cut_off(raw, left_s) as is_over:
        try:
            status, answered, text = _exchange(
                _secured(raw, host, left_s, is_tls), parts, body, headers
            )
        except (OSError, http.client.HTTPException):
            if is_over():
                raise socket.timeout("no whole answer in time") from None  # noqa: UP041 - Python 3.9 tells them apart
            raise
        if is_over():
            raise socket.timeout("no whole answer in time")  # noqa: UP041 - Python 3.9 tells them apart
    return Answer(status, answered, text, time.monotonic() - began)


def _secured(raw: socket.socket, host: str, left_s: float, is_tls: bool) -> socket.socket:  # noqa: FBT001 - private
    raw.settimeout(left_s)
    if not is_tls:
        return raw
    return ssl.create_default_context().wrap_socket(raw, server_hostname=host)


def _exchange(
    sock: socket.socket,
    parts: SplitResult,
    body: bytes | None,
    headers: dict[str, str] | None,
) -> tuple[int, http.client.HTTPMessage, bytes]:
    asking = http.client.HTTPConnection(parts.hostname or "")
    asking.sock = sock
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        asking.putrequest("GET" if body is None else "POST", target, skip_host=True)
        asking.putheader("Host", parts.netloc.rpartition("@")[2])
        asking.putheader("User-Agent", f"netmon-agent/{VERSION}")
        asking.putheader("Connection", "close")
        for name, value in (headers or {}).items():
            asking.putheader(name, value)
        if body is not None:
            asking.putheader("Content-Length", str(len(body)))
        asking.endheaders(body)
        with asking.getresponse() as answer:
            return answer.status, answer.headers, answer.read(PAGE_BYTES)
    finally:
        asking.close()


@contextmanager
def _cut_off(sock: socket.socket, within_s: float) -> Iterator[Callable[[], bool]]:
    """Shut a connection when time is up, whoever still waits for it; close it at the end."""
    until = time.monotonic() + within_s
    twin = sock.dup()  # TLS takes the first one over; both are the same connection

    def shut() -> None:
        with suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(within_s, shut)
    timer.daemon = True
    timer.start()
    try:
        yield lambda: time.monotonic() >= until
    finally:
        timer.cancel()
        twin.close()
        sock.close()


def dial_any(host: str, port: int, within_s: float) -> socket.socket:
    """Connect by whatever network the computer has."""
    until = time.monotonic() + within_s
    return dial_first([each[4][:2] for each in resolve(host, port, within_s)], until, _plain)


def dial_first(
    addresses: Sequence[tuple[Any, ...]],
    until: float,
    prepare: Callable[[socket.socket], None],
) -> socket.socket:
    """Return a connection to the first address that answers, each prepared before it is used."""
    failure: OSError = socket.gaierror("no address")
    for place, address in enumerate(addresses):
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            prepare(sock)
            # What an address that swallows everything may take leaves time for the others.
            sock.settimeout(max(0.01, (until - time.monotonic()) / (len(addresses) - place)))
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


def _plain(sock: socket.socket) -> None:
    del sock


def resolve(host: str, port: int, within_s: float) -> list[Any]:
    """Return what the computer's own resolver says, which knows no deadline by itself."""
    found: list[Any] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else socket.gaierror(str(error)))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(within_s)
    if failed or not found:
        raise socket.gaierror("no address")
    return found


def failure_word(error: Exception) -> str:
    """Return how an asking ended, in netmon's words."""
    for kinds, word in (
        ((socket.gaierror,), "dns"),
        ((ssl.SSLError,), "tls"),
        ((socket.timeout, TimeoutError), "timeout"),
        ((ConnectionRefusedError,), "refused"),
        ((ConnectionError, http.client.HTTPException), "content"),
    ):
        if isinstance(error, kinds):
            return word
    return "no_route"


def load_page(url: str, text: str, within_s: float) -> tuple[float | None, str | None]:
    """
    Return (seconds, None) where a page loads, (None, word) where it does not.

    With `text`, the page has to hold it. Without, any answer will do that is no error:
    TLS then proves who gave it.
    """
    try:
        answer = fetch(url, within_s)
    except (OSError, http.client.HTTPException) as error:
        return None, failure_word(error)
    is_right = text.encode() in answer.body if text else True
    is_fine = answer.status == 200 if text else answer.status < 400  # noqa: PLR2004 - RFC 9110
    return (round(answer.seconds, 3), None) if is_fine and is_right else (None, "content")


def said_by(*command: str) -> str | None:
    """Return what a program prints, in English where it can; None where it fails or is absent."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
            timeout=ASK_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout[:PAGE_BYTES].decode("utf-8", "replace") if done.returncode == 0 else None


def ask_powershell(question: str) -> str | None:
    """Return what PowerShell answers; its words are the same in every language of Windows."""
    return said_by("powershell", "-NoProfile", "-NonInteractive", "-Command", question)


def printer_ready() -> bool | None:
    """Tell whether a printer would take a page; None where there is none, or nothing is known."""
    if WINDOWS:
        return printer_of_windows(
            ask_powershell(
                "Get-CimInstance Win32_Printer -Filter 'Default=True' | "
                "ForEach-Object { '{0} {1} {2}' -f [int]$_.WorkOffline, "
                "[int]$_.PrinterStatus, [int]$_.DetectedErrorState }"
            )
        )
    return printer_of_cups(said_by("lpstat", "-p"))


def printer_of_cups(said: str | None) -> bool | None:
    """Read `lpstat -p`: one line a printer, further lines are indented."""
    lines = [line for line in (said or "").splitlines() if line.startswith("printer ")]
    stopped = [line for line in lines if re.match(r"printer \S+ (disabled|not accepting)", line)]
    return len(stopped) < len(lines) if lines else None


def printer_of_windows(said: str | None) -> bool | None:
    """Read offline, PrinterStatus (3 to 5: idle, printing, warming up) and DetectedErrorState."""
    found = re.match(r"\s*([01]) (\d{1,3}) (\d{1,3})\s", f"{said or ''} ")
    if found is None:
        return None
    offline, status, fault = map(int, found.groups())
    # 0 unknown, 1 other, 2 no error, 3 low paper, 5 low toner: it prints all the same.
    return not offline and status in {3, 4, 5} and fault in {0, 1, 2, 3, 5}


def is_frozen() -> bool | None:
    """Tell whether a restart undoes everything; None where nothing is known of such software."""
    if WINDOWS:
        question = (
            "$dfc = Join-Path $env:windir 'SysWOW64\\DFC.exe'; if (Test-Path $dfc) { "
            "$p = Start-Process $dfc 'get /ISFROZEN' -Wait -PassThru; "
            "@('False', 'True')[$p.ExitCode] } else { "
            "(Get-CimInstance -Namespace root/standardcimv2/embedded UWF_Filter)"
            ".CurrentEnabled }"
        )
        return {"True": True, "False": False}.get((ask_powershell(question) or "").strip())
    kinds = [each.fstype for each in psutil.disk_partitions(all=True) if each.mountpoint == "/"]
    return True if "overlay" in kinds else None


def in_use() -> bool | None:
    """Tell whether somebody is logged on; who that is, is not read."""
    if WINDOWS or UTMP.exists():
        return bool(psutil.users())
    # Newer systems keep no utmp. Of each session the second column alone is looked at: the uid.
    said = said_by("loginctl", "list-sessions", "--no-legend")
    uids = re.findall(r"^\s*\S+ +(\d{1,10}) ", said or "", re.MULTILINE)
    return None if said is None else any(int(uid) >= FIRST_PERSON for uid in uids)


def known(look: Callable[[], Any]) -> Any:  # noqa: ANN401 - a plain JSON value
    """Return what a look finds, None where this computer does not let it."""
    try:
        return look()
    except (psutil.Error, OSError, RuntimeError, ValueError):
        return None


def disks() -> list[dict[str, Any]]:
    """Return the system's disks and the share of each that is free; none that people bring."""
    mounts = [
        each.mountpoint for each in psutil.disk_partitions() if _is_ours(each.mountpoint, each.opts)
    ]
    always = [] if WINDOWS else ["/"]
    found = []
    for mount in list(dict.fromkeys(always + mounts))[:8]:
        with suppress(OSError):
            free = 1 - psutil.disk_usage(mount).percent / 100
            found.append({"name": mount, "free_ratio": round(min(1.0, max(0.0, free)), 4)})
    return found


def _is_ours(mount: str, flags: str) -> bool:
    if WINDOWS:
        return "fixed" in flags and re.fullmatch(r"[A-Z]:\\", mount) is not None
    return mount in SYSTEM_MOUNTS


def facts(options: Options) -> Beat:
    """Return what is quickly known of the computer now, but for the time."""
    page_s, failure = None, None
    if options.page and not options.wifi:
        page_s, failure = load_page(options.page, options.page_text, options.page_within_s)
    return {
        "schema": 1,
        "agent": VERSION,
        "role": "probe" if options.wifi else "computer",
        "interval_s": options.interval_s,
        "uptime_s": known(lambda: max(0, round(time.time() - psutil.boot_time()))),
        "disks": known(disks) or [],
        "memory_ratio": known(lambda: round(psutil.virtual_memory().percent / 100, 4)),
        "cpu_ratio": known(lambda: round(min(1.0, psutil.cpu_percent() / 100), 4)),
        "page_s": page_s,
        "page_failure": failure,
        "in_use": known(in_use),
        "service": walk_wifi(options) if options.wifi else None,
    }


def slow_facts() -> Beat:
    """Return what takes a program of its own to find out, and seldom changes."""
    return {"printer_ready": known(printer_ready), "frozen": known(is_frozen)}


def walk_wifi(options: Options) -> list[dict[str, Any]] | None:
    """Return the steps of a resident on the public Wi-Fi; None where the radio tells nothing."""
    radio = wifi_part()
    return radio.walk(options, fetch, dial_first)  # type: ignore[no-any-return]


def wifi_part() -> Any:  # noqa: ANN401 - a module, of two possible names
    """Return `agent_wifi`, which lies beside this file, in netmon or alone."""
    try:
        from collectors import agent_wifi  # noqa: PLC0415 - only a probe needs it
    except ImportError:
        import agent_wifi  # type: ignore[import-not-found,no-redef]  # noqa: PLC0415 - as above
    return agent_wifi


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    url: str
    device: str
    key: bytes = field(repr=False)
    interval_s: float
    page: str
    page_text: str
    page_within_s: float
    wifi: str
    interface: str
    dns: tuple[str, ...]


def letter(options: Options, body: bytes, sent_s: int) -> dict[str, str]:
    """Return the headers of a letter: who, when, a nonce, and the signature over all of it."""
    nonce = secrets.token_hex(16)
    head = f"netmon heartbeat 1\n{options.device}\n{sent_s}\n{nonce}\n".encode()
    return {
        "Content-Type": "application/json",
        "Netmon-Device": options.device,
        "Netmon-Sent": str(sent_s),
        "Netmon-Nonce": nonce,
        "Netmon-Signature": hmac.new(options.key, head + body, hashlib.sha256).hexdigest(),
    }


class Agent:
    """
    Takes beats and sends them, in order; what the server did not get waits for its turn.

    The server's clock counts: where the computer's is wrong, beats are dated right and
    say by how much it is wrong.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._waiting: deque[Beat] = deque(maxlen=BUFFERED)
        self._correction_s = 0.0
        self._offset_s: float | None = None
        self._taken = 0
        self._slow: Beat = {}
        self.complaint = ""
        psutil.cpu_percent()  # counts from here on, and needs a while to be worth something
        time.sleep(0.2)

    def take(self) -> Beat:
        """Look at the computer; the beat joins those that wait, the oldest falls out."""
        at_s = int(self._now_s())
        if self._taken % SLOW_FACTS_EVERY == 0:
            self._slow = slow_facts()
        self._taken += 1
        dated = {"at_s": at_s, "clock_offset_s": self._offset_s}
        beat = {**facts(self._options), **self._slow, **dated}
        self._waiting.append(beat)
        return beat

    def deliver(self) -> float:
        """
        Send what waits, oldest first, until one cannot be sent.

        Returns 0 when all is sent, the seconds that the server asks to wait, or infinity
        where it is for us to choose. `complaint` then says what went wrong, if anything did.
        """
        self.complaint = ""
        while self._waiting:
            answer = self._send(self._waiting[0])
            if answer is None:
                return math.inf
            drift_s = self._learn(answer)
            if answer.status == 401 and abs(drift_s) > CLOCK_TOLERANCE_S:  # noqa: PLR2004 - RFC 9110
                self._date_again(drift_s)
                answer = self._send(self._waiting[0]) or answer
            if (wait_s := self._settle(answer)) is not None:
                return wait_s
        return 0.0

    def shown(self) -> dict[str, Any]:
        """Return what would be sent now."""
        body = _text(self.take())
        headers = letter(self._options, body, int(self._now_s()))
        return {
            "method": "POST",
            "url": self._options.url + PATH,
            "headers": headers,
            "body": json.loads(body),
        }

    def _now_s(self) -> float:
        return time.time() + self._correction_s

    def _send(self, beat: Beat) -> Answer | None:
        body = _text(beat)
        headers = letter(self._options, body, int(self._now_s()))
        try:
            return fetch(self._options.url + PATH, SEND_WITHIN_S, body=body, headers=headers)
        except (OSError, http.client.HTTPException) as error:
            self.complaint = f"server: expected an answer, found {failure_word(error)}"
            return None

    def _settle(self, answer: Answer) -> float | None:
        """Return None where the next may go; a beat that was kept, or never will be, is gone."""
        if answer.status == 204:  # noqa: PLR2004 - RFC 9110
            self._waiting.popleft()
            return None
        self.complaint = f"server: expected 204, found {answer.status}"
        if answer.status in {400, 413}:
            self._waiting.popleft()
            return None
        asked = answer.headers.get("Retry-After", "")
        return min(600.0, float(asked)) if re.fullmatch("[0-9]{1,6}", asked) else math.inf

    def _learn(self, answer: Answer) -> float:
        """Note how far the computer's clock is ahead; return how wrong we are after correction."""
        if answer.status not in OURS:
            return 0.0  # somebody else's clock
        try:
            server_s = parsedate_to_datetime(answer.headers["Date"]).timestamp() + 0.5
        except (KeyError, TypeError, ValueError, IndexError, OverflowError):
            return 0.0
        here_s = time.time() - answer.seconds / 2
        self._offset_s = round(here_s - server_s, 1)
        drift_s = here_s + self._correction_s - server_s
        if abs(drift_s) > CLOCK_TOLERANCE_S:
            self._correction_s -= drift_s
        return drift_s

    def _date_again(self, drift_s: float) -> None:
        for beat in self._waiting:
            beat["at_s"] = int(beat["at_s"] - drift_s)
            beat["clock_offset_s"] = self._offset_s


def _text(beat: Beat) -> bytes:
    return json.dumps(beat, allow_nan=False, separators=(",", ":"), sort_keys=True).encode()


def run(agent: Agent, interval_s: float, stop: threading.Event) -> None:
    """Beat until told to stop: every interval ± a tenth, so that no two march in step."""
    beat_at, send_at, wait_s, told = time.monotonic(), 0.0, FIRST_WAIT_S, ""
    while not stop.is_set():
        if time.monotonic() >= beat_at:
            beat_at = time.monotonic() + interval_s * random.uniform(0.9, 1.1)  # noqa: S311 - spread, no secret
            agent.take()
        if time.monotonic() >= send_at:
            asked_s = agent.deliver()
            wait_s = FIRST_WAIT_S if asked_s == 0 else min(2 * wait_s, LONGEST_WAIT_S)
            pause_s = wait_s * random.uniform(0.5, 1.0) if asked_s == math.inf else asked_s  # noqa: S311 - as above
            send_at = time.monotonic() + pause_s if asked_s else 0.0
            told = _tell(agent.complaint, told)
        stop.wait(max(0.0, (beat_at if send_at == 0 else min(beat_at, send_at)) - time.monotonic()))


def _tell(complaint: str, told: str) -> str:
    """Say once what goes wrong, and once that it is over."""
    if complaint != told:
        print(complaint or "server: heard us", file=sys.stderr, flush=True)  # noqa: T201 - no logging set up
    return complaint


class _Parser(argparse.ArgumentParser):
    def format_help(self) -> str:
        """Write the headings as all commands of netmon do."""
        return super().format_help().replace("usage:", "Usage:", 1)

    def error(self, message: str) -> Any:  # noqa: ANN401 - it does not return
        """Say in one line what is wrong, exit code 2."""
        line = "".join(each if each.isprintable() else "?" for each in message)
        self.exit(2, f"Error: {line}\n")


def _parser(program: str) -> _Parser:
    says = "Say every minute how this computer does, signed, and nothing of people."
    parser = _Parser(prog=program, description=says, add_help=False)
    add = parser.add_argument_group("Options").add_argument
    add("-h", "--help", action="help", help="show this message and end")
    add("--url", required=True, help="address of netmon, such as https://netmon.example.org")
    add("--device", required=True, help="id of this computer in the inventory")
    add("--key-file", required=True, type=Path, help="file with what `netmon key` printed")
    add("--interval", type=_seconds, default=60.0, metavar="S", help="seconds between beats (60)")
    add("--page", default="", help="page that must load; https, or with --page-text")
    add("--page-text", default="", help="text that the page must hold")
    add("--page-within", type=_seconds, default=10.0, metavar="S", help="seconds it may take (10)")
    add("--wifi", default="", metavar="SSID", help="be a probe of this public network")
    add("--interface", default="wlan0", help="the radio to use with --wifi (wlan0)")
    add("--dns", action="append", default=[], metavar="ADDRESS", help="name server, for --wifi")
    add("--once", action="store_true", help="send one beat and end; exit code 1 if it fails")
    add("--json", action="store_true", help="print what would be sent, and send nothing")
    return parser


def _seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 3600:  # noqa: PLR2004 - an hour is as long as the receiver takes
        raise argparse.ArgumentTypeError(f"expected 1 to 3600 seconds, found {text}")
    return value


def _options(parser: _Parser, args: argparse.Namespace) -> Options:
    for given, name in ((args.url, "--url"), (args.page, "--page")):
        if given and not _is_address(given):
            parser.error(f"{name}: expected http:// or https:// and a host")
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,63}", args.device):
        parser.error("--device: expected lower-case letters, digits and hyphens")
    if args.page.startswith("http://") and not args.page_text:
        parser.error("--page: expected https, or --page-text: any portal can answer http")
    if args.wifi and (not args.page or not args.page_text):
        parser.error("--wifi: expected --page and --page-text, to know a captive portal")
    return Options(
        args.url.rstrip("/"),
        args.device,
        _key(parser, args.key_file),
        args.interval,
        args.page,
        args.page_text,
        args.page_within,
        args.wifi,
        args.interface,
        tuple(args.dns),
    )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        if not re.fullmatch("[!-~]+", url):
            return False
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _key(parser: _Parser, path: Path) -> bytes:
    """Return the key; on Linux, nobody but the owner may read the file."""
    try:
        mode, text = path.stat().st_mode, path.read_bytes()[:100].decode("ascii", "replace").strip()
    except OSError as error:
        parser.error(f"{path}: file: expected one that can be read, found: {error.strerror}")
    if not WINDOWS and mode & (stat.S_IRWXG | stat.S_IRWXO):
        found = f"{stat.S_IMODE(mode):04o}"
        parser.error(f"{path}: mode: expected 0600, readable by its owner only, found {found}")
    if not re.fullmatch("[0-9a-f]{64}", text):
        parser.error(f"{path}: key: expected 64 hexadecimal digits, found something else")
    return bytes.fromhex(text)


def main(arguments: Sequence[str] | None = None, program: str = "agent.py") -> int:
    """Run the agent; 0: stopped, sent or printed, 1: not delivered, 2: asked wrongly."""
    parser = _parser(program)
    args = parser.parse_args(arguments)
    options = _options(parser, args)
    if options.wifi and (missing := wifi_part().missing(options.page)):
        parser.error(missing)
    agent = Agent(options)
    if args.json:
        print(json.dumps(agent.shown(), indent=2))  # noqa: T201 - what was asked for
        return 0
    if args.once:
        agent.take()
        is_sent = agent.deliver() == 0
        _tell(agent.complaint, "")
        return 0 if is_sent and not agent.complaint else 1
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run(agent, options.interval_s, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
