"""
Short intervals, left out when a report is made and never in the record.

Checkmk offers the same on its availability page ("Short Time Intervals"): a span shorter than
some length takes its neighbours' state, only where both neighbours agree. A real outage
is not made shorter by it, and it can be worked out again with another length.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from netmon.domain.intervals import Span
from netmon.domain.model import Status

MOST_S = 3600
"""No more than an hour is smoothed: what lasts longer is no blink."""

_SEEN = frozenset({Status.UP, Status.DEGRADED, Status.DOWN, Status.UNREACHABLE, Status.UNKNOWN})
"""Maintenance and closing time are announced, not observed: they neither change nor agree."""


@dataclass(slots=True)
class _Block:
    """Touching spans of one state, with the blocks that touch them; None at a gap or edge."""

    spans: list[Span]
    before: "_Block | None" = None
    after: "_Block | None" = None

    @property
    def start_s(self) -> int:
        return self.spans[0].start_s

    @property
    def end_s(self) -> int:
        return self.spans[-1].end_s

    @property
    def length_s(self) -> int:
        return self.end_s - self.start_s

    @property
    def state(self) -> tuple[Status, bool]:
        return _state(self.spans[0])


def smoothed(spans: Sequence[Span], shorter_than_s: int) -> list[Span]:
    """
    Return the spans without those that are short and lie between two of one state.

    The shortest goes first, of equals the earliest, until none is left to go: two blinks close
    to each other are one question, and this is its one answer.

    Parameters
    ----------
    spans
        Sorted and disjoint. Touching ones of one state (status and usability) count as one.
    shorter_than_s
        A state that lasts this long or longer stays; 0 leaves everything as it is.

    Returns
    -------
    Spans that cover the same seconds. What was smoothed has the state and the reason of
    what is before it.
    """
    if shorter_than_s <= 0:
        return list(spans)
    blocks = _blocks(spans)
    by_start = {each.start_s: each for each in blocks}
    waiting = [(each.length_s, each.start_s) for each in blocks]
    heapify(waiting)
    while waiting and waiting[0][0] < shorter_than_s:
        length_s, start_s = heappop(waiting)
        block = by_start.get(start_s)
        if block is None or block.length_s != length_s:
            continue  # joined to another since
        if neighbours := _equal_neighbours(block):
            before, after = neighbours
            _join(before, block, after)
            del by_start[start_s], by_start[after.start_s]
            heappush(waiting, (before.length_s, before.start_s))
    return _coalesced(span for block in by_start.values() for span in block.spans)


def _blocks(spans: Iterable[Span]) -> list[_Block]:
    blocks: list[_Block] = []
    for span in spans:
        last = blocks[-1] if blocks else None
        if last is None or last.end_s != span.start_s:
            blocks.append(_Block([span]))
        elif last.state == _state(span):
            last.spans.append(span)
        else:
            last.after = _Block([span], before=last)
            blocks.append(last.after)
    return blocks


def _equal_neighbours(block: _Block) -> tuple[_Block, _Block] | None:
    before, after = block.before, block.after
    if before is None or after is None or before.state != after.state:
        return None
    return (before, after) if {block.state[0], before.state[0]} <= _SEEN else None


def _join(before: _Block, block: _Block, after: _Block) -> None:
    """Make three blocks the first of them; no other block gets a neighbour of another state."""
    told = before.spans[-1]
    before.spans += [told._replace(start_s=span.start_s, end_s=span.end_s) for span in block.spans]
    before.spans += after.spans
    before.after = after.after
    if after.after is not None:
        after.after.before = before


def _coalesced(spans: Iterable[Span]) -> list[Span]:
    """Return touching spans that say the same as one: however they came divided."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1][1:] == (span.start_s, *span[2:]):
            found[-1] = found[-1]._replace(end_s=span.end_s)
        else:
            found.append(span)
    return found


def _state(span: Span) -> tuple[Status, bool]:
    return span.status, span.is_usable
