"""What depends on what, near and far, by brute force over small graphs."""

from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.dependencies import ancestors

NAMES = "abcde"

graphs = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(NAMES), max_size=3) for name in NAMES}
)


@given(graphs, st.sampled_from(NAMES))
def test_ancestors_are_the_parents_and_all_of_their_ancestors(
    parents: dict[str, list[str]], start: str
) -> None:
    """Five rounds reach everything in a graph of five."""
    expected = set(parents[start])
    for _ in NAMES:
        expected |= {above for name in expected for above in parents[name]}
    assert ancestors(start, parents.__getitem__) == expected


def test_a_device_in_a_loop_is_its_own_ancestor() -> None:
    loop = {"a": ["b"], "b": ["a"]}
    assert "a" in ancestors("a", loop.__getitem__)
