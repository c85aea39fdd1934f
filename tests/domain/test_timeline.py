"""What a record reads like under parents, maintenance and hours, second by second."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.incidents import incidents_of
from netmon.domain.intervals import Interval, Span, Windows, union
from netmon.domain.model import Status
from netmon.domain.timeline import behind, device_spans, failing, read_spans

END_S = 60
SLACK_S = 5
FAILS = {Status.DOWN, Status.UNREACHABLE}
Told = tuple[Status, bool]

masks = st.lists(st.tuples(st.integers(0, END_S), st.integers(0, END_S)), max_size=4).map(union)
recorded_statuses = st.sampled_from(
    [
        (Status.UP, True),
        (Status.DEGRADED, True),
        (Status.DEGRADED, False),
        (Status.DOWN, False),
        (Status.UNKNOWN, False),
    ]
)


@st.composite
def records(draw: st.DrawFn) -> list[Span]:
    """Draw a record: sorted, disjoint runs, some of them missing."""
    edges = sorted(draw(st.sets(st.integers(0, END_S), max_size=7)))
    runs = [row(start, end, *draw(recorded_statuses)) for start, end in zip(edges, edges[1:])]  # noqa: B905, RUF007 - a run fewer than edges
    return [run for run in runs if draw(st.integers(0, 4))]


def row(start_s: int, end_s: int, status: Status, is_usable: bool | None = None) -> Span:  # noqa: FBT001 - as in a row of the record
    """Return a span; what is up is usable, and so is nothing else unless said."""
    usable = status is Status.UP if is_usable is None else is_usable
    return Span(start_s, end_s, status, usable, "" if status is Status.UP else status.value)


def by_second(spans: Sequence[Span]) -> dict[int, Told]:
    return {
        second: (span.status, span.is_usable)
        for span in spans
        for second in range(span.start_s, span.end_s)
    }


def statuses(spans: Sequence[Span]) -> list[Status]:
    """Return the statuses in order; a span that a mask merely cut is told once."""
    return [status for status, _ in groupby(span.status for span in spans)]


def holds(intervals: Sequence[Interval], second: int) -> bool:
    return any(start <= second < end for start, end in intervals)


def fold(deciding: Told | None, others: Sequence[Told]) -> Told:
    """Return what a device is in one second, from what its checks are."""
    if deciding is None or deciding[0] in {Status.UNKNOWN, Status.DOWN}:
        return deciding or (Status.UNKNOWN, False)
    failing_now = [other for other in others if other[0] in {Status.DEGRADED, Status.DOWN}]
    if deciding[0] is Status.UP and not failing_now:
        return deciding
    spoilt = (Status.DEGRADED, False)
    return spoilt if spoilt in {deciding, *failing_now} else (Status.DEGRADED, True)


@given(st.fixed_dictionaries({"icmp": records(), "snmp": records(), "page": records()}))
def test_the_deciding_check_decides_and_the_others_only_degrade(
    checks: Mapping[str, Sequence[Span]],
) -> None:
    told = by_second(device_spans(checks, "icmp"))
    deciding, *others = [by_second(checks[name]) for name in ("icmp", "snmp", "page")]
    first, last = min(deciding, default=0), max(deciding, default=-1)
    assert told == {
        second: fold(deciding.get(second), [other[second] for other in others if second in other])
        for second in range(first, last + 1)
    }


@pytest.mark.parametrize(
    ("deciding", "other", "expected"),
    [
        pytest.param(Status.UP, Status.UP, "up", id="all checks up is up"),
        pytest.param(Status.UP, Status.DOWN, "degraded", id="a second check that fails degrades"),
        pytest.param(Status.UP, Status.UNKNOWN, "up", id="one that is silent proves nothing"),
        pytest.param(Status.DOWN, Status.UP, "down", id="nothing outvotes the deciding check"),
        pytest.param(Status.UNKNOWN, Status.UP, "unknown", id="not even when it is silent"),
    ],
)
def test_a_device_is_what_its_checks_make_of_it(
    deciding: Status, other: Status, expected: str
) -> None:
    checks = {"icmp": [row(0, 9, deciding)], "snmp": [row(0, 9, other)]}
    assert [span.status for span in device_spans(checks, "icmp")] == [expected]


def test_a_degraded_device_tells_what_the_other_check_complains_of() -> None:
    refused = Span(2, 4, Status.DOWN, is_usable=False, reason="refused")
    spans = device_spans({"icmp": [row(0, 9, Status.UP)], "snmp": [refused]}, "icmp")
    assert spans[1] == Span(2, 4, Status.DEGRADED, is_usable=True, reason="refused")


def test_an_unusable_complaint_is_told_before_a_usable_one() -> None:
    full = Span(0, 9, Status.DEGRADED, is_usable=True, reason="disk_full")
    no_page = Span(3, 5, Status.DEGRADED, is_usable=False, reason="no_page")
    for others in ({"a": [full], "b": [no_page]}, {"b": [no_page], "a": [full]}):
        spans = device_spans({"icmp": [row(0, 9, Status.UP)], **others}, "icmp")
        assert [span.reason for span in spans] == ["disk_full", "no_page", "disk_full"]


def test_of_usable_complaints_the_deciding_checks_own_is_told() -> None:
    own = Span(0, 9, Status.DEGRADED, is_usable=True, reason="lossy")
    full = Span(3, 5, Status.DEGRADED, is_usable=True, reason="disk_full")
    spans = device_spans({"snmp": [full], "icmp": [own]}, "icmp")
    assert {span.reason for span in spans} == {"lossy"}


def test_a_device_whose_deciding_check_never_ran_has_no_record() -> None:
    assert device_spans({"snmp": [row(0, 9, Status.UP)]}, "icmp") == []


def test_a_gap_in_the_deciding_check_is_unknown() -> None:
    spans = device_spans({"icmp": [row(0, 3, Status.UP), row(5, 9, Status.UP)]}, "icmp")
    assert spans[1] == Span(3, 5, Status.UNKNOWN, is_usable=False, reason="not_observed")


@given(st.lists(records(), max_size=3), st.integers(0, 6))
def test_a_device_is_behind_only_when_all_its_parents_fail(
    parents: list[list[Span]], slack_s: int
) -> None:
    found = behind([failing(parent) for parent in parents], slack_s)
    each = [by_second(parent) for parent in parents]
    cut_off = {
        second
        for second in range(END_S)
        if parents and all(told.get(second, (None,))[0] in FAILS for told in each)
    }
    for second in range(-10, END_S + 10):
        near = any(abs(second - other) <= slack_s for other in cut_off)
        assert holds(found, second) == near


@given(records(), masks, masks, st.none() | masks)
def test_a_timeline_reads_in_every_second_as_the_order_of_the_layers_says(
    recorded: list[Span],
    unreachable: list[Interval],
    works: list[Interval],
    hours: list[Interval] | None,
) -> None:
    read = by_second(
        read_spans(
            recorded,
            unreachable=unreachable,
            maintenance=works,
            windows=None if hours is None else Windows(hours),
            until_s=END_S,
        )
    )
    for second, (status, is_usable) in by_second(recorded).items():
        expected = (status, is_usable)
        if status is Status.DOWN and holds(unreachable, second):
            expected = (Status.UNREACHABLE, False)
        if holds(works, second):
            expected = (Status.MAINTENANCE, False)
        if hours is None and expected[0] in FAILS:
            expected = (Status.UNKNOWN, False)
        if hours is not None and not holds(hours, second):
            expected = (Status.EXPECTED_OFF, False)
        assert read.pop(second) == expected
    assert read == {}


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        pytest.param([[(20, 40)]], ["up", "unreachable", "up"], id="behind its only parent"),
        pytest.param([[(20, 40)], []], ["up", "down", "up"], id="the other parent still works"),
        pytest.param(
            [[(10, 40)], [(20, 50)]], ["up", "unreachable", "up"], id="both parents fail at once"
        ),
        pytest.param(
            [[(10, 20)], [(40, 50)]], ["up", "down", "up"], id="one fails after the other"
        ),
        pytest.param([], ["up", "down", "up"], id="nothing stands before it"),
    ],
)
def test_a_failure_is_the_parents_only_where_they_explain_it(
    parents: list[list[Interval]], expected: list[str]
) -> None:
    child = [row(0, 20, Status.UP), row(20, 40, Status.DOWN), row(40, 60, Status.UP)]
    spans = read_spans(
        child, unreachable=behind(parents, SLACK_S), windows=Windows([(0, 60)]), until_s=60
    )
    assert statuses(spans) == expected


shifts = st.integers(-SLACK_S, SLACK_S)


@given(st.integers(10, 20), st.integers(31, 45), shifts, shifts)
def test_it_does_not_matter_whether_the_parent_or_the_child_is_looked_at_first(
    begin: int, finish: int, early: int, late: int
) -> None:
    """Anything that fails, at all, within the slack of its parent was out of reach."""
    start, end = begin + early, finish + late
    child = [row(0, start, Status.UP), row(start, end, Status.DOWN), row(end, END_S, Status.UP)]
    cut_off = behind([[(begin, finish)]], SLACK_S)
    read = read_spans(child, unreachable=cut_off, windows=Windows([(0, END_S)]), until_s=END_S)
    assert statuses(read) == [Status.UP, Status.UNREACHABLE, Status.UP]
    assert incidents_of("child", read) == []


def test_what_is_out_of_reach_takes_along_what_is_behind_it() -> None:
    whole = Windows([(0, END_S)])
    gateway, switch, access_point = ([row(0, 20, Status.UP), row(20, 40, Status.DOWN)],) * 3
    read = read_spans(
        switch, unreachable=behind([failing(gateway)], 0), windows=whole, until_s=END_S
    )
    last = read_spans(
        access_point, unreachable=behind([failing(read)], 0), windows=whole, until_s=END_S
    )
    assert statuses(last) == [Status.UP, Status.UNREACHABLE]


def test_a_machine_that_answers_outside_its_hours_is_expected_off_and_no_more() -> None:
    read = read_spans([row(0, 60, Status.UP)], windows=Windows([(10, 20)]), until_s=60)
    assert [(span.start_s, span.status) for span in read] == [
        (0, Status.EXPECTED_OFF),
        (10, Status.UP),
        (20, Status.EXPECTED_OFF),
    ]


def test_where_hours_are_unknown_only_what_answers_is_known() -> None:
    recorded = [row(0, 5, Status.UP), row(5, 9, Status.DOWN), row(9, 12, Status.DEGRADED, True)]  # noqa: FBT003 - as in a row
    read = read_spans(recorded, windows=None, until_s=12)
    assert [(span.status, span.reason) for span in read] == [
        (Status.UP, ""),
        (Status.UNKNOWN, "hours_unknown"),
        (Status.DEGRADED, "degraded"),
    ]


def test_nothing_recorded_reads_as_nothing() -> None:
    assert read_spans([], maintenance=[(0, 9)], windows=Windows([]), until_s=9) == []
