"""A receiver of heartbeats as it runs: an inbox in a folder, behind a real waitress."""

import http.client
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from waitress.server import create_server
from waitress.trigger import trigger
from waitress.wasyncore import close_all

from netmon.domain.heartbeat import Envelope
from netmon.storage.connection import claim
from netmon.storage.inbox import InboxReader, InboxWriter
from tests.beats import SECRET, clock, headers
from web import heartbeats, problems, security
from web.heartbeat_gate import Gate
from web.heartbeats import Receiver

PATH = "/api/v1/heartbeats"
DEVICES = ("pc-1", "pc-2", "probe-1")


class Inbox:
    """Both sides of an inbox."""

    def __init__(self, folder: Path) -> None:
        self._lock, self.db = claim(folder / "desk.db", origin="real")
        self.writer = InboxWriter(self.db, threading.Lock())
        self.reader = InboxReader(folder)

    def documents(self) -> list[str]:
        """Return what the newest beats say, as it lies in the file."""
        return [row[0] for row in self.db.execute("SELECT document FROM heartbeat").fetchall()]

    def close(self) -> None:
        self.reader.close()
        self.db.close()
        self._lock.release()


def application(
    inbox: Inbox, now: Callable[[], datetime] = clock, gate: Gate | None = None
) -> Flask:
    """Return an application that receives and explains, as the whole one does."""
    app = Flask(__name__, static_folder=None)
    receiver = Receiver(inbox.writer, DEVICES.__contains__, SECRET, gate or Gate())
    app.register_blueprint(heartbeats.blueprint(receiver, now))
    problems.explain(app)
    security.protect(app)
    return app


class Server:
    """A waitress on a free port of loopback, or on the one it had before."""

    def __init__(self, app: Flask, port: int = 0) -> None:
        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            app, host="127.0.0.1", port=port, threads=4, ident=None, map=self._sockets
        )
        self.port: int = self._server.effective_port
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def post(self, letter: Envelope, **extra: str) -> tuple[int, http.client.HTTPMessage]:
        """Send one letter by a connection of its own."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asking.request("POST", PATH, letter.body, {**headers(letter), **extra})
            answer = asking.getresponse()
            answer.read()
            return answer.status, answer.headers
        finally:
            asking.close()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Let go of the port, as netmon does when it ends."""
        wakers = [each for each in self._sockets.values() if isinstance(each, trigger)]
        wakers[0].pull_trigger(lambda: close_all(self._sockets, ignore_all=True))
        self._thread.join(10)
        self._server.task_dispatcher.shutdown()


def shifted(seconds: float) -> Callable[[], datetime]:
    """Return a clock that is ahead."""
    return lambda: clock() + timedelta(seconds=seconds)
