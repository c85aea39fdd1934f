"""What is said of incidents: whose it is, that nothing is lost, and how long it is heard."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.annotations import (
    REACH_S,
    UNTIL_IT_ENDS_S,
    Annotation,
    AnnotationKind,
    acknowledged_until,
    acknowledgement,
    hung,
    instant_inside,
    of_incident,
    to_keep,
)
from netmon.domain.incidents import Incident
from netmon.domain.model import Status

HORIZON_S = 10 * REACH_S
seconds = st.integers(0, HORIZON_S)


def broken(began_s: int, ended_s: int | None = None, subject: str = "sw-1") -> Incident:
    key = f"{subject}@{began_s}"
    return Incident(key, subject, Status.DOWN, "timeout", began_s, ended_s, promised_s=1)


def ack(at_s: int, until_s: int | None = None, uid: str = "a", **more: object) -> Annotation:
    said = Annotation(uid, "sw-1", at_s, AnnotationKind.ACKNOWLEDGEMENT, "ann", at_s)
    return replace(said, until_s=until_s, **more)


def note(at_s: int, uid: str = "n", subject: str = "sw-1") -> Annotation:
    return Annotation(uid, subject, at_s, AnnotationKind.NOTE, "ann", at_s, "a fuse")


@st.composite
def histories(draw: st.DrawFn) -> list[Incident]:
    """Draw incidents of two subjects, in order; of each the last may be open."""
    found: list[Incident] = []
    for subject in ("sw-1", "ap-1"):
        edges = sorted(draw(st.sets(seconds, max_size=8)))
        ends = [*edges[1::2], None]
        pairs = zip(edges[::2], ends, strict=False)
        found += [broken(began_s, ended_s, subject) for began_s, ended_s in pairs]
    return found


annotations = st.lists(
    st.builds(
        Annotation,
        uid=st.uuids().map(str),
        subject=st.sampled_from(["sw-1", "ap-1", "gone"]),
        at_s=seconds,
        kind=st.sampled_from(AnnotationKind),
        author=st.just("ann"),
        entered_s=seconds,
        until_s=st.none() | seconds,
        withdrawn_s=st.none() | seconds,
    ),
    max_size=8,
    unique_by=lambda each: each.uid,
)


@pytest.mark.parametrize(
    ("at_s", "expected"),
    [
        pytest.param(1000, "sw-1@1000", id="the first second is inside"),
        pytest.param(1999, "sw-1@1000", id="so is the last"),
        pytest.param(2000, "sw-1@1000", id="what lies between is of the nearer one"),
        pytest.param(11_000, "sw-1@12000", id="whichever that is"),
        pytest.param(1000 - REACH_S, "sw-1@1000", id="the reach is included"),
        pytest.param(999 - REACH_S, None, id="beyond it there is none"),
        pytest.param(2000 + REACH_S, None, id="on either side"),
        pytest.param(99_000, "sw-1@12000", id="an open one goes on"),
    ],
)
def test_a_note_goes_to_the_incident_that_it_lies_in_or_to_the_nearest(
    at_s: int, expected: str | None
) -> None:
    found = hung([broken(1000, 2000), broken(12_000)], [note(at_s)])
    assert [*found.by_incident] == ([expected] if expected else [])
    assert len(found.orphans) == (expected is None)


def test_of_two_that_are_as_near_it_is_of_the_one_that_was_there_first() -> None:
    found = hung([broken(2000, 2100), broken(1000, 1101)], [note(1550)])
    assert [*found.by_incident] == ["sw-1@1000"]


@given(histories(), annotations)
def test_what_stands_is_shown_exactly_once(incidents, said) -> None:
    found = hung(incidents, said)
    given_away = [each for those in found.by_incident.values() for each in those]
    shown = sorted(each.uid for each in [*given_away, *found.orphans])
    assert shown == sorted(each.uid for each in said if each.withdrawn_s is None)


@given(histories(), annotations)
def test_what_lies_inside_an_incident_is_never_given_to_another(incidents, said) -> None:
    found = hung(incidents, said)
    for incident in incidents:
        inside = of_incident(incident, said)
        assert set(inside) <= set(found.by_incident.get(incident.id, ()))
        assert all(each.subject == incident.subject for each in inside)


@given(histories(), annotations, st.integers(-REACH_S, REACH_S))
def test_an_incident_that_moves_within_reach_keeps_its_notes_where_it_is_alone(
    incidents, said, shift_s
) -> None:
    for incident in incidents[:1]:
        inside = of_incident(incident, said)
        ended_s = None if incident.ended_s is None else incident.ended_s + shift_s
        moved = broken(incident.began_s + shift_s, ended_s, incident.subject)
        assert hung([moved], inside).orphans == ()


@given(histories(), annotations, st.randoms())
def test_the_order_in_which_things_are_read_changes_nothing(incidents, said, random) -> None:
    mixed = random.sample(said, len(said))
    assert hung(incidents, mixed) == hung(incidents, said)
    for each in incidents:
        assert acknowledged_until(each, mixed, 50) == acknowledged_until(each, said, 50)


@given(histories(), seconds)
def test_what_is_said_now_hangs_inside_its_incident(incidents, now_s) -> None:
    for each in incidents:
        at_s = instant_inside(each.began_s, each.ended_s, now_s)
        assert at_s >= each.began_s
        assert each.ended_s is None or at_s < each.ended_s


@given(st.lists(st.tuples(seconds, st.none() | seconds), max_size=5), seconds)
def test_it_is_acknowledged_while_one_that_was_entered_has_not_expired(
    entered: list[tuple[int, int | None]], now_s: int
) -> None:
    said = [ack(at_s, until_s, str(n)) for n, (at_s, until_s) in enumerate(entered)]
    ends = [UNTIL_IT_ENDS_S if until_s is None else until_s for _, until_s in entered]
    expected = [end for (at_s, _), end in zip(entered, ends, strict=True) if at_s <= now_s < end]
    assert acknowledged_until(broken(0), said, now_s) == max(expected, default=None)


@given(seconds, seconds, st.none() | seconds)
def test_an_acknowledgement_ends_with_its_incident(length_s, now_s, until_s) -> None:
    incident = broken(0, length_s + 1)
    found = acknowledged_until(incident, [ack(0, until_s)], now_s)
    assert found is None or now_s < length_s + 1


def test_an_acknowledgement_of_one_outage_says_nothing_of_the_next() -> None:
    first, second = broken(0, 100), broken(101)
    said = [ack(50)]
    assert acknowledgement(second, said, 200) is None
    assert hung([second], said).by_incident == {second.id: (said[0],)}, "but it is shown"
    assert acknowledgement(first, said, 60) == said[0]


def test_a_note_acknowledges_nothing() -> None:
    assert acknowledged_until(broken(0), [note(10)], 20) is None


def test_one_that_was_withdrawn_is_heard_no_more() -> None:
    assert acknowledged_until(broken(0), [ack(10, withdrawn_s=15)], 20) is None


@given(annotations.filter(bool), st.integers(0, 100))
def test_what_was_said_is_never_changed_only_withdrawn_and_that_for_good(said, at_s) -> None:
    before = said[0]
    assert to_keep(before, before) is None
    assert (
        to_keep(replace(before, text="else", author="eve"), replace(before, withdrawn_s=1)) is None
    )
    standing = replace(before, withdrawn_s=None)
    assert to_keep(replace(standing, text="else"), standing) is None
    withdrawn = replace(standing, withdrawn_s=at_s)
    assert to_keep(withdrawn, standing) == withdrawn
    assert to_keep(replace(withdrawn, text="else"), standing) == withdrawn
    assert to_keep(withdrawn, None) is None, "nobody heard of it"
    assert to_keep(standing, None) == standing
