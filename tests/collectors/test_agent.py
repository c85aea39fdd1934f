"""The agent on a computer: what it looks at, what it never looks at, and how it asks."""

import ast
import getpass
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors import agent, agent_wifi
from netmon.domain.heartbeat import signature
from tests.beats import FIELDS, clock

FILES = [Path(str(module.__file__)) for module in (agent, agent_wifi)]
GREETING = b"Welkom in Mechelen"


def options(page: str = "", text: str = "", within_s: float = 5.0) -> agent.Options:
    return agent.Options(
        "http://127.0.0.1:1", "pc-1", bytes(32), 60.0, page, text, within_s, "", "wlan0", ()
    )


Behave = Callable[[socket.socket], None]


class Peer:
    """A server of one behaviour on loopback; each connection has a thread of its own."""

    def __init__(self, behave: Behave, tls: ssl.SSLContext | None = None) -> None:
        self._behave, self._tls = behave, tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        self.over = threading.Event()

    def _accept(self) -> None:
        while True:
            try:
                taken, _ = self._listener.accept()
            except OSError:
                return
            serving = threading.Thread(target=self._serve, args=(taken,))
            self._threads.append(serving)
            serving.start()

    def _serve(self, taken: socket.socket) -> None:
        with taken:
            try:
                if self._tls is None:
                    self._behave(taken)
                else:
                    with self._tls.wrap_socket(taken, server_side=True) as secure:
                        self._behave(secure)
            except OSError:
                return  # the one who asked has gone

    def close(self) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._threads:
            each.join(10)


@pytest.fixture
def peer() -> Iterator[Callable[..., Peer]]:
    made: list[Peer] = []

    def make(behave: Behave, tls: ssl.SSLContext | None = None) -> Peer:
        made.append(Peer(behave, tls))
        return made[-1]

    yield make
    for each in made:
        each.close()


def answering(status: int, text: bytes = GREETING, more: bytes = b"") -> Behave:
    def behave(taken: socket.socket) -> None:
        taken.recv(65_536)
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\n".encode()
        taken.sendall(head + more + b"\r\n" + text)

    return behave


def dripping(taken: socket.socket) -> None:
    """Send one byte a tenth of a second, for ever."""
    taken.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    pause = threading.Event()
    while not pause.wait(0.1):
        taken.sendall(b"x")


def mute(taken: socket.socket) -> None:
    while taken.recv(65_536):
        pass


# What it is: a file that runs alone


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_needs_the_standard_library_and_psutil_only(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    found = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert found - set(sys.stdlib_module_names) <= {"psutil", "collectors", "agent_wifi"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_written_in_the_python_of_older_computers(path: Path) -> None:
    """The grammar of 3.9; and none of the newer names that a linter would put here."""
    text = path.read_text("utf-8")
    ast.parse(text, feature_version=(3, 9))
    newer = ("StrEnum", "slots=True", "import UTC", "strict=True", "removeprefix(", "tomllib")
    assert [word for word in newer if word in text] == []
    assert "from __future__ import annotations" in text


# What it says


def test_it_says_these_things_and_no_others() -> None:
    beat = agent.Agent(options()).take()
    assert set(beat) == FIELDS
    assert {key for disk in beat["disks"] for key in disk} == {"name", "free_ratio"}


def test_nothing_of_people_or_of_this_machine_is_in_it() -> None:
    text = json.dumps(agent.Agent(options()).take())
    rows = [row for rows in psutil.net_if_addrs().values() for row in rows]
    addresses = [row.address.partition("%")[0] for row in rows if len(row.address) > 3]
    assert addresses and not [address for address in addresses if address in text]
    names = {getpass.getuser(), socket.gethostname(), *(session.name for session in psutil.users())}
    assert not names & set(text.split('"'))


def test_what_it_says_of_the_computer_is_so() -> None:
    beat = agent.Agent(options()).take()
    usage = psutil.disk_usage("/")
    (root,) = [disk for disk in beat["disks"] if disk["name"] == "/"]
    assert root["free_ratio"] == pytest.approx(1 - usage.percent / 100, abs=0.02)
    assert beat["uptime_s"] == pytest.approx(clock().timestamp() - psutil.boot_time(), abs=5)
    assert beat["memory_ratio"] == pytest.approx(psutil.virtual_memory().percent / 100, abs=0.2)
    assert 0 <= beat["cpu_ratio"] <= 1
    assert (beat["role"], beat["schema"], beat["service"]) == ("computer", 1, None)


def test_disks_that_people_plug_in_are_not_named() -> None:
    assert not agent._is_ours("/media/jan/JANS STICK", "rw")
    assert not agent._is_ours("/run/user/1000/gvfs", "rw")
    assert agent._is_ours("/", "rw")


@pytest.mark.parametrize(
    ("said", "ready"),
    [
        (None, None),
        ("", None),
        ("no system default destination\n", None),
        ("printer Bib is idle.  enabled since Mon Nov 23 09:00:00 2026\n", True),
        ("printer Bib now printing Bib-12.  enabled since Mon Nov 23\n\tSpooling\n", True),
        ("printer Bib disabled since Mon Nov 23 09:00:00 2026 -\n\tPaused\n", False),
        ("printer A disabled since x -\nprinter B is idle.  enabled since x\n", True),
        ("printer A disabled since x -\nprinter B disabled since x -\n", False),
    ],
)
def test_printers_of_linux_are_read(said: str | None, ready: bool | None) -> None:  # noqa: FBT001 - a case
    assert agent.printer_of_cups(said) is ready


@pytest.mark.parametrize(
    ("said", "ready"),
    [
        (None, None),
        ("", None),
        ("Get-CimInstance : toegang geweigerd", None),
        ("0 3 0\r\n", True),
        ("0 4 2\r\n", True),
        ("0 3 5\r\n", True),
        ("1 3 0\r\n", False),
        ("0 7 0\r\n", False),
        ("0 3 4\r\n", False),
        ("0 3 8\r\n", False),
    ],
)
def test_printers_of_windows_are_read(said: str | None, ready: bool | None) -> None:  # noqa: FBT001 - a case
    assert agent.printer_of_windows(said) is ready


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Put a real program of this name first in PATH."""

    def put(name: str, script: str) -> None:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return put


def test_the_printer_is_asked_of_cups(program: Callable[[str, str], None]) -> None:
    assert agent.printer_ready() is None
    program("lpstat", '[ "$LC_ALL" = C ] && echo "printer Bib is idle.  enabled since x"')
    assert agent.printer_ready() is True


def test_a_program_that_hangs_or_fails_says_nothing(
    program: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent, "ASK_WITHIN_S", 0.3)
    program("lpstat", "exec sleep 60")
    assert agent.printer_ready() is None
    program("lpstat", "echo printer Bib is idle; exit 1")
    assert agent.printer_ready() is None


@pytest.mark.parametrize(
    ("said", "frozen"),
    [("True", True), ("False\r", False), ("", None), ("Get-CimInstance : Access denied", None)],
)
def test_on_windows_powershell_is_asked_whether_it_is_frozen(
    program: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    frozen: bool | None,  # noqa: FBT001 - a case
) -> None:
    """PowerShell is played by a program of ours: the words are, the process is not."""
    monkeypatch.setattr(agent, "WINDOWS", True)
    program("powershell", f"printf '%s\\n' '{said}'")
    assert agent.is_frozen() is frozen


def test_on_windows_powershell_is_asked_for_the_default_printer(
    program: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent, "WINDOWS", True)
    program("powershell", 'case "$4" in *Win32_Printer*) echo "0 3 0";; esac')
    assert agent.printer_ready() is True
    assert agent._is_ours("C:\\", "rw,fixed") and not agent._is_ours("E:\\", "rw,removable")


@pytest.mark.parametrize(
    ("said", "used"),
    [
        ("", False),
        (" c1  112 gdm   seat0 1234 greeter tty1 no -\n", False),
        (" c1  112 gdm   seat0 tty1\n  2 1000 jan   seat0 tty2\n", True),
        ("  2 1000 jan\n", True),
        ("nonsense\n", False),
    ],
)
def test_without_utmp_the_login_manager_is_asked(
    program: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    said: str,
    used: bool,  # noqa: FBT001 - a case
) -> None:
    monkeypatch.setattr(agent, "UTMP", tmp_path / "absent")
    program("loginctl", f"printf %s '{said}'")
    assert agent.in_use() is used


def test_where_nobody_can_tell_it_is_not_known(
    program: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(agent, "UTMP", tmp_path / "absent")
    program("loginctl", "exit 1")
    assert agent.in_use() is None


def test_a_look_that_is_not_allowed_is_not_known() -> None:
    def refused() -> float:
        raise psutil.AccessDenied

    assert agent.known(refused) is None


# How it asks


def test_a_page_that_loads_is_timed(peer: Callable[..., Peer]) -> None:
    page = f"http://127.0.0.1:{peer(answering(200)).port}/x?y=1"
    seconds, failure = agent.load_page(page, "Welkom", 5.0)
    assert failure is None and seconds is not None and 0 <= seconds < 5


@pytest.mark.parametrize(
    ("behave", "word"),
    [
        (answering(200, b"Log in to Free WiFi"), "content"),
        (answering(302, b"", b"Location: http://portal.example/\r\n"), "content"),
        (answering(503), "content"),
        (lambda taken: taken.sendall(b"\x00\xff" * 100), "content"),
        (lambda taken: taken.recv(1) and None, "content"),
        (dripping, "timeout"),
        (mute, "timeout"),
    ],
    ids=["other text", "redirect", "error", "garbage", "hangs up", "drips", "says nothing"],
)
def test_a_page_that_does_not_load_says_why(
    peer: Callable[..., Peer], behave: Behave, word: str
) -> None:
    began = time.monotonic()
    page = f"http://127.0.0.1:{peer(behave).port}/"
    assert agent.load_page(page, "Welkom", 0.7) == (None, word)
    assert time.monotonic() - began < 3


def test_a_body_that_drips_is_cut_off(peer: Callable[..., Peer]) -> None:
    def behave(taken: socket.socket) -> None:
        taken.recv(65_536)
        taken.sendall(b"HTTP/1.1 200 OK\r\n\r\nWelkom")
        dripping(taken)

    page = f"http://127.0.0.1:{peer(behave).port}/"
    assert agent.load_page(page, "Welkom", 0.7) == (None, "timeout")


def test_a_body_without_an_end_is_read_so_far_and_no_further(peer: Callable[..., Peer]) -> None:
    def behave(taken: socket.socket) -> None:
        taken.recv(65_536)
        taken.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            taken.sendall(b"x" * 65_536)

    answer = agent.fetch(f"http://127.0.0.1:{peer(behave).port}/", 5.0)
    assert len(answer.body) == agent.PAGE_BYTES


def test_whatever_a_server_says_the_answer_is_a_word(peer: Callable[..., Peer]) -> None:
    said = [b""]

    def behave(taken: socket.socket) -> None:
        taken.recv(65_536)
        taken.sendall(said[0])

    page = f"http://127.0.0.1:{peer(behave).port}/"
    starts = st.sampled_from(
        [
            b"",
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"HTTP/1.1 100 X\r\n\r\n" * 50,
        ]
    )

    @settings(max_examples=150, deadline=None, database=None)
    @given(start=starts, rest=st.binary(max_size=300))
    def ask(start: bytes, rest: bytes) -> None:
        said[0] = start + rest
        seconds, word = agent.load_page(page, "Welkom", 5.0)
        assert (seconds is None) != (word is None)

    ask()


def test_a_closed_port_and_a_name_that_is_none_say_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert agent.load_page(f"http://127.0.0.1:{port}/", "x", 2.0) == (None, "refused")
    assert agent.load_page("http://nowhere.invalid/", "x", 5.0) == (None, "dns")
    assert agent.load_page(f"http://{'a' * 70}.example/", "x", 5.0) == (None, "dns")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `localhost`, which signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock() - timedelta(days=1))
        .not_valid_after(clock() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def secure(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_page_over_tls_needs_no_text(
    peer: Callable[..., Peer],
    secure: ssl.SSLContext,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    page = f"https://localhost:{peer(answering(301), secure).port}/"
    seconds, failure = agent.load_page(page, "", 5.0)
    assert failure is None and seconds is not None


def test_a_certificate_of_nobody_is_refused(
    peer: Callable[..., Peer], secure: ssl.SSLContext
) -> None:
    page = f"https://localhost:{peer(answering(200), secure).port}/"
    assert agent.load_page(page, "", 5.0) == (None, "tls")


def test_tls_that_drips_is_cut_off(peer: Callable[..., Peer]) -> None:
    began = time.monotonic()
    page = f"https://localhost:{peer(dripping).port}/"
    assert agent.load_page(page, "", 0.7)[0] is None
    assert time.monotonic() - began < 3


def test_nothing_is_left_open_by_a_hundred_pages(peer: Callable[..., Peer]) -> None:
    page = f"http://127.0.0.1:{peer(answering(200)).port}/"
    agent.load_page(page, "Welkom", 5.0)
    before = psutil.Process().num_fds()
    for _ in range(100):
        assert agent.load_page(page, "Welkom", 5.0)[1] is None
    assert psutil.Process().num_fds() <= before + 5


# How it signs


def test_it_signs_as_the_receiver_reckons() -> None:
    made = agent.letter(options(), b"{}", 1_795_600_000)
    assert made["Netmon-Signature"] == signature(
        bytes(32), "pc-1", 1_795_600_000, made["Netmon-Nonce"], b"{}"
    )


def test_no_nonce_comes_twice() -> None:
    nonces = {agent.letter(options(), b"{}", 0)["Netmon-Nonce"] for _ in range(1000)}
    assert len(nonces) == 1000


def test_no_secret_shows_in_what_is_printed_for_people() -> None:
    assert bytes(32).hex() not in json.dumps(agent.Agent(options()).shown())
    assert repr(bytes(32)) not in repr(options())
