"""A radio that is on is not the internet: only a page that came is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.model import Status
from netmon.domain.verification import is_verified, with_verification

PROBES = st.lists(st.tuples(st.sampled_from(Status), st.booleans()), max_size=5)


@pytest.mark.parametrize(
    ("probes", "verified"),
    [
        ([], None),
        ([(Status.UP, True)], True),
        ([(Status.DEGRADED, False)], False),
        ([(Status.DEGRADED, True)], True),
        ([(Status.DOWN, False)], None),
        ([(Status.UNKNOWN, False), (Status.UNREACHABLE, False)], None),
        ([(Status.DEGRADED, False), (Status.UP, True)], True),
        ([(Status.DEGRADED, False), (Status.DOWN, False)], False),
    ],
)
def test_what_the_probes_of_a_place_prove(
    probes: list[tuple[Status, bool]], *, verified: bool | None
) -> None:
    assert is_verified(probes) is verified


@given(PROBES)
def test_one_more_page_that_came_always_verifies(probes: list[tuple[Status, bool]]) -> None:
    assert is_verified([*probes, (Status.UP, True)]) is True


@given(status=st.sampled_from(Status), verified=st.sampled_from([True, False, None]))
def test_a_failed_proof_takes_only_the_word_works_away(
    status: Status, *, verified: bool | None
) -> None:
    expected = Status.DEGRADED if (status, verified) == (Status.UP, False) else status
    assert with_verification(status, verified) is expected
