"""The signed webhook, and receivers that do anything."""

import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import parse_headers
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.alerts.channels.retrying import LONGEST_S, retry_after_s
from netmon.alerts.channels.sending import send
from netmon.alerts.channels.webhook import signed_headers
from netmon.alerts.channels.webhook_body import MOST_AFFECTED, webhook_body
from netmon.alerts.message import Happening, Message, Undelivered
from netmon.alerts.text import Text, compose
from netmon.config.channel_settings import ChannelKind
from netmon.config.channels import Channel, signing_key
from tests.alerts.test_text import HOSTILE, ZONE
from tests.alerts.told import NOW, SWITCH, ended, message, unknown
from tests.collectors.web_server import authority, page, serving, silent_port

SECRET = "a-signing-secret-of-the-tests-0001"  # noqa: S105 - opens nothing
ENCODED = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MANUAL = Path(__file__).parents[2] / "docs" / "alerts.md"
Headers = dict[str, str]


def hook(url: str, timeout_s: float = 10, secret: str = SECRET) -> Channel:
    key = signing_key(secret) or b""
    return Channel("hook", ChannelKind.WEBHOOK, url, key, timeout_s=timeout_s)


def tell(channel: Channel, told: Message | None = None, at: datetime = NOW) -> None:
    told = told or message(SWITCH)
    send(channel, told, compose(told, unknown, ZONE, channel.language), at)


def received(request: bytes) -> tuple[Headers, bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    headers = parse_headers(BytesIO(head.partition(b"\r\n")[2] + b"\r\n\r\n"))
    return {name.lower(): value for name, value in headers.items()}, body


def recipe() -> Any:
    """Return the receiver's code as the manual prints it."""
    (code,) = re.findall(r"```python\n(.*?)```", MANUAL.read_text("utf-8"), re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - what readers of the manual run
    return names["is_from_netmon"]


@pytest.mark.parametrize("secret", [SECRET, ENCODED])
def test_the_recipe_of_the_manual_knows_our_messages_from_forged_ones(secret: str) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the recipe reads the clock too
    with serving(page(b"", status="204 Thanks")) as server:
        tell(hook(server.url("/hooks/netmon"), secret=secret), at=now)
        tell(hook(server.url(), secret=secret), at=now - timedelta(hours=1))
    is_from_netmon = recipe()
    headers, body = received(server.asked[0])
    assert is_from_netmon(headers, body, secret)
    assert not is_from_netmon(headers, body + b" ", secret)
    assert not is_from_netmon(headers, body, "another-secret-of-the-same-length!")
    later = str(int(headers["webhook-timestamp"]) + 1)
    assert not is_from_netmon({**headers, "webhook-timestamp": later}, body, secret)
    assert not is_from_netmon({**headers, "webhook-id": "msg_other"}, body, secret)
    assert not is_from_netmon(*received(server.asked[1]), secret), "an old one is sent again"


def test_the_signature_is_that_of_the_published_example() -> None:
    body = b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1_614_265_330, UTC)
    key = signing_key(ENCODED)
    assert key is not None
    headers = signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_sent_again_has_the_same_id_and_body() -> None:
    with serving(page(b"")) as server:
        tell(hook(server.url()))
        tell(hook(server.url()), at=NOW + timedelta(minutes=5))
        tell(hook(server.url()), replace(message(ended()), number=2))
    (first, body), (again, same), (last, other) = map(received, server.asked)
    assert first["webhook-id"] == again["webhook-id"] != last["webhook-id"]
    assert body == same
    assert json.loads(body)["group"] == json.loads(other)["group"]


def test_the_body_says_what_the_manual_names() -> None:
    with serving(page(b"")) as server:
        tell(hook(server.url()), message(ended(), happening=Happening.RESOLVED))
    headers, body = received(server.asked[0])
    said = json.loads(body)
    assert headers["content-type"] == "application/json"
    assert (said["version"], said["type"], said["number"]) == (1, "alert.resolved", 1)
    (problem,) = said["problems"]
    assert problem["began_at"] == "2026-10-14T08:02:00Z"
    assert problem["ended_at"] == "2026-10-14T11:14:00Z"
    assert problem["affected"] == ["ap-1", "ap-2", "ap-3"]
    manual = MANUAL.read_text("utf-8")
    fields = {*said, *problem, *problem["subject"], *problem["place"]}
    assert [name for name in sorted(fields) if f"`{name}`" not in manual] == []


def test_a_message_without_problems_calls_itself_a_test() -> None:
    assert json.loads(webhook_body(message(), Text("s", "b")))["type"] == "alert.test"


@pytest.mark.parametrize(
    ("status", "is_final"),
    [
        ("400 No", True), ("401 No", True), ("403 No", True), ("404 No", True), ("410 No", True),
        ("408 No", False), ("425 No", False), ("429 No", False),
        ("301 No", False), ("500 No", False), ("503 No", False),
    ],
)  # fmt: skip
def test_the_status_says_whether_to_try_again(status: str, is_final: bool) -> None:  # noqa: FBT001 - the answer
    with serving(page(b"canary", status=status)) as server, pytest.raises(Undelivered) as caught:
        tell(hook(server.url("/canary")))
    assert caught.value.is_final is is_final
    assert f"HTTP status {status[:3]}" in caught.value.reason
    assert "canary" not in caught.value.reason


def test_a_redirect_is_not_followed() -> None:
    with serving(page(b"")) as other:
        answer = page(b"", f"Location: {other.url()}", status="308 There")
        with serving(answer) as server, pytest.raises(Undelivered):
            tell(hook(server.url()))
    assert not other.asked


@pytest.mark.parametrize(
    "body",
    [b"x" * 3_000_000, b"\x00\xff" * 10, b""],
    ids=["huge", "garbage", "empty"],
)
def test_what_stands_in_the_answer_does_not_matter(body: bytes) -> None:
    with serving(page(body, "Content-Encoding: gzip", "Content-Length: 99999999")) as server:
        tell(hook(server.url()))


def test_whoever_says_yes_and_then_drips_was_told() -> None:
    with serving(b"") as server:

        def answer(_request: bytes, send_bytes: Any) -> None:
            send_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
            server.drip(send_bytes, b"x" * 5000)

        server.answer = answer
        began_s = time.monotonic()
        tell(hook(server.url(), timeout_s=5))
        assert time.monotonic() - began_s < 4


def test_whoever_drips_the_head_is_left_in_time() -> None:
    with serving(b"") as server:
        server.answer = lambda _, send_bytes: server.drip(send_bytes, b"HTTP/1.1 200 " + b"O" * 999)
        began_s = time.monotonic()
        with pytest.raises(Undelivered, match="no whole answer in time") as caught:
            tell(hook(server.url(), timeout_s=1))
        assert time.monotonic() - began_s < 4
        assert not caught.value.is_final


def test_whoever_is_not_there_is_tried_again() -> None:
    with pytest.raises(Undelivered, match="nothing listens") as caught:
        tell(hook(f"http://127.0.0.1:{silent_port()}/"))
    assert not caught.value.is_final


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    tls = authority(tmp_path).context("127.0.0.1")
    with serving(page(b""), tls) as server, pytest.raises(Undelivered, match="certificate"):
        tell(hook(server.url()))
    assert not server.asked


def test_a_receiver_that_wants_time_says_how_much() -> None:
    at = format_datetime(NOW + timedelta(minutes=2), usegmt=True)
    for value, expected_s in (("90", 90), (at, 120), ("soon", None)):
        answer = page(b"", f"Retry-After: {value}", status="429 Slowly")
        with serving(answer) as server, pytest.raises(Undelivered) as caught:
            tell(hook(server.url()))
        assert caught.value.retry_after_s == expected_s


@given(st.text(max_size=60) | st.integers().map(str) | st.datetimes().map(format_datetime))
def test_any_wish_for_time_is_between_none_and_a_day(value: str) -> None:
    found = retry_after_s(value, NOW)
    assert found is None or 0 <= found <= LONGEST_S


@given(st.lists(HOSTILE, min_size=5, max_size=5))
def test_any_names_make_a_body_that_is_json_and_bounded(names: list[str]) -> None:
    name, place, owner, reason, link = names
    hostile = replace(
        SWITCH, subject_name=name, place_name=place, owner=owner, reason=reason, link=link,
        affected=tuple(map(str, range(5000))),
    )  # fmt: skip
    told = message(hostile)
    body = webhook_body(told, compose(told, unknown, ZONE, hook("").language))
    (problem,) = json.loads(body)["problems"]
    assert len(problem["affected"]) == MOST_AFFECTED and problem["affected_count"] == 5000
    assert len(body) < 20_000
    assert not {"\u202e", "\r", "\x1b"} & set(body.decode())
