"""Why Apprise could not deliver, from what it logs."""

import os
import re
from collections.abc import Iterable

_HTTP = re.compile(r"error=([1-5]\d\d)\b")
_ERRNO = re.compile(r"\[Errno (\d{1,3})\]")
_SMTP = re.compile(r"\((\d{3}), b['\"]")
_WORDS = (
    ("certificate verify failed", "certificate refused"),
    ("wrong version number", "something answered that does not speak TLS"),
    ("starttls extension not supported", "the server offers no STARTTLS"),
    ("auth extension not supported", "the server takes no password"),
    ("timed out", "no answer in time"),
    ("name or service not known", "name not found"),
    ("connection unexpectedly closed", "the connection was closed in the middle"),
    ("there are no email recipients", "no address of a recipient"),
)
UNKNOWN = "not accepted"


def reason_of(lines: Iterable[str]) -> str:
    """
    Return one clean line; only numbers and words of ours are in it.

    What Apprise logs holds addresses with their passwords, and answers of strangers: nothing of
    it is repeated. The last line that says something counts.
    """
    said = (_said(line) for line in reversed(list(lines)))
    return next((reason for reason in said if reason), UNKNOWN)


def _said(line: str) -> str:
    if found := _HTTP.search(line):
        return f"HTTP status {found[1]}"
    if found := _SMTP.search(line):
        return f"SMTP code {found[1]}"
    if found := _ERRNO.search(line):
        return os.strerror(int(found[1])).lower()
    shown = line.lower()
    return next((said for sign, said in _WORDS if sign in shown), "")
