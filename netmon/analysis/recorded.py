"""Runs out of the record become spans; where an open run went silent, unknown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from netmon.config.settings import Settings
from netmon.domain.intervals import Span, clipped, epoch_s, instant
from netmon.domain.model import Device, Status
from netmon.domain.state import SILENT, Run, Verdict, known_until
from netmon.storage.record import LatestLook, RecordedRun

Looks = Mapping[tuple[str, str], LatestLook]
SpansByCheck = dict[str, list[Span]]


def looks_by_check(latest: Iterable[LatestLook]) -> dict[tuple[str, str], LatestLook]:
    """Return the newest looks by (device, check)."""
    return {(look.observation.target, look.observation.check): look for look in latest}


def spans_by_device(
    runs: Iterable[RecordedRun],
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
        Sorted by device, check and start; those of unknown devices are left out.
    devices
        Each device by every id that it ever had; spans come under its own `id`.
    looks
        The newest look of each check: how far it proves the open run.
    now_s
        Where open runs are cut.
    """
    parts: dict[tuple[str, str, str], list[Span]] = {}
    for (run_id, check), group in groupby(runs, key=itemgetter(0, 1)):
        device = devices.get(run_id)
        if device is not None:
            spans = list(_spans(list(group), device, looks, settings, now_s))
            parts[device.id, check, run_id] = spans
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


def _spans(
    runs: Sequence[RecordedRun], device: Device, looks: Looks, settings: Settings, now_s: int
) -> Iterator[Span]:
    """Yield the spans of one check; only its last run can be open."""
    *closed, last = runs
    for _, _, start_s, end_s, status, is_usable, reason in closed:
        yield Span(start_s, end_s or now_s, status, is_usable, reason)
    if last.end_s is not None:
        yield Span(last.start_s, last.end_s, last.status, last.is_usable, last.reason)
        return
    known_s = _known_until_s(last, device, looks, settings)
    yield from _open_spans(last, min(known_s, now_s), now_s)


def _open_spans(run: RecordedRun, known_s: int, now_s: int) -> Iterator[Span]:
    if run.start_s < known_s:
        yield Span(run.start_s, known_s, run.status, run.is_usable, run.reason)
    silent_from_s = max(run.start_s, known_s)
    if silent_from_s < now_s:
        yield Span(silent_from_s, now_s, SILENT.status, SILENT.is_usable, SILENT.reason)


def _known_until_s(run: RecordedRun, device: Device, looks: Looks, settings: Settings) -> int:
    look = looks.get((run.device_id, run.check))
    if look is None or run.status is Status.UNKNOWN:
        return run.start_s
    verdict = Verdict(run.status, run.reason, run.is_usable)
    since, last_at = instant(run.start_s), look.observation.at
    open_run = Run(device.id, run.check, verdict, since, last_at, look.recent)
    return epoch_s(known_until(open_run, settings.policy(device.kind, run.check)))
