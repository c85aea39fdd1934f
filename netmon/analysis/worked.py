"""How much of each hour was worked of what was promised: availability, hour by hour."""

from collections.abc import Iterable, Iterator, Sequence

from netmon.analysis.timelines import DeviceTimeline
from netmon.domain.intervals import Interval, Span, intersection, union
from netmon.domain.model import Status
from netmon.domain.week import DAY_S, HOUR_S, seconds_by_hour

WorkedHours = dict[tuple[int, str], tuple[tuple[int, ...], tuple[int, ...]]]
"""By (start of a UTC day, device): usable and judged seconds of its 24 hours."""

_JUDGED = frozenset({Status.UP, Status.DEGRADED, Status.DOWN, Status.UNREACHABLE})
_HOURS = DAY_S // HOUR_S


def worked_hours(timelines: Iterable[DeviceTimeline], bounds: Interval) -> WorkedHours:
    """
    Divide the hours of whole UTC days as availability divides an interval.

    Usable and judged seconds are those of `netmon.domain.availability`: over service windows,
    unknown time and maintenance left out. A day of which nothing was judged is left out.
    """
    return {
        (day_s, each.device.id): day for each in timelines for day_s, day in _days(each, bounds)
    }


def _days(
    timeline: DeviceTimeline, bounds: Interval
) -> Iterator[tuple[int, tuple[tuple[int, ...], tuple[int, ...]]]]:
    start_s, hours = bounds[0], (bounds[1] - bounds[0]) // HOUR_S
    judged_spans = [span for span in timeline.recorded if span.status in _JUDGED]
    judged = _by_hour(timeline, judged_spans, start_s, hours)
    if not any(judged):
        return
    usable_spans = [span for span in judged_spans if span.is_usable]
    usable = _by_hour(timeline, usable_spans, start_s, hours)
    for first in range(0, hours, _HOURS):
        day = slice(first, first + _HOURS)
        if any(judged[day]):
            yield start_s + first * HOUR_S, (tuple(usable[day]), tuple(judged[day]))


def _by_hour(
    timeline: DeviceTimeline, spans: Sequence[Span], start_s: int, hours: int
) -> list[int]:
    if timeline.windows is None:
        return [0] * hours
    lasted = union((span.start_s, span.end_s) for span in spans)
    promised = timeline.windows.intervals
    return seconds_by_hour(intersection(lasted, promised), start_s, hours)
