"""
How an offer stood over time: whether it was open, and whether it worked for whoever came.

From when a place is open and what its devices did, the spans that the access ledger counts, and
the seats that were promised and kept. `docs/method.md` says it in words.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

from netmon.domain.intervals import Interval, Span, Windows
from netmon.domain.model import Status


class OfferState(IntEnum):
    """
    How an offer stands, the better the higher: the best in reach decides.

    A closure announced less than a day ahead is a failure: it stays promised. Hours that are not
    published or not confirmed are unknown, never open.
    """

    CLOSED = 0
    CLOSED_AS_ANNOUNCED = 1
    FAILED = 2
    UNKNOWN = 3
    WORKS = 4


@dataclass(frozen=True, slots=True)
class OfferSpan:
    """
    A time (epoch seconds, half-open) in which an offer stood in one way.

    `incidents` are those by which it failed: at least one where it failed, none otherwise.
    """

    start_s: int
    end_s: int
    state: OfferState
    incidents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """
    When an offer is open to people; all lists sorted and disjoint in themselves.

    Parameters
    ----------
    promised
        Its hours with what was announced early enough: opened more, or closed.
    withdrawn
        When it was announced a day ahead that it is closed though its hours say open.
    broken
        Times within `promised` at which it was closed though, by what says so: a closure that
        nobody announced in time.
    is_sure
        Whether somebody confirmed the hours; otherwise what they promise is unknown.
    """

    promised: Sequence[Interval]
    withdrawn: Sequence[Interval] = ()
    broken: Sequence[tuple[Interval, str]] = ()
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Seat:
    """A device that serves one person: what is read of it, and its incidents with their times."""

    spans: Sequence[Span]
    incidents: Sequence[tuple[Interval, str]] = ()


@dataclass(frozen=True, slots=True)
class SeatSeconds:
    """Seat-seconds that were promised: those that worked, failed, and were not known."""

    working_s: int = 0
    failed_s: int = 0
    unknown_s: int = 0

    @property
    def promised_s(self) -> int:
        """Return all of them."""
        return self.working_s + self.failed_s + self.unknown_s


_FAILS = frozenset({Status.DOWN, Status.UNREACHABLE, Status.MAINTENANCE})
MAINTENANCE = "maintenance"
"""What failed because of announced work, and nothing else, is lost to."""

UNEXPLAINED = "unexplained"
"""What failed without an incident that says why; it should not happen, and is not hidden."""


def offer_spans(
    opening: Opening, seats: Sequence[Seat], bounds: Interval
) -> tuple[list[OfferSpan], SeatSeconds]:
    """
    Return how an offer stood within an interval, and what became of its seats.

    Parameters
    ----------
    opening
        When it is open; what lies outside of the bounds does not count.
    seats
        One a device; none where nobody watches it: then what is open is unknown.
    bounds
        `(start_s, end_s)`.

    Returns
    -------
    Spans, sorted, disjoint and joined where nothing changes, without those in which it is
    closed by its timetable; and the seat-seconds of what was promised.
    """
    look = _Look(opening, seats)
    spans: list[OfferSpan] = []
    seconds = dict.fromkeys(OfferState, 0)
    for start_s, end_s in _slices(opening, seats, bounds):
        stands = look.seats_at(start_s)
        span = OfferSpan(start_s, end_s, *look.at(start_s, stands))
        if span.state is not OfferState.CLOSED:
            _append(spans, span)
        for each in stands:
            seconds[each] += end_s - start_s
    return spans, SeatSeconds(
        seconds[OfferState.WORKS], seconds[OfferState.FAILED], seconds[OfferState.UNKNOWN]
    )


class _Look:
    """Answers how things stand at an instant, by binary search in what is sorted."""

    def __init__(self, opening: Opening, seats: Sequence[Seat]) -> None:
        self._opening, self._seats = opening, seats
        self._promised, self._withdrawn = Windows(opening.promised), Windows(opening.withdrawn)
        self._starts = [[span.start_s for span in seat.spans] for seat in seats]

    def seats_at(self, at_s: int) -> list[OfferState]:
        """Return how each seat stands, closed ones as closed."""
        if not self._promised.contain(at_s):
            return [OfferState.CLOSED for _ in self._seats]
        if _holding(self._opening.broken, at_s):
            return [OfferState.FAILED for _ in self._seats]
        if not self._opening.is_sure:
            return [OfferState.UNKNOWN for _ in self._seats]
        return [
            _read_as(_span_at(seat.spans, starts, at_s))
            for seat, starts in zip(self._seats, self._starts, strict=True)
        ]

    def at(self, at_s: int, stands: Sequence[OfferState]) -> tuple[OfferState, tuple[str, ...]]:
        """Return how the offer stands, and by which incidents it failed."""
        if not self._promised.contain(at_s):
            is_withdrawn = self._withdrawn.contain(at_s)
            return (OfferState.CLOSED_AS_ANNOUNCED if is_withdrawn else OfferState.CLOSED), ()
        if broken := _holding(self._opening.broken, at_s):
            return OfferState.FAILED, broken
        best = max(stands, default=OfferState.UNKNOWN)
        return best, (self._blamed(at_s) if best is OfferState.FAILED else ())

    def _blamed(self, at_s: int) -> tuple[str, ...]:
        found = {each for seat in self._seats for each in _holding(seat.incidents, at_s)}
        in_work = [
            _span_at(seat.spans, starts, at_s).status is Status.MAINTENANCE
            for seat, starts in zip(self._seats, self._starts, strict=True)
        ]
        if any(in_work):
            found.add(MAINTENANCE)
        return tuple(sorted(found)) or (UNEXPLAINED,)


_NOTHING_SEEN = Span(0, 0, Status.UNKNOWN, is_usable=False, reason="")


def _span_at(spans: Sequence[Span], starts: Sequence[int], at_s: int) -> Span:
    index = bisect_right(starts, at_s) - 1
    return spans[index] if index >= 0 and at_s < spans[index].end_s else _NOTHING_SEEN


def _read_as(span: Span) -> OfferState:
    if span.is_usable:
        return OfferState.WORKS
    # Degraded and of no use, such as a computer that loads no page, is a failure too.
    is_known = span.status in _FAILS or span.status is Status.DEGRADED
    return OfferState.FAILED if is_known else OfferState.UNKNOWN


def _holding(times: Sequence[tuple[Interval, str]], at_s: int) -> tuple[str, ...]:
    """Return what holds at an instant; there are few."""
    return tuple(name for (start_s, end_s), name in times if start_s <= at_s < end_s)


def _slices(opening: Opening, seats: Sequence[Seat], bounds: Interval) -> Iterable[Interval]:
    """Return the bounds cut wherever anything may change."""
    times = [*opening.promised, *opening.withdrawn, *(each for each, _ in opening.broken)]
    for seat in seats:
        times += [(span.start_s, span.end_s) for span in seat.spans]
        times += [each for each, _ in seat.incidents]
    inside = {edge for pair in times for edge in pair if bounds[0] < edge < bounds[1]}
    return pairwise(sorted(inside | set(bounds)))


def _append(spans: list[OfferSpan], span: OfferSpan) -> None:
    last = spans[-1] if spans else None
    if (
        last
        and last.end_s == span.start_s
        and replace(span, start_s=0, end_s=0) == replace(last, start_s=0, end_s=0)
    ):
        spans[-1] = replace(last, end_s=span.end_s)
    else:
        spans.append(span)
