"""Runs out of the record become spans; where an open run went silent, unknown."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from netmon.config.settings import Settings
from netmon.domain.intervals import Span, clipped, epoch_s, instant
from netmon.domain.model import Device, DeviceKind, Status
from netmon.domain.state import Policy, Run, known_until
from netmon.domain.verdict import SILENT, Verdict
from netmon.storage.record import OPEN_S, Key, LatestLook, Runs

Looks = Mapping[tuple[str, str], LatestLook]
SpansByCheck = dict[str, list[Span]]
PolicyOf = Callable[[DeviceKind, str], Policy]


def looks_by_check(latest: Iterable[LatestLook]) -> dict[tuple[str, str], LatestLook]:
    """Return the newest looks by (device, check)."""
    return {(look.observation.target, look.observation.check): look for look in latest}


def spans_by_device(
    runs: Runs,
    looks: Looks,
    devices: Mapping[str, Device],
    settings: Settings,
    now_s: int,
) -> dict[str, SpansByCheck]:
    """
    Return spans by device and check, sorted and disjoint.

    Parameters
    ----------
    runs
        Those of unknown devices are left out.
    devices
        Each device by every id that it ever had; spans come under its own `id`.
    looks
        The newest look of each check: how far it proves the open run.
    now_s
        Where open runs are cut.
    """
    policy = cache(settings.policy)
    parts: dict[tuple[str, str, str], list[Span]] = {}
    for (run_id, check), spans in runs.items():
        device = devices.get(run_id)
        if device is not None:
            known_s = _known_until_s((run_id, check), spans[-1], device, looks, policy)
            parts[device.id, check, run_id] = _ended(spans, min(known_s, now_s), now_s)
    return _joined(parts)


def _joined(parts: Mapping[tuple[str, str, str], list[Span]]) -> dict[str, SpansByCheck]:
    """Put the spans of all names of a device together; an old name ends where the next begins."""
    found: dict[str, SpansByCheck] = {}
    begun = {key: spans for key, spans in parts.items() if spans}
    for device_id, check, name in sorted(begun, key=lambda key: begun[key][0].start_s):
        spans = begun[device_id, check, name]
        checks = found.setdefault(device_id, {})
        earlier = checks.get(check)
        checks[check] = clipped(earlier, 0, spans[0].start_s) + spans if earlier else spans
    return found


def _ended(spans: list[Span], known_s: int, now_s: int) -> list[Span]:
    """Return the spans with the open one cut where it is known to, and silence after that."""
    *closed, last = spans
    if last.end_s != OPEN_S:
        return spans
    if last.status is Status.UNKNOWN:  # silence cannot make it less known; it keeps its reason
        return [*closed, last._replace(end_s=now_s)] if last.start_s < now_s else closed
    silent = Span(max(last.start_s, known_s), now_s, SILENT.status, SILENT.is_usable, SILENT.reason)
    proven = last._replace(end_s=known_s)
    return [*closed, *(span for span in (proven, silent) if span.start_s < span.end_s)]


def _known_until_s(key: Key, last: Span, device: Device, looks: Looks, policy: PolicyOf) -> int:
    """Return until when the last look proves an open run."""
    look = looks.get(key)
    if look is None or last.status is Status.UNKNOWN or last.end_s != OPEN_S:
        return last.start_s
    verdict = Verdict(last.status, last.reason, last.is_usable)
    since, last_at = instant(last.start_s), look.observation.at
    open_run = Run(device.id, key[1], verdict, since, last_at, look.recent)
    return epoch_s(known_until(open_run, policy(device.kind, key[1])))
