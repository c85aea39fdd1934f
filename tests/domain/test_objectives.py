"""Targets and what may be lost: over promised time, exact, and the closest aim wins."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmon.domain.figures import Figures
from netmon.domain.model import DeviceKind, Service
from netmon.domain.objectives import Aim, budget, closest

TARGETS = st.integers(1, 100_000).map(lambda number: number / 100_000)
SECONDS = st.integers(0, 10**8)
FIGURES = st.builds(
    lambda usable_s, failed_s, unreachable_s, unknown_s, maintenance_s: Figures(
        usable_s + failed_s + unreachable_s + unknown_s + maintenance_s,
        usable_s,
        failed_s,
        unreachable_s,
        unknown_s,
        maintenance_s,
    ),
    *[SECONDS] * 5,
)


@given(TARGETS, FIGURES)
def test_a_target_is_met_exactly_where_the_budget_was_kept(target: float, seen: Figures) -> None:
    found = budget(target, seen, 0, is_over=True)
    if not seen.counted_s:
        assert found.is_met is None
        return
    assert found.is_met is (found.budget_left_s >= 0)
    is_reached = Fraction(seen.usable_s, seen.counted_s) >= Fraction(str(target))
    assert found.is_met is is_reached


@given(TARGETS, FIGURES, SECONDS)
def test_budget_left_is_the_budget_less_what_was_lost(
    target: float, seen: Figures, ahead_s: int
) -> None:
    found = budget(target, seen, ahead_s, is_over=False)
    assert found.budget_left_s == found.budget_s - seen.failed_s - seen.unreachable_s
    assert 0 <= found.budget_s <= seen.counted_s + ahead_s


@given(TARGETS, FIGURES, SECONDS, st.integers(0, 1000))
def test_what_is_lost_now_was_to_lose_before(
    target: float, seen: Figures, ahead_s: int, more_s: int
) -> None:
    """Time that passes and fails takes from what is left what it lasted, and no budget away."""
    before = budget(target, seen, ahead_s + more_s, is_over=False)
    later = Figures(seen.window_s, seen.usable_s, seen.failed_s + more_s, seen.unreachable_s)
    after = budget(target, later, ahead_s, is_over=False)
    assert after.budget_s == before.budget_s
    assert after.budget_left_s == before.budget_left_s - more_s


@given(TARGETS, FIGURES, SECONDS)
def test_before_the_end_only_a_miss_is_certain(target: float, seen: Figures, ahead_s: int) -> None:
    found = budget(target, seen, ahead_s, is_over=False)
    assert found.is_met is (False if found.budget_left_s < 0 else None)


@given(TARGETS, FIGURES, SECONDS, SECONDS)
def test_work_and_ignorance_buy_nothing(
    target: float, seen: Figures, unknown_s: int, maintenance_s: int
) -> None:
    other = Figures(
        seen.counted_s + unknown_s + maintenance_s,
        seen.usable_s,
        seen.failed_s,
        seen.unreachable_s,
        unknown_s,
        maintenance_s,
    )
    assert budget(target, seen, 0, is_over=True) == budget(target, other, 0, is_over=True)


def test_three_nines_of_a_thousand_seconds_leave_one() -> None:
    """In binary 1 - 0.999 is more than a thousandth: nobody is given that second by chance."""
    found = budget(0.999, Figures(1000, 999, 1), 0, is_over=True)
    assert (found.budget_s, found.budget_left_s, found.is_met) == (1, 0, True)
    assert budget(0.999, Figures(1000, 998, 2), 0, is_over=True).is_met is False


WIFI, COMPUTER = Service.WIFI, Service.COMPUTER
AP, PC = DeviceKind.ACCESS_POINT, DeviceKind.PUBLIC_PC


@pytest.mark.parametrize(
    ("service", "kind", "place", "target"),
    [
        pytest.param(None, None, None, 0.9, id="all together have the general one"),
        pytest.param(None, DeviceKind.SWITCH, None, 0.9, id="so has a kind that none names"),
        pytest.param(WIFI, AP, None, 0.95, id="a kind has that of its service"),
        pytest.param(COMPUTER, PC, None, 0.97, id="or its own, which is closer"),
        pytest.param(COMPUTER, PC, "library", 0.99, id="a place has its own"),
        pytest.param(WIFI, AP, "library", 0.98, id="and a service there its own again"),
        pytest.param(WIFI, AP, "bruul", 0.95, id="what is said of another place is not meant"),
    ],
)
def test_the_closest_aim_wins(
    service: Service | None, kind: DeviceKind | None, place: str | None, target: float
) -> None:
    aims = [
        Aim(0.99, place_id="library"),
        Aim(0.98, service=WIFI, place_id="library"),
        Aim(0.97, kind=PC),
        Aim(0.95, service=WIFI),
        Aim(0.9),
    ]
    for some in (aims, aims[::-1]):
        found = closest(some, service, kind, place)
        assert found is not None and found.target == target


def test_without_aims_there_is_none() -> None:
    assert closest([], None, None, None) is None
    assert closest([Aim(0.9, place_id="library")], WIFI, AP, "bruul") is None
