"""The header that carries a token or a log-in, and none that could not be sent."""

import re
from base64 import b64encode

from collectors.observation import Outcome
from collectors.target import Credentials, Login, Token
from collectors.web.failure import WebFailure

_SENDABLE = re.compile(r"[!-~]+")


def token_text(token: Token) -> str:
    """
    Return the token; raises `WebFailure` (auth) where no header may hold it.

    Else a line break or a letter with an accent would look like a fault of the server.
    """
    if not _SENDABLE.fullmatch(token.value):
        expected = "expected a token of plain letters, digits and signs, found other characters"
        raise WebFailure(Outcome.AUTH, expected)
    return token.value


def authorization(credentials: Credentials | None) -> dict[str, str]:
    """
    Return the header for a log-in (RFC 7617) or a token (RFC 6750); none for others.

    Raises `WebFailure` (auth) where it cannot be sent.
    """
    if isinstance(credentials, Login):
        try:
            pair = f"{credentials.user}:{credentials.password}".encode()
        except UnicodeEncodeError:
            # Not with the error: it holds the password.
            raise WebFailure(
                Outcome.AUTH, "expected a log-in in UTF-8, found other bytes"
            ) from None
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}
    if isinstance(credentials, Token):
        return {"Authorization": f"Bearer {token_text(credentials)}"}
    return {}
