"""The receiver of heartbeats: genuine ones are kept, all others learn nothing."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Blueprint, Response, request
from pydantic import ValidationError

from netmon.domain.heartbeat import BODY_LIMIT, Envelope, Heartbeat, complaint, device_key
from netmon.domain.intervals import epoch_s
from netmon.storage.inbox import HEARTBEAT, Arrival, NotKeptError, Receipt
from web.heartbeat_gate import Gate
from web.views import Clock

_DEVICE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SENT = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[0-9a-f]{32}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_NOBODY = "-"
_TRY_AGAIN_S = 30


class Inbox(Protocol):
    """Where genuine heartbeats are kept."""

    def keep(self, arrival: Arrival) -> Receipt:
        """Keep one, safely when this returns; raises `NotKeptError`."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """
    What the receiver needs.

    `secret` is what device keys are made from; `knows` tells whether the inventory has a
    device of this id.
    """

    inbox: Inbox
    knows: Callable[[str], bool]
    secret: str = field(repr=False)
    gate: Gate = field(default_factory=Gate)


class _Refused(Exception):  # noqa: N818 - it is an answer, not an error of ours
    def __init__(self, status: int, title: str, detail: str = "", wait_s: int = 0) -> None:
        self.status, self.title, self.detail, self.wait_s = status, title, detail, wait_s


def blueprint(receiver: Receiver, clock: Clock) -> Blueprint:
    """Return `/api/v1/heartbeats`: no log-in and no cookie, the signature is all that counts."""
    room = Blueprint("heartbeats", __name__)

    @room.post("/api/v1/heartbeats")
    def receive() -> Response:
        now = clock()
        try:
            envelope = _envelope()
            _admit(receiver, envelope, now.timestamp())
            beat = _beat(envelope)
            arrival = Arrival(envelope.device_id, envelope.nonce, epoch_s(now), beat)
            if receiver.inbox.keep(arrival) is Receipt.REPLAYED:
                raise _not_genuine()
            response = Response(status=204)
        except _Refused as refused:
            response = _problem(refused)
        except NotKeptError:
            response = _problem(_Refused(503, "Service Unavailable", wait_s=_TRY_AGAIN_S))
        # The clock that judged the letter, for agents whose own is wrong.
        response.date = now
        response.headers["Cache-Control"] = "no-store"
        return response

    return room


def _envelope() -> Envelope:
    """Return what came, well-formed and short."""
    return Envelope(
        _header("Netmon-Device", _DEVICE),
        int(_header("Netmon-Sent", _SENT)),
        _header("Netmon-Nonce", _NONCE),
        _body(),
        _header("Netmon-Signature", _SIGNATURE),
    )


def _body() -> bytes:
    """Return the body; what is too long is not read."""
    length = request.content_length
    if length is None:
        raise _Refused(411, "Length Required")
    if length > BODY_LIMIT:
        raise _Refused(413, "Content Too Large", f"body: expected at most {BODY_LIMIT} bytes")
    return request.stream.read(BODY_LIMIT)


def _header(name: str, pattern: re.Pattern[str]) -> str:
    value = request.headers.get(name, "")
    if not pattern.fullmatch(value):
        raise _Refused(400, "Bad Request", f"{name}: expected {pattern.pattern}")
    return value


def _admit(receiver: Receiver, envelope: Envelope, now_s: float) -> None:
    """Let in whom we know and believe; nothing tells an unknown device from a wrong key."""
    is_known = receiver.knows(envelope.device_id)
    if not is_known and (wait_s := receiver.gate.strangers_wait_s(now_s)):
        raise _too_many(wait_s)
    # Reckoned for a stranger too: it takes as long, and ends in the same answer.
    key = device_key(receiver.secret, envelope.device_id if is_known else _NOBODY)
    if not envelope.is_genuine(key, now_s) or not is_known:
        wait_s = receiver.gate.count_stranger(now_s)
        raise _too_many(wait_s) if wait_s else _not_genuine()
    if wait_s := receiver.gate.count_device(envelope.device_id, now_s):
        raise _too_many(wait_s)


def _beat(envelope: Envelope) -> Heartbeat:
    try:
        beat = HEARTBEAT.validate_json(envelope.body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(map(str, first["loc"]))[:80] or "body"
        raise _Refused(400, "Bad Request", f"{key}: {first['type']}") from None
    if fault := complaint(beat, envelope.sent_s):
        raise _Refused(400, "Bad Request", fault)
    return beat


def _not_genuine() -> _Refused:
    return _Refused(401, "Unauthorized", "expected a fresh letter signed with a device's key")


def _too_many(wait_s: int) -> _Refused:
    return _Refused(429, "Too Many Requests", wait_s=wait_s)


def _problem(refused: _Refused) -> Response:
    """Answer with a problem document (RFC 9457)."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": refused.title,
        "status": refused.status,
        "instance": request.path,
    }
    if refused.detail:
        document["detail"] = refused.detail
    text = json.dumps(document)
    response = Response(text, refused.status, content_type="application/problem+json")
    if refused.status == 401:  # noqa: PLR2004 - RFC 9110, section 15.5.2: it must name a scheme
        response.headers["WWW-Authenticate"] = "Netmon-HMAC-SHA256"
    if refused.wait_s:
        response.headers["Retry-After"] = str(refused.wait_s)
    return response
