"""Heartbeats made by hand, signed and not, for the tests of both sides."""

import json
from datetime import UTC, datetime
from typing import Any

from netmon.domain.heartbeat import Envelope, device_key, signature

SECRET = "0123456789abcdef" * 2
NOW_S = 1_795_600_000
NONCE = "00112233445566778899aabbccddeeff"

FIELDS = {
    "agent", "at_s", "clock_offset_s", "cpu_ratio", "disks", "frozen", "in_use", "interval_s",
    "memory_ratio", "page_failure", "page_s", "printer_ready", "role", "schema", "service",
    "uptime_s",
}  # fmt: skip
"""All that may travel. A name more, and docs/privacy.md has to say why."""


def body(**changes: object) -> dict[str, Any]:
    """Return the body of a computer that is well."""
    return {
        "schema": 1,
        "agent": "1",
        "role": "computer",
        "at_s": NOW_S,
        "interval_s": 60.0,
        "uptime_s": 3600,
        "disks": [{"name": "/", "free_ratio": 0.25}],
        "memory_ratio": 0.5,
        "cpu_ratio": 0.1,
        "clock_offset_s": -0.4,
        "page_s": 0.8,
        "page_failure": None,
        "printer_ready": True,
        "in_use": False,
        "frozen": None,
        "service": None,
        **changes,
    }


def legs(*reasons: str | None) -> list[dict[str, Any]]:
    """Return the first steps of a probe, each with its reason."""
    steps = ("association", "address", "dns", "page")
    return [
        {"step": step, "seconds": 0.1, "reason": reason}
        for step, reason in zip(steps, reasons, strict=False)
    ]


def written(**changes: object) -> bytes:
    """Return such a body as it travels."""
    return json.dumps(body(**changes)).encode()


def envelope(
    text: bytes,
    device_id: str = "pc-1",
    sent_s: int = NOW_S,
    nonce: str = NONCE,
    secret: str = SECRET,
) -> Envelope:
    """Return a letter signed with the key of its device."""
    mark = signature(device_key(secret, device_id), device_id, sent_s, nonce, text)
    return Envelope(device_id, sent_s, nonce, text, mark)


def headers(letter: Envelope) -> dict[str, str]:
    """Return the headers with which a letter travels."""
    return {
        "Netmon-Device": letter.device_id,
        "Netmon-Sent": str(letter.sent_s),
        "Netmon-Nonce": letter.nonce,
        "Netmon-Signature": letter.signature,
    }


def clock() -> datetime:
    """Return the present instant: agents and the check on heartbeats read the real clock."""
    return datetime.now(UTC)  # noqa: TID251 - what they are compared with
