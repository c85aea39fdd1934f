"""A computer as an exporter tells of it, and the numbers that are kept of that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite

from collectors.observation import Measurement, Outcome
from collectors.snmp.measurements import distinct
from collectors.snmp.values import text
from collectors.web.failure import WebFailure

MEASUREMENTS = {
    "uptime_s": "time since the computer started",
    "load1": "runnable processes, mean of one minute",
    "cpu_ratio": "processor time used since the last look, mean of all processors",
    "memory_ratio": "RAM used, without what is given back on demand",
    "storage_used_ratio": "share of a fixed disk that is used",
    "clock_offset_s": "how far its clock is ahead: of netmon's, and (`ntp`) of its time server's",
    "users": "sessions that users have open",
    "processes": "processes running or loaded",
    "os_age_s": "time since its kernel was built, or its version of Windows released",
    "os_support_ends_s": "time until its system gets no more updates",
    "service_up": "1 where a service runs, 0 where it does not",
    "printer_ready": "1 where a printer can print, 0 where it cannot",
}
"""Every measurement of the exporters, and what it says; `docs/checks.md` repeats it."""

MAX_MEASUREMENTS = 300
"""No computer has so many disks, printers and services that are asked for."""


@dataclass(frozen=True, slots=True)
class ProcessorTime:
    """Seconds since the start, all processors together: `idle_s` of `total_s`."""

    idle_s: float
    total_s: float


@dataclass(frozen=True, slots=True)
class Computer:
    """
    What one page says; None and empty mean that it does not say.

    `disks` are (mount point or volume, ratio used); `now_s` and `booted_s` are Unix times of its
    own clock; `services` and `printers` say of each whether it works. Names of users are never
    kept: `users` is a count.
    """

    now_s: float | None = None
    booted_s: float | None = None
    load1: float | None = None
    processors: ProcessorTime | None = None
    memory_ratio: float | None = None
    disks: tuple[tuple[str, float], ...] = ()
    ntp_offset_s: float | None = None
    users: float | None = None
    processes: float | None = None
    os_dated: datetime | None = None
    support_ends_s: float | None = None
    services: Mapping[str, bool] = field(default_factory=dict)
    printers: Mapping[str, bool] = field(default_factory=dict)


def used_ratio(used: float, total: float) -> float | None:
    """Return the share, from 0 to 1; None where there is nothing to have a share of."""
    return min(max(used / total, 0.0), 1.0) if total > 0 else None


def measurements(
    computer: Computer, at_s: float, cpu_ratio: float | None
) -> tuple[Measurement, ...]:
    """
    Flatten what is known; `at_s` is our clock (Unix time) when the page was made.

    Name and label are unique. Raises `WebFailure` (malformed) where they are too many.
    """
    found = tuple(
        Measurement(name, float(value), label)
        for name, value, label in _numbers(computer, at_s, cpu_ratio)
        if value is not None and isfinite(value)
    )
    if len(found) > MAX_MEASUREMENTS:
        raise WebFailure(Outcome.MALFORMED, "the page tells of more than a computer has")
    return found


def _numbers(
    computer: Computer, at_s: float, cpu_ratio: float | None
) -> Iterator[tuple[str, float | None, str]]:
    now_s = at_s if computer.now_s is None else computer.now_s
    yield "uptime_s", _since(computer.booted_s, now_s), ""
    yield "load1", computer.load1, ""
    yield "cpu_ratio", cpu_ratio, ""
    yield "memory_ratio", computer.memory_ratio, ""
    yield from _labelled("storage_used_ratio", dict(computer.disks))
    yield "clock_offset_s", None if computer.now_s is None else computer.now_s - at_s, ""
    yield "clock_offset_s", computer.ntp_offset_s, "ntp"
    yield "users", computer.users, ""
    yield "processes", computer.processes, ""
    dated_s = computer.os_dated.timestamp() if computer.os_dated else None
    yield "os_age_s", _since(dated_s, at_s), ""
    ends_s = computer.support_ends_s
    yield "os_support_ends_s", None if ends_s is None else ends_s - at_s, ""
    yield from _labelled("service_up", computer.services)
    yield from _labelled("printer_ready", computer.printers)


def _since(then_s: float | None, now_s: float) -> float | None:
    return None if then_s is None else max(now_s - then_s, 0.0)


def _labelled(name: str, values: Mapping[str, float]) -> Iterator[tuple[str, float | None, str]]:
    labels = distinct(text(label) or "?" for label in values)
    for label, value in zip(labels, values.values(), strict=True):
        yield name, value, label
