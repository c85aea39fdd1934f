"""Runs out of the record become spans; where an open run went silent, unknown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    for run in runs:
        device = devices.get(renamed.get(run.device_id, run.device_id))
        if device is not None:
            spans = found.setdefault(device.id, {}).setdefault(run.check, [])
            if run.end_s is not None:
                spans.append(Span._make((run.start_s, run.end_s, *run[4:])))
            else:
                known_s = _known_until_s(run, device, looks, settings)
                spans.extend(_open_spans(run, min(known_s, now_s), now_s))
    for new_id in renamed.values():
        for spans in found.get(new_id, {}).values():
            spans[:] = _disjoint(sorted(spans))
    return found


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
