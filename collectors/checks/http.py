"""HTTP (RFC 9110): whether a page comes, in time, and is the page that it should be."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urljoin

from pydantic import AfterValidator, BaseModel, Field, PositiveFloat

from collectors.base import Check
from collectors.observation import Measurement, Observation, Outcome
from collectors.target import Target
from collectors.web.address import bracketed, web_address
from collectors.web.connection import certificate_of
from collectors.web.fetch import Response, Tls, WebFailure, fetch
from collectors.web.tls import expires_at

_MAX_BYTES = 4 << 20
_REDIRECTS = {301, 302, 303, 307, 308}
_WANTS_LOGIN = 511
"""Network Authentication Required (RFC 6585): what an honest captive portal says."""

_CHARSETS = {"utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252"}
"""Those that are read; a page may name others, some of which take for ever to decode."""


def _template(written: str) -> str:
    web_address(written.replace("{host}", "192.0.2.1"))
    return written


class Params(BaseModel, extra="forbid", frozen=True):
    """
    Which page, and what makes it the right one.

    `{host}` in `url` is the device's address. `text` stands somewhere in the page, as it is
    written there; `redirects` are followed at most, and only to the same host or to
    `redirect_hosts`. `max_s` is how long the whole page may take.
    """

    url: Annotated[str, AfterValidator(_template)] = "http://{host}/"
    status: int = Field(default=200, ge=100, le=599)
    text: str = Field(default="", max_length=1000)
    redirects: int = Field(default=0, ge=0, le=10)
    redirect_hosts: tuple[str, ...] = ()
    max_s: PositiveFloat = 5.0
    verify: bool = True
    ca_file: str | None = None


@dataclass(slots=True)
class _Journey:
    """The way to a page; `url` is where it has come to."""

    url: str
    until: float
    params: Params

    def arrive(self) -> Response:
        """Return the page at the end; raises `WebFailure`, content where it leads astray."""
        for _ in range(self.params.redirects + 1):
            answer = fetch(
                self.url,
                deadline=self.until,
                tls=Tls(self.params.verify, self.params.ca_file),
                max_bytes=_MAX_BYTES,
            )
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or self.params.status == answer.status:
                return answer
            self.url = self._next(location or "")
        raise WebFailure(
            Outcome.CONTENT, f"HTTP status {answer.status} instead of {self.params.status}"
        )

    def _next(self, location: str) -> str:
        here = web_address(self.url)
        try:
            url = urljoin(self.url, location)
            there = web_address(url)
        except ValueError as error:
            raise WebFailure(Outcome.MALFORMED, "sent on to what is no address") from error
        if there.host not in {here.host, *map(str.lower, self.params.redirect_hosts)}:
            raise WebFailure(Outcome.CONTENT, f"another page answered: sent on to {there.host}")
        if here.is_encrypted and not there.is_encrypted:
            raise WebFailure(Outcome.CONTENT, "sent on from https to http")
        return url


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """
    Fetch one page.

    `page_s` is the time to its last byte, names, TLS and redirects included; `status` is
    the HTTP status; `certificate_expires_s` the seconds that the certificate is still valid,
    negative once it is not, and also there where it is refused.
    """
    at, began = datetime.now(UTC), time.monotonic()
    url = params.url.replace("{host}", bracketed(target.host))
    journey = _Journey(url, began + min(deadline_s, params.max_s), params)
    try:
        page = journey.arrive()
    except WebFailure as failure:
        known = _certificate(journey, at) if failure.outcome is Outcome.TLS else ()
        return Observation(target.id, CHECK.kind, at, failure.outcome, known, failure.detail)
    wrong = _wrong(page, params)
    measured = (
        Measurement("page_s", time.monotonic() - began),
        Measurement("status", page.status),
        *_expiry(page.certificate_expires_at, at),
    )
    outcome = Outcome.CONTENT if wrong else Outcome.OK
    return Observation(target.id, CHECK.kind, at, outcome, measured, wrong)


def _certificate(journey: _Journey, at: datetime) -> tuple[Measurement, ...]:
    shown = certificate_of(web_address(journey.url), journey.until)
    return _expiry(expires_at(shown), at)


def _expiry(expires: datetime | None, at: datetime) -> tuple[Measurement, ...]:
    if expires is None:
        return ()
    return (Measurement("certificate_expires_s", (expires - at).total_seconds()),)


def _wrong(page: Response, params: Params) -> str:
    """Return what is wrong with a page, one line; empty where nothing is."""
    if page.status == _WANTS_LOGIN != params.status:
        return "another page answered: the network wants a login (HTTP status 511)"
    if page.status != params.status:
        return f"HTTP status {page.status} instead of {params.status}"
    if params.text not in _read(page):
        return "another page answered: it does not hold the expected text"
    return ""


def _read(page: Response) -> str:
    _, _, named = page.headers.get("content-type", "").lower().partition("charset=")
    charset = named.partition(";")[0].strip(" '\"")
    return page.body.decode(charset if charset in _CHARSETS else "utf-8", "replace")


CHECK = Check(kind="http", params=Params, observe=observe)
