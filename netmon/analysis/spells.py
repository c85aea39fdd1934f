"""For how long exactly which devices worked, and which might have."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.intervals import Interval, Span, clipped
from netmon.domain.model import Status


@dataclass(frozen=True, slots=True)
class Standing:
    """Which devices work at a time, and of which nobody knows; all others do not."""

    working: frozenset[str]
    unknown: frozenset[str]

    @property
    def perhaps(self) -> frozenset[str]:
        """Return those that work for sure and those that might."""
        return self.working | self.unknown


def spells(timelines: Iterable[DeviceTimeline], bounds: Interval) -> dict[Standing, int]:
    """
    Return for how many seconds of an interval things stood in each way; they add up to it.

    What nobody recorded is unknown. Hours are left out of account: it is asked what worked, not
    what should have.
    """
    edges: dict[int, list[tuple[str, Status]]] = {bounds[0]: [], bounds[1]: []}
    unknown: set[str] = set()
    for each in timelines:
        unknown.add(each.device.id)
        for at_s, status in _turns(clipped(each.recorded, *bounds)):
            edges.setdefault(at_s, []).append((each.device.id, status))
    working: set[str] = set()
    lasted: Counter[Standing] = Counter()
    times = sorted(edges)
    for start_s, end_s in pairwise(times):
        for device_id, status in edges[start_s]:
            working.discard(device_id)
            unknown.discard(device_id)
            into = {Status.UP: working, Status.UNKNOWN: unknown}.get(status)
            if into is not None:
                into.add(device_id)
        lasted[Standing(frozenset(working), frozenset(unknown))] += end_s - start_s
    return dict(lasted)


def _turns(spans: Sequence[Span]) -> Iterable[tuple[int, Status]]:
    """Yield when a device turned to working (up), not working (down) or not known."""
    last_s: int | None = None
    for span in spans:
        if last_s is not None and span.start_s > last_s:
            yield last_s, Status.UNKNOWN
        if span.is_usable:
            yield span.start_s, Status.UP
        else:
            is_unknown = span.status is Status.UNKNOWN
            yield span.start_s, Status.UNKNOWN if is_unknown else Status.DOWN
        last_s = span.end_s
    if last_s is not None:
        yield last_s, Status.UNKNOWN
