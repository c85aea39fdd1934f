"""Incidents: when a broken promise begins, what does not end it, and whom it takes along."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.incidents import Incident, Lost, incidents_of, with_affected
from netmon.domain.intervals import Span, Windows, instant
from netmon.domain.model import Status
from netmon.domain.timeline import behind, read_spans

LETTERS = {
    "U": (Status.UP, True, ""),
    "g": (Status.DEGRADED, True, "disk_full"),
    "D": (Status.DOWN, False, "timeout"),
    "r": (Status.UNREACHABLE, False, "timeout"),
    "?": (Status.UNKNOWN, False, "not_observed"),
    "m": (Status.MAINTENANCE, False, "maintenance"),
    "o": (Status.EXPECTED_OFF, False, "expected_off"),
}
QUIET = "r?mo"
SLOT_S = 10

rows = st.text(alphabet=[*LETTERS, "."], max_size=20)


def spans_of(row: str) -> list[Span]:
    """Read a letter as ten seconds; nothing is told of a second under `.`."""
    return [
        Span(slot * SLOT_S, (slot + 1) * SLOT_S, *LETTERS[letter])
        for slot, letter in enumerate(row)
        if letter != "."
    ]


def told(row: str) -> list[tuple[int, int | None]]:
    """Return when each incident of a row began and ended, in slots."""
    return [
        (found.began_s // SLOT_S, None if found.ended_s is None else found.ended_s // SLOT_S)
        for found in incidents_of("ap-1", spans_of(row))
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param("", [], id="nothing told is no incident"),
        pytest.param("UUU", [], id="nor is anything that works"),
        pytest.param("UDDU", [(1, 3)], id="it lasts from the first failure to the first up"),
        pytest.param("UDUDU", [(1, 2), (3, 4)], id="two failures with an up between are two"),
        pytest.param("UgDgU", [(1, 4)], id="degraded and down in a row are one"),
        pytest.param("UD", [(1, None)], id="what was not seen to work again is open"),
        pytest.param("UD?", [(1, None)], id="silence does not end it"),
        pytest.param("UD?U", [(1, 3)], id="the up after a silence does"),
        pytest.param("UDmmU", [(1, 4)], id="maintenance does not end it"),
        pytest.param("UDmmD", [(1, None)], id="and what fails after it is still the same"),
        pytest.param("UDoDU", [(1, 4)], id="closing time does not end it"),
        pytest.param("UD.DU", [(1, 4)], id="nor does a gap in the record"),
        pytest.param("UrrU", [], id="what is out of reach has none of its own"),
        pytest.param("UDrrU", [(1, 4)], id="one that began before the parent's goes on"),
        pytest.param("UDrDU", [(1, 4)], id="and is one, though the parent failed in between"),
        pytest.param("UrDU", [(2, 3)], id="what fails on when its parent works has its own"),
        pytest.param("mDU", [(1, 2)], id="it begins when maintenance ends and it still fails"),
        pytest.param("?r?moU", [], id="nothing that was not seen to fail is an incident"),
    ],
)
def test_a_row_of_spans_has_these_incidents(
    row: str, expected: list[tuple[int, int | None]]
) -> None:
    assert told(row) == expected


@given(rows)
def test_incidents_ascend_never_overlap_and_only_the_last_may_be_open(row: str) -> None:
    found = told(row)
    edges = [edge for incident in found for edge in incident]
    assert None not in edges[:-1]
    known = [edge for edge in edges if edge is not None]
    assert known == sorted(known)
    assert all(began != ended for began, ended in found)
    assert len({incident.id for incident in incidents_of("ap-1", spans_of(row))}) == len(found)


@given(rows)
def test_a_device_has_an_open_incident_while_its_last_proof_is_a_failure(row: str) -> None:
    """Slot by slot: broken since the last failure that no up has followed."""
    expected: list[tuple[int, int | None]] = []
    began: int | None = None
    for slot, letter in enumerate(row):
        if letter in "gD" and began is None:
            began = slot
        if letter == "U" and began is not None:
            expected.append((began, slot))
            began = None
    assert told(row) == expected + ([] if began is None else [(began, None)])


@given(rows, st.text(alphabet=QUIET, min_size=1, max_size=5), st.data())
def test_what_proves_nothing_ends_nothing(row: str, quiet: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(row)))
    assert len(told(row[:at] + quiet + row[at:])) == len(told(row))


def test_an_incident_tells_the_worst_it_came_to_and_how_long_it_was_seen() -> None:
    (found,) = incidents_of("ap-1", spans_of("Ugg?DmDoU"))
    assert found == Incident(
        id="ap-1@19700101T000010Z",
        subject="ap-1",
        status=Status.DOWN,
        reason="timeout",
        began_s=10,
        ended_s=80,
        promised_s=40,
    )
    assert instant(found.began_s).isoformat() == "1970-01-01T00:00:10+00:00"


def test_an_incident_tells_the_newest_reason_of_the_worst_that_it_came_to() -> None:
    reasons = ("disk_full", "timeout", "refused", "clock_wrong")
    statuses = (Status.DEGRADED, Status.DOWN, Status.DOWN, Status.DEGRADED)
    spans = [
        Span(at_s, at_s + 1, status, status is Status.DEGRADED, reason)
        for at_s, (status, reason) in enumerate(zip(statuses, reasons, strict=True))
    ]
    (found,) = incidents_of("ap-1", spans)
    assert (found.status, found.reason) == (Status.DOWN, "refused")


def affected(cause: str, row: str, above: frozenset[str]) -> tuple[str, ...]:
    """Return whom the only incident of a `gateway` takes along, of one other device."""
    (found,) = with_affected(incidents_of("gateway", spans_of(cause)), {"ap-1": lost(row, above)})
    return found.affected


def lost(row: str, above: frozenset[str]) -> list[Lost]:
    spans = spans_of(row)
    return [Lost(*span[:2], above) for span in spans if span.status is Status.UNREACHABLE]


BEHIND = frozenset({"switch", "gateway"})


@pytest.mark.parametrize(
    ("cause", "row", "above", "expected"),
    [
        pytest.param("UDDU", "UrrU", BEHIND, ("ap-1",), id="what it took along is named"),
        pytest.param("UDDU", "rUUr", BEHIND, (), id="what was lost before or after is not"),
        pytest.param("UDD", "UUr", BEHIND, ("ap-1",), id="an open one goes on taking along"),
        pytest.param("UDDU", "UrrU", frozenset({"switch"}), (), id="who does not depend is not"),
        pytest.param("UggU", "UrrU", BEHIND, (), id="what only degraded cut nobody off"),
        pytest.param("UDDU", "UUUU", BEHIND, (), id="nor who was never out of reach"),
    ],
)
def test_an_incident_names_the_devices_that_it_took_along(
    cause: str, row: str, above: frozenset[str], expected: tuple[str, ...]
) -> None:
    assert affected(cause, row, above) == expected


def test_a_device_of_unknown_ancestry_is_nobodys_victim() -> None:
    incidents = incidents_of("gateway", spans_of("UDU"))
    assert with_affected(incidents, {"ap-1": lost("UrU", frozenset())}) == incidents


def test_who_had_moved_away_before_it_failed_is_not_named() -> None:
    incidents = incidents_of("gateway", spans_of("UUDU"))
    moved = [Lost(10, 20, frozenset({"gateway"})), Lost(20, 30, frozenset({"other"}))]
    assert with_affected(incidents, {"ap-1": moved}) == incidents


def read_behind(child: str, parent_fails: Sequence[tuple[int, int]]) -> list[Span]:
    return read_spans(
        spans_of(child),
        unreachable=behind([parent_fails], 5),
        windows=Windows([(0, 1000)]),
        until_s=1000,
    )


def test_a_child_that_failed_before_its_parent_keeps_its_incident_until_it_works() -> None:
    (found,) = incidents_of("ap-1", read_behind("UDDDDDU", [(30, 50)]))
    assert (found.began_s, found.ended_s) == (10, 60)
    assert found.promised_s == 20, "only the time in which its own failure was to blame"


def test_a_child_that_failed_with_its_parent_has_no_incident() -> None:
    assert incidents_of("ap-1", read_behind("UDDDU", [(12, 38)])) == []
