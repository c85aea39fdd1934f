"""Smoothing changes what is short and between equals, keeps every second, and has one answer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.intervals import Span
from netmon.domain.model import Status
from netmon.domain.smoothing import smoothed

LIMIT_S = 150
VERDICTS = [
    (Status.UP, True, ""),
    (Status.DEGRADED, True, "disk_full"),
    (Status.DEGRADED, False, "no_page"),
    (Status.DOWN, False, "timeout"),
    (Status.DOWN, False, "refused"),
    (Status.UNKNOWN, False, "silent"),
    (Status.MAINTENANCE, False, "maintenance"),
]
UP, DOWN, UNKNOWN, WORK = VERDICTS[0], VERDICTS[3], VERDICTS[5], VERDICTS[6]


def spans_of(*pieces: tuple[int, tuple[Status, bool, str]]) -> list[Span]:
    """Return touching spans from lengths and verdicts."""
    found, at_s = [], 0
    for length_s, verdict in pieces:
        found.append(Span(at_s, at_s + length_s, *verdict))
        at_s += length_s
    return found


@st.composite
def stories(draw: st.DrawFn) -> list[Span]:
    """Draw spans with gaps between some of them; two verdicts often, for blinks."""
    some = draw(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=3))
    pieces = draw(
        st.lists(
            st.tuples(
                st.sampled_from([0, 0, 0, 0, 40]), st.integers(1, 240), st.sampled_from(some)
            ),
            max_size=25,
        )
    )
    found, at_s = [], draw(st.integers(0, 99))
    for gap_s, length_s, verdict in pieces:
        at_s += gap_s
        found.append(Span(at_s, at_s + length_s, *verdict))
        at_s += length_s
    return found


def seconds(spans: list[Span]) -> dict[int, tuple[Status, bool, str]]:
    return {at_s: span[2:] for span in spans for at_s in range(span.start_s, span.end_s)}


def blocks(spans: list[Span]) -> list[list[Span]]:
    found: list[list[Span]] = []
    for span in spans:
        last = found[-1][-1] if found else None
        if last and last.end_s == span.start_s and last[2:4] == span[2:4]:
            found[-1].append(span)
        else:
            found.append([span])
    return found


def slowly(spans: list[Span], limit_s: int) -> list[Span]:
    """Look at all again after every change: the same rule without heap or links."""
    while True:
        parts = blocks(spans)
        short = [
            (part[-1].end_s - part[0].start_s, part[0].start_s, at)
            for at, part in enumerate(parts[1:-1], 1)
            if part[-1].end_s - part[0].start_s < limit_s
            and parts[at - 1][-1].end_s == part[0].start_s
            and parts[at + 1][0].start_s == part[-1].end_s
            and parts[at - 1][0][2:4] == parts[at + 1][0][2:4]
            and Status.MAINTENANCE not in {part[0].status, parts[at - 1][0].status}
        ]
        if not short:
            return spans
        _, _, at = min(short)
        told = parts[at - 1][-1][2:]
        parts[at] = [Span(span.start_s, span.end_s, *told) for span in parts[at]]
        spans = [span for part in parts for span in part]


@given(stories(), st.integers(1, 300))
def test_it_equals_the_same_rule_followed_slowly(spans: list[Span], limit_s: int) -> None:
    assert seconds(smoothed(spans, limit_s)) == seconds(slowly(spans, limit_s))


@given(stories(), st.integers(0, 300))
def test_smoothing_twice_is_smoothing_once(spans: list[Span], limit_s: int) -> None:
    once = smoothed(spans, limit_s)
    assert smoothed(once, limit_s) == once


@given(stories(), st.integers(0, 300))
def test_no_second_is_lost_or_won(spans: list[Span], limit_s: int) -> None:
    found = smoothed(spans, limit_s)
    assert seconds(found).keys() == seconds(spans).keys()
    assert all(one.end_s <= two.start_s for one, two in pairwise(found))


@given(stories())
def test_without_a_length_all_stays_as_it_is(spans: list[Span]) -> None:
    assert smoothed(spans, 0) == spans


@given(stories(), st.integers(1, 300))
def test_what_lasts_long_enough_never_changes(spans: list[Span], limit_s: int) -> None:
    after = seconds(smoothed(spans, limit_s))
    for part in blocks(spans):
        if part[-1].end_s - part[0].start_s >= limit_s:
            assert {at_s: after[at_s] for at_s in seconds(part)} == seconds(part)


@given(stories(), st.integers(1, 300))
def test_nothing_short_is_left_between_equals(spans: list[Span], limit_s: int) -> None:
    found = smoothed(spans, limit_s)
    assert slowly(found, limit_s) == found


@given(stories(), st.integers(1, 300), st.data())
def test_how_equal_spans_are_divided_makes_no_difference(
    spans: list[Span], limit_s: int, data: st.DataObject
) -> None:
    divided = []
    for span in spans:
        cut_s = data.draw(st.integers(span.start_s, span.end_s))
        halves = [span._replace(end_s=cut_s), span._replace(start_s=cut_s)]
        divided += [half for half in halves if half.start_s < half.end_s]
    assert smoothed(divided, limit_s) == smoothed(spans, limit_s)


@given(stories(), st.integers(1, 300))
def test_announced_work_is_neither_smoothed_nor_spread(spans: list[Span], limit_s: int) -> None:
    def work(some: list[Span]) -> set[int]:
        return {at_s for at_s, told in seconds(some).items() if told[0] is Status.MAINTENANCE}

    assert work(smoothed(spans, limit_s)) == work(spans)


@pytest.mark.parametrize(
    ("spans", "statuses"),
    [
        pytest.param([(600, UP), (50, DOWN), (600, UP)], [UP], id="a blink goes"),
        pytest.param(
            [(600, UP), (150, DOWN), (600, UP)], [UP, DOWN, UP], id="what is just long enough stays"
        ),
        pytest.param(
            [(600, UP), (50, UNKNOWN), (600, DOWN)],
            [UP, UNKNOWN, DOWN],
            id="between unequal ones all stays",
        ),
        pytest.param(
            [(50, DOWN), (600, UP), (50, DOWN)], [DOWN, UP, DOWN], id="the edges have one neighbour"
        ),
        pytest.param(
            [(600, UP), (60, DOWN), (50, UP), (600, DOWN)], [UP, DOWN], id="the shortest goes first"
        ),
        pytest.param(
            [(600, UP), (60, DOWN), (60, UP), (600, DOWN)], [UP, DOWN], id="of equals the earliest"
        ),
        pytest.param(
            [(600, WORK), (60, DOWN), (600, WORK)], [WORK, DOWN, WORK], id="work is no evidence"
        ),
    ],
)
def test_examples(
    spans: list[tuple[int, tuple[Status, bool, str]]], statuses: list[tuple[Status, bool, str]]
) -> None:
    assert [span[2:] for span in smoothed(spans_of(*spans), LIMIT_S)] == statuses


def test_which_of_two_blinks_goes_decides_when_the_outage_begins() -> None:
    first, _ = smoothed(spans_of((600, UP), (60, DOWN), (50, UP), (600, DOWN)), LIMIT_S)
    assert first.end_s == 600
    first, _ = smoothed(spans_of((600, UP), (60, DOWN), (60, UP), (600, DOWN)), LIMIT_S)
    assert first.end_s == 720
