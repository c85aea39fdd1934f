"""
Incidents: intervals in which a promise was broken, derived from what is read.

An incident opens with the first failing span that no parent explains and ends with the
first span that proves recovery. Silence, maintenance and closing time in between never
close it: what was seen broken is broken until it was seen to work.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from netmon.domain.intervals import Span, instant
from netmon.domain.model import Status

BROKEN = frozenset({Status.DOWN, Status.DEGRADED})
_WORKS = frozenset({Status.UP})


@dataclass(frozen=True, slots=True)
class Incident:
    """
    One broken promise, with the device that is its cause.

    `ended_s` is None while it is open. `status` is the worst it came to, `promised_s` the
    seconds of it in which the device should have worked and was seen not to. `affected`
    are the devices that were out of reach because of it.
    """

    id: str
    device_id: str
    status: Status
    reason: str
    began_s: int
    ended_s: int | None
    promised_s: int
    affected: tuple[str, ...] = ()


def incidents_of(device_id: str, spans: Sequence[Span]) -> list[Incident]:
    """Return a device's incidents, oldest first; they never overlap, at most one is open."""
    found: list[Incident] = []
    broken: list[Span] = []
    for span in spans:
        if span.status in BROKEN:
            broken.append(span)
        elif broken and span.status in _WORKS:
            found.append(_incident(device_id, broken, span.start_s))
            broken = []
    if broken:
        found.append(_incident(device_id, broken, None))
    return found


def with_affected(
    incidents: Iterable[Incident],
    unreachable: Mapping[str, Sequence[Span]],
    ancestors: Mapping[str, frozenset[str]],
) -> list[Incident]:
    """
    Name the devices that an incident took along.

    Parameters
    ----------
    incidents
        Of any devices.
    unreachable
        Each device's unreachable spans.
    ancestors
        For each device all devices that it depends on, near and far.
    """
    return [_with_affected(incident, unreachable, ancestors) for incident in incidents]


def _with_affected(
    incident: Incident,
    unreachable: Mapping[str, Sequence[Span]],
    ancestors: Mapping[str, frozenset[str]],
) -> Incident:
    if incident.status is not Status.DOWN:
        return incident  # what is only degraded still carries those behind it
    affected = tuple(
        device_id
        for device_id, spans in unreachable.items()
        if incident.device_id in ancestors.get(device_id, frozenset())
        and any(_overlap(span, incident) for span in spans)
    )
    return replace(incident, affected=affected)


def _overlap(span: Span, incident: Incident) -> bool:
    is_before_end = incident.ended_s is None or span.start_s < incident.ended_s
    return is_before_end and incident.began_s < span.end_s


def _incident(device_id: str, broken: Sequence[Span], ended_s: int | None) -> Incident:
    worst = next((span for span in broken if span.status is Status.DOWN), broken[0])
    began_s = broken[0].start_s
    return Incident(
        id=f"{device_id}@{instant(began_s):%Y%m%dT%H%M%SZ}",
        device_id=device_id,
        status=worst.status,
        reason=worst.reason,
        began_s=began_s,
        ended_s=ended_s,
        promised_s=sum(span.end_s - span.start_s for span in broken),
    )
