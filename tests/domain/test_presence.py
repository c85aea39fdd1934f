"""A place that nobody opened is one story; what is awake at night is a note."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.incidents import BROKEN, Audience, Incident, incidents_of, incidents_of_site
from netmon.domain.intervals import Interval, Span, Windows
from netmon.domain.model import Status
from netmon.domain.presence import (
    AWAKE_AFTER_S,
    SITE_NOT_OPENED,
    awake_since,
    blamed_on_site,
    last_worked,
    not_opened,
    reachable,
)

LETTERS = {
    "U": (Status.UP, True, ""),
    "g": (Status.DEGRADED, True, "disk_full"),
    "D": (Status.DOWN, False, "timeout"),
    "r": (Status.UNREACHABLE, False, "timeout"),
    "?": (Status.UNKNOWN, False, "not_observed"),
    "m": (Status.MAINTENANCE, False, "maintenance"),
    "o": (Status.EXPECTED_OFF, False, "expected_off"),
}
SLOT_S = 10
LENGTH = 16
MINUTE_S, HOUR_S = 60, 3600


def spans_of(row: str) -> list[Span]:
    """Read a letter as ten seconds; nothing is told of a second under `.`."""
    return [
        Span(slot * SLOT_S, (slot + 1) * SLOT_S, *LETTERS[letter])
        for slot, letter in enumerate(row)
        if letter != "."
    ]


def marked(row: str) -> list[Interval]:
    """Return the slots under an `x` as intervals."""
    return [(i * SLOT_S, (i + 1) * SLOT_S) for i, letter in enumerate(row) if letter == "x"]


def drawn(intervals: Sequence[Interval], length: int = LENGTH) -> str:
    """Return intervals as a row of `x`."""
    return "".join(
        "x" if any(a <= i * SLOT_S < b for a, b in intervals) else "." for i in range(length)
    )


@pytest.mark.parametrize(
    ("computers", "way", "expected"),
    [
        pytest.param(["DD", "DD"], "xx", "xx", id="all silent and reachable"),
        pytest.param(["DDU", "DUU"], "xxx", "x..", id="the first that answers ends it"),
        pytest.param(["DD", "gD"], "xx", ".x", id="one that answers badly answers"),
        pytest.param(["DD", "DD"], ".x", ".x", id="nobody saw the gateway work"),
        pytest.param(["DD", "D?"], "xx", "x.", id="of one nobody knows anything"),
        pytest.param(["DD", "Dr"], "xx", "x.", id="the way to one is cut"),
        pytest.param(["DD", "D."], "xx", "x.", id="of one nothing is recorded"),
        pytest.param(["DD", "DD", "mU"], "xx", "x.", id="what is in maintenance does not count"),
        pytest.param(["DD", "mD"], "xx", ".x", id="but two must be silent"),
        pytest.param(["Do", "Do"], "xx", "x.", id="closed, nobody has to open"),
        pytest.param(["DD"], "xx", "..", id="one computer says nothing of its place"),
    ],
)
def test_a_place_was_not_opened_while(computers: list[str], way: str, expected: str) -> None:
    dark = not_opened([spans_of(row) for row in computers], marked(way))
    assert drawn(dark, len(way)) == expected


letters = st.text(alphabet=[*LETTERS, "D", "D", "D", "U", "."], min_size=LENGTH, max_size=LENGTH)
sites = st.lists(letters, min_size=2, max_size=4)
ways = st.text(alphabet="xxx.", min_size=LENGTH, max_size=LENGTH)


@given(sites, ways)
def test_the_story_of_a_place_is_that_of_each_second(rows: list[str], way: str) -> None:
    """Against a count of every slot for itself, without interval arithmetic."""
    expected = "".join(
        "x" if seen == "x" and set(at) <= set("Dmo") and at.count("D") >= 2 else "."
        for *at, seen in zip(*rows, way, strict=True)
    )
    assert drawn(not_opened([spans_of(row) for row in rows], marked(way))) == expected


def told(rows: Sequence[str], way: str, slack_s: int) -> tuple[list[Incident], list[list[Span]]]:
    """Return the incidents of place and computers, and what is read of each computer."""
    plain = {f"pc-{number}": spans_of(row) for number, row in enumerate(rows)}
    dark = not_opened(list(plain.values()), marked(way))
    wide = [(start - slack_s, end + slack_s) for start, end in dark]
    merged = Windows(wide).intervals
    read = {key: blamed_on_site(spans, merged) for key, spans in plain.items()}
    found = incidents_of_site("library", plain, dark)
    found += [each for key, spans in read.items() for each in incidents_of(key, spans)]
    return found, list(read.values())


@given(sites, ways, st.sampled_from([0, SLOT_S, 3 * SLOT_S]))
def test_no_second_is_told_of_a_place_and_of_its_computer(
    rows: list[str], way: str, slack_s: int
) -> None:
    """The parts add up: each failing second of a computer is its own or its place's."""
    found, read = told(rows, way, slack_s)
    own = {each.subject: 0 for each in found} | {f"pc-{number}": 0 for number in range(len(rows))}
    for each in found:
        own[each.subject] += each.promised_s
    for number, (row, spans) in enumerate(zip(rows, read, strict=True)):
        failing = [span for span in spans if span.status in BROKEN]
        blamed = [span for span in failing if span.reason == SITE_NOT_OPENED]
        alone = [span for span in failing if span.reason != SITE_NOT_OPENED]
        assert seconds(blamed) + seconds(alone) == sum(row.count(each) for each in "Dg") * SLOT_S
        assert own[f"pc-{number}"] == seconds(alone)
        assert {span.status for span in blamed} <= {Status.DOWN}
    assert own.get("library", 0) == seconds_dark(rows, way)


def seconds(spans: Sequence[Span]) -> int:
    return sum(span.end_s - span.start_s for span in spans)


def seconds_dark(rows: Sequence[str], way: str) -> int:
    dark = not_opened([spans_of(row) for row in rows], marked(way))
    return sum(end - start for start, end in dark)


@given(sites, ways)
def test_without_hours_there_is_no_promise_to_open(rows: list[str], way: str) -> None:
    """A holiday or a strike is closing time or maintenance of all: nothing is told."""
    for letter in "om":
        resting = [row.replace("D", letter) for row in rows]
        assert [each for each in told(resting, way, 0)[0] if each.audience is Audience.OWNER] == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(["oDDU", "oDDD"], [(1, 3)], id="from the hour it should open to an answer"),
        pytest.param(["DDoDDU", "DDoDDU"], [(0, 5)], id="closing time in between is no opening"),
        pytest.param(["DUDD", "DDDD"], [(0, 1), (2, None)], id="an answer in between makes two"),
        pytest.param(["DrDU", "DrDU"], [(0, 3)], id="a gateway that fails ends nothing"),
        pytest.param(["UU", "DD"], [], id="a broken computer is no closed place"),
    ],
)
def test_the_incident_of_a_place_lasts_until_its_first_computer_answers(
    rows: list[str], expected: list[tuple[int, int | None]]
) -> None:
    found, _ = told(rows, "x" * len(rows[0]), 0)
    assert [
        (each.began_s // SLOT_S, None if each.ended_s is None else each.ended_s // SLOT_S)
        for each in found
        if each.audience is Audience.OWNER
    ] == expected


def test_the_incident_of_a_place_names_it_its_computers_and_its_owner() -> None:
    (found,), _ = told(["DDU", "DDU"], "xxx", 0)
    assert found == Incident(
        id="library@19700101T000000Z",
        subject="library",
        status=Status.DOWN,
        reason=SITE_NOT_OPENED,
        began_s=0,
        ended_s=20,
        promised_s=20,
        affected=("pc-0", "pc-1"),
        audience=Audience.OWNER,
    )


def test_a_computer_that_stays_silent_when_its_place_opened_has_its_own_incident() -> None:
    found, _ = told(["DDUUU", "DDDDU"], "xxxxx", 0)
    assert [(each.subject, each.began_s, each.ended_s) for each in found] == [
        ("library", 0, 20),
        ("pc-1", 20, 40),
    ]


def test_computers_that_are_looked_at_in_turn_are_not_blamed_for_it() -> None:
    """One was looked at a slot before the other; both belong to the same closed door."""
    found, _ = told(["UDDDU", "UUDDDU"], "xxxxxx", SLOT_S)
    assert [each.subject for each in found] == ["library"]


@pytest.mark.parametrize(
    ("working", "failing", "slack_s", "expected"),
    [
        pytest.param(["xx.", ".xx"], [], 0, "xxx", id="one of two parents is enough"),
        pytest.param(["xxx"], [".x."], 0, "x.x", id="a switch of the place that fails is not"),
        pytest.param(["xxxxx"], ["..x.."], SLOT_S, "x...x", id="nor about the time it fails"),
        pytest.param([], [], 0, "...", id="no gateway, no way"),
        pytest.param(["...", "..."], [], 0, "...", id="none was seen to work"),
    ],
)
def test_the_way_works_while(
    working: list[str], failing: list[str], slack_s: int, expected: str
) -> None:
    way = reachable(map(marked, working), map(marked, failing), slack_s)
    assert drawn(way, len(expected)) == expected


DAY = Windows([(9 * HOUR_S, 17 * HOUR_S), (33 * HOUR_S, 41 * HOUR_S)])


def on(start_h: float, end_h: float, status: Status = Status.UP) -> Span:
    return Span(round(start_h * HOUR_S), round(end_h * HOUR_S), status, is_usable=True, reason="")


@pytest.mark.parametrize(
    ("spans", "now_h", "since_h"),
    [
        pytest.param([on(9, 23)], 23, 17.5, id="on since it closed: from half an hour after"),
        pytest.param([on(9, 17.4)], 17.4, None, id="half an hour is nobody's business"),
        pytest.param([on(9, 12)], 12, None, id="in its hours"),
        pytest.param([on(9, 17), on(22, 23)], 23, 22, id="woken at ten: since ten"),
        pytest.param([on(9, 17), on(17, 22.9, Status.DOWN)], 22.9, None, id="off"),
        pytest.param(
            [on(9, 20), on(20, 20.1, Status.UNKNOWN), on(20.1, 23)],
            23,
            20.1,
            id="nobody knows what was before a silence",
        ),
        pytest.param([on(30, 32.6)], 32.6, None, id="on half an hour before it opens"),
        pytest.param([on(30, 32.4)], 32.4, 30, id="on longer before"),
        pytest.param([on(9, 20, Status.DEGRADED)], 20, 17.5, id="awake with a full disk"),
        pytest.param([on(9, 20)], 23, None, id="what was seen hours ago"),
        pytest.param([], 23, None, id="never seen"),
    ],
)
def test_a_computer_is_awake_outside_its_hours_since(
    spans: list[Span], now_h: float, since_h: float | None
) -> None:
    found = awake_since(spans, DAY, round(now_h * HOUR_S))
    assert found == (None if since_h is None else round(since_h * HOUR_S))


def test_what_has_no_hours_may_be_awake_at_any_time() -> None:
    assert awake_since([on(0, 23)], None, 23 * HOUR_S) is None


minutes = st.integers(0, 50 * 60)


@given(st.lists(st.tuples(minutes, minutes), max_size=4), minutes, minutes)
def test_awake_means_every_minute_since_then_and_half_an_hour_from_any_window(
    opened: list[tuple[int, int]], began: int, lasted: int
) -> None:
    windows = Windows((a * MINUTE_S, b * MINUTE_S) for a, b in opened)
    start_s, now_s = began * MINUTE_S, (began + lasted + 1) * MINUTE_S
    near = [
        at_s
        for at_s in range(start_s, now_s, MINUTE_S)
        if windows.seconds_in(at_s - AWAKE_AFTER_S, at_s + MINUTE_S + AWAKE_AFTER_S)
    ]
    first_s = near[-1] + MINUTE_S if near else start_s
    expected = None if windows.seconds_in(now_s, now_s + AWAKE_AFTER_S) else first_s
    span = Span(start_s, now_s, Status.UP, is_usable=True, reason="")
    assert awake_since([span], windows, now_s) == (expected if first_s < now_s else None)


def test_the_last_proof_of_health_is_the_end_of_what_worked() -> None:
    broken = Span(40, 50, Status.DEGRADED, is_usable=False, reason="no_page")
    assert last_worked([*spans_of("UgD"), broken]) == 20
    assert last_worked(spans_of("D?")) is None
