"""What carried a device at each time, against a walk that is done second by second."""

from hypothesis import given
from hypothesis import strategies as st

from netmon.analysis.carriers import Carriers
from netmon.domain.dependencies import ancestors

HORIZON_S = 30
NAMES = "abcd"


@st.composite
def dated(draw: st.DrawFn) -> dict[str, list[tuple[int, int, tuple[str, ...]]]]:
    """Draw revisions that give each device its parents; loops are among them."""
    starts = [0, *sorted(draw(st.sets(st.integers(1, HORIZON_S - 1), max_size=4)))]
    found: dict[str, list[tuple[int, int, tuple[str, ...]]]] = {}
    for start_s, end_s in zip(starts, [*starts[1:], HORIZON_S], strict=True):
        for name in NAMES:
            parents = tuple(sorted(draw(st.sets(st.sampled_from(NAMES), max_size=2))))
            if parents:
                found.setdefault(name, []).append((start_s, end_s, parents))
    return found


def walked(parents: dict, device: str, at_s: int) -> frozenset[str]:
    def then(name: str) -> tuple[str, ...]:
        holding = (each for start, end, each in parents.get(name, ()) if start <= at_s < end)
        return next(holding, ())

    return ancestors(device, then)


@given(dated(), st.sampled_from(NAMES), st.integers(0, HORIZON_S))
def test_at_an_instant_it_is_what_the_inventory_said_then(parents, device, at_s) -> None:
    assert Carriers(parents).at(device, at_s) == walked(parents, device, at_s)


@given(dated(), st.sampled_from(NAMES), st.integers(0, 20), st.integers(1, 20))
def test_a_time_out_of_reach_is_cut_where_its_carriers_changed(parents, device, start, length):
    pieces = Carriers(parents).lost(device, [(start, start + length)])
    seconds = [at_s for piece in pieces for at_s in range(piece.start_s, piece.end_s)]
    assert seconds == [*range(start, start + length)], "no second is lost or doubled"
    for piece in pieces:
        for at_s in range(piece.start_s, piece.end_s):
            assert piece.carriers == walked(parents, device, at_s)
