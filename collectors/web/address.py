"""Addresses of pages: strict, since some of them come from whoever answers."""

import re
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

MAX_CHARACTERS = 2048
"""An address that is longer is nobody's."""

DEFAULT_PORTS = {"http": 80, "https": 443}
_UNPRINTABLE = re.compile(r"[^!-~\u00a1-\uffff]")
_HOST = re.compile(r"[a-z0-9_][a-z0-9._-]{0,252}|[0-9a-f:.]{2,45}(%[a-z0-9._~-]{1,32})?")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """
    Where a page is: `host` is lower-case and without brackets, `path` includes the query.

    `host` may be an IPv6 address with a zone (`fe80::1%eth0`).
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_encrypted(self) -> bool:
        """Whether it is asked over TLS."""
        return self.scheme == "https"


def web_address(url: str) -> WebAddress:
    """
    Read an `http` or `https` address.

    Raises `ValueError`, one line, where it is anything else: another scheme, no host, blanks or
    control characters, a user name or password (they would end up in logs), or too long.
    """
    if len(url) > MAX_CHARACTERS or _UNPRINTABLE.search(url):
        raise ValueError(f"expected an address of at most {MAX_CHARACTERS} characters, no blanks")
    try:
        parts = parse_url(url)
    except (LocationParseError, UnicodeError) as error:
        raise ValueError("expected an address such as https://host/path") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError("expected an address that begins with http:// or https://")
    if parts.auth is not None:
        raise ValueError("expected an address without user name and password")
    host = (parts.host or "").strip("[]").replace("%25", "%").lower()
    if not _HOST.fullmatch(host) or parts.port == 0:
        raise ValueError("expected an address with a host and a port that exist")
    return WebAddress(
        parts.scheme, host, parts.port or DEFAULT_PORTS[parts.scheme], parts.request_uri
    )


def bracketed(host: str) -> str:
    """Return `host` as it stands in an address: IPv6 between brackets."""
    return f"[{host}]" if ":" in host else host
