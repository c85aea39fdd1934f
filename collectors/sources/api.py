"""The interface of a source: where it is, with which secret, and until when it may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, urlencode

from collectors.observation import Outcome
from collectors.sources.access import Access
from collectors.target import Target, Token
from collectors.web.address import bracketed
from collectors.web.authorization import token_text
from collectors.web.failure import WebFailure
from collectors.web.fetch import fetch_json
from collectors.web.tls import Tls

MAX_BYTES = 16 << 20
"""Octets of one answer: some 20,000 devices where a source gives them all at once."""


def token_of(target: Target) -> str:
    """Return the API key or token; raises `WebFailure` (auth) where the target has none."""
    if not isinstance(target.credentials, Token):
        raise WebFailure(Outcome.AUTH, "expected a credential with a token, found none")
    return token_text(target.credentials)


def bearer(target: Target) -> dict[str, str]:
    """Return the header that carries a token (RFC 6750); raises `WebFailure` where none is."""
    return {"Authorization": f"Bearer {token_of(target)}"}


@dataclass(frozen=True, slots=True)
class Api:
    """An interface; `headers` may hold a secret and never show in a repr. `until` is monotonic."""

    base: str
    tls: Tls
    until: float
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, target: Target, access: Access, until: float, headers: Mapping[str, str] | None = None
    ) -> Self:
        """Return the interface at a target's host."""
        port = f":{access.port}" if access.port else ""
        base = f"{access.scheme}://{bracketed(target.host)}{port}{access.path}"
        return cls(base, Tls(access.verify, access.ca_file), until, headers or {})

    def get(self, path: str, query: Mapping[str, str] | None = None) -> object:
        """Return the JSON at a path; raises `WebFailure`."""
        asked = f"?{urlencode(query)}" if query else ""
        return self._ask(f"{self.base}{quote(path)}{asked}")

    def post(self, path: str, body: bytes, kind: str) -> object:
        """Return the JSON that a body of the media type `kind` is answered with."""
        return self._ask(f"{self.base}{quote(path)}", body, {"Content-Type": kind})

    def _ask(
        self, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> object:
        answer: object = fetch_json(
            url,
            deadline=self.until,
            headers={**self.headers, **(headers or {})},
            method="GET" if body is None else "POST",
            body=body,
            tls=self.tls,
            max_bytes=MAX_BYTES,
        )
        return answer
