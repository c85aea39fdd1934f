"""
One HTTP request, within a deadline that holds.

`urllib3` reads addresses and `http.client` speaks: pools, redirects, proxies and cookies are what a
check must not have, and urllib3's own connection logs the headers of strangers.
"""

import contextlib
import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MultipartInvariantViolationDefect, StartBoundaryNotFoundDefect
from types import MappingProxyType
from typing import Any

from collectors.observation import Outcome
from collectors.web.address import web_address
from collectors.web.bounded_json import read_json
from collectors.web.connection import Exchange
from collectors.web.failure import WebFailure, from_os
from collectors.web.guarded import Allowance
from collectors.web.tls import Tls, expires_at, from_tls

__all__ = ["Response", "Tls", "WebFailure", "fetch", "fetch_json"]

MAX_BODY_BYTES = 1 << 20
MAX_HEAD_BYTES = 1 << 17
"""Octets of status line, headers and what frames a body, all together."""

MAX_VALUE_CHARACTERS = 4096

_AS_THE_SYSTEM = Tls()
_OK = range(200, 300)
_NOT_ALLOWED = {401, 403}
# The parser looks for parts where Content-Type promises some: it was given the head only.
_HARMLESS = (StartBoundaryNotFoundDefect, MultipartInvariantViolationDefect)


@dataclass(frozen=True, slots=True)
class Response:
    """
    What was answered.

    `headers` has names in lower case and printable values of bounded length, those of one
    name joined by `, `. `certificate_expires_at` is aware, None without TLS.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    certificate_expires_at: datetime | None = None


def fetch(  # noqa: PLR0913 - what a request consists of, by name
    url: str,
    *,
    deadline: float,
    headers: Mapping[str, str] | None = None,
    method: str = "GET",
    body: bytes | None = None,
    tls: Tls = _AS_THE_SYSTEM,
    max_bytes: int = MAX_BODY_BYTES,
    wants_body: bool = True,
) -> Response:
    """
    Ask for one page and return the answer, whatever its status.

    Redirects are not followed, no proxy or cookie is used, and a body that comes encoded
    (gzip) is refused: nobody asked for it.

    Parameters
    ----------
    url
        `http` or `https`, without user name and password.
    deadline
        Instant of `time.monotonic()` at which everything ends: names, connecting, TLS, and the
        last byte, also where they come one at a time.
    headers
        Sent beside Host, Accept-Encoding, User-Agent and Connection.
    max_bytes
        Octets of body; more is malformed.
    wants_body
        False where status and headers are the whole answer: the body is left unread, however
        long, slow or encoded it is, and comes back empty.

    Raises
    ------
    WebFailure
        With outcome timeout, refused, no_route, dns, tls or malformed.
    CannotAskError
        If the file of authorities in `tls` cannot be read.
    """
    try:
        address = web_address(url)
    except ValueError as error:
        raise WebFailure(Outcome.MALFORMED, str(error)) from error
    allowance = Allowance(deadline, max_bytes + MAX_HEAD_BYTES)
    sent = {"Accept-Encoding": "identity", "User-Agent": "netmon", "Connection": "close"}
    with contextlib.closing(Exchange(address, tls, allowance)) as exchange:
        try:
            _ask(exchange, method, address.path, body, {**sent, **(headers or {})})
            with contextlib.closing(_answer(exchange)) as answer:
                limit = max_bytes if wants_body else None
                return _response(answer, exchange.certificate, limit)
        except ssl.SSLError as error:
            raise from_tls(error) from error
        except OSError as error:
            raise from_os(error) from error
        except (http.client.HTTPException, ValueError) as error:
            raise WebFailure(Outcome.MALFORMED, "the answer is not HTTP") from error


def _ask(
    exchange: Exchange, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> None:
    try:
        exchange.request(method, path, body, headers)
    except ValueError as error:  # a line break or a sign that no header may hold; maybe a secret
        raise WebFailure(Outcome.MALFORMED, "the request may not be sent so") from error


def _answer(exchange: Exchange) -> http.client.HTTPResponse:
    try:
        return exchange.getresponse()
    except http.client.RemoteDisconnected as error:
        raise WebFailure(Outcome.MALFORMED, "closed without an answer") from error
    except (LookupError, TypeError, AttributeError) as error:
        # The standard library reads headers as those of a letter, and stumbles over half of one
        # (`boundary*0=a; boundary*=b` raises TypeError).
        raise WebFailure(Outcome.MALFORMED, "the headers of the answer are not HTTP") from error


def _response(
    answer: http.client.HTTPResponse, certificate: bytes | None, max_bytes: int | None
) -> Response:
    defects = [each for each in answer.headers.defects if not isinstance(each, _HARMLESS)]
    if defects:
        raise WebFailure(Outcome.MALFORMED, "the headers of the answer are not HTTP")
    headers = _headers(answer)
    is_plain = headers.get("content-encoding", "identity").lower() == "identity"
    if max_bytes is not None and not is_plain:
        raise WebFailure(Outcome.MALFORMED, "the body is encoded, which was not asked for")
    return Response(
        answer.status,
        MappingProxyType(headers),
        b"" if max_bytes is None else _body(answer, max_bytes),
        expires_at(certificate) if certificate else None,
    )


def _headers(answer: http.client.HTTPResponse) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in answer.headers.items():
        key, clean = name.lower(), "".join(filter(str.isprintable, str(value)))
        found[key] = (f"{found[key]}, {clean}" if key in found else clean)[:MAX_VALUE_CHARACTERS]
    return found


def _body(answer: http.client.HTTPResponse, max_bytes: int) -> bytes:
    announced = answer.length or 0
    if announced > max_bytes:
        raise WebFailure(Outcome.MALFORMED, f"the body is over {max_bytes} bytes")
    # One more than may come; and never without a limit, which would reserve what is announced.
    body = answer.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise WebFailure(Outcome.MALFORMED, f"the body is over {max_bytes} bytes")
    if len(body) < announced:
        raise WebFailure(Outcome.MALFORMED, "the body ends before it should")
    return body


def fetch_json(  # noqa: PLR0913 - what a request consists of, by name
    url: str,
    *,
    deadline: float,
    headers: Mapping[str, str] | None = None,
    method: str = "GET",
    body: bytes | None = None,
    tls: Tls = _AS_THE_SYSTEM,
    max_bytes: int = MAX_BODY_BYTES,
) -> Any:  # noqa: ANN401 - whatever JSON says; the caller looks
    """
    Ask an interface and return the JSON that it answers.

    Numbers are finite and of bounded length, nesting has an end; texts are as they
    came and want cleaning.

    Raises
    ------
    WebFailure
        As `fetch`; auth for status 401 and 403, content for any other that is not 2xx,
        malformed where the body is not such JSON.
    """
    answer = fetch(
        url,
        deadline=deadline,
        headers={"Accept": "application/json", **(headers or {})},
        method=method,
        body=body,
        tls=tls,
        max_bytes=max_bytes,
    )
    if answer.status in _NOT_ALLOWED:
        raise WebFailure(Outcome.AUTH, f"the credentials were refused (HTTP {answer.status})")
    if answer.status not in _OK:
        raise WebFailure(Outcome.CONTENT, f"HTTP status {answer.status} instead of an answer")
    return read_json(answer.body)
