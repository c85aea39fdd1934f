"""Real agents on loopback: net-snmp's snmpd, snmpsim with recordings, and agents that misbehave."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from collectors.loop import shared
from collectors.snmp.client import Client
from collectors.snmp.engine import Engine, Patience, Rows, SnmpFailure, arcs
from collectors.snmp.gufo_engine import GufoEngine
from collectors.snmp.probe import probe
from collectors.snmp.reading import Reading
from collectors.snmp.values import Value
from collectors.target import Community, Credentials, Target, UsmUser
from tests.collectors import ber
from tests.conftest import SHARED, require

RECORDINGS = Path(__file__).parent / "recordings"
CAPTURES = SHARED / "captures"
SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SNMPD = shutil.which("snmpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
USER = UsmUser("netmon", "sha256", "authentic-phrase", "aes128", "private-phrase")
PUBLIC = Community("public")

Handler = Callable[[ber.Request], list[bytes]]


def patience(timeout_s: float = 1.0, retries: int = 0, deadline_s: float = 10.0) -> Patience:
    return Patience(timeout_s, retries, time.monotonic() + deadline_s)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class Asked:
    """An engine, or a client, as a test talks to it: each call waits for its answer."""

    inner: Engine | Client

    def get(self, oids: Sequence[str], patience: Patience) -> dict[str, Value]:
        return shared().ask(self.inner.get(oids, patience))

    def walk(self, root: str, *how: Any) -> Rows:
        return shared().ask(self.inner.walk(root, *how))

    def close(self) -> None:
        self.inner.close()


class Answering:
    """A UDP socket in a thread of its own; `answers` says what follows on a datagram."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def answers(self, datagram: bytes) -> list[bytes]:
        raise NotImplementedError

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            datagram, sender = self._socket.recvfrom(65_535)
            if not datagram:
                return
            for reply in self.answers(datagram):
                self._socket.sendto(reply, sender)


class Agent(Answering):
    """An agent that answers as a handler says; `asked` is all that it understood."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.asked: list[ber.Request] = []
        super().__init__()

    @property
    def target(self) -> Target:
        return Target("agent", "127.0.0.1", self.port, PUBLIC)

    def engine(self) -> "Asked":
        return Asked(GufoEngine("127.0.0.1", self.port, PUBLIC))

    def answers(self, datagram: bytes) -> list[bytes]:
        request = ber.parse(datagram)
        self.asked.append(request)
        return self.handler(request)


@pytest.fixture
def agent() -> Iterator[Callable[[Handler], Agent]]:
    """Start agents that misbehave; each ends with the test."""
    with contextlib.ExitStack() as stack:

        def start(handler: Handler) -> Agent:
            started = Agent(handler)
            stack.callback(started.close)
            return started

        yield start


@dataclass
class Daemon:
    """A process that listens on `port`; it is ended by its pid alone."""

    command: list[str]
    port: int
    log: Path
    credentials: Credentials
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, env={**os.environ, **self.environment}
            )
        self._await_answer()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)

    def target(self, credentials: Credentials | None = None) -> Target:
        return Target("daemon", "127.0.0.1", self.port, credentials or self.credentials)

    def _await_answer(self) -> None:
        ends_at = time.monotonic() + 60
        while time.monotonic() < ends_at:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-2000:]
            engine = Asked(GufoEngine("127.0.0.1", self.port, self.credentials))
            try:
                if engine.get([SYS_DESCR], patience(0.2)):
                    return
            except SnmpFailure:
                self._pause()
            finally:
                engine.close()
        pytest.fail(f"no answer on port {self.port}: {self.log.read_text(errors='replace')}")

    def _pause(self) -> None:
        assert self.process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.1)


@pytest.fixture(scope="session")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A net-snmp agent with a v2c community and an SNMPv3 user (SHA-256, AES-128)."""
    require("snmpd", SNMPD is not None)
    daemon = new_snmpd(tmp_path_factory.mktemp("snmpd"))
    daemon.start()
    yield daemon
    daemon.stop()


def new_snmpd(folder: Path) -> Daemon:
    port = free_port()
    configuration = folder / "snmpd.conf"
    configuration.write_text(
        f"agentAddress udp:127.0.0.1:{port}\n"
        "rocommunity public 127.0.0.1\n"
        f'createUser {USER.name} SHA-256 "{USER.auth_passphrase}" AES "{USER.priv_passphrase}"\n'
        f"rouser {USER.name} priv\n"
        "sysName surfpunt-1\n"
        f"disk {folder} 1%\n"
    )
    assert SNMPD is not None
    return Daemon(
        [SNMPD, "-f", "-C", "-c", str(configuration), "-Lo", "-M", "", "-m", ""],
        port,
        folder / "log",
        PUBLIC,
        {"SNMP_PERSISTENT_DIR": str(folder / "persistent"), "MIBS": ""},
    )


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Serve our own synthetic recordings; the community selects one by its file name."""
    yield from _snmpsim(RECORDINGS, tmp_path_factory.mktemp("snmpsim"), "unifi-like")


@pytest.fixture(scope="session")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Serve the recordings of real devices; the community selects one by its file name."""
    if not CAPTURES.is_dir():  # they are kept beside the checkout, CI does not have them
        pytest.skip("the recordings of real devices are not beside this checkout")
    yield from _snmpsim(CAPTURES, tmp_path_factory.mktemp("snmpsim"), "unifi")


@pytest.fixture(scope="session")
def reading_of(captures: Daemon) -> Callable[[str], Reading]:
    """Read each recording of a real device once, however many tests look at it."""

    @cache
    def once(name: str) -> Reading:
        target = Target(name, "127.0.0.1", captures.port, Community(name))
        return probe(target, deadline_s=60, timeout_s=20)

    return once


def _snmpsim(data: Path, folder: Path, first: str) -> Iterator[Daemon]:
    program = Path(sys.executable).with_name("snmpsim-command-responder")
    require("snmpsim", program.exists())
    port = free_port()
    command = [
        str(program),
        f"--data-dir={data}",
        f"--cache-dir={folder / 'cache'}",
        f"--agent-udpv4-endpoint=127.0.0.1:{port}",
    ]
    if os.geteuid() == 0:
        command += ["--process-user=root", "--process-group=root"]
    daemon = Daemon(command, port, folder / "log", Community(first))
    daemon.start()
    yield daemon
    daemon.stop()


def load(name: str) -> dict[str, ber.Tagged]:
    """Read one of our recordings, as an agent within the test may serve and change it."""
    table = {}
    for line in (RECORDINGS / f"{name}.snmprec").read_text("utf-8").splitlines():
        oid, tag, value = line.split("|", 2)
        raw = bytes.fromhex(value) if tag.endswith("x") else None
        code = int(tag.removesuffix("x"))
        if raw is not None:
            table[oid] = (code, raw)
        elif code == ber.OCTETS:
            table[oid] = ber.octets(value.encode())
        elif code == ber.OID:
            table[oid] = (ber.OID, ber.oid_body(value))
        else:
            table[oid] = ber.number(int(value), code)
    return table


def serving(table: dict[str, ber.Tagged]) -> Handler:
    """Answer GET and GETBULK from a table, as it is at that moment."""

    def answer(request: ber.Request) -> list[bytes]:
        if request.kind == ber.GET:
            absent = (ber.NO_SUCH_INSTANCE, b"")
            return [ber.response(request, [(o, table.get(o, absent)) for o in request.oids])]
        after = [o for o in sorted(table, key=arcs) if arcs(o) > arcs(request.oids[0])]
        rows = [(o, table[o]) for o in after[: request.max_repetitions]]
        if len(rows) < request.max_repetitions:
            rows.append((rows[-1][0] if rows else request.oids[0], (ber.END_OF_MIB, b"")))
        return [ber.response(request, rows)]

    return answer
