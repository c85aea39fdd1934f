"""For how long which devices worked: it adds up, and nothing that was not seen works."""

from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from netmon.analysis.spells import Standing, spells
from netmon.domain.intervals import Span
from netmon.domain.model import Status

BOUNDS = (0, 60)
STATUSES = st.sampled_from([Status.UP, Status.DEGRADED, Status.DOWN, Status.UNKNOWN])


@st.composite
def _lines(draw):
    """A device's spans, sorted and disjoint, with gaps, reaching beyond the interval."""
    edges = sorted(draw(st.lists(st.integers(-20, 80), min_size=2, max_size=9, unique=True)))
    pairs = list(pairwise(edges))
    kept = [pair for pair in pairs if draw(st.booleans())]
    statuses = [draw(STATUSES) for _ in kept]
    usable = {Status.UP: True, Status.DEGRADED: draw(st.booleans())}
    return [
        Span(*pair, status, is_usable=usable.get(status, False), reason="")
        for pair, status in zip(kept, statuses, strict=True)
    ]


def _timelines(lines):
    return [
        SimpleNamespace(device=SimpleNamespace(id=f"ap-{nth}"), recorded=spans)
        for nth, spans in enumerate(lines)
    ]


def _standing_at(lines, at_s):
    working, unknown = set(), set()
    for nth, spans in enumerate(lines):
        here = [span for span in spans if span.start_s <= at_s < span.end_s]
        if not here or (here[0].status is Status.UNKNOWN):
            unknown.add(f"ap-{nth}")
        elif here[0].is_usable:
            working.add(f"ap-{nth}")
    return Standing(frozenset(working), frozenset(unknown))


@given(st.lists(_lines(), max_size=4))
def test_every_second_counts_once_as_things_stood_in_it(lines):
    slowly = {}
    for at_s in range(*BOUNDS):
        standing = _standing_at(lines, at_s)
        slowly[standing] = slowly.get(standing, 0) + 1
    assert spells(_timelines(lines), BOUNDS) == slowly


def test_degraded_and_of_no_use_does_not_work():
    span = Span(0, 60, Status.DEGRADED, is_usable=False, reason="no_internet")
    (standing,) = spells(_timelines([[span]]), BOUNDS)
    assert standing == Standing(frozenset(), frozenset())
    assert standing.perhaps == frozenset()
