"""One HTTP request: whatever answers, it ends in time, in bounds, and in an outcome."""

import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.base import CannotAskError
from collectors.observation import Outcome
from collectors.web.address import web_address
from collectors.web.fetch import Response, Tls, WebFailure, fetch, fetch_json
from tests.collectors.web_server import (
    Send,
    Server,
    authority,
    page,
    self_signed,
    serving,
    silent_port,
)

SOON_S = 0.4
GRACE_S = 0.6
"""What a busy machine may take over a deadline; no peer below ever ends by itself."""


def get(url: str, within_s: float = 5.0, **options: object) -> Response:
    return fetch(url, deadline=time.monotonic() + within_s, **options)  # type: ignore[arg-type]


def failure(url: str, within_s: float = 5.0, **options: object) -> WebFailure:
    with pytest.raises(WebFailure) as caught:
        get(url, within_s, **options)
    detail = caught.value.detail
    assert detail and detail.isprintable() and len(detail) <= 255
    return caught.value


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\nold", 200, b"old"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew and more", 200, b"new"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            200,
            b"abc",
        ),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx", 200, b"x"),
        (b"HTTP/1.0 200\r\n\r\nno reason", 200, b"no reason"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\np", 200, b"p"),
    ],
    ids=[
        "HTTP/1.0",
        "a length",
        "chunks",
        "no content",
        "not found",
        "continue first",
        "no reason",
        "parts",
    ],
)
def test_every_form_of_an_answer_is_read(answer: bytes, status: int, body: bytes) -> None:
    with serving(answer) as server:
        got = get(server.url())
    assert (got.status, got.body, got.certificate_expires_at) == (status, body, None)


def test_names_of_headers_are_lower_case_and_values_plain_short_text() -> None:
    odd = page(b"", "X-Odd: a\tb\x85c\x9b", "X-Twice: 1", "x-twice: 2", "X-Long: " + "y" * 9000)
    with serving(odd) as server:
        headers = get(server.url()).headers
    assert headers["x-odd"] == "abc" and headers["x-twice"] == "1, 2"
    assert len(headers["x-long"]) == 4096


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
MALFORMED = {
    "rubbish": b"\x00\xff rubbish\r\n\r\n",
    "nothing at all": b"",
    "half a status line": b"HTTP/1.1 2",
    "a status that is no number": b"HTTP/1.1 abc OK\r\n\r\n",
    "a protocol of the future": b"HTTP/9.9 200 OK\r\n\r\n",
    "a NUL in a header": b"HTTP/1.1 200 OK\r\nbroken\x00header\r\nContent-Length: 0\r\n\r\n",
    "a header without a colon": b"HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 3\r\n\r\nabc",
    "half of a continued parameter": page(
        b"", "Content-Type: multipart/x; boundary*0=a; boundary*=b"
    ),
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    "a header line without end": b"HTTP/1.1 200 OK\r\nA: " + b"a" * 90_000,
    "a body that was packed": page(b"\x1f\x8b" * 9, "Content-Encoding: gzip"),
    "a length of a terabyte": page(b"x", "Content-Length: 1099511627776"),
    "a body shorter than its length": page(b"abc", "Content-Length: 4"),
    "a chunk of a terabyte": CHUNKED + b"ffffffffff\r\nabc",
    "a chunk of no size": CHUNKED + b"zz\r\nabc",
    "a last chunk that never comes": CHUNKED + b"3\r\nabc\r\n",
    "a body over the limit": page(b"x" * 1001),
}


@pytest.mark.parametrize("answer", MALFORMED.values(), ids=MALFORMED)
def test_what_is_not_http_or_too_much_is_malformed(answer: bytes) -> None:
    with serving(answer) as server:
        assert failure(server.url(), max_bytes=1000).outcome is Outcome.MALFORMED


def test_a_body_that_nobody_wants_is_left_unread_however_long_and_packed() -> None:
    head = b"HTTP/1.1 503 Busy\r\nContent-Encoding: gzip\r\nRetry-After: 9\r\n\r\n"
    with serving(head + b"x" * 5_000_000) as server:
        answer = fetch(server.url(), deadline=time.monotonic() + 5, wants_body=False)
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (503, b"", "9")


def test_a_body_may_be_as_long_as_the_limit() -> None:
    with serving(page(b"x" * 1000)) as server:
        assert len(get(server.url(), max_bytes=1000).body) == 1000


def forever(data: bytes) -> Callable[[bytes, Send], None]:
    def answer(_: bytes, send: Send) -> None:
        while True:
            send(data)

    return answer


@pytest.mark.parametrize(
    ("first", "data"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n" * 50),
        (CHUNKED, b"1;" + b"e" * 100 + b"\r\nx\r\n"),
        (CHUNKED + b"0\r\n", b"Trailer: more\r\n" * 50),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
        (b"", b"HTTP/1.1 "),
    ],
    ids=["body", "headers", "chunks", "trailers", "promises to continue", "status line"],
)
def test_an_answer_without_end_is_cut_by_its_size(first: bytes, data: bytes) -> None:
    def answer(_: bytes, send: Send) -> None:
        send(first)
        forever(data)(_, send)

    with serving(answer) as server:
        began = time.monotonic()
        assert failure(server.url(), within_s=20).outcome is Outcome.MALFORMED
        assert time.monotonic() - began < 10, "long before the deadline"


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        CHUNKED,
    ],
    ids=["status line", "headers", "body of a length", "body to the end", "chunk size"],
)
def test_a_server_that_sends_a_byte_at_a_time_ends_at_the_deadline(start: bytes) -> None:
    with serving(b"") as server:

        def answer(_: bytes, send: Send) -> None:
            send(start)
            server.drip(send, b"1" * 999)

        server.answer = answer
        began = time.monotonic()
        assert failure(server.url(), SOON_S).outcome is Outcome.TIMEOUT
        assert SOON_S <= time.monotonic() - began < SOON_S + GRACE_S


def test_a_server_that_says_nothing_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port, began = mute.getsockname()[1], time.monotonic()
        for scheme in ("http", "https"):
            assert failure(f"{scheme}://127.0.0.1:{port}/", SOON_S).outcome is Outcome.TIMEOUT
        assert time.monotonic() - began < 2 * (SOON_S + GRACE_S)


def test_a_server_that_does_not_read_a_long_request_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url, began = f"http://127.0.0.1:{deaf.getsockname()[1]}/", time.monotonic()
        cut = failure(url, SOON_S, method="POST", body=b"x" * 30_000_000)
        assert cut.outcome is Outcome.TIMEOUT and time.monotonic() - began < SOON_S + GRACE_S


def test_a_handshake_in_slow_motion_ends_at_the_deadline() -> None:
    """The head of a TLS record that promises 16 kB, then a byte now and then."""
    with socket.create_server(("127.0.0.1", 0)) as listener, threading_drip(listener):
        began = time.monotonic()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        assert failure(url, SOON_S).outcome is Outcome.TIMEOUT
        assert time.monotonic() - began < SOON_S + GRACE_S


class threading_drip:  # noqa: N801 - reads as a verb
    """Accept one connection and drip the beginning of a handshake into it."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener, self._is_over = listener, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        accepted, _ = self._listener.accept()
        with accepted:
            accepted.sendall(b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb\x03\x03")
            try:
                while not self._is_over.wait(0.02):
                    accepted.sendall(b"a")
            except OSError:
                return


def test_a_connection_that_is_reset_is_malformed() -> None:
    """Something is there, and does not speak HTTP to us."""

    def reset(listener: socket.socket) -> None:
        accepted, _ = listener.accept()
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        accepted.recv(4096)
        accepted.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=reset, args=(listener,))
        thread.start()
        cut = failure(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()
    assert cut.outcome is Outcome.MALFORMED and "closed" in cut.detail


def test_no_time_at_all_is_a_timeout() -> None:
    with serving(page(b"x")) as server:
        assert failure(server.url(), within_s=-1).outcome is Outcome.TIMEOUT
    assert not server.asked


def test_packing_is_not_offered_and_nothing_personal_is_said() -> None:
    with serving(page(b"x", "Set-Cookie: a=b")) as server:
        for _ in range(2):
            get(server.url("/x?y=z"), headers={"X-Own": "1"})
    for asked in server.asked:
        lines = asked.decode().lower().split("\r\n")
        assert lines[0] == "get /x?y=z http/1.1"
        assert {"accept-encoding: identity", "x-own: 1", "user-agent: netmon"} <= set(lines)
        assert not any(line.startswith(("cookie", "authorization")) for line in lines)


def test_redirects_are_told_and_not_followed() -> None:
    with serving(page(b"", "Location: /elsewhere", status="302 Found")) as server:
        got = get(server.url())
    assert (got.status, got.headers["location"], len(server.asked)) == (302, "/elsewhere", 1)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{silent_port()}")
    with serving(page(b"direct")) as server:
        assert get(server.url()).body == b"direct"


def test_a_body_is_sent_whole() -> None:
    with serving(page(b"")) as server:
        get(server.url(), method="POST", body=b"x" * 200_000)
    assert server.asked[0].endswith(b"\r\n\r\n" + b"x" * 200_000)


def test_an_ipv6_host_is_asked_and_named_between_brackets() -> None:
    with serving(page(b"six"), host="::1") as server:
        assert get(server.url()).body == b"six"
    assert f"Host: [::1]:{server.port}".encode() in server.asked[0]


def test_every_address_of_a_name_is_tried() -> None:
    """`localhost` is ::1 first on many machines; nothing listens there."""
    with serving(page(b"four")) as server:
        assert get(f"http://localhost:{server.port}/").body == b"four"


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("http://127.0.0.1:{closed}/", Outcome.REFUSED),
        ("http://[::1]:{closed}/", Outcome.REFUSED),
        ("http://no-such-name.invalid/", Outcome.DNS),
        (f"http://{'a' * 70}.invalid/", Outcome.DNS),
        ("http://user:secret@127.0.0.1/", Outcome.MALFORMED),
        ("ftp://127.0.0.1/", Outcome.MALFORMED),
        ("http://127.0.0.1:99999/", Outcome.MALFORMED),
        ("http://127.0.0.1/\r\nX-Injected: 1", Outcome.MALFORMED),
        ("http:///path", Outcome.MALFORMED),
    ],
)
def test_what_cannot_be_asked_is_an_outcome(url: str, outcome: Outcome) -> None:
    cut = failure(url.replace("{closed}", str(silent_port())))
    assert cut.outcome is outcome and "secret" not in cut.detail


def test_a_header_that_holds_a_line_break_is_not_sent_and_not_told() -> None:
    with serving(page(b"")) as server:
        for value in ("secret\r\nX-Injected: 1", "se\u20accret"):
            cut = failure(server.url(), headers={"Authorization": value})
            assert cut.outcome is Outcome.MALFORMED and "cret" not in cut.detail
    assert not server.asked


@given(st.text(max_size=60) | st.from_regex(r"https?://[^\s]{0,40}"))
def test_a_text_is_an_address_in_full_or_refused_in_one_line(url: str) -> None:
    try:
        found = web_address(url)
    except ValueError as error:
        told = str(error)
    else:
        told = found.path
        assert found.scheme in {"http", "https"} and 0 < found.port < 65_536
        assert found.host.isascii() and found.path.startswith("/")
        assert not set(found.host) & set(" @/")
    assert told.isprintable()


def test_a_trusted_server_is_read_and_its_certificate_dated(tmp_path: Path) -> None:
    own = authority(tmp_path)
    with serving(page(b"safe"), own.context("127.0.0.1", days=(-1, 30))) as server:
        got = get(server.url(), tls=Tls(ca_file=own.file))
    assert got.body == b"safe" and got.certificate_expires_at is not None
    left = got.certificate_expires_at - datetime.now(UTC)  # noqa: TID251 - certificates use ours
    assert left.total_seconds() == pytest.approx(30 * 86_400, abs=9)


@pytest.mark.parametrize(
    ("names", "days", "words"),
    [
        (("127.0.0.1",), (-30, -1), "expired"),
        (("192.0.2.1",), (-1, 30), "mismatch"),
        (("localhost",), (-1, 30), "mismatch"),
        (("127.0.0.1",), (5, 30), "not yet valid"),
    ],
    ids=["expired", "another address", "a name only", "of the future"],
)
def test_a_certificate_that_does_not_hold_is_refused(
    tmp_path: Path, names: tuple[str, ...], days: tuple[int, int], words: str
) -> None:
    own = authority(tmp_path)
    with serving(page(b"?"), own.context(*names, days=days)) as server:
        cut = failure(server.url(), tls=Tls(ca_file=own.file))
        assert cut.outcome is Outcome.TLS and words in cut.detail
        assert get(server.url(), tls=Tls(verify=False)).body == b"?"


def test_who_signs_for_himself_is_refused_unless_anybody_is_trusted(tmp_path: Path) -> None:
    with serving(page(b"?"), self_signed(tmp_path, "127.0.0.1")) as server:
        assert failure(server.url()).outcome is Outcome.TLS
        assert get(server.url(), tls=Tls(verify=False)).certificate_expires_at is not None
    assert len(server.asked) == 1, "nothing is asked of a server that is not trusted"


def test_a_file_of_authorities_is_read_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "trusted.pem"
    own = authority(tmp_path)
    tls = Tls(ca_file=str(file))
    with serving(page(b"safe"), own.context("127.0.0.1")) as server:
        file.write_text("no certificate")
        with pytest.raises(CannotAskError, match="PEM"):
            get(server.url(), tls=tls)
        file.write_bytes(Path(own.file).read_bytes())
        os.utime(file, ns=(1, 1))
        assert get(server.url(), tls=tls).body == b"safe"


def test_a_missing_file_of_authorities_says_nothing_of_the_server(tmp_path: Path) -> None:
    with pytest.raises(CannotAskError, match=r"gone\.pem"):
        get("https://127.0.0.1:1/", tls=Tls(ca_file=str(tmp_path / "gone.pem")))


def test_http_where_tls_should_be_is_a_tls_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        plain = threading.Thread(target=speak_first, args=(listener, page(b"plain")))
        plain.start()
        cut = failure(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        plain.join()
    assert cut.outcome is Outcome.TLS and "does not speak TLS" in cut.detail


def speak_first(listener: socket.socket, data: bytes) -> None:
    accepted, _ = listener.accept()
    with accepted:
        accepted.recv(4096)
        accepted.sendall(data)


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_an_interface_that_refuses_the_credentials_is_auth(status: str) -> None:
    with serving(page(b"{}", status=status)) as server, pytest.raises(WebFailure) as caught:
        fetch_json(server.url(), deadline=time.monotonic() + 5)
    assert caught.value.outcome is Outcome.AUTH


@pytest.mark.parametrize("status", ["302 Found", "404 Not Found", "503 Service Unavailable"])
def test_an_interface_that_answers_something_else_is_content(status: str) -> None:
    with serving(page(b"{}", status=status)) as server, pytest.raises(WebFailure) as caught:
        fetch_json(server.url(), deadline=time.monotonic() + 5)
    assert caught.value.outcome is Outcome.CONTENT and status[:3] in caught.value.detail


def test_json_is_read() -> None:
    with serving(page(b'{"a": [1, 2.5, "\xc3\xa9", null]}')) as server:
        assert fetch_json(server.url(), deadline=time.monotonic() + 5) == {"a": [1, 2.5, "é", None]}
    assert b"Accept: application/json" in server.asked[0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[" * 100_000,
        b"[" * 40 + b"]" * 40,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b"[NaN]",
        b"[Infinity]",
        b"[1e999]",
        b"[" + b"9" * 100 + b"]",
        b'"\xff"',
        b'{"a": 1} more',
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_no_bounded_json_is_malformed(body: bytes) -> None:
    with serving(page(body)) as server, pytest.raises(WebFailure) as caught:
        fetch_json(server.url(), deadline=time.monotonic() + 5)
    assert caught.value.outcome is Outcome.MALFORMED


def test_failures_leave_no_socket_behind(tmp_path: Path) -> None:
    def descriptors() -> int:
        return len(list(Path(f"/proc/{os.getpid()}/fd").iterdir()))

    def all_kinds(server: Server, secure: Server) -> None:
        for url in (server.url(), secure.url(), f"http://127.0.0.1:{silent_port()}/"):
            failure(url, max_bytes=10)

    with (
        serving(page(b"x" * 100)) as server,
        serving(page(b""), self_signed(tmp_path, "127.0.0.1")) as secure,
    ):
        all_kinds(server, secure)
        before = descriptors()
        for _ in range(5):
            all_kinds(server, secure)
        assert descriptors() <= before + 2, "the servers may be closing their own ends"
