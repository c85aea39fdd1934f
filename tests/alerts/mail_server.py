"""A real SMTP server on loopback, on any free port."""

import asyncio
import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "netmon", "an-unlikely-passw0rd"


class MailServer:
    """Keeps what it takes; `envelopes` and `mails` are in the order in which they came."""

    def __init__(self, tls: ssl.SSLContext | None = None, answer: str = "250 taken") -> None:
        self.envelopes: list[Envelope] = []
        self.answer = answer
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(self._protocol, "127.0.0.1", 0)
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    @property
    def mails(self) -> list[EmailMessage]:
        return [
            email.message_from_bytes(each.content or b"", policy=email.policy.default)  # type: ignore[arg-type]  # bytes, as decode_data is off
            for each in self.envelopes
        ]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer.startswith("2"):
            self.envelopes.append(envelope)
        return self.answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        await self._server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="mail.example.org",
            loop=self._loop,
            tls_context=self._tls,
            require_starttls=self._tls is not None,
            auth_required=self._tls is not None,
            authenticator=_authenticate,
        )


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
) -> AuthResult:
    right = isinstance(given, LoginPassword) and given == LoginPassword(
        USER.encode(), PASSWORD.encode()
    )
    return AuthResult(success=right, handled=False)


@contextlib.contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, answer: str = "250 taken"
) -> Iterator[MailServer]:
    server = MailServer(tls, answer)
    try:
        yield server
    finally:
        server.close()


@contextlib.contextmanager
def dripping() -> Iterator[int]:
    """Serve a greeting that never ends, a byte at a time; gives the port."""
    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_drip, args=(listener, is_over))
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            is_over.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _drip(listener: socket.socket, is_over: threading.Event) -> None:
    with contextlib.suppress(OSError), contextlib.closing(listener.accept()[0]) as accepted:
        while not is_over.wait(0.1):
            accepted.sendall(b"2")
