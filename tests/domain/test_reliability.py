"""Mean times to restoration and between failures: in promised time, and only where defined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.reliability import Outage, reliability

MONTH = (1000, 5000)


def test_a_quiet_month_has_neither() -> None:
    found = reliability([], MONTH, operating_s=4000)
    assert (found.incidents, found.mttr_s, found.mtbf_s) == (0, None, None)


def test_two_repairs_in_a_month() -> None:
    found = reliability([Outage(1200, 1300, 100), Outage(2000, 2600, 300)], MONTH, 3600)
    assert (found.incidents, found.failures, found.repairs, found.open) == (2, 2, 2, 0)
    assert found.mttr_s == pytest.approx(200)
    assert found.mtbf_s == pytest.approx(1800)


def test_what_began_before_the_month_is_a_repair_of_it_in_full_and_no_failure_of_it() -> None:
    found = reliability([Outage(200, 1100, 900)], MONTH, 3900)
    assert (found.failures, found.repairs) == (0, 1)
    assert found.mttr_s == pytest.approx(900)
    assert found.mtbf_s is None


@pytest.mark.parametrize("ended_s", [None, 5000, 9000], ids=["never", "at its end", "after it"])
def test_what_is_open_at_the_end_is_a_failure_and_no_repair(ended_s: int | None) -> None:
    """An open outage counts: the month is not called quiet for it."""
    found = reliability([Outage(4000, ended_s, 1000)], MONTH, 3000)
    assert (found.incidents, found.failures, found.repairs, found.open) == (1, 1, 0, 1)
    assert found.mttr_s is None
    assert found.mtbf_s == pytest.approx(3000)


def test_what_is_over_or_has_not_begun_is_of_another_month() -> None:
    assert reliability([Outage(1, 999, 9), Outage(5000, 5001, 1)], MONTH, 0).incidents == 0


def test_what_works_again_at_midnight_is_a_repair_of_the_new_month() -> None:
    late = [Outage(900, 1000, 100)]
    assert reliability(late, (0, 1000), 0).open == 1
    assert reliability(late, MONTH, 0).repairs == 1


INCIDENTS = st.lists(
    st.builds(
        lambda began_s, length_s, is_open: Outage(
            began_s, None if is_open else began_s + length_s, length_s
        ),
        st.integers(0, 6000),
        st.integers(1, 3000),
        st.booleans(),
    )
)


@given(INCIDENTS, st.integers(0, 10_000))
def test_every_incident_is_open_or_repaired_and_the_means_multiply_back(
    incidents: list[Outage], operating_s: int
) -> None:
    found = reliability(incidents, MONTH, operating_s)
    assert found.repairs + found.open == found.incidents >= found.failures
    assert (found.mttr_s is None) == (found.repairs == 0)
    assert (found.mtbf_s is None) == (found.failures == 0)
    assert (found.mttr_s or 0) * found.repairs == pytest.approx(found.repair_s)
    if found.mtbf_s is not None:
        assert found.mtbf_s * found.failures == pytest.approx(operating_s)


@given(INCIDENTS, st.integers(1001, 4999))
def test_a_month_in_two_halves_has_the_same_failures_and_repairs(
    incidents: list[Outage], cut_s: int
) -> None:
    whole = reliability(incidents, MONTH, 0)
    parts = [reliability(incidents, each, 0) for each in ((1000, cut_s), (cut_s, 5000))]
    assert whole.failures == sum(part.failures for part in parts)
    assert whole.repairs == sum(part.repairs for part in parts)
