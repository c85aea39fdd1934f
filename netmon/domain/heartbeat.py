"""A heartbeat: what an agent says of its computer, how that is signed, and what it means."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from string import printable
from typing import ClassVar, Literal

from collectors.observation import Measurement, Outcome

WINDOW_S = 300
"""How far the instant of sending may lie from the receiver's clock."""

NONCE_KEPT_S = 2 * WINDOW_S
"""A letter sent `WINDOW_S` ahead of our clock stays acceptable for twice as long."""

KEPT_S = 86_400
"""How long the instant of a beat is remembered, and how old one may be when it arrives."""

BODY_LIMIT = 4096
"""Bytes of a body, at most."""

_CONTEXT = b"netmon heartbeat key 1\n"
_LETTER = b"netmon heartbeat 1\n"
_LISTED = 16
_NAME_LENGTH = 64
_LONGEST_S = 10.0**9


class Role(StrEnum):
    """What the sender stands for: a computer for residents, or a resident on the Wi-Fi."""

    COMPUTER = "computer"
    PROBE = "probe"


class Step(StrEnum):
    """What a resident's device goes through on the public Wi-Fi, in this order."""

    ASSOCIATION = "association"
    ADDRESS = "address"
    DNS = "dns"
    PAGE = "page"


class Reason(StrEnum):
    """Why a step failed."""

    NO_ASSOCIATION = "no_association"
    NO_ADDRESS = "no_address"
    NO_DNS = "no_dns"
    CAPTIVE_PORTAL = "captive_portal"
    SLOW_PAGE = "slow_page"
    NO_PAGE = "no_page"


REASONS = {
    Step.ASSOCIATION: {Reason.NO_ASSOCIATION},
    Step.ADDRESS: {Reason.NO_ADDRESS},
    Step.DNS: {Reason.NO_DNS},
    Step.PAGE: {Reason.CAPTIVE_PORTAL, Reason.SLOW_PAGE, Reason.NO_PAGE},
}

WORDS = {
    Reason.NO_ASSOCIATION: "not associated with the public Wi-Fi",
    Reason.NO_ADDRESS: "no address from the public Wi-Fi",
    Reason.NO_DNS: "no answer from DNS on the public Wi-Fi",
    Reason.CAPTIVE_PORTAL: "something else answers for the known page: a captive portal",
    Reason.SLOW_PAGE: "the page takes too long",
    Reason.NO_PAGE: "the page does not load",
}

_STRICT = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, slots=True)
class Disk:
    """A system disk: its mount point or drive, and the share of it that is free."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT

    name: str
    free_ratio: float


@dataclass(frozen=True, slots=True)
class Leg:
    """One step on the public Wi-Fi: how many seconds it took, and why it failed if it did."""

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT

    step: Step
    seconds: float
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """
    The body of a heartbeat; these fields and no others travel and are kept.

    `at_s` is when it was taken, in epoch seconds of the sender's clock put right by ours.
    `interval_s` is how often this sender means to beat. `clock_offset_s` is how far the
    computer's own clock is ahead of ours. None is always "not known", never "no".
    `service` are the steps on the public Wi-Fi up to the first that failed; None: not tried.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = _STRICT

    schema: Literal[1]
    agent: str
    role: Role
    at_s: int
    interval_s: float
    uptime_s: float | None
    disks: tuple[Disk, ...]
    memory_ratio: float | None
    cpu_ratio: float | None
    clock_offset_s: float | None
    page_s: float | None
    page_failure: Outcome | None
    printer_ready: bool | None
    in_use: bool | None
    frozen: bool | None
    service: tuple[Leg, ...] | None


def device_key(secret: str, device_id: str) -> bytes:
    """Return the key of one device, HMAC-SHA256 (RFC 2104) of its id under the secret."""
    return hmac.digest(secret.encode(), _CONTEXT + device_id.encode(), "sha256")


@dataclass(frozen=True, slots=True)
class Envelope:
    """
    A heartbeat as it travels.

    `sent_s` is the instant of sending in epoch seconds, `nonce` 32 hexadecimal digits that
    are never used again, `signature` 64 of them.
    """

    device_id: str
    sent_s: int
    nonce: str
    body: bytes
    signature: str

    def is_genuine(self, key: bytes, now_s: float) -> bool:
        """Tell whether the holder of the key sent this, within `WINDOW_S` of `now_s`."""
        expected = signature(key, self.device_id, self.sent_s, self.nonce, self.body)
        # Compared first and in constant time: nothing can be learnt from how long it takes.
        is_signed = hmac.compare_digest(expected.encode(), self.signature.encode())
        return is_signed and abs(now_s - self.sent_s) <= WINDOW_S


def signature(key: bytes, device_id: str, sent_s: int, nonce: str, body: bytes) -> str:
    """Return HMAC-SHA256 in hexadecimal over device, instant, nonce and body, a line each."""
    head = f"{device_id}\n{sent_s}\n{nonce}\n".encode()
    return hmac.new(key, _LETTER + head + body, hashlib.sha256).hexdigest()


def complaint(beat: Heartbeat, sent_s: int) -> str | None:
    """Return the first field that cannot be, with what was expected; None where all can."""
    return next(
        (f"{key}: expected {want}" for key, holds, want in _claims(beat, sent_s) if not holds), None
    )


def _claims(beat: Heartbeat, sent_s: int) -> Iterator[tuple[str, bool, str]]:
    hour_s, day = 3600, "within a day before it was sent"
    yield "at_s", sent_s - KEPT_S <= beat.at_s <= sent_s + WINDOW_S, day
    yield "interval_s", 1 <= beat.interval_s <= hour_s, "1 to 3600"
    yield "agent", _is_name(beat.agent), "a short printable text"
    yield "disks", len(beat.disks) <= _LISTED, f"at most {_LISTED}"
    for disk in beat.disks:
        yield "disks.name", _is_name(disk.name), "a short printable text"
        yield "disks.free_ratio", _is_ratio(disk.free_ratio), "0 to 1"
    yield "disks.name", len({disk.name for disk in beat.disks}) == len(beat.disks), "each once"
    yield "memory_ratio", _is_ratio(beat.memory_ratio), "0 to 1"
    yield "cpu_ratio", _is_ratio(beat.cpu_ratio), "0 to 1"
    yield "uptime_s", _is_length(beat.uptime_s), "seconds"
    yield "page_s", _is_length(beat.page_s), "seconds"
    yield "clock_offset_s", _is_length(abs(beat.clock_offset_s or 0)), "seconds"
    yield "page_failure", beat.page_failure is not Outcome.OK, "a failure"
    yield "page_failure", beat.page_failure is None or beat.page_s is None, "none where it loaded"
    yield "page_s", beat.page_s is None or beat.service is None, "none beside a service"
    yield "service", beat.service is None or beat.role is Role.PROBE, "none but from a probe"
    yield "service", _is_walk(beat.service), "steps in order, the last alone may have failed"


def _is_walk(service: tuple[Leg, ...] | None) -> bool:
    if service is None:
        return True
    is_in_order = [leg.step for leg in service] == list(Step)[: len(service)]
    failed = [leg for leg in service if leg.reason is not None]
    is_ended = failed == list(service[-1:]) if failed else len(service) == len(Step)
    fits = all(leg.reason is None or leg.reason in REASONS[leg.step] for leg in service)
    return is_in_order and is_ended and fits and all(_is_length(leg.seconds) for leg in service)


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _NAME_LENGTH and all(
        letter in printable and letter.isprintable() for letter in text
    )


def _is_ratio(value: float | None) -> bool:
    return value is None or 0 <= value <= 1


def _is_length(value: float | None) -> bool:
    return value is None or (isfinite(value) and 0 <= value <= _LONGEST_S)


def meaning(beat: Heartbeat) -> tuple[Outcome, str]:
    """
    Return what a heartbeat says of the service that residents get, and why.

    Every failure of the service is `content`: the sender lives, and what it offers cannot
    be used. A probe that could not look at its radio is `malformed`: nothing is known.
    """
    if beat.role is Role.PROBE:
        return _service(beat.service)
    if beat.page_failure is not None:
        return Outcome.CONTENT, f"cannot load a page: {beat.page_failure.value}"
    return Outcome.OK, ""


def _service(service: tuple[Leg, ...] | None) -> tuple[Outcome, str]:
    if service is None:
        return Outcome.MALFORMED, "the probe could not look at its radio"
    reason = service[-1].reason
    return (Outcome.OK, "") if reason is None else (Outcome.CONTENT, f"{reason}: {WORDS[reason]}")


def measurements(beat: Heartbeat) -> tuple[Measurement, ...]:
    """Return the numbers of a heartbeat; what is not known gives none, a yes is 1, a no 0."""
    named = [Measurement(name, float(value)) for name, value in _numbers(beat) if value is not None]
    disks = [
        Measurement("storage_used_ratio", 1 - disk.free_ratio, disk.name) for disk in beat.disks
    ]
    return (*named, *disks)


def _numbers(beat: Heartbeat) -> Iterator[tuple[str, float | None]]:
    names = "uptime_s memory_ratio cpu_ratio clock_offset_s page_s printer_ready in_use frozen"
    for name in names.split():
        yield name, getattr(beat, name)
    for leg in beat.service or ():
        yield f"{leg.step}_s", leg.seconds
    if beat.service is not None:
        yield "service_ok", beat.service[-1].reason is None
