"""
Whether a place was opened, and what is awake there when nobody should be.

All computers of a place silent while the way to them works is no fault of any of them:
nobody switched them on. That is one story, told to whoever opens the place.
"""

from collections.abc import Collection, Iterable, Sequence

from netmon.domain.intervals import Interval, Span, Windows, intersection, overlaid, union
from netmon.domain.model import Status

SITE_NOT_OPENED = "site_not_opened"
AWAKE_OUTSIDE_HOURS = "awake_outside_hours"

LEAST_COMPUTERS = 2
"""One silent computer says nothing of its place."""

AWAKE_AFTER_S = 1800
"""How far from its hours a computer may be on without a word: half an hour."""

_ANSWERS = frozenset({Status.UP, Status.DEGRADED})
_SILENT = frozenset({Status.DOWN})
_EXCUSED = frozenset({Status.MAINTENANCE, Status.EXPECTED_OFF})


def not_opened(computers: Sequence[Sequence[Span]], way: Sequence[Interval]) -> list[Interval]:
    """
    Return when a place seems not to have been opened, sorted and disjoint.

    Parameters
    ----------
    computers
        What is read of each computer that goes on with the place: its own failures are down,
        and those of what it depends on are not. Each second at least `LEAST_COMPUTERS` must
        be down, and none other than down, in maintenance or rightly off.
    way
        When the way to all of them was seen to work (see `reachable`), sorted and disjoint.
    """
    silent = [when(spans, _SILENT) for spans in computers]
    excused = [when(spans, _EXCUSED) for spans in computers]
    unheard = _shared_by([*silent, *excused], len(computers))
    several = _shared_by(silent, LEAST_COMPUTERS)
    return intersection(intersection(unheard, several), way)


def reachable(
    working: Iterable[Sequence[Interval]], failing: Iterable[Sequence[Interval]], slack_s: int
) -> list[Interval]:
    """
    Return when the way to a computer was seen to work.

    Parameters
    ----------
    working
        When each device that may carry it answered; one of them is enough.
    failing
        When each device of its place that must work did not.
    slack_s
        Devices are looked at in turn: a failure counts as long before and after.
    """
    seen = union(pair for each in working for pair in each)
    broken = [pair for each in failing for pair in each]
    wide = Windows((start - slack_s, end + slack_s) for start, end in broken)
    return union(pair for start, end in seen for pair in wide.outside(start, end))


def site_spans(computers: Sequence[Sequence[Span]], dark: Sequence[Interval]) -> list[Span]:
    """Return a place as an incident sees it: down while not opened, up once a computer answers."""
    answers = union(pair for spans in computers for pair in when(spans, _ANSWERS))
    closed = [Span(*pair, Status.DOWN, is_usable=False, reason=SITE_NOT_OPENED) for pair in dark]
    opened = [Span(*pair, Status.UP, is_usable=True, reason="") for pair in answers]
    return sorted([*closed, *opened])


def blamed_on_site(spans: Sequence[Span], dark: Sequence[Interval]) -> list[Span]:
    """Return a computer's spans; where it is down because its place is, that is the reason."""
    return overlaid(spans, dark, _blamed)


def awake_since(spans: Sequence[Span], windows: Windows | None, at_s: int) -> int | None:
    """
    Return since when a device has been awake that should be off, None where it is not.

    Parameters
    ----------
    spans
        Its record, without the windows laid over it.
    windows
        When it should be on; None where nobody published it: it may be on at any time.
    at_s
        Only what goes on until then counts; the first and last `AWAKE_AFTER_S` of each time
        off do not.
    """
    began_s = _awake_from(spans) if spans and spans[-1].end_s >= at_s else None
    if windows is None or began_s is None:
        return None
    off = windows.outside(began_s - AWAKE_AFTER_S, at_s + AWAKE_AFTER_S)
    if not off or off[-1][1] < at_s + AWAKE_AFTER_S:
        return None
    since_s = max(began_s, off[-1][0] + AWAKE_AFTER_S)
    return since_s if since_s < at_s else None


def last_worked(spans: Iterable[Span]) -> int | None:
    """Return the end of the last time in which a service could be used, None for never."""
    ends = [span.end_s for span in spans if span.status in _ANSWERS and span.is_usable]
    return max(ends, default=None)


def when(spans: Iterable[Span], statuses: Collection[Status]) -> list[Interval]:
    """Return when one of some statuses held, sorted and disjoint."""
    return union((span.start_s, span.end_s) for span in spans if span.status in statuses)


def _awake_from(spans: Sequence[Span]) -> int | None:
    """Return since when a device has answered without a break, None where it does not."""
    began_s: int | None = None
    for span in reversed(spans):
        if span.status not in _ANSWERS or (began_s is not None and span.end_s != began_s):
            break
        began_s = span.start_s
    return began_s


def _shared_by(lists: Iterable[Sequence[Interval]], least: int) -> list[Interval]:
    """Return the seconds that at least so many of some disjoint lists contain."""
    edges = sorted(
        edge for each in lists for start, end in each for edge in ((start, 1), (end, -1))
    )
    found: list[Interval] = []
    depth, began_s = 0, 0
    for at_s, step in edges:  # at one second ends come first: what only touches shares nothing
        if depth == least and step < 0:
            found.append((began_s, at_s))
        depth += step
        if depth == least and step > 0:
            began_s = at_s
    return union(found)


def _blamed(span: Span) -> Span:
    return span._replace(reason=SITE_NOT_OPENED) if span.status in _SILENT else span
