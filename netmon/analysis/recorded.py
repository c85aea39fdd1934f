"""Runs out of the record become spans; where an open run went silent, unknown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from netmon.config.settings import Settings
from netmon.domain.intervals import Span, epoch_s, instant
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
        Sorted by device, check and start; those of unknown devices are left out, those of
        a device that was renamed come under its new id.
    looks
        The newest look of each check: how far it proves the open run.
    now_s
        Where open runs are cut.
    """
    renamed = {each.renamed_from: each.id for each in devices.values() if each.renamed_from}
    found: dict[str, SpansByCheck] = {}
    for (run_id, check), group in groupby(runs, key=itemgetter(0, 1)):
        device = devices.get(renamed.get(run_id, run_id))
        if device is not None:
            spans = found.setdefault(device.id, {}).setdefault(check, [])
            spans.extend(_spans(list(group), device, looks, settings, now_s))
    for new_id in renamed.values():
        for spans in found.get(new_id, {}).values():
            spans[:] = _disjoint(sorted(spans))
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


def _disjoint(spans: Sequence[Span]) -> Iterator[Span]:
    """Let the later of two spans win: the old id's open run ends where the new id's begins."""
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        if following is None or span.end_s <= following.start_s:
            yield span
        elif span.start_s < following.start_s:
            yield span._replace(end_s=following.start_s)
