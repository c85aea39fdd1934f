"""How an offer stood, from its hours and its devices: the example of the ledger, and laws."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.intervals import Interval, Span, union
from netmon.domain.model import Status
from netmon.domain.offers import (
    MAINTENANCE,
    UNEXPLAINED,
    OfferSpan,
    OfferState,
    Opening,
    Seat,
    SeatSeconds,
    offer_spans,
)

H = 3600
DAY: Interval = (0, 24 * H)
WORKS, FAILED, UNKNOWN, ANNOUNCED = (
    OfferState.WORKS,
    OfferState.FAILED,
    OfferState.UNKNOWN,
    OfferState.CLOSED_AS_ANNOUNCED,
)


def _span(start_h: float, end_h: float, status: Status) -> Span:
    return Span(int(start_h * H), int(end_h * H), status, status is Status.UP, "")


def _seat(*spans: Span, broken: tuple[Interval, str] | None = None) -> Seat:
    return Seat(spans, [broken] if broken else [])


def _at(start_h: float, end_h: float, state: OfferState, *incidents: str) -> OfferSpan:
    return OfferSpan(int(start_h * H), int(end_h * H), state, incidents)


DOWN = ((9 * H, 10 * H + 1800), "i1")
STAYS_DOWN = ((9 * H, 12 * H), "i3")


def test_the_first_place_of_the_worked_day_works_while_one_computer_does() -> None:
    mended = _seat(_span(9, 10.5, Status.DOWN), _span(10.5, 12, Status.UP), broken=DOWN)
    dead = _seat(_span(9, 12, Status.DOWN), broken=STAYS_DOWN)
    spans, seats = offer_spans(Opening([(9 * H, 12 * H)]), [mended, dead], DAY)
    assert spans == [_at(9, 10.5, FAILED, "i1", "i3"), _at(10.5, 12, WORKS)]
    assert seats == SeatSeconds(working_s=5400, failed_s=5400 + 10_800)


def test_the_second_place_of_the_worked_day() -> None:
    seat = _seat(
        _span(10, 10.5, Status.DOWN),
        _span(10.5, 13, Status.UP),
        _span(13, 14, Status.UNKNOWN),
        _span(14, 18, Status.UP),
        broken=((10 * H, 10 * H + 1800), "i2"),
    )
    opening = Opening([(10 * H, 15 * H), (16 * H, 18 * H)], withdrawn=[(15 * H, 16 * H)])
    spans, seats = offer_spans(opening, [seat, seat, seat], DAY)
    assert spans == [
        _at(10, 10.5, FAILED, "i2"),
        _at(10.5, 13, WORKS),
        _at(13, 14, UNKNOWN),
        _at(14, 15, WORKS),
        _at(15, 16, ANNOUNCED),
        _at(16, 18, WORKS),
    ]
    assert seats.promised_s == 21 * H
    assert (seats.working_s, seats.failed_s, seats.unknown_s) == (
        int(16.5 * H),
        int(1.5 * H),
        3 * H,
    )


def test_a_closure_that_nobody_announced_in_time_breaks_the_promise() -> None:
    opening = Opening([(9 * H, 12 * H)], broken=[((10 * H, 12 * H), "strike")])
    spans, seats = offer_spans(opening, [_seat(_span(0, 24, Status.UP))], DAY)
    assert spans == [_at(9, 10, WORKS), _at(10, 12, FAILED, "strike")]
    assert (seats.working_s, seats.failed_s) == (H, 2 * H)


def test_hours_that_nobody_confirmed_promise_what_is_unknown() -> None:
    opening = Opening([(9 * H, 12 * H)], is_sure=False)
    spans, _ = offer_spans(opening, [_seat(_span(0, 24, Status.UP))], DAY)
    assert spans == [_at(9, 12, UNKNOWN)]


def test_what_nobody_watches_is_unknown() -> None:
    spans, seats = offer_spans(Opening([(9 * H, 12 * H)]), [], DAY)
    assert spans == [_at(9, 12, UNKNOWN)]
    assert seats.promised_s == 0


def test_announced_work_on_all_devices_is_lost_to_maintenance() -> None:
    seat = _seat(_span(0, 24, Status.MAINTENANCE))
    spans, _ = offer_spans(Opening([(9 * H, 12 * H)]), [seat], DAY)
    assert spans == [_at(9, 12, FAILED, MAINTENANCE)]


def test_a_failure_without_an_incident_is_not_hidden() -> None:
    spans, _ = offer_spans(Opening([(9 * H, 12 * H)]), [_seat(_span(0, 24, Status.DOWN))], DAY)
    assert spans == [_at(9, 12, FAILED, UNEXPLAINED)]


def test_degraded_counts_by_whether_it_can_be_used() -> None:
    usable = Seat([Span(0, 24 * H, Status.DEGRADED, is_usable=True, reason="printer_empty")])
    useless = Seat([Span(0, 24 * H, Status.DEGRADED, is_usable=False, reason="content")])
    opening = Opening([(9 * H, 12 * H)])
    assert offer_spans(opening, [usable], DAY)[0] == [_at(9, 12, WORKS)]
    assert offer_spans(opening, [useless], DAY)[0] == [_at(9, 12, FAILED, UNEXPLAINED)]


EDGES = st.lists(st.integers(0, 50), unique=True, max_size=8).map(sorted)
TIMES = EDGES.map(lambda edges: list(zip(edges[0::2], edges[1::2], strict=False)))


@st.composite
def _seats(draw: st.DrawFn) -> Seat:
    edges = draw(EDGES)
    statuses = [draw(st.sampled_from(Status)) for _ in edges[1:]]
    spans = [
        Span(start, end, status, status is Status.UP, "")
        for start, end, status in zip(edges, edges[1:], statuses, strict=False)
    ]
    return Seat(spans, [((0, 50), "i1")])


@given(TIMES, TIMES, st.lists(_seats(), max_size=3))
def test_spans_cover_what_is_open_and_each_seat_of_it_is_counted_once(
    promised: list[Interval], withdrawn: list[Interval], seats: list[Seat]
) -> None:
    spans, seconds = offer_spans(Opening(promised, withdrawn), seats, (0, 50))
    covered = [(each.start_s, each.end_s) for each in spans if each.state is not ANNOUNCED]
    assert union(covered) == union(promised)
    assert seconds.promised_s == len(seats) * sum(end - start for start, end in union(promised))
    assert all(one.end_s <= other.start_s for one, other in itertools.pairwise(spans))
    assert all(bool(each.incidents) is (each.state is FAILED) for each in spans)
