"""The agent as a process, alone on its computer, and the receiver that comes and goes."""

import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from collectors import agent as agent_module
from netmon.domain.heartbeat import device_key
from tests.beats import FIELDS, SECRET, clock
from tests.cli.asking import process
from tests.waiting import wait_for
from tests.web.receiving import Inbox, Server, application, shifted


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    made = Inbox(tmp_path)
    yield made
    made.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start servers; those still running at the end are stopped."""
    made: list[Server] = []

    def start(*arguments: object, **named: object) -> Server:
        made.append(Server(*arguments, **named))
        return made[-1]

    yield start
    for each in made:
        if each.is_running:
            each.stop()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "agent.key"
    path.write_text(device_key(SECRET, "pc-1").hex() + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """The one file, in a folder where nothing of netmon is."""
    folder = tmp_path / "computer"
    folder.mkdir()
    return Path(shutil.copy(str(agent_module.__file__), folder / "agent.py"))


def arguments(url: str, key_file: Path, *more: str) -> list[str]:
    return ["--url", url, "--device", "pc-1", "--key-file", str(key_file), *more]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Running:
    """An agent that runs, and what it complained of."""

    def __init__(self, file: Path, *given: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(file), *given],
            stderr=subprocess.PIPE,
            text=True,
            cwd=file.parent,
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(line.rstrip() for line in iter(self.process.stderr.readline, ""))

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(15)
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


@pytest.fixture
def start(alone: Path) -> Iterator[Callable[..., Running]]:
    made: list[Running] = []

    def begin(*given: str) -> Running:
        made.append(Running(alone, *given))
        return made[-1]

    yield begin
    for each in made:
        if each.process.poll() is None:
            each.stop()


def once(file: Path, *given: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", str(file), *given],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=file.parent,
        env={**os.environ, **variables},
    )


def test_one_beat_arrives_with_these_fields_and_no_others(
    inbox: Inbox, serve: Callable[..., Server], alone: Path, key_file: Path
) -> None:
    server = serve(application(inbox))
    done = once(alone, *arguments(server.url, key_file, "--once"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (document,) = inbox.documents()
    assert set(json.loads(document)) == FIELDS
    (at_s,) = inbox.reader.instants("pc-1")
    assert abs(at_s - clock().timestamp()) < 30


def test_the_command_of_netmon_is_the_same_agent(
    inbox: Inbox, serve: Callable[..., Server], key_file: Path
) -> None:
    server = serve(application(inbox))
    assert process("agent", *arguments(server.url, key_file, "--once")).code == 0
    assert len(inbox.documents()) == 1


def test_what_would_be_sent_is_shown_and_not_sent(
    inbox: Inbox, serve: Callable[..., Server], alone: Path, key_file: Path
) -> None:
    server = serve(application(inbox))
    done = once(alone, *arguments(server.url, key_file, "--json"))
    shown = json.loads(done.stdout)
    assert done.returncode == 0 and set(shown["body"]) == FIELDS
    assert set(shown["headers"]) == {
        "Content-Type",
        "Netmon-Device",
        "Netmon-Nonce",
        "Netmon-Sent",
        "Netmon-Signature",
    }
    assert inbox.documents() == []


def test_a_wrong_key_is_told_and_gives_one(
    inbox: Inbox, serve: Callable[..., Server], alone: Path, key_file: Path
) -> None:
    key_file.write_text("0" * 64)
    server = serve(application(inbox))
    done = once(alone, *arguments(server.url, key_file, "--once"))
    assert (done.returncode, done.stderr) == (1, "server: expected 204, found 401\n")


def test_a_beat_that_is_refused_is_told_and_does_not_block_the_next(
    inbox: Inbox, serve: Callable[..., Server], key_file: Path
) -> None:
    server = serve(application(inbox))
    agent = made_agent(server.url, key_file)
    agent.take()["cpu_ratio"] = 7
    agent.take()["at_s"] += 1
    assert agent.deliver() == 0
    assert agent.complaint == "server: expected 204, found 400"
    assert len(inbox.reader.instants("pc-1")) == 1


def test_a_server_that_is_away_is_told_and_gives_one(alone: Path, key_file: Path) -> None:
    done = once(alone, *arguments(f"http://127.0.0.1:{free_port()}", key_file, "--once"))
    assert (done.returncode, done.stderr) == (1, "server: expected an answer, found refused\n")


@pytest.mark.parametrize("ahead_s", [86_400, -86_400, 200, -200])
def test_a_wrong_clock_is_put_right_and_told(
    inbox: Inbox, serve: Callable[..., Server], key_file: Path, ahead_s: int
) -> None:
    """Beyond the window the first letter is refused; within it, the next is dated right."""
    server = serve(application(inbox, shifted(ahead_s)))
    agent = made_agent(server.url, key_file)
    agent.take()
    assert agent.deliver() == 0
    newest = agent.take()
    assert agent.deliver() == 0
    assert abs(newest["at_s"] - clock().timestamp() - ahead_s) < 3
    assert newest["clock_offset_s"] == pytest.approx(-ahead_s, abs=3)
    assert newest["at_s"] in inbox.reader.instants("pc-1")
    beat = inbox.reader.newest("pc-1")
    assert beat is not None and abs((beat.at - shifted(ahead_s)()).total_seconds()) < 5


def test_beats_go_on_and_stop_when_told(
    inbox: Inbox, serve: Callable[..., Server], start: Callable[..., Running], key_file: Path
) -> None:
    server = serve(application(inbox))
    agent = start(*arguments(server.url, key_file, "--interval", "1"))
    wait_for(lambda: len(inbox.reader.instants("pc-1")) >= 3, within_s=20, what="three beats")
    began = time.monotonic()
    assert agent.stop() == 0
    assert time.monotonic() - began < 5 and agent.said == []


def test_what_was_seen_while_the_server_was_away_arrives_afterwards(
    inbox: Inbox, serve: Callable[..., Server], start: Callable[..., Running], key_file: Path
) -> None:
    server = serve(application(inbox))
    agent = start(*arguments(server.url, key_file, "--interval", "1"))
    wait_for(lambda: inbox.reader.instants("pc-1"), within_s=20, what="a first beat")
    server.stop()
    gone_s = clock().timestamp()
    wait_for(lambda: agent.said, within_s=20, what="a complaint")
    wait_for(lambda: clock().timestamp() > gone_s + 5, within_s=20, what="five seconds away")
    back_s = clock().timestamp()
    serve(application(inbox), port=server.port)
    wait_for(
        lambda: max(inbox.reader.instants("pc-1")) > back_s, within_s=90, what="a beat afterwards"
    )
    assert agent.stop() == 0
    assert agent.said[0].startswith("server: expected an answer, found")
    assert agent.said[-1] == "server: heard us"
    instants = inbox.reader.instants("pc-1")
    gaps = [later - earlier for earlier, later in pairwise(instants)]
    assert len([at for at in instants if gone_s < at < back_s]) >= 3
    assert max(gaps) <= 2, "no beat was lost"


def made_agent(url: str, key_file: Path) -> agent_module.Agent:
    parser = agent_module._parser("test")
    return agent_module.Agent(
        agent_module._options(parser, parser.parse_args(arguments(url, key_file)))
    )


def test_the_buffer_keeps_the_newest_thirty(
    inbox: Inbox, serve: Callable[..., Server], key_file: Path
) -> None:
    port = free_port()
    agent = made_agent(f"http://127.0.0.1:{port}", key_file)
    now_s = int(clock().timestamp())
    for n in range(35):
        agent.take()["at_s"] = now_s - 60 * (35 - n)
    assert agent.deliver() == math.inf
    serve(application(inbox), port=port)
    assert agent.deliver() == 0
    assert inbox.reader.instants("pc-1") == [now_s - 60 * (35 - n) for n in range(5, 35)]


def test_a_beat_whose_answer_was_lost_counts_once(
    inbox: Inbox, serve: Callable[..., Server], key_file: Path
) -> None:
    """The server kept it, the network swallowed the answer, the agent sends it again."""
    server = serve(application(inbox))
    lossy = LosesFirstAnswer(server.port)
    agent = made_agent(f"http://127.0.0.1:{lossy.port}", key_file)
    at_s = agent.take()["at_s"]
    assert agent.deliver() == math.inf
    assert inbox.reader.instants("pc-1") == [at_s]
    assert agent.deliver() == 0
    lossy.join()
    assert inbox.reader.instants("pc-1") == [at_s]
    assert inbox.db.execute("SELECT count(*) FROM heartbeat_nonce").get == 2


class LosesFirstAnswer:
    """A relay on loopback that takes two connections and swallows the first answer."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._relay)
        self._thread.start()

    def _relay(self) -> None:
        with self._listener:
            for is_told in (False, True):
                taken, _ = self._listener.accept()
                with taken, socket.create_connection(("127.0.0.1", self._to_port)) as onward:
                    onward.sendall(whole_request(taken))
                    answer = b"".join(iter(lambda: onward.recv(65_536), b""))
                    if is_told:
                        taken.sendall(answer)

    def join(self) -> None:
        self._thread.join(10)


def whole_request(taken: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += taken.recv(65_536)
    head, _, body = heard.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += taken.recv(65_536)
    return head + b"\r\n\r\n" + body


def test_a_server_that_wants_a_pause_gets_it(
    inbox: Inbox, serve: Callable[..., Server], key_file: Path
) -> None:
    server = serve(application(inbox))
    agent = made_agent(server.url, key_file)
    now_s = int(clock().timestamp())
    for n in range(3):
        for _ in range(30):
            agent.take()
        for place, beat in enumerate(agent._waiting):
            beat["at_s"] = now_s - 1000 * n - place
        waited_s = agent.deliver()
    assert waited_s == 10 and agent.complaint == "server: expected 204, found 429"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["--device", "PC 1"], "--device: expected lower-case letters"),
        (["--url", "ftp://x"], "--url: expected http:// or https:// and a host"),
        (["--url", "http://[::1"], "--url: expected http:// or https:// and a host"),
        (["--page", "nonsense"], "--page: expected http:// or https:// and a host"),
        (["--page", "http://example.org/"], "--page: expected https, or --page-text"),
        (["--wifi", "Gratis"], "--wifi: expected --page and --page-text"),
        (["--interval", "nan"], "argument --interval: expected 1 to 3600 seconds, found nan"),
        (["--key-file", "absent\x1b[31m"], "absent?[31m: file: expected one that can be read"),
        (["--fly"], "unrecognized arguments: --fly"),
    ],
)
def test_wrong_options_are_one_line(
    alone: Path, key_file: Path, given: list[str], expected: str
) -> None:
    done = once(alone, *arguments("http://127.0.0.1:1", key_file), *given)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2 and line.startswith(f"Error: {expected}")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(alone: Path, key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    done = once(alone, *arguments("http://127.0.0.1:1", key_file, "--once"))
    assert (
        done.returncode == 2
        and f"expected 0600, readable by its owner only, found 0{mode:o}" in done.stderr
    )


@pytest.mark.parametrize("text", ["", "short", "g" * 64, "0" * 65])
def test_a_file_without_a_key_is_refused_and_not_shown(
    alone: Path, key_file: Path, text: str
) -> None:
    key_file.write_text(text)
    done = once(alone, *arguments("http://127.0.0.1:1", key_file, "--once"))
    assert done.returncode == 2 and "expected 64 hexadecimal digits" in done.stderr
    assert not text or text not in done.stderr


def test_every_option_is_in_the_manual() -> None:
    page = (Path(__file__).parents[2] / "docs/agent.md").read_text("utf-8")
    options = [action.option_strings[-1] for action in agent_module._parser("test")._actions]
    assert [name for name in options if f"| `{name}` |" not in page] == ["--help"]


@pytest.mark.parametrize("status", [204, 400, 401, 411, 413, 429])
def test_every_answer_is_in_the_manual(status: int) -> None:
    page = (Path(__file__).parents[2] / "docs/agent.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if re.match(r"\| \d{3}", line)]
    assert any(str(status) in line.split("|")[1] for line in rows)
