"""Why Apprise failed is told in numbers and words of ours; nothing of what it logs is repeated."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.alerts.channels.apprise_reason import UNKNOWN, reason_of


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], UNKNOWN),
        (["Sent canary to canary@example.org"], UNKNOWN),
        (["Failed to send to canary: Unauthorized, error=401."], "HTTP status 401"),
        (["Socket Exception: (535, b'5.7.8 canary')"], "SMTP code 535"),
        (["Socket Exception: [Errno 113] No route to canary"], "no route to host"),
        (["Socket Exception: timed out"], "no answer in time"),
        (
            ["error=500", ("Socket Exception: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify "
             "failed: canary")],
            "certificate refused",
        ),
        (["[Errno 111] Connection refused", "A Connection error occurred"], "connection refused"),
        (["error=99999"], UNKNOWN),
    ],
)  # fmt: skip
def test_the_last_line_that_says_something_counts(lines: list[str], reason: str) -> None:
    assert reason_of(lines) == reason


@given(st.lists(st.text(max_size=80) | st.from_regex(r"(error=|\[Errno |\()\d{1,9}.{0,20}")))
def test_no_line_is_ever_repeated(lines: list[str]) -> None:
    said = reason_of(lines)
    assert re.fullmatch(r"[A-Za-z ,'()/-]+\d{0,3}", said) and len(said) < 80
