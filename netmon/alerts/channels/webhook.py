"""
Alerts for other systems: JSON, signed.

Names of headers and the way to sign follow Standard Webhooks (version 1.0.0), for which there are
verifiers in many languages; `docs/alerts.md` has one in ten lines.
"""

import base64
import hashlib
import hmac
import time
from datetime import datetime

from collectors.web.failure import WebFailure
from collectors.web.fetch import Response, fetch
from netmon.alerts.channels.retrying import retry_after_s
from netmon.alerts.channels.webhook_body import webhook_body
from netmon.alerts.message import Message, Undelivered
from netmon.alerts.reference import delivery_id
from netmon.alerts.text import Text
from netmon.config.channels import Channel

_TAKEN = range(200, 300)
_REFUSED = range(400, 500)
_LATER = frozenset({408, 425, 429})
"""Of the refusals those that speak of now, not of what is sent (RFC 9110, 8470, 6585)."""

_WORDS = {410: "the receiver wants no more (HTTP status 410)"}


def send_webhook(channel: Channel, message: Message, text: Text, at: datetime) -> None:
    """
    Post one message; it ends within `channel.timeout_s`, also where bytes drip.

    `at` is now, aware: it is signed, so that nobody can send the message again later. The
    status is the whole answer: redirects are not followed, and a body is not read.

    Raises
    ------
    Undelivered
        Final for 4xx, which says that the message itself is not wanted, except 408, 425 and 429.
    """
    body = webhook_body(message, text)
    deadline = time.monotonic() + channel.timeout_s
    headers = signed_headers(channel.key, delivery_id(message), at, body)
    try:
        answer = fetch(
            channel.url,
            deadline=deadline,
            headers=headers,
            method="POST",
            body=body,
            wants_body=False,
        )
    except WebFailure as failure:
        raise Undelivered(failure.detail) from None
    _check(answer, at)


def signed_headers(key: bytes, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a body: HMAC-SHA256 over id, whole seconds since 1970, and body."""
    seconds = str(int(at.timestamp()))
    signed = b".".join((message_id.encode(), seconds.encode(), body))
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signature}",
    }


def _check(answer: Response, at: datetime) -> None:
    status = answer.status
    if status in _TAKEN:
        return
    raise Undelivered(
        _WORDS.get(status, f"HTTP status {status}"),
        is_final=status in _REFUSED and status not in _LATER,
        retry_after_s=retry_after_s(answer.headers.get("retry-after", ""), at),
    )
