"""
What a device's record reads like once everything around it is known.

Recorded runs of several checks become one timeline per device; parents, maintenance and
service windows are laid over it when it is read. Nothing here is ever stored, so a strike
or a window entered afterwards changes every answer and rewrites nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from netmon.domain.intervals import (
    Interval,
    Span,
    Windows,
    intersection,
    overlaid,
    union,
    widened,
)
from netmon.domain.model import Status

FAILING = frozenset({Status.DOWN, Status.UNREACHABLE})

UNSEEN_REASON = "not_observed"
HOURS_UNKNOWN = "hours_unknown"
ON_DEMAND = "on_demand"


def device_spans(checks: Mapping[str, Sequence[Span]], deciding: str) -> list[Span]:
    """
    Fold the runs of a device's checks into one status.

    Where the deciding check is down the device is down, where it is unknown so is the
    device; any other check that fails makes it degraded. A gap in the deciding check is
    unknown.

    Parameters
    ----------
    checks
        Sorted, disjoint runs per check.
    deciding
        The check that decides; absent from `checks` means never observed.
    """
    spans = _without_gaps(checks.get(deciding, ()))
    others = (span for name, spans in checks.items() if name != deciding for span in spans)
    for (reason, is_usable), mask in _complaints(others).items():
        spans = overlaid(spans, union(mask), _degraded_by(reason, is_usable=is_usable))
    return spans


def failing(spans: Sequence[Span]) -> list[Interval]:
    """Return when a device could carry nothing for the devices behind it."""
    return union((span.start_s, span.end_s) for span in spans if span.status in FAILING)


def behind(parents: Sequence[Sequence[Interval]], slack_s: int) -> list[Interval]:
    """
    Return when a device is out of reach: all its (redundant) parents fail.

    Parents and children are looked at in turn, never at once, so their failures are dated
    some seconds apart; `slack_s` on both sides makes the order of looking irrelevant.
    """
    if not parents:
        return []
    shared = list(parents[0])
    for parent in parents[1:]:
        shared = intersection(shared, parent)
    return widened(shared, slack_s)


def read_spans(
    recorded: Sequence[Span],
    *,
    unreachable: Sequence[Interval] = (),
    maintenance: Sequence[Interval] = (),
    windows: Windows | None,
    until_s: int,
) -> list[Span]:
    """
    Lay what surrounds a device over its record.

    Parameters
    ----------
    recorded
        The device's own spans, sorted and disjoint.
    unreachable, maintenance
        Sorted, disjoint; the first changes only what is down.
    windows
        When it should be on; None where nobody published it: then a silent device may
        rightly be off, and only what answers is known.
    until_s
        End of what is read; windows are cut there.
    """
    spans = overlaid(recorded, unreachable, _unreachable)
    spans = overlaid(spans, maintenance, _as(Status.MAINTENANCE))
    if windows is None:
        return unproven(spans, HOURS_UNKNOWN)
    if not spans:
        return []
    closed = windows.outside(spans[0].start_s, until_s)
    return overlaid(spans, closed, _as(Status.EXPECTED_OFF))


def unproven(spans: Iterable[Span], reason: str) -> list[Span]:
    """Return the spans of a device whose silence proves nothing, for that reason."""
    return [
        span._replace(status=Status.UNKNOWN, reason=reason) if span.status in FAILING else span
        for span in spans
    ]


def _without_gaps(spans: Sequence[Span]) -> list[Span]:
    filled: list[Span] = []
    for span in spans:
        if filled and filled[-1].end_s < span.start_s:
            gap = (filled[-1].end_s, span.start_s)
            filled.append(Span(*gap, Status.UNKNOWN, is_usable=False, reason=UNSEEN_REASON))
        filled.append(span)
    return filled


def _complaints(others: Iterable[Span]) -> dict[tuple[str, bool], list[Interval]]:
    """
    Gather when other checks failed, by what they complain of.

    A second check that is down proves nothing against the service; a degraded one says
    itself whether the service stays usable.
    """
    found: dict[tuple[str, bool], list[Interval]] = {}
    for span in others:
        if span.status in {Status.DOWN, Status.DEGRADED}:
            key = (span.reason, span.is_usable or span.status is Status.DOWN)
            found.setdefault(key, []).append((span.start_s, span.end_s))
    return found


def _degraded_by(reason: str, *, is_usable: bool) -> Callable[[Span], Span]:
    def change(span: Span) -> Span:
        if span.status not in {Status.UP, Status.DEGRADED}:
            return span
        if span.status is Status.DEGRADED and (not span.is_usable or is_usable):
            return span
        return span._replace(status=Status.DEGRADED, is_usable=is_usable, reason=reason)

    return change


def _unreachable(span: Span) -> Span:
    return span._replace(status=Status.UNREACHABLE) if span.status is Status.DOWN else span


def _as(status: Status) -> Callable[[Span], Span]:
    reason = status.value

    def change(span: Span) -> Span:
        return Span(span.start_s, span.end_s, status, False, reason)  # noqa: FBT003 - by keyword it takes twice as long, 50,000 times a year of reading

    return change
